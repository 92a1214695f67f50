/** Stop first: the order of everything that exists, or is shown, once per action. */
export const ACTIONS = ["stop", "start"] as const;

/** What a function does to instances. */
export type Action = (typeof ACTIONS)[number];

export function isAction(value: unknown): value is Action {
  return ACTIONS.some((action) => action === value);
}

export function oppositeOf(action: Action): Action {
  return action === "stop" ? "start" : "stop";
}

/** EC2's name of the state that an action aims at. */
export const STATE_AFTER = { stop: "stopped", start: "running" } as const satisfies Record<Action, string>;

/** EC2's name of the state during an action. */
const STATE_DURING = { stop: "stopping", start: "pending" } as const satisfies Record<Action, string>;

/**
 * Whether an action has succeeded for an instance in this state. A stop has once the instance is stopping, since EC2
 * completes every stop; a start may still fall back to stopped.
 */
export function isReached(state: string, action: Action): boolean {
  return state === STATE_AFTER[action] || (action === "stop" && state === STATE_DURING.stop);
}

/** EC2's API action, as CloudTrail names it. */
export const EC2_CALLS = {
  stop: "StopInstances",
  start: "StartInstances",
} as const satisfies Record<Action, string>;

/** The IAM actions on an instance: for each action, and for running its `checks`. */
export const INSTANCE_PERMISSIONS = {
  stop: "ec2:StopInstances",
  start: "ec2:StartInstances",
  check: "ssm:SendCommand",
} as const satisfies Record<Action | "check", string>;

/** The IAM actions for reading. None of them supports resource-level permissions. */
export const READ_PERMISSIONS = {
  instances: "ec2:DescribeInstances",
  agents: "ssm:DescribeInstanceInformation",
  checkResults: "ssm:ListCommandInvocations",
} as const;

/** The IAM actions for invoking a function, and for delivering failures to the dead-letter queue and the alert topic. */
export const DELIVERY_PERMISSIONS = {
  invoke: "lambda:InvokeFunction",
  deadLetter: "sqs:SendMessage",
  notify: "sns:Publish",
} as const;

/** AWS's SSM document that runs `checks`. */
export const CHECK_DOCUMENT = "AWS-RunShellScript";

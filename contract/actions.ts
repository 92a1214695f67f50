/** Stop first: the order of everything that is made, or shown, once an action. */
export const ACTIONS = ["stop", "start"] as const;

/** What a function may do to instances. */
export type Action = (typeof ACTIONS)[number];

export function isAction(value: unknown): value is Action {
  return ACTIONS.some((action) => action === value);
}

export function oppositeOf(action: Action): Action {
  return action === "stop" ? "start" : "stop";
}

/** EC2's name of the state that an action aims at. */
export const STATE_AFTER = { stop: "stopped", start: "running" } as const satisfies Record<Action, string>;

/** EC2's name of the state on the way there. */
const STATE_DURING = { stop: "stopping", start: "pending" } as const satisfies Record<Action, string>;

/**
 * Whether an instance in this state is as the action wants it. A stop is, once it is stopping: EC2 ends every stop by
 * itself, while a start may fall back to stopped.
 */
export function isReached(state: string, action: Action): boolean {
  return state === STATE_AFTER[action] || (action === "stop" && state === STATE_DURING.stop);
}

/** EC2's API call for an action, as CloudTrail names it. */
export const EC2_CALLS = {
  stop: "StopInstances",
  start: "StartInstances",
} as const satisfies Record<Action, string>;

/** What a role must allow on an instance: for each action, and for running its `checks`. */
export const INSTANCE_PERMISSIONS = {
  stop: "ec2:StopInstances",
  start: "ec2:StartInstances",
  check: "ssm:SendCommand",
} as const satisfies Record<Action | "check", string>;

/** What a role must allow for reading: neither takes resources or conditions. */
export const READ_PERMISSIONS = {
  instances: "ec2:DescribeInstances",
  agents: "ssm:DescribeInstanceInformation",
  checkResults: "ssm:ListCommandInvocations",
} as const;

/** What the roles and resource policies must allow for a firing to reach a function, and for a failure to be kept and told. */
export const DELIVERY_PERMISSIONS = {
  invoke: "lambda:InvokeFunction",
  keep: "sqs:SendMessage",
  notify: "sns:Publish",
} as const;

/** AWS's own SSM document by which `checks` run. */
export const CHECK_DOCUMENT = "AWS-RunShellScript";

import { isRecord, truncate } from "../contract/collections";
import { FOLLOW_UP_KINDS, type FollowUp, type FollowUpSettings } from "../contract/follow-ups";
import { WARN_MINUTES } from "../contract/limits";
import { SNS_TOPIC_ARN } from "../contract/patterns";
import {
  DEFAULT_REQUEST_NAME,
  type DeployedSchedules,
  type DeployedTarget,
  type FunctionVariable,
  type RequestTarget,
  type StartStopRequest,
} from "../contract/request";
import {
  checkTarget,
  defaultTargets,
  matchDeployedTargets,
  type RunTarget,
  resolveFollowUp,
  schedulesVariable,
  targetsVariable,
} from "./deployed-targets";
import {
  action,
  bool,
  checkFields,
  date,
  dateTime,
  type FieldCheck,
  listOf,
  minutes,
  name,
  oneOf,
  show,
  text,
  timezone,
  wholeNumber,
  wholeNumberFrom,
} from "./fields";
import type { Settings } from "./settings";

const MAX_MESSAGE_LENGTH = 4_000;

/** The request is invalid; nothing was changed. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(readonly problems: readonly string[]) {
    super(
      `The request was refused, nothing was changed: ${truncate(problems.join("; "), MAX_MESSAGE_LENGTH)}`,
    );
  }
}

/** A valid request of which every target is one of the deployment's. */
export type RunRequest = Omit<StartStopRequest, "targets"> & { readonly targets: readonly RunTarget[] };

/** Whether a request only tries, looks or warns. */
export function changesNothing({ dryRun, checkOnly, warnMinutes }: RunRequest): boolean {
  return dryRun === true || checkOnly === true || warnMinutes !== undefined;
}

/** Whether an event is that of the watch. It has `watch`, which no request has. */
export function isWatch(event: unknown): boolean {
  return isRecord(event) && Object.hasOwn(event, "watch");
}

/**
 * Reads the request from an event. An event with a key of a request, in any case, is a request: it must be whole and right,
 * and name targets of this deployment. The default request runs for `DEFAULT_EVENTS` and for no other event.
 * @throws {RequestError} with everything that is wrong
 */
export function readRequest(event: unknown, settings: Settings): RunRequest {
  const deployed =
    readVariable<readonly DeployedTarget[]>("TARGETS", settings.targets, targetsVariable) ?? [];
  if (!hasRequestKey(event)) {
    if (DEFAULT_EVENTS.some((isMatch) => isMatch(event))) return defaultRequest(settings, deployed);
    throw new RequestError([`Expected ${EXPECTED_EVENTS}, got ${describeEvent(event)}`]);
  }
  const problems: string[] = [];
  requestFields(event, "", problems);
  if (problems.length > 0) throw new RequestError(problems);
  const request = event as StartStopRequest;
  if (request.action !== settings.action) {
    throw new RequestError([
      `Expected \`action\` to be ${settings.action}, got ${JSON.stringify(request.action)}`,
    ]);
  }
  if (request.followUp) {
    if (settings.followUps === undefined) {
      throw new RequestError([
        "Expected no `followUp`, since this deployment has no follow-ups (`followUps: true`), got one",
      ]);
    }
    return { ...request, targets: resolveFollowUp(request.targets, deployed) };
  }
  const targets = request.targets.flatMap((target, index) =>
    matchDeployedTargets(target, `targets[${index}]`, deployed, problems),
  );
  if (request.warnMinutes !== undefined && !SNS_TOPIC_ARN.test(settings.topicArn ?? "")) {
    problems.push(
      `Expected \`warnMinutes\` to come to a function whose environment variable TOPIC_ARN is the ARN of an SNS topic, got ${show(settings.topicArn)}`,
    );
  }
  if (problems.length > 0) throw new RequestError(problems);
  return { ...request, targets };
}

const EXPECTED_EVENTS =
  "a request (with `schedule`, `action` and `targets`), or for the default request nothing, {}, the console's test event `hello-world` or EventBridge's Scheduled Event";

/**
 * The events that ask for the default request: nothing, an empty object, the Lambda console's test event `hello-world` as
 * it is offered, and what a rule without an input sends. The console's other templates are events of services, as
 * https://docs.aws.amazon.com/lambda/latest/dg/eventsources.html lists them, and ask for nothing; its `Scheduled Event` is
 * that of a rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html
 */
const DEFAULT_EVENTS: readonly ((event: unknown) => boolean)[] = [
  (event) => event === undefined || event === null,
  (event) => isRecord(event) && Object.keys(event).length === 0,
  (event) =>
    isRecord(event) &&
    Object.keys(event).length === 3 &&
    ["1", "2", "3"].every((number) => event[`key${number}`] === `value${number}`),
  (event) =>
    isRecord(event) &&
    event["detail-type"] === "Scheduled Event" &&
    event["source"] === "aws.events" &&
    isEmpty(event["detail"]),
];

function isEmpty(detail: unknown): boolean {
  return detail === undefined || (isRecord(detail) && Object.keys(detail).length === 0);
}

const MAX_SHOWN_KEYS = 200;

/** Describes an event of another kind by its keys alone, since its values may be confidential. */
function describeEvent(event: unknown): string {
  if (!isRecord(event)) return Array.isArray(event) ? "a list" : show(event);
  return `an object with the keys ${truncate(Object.keys(event).join(", "), MAX_SHOWN_KEYS)}`;
}

/** What a deployment with follow-ups knows of itself. */
export interface FollowUpDeployment {
  readonly settings: FollowUpSettings;
  readonly schedules: DeployedSchedules;
}

/**
 * Reads where the deployment writes its follow-ups, and its schedules; undefined for one without follow-ups.
 * @throws {RequestError} with everything that is wrong
 */
export function readFollowUpDeployment(settings: Settings): FollowUpDeployment | undefined {
  const followUps = readVariable<FollowUpSettings>("FOLLOW_UPS", settings.followUps, followUpSettings);
  const schedules = readVariable<DeployedSchedules>("SCHEDULES", settings.schedules, schedulesVariable);
  if (followUps === undefined) return undefined;
  if (schedules === undefined)
    throw new RequestError(["Expected the environment variable SCHEDULES with FOLLOW_UPS, got nothing"]);
  return { settings: followUps, schedules };
}

/** Reads an environment variable's JSON; undefined if it is not set. */
function readVariable<T>(name: FunctionVariable, json: string | undefined, check: FieldCheck): T | undefined {
  if (json === undefined) return undefined;
  const origin = `in the environment variable ${name}: `;
  const problems: string[] = [];
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new RequestError([`${origin}${error instanceof Error ? error.message : String(error)}`]);
  }
  check(value, name.toLowerCase(), problems);
  if (problems.length > 0) throw new RequestError(problems.map((problem) => origin + problem));
  return value as T;
}

function defaultRequest(settings: Settings, deployed: readonly DeployedTarget[]): RunRequest {
  const targets = defaultTargets(deployed);
  if (targets.length === 0) {
    throw new RequestError([
      "Expected a request, since this function has no enabled schedule for a default request, got an event without one",
    ]);
  }
  const hibernate = settings.hibernate ? { hibernate: true } : {};
  return { schedule: DEFAULT_REQUEST_NAME, action: settings.action, targets, ...hibernate };
}

const targetFields: FieldCheck = (value, path, problems) => {
  checkTarget(value, path, problems, { checks: deployedChecks, only: listOf(text, 1) } satisfies Partial<
    Record<keyof RequestTarget, FieldCheck>
  >);
  if (isRecord(value) && value["only"] !== undefined && !value["tags"] && !value["all"])
    problems.push(`Expected \`${path}.only\` to come with tags or \`all\`, which it narrows, got none`);
};

/** Its value is not shown: a command may be confidential. */
const deployedChecks: FieldCheck = (value, path, problems) => {
  if (value !== true) {
    const got = typeof value === "object" ? "checks of its own" : show(value);
    problems.push(`Expected \`${path}\` to be true, which asks for the deployed checks, got ${got}`);
  }
};

const followUpFields: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, ["kind", "cause", "attempt"], {
    kind: oneOf(FOLLOW_UP_KINDS),
    cause: text,
    attempt: wholeNumberFrom(1),
    notAfter: dateTime,
  } satisfies Record<keyof FollowUp, FieldCheck>);
};

const followUpSettings: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, ["group", "roleArn"], {
    group: text,
    roleArn: text,
    deadLetterArn: text,
  } satisfies Record<keyof FollowUpSettings, FieldCheck>);
};

const REQUEST_CHECKS = {
  schedule: name,
  action,
  scheduledTime: dateTime,
  targets: listOf(targetFields, 1),
  timezone,
  holidays: listOf(date, 0),
  latestMinutes: minutes,
  hibernate: bool,
  dryRun: bool,
  checkOnly: bool,
  warnMinutes: wholeNumber(WARN_MINUTES),
  followUp: followUpFields,
} satisfies Record<keyof StartStopRequest, FieldCheck>;

const requestFields: FieldCheck = (value, path, problems) => {
  const fields = checkFields(value, path, problems, ["schedule", "action", "targets"], REQUEST_CHECKS);
  if (fields?.["checkOnly"] === true && fields["action"] === "stop") {
    problems.push("Expected `checkOnly` to come with the action start, got stop");
  }
  if (fields?.["warnMinutes"] !== undefined && fields["action"] === "start") {
    problems.push("Expected `warnMinutes` to come with the action stop, got start");
  }
};

const REQUEST_KEYS: ReadonlySet<string> = new Set(
  Object.keys(REQUEST_CHECKS).map((key) => key.toLowerCase()),
);

function hasRequestKey(event: unknown): boolean {
  return isRecord(event) && Object.keys(event).some((key) => REQUEST_KEYS.has(key.toLowerCase()));
}

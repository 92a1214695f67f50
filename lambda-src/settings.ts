import { type Action, isAction } from "../contract/actions";
import { HOLD_TAG, MAX_INSTANCES } from "../contract/limits";
import type { Environment } from "./runtime";

/** The function's environment variables, parsed. */
export interface Settings {
  /** The only action that this function performs. */
  readonly action: Action;
  /** The targets that the deployment knows, as JSON. */
  readonly targets: string | undefined;
  /** Where the deployment writes its follow-ups, and its schedules, as JSON; undefined if it has none. */
  readonly followUps: string | undefined;
  readonly schedules: string | undefined;
  /** Whether the default request stops by hibernating. */
  readonly hibernate: boolean;
  /** Key of the hold tag. */
  readonly holdTag: string;
  /** A run that finds more instances by tags or `all` changes nothing. */
  readonly maxInstances: number;
  /** ARN of the topic of warnings and successes, if the deployment has either. */
  readonly topicArn: string | undefined;
  /** Whether the topic gets a message about what each firing has started or stopped. */
  readonly onSuccess: boolean;
  /** Whether outcomes are put on the event bus. */
  readonly events: boolean;
  readonly functionName: string;
  /** The function's own region. */
  readonly region: string;
  /** The lowest level of log lines that Lambda lets pass, if it drops any. */
  readonly logLevel: string | undefined;
}

export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** @throws {SettingsError} naming the environment variable that is missing or wrong */
export function readSettings(environment: Environment): Settings {
  const action = environment.ACTION;
  if (!isAction(action)) {
    throw new SettingsError(
      `Expected the environment variable ACTION to be start or stop, got ${action === undefined ? "nothing" : JSON.stringify(action)}`,
    );
  }
  const maxInstances = Number(environment.MAX_INSTANCES ?? MAX_INSTANCES.default);
  if (!Number.isInteger(maxInstances) || maxInstances < MAX_INSTANCES.min) {
    throw new SettingsError(
      `Expected the environment variable MAX_INSTANCES to be a whole number from ${MAX_INSTANCES.min}, got ${JSON.stringify(environment.MAX_INSTANCES)}`,
    );
  }
  return {
    action,
    targets: environment.TARGETS,
    followUps: environment.FOLLOW_UPS,
    schedules: environment.SCHEDULES,
    hibernate: environment.HIBERNATE === "true",
    holdTag: environment.HOLD_TAG || HOLD_TAG.default,
    maxInstances,
    topicArn: environment.TOPIC_ARN,
    onSuccess: environment.ON_SUCCESS === "true",
    events: environment.EVENTS === "true",
    region: environment.AWS_REGION ?? "",
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME || "local",
    logLevel: environment.AWS_LAMBDA_LOG_LEVEL,
  };
}

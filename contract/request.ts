import type { Action } from "./actions";

/**
 * The request that a trigger passes to a function: the contract between the blueprint, which puts it into rule targets and
 * schedules, and the function. It selects among the deployed targets: the function refuses what its deployment does not
 * know, and what runs inside an instance never comes from a request.
 */
export interface StartStopRequest {
  /** Name of the schedule that fired, for the report. */
  readonly schedule: string;
  readonly action: Action;
  /**
   * When the firing was due: ISO 8601 with a zone, filled in by the trigger. A retry has the same value, and so
   * belongs to the same firing.
   * @default now
   */
  readonly scheduledTime?: string;
  readonly targets: readonly RequestTarget[];
  /**
   * IANA zone of the dates in `holidays`.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * Dates (`yyyy-mm-dd`, in `timezone`) on which the action is skipped.
   * @default none
   */
  readonly holidays?: readonly string[];
  /**
   * Minutes after `scheduledTime` during which the request may change anything.
   * @default 60
   */
  readonly latestMinutes?: number;
  /**
   * Stop by hibernating if the instance supports it.
   * @default false
   */
  readonly hibernate?: boolean;
  /**
   * Only ask EC2 whether it would perform the change.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Only run the deployed checks, as `checks` of the targets asks, on their running instances, and start nothing. For
   * action `start`, whose role has the permissions.
   * @default false
   */
  readonly checkOnly?: boolean;
}

/**
 * The function's own environment variables. `TARGETS` has the targets of all schedules of its action, as JSON of
 * `DeployedTarget[]`; `HIBERNATE` is `true` if the default request stops by hibernating.
 */
export type FunctionVariable = "ACTION" | "TARGETS" | "HIBERNATE" | "HOLD_TAG" | "MAX_INSTANCES";

/** Schedule name of the default request in reports. It has all deployed targets but those with `default: false`. */
export const DEFAULT_REQUEST_NAME = "default";

/** Instances of one region: by id, by tag, or the union of both. */
interface TargetInstances {
  /** AWS region code, such as `ap-northeast-2`. */
  readonly region: string;
  /**
   * Instance ids such as `i-0123456789abcdef0`.
   * @default none
   */
  readonly instanceIds?: readonly string[];
  /**
   * All keys must match, each with any of its literal values.
   * @default none
   */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  /**
   * Any match excludes the instance, even if it is named by id.
   * @default none
   */
  readonly exclude?: Readonly<Record<string, readonly string[]>>;
}

/** A target of a request: a deployed target, or a part of one. */
export interface RequestTarget extends TargetInstances {
  /**
   * Run the deployed checks of these instances after their start. The inputs of triggers ask for them.
   * @default nothing is checked
   */
  readonly checks?: true;
}

/** A target that a function's deployment knows. */
export interface DeployedTarget extends TargetInstances {
  /**
   * The services to check on each instance after its start, if the request asks for it.
   * @default nothing is checked
   */
  readonly checks?: ServiceChecks;
  /**
   * False for a target of disabled schedules only, which the default request leaves out.
   * @default true
   */
  readonly default?: false;
}

/** Checks that run on an instance through SSM Run Command. At least one of the three. */
export interface ServiceChecks {
  /**
   * systemd units that must be active, such as `nginx`.
   * @default none
   */
  readonly systemd?: readonly string[];
  /**
   * TCP ports on which something must listen.
   * @default none
   */
  readonly tcp?: readonly number[];
  /**
   * A shell command that must end with exit code 0.
   * @default none
   */
  readonly command?: string;
}

import type { Action } from "./actions";

/**
 * The request that a trigger passes to a function: the contract between the blueprint, which puts it into rule targets and
 * schedules, and the function.
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
   * Only run the `checks` of the targets on their running instances, start nothing. For action `start`, whose role has
   * the permissions.
   * @default false
   */
  readonly checkOnly?: boolean;
}

/** The function's own environment variables. */
export type FunctionVariable = "ACTION" | "DEFAULT_REQUEST" | "HOLD_TAG" | "MAX_INSTANCES";

/** Instances of one region: by id, by tag, or the union of both. */
export interface RequestTarget {
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
  /**
   * The services to check on each instance after its start.
   * @default nothing is checked
   */
  readonly checks?: ServiceChecks;
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

import type { Action } from "./actions";

/**
 * What a trigger hands to a function: the contract between the constructs, which write it into rule targets and
 * schedules, and the function, which acts on it.
 */
export interface StartStopRequest {
  /** Name of the schedule that fired, for the report. */
  readonly schedule: string;
  readonly action: Action;
  /**
   * When the firing was due: ISO 8601 with a zone, filled in by the trigger, so that a retry still knows which
   * firing it belongs to.
   * @default now
   */
  readonly scheduledTime?: string;
  readonly targets: readonly RequestTarget[];
  /**
   * IANA zone in which the date of the firing is judged against `holidays`.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * Dates (`yyyy-mm-dd`, in `timezone`) on which the action is skipped.
   * @default none
   */
  readonly holidays?: readonly string[];
  /**
   * How many minutes after `scheduledTime` the request may still change anything.
   * @default 60
   */
  readonly latestMinutes?: number;
  /**
   * Stop by hibernating where the instance can.
   * @default false
   */
  readonly hibernate?: boolean;
  /**
   * Ask EC2 whether it would, change nothing.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Only run the `checks` of the targets on their instances that run, start nothing. For action `start`, since that
   * function's role may do it.
   * @default false
   */
  readonly checkOnly?: boolean;
}

/** The environment variables by which a function is set up. */
export type FunctionVariable = "ACTION" | "DEFAULT_REQUEST" | "HOLD_TAG" | "MAX_INSTANCES";

/** Instances of one region: by id, by tag, or the union of both. */
export interface RequestTarget {
  /** AWS region code, such as `ap-northeast-2`. */
  readonly region: string;
  readonly instanceIds?: readonly string[];
  /** All keys must match, each with any of its literal values. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  /** Any matching key excludes the instance, one named by id too. */
  readonly exclude?: Readonly<Record<string, readonly string[]>>;
  /**
   * What must run on each instance once it is started.
   * @default nothing is checked
   */
  readonly checks?: ServiceChecks;
}

/** What must run on an instance, checked on it by SSM Run Command. At least one of the three. */
export interface ServiceChecks {
  /** systemd units that must be active, such as `nginx`. */
  readonly systemd?: readonly string[];
  /** TCP ports on which something must listen. */
  readonly tcp?: readonly number[];
  /** A shell command that must end with exit code 0. */
  readonly command?: string;
}

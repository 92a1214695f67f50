/** What a function may do to instances. */
export type Action = "start" | "stop";

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
}

/** Instances of one region: by id, by tag, or the union of both. */
export interface RequestTarget {
  /** AWS region code, such as `ap-northeast-2`. */
  readonly region: string;
  readonly instanceIds?: readonly string[];
  /** All keys must match, each with any of its literal values. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  /** Any matching key excludes the instance, one named by id too. */
  readonly exclude?: Readonly<Record<string, readonly string[]>>;
}

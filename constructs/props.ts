import type { Action } from "../schedule/request";

/** Properties of {@link Ec2StartStop}; the YAML config file has the same shape. */
export interface Ec2StartStopProps {
  /**
   * Prefix of every name.
   * @default "ec2-start-stop"
   */
  readonly name?: string;
  /** AWS region code in which the functions and triggers run. */
  readonly region: string;
  /**
   * IANA zone of every schedule that does not set its own.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * `event-rule`: CloudWatch Events rules, local times converted to UTC where that is exact.
   * `scheduler`: EventBridge Scheduler, in the zone itself.
   * @default "event-rule"
   */
  readonly trigger?: "event-rule" | "scheduler";
  /**
   * `archive`: `data.archive_file` over the built bundle (provider hashicorp/archive).
   * `zip`: the prebuilt, byte-reproducible zip.
   * @default "archive"
   */
  readonly code?: "archive" | "zip";
  /** @default see {@link FunctionSettings} */
  readonly functions?: FunctionSettings;
  /** What to start and stop, by a name that schedules use. */
  readonly targets: Readonly<Record<string, TargetProps>>;
  /** When to do it, by name. */
  readonly schedules: Readonly<Record<string, ScheduleProps>>;
  /**
   * Calendars of dates (`yyyy-mm-dd`), by a name that schedules use.
   * @default none
   */
  readonly holidays?: Readonly<Record<string, readonly string[]>>;
}

/** Settings of the two Lambda functions. */
export interface FunctionSettings {
  /** @default 60 */
  readonly timeoutSeconds?: number;
  /** @default 256 */
  readonly memoryMb?: number;
  /** @default 30 */
  readonly logRetentionDays?: number;
  /** @default "nodejs22.x" */
  readonly runtime?: string;
  /** @default "arm64" */
  readonly architecture?: "arm64" | "x86_64";
  /** @default "<name>-StopEC2Instances" */
  readonly stopName?: string;
  /** @default "<name>-StartEC2Instances" */
  readonly startName?: string;
}

/** Instances by id, by tag, or the union of both. */
export interface TargetProps {
  /** @default none */
  readonly instanceIds?: readonly string[];
  /**
   * Literal values, no wildcards; all keys must match.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Any matching key excludes an instance.
   * @default none
   */
  readonly exclude?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Region codes to look in. Instance ids live in one region: with `instanceIds`, at most one.
   * @default the region of the functions
   */
  readonly regions?: readonly string[];
}

interface ScheduleCommonProps {
  /** Name of a target, or several. */
  readonly targets: string | readonly string[];
  /** @default the zone of the construct */
  readonly timezone?: string;
  /** @default true */
  readonly enabled?: boolean;
  /** @default the firing in words */
  readonly description?: string;
  /**
   * Name of a calendar in `holidays`.
   * @default none
   */
  readonly holidays?: string;
  /**
   * How late, in minutes, a firing may still change anything.
   * @default 60, or less where the opposite action on the same targets follows sooner
   */
  readonly latestMinutes?: number;
  /**
   * Stop by hibernating where the instance can.
   * @default false
   */
  readonly hibernate?: boolean;
}

/** One action at the times of an AWS expression, read in the schedule's zone. */
export interface ActionScheduleProps extends ScheduleCommonProps {
  readonly action: Action;
  /** `cron(...)`, `rate(...)`, or with trigger `scheduler` `at(...)`. */
  readonly expression: string;
}

/** Windows in which the targets run: a start at each beginning, a stop at each end. */
export interface RunningScheduleProps extends ScheduleCommonProps {
  /** One or more of `DAYS HH:MM-HH:MM`, such as `MON-FRI 08:00-20:00`. */
  readonly running: string | readonly string[];
}

export type ScheduleProps = ActionScheduleProps | RunningScheduleProps;

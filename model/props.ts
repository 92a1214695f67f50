import type { Action } from "../contract/actions";
import type { ServiceChecks } from "../contract/request";
import type { AdoptProps } from "./adoption";

/**
 * Properties of {@link Ec2StartStop}; the YAML config file has the same shape. Texts and lists of instances, tags, ARNs,
 * names and descriptions, and the numbers of `functions`, may be Terraform tokens; any other token is refused by its path.
 */
export interface Ec2StartStopProps {
  /**
   * Prefix of every name, unique in the AWS account (roles are not regional). Letters, digits, `-` and `_`.
   * @default "ec2-start-stop"
   */
  readonly name?: string;
  /** AWS region code in which the functions and triggers run: the region of the AWS provider. */
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
  /**
   * Alarms on what failed or did not run, and a dead-letter queue for undelivered events.
   * @default no alarms, no queue
   */
  readonly alerts?: AlertProps;
  /**
   * ARNs of the customer-managed KMS keys that encrypt the instances' volumes: EC2 uses them on behalf of whoever
   * starts the instances, so the role of the functions is allowed to grant that. Without a start schedule, nothing is.
   * @default none
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * ARN of the policy that bounds every role made here.
   * @default none
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * The only account ids (12 digits) in which a plan may succeed.
   * @default any account
   */
  readonly allowedAccountIds?: readonly string[];
  /**
   * A run that finds more instances by tags than this changes nothing and fails.
   * @default 1000
   */
  readonly maxInstances?: number;
  /**
   * Key of the instance tag that makes the functions leave an instance alone: always where its value is empty, or
   * until the ISO 8601 date-time that it holds.
   * @default "ec2-start-stop:hold"
   */
  readonly holdTag?: string;
  /**
   * Tags on every resource made here that takes tags.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Existing things to take over instead of making new ones.
   * @default none
   */
  readonly adopt?: AdoptProps;
}

/**
 * Where alarms go: exactly one of `snsTopicArn` and `email`.
 */
export interface AlertProps {
  /**
   * ARN of an existing SNS topic that CloudWatch alarms may publish to. With `checks`, the role of the functions
   * publishes, too: a topic of another account must let it, and so must a customer-managed key of the topic
   * (kms:Decrypt, kms:GenerateDataKey*).
   * @default a topic is made for `email`
   */
  readonly snsTopicArn?: string;
  /**
   * Address that a new topic sends to, once it confirmed the subscription. The topic is encrypted with a KMS key of
   * its own, since alarms cannot publish through the AWS managed one; AWS charges for that key (1 USD a month).
   * @default none
   */
  readonly email?: string;
  /**
   * Also an alarm for each enabled schedule that runs at least once in six days, on having missed its firing: a rule
   * switched off by hand, for one. A new schedule's alarm goes off once, until its first firing.
   * @default true
   */
  readonly missedFirings?: boolean;
}

/** Settings of the two Lambda functions. */
export interface FunctionSettings {
  /**
   * 1 to 900.
   * @default 60
   */
  readonly timeoutSeconds?: number;
  /**
   * 128 to 10,240.
   * @default 256
   */
  readonly memoryMb?: number;
  /**
   * One of the periods that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, ...
   * @default 30
   */
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
   * Literal values, no wildcards; all keys must match. Characters up to U+00FF, as IAM policies allow.
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
  /**
   * What must run on each instance once a schedule started it, looked at inside it by SSM Run Command.
   * @default nothing is looked at
   */
  readonly checks?: ServiceChecks;
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
   * Name of a calendar in `holidays`: no start on its dates.
   * @default none
   */
  readonly holidays?: string;
  /**
   * Whether a stop runs on holidays too.
   * @default true
   */
  readonly stopOnHolidays?: boolean;
  /**
   * How late, in minutes (2 to 1,440), a firing may still change anything.
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

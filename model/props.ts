import type { Action } from "../contract/actions";
import type { LogLevel } from "../contract/limits";
import type { ServiceChecks } from "../contract/request";
import type { TagValue } from "../contract/tags";
import type { AdoptProps } from "./adoption";

/**
 * Properties of {@link Ec2StartStop}. The YAML config file has the same keys.
 *
 * Terraform tokens are accepted for values that are passed on to Terraform, such as `name`, region codes, instance ids,
 * tags, ARNs, descriptions and the settings of `functions`. A token for a value that must be known at synth, such as an
 * expression or a time zone, is a problem that names its path.
 */
export interface Ec2StartStopProps {
  /**
   * Prefix of the name of every resource: letters, digits, `-` and `_`. Must be unique in the region of the AWS
   * account. Roles, which are global in an account, have the region in their names too.
   * @default "ec2-start-stop"
   */
  readonly name?: string;
  /** Region code of the functions and their triggers, such as `ap-northeast-2`. Must be the region of the AWS provider. */
  readonly region: string;
  /**
   * IANA zone of every schedule without a `timezone` of its own, such as `Asia/Seoul`.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * What invokes the functions. `event-rule`: EventBridge rules, which read UTC; local times are converted, and refused
   * where no UTC expression fires at exactly the same instants. `scheduler`: EventBridge Scheduler, which reads each
   * schedule in its own zone.
   * @default "event-rule"
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
   */
  readonly trigger?: "event-rule" | "scheduler";
  /**
   * How the code of the functions is packaged. `archive`: zipped by Terraform with `data.archive_file`, which needs the
   * provider hashicorp/archive. `zip`: the prebuilt zip of this package, with the same bytes on every machine.
   * @default "archive"
   */
  readonly code?: "archive" | "zip";
  /**
   * Settings of the two Lambda functions.
   * @default the defaults of {@link FunctionSettings}
   */
  readonly functions?: FunctionSettings;
  /** Instances to start and stop, by a name that schedules refer to. */
  readonly targets: Readonly<Record<string, TargetProps>>;
  /** Times at which targets are started and stopped, by name: letters, digits, `.`, `-` and `_`. */
  readonly schedules: Readonly<Record<string, ScheduleProps>>;
  /**
   * Calendars of dates (`yyyy-mm-dd`), by a name that schedules refer to.
   * @default none
   */
  readonly holidays?: Readonly<Record<string, readonly string[]>>;
  /**
   * CloudWatch alarms on runs that fail or do not happen, sent to an SNS topic, and a dead-letter queue for events that a
   * trigger could not deliver.
   * @default no alarms and no dead-letter queue
   */
  readonly alerts?: AlertProps;
  /**
   * ARNs of the customer-managed KMS keys that encrypt the volumes of the instances. EC2 decrypts a volume on behalf of
   * the role that starts the instance, so the role of the functions gets kms:CreateGrant on these keys, if there is a
   * start schedule.
   * @default none: unencrypted volumes, or the AWS managed key
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
   */
  readonly kmsKeyArns?: readonly string[];
  /**
   * ARN of a role of your own for the functions: no role is made for them. It must let Lambda assume it, and allow what
   * `functionPolicy` of the construct says before anything is deployed.
   * @default a role `<name>-functions-<region>` with the least that the functions need
   */
  readonly roleArn?: string;
  /**
   * ARN of a role of your own with which EventBridge Scheduler invokes the functions, for trigger `scheduler` or
   * `followUps`: no role is made for it. It must let EventBridge Scheduler assume it, and allow what `schedulerPolicy` of
   * the construct says.
   * @default a role `<name>-scheduler-<region>` that may invoke these functions
   */
  readonly schedulerRoleArn?: string;
  /**
   * Path of every role of this construct, such as `/teams/ops/`. An adopted role keeps its own. Names of roles end with six
   * characters of its MD5 hash, except for `/` and tokens, so that roles of another path can be created before the old ones go.
   * @default "/"
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
   */
  readonly rolePath?: string;
  /**
   * ARN of the IAM policy that is the permissions boundary of every role of this construct.
   * @default none
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Account ids (12 digits) in which `terraform plan` may succeed. A plan in any other account fails.
   * @default any account
   */
  readonly allowedAccountIds?: readonly string[];
  /**
   * Most instances that a run may find by tags or `all`. A run that finds more changes nothing and fails.
   * @default 1000
   */
  readonly maxInstances?: number;
  /**
   * Key of the instance tag that exempts an instance from every start and stop: to the end of the ISO 8601 date or until
   * the date-time in its value, in the schedule's zone if it names none, or during an interval (`begin/end`). An empty
   * value, or any other, exempts it without end.
   * @default "ec2-start-stop:hold"
   */
  readonly holdTag?: string;
  /**
   * Whether a run may leave for later what it cannot end: instances beyond EC2's rate, those whose hold ends, starts for
   * which EC2 lacks capacity. The functions then write one-time schedules of EventBridge Scheduler into a schedule group
   * of their own, with either `trigger`.
   * @default false
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly followUps?: boolean;
  /**
   * Whether each run puts an event for the outcome of every instance on the default event bus of `region`, with source
   * `ec2-start-stop`, so that rules of your own can pass them on to chats, tickets or dashboards.
   * @default false
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html
   */
  readonly events?: boolean;
  /**
   * Tags of every resource of this construct that supports tags.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Existing resources to import instead of creating new ones.
   * @default none: every resource is created
   */
  readonly adopt?: AdoptProps;
}

/** Destination of the alarms: exactly one of `snsTopicArn` and `email`. */
export interface AlertProps {
  /**
   * ARN of an existing standard SNS topic to which CloudWatch alarms may publish. With `checks`, `warnMinutes` or
   * `onSuccess`, the role of the functions publishes to it too: the policy of a topic in another account must allow that,
   * and so must the policy of a customer-managed key that encrypts the topic (kms:Decrypt, kms:GenerateDataKey*).
   * @default a topic is created for `email`
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly snsTopicArn?: string;
  /**
   * E-mail address that a new topic sends to, once the subscription is confirmed from that address. The topic is encrypted
   * with a KMS key of its own, because CloudWatch alarms cannot use the AWS managed key; AWS charges 1 USD a month for it.
   * @default no topic is created
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly email?: string;
  /**
   * Whether each enabled schedule gets an alarm on missed firings, such as those of a rule that was disabled by hand. For
   * these a function also runs each half hour, as the rule or schedule `watch`. A `rate(...)` of more than six days gets
   * none, and the alarm of any rate is on after its deployment until its first firing.
   * @default true
   */
  readonly missedFirings?: boolean;
  /**
   * Whether the topic gets a message with what each firing has started or stopped, once nothing of it has failed. A firing
   * that changes nothing, a dry run and a run by hand send none.
   * @default false
   */
  readonly onSuccess?: boolean;
}

/** Settings of the two Lambda functions. */
export interface FunctionSettings {
  /**
   * Longest duration of a run in seconds, 1 to 900.
   * @default 300
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
   */
  readonly timeoutSeconds?: number;
  /**
   * Memory of a function in MB, 128 to 10,240.
   * @default 1024
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  readonly memoryMb?: number;
  /**
   * Retention of the log groups in days. CloudWatch Logs supports 1, 3, 5, 7, 14, 30, 60, 90 and longer periods.
   * @default 30
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  readonly logRetentionDays?: number;
  /**
   * Node.js runtime of Lambda, `nodejs20.x` or newer. `nodejs24.x` needs version 6.21 of Terraform's AWS provider.
   * @default "nodejs22.x"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
   */
  readonly runtime?: string;
  /**
   * Instruction set of the functions.
   * @default "arm64"
   * @see https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
   */
  readonly architecture?: "arm64" | "x86_64";
  /**
   * Subnets and security groups of the functions. There they reach AWS through a NAT gateway or VPC endpoints.
   * @default the functions are in no VPC of yours, and reach AWS as they are
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  readonly vpc?: VpcSettings;
  /**
   * Whether X-Ray traces the runs.
   * @default false
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  readonly tracing?: boolean;
  /**
   * Runs at a time of each function (1 to 1,000), reserved for it out of the account's. Events of further ones wait and
   * are tried again, up to `latestMinutes` of their schedules.
   * @default no limit of its own
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency?: number;
  /**
   * Lowest level of the log lines that Lambda keeps: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR` or `FATAL`. The report of a
   * run has at least this level, because the metrics of the alarms are in it.
   * @default "INFO", Lambda's own
   * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
   */
  readonly logLevel?: LogLevel;
  /**
   * ARN of the KMS key that encrypts the log groups. Its policy must let CloudWatch Logs of this region use it.
   * @default CloudWatch Logs encrypts with a key of its own
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  readonly logGroupKmsKeyArn?: string;
  /**
   * Whether Terraform leaves the log groups in AWS where it would destroy them, with their retention: after a change of
   * names, and after a destroy. A later deployment of the same names has to import them.
   * @default false
   */
  readonly keepLogGroups?: boolean;
  /**
   * Full name of the function that stops instances, of at most 64 characters.
   * @default "<name>-StopEC2Instances"
   */
  readonly stopName?: string;
  /**
   * Full name of the function that starts instances, of at most 64 characters.
   * @default "<name>-StartEC2Instances"
   */
  readonly startName?: string;
}

/** VPC of the functions. */
export interface VpcSettings {
  /** Ids of 1 to 16 subnets of one VPC, best in two availability zones. */
  readonly subnetIds: readonly string[];
  /** Ids of 1 to 5 security groups of that VPC, which let HTTPS go out. */
  readonly securityGroupIds: readonly string[];
}

/** A set of instances: those with the listed ids, those with the tags, the union of both, or all of them. */
export interface TargetProps {
  /**
   * Instance ids such as `i-0123456789abcdef0`, all in one region, each once.
   * @default none: instances are found by `tags` or `all`
   */
  readonly instanceIds?: readonly string[];
  /**
   * Tags of the instances: all keys must match, each with one of its values. A value is a literal text, `{ like: "web-*" }`
   * or `{ any: true }`. Characters beyond U+00FF are refused, because IAM policies do not support them.
   * @default none: instances are listed in `instanceIds`
   * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
   */
  readonly tags?: Readonly<Record<string, TagValue | readonly TagValue[]>>;
  /**
   * Every instance of the account in `regions`, in place of `instanceIds` and `tags`, but those that `exclude` names and those
   * that their manager would replace. A run that finds more than `maxInstances` changes nothing.
   * @default the instances of `instanceIds` and `tags`
   */
  readonly all?: true;
  /**
   * Tags that exclude an instance, whether it was found by id or by tags: one matching key is enough. Values are written as
   * in `tags`.
   * @default no instance is excluded
   */
  readonly exclude?: Readonly<Record<string, TagValue | readonly TagValue[]>>;
  /**
   * Region codes of the instances. With `instanceIds` at most one, because an instance id exists in one region only.
   * @default the region of the functions
   */
  readonly regions?: readonly string[];
  /**
   * Services that must run on each instance after a schedule started it, checked on the instance through SSM Run Command.
   * @default no checks
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command.html
   */
  readonly checks?: ServiceChecks;
}

interface ScheduleCommonProps {
  /** Name of a target in `targets`, or a list of names. */
  readonly targets: string | readonly string[];
  /**
   * IANA zone in which this schedule is read, such as `Asia/Seoul`.
   * @default `timezone` of the construct
   */
  readonly timezone?: string;
  /**
   * When the schedule begins, with trigger `scheduler`: a date (`yyyy-mm-dd`) in its zone, or an ISO 8601 date-time. A rate
   * counts from it. With `running` a date, on which the first windows start. Remove it once it is past: EventBridge
   * Scheduler refuses to make or change a schedule with it.
   * @default from its deployment on
   * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
   */
  readonly startDate?: string;
  /**
   * When the schedule ends, with trigger `scheduler`: a date in its zone, which is its last day, or an ISO 8601 date-time
   * before which it fires. With `running` a date, on which the last windows start.
   * @default it has no end
   * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
   */
  readonly endDate?: string;
  /**
   * Whether the schedule fires. A disabled schedule is deployed, but its rule or EventBridge schedule is switched off.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Description of the rule or EventBridge schedule, of at most 512 characters.
   * @default the action, the targets and the times in words
   */
  readonly description?: string;
  /**
   * Name of a calendar in `holidays`. Nothing is started on its dates, read in the zone of the schedule.
   * @default none: the schedule fires on every date
   */
  readonly holidays?: string;
  /**
   * Whether instances are stopped on holidays too.
   * @default true
   */
  readonly stopOnHolidays?: boolean;
  /**
   * How late a run may still change instances, in minutes (2 to 1,440) after its firing. A later run changes nothing and
   * is reported as skipped.
   * @default 60, or less where the opposite action on the same targets follows sooner
   */
  readonly latestMinutes?: number;
  /**
   * Publishes to the topic of `alerts`, so many minutes before each stop (1 to 1,440), which instances it will reach and how
   * to hold each. On `running` windows it warns of their ends.
   * @default no warning
   */
  readonly warnMinutes?: number;
  /**
   * Whether a stop hibernates the instances that support it. All others are stopped.
   * @default false
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Hibernate.html
   */
  readonly hibernate?: boolean;
}

/** A schedule of one action at the times of an AWS schedule expression. */
export interface ActionScheduleProps extends ScheduleCommonProps {
  /** `start` or `stop`. */
  readonly action: Action;
  /**
   * `cron(...)`, `rate(...)` or, with `trigger: "scheduler"`, `at(...)`, read in the zone of the schedule.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
   */
  readonly expression: string;
}

/** A schedule of windows in which the targets run: a start at the beginning of each window, a stop at its end. */
export interface RunningScheduleProps extends ScheduleCommonProps {
  /**
   * A window, or a list of windows, written `DAYS HH:MM-HH:MM`: `MON-FRI 08:00-20:00`, `MON,WED 09:00-12:00`,
   * `daily 06:00-24:00`. A window whose end is before its start ends on the next day.
   */
  readonly running: string | readonly string[];
}

/** A schedule: one action at certain times, or windows in which the targets run. */
export type ScheduleProps = ActionScheduleProps | RunningScheduleProps;

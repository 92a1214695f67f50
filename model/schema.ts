import * as z from "zod/mini";
import {
  CODE,
  FUNCTION_SETTINGS,
  HOLD_TAG,
  LATEST_MINUTES,
  MAX_COMMAND_LENGTH,
  MAX_INSTANCES,
  NAME,
  TCP_PORT,
  TIMEZONE,
  TRIGGER,
  VPC,
  WARN_MINUTES,
} from "../contract/limits";
import {
  ACCOUNT_ID,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NAME_PREFIX,
  POLICY_ARN,
  REGION_CODE,
  ROLE_ARN,
  ROLE_PATH,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
  SYSTEMD_UNIT,
} from "../contract/patterns";
import type { ActionScheduleProps, Ec2StartStopProps, RunningScheduleProps } from "./props";
import {
  block,
  either,
  flag,
  itemPattern,
  listOf,
  mapOf,
  mayBeToken,
  oneOf,
  oneOrMany,
  onlyTrue,
  optional,
  pattern,
  required,
  text,
  wholeNumber,
} from "./schema-parts";
import type { DeepPartial } from "./shape";

// Keys of the props and types of their values, for the constructor and for the config file, whose other keys are in
// config/schema.ts. checks/ validates the values; patterns and limits here are for editors only.

export const within = ({ min, max }: { readonly min: number; readonly max: number }) => ({
  minimum: min,
  maximum: max,
});

const defaultOf = ({ default: value }: { readonly default: string | number }) => `Default: ${value}.`;

/** Schema of the dates of a calendar. */
export const datesList = () => listOf(text("a date as yyyy-mm-dd"), "a list of dates as yyyy-mm-dd");

const TAG_VALUE = "a tag's value as text, { like: pattern } or { any: true }";
const TAG_VALUES = `${TAG_VALUE}, or a list of these`;
const tagPattern = block(
  {
    like: optional(
      text("a pattern as text, such as web-*"),
      "Pattern of the tag's value: `*` stands for any characters, `?` for one, and a backslash makes them literal.",
      { pattern: "[*?]" },
    ),
    any: optional(onlyTrue(), "Every value of the tag, the empty one too."),
  },
  "a pattern: like or any",
);
z.globalRegistry.add(tagPattern, { minProperties: 1, maxProperties: 1 });
const tagValue = () => [mayBeToken(text(TAG_VALUE)), tagPattern] as const;
const tagFilter = () =>
  mayBeToken(
    mapOf(
      either([...tagValue(), listOf(either(tagValue(), TAG_VALUE), TAG_VALUES)], TAG_VALUES),
      "tag keys, each with a value or a list of values",
    ),
  );

const vpc = block(
  {
    subnetIds: required(
      mayBeToken(listOf(mayBeToken(text("the id of a subnet")), "a list of ids of subnets")),
      "Ids of the subnets, best in two availability zones.",
      { minItems: 1, maxItems: VPC.maxSubnets, uniqueItems: true, ...itemPattern(SUBNET_ID) },
    ),
    securityGroupIds: required(
      mayBeToken(listOf(mayBeToken(text("the id of a security group")), "a list of ids of security groups")),
      "Ids of the security groups. HTTPS must be allowed to go out.",
      { minItems: 1, maxItems: VPC.maxSecurityGroups, uniqueItems: true, ...itemPattern(SECURITY_GROUP_ID) },
    ),
  },
  "a VPC: subnetIds and securityGroupIds",
);

const functions = block(
  {
    timeoutSeconds: optional(
      mayBeToken(wholeNumber("seconds as a whole number")),
      `Timeout of the functions, in seconds. ${defaultOf(FUNCTION_SETTINGS.timeoutSeconds)}`,
      within(FUNCTION_SETTINGS.timeoutSeconds),
    ),
    memoryMb: optional(
      mayBeToken(wholeNumber("MB as a whole number")),
      `Memory of the functions, in MB. ${defaultOf(FUNCTION_SETTINGS.memoryMb)}`,
      within(FUNCTION_SETTINGS.memoryMb),
    ),
    logRetentionDays: optional(
      mayBeToken(wholeNumber("days as a whole number")),
      `Retention of the log groups, in days: one of the periods of CloudWatch Logs. ${defaultOf(FUNCTION_SETTINGS.logRetentionDays)}`,
    ),
    runtime: optional(
      mayBeToken(text(`a Lambda runtime, such as ${FUNCTION_SETTINGS.runtime.default}`)),
      `Node.js runtime of the functions. nodejs24.x needs version 6.21 of Terraform's AWS provider. ${defaultOf(FUNCTION_SETTINGS.runtime)}`,
    ),
    architecture: optional(
      mayBeToken(oneOf(FUNCTION_SETTINGS.architecture.values)),
      `Instruction set of the functions. ${defaultOf(FUNCTION_SETTINGS.architecture)}`,
    ),
    vpc: optional(
      vpc,
      "Subnets and security groups of the functions, which then reach AWS through endpoints or a NAT. Default: no VPC.",
    ),
    tracing: optional(flag(), "Whether X-Ray traces the runs. Default: false."),
    reservedConcurrency: optional(
      mayBeToken(wholeNumber("a whole number of runs at a time")),
      "Runs at a time of each function, reserved for it out of the account's. Default: no limit of its own.",
      within(FUNCTION_SETTINGS.reservedConcurrency),
    ),
    logLevel: optional(
      mayBeToken(oneOf(FUNCTION_SETTINGS.logLevel.values)),
      "Lowest level of the log lines that Lambda keeps. The report of a run is always kept. Default: INFO.",
    ),
    logGroupKmsKeyArn: optional(
      mayBeToken(text("the ARN of a KMS key")),
      "ARN of the KMS key that encrypts the log groups. Default: encrypted by CloudWatch Logs.",
      pattern(KMS_KEY_ARN),
    ),
    keepLogGroups: optional(
      flag(),
      "Whether Terraform leaves the log groups in AWS where it would destroy them. Default: false.",
    ),
    stopName: optional(
      mayBeToken(text("the name of a function")),
      "Full name of the function that stops instances. Default: <name>-StopEC2Instances.",
    ),
    startName: optional(
      mayBeToken(text("the name of a function")),
      "Full name of the function that starts instances. Default: <name>-StartEC2Instances.",
    ),
  },
  "settings of the functions, such as timeoutSeconds",
);

const checks = block(
  {
    systemd: optional(
      listOf(mayBeToken(text("the name of a systemd unit, such as nginx")), "a list of systemd units"),
      "systemd units that must be active.",
      { minItems: 1, uniqueItems: true, ...itemPattern(SYSTEMD_UNIT) },
    ),
    tcp: optional(
      listOf(wholeNumber("a TCP port as a whole number"), "a list of TCP ports"),
      "TCP ports on which a process must listen.",
      { minItems: 1, uniqueItems: true, items: { type: "integer", ...within(TCP_PORT) } },
    ),
    command: optional(
      mayBeToken(text("a shell command as text")),
      "Shell command that must exit with code 0.",
      {
        minLength: 1,
        maxLength: MAX_COMMAND_LENGTH,
      },
    ),
  },
  "checks: systemd, tcp, command or several of them",
);
z.globalRegistry.add(checks, { minProperties: 1 });

const target = block(
  {
    instanceIds: optional(
      mayBeToken(listOf(mayBeToken(text("an instance id as text")), "a list of instance ids")),
      "Instance ids, all in one region.",
      itemPattern(INSTANCE_ID),
    ),
    tags: optional(
      tagFilter(),
      "Tags of the instances: all keys must match, each with one of its values. Texts are literal.",
    ),
    all: optional(
      onlyTrue(),
      "All instances of the account in these regions, in place of `instanceIds` and `tags`, but those that `exclude` names.",
    ),
    exclude: optional(
      tagFilter(),
      "Tags that exclude an instance: one matching key is enough, also for instances in `instanceIds`.",
    ),
    regions: optional(
      listOf(mayBeToken(text("an AWS region code as text")), "a list of AWS region codes"),
      "Regions of the instances. Default: the region of the functions.",
      itemPattern(REGION_CODE),
    ),
    checks: optional(
      checks,
      "Services that must run on each instance after a start, checked through SSM Run Command.",
    ),
  },
  "a target: instanceIds, tags or both, or all",
);

const schedule = block(
  {
    action: optional(oneOf(["start", "stop"]), "Action at the times of `expression`."),
    expression: optional(
      text("an expression as text, such as cron(0 20 ? * MON-FRI *)"),
      "Times of the action: cron(...), rate(...) or, with trigger `scheduler`, at(...), in the zone of the schedule.",
    ),
    running: optional(
      oneOrMany(
        text("a window as text, such as MON-FRI 08:00-20:00"),
        "a window such as MON-FRI 08:00-20:00, or a list of windows",
      ),
      "Windows in which the targets run, as DAYS HH:MM-HH:MM. Replaces `action` and `expression`.",
    ),
    targets: required(
      oneOrMany(text("the name of a target"), "the name of a target, or a list of names"),
      "Names of the targets to start or stop.",
    ),
    timezone: optional(
      text("an IANA time zone, such as Asia/Seoul"),
      "IANA zone of this schedule. Default: `timezone` of the config.",
    ),
    startDate: optional(
      text("a date as yyyy-mm-dd, or a date-time"),
      "First day of the schedule, or a date-time from which it fires, with trigger `scheduler`. Default: its deployment.",
    ),
    endDate: optional(
      text("a date as yyyy-mm-dd, or a date-time"),
      "Last day of the schedule, or a date-time before which it fires, with trigger `scheduler`. Default: no end.",
    ),
    enabled: optional(flag(), "Whether the schedule fires. false deploys it disabled. Default: true."),
    description: optional(
      mayBeToken(text("a description as text")),
      "Description of the rule or EventBridge schedule. Default: the action, the targets and the times in words.",
    ),
    holidays: optional(
      text("the name of a calendar in `holidays`"),
      "Name of a calendar in `holidays`. Nothing is started on its dates.",
    ),
    stopOnHolidays: optional(flag(), "Whether instances are stopped on holidays too. Default: true."),
    latestMinutes: optional(
      wholeNumber("minutes as a whole number"),
      `How late a run may still change instances, in minutes after its firing. Default: ${LATEST_MINUTES.default}, or less where the opposite action on the same targets follows sooner.`,
      within(LATEST_MINUTES),
    ),
    warnMinutes: optional(
      wholeNumber("minutes as a whole number"),
      "How long before each stop the topic of `alerts` gets a message with its instances, in minutes. Default: no warning.",
      within(WARN_MINUTES),
    ),
    hibernate: optional(flag(), "Whether a stop hibernates the instances that support it. Default: false."),
  },
  "a schedule: targets with action and expression, or with running",
);
z.globalRegistry.add(schedule, {
  anyOf: [{ required: ["action", "expression"] }, { required: ["running"] }],
});

const alerts = block(
  {
    snsTopicArn: optional(
      mayBeToken(text("the ARN of an SNS topic")),
      "ARN of an existing SNS topic for the alarms, the records of failed starts of targets with `checks`, the warnings of `warnMinutes`, and the messages of `onSuccess`.",
      pattern(SNS_TOPIC_ARN),
    ),
    email: optional(
      mayBeToken(text("an e-mail address")),
      "E-mail address that a new SNS topic sends to, once it is confirmed.",
    ),
    missedFirings: optional(
      flag(),
      "Whether each schedule gets an alarm on missed firings, for which a function also runs each half hour. Default: true.",
    ),
    onSuccess: optional(
      flag(),
      "Whether the topic gets a message with what each firing has started or stopped. Default: false.",
    ),
  },
  "alerts: snsTopicArn or email",
);

const adoptedFunction = () =>
  block(
    {
      name: required(mayBeToken(text("the name of a function")), "Name of the function."),
      logGroup: optional(flag(), "Whether its log group exists and is adopted too. Default: false."),
      logGroupKmsKeyArn: optional(
        text("the ARN of a KMS key"),
        "ARN of the KMS key that encrypts its log group, to keep it. Default: none.",
        pattern(KMS_KEY_ARN),
      ),
    },
    "a function: its name",
  );
const adoptedRole = block(
  {
    name: required(text("the name of a role"), "Name of the role, without its path."),
    path: optional(text("a path such as /service-role/"), "Current path of the role. Default: /."),
    description: optional(
      mayBeToken(text("a description as text")),
      "Current description of the role, to keep it.",
    ),
    keepPolicyArns: optional(
      listOf(mayBeToken(text("the ARN of a policy")), "a list of ARNs of policies"),
      "ARNs of the managed policies that stay attached. Default: none.",
      itemPattern(POLICY_ARN),
    ),
  },
  "a role: its name",
);
const adoptedTrigger = either(
  [
    block(
      {
        rule: required(text("the name of a rule"), "Name of the rule, with trigger `event-rule`."),
        targetId: required(
          text("the id of the rule's target"),
          "Id of the rule's target that invokes the function.",
        ),
      },
      "a rule with the id of its target",
    ),
    block(
      {
        group: required(
          text("the name of a schedule group"),
          "Name of the schedule group, with trigger `scheduler`.",
        ),
        name: required(text("the name of a schedule"), "Name of the schedule in that group."),
      },
      "a schedule with its group",
    ),
  ],
  "rule with targetId, or group with name",
);
const adopt = block(
  {
    role: optional(adoptedRole, "Execution role of the functions."),
    functions: optional(
      block(
        {
          stop: optional(adoptedFunction(), "Function that stops instances."),
          start: optional(adoptedFunction(), "Function that starts instances."),
        },
        "functions: stop, start or both",
      ),
      "Functions by action.",
    ),
    schedules: optional(
      mapOf(adoptedTrigger, "existing rules or schedules, by the name of the schedule that they fire"),
      "Rules or EventBridge schedules, by the name of the schedule that they fire (office-start for the starts of `office`).",
    ),
  },
  "what exists already: role, functions, schedules",
);

/** Keys of the props. The config file has some more. */
export const propsShape = {
  name: optional(
    mayBeToken(text("a name as text")),
    `Prefix of the name of every resource, unique in the region of the AWS account. ${defaultOf(NAME)}`,
    pattern(NAME_PREFIX),
  ),
  region: required(
    mayBeToken(text("an AWS region code, such as ap-northeast-2")),
    "Region of the functions and their triggers.",
    pattern(REGION_CODE),
  ),
  timezone: optional(
    text("an IANA time zone, such as Asia/Seoul"),
    `IANA zone of every schedule without a zone of its own. ${defaultOf(TIMEZONE)}`,
  ),
  trigger: optional(
    oneOf(TRIGGER.values),
    `event-rule: EventBridge rules, which read UTC. scheduler: EventBridge Scheduler, which reads each schedule in its zone. ${defaultOf(TRIGGER)}`,
  ),
  code: optional(
    oneOf(CODE.values),
    `archive: zipped by Terraform (provider hashicorp/archive). zip: the prebuilt zip. ${defaultOf(CODE)}`,
  ),
  functions: optional(functions, "Settings of the two Lambda functions."),
  targets: required(
    mapOf(target, "targets by name"),
    "Instances to start and stop, by a name that schedules refer to.",
  ),
  schedules: required(
    mapOf(schedule, "schedules by name"),
    "Schedules by name: an action at the times of an expression, or windows in which the targets run.",
  ),
  holidays: optional(
    mapOf(datesList(), "calendars by name"),
    "Calendars of dates (yyyy-mm-dd) by a name that schedules refer to.",
  ),
  alerts: optional(
    alerts,
    "Alarms on runs that fail or do not happen, and a dead-letter queue. Exactly one of `snsTopicArn` and `email`.",
  ),
  kmsKeyArns: optional(
    mayBeToken(listOf(mayBeToken(text("the ARN of a KMS key")), "a list of ARNs of KMS keys")),
    "ARNs of the customer-managed KMS keys that encrypt the volumes of the instances.",
    itemPattern(KMS_KEY_ARN),
  ),
  roleArn: optional(
    mayBeToken(text("the ARN of a role")),
    "ARN of your own role for the functions. `synth` prints the policy that it needs. Default: a role is made.",
    pattern(ROLE_ARN),
  ),
  schedulerRoleArn: optional(
    mayBeToken(text("the ARN of a role")),
    "ARN of your own role with which EventBridge Scheduler invokes the functions. Default: a role is made.",
    pattern(ROLE_ARN),
  ),
  rolePath: optional(
    mayBeToken(text("a path of roles, such as /service-role/")),
    "Path of every created role. Default: /.",
    pattern(ROLE_PATH),
  ),
  permissionsBoundaryArn: optional(
    mayBeToken(text("the ARN of a policy")),
    "ARN of the permissions boundary of every created role.",
    pattern(POLICY_ARN),
  ),
  allowedAccountIds: optional(
    listOf(mayBeToken(text("an account id of 12 digits as text, in quotes")), "a list of account ids"),
    "Account ids in which `terraform plan` may succeed. Default: any account.",
    itemPattern(ACCOUNT_ID),
  ),
  maxInstances: optional(
    wholeNumber("a whole number of instances"),
    `Most instances that a run may find by tags or \`all\`. A run that finds more changes nothing and fails. ${defaultOf(MAX_INSTANCES)}`,
    within(MAX_INSTANCES),
  ),
  holdTag: optional(
    mayBeToken(text("a tag's key")),
    `Key of the tag that exempts an instance from every start and stop. ${defaultOf(HOLD_TAG)}`,
  ),
  followUps: optional(
    flag(),
    "Whether a run may leave for later what it cannot end: the functions then write one-time schedules of EventBridge Scheduler. Default: false.",
  ),
  events: optional(
    flag(),
    "Whether the outcome of every instance is put on the default event bus of the region. Default: false.",
  ),
  tags: optional(
    mayBeToken(mapOf(mayBeToken(text("a tag's value as text")), "tag keys, each with a value")),
    "Tags of every created resource that supports tags.",
  ),
  adopt: optional(adopt, "Existing resources to import instead of creating new ones."),
};

/** Schema of the props of the construct. */
export const propsSchema = block(propsShape, "props: region, targets, schedules and more, by key");

/** Props as in the schema: a schedule may have any of `action`, `expression` and `running`. A check requires a valid combination. */
type PropsInput = z.infer<typeof propsSchema>;
/** The valid part of the props, which is the input of the checks. */
export type PartialProps = DeepPartial<PropsInput>;
export type PartialTarget = NonNullable<NonNullable<PartialProps["targets"]>[string]>;
export type PartialSchedule = NonNullable<NonNullable<PartialProps["schedules"]>[string]>;

// The compiler compares the schema with the props. A key that one of them lacks, or types otherwise, is an error here.
export type Fields<T> = T extends readonly (infer Item)[]
  ? Fields<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Fields<T[Key]> }
    : T;
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
type EitherSchedule = Omit<ActionScheduleProps, "action" | "expression"> &
  Partial<Pick<ActionScheduleProps, "action" | "expression"> & Pick<RunningScheduleProps, "running">>;
/** Props or a config with schedules as in the schema. */
export type WithEitherSchedule<Props> = Omit<Props, "schedules"> & {
  readonly schedules: Readonly<Record<string, EitherSchedule>>;
};
true satisfies Same<Fields<PropsInput>, Fields<WithEitherSchedule<Ec2StartStopProps>>>;

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
} from "../contract/limits";
import {
  ACCOUNT_ID,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NAME_PREFIX,
  POLICY_ARN,
  REGION_CODE,
  SNS_TOPIC_ARN,
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
  optional,
  pattern,
  required,
  text,
  wholeNumber,
} from "./schema-parts";
import type { DeepPartial } from "./shape";

// The keys of the props and the types of their values, for both doors: the constructor and the config file, which
// config/schema.ts completes. What values mean is checked by checks/; patterns and limits here serve editors only.

export const within = ({ min, max }: { readonly min: number; readonly max: number }) => ({
  minimum: min,
  maximum: max,
});

const defaultOf = ({ default: value }: { readonly default: string | number }) => `Default: ${value}.`;

/** Dates of a calendar. */
export const datesList = () => listOf(text("a date as yyyy-mm-dd"), "a list of dates as yyyy-mm-dd");

const TAG_VALUES = "a tag's value as text, or a list of such values";
const tagFilter = () =>
  mayBeToken(
    mapOf(
      oneOrMany(mayBeToken(text("a tag's value as text")), TAG_VALUES),
      "tag keys, each with a value or a list of values",
    ),
  );

const functions = block(
  {
    timeoutSeconds: optional(
      mayBeToken(wholeNumber("seconds as a whole number")),
      `How long a run may take, in seconds. ${defaultOf(FUNCTION_SETTINGS.timeoutSeconds)}`,
      within(FUNCTION_SETTINGS.timeoutSeconds),
    ),
    memoryMb: optional(
      mayBeToken(wholeNumber("MB as a whole number")),
      `Memory of a function, in MB. ${defaultOf(FUNCTION_SETTINGS.memoryMb)}`,
      within(FUNCTION_SETTINGS.memoryMb),
    ),
    logRetentionDays: optional(
      mayBeToken(wholeNumber("days as a whole number")),
      `Days for which logs are kept, one of the periods that CloudWatch Logs knows. ${defaultOf(FUNCTION_SETTINGS.logRetentionDays)}`,
    ),
    runtime: optional(
      mayBeToken(text(`a Lambda runtime, such as ${FUNCTION_SETTINGS.runtime.default}`)),
      `Node.js runtime of the functions. ${defaultOf(FUNCTION_SETTINGS.runtime)}`,
    ),
    architecture: optional(
      mayBeToken(oneOf(FUNCTION_SETTINGS.architecture.values)),
      `Processor of the functions. ${defaultOf(FUNCTION_SETTINGS.architecture)}`,
    ),
    stopName: optional(
      mayBeToken(text("the name of a function")),
      "Full name of the function that stops. Default: <name>-StopEC2Instances.",
    ),
    startName: optional(
      mayBeToken(text("the name of a function")),
      "Full name of the function that starts. Default: <name>-StartEC2Instances.",
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
      "TCP ports on which something must listen.",
      { minItems: 1, uniqueItems: true, items: { type: "integer", ...within(TCP_PORT) } },
    ),
    command: optional(
      mayBeToken(text("a shell command as text")),
      "A shell command that must end with exit code 0.",
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
      "Instances by id, all in one region.",
      itemPattern(INSTANCE_ID),
    ),
    tags: optional(
      tagFilter(),
      "Instances by tag: all keys must match, each with any of its literal values.",
    ),
    exclude: optional(tagFilter(), "Any matching key excludes an instance, one named by id too."),
    regions: optional(
      listOf(mayBeToken(text("an AWS region code as text")), "a list of AWS region codes"),
      "Regions to look in. Default: the region of the functions.",
      itemPattern(REGION_CODE),
    ),
    checks: optional(
      checks,
      "What must run on each instance once a schedule started it: seen to by SSM Run Command.",
    ),
  },
  "a target: instanceIds, tags or both",
);

const schedule = block(
  {
    action: optional(oneOf(["start", "stop"]), "What to do at the times of `expression`."),
    expression: optional(
      text("an expression as text, such as cron(0 20 ? * MON-FRI *)"),
      "cron(...), rate(...), or with trigger `scheduler` at(...), read in the schedule's zone.",
    ),
    running: optional(
      oneOrMany(
        text("a window as text, such as MON-FRI 08:00-20:00"),
        "a window such as MON-FRI 08:00-20:00, or a list of windows",
      ),
      "Windows in which the targets run, instead of `action` and `expression`: DAYS HH:MM-HH:MM.",
    ),
    targets: required(
      oneOrMany(text("the name of a target"), "the name of a target, or a list of names"),
      "What to start or stop: names in `targets`.",
    ),
    timezone: optional(
      text("an IANA time zone, such as Asia/Seoul"),
      "IANA zone of this schedule. Default: the config's `timezone`.",
    ),
    enabled: optional(flag(), "false deploys the schedule switched off. Default: true."),
    description: optional(mayBeToken(text("a description as text")), "Default: the firing in words."),
    holidays: optional(
      text("the name of a calendar in `holidays`"),
      "Calendar in `holidays`: no start on its dates.",
    ),
    stopOnHolidays: optional(flag(), "Whether a stop runs on holidays too. Default: true."),
    latestMinutes: optional(
      wholeNumber("minutes as a whole number"),
      `How late a firing may still change anything, in minutes. Default: ${LATEST_MINUTES.default}, or less where the opposite action on the same targets follows sooner.`,
      within(LATEST_MINUTES),
    ),
    hibernate: optional(flag(), "Stop by hibernating where the instance can. Default: false."),
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
      "Existing topic that alarms go to, and, with checks, the records of failed starts.",
      pattern(SNS_TOPIC_ARN),
    ),
    email: optional(mayBeToken(text("an e-mail address")), "Address that a new topic sends to."),
    missedFirings: optional(
      flag(),
      "Also an alarm for each schedule on having missed its firing. Default: true.",
    ),
  },
  "alerts: snsTopicArn or email",
);

const adoptedFunction = () =>
  block(
    {
      name: required(mayBeToken(text("the name of a function")), "Its name."),
      logGroup: optional(flag(), "Whether its log group exists, and so is adopted too. Default: false."),
      logGroupKmsKeyArn: optional(
        text("the ARN of a KMS key"),
        "The KMS key that encrypts its log group, to leave it in place. Default: none.",
        pattern(KMS_KEY_ARN),
      ),
    },
    "a function: its name",
  );
const adoptedRole = block(
  {
    name: required(text("the name of a role"), "Its name, without the path."),
    path: optional(text("a path such as /service-role/"), "Its path as it is. Default: /."),
    description: optional(mayBeToken(text("a description as text")), "Its description as it is."),
    keepPolicyArns: optional(
      listOf(mayBeToken(text("the ARN of a policy")), "a list of ARNs of policies"),
      "Managed policies that stay attached. Default: none.",
      itemPattern(POLICY_ARN),
    ),
  },
  "a role: its name",
);
const adoptedTrigger = either(
  block(
    {
      rule: required(text("the name of a rule"), "Name of the rule."),
      targetId: required(text("the id of the rule's target"), "Id of its target."),
    },
    "a rule with the id of its target",
  ),
  block(
    {
      group: required(text("the name of a schedule group"), "Name of the group."),
      name: required(text("the name of a schedule"), "Name of the schedule."),
    },
    "a schedule with its group",
  ),
  "rule with targetId, or group with name",
);
const adopt = block(
  {
    role: optional(adoptedRole, "The role that the functions run with."),
    functions: optional(
      block(
        {
          stop: optional(adoptedFunction(), "The function that stops."),
          start: optional(adoptedFunction(), "The function that starts."),
        },
        "functions: stop, start or both",
      ),
      "Functions by what they do.",
    ),
    schedules: optional(
      mapOf(adoptedTrigger, "existing rules or schedules, by the name of the schedule that they fire"),
      "What fires each schedule, by its name (staging-hours-start for the start of a window).",
    ),
  },
  "what exists already: role, functions, schedules",
);

/** The keys of the props; the config file has some more. */
export const propsShape = {
  name: optional(
    mayBeToken(text("a name as text")),
    `Prefix of every name, unique in the AWS account. ${defaultOf(NAME)}`,
    pattern(NAME_PREFIX),
  ),
  region: required(
    mayBeToken(text("an AWS region code, such as ap-northeast-2")),
    "Region in which the functions run.",
    pattern(REGION_CODE),
  ),
  timezone: optional(
    text("an IANA time zone, such as Asia/Seoul"),
    `IANA zone of every schedule that does not set its own. ${defaultOf(TIMEZONE)}`,
  ),
  trigger: optional(
    oneOf(TRIGGER.values),
    `event-rule: EventBridge rules, which read UTC. scheduler: EventBridge Scheduler, in the zone itself. ${defaultOf(TRIGGER)}`,
  ),
  code: optional(
    oneOf(CODE.values),
    `archive: zipped by Terraform (provider hashicorp/archive). zip: the prebuilt zip. ${defaultOf(CODE)}`,
  ),
  functions: optional(functions, "Settings of the two Lambda functions."),
  targets: required(
    mapOf(target, "targets by name"),
    "What to start and stop, by a name that schedules use.",
  ),
  schedules: required(
    mapOf(schedule, "schedules by name"),
    "When to do it, by name: an action at the times of an expression, or windows in which the targets run.",
  ),
  holidays: optional(
    mapOf(datesList(), "calendars by name"),
    "Calendars of dates (yyyy-mm-dd) by a name that schedules use.",
  ),
  alerts: optional(
    alerts,
    "Tell somebody about what failed or did not run: exactly one of snsTopicArn and email.",
  ),
  kmsKeyArns: optional(
    mayBeToken(listOf(mayBeToken(text("the ARN of a KMS key")), "a list of ARNs of KMS keys")),
    "Customer-managed keys that encrypt the instances' volumes.",
    itemPattern(KMS_KEY_ARN),
  ),
  permissionsBoundaryArn: optional(
    mayBeToken(text("the ARN of a policy")),
    "Policy that bounds every role made here.",
    pattern(POLICY_ARN),
  ),
  allowedAccountIds: optional(
    listOf(mayBeToken(text("an account id of 12 digits as text, in quotes")), "a list of account ids"),
    "The only accounts in which a plan may succeed.",
    itemPattern(ACCOUNT_ID),
  ),
  maxInstances: optional(
    wholeNumber("a whole number of instances"),
    `A run that finds more instances by tags changes nothing and fails. ${defaultOf(MAX_INSTANCES)}`,
    within(MAX_INSTANCES),
  ),
  holdTag: optional(
    mayBeToken(text("a tag's key")),
    `Key of the tag that makes the functions leave an instance alone. ${defaultOf(HOLD_TAG)}`,
  ),
  tags: optional(
    mayBeToken(mapOf(mayBeToken(text("a tag's value as text")), "tag keys, each with a value")),
    "Tags on every resource made here that takes tags.",
  ),
  adopt: optional(adopt, "Existing things to take over by import blocks, instead of making new ones."),
};

/** The props of the construct. */
export const propsSchema = block(propsShape, "props: region, targets, schedules and more, by key");

/** The props as the schema has them: in a schedule `action` with `expression`, or `running`; a check says which. */
type PropsInput = z.infer<typeof propsSchema>;
/** Props as far as they have the right shape, which is what checks read. */
export type PartialProps = DeepPartial<PropsInput>;
export type PartialTarget = NonNullable<NonNullable<PartialProps["targets"]>[string]>;
export type PartialSchedule = NonNullable<NonNullable<PartialProps["schedules"]>[string]>;

// The compiler holds the schema and the props together: a key that one of them lacks, or types otherwise, fails here.
export type Fields<T> = T extends readonly (infer Item)[]
  ? Fields<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Fields<T[Key]> }
    : T;
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
type EitherSchedule = Omit<ActionScheduleProps, "action" | "expression"> &
  Partial<Pick<ActionScheduleProps, "action" | "expression"> & Pick<RunningScheduleProps, "running">>;
/** Props, or a config, whose schedules are as the schema has them. */
export type WithEitherSchedule<Props> = Omit<Props, "schedules"> & {
  readonly schedules: Readonly<Record<string, EitherSchedule>>;
};
true satisfies Same<Fields<PropsInput>, Fields<WithEitherSchedule<Ec2StartStopProps>>>;

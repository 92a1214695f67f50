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
  YEARS,
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
import type { ActionScheduleProps, RunningScheduleProps } from "../model/props";
import { adopt } from "./adopt-schema";
import { BACKEND_TYPES, type ConfigFile } from "./config";
import {
  anything,
  block,
  byName,
  eachLike,
  either,
  flag,
  like,
  list,
  oneOf,
  oneOrMany,
  optional,
  required,
  text,
  wholeNumber,
} from "./schema-parts";

// The shape of the config file: its keys and the types of their values. What values mean is checked on the props, by
// the constructs; patterns and limits here serve editors only.

const within = ({ min, max }: { readonly min: number; readonly max: number }) => ({
  minimum: min,
  maximum: max,
});

const defaultOf = ({ default: value }: { readonly default: string | number }) => `Default: ${value}.`;

const TAG_VALUES = "a tag's value as text, or a list of such values";
const tagFilter = () =>
  byName(
    oneOrMany(text("a tag's value as text"), TAG_VALUES),
    "tag keys, each with a value or a list of values",
  );

const functions = block(
  {
    timeoutSeconds: optional(
      wholeNumber("seconds as a whole number"),
      `How long a run may take, in seconds. ${defaultOf(FUNCTION_SETTINGS.timeoutSeconds)}`,
      within(FUNCTION_SETTINGS.timeoutSeconds),
    ),
    memoryMb: optional(
      wholeNumber("MB as a whole number"),
      `Memory of a function, in MB. ${defaultOf(FUNCTION_SETTINGS.memoryMb)}`,
      within(FUNCTION_SETTINGS.memoryMb),
    ),
    logRetentionDays: optional(
      wholeNumber("days as a whole number"),
      `Days for which logs are kept, one of the periods that CloudWatch Logs knows. ${defaultOf(FUNCTION_SETTINGS.logRetentionDays)}`,
    ),
    runtime: optional(
      text(`a Lambda runtime, such as ${FUNCTION_SETTINGS.runtime.default}`),
      `Node.js runtime of the functions. ${defaultOf(FUNCTION_SETTINGS.runtime)}`,
    ),
    architecture: optional(
      oneOf(FUNCTION_SETTINGS.architecture.values),
      `Processor of the functions. ${defaultOf(FUNCTION_SETTINGS.architecture)}`,
    ),
    stopName: optional(
      text("the name of a function"),
      "Full name of the function that stops. Default: <name>-StopEC2Instances.",
    ),
    startName: optional(
      text("the name of a function"),
      "Full name of the function that starts. Default: <name>-StartEC2Instances.",
    ),
  },
  "settings of the functions, such as timeoutSeconds",
);

const checks = block(
  {
    systemd: optional(
      list(text("the name of a systemd unit, such as nginx"), "a list of systemd units"),
      "systemd units that must be active.",
      { minItems: 1, uniqueItems: true, ...eachLike(SYSTEMD_UNIT) },
    ),
    tcp: optional(
      list(wholeNumber("a TCP port as a whole number"), "a list of TCP ports"),
      "TCP ports on which something must listen.",
      { minItems: 1, uniqueItems: true, items: { type: "integer", ...within(TCP_PORT) } },
    ),
    command: optional(text("a shell command as text"), "A shell command that must end with exit code 0.", {
      minLength: 1,
      maxLength: MAX_COMMAND_LENGTH,
    }),
  },
  "checks: systemd, tcp, command or several of them",
);
z.globalRegistry.add(checks, { minProperties: 1 });

const target = block(
  {
    instanceIds: optional(
      list(text("an instance id as text"), "a list of instance ids"),
      "Instances by id, all in one region.",
      eachLike(INSTANCE_ID),
    ),
    tags: optional(
      tagFilter(),
      "Instances by tag: all keys must match, each with any of its literal values.",
    ),
    exclude: optional(tagFilter(), "Any matching key excludes an instance, one named by id too."),
    regions: optional(
      list(text("an AWS region code as text"), "a list of AWS region codes"),
      "Regions to look in. Default: the region of the functions.",
      eachLike(REGION_CODE),
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
    description: optional(text("a description as text"), "Default: the firing in words."),
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

const dates = () => list(text("a date as yyyy-mm-dd"), "a list of dates as yyyy-mm-dd");
const calendarParts = block(
  {
    dates: optional(dates(), "Dates as yyyy-mm-dd."),
    ics: optional(
      text("the path of an iCalendar file"),
      "iCalendar file (.ics) whose all-day events are taken; relative to this file.",
    ),
    country: optional(
      text("a country code, such as KR"),
      "Country whose public holidays are taken, as the package date-holidays knows them; needs `years`.",
      like(/^[A-Z]{2}$/),
    ),
    region: optional(
      text("the code of a part of the country, in quotes where it is a number"),
      "Part of the country, such as BY, or BY-A for a part of that. Default: the whole country.",
    ),
    years: optional(
      list(wholeNumber("a year as a whole number"), "a list of years, such as [2026, 2027]"),
      "Years to take from `country` and `ics`.",
      { minItems: 1, items: { type: "integer", ...within(YEARS) } },
    ),
    workdays: optional(dates(), "Dates that are no holidays whatever the others say."),
  },
  "a calendar: dates, ics, country or several of them",
);
z.globalRegistry.add(calendarParts, {
  anyOf: [{ required: ["dates"] }, { required: ["ics"] }, { required: ["country"] }],
  dependentRequired: { country: ["years"], region: ["country"] },
});
const calendar = either(
  dates(),
  calendarParts,
  "a list of dates as yyyy-mm-dd, or a mapping with dates, ics or country",
);

const alerts = block(
  {
    snsTopicArn: optional(
      text("the ARN of an SNS topic"),
      "Existing topic that alarms go to, and with checks what a start gave up.",
      like(SNS_TOPIC_ARN),
    ),
    email: optional(text("an e-mail address"), "Address that a new topic sends to."),
    missedFirings: optional(
      flag(),
      "Also an alarm for each schedule on having missed its firing. Default: true.",
    ),
  },
  "alerts: snsTopicArn or email",
);

const backendArguments = () =>
  optional(byName(anything(), "the backend's arguments by name"), "Its arguments, as Terraform spells them.");
const backend = block(
  {
    azurerm: backendArguments(),
    cloud: backendArguments(),
    gcs: backendArguments(),
    http: backendArguments(),
    local: backendArguments(),
    remote: backendArguments(),
    s3: backendArguments(),
  },
  `a backend: one of ${BACKEND_TYPES.join(", ")}, with its arguments`,
).check(z.refine((backends) => Object.keys(backends).length === 1, { error: "one backend" }));

/** The config file. */
export const configSchema = block(
  {
    name: optional(
      text("a name as text"),
      `Prefix of every name, unique in the AWS account. ${defaultOf(NAME)}`,
      like(NAME_PREFIX),
    ),
    region: required(
      text("an AWS region code, such as ap-northeast-2"),
      "Region in which the functions run.",
      like(REGION_CODE),
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
      byName(target, "targets by name"),
      "What to start and stop, by a name that schedules use.",
    ),
    schedules: required(
      byName(schedule, "schedules by name"),
      "When to do it, by name: an action at the times of an expression, or windows in which the targets run.",
    ),
    holidays: optional(
      byName(calendar, "calendars by name"),
      "Calendars by a name that schedules use: dates (yyyy-mm-dd), or what they are made of.",
    ),
    alerts: optional(
      alerts,
      "Tell somebody about what failed or did not run: exactly one of snsTopicArn and email.",
    ),
    kmsKeyArns: optional(
      list(text("the ARN of a KMS key"), "a list of ARNs of KMS keys"),
      "Customer-managed keys that encrypt the instances' volumes.",
      eachLike(KMS_KEY_ARN),
    ),
    permissionsBoundaryArn: optional(
      text("the ARN of a policy"),
      "Policy that bounds every role made here.",
      like(POLICY_ARN),
    ),
    allowedAccountIds: optional(
      list(text("an account id of 12 digits as text, in quotes"), "a list of account ids"),
      "The only accounts in which a plan may succeed.",
      eachLike(ACCOUNT_ID),
    ),
    maxInstances: optional(
      wholeNumber("a whole number of instances"),
      `A run that finds more instances by tags changes nothing and fails. ${defaultOf(MAX_INSTANCES)}`,
      within(MAX_INSTANCES),
    ),
    holdTag: optional(
      text("a tag's key"),
      `Key of the tag that makes the functions leave an instance alone. ${defaultOf(HOLD_TAG)}`,
    ),
    tags: optional(
      byName(text("a tag's value as text"), "tag keys, each with a value"),
      "Tags on every resource made here that takes tags.",
    ),
    adopt: optional(adopt, "Existing things to take over by import blocks, instead of making new ones."),
    backend: optional(
      backend,
      "Terraform's backend with its arguments, passed on as written. Default: a local state file.",
      { minProperties: 1, maxProperties: 1 },
    ),
  },
  "a config: region, targets, schedules and more, by key",
);

// The compiler holds the schema and the props together: a key that one of them lacks, or types otherwise, fails here.
type Fields<T> = T extends readonly (infer Item)[]
  ? Fields<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Fields<T[Key]> }
    : T;
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;
// In a file `action` with `expression`, or `running`: the props' check says which, in one message.
type EitherSchedule = Omit<ActionScheduleProps, "action" | "expression"> &
  Partial<Pick<ActionScheduleProps, "action" | "expression"> & Pick<RunningScheduleProps, "running">>;
type ConfigShape = Omit<ConfigFile, "schedules"> & {
  readonly schedules: Readonly<Record<string, EitherSchedule>>;
};
true satisfies Same<Fields<z.infer<typeof configSchema>>, Fields<ConfigShape>>;

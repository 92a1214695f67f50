import * as z from "zod";
import {
  ACCOUNT_ID,
  KMS_KEY_ARN,
  NAME_PREFIX,
  POLICY_ARN,
  REGION_CODE,
  SNS_TOPIC_ARN,
} from "../constructs/checks/patterns";
import type { ActionScheduleProps, RunningScheduleProps } from "../constructs/props";
import { BACKEND_TYPES, type Config } from "./config";

// The shape of the config file: its keys and the types of their values. What values mean is checked on the props, by
// the constructs. Each `error` says what is expected there. `pattern` and `minimum` in a meta serve editors only.

const text = (expected: string) => z.string({ error: expected });
const flag = () => z.boolean({ error: "true or false" });
const wholeNumber = (expected: string) => z.int({ error: expected });
const list = <Item extends z.ZodType>(item: Item, expected: string) => z.array(item, { error: expected });
const byName = <Value extends z.ZodType>(value: Value, expected: string) =>
  z.record(z.string(), value, { error: expected });
const oneOrMany = <Item extends z.ZodType>(item: Item, expected: string) =>
  z.union([item, list(item, expected)], { error: expected });

/** A mapping with these keys only. For an unknown one the error names the known, from which a near miss is found. */
function block<Shape extends z.ZodRawShape>(shape: Shape, expected: string) {
  const known = Object.keys(shape).join(" ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? known : expected),
  });
}

const name = (of: string) => text(`the name of a ${of}`);
const region = (expected: string) => text(expected).meta({ pattern: REGION_CODE.source });
const date = text("a date as yyyy-mm-dd").meta({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
const timezone = text("an IANA time zone, such as Asia/Seoul");
const arn = (of: string, form: RegExp) => text(`the ARN of ${of}`).meta({ pattern: form.source });
const tagFilter = byName(
  oneOrMany(text("a tag's value as text"), "a tag's value as text, or a list of such values"),
  "tag keys, each with a value or a list of values",
);

const functions = block(
  {
    timeoutSeconds: wholeNumber("seconds as a whole number")
      .meta({ minimum: 1, maximum: 900 })
      .describe("How long a run may take, in seconds. Default: 60.")
      .exactOptional(),
    memoryMb: wholeNumber("MB as a whole number")
      .meta({ minimum: 128, maximum: 10_240 })
      .describe("Memory of a function, in MB. Default: 256.")
      .exactOptional(),
    logRetentionDays: wholeNumber("days as a whole number")
      .meta({ minimum: 1 })
      .describe("Days for which logs are kept, one of the periods that CloudWatch Logs knows. Default: 30.")
      .exactOptional(),
    runtime: text("a Lambda runtime, such as nodejs22.x")
      .describe("Node.js runtime of the functions. Default: nodejs22.x.")
      .exactOptional(),
    architecture: z
      .enum(["arm64", "x86_64"], { error: "arm64 or x86_64" })
      .describe("Processor of the functions. Default: arm64.")
      .exactOptional(),
    stopName: text("the name of a function")
      .describe("Full name of the function that stops. Default: <name>-StopEC2Instances.")
      .exactOptional(),
    startName: text("the name of a function")
      .describe("Full name of the function that starts. Default: <name>-StartEC2Instances.")
      .exactOptional(),
  },
  "settings of the functions, such as timeoutSeconds",
).describe("Settings of the two Lambda functions.");

const adoptedFunction = block(
  {
    name: text("the name of a function").describe("Its name."),
    logGroup: flag()
      .describe("Whether its log group exists, and so is adopted too. Default: false.")
      .exactOptional(),
  },
  "a function: its name",
);

const target = block(
  {
    instanceIds: list(
      text("an instance id as text").meta({ pattern: "^i-([0-9a-f]{8}|[0-9a-f]{17})$" }),
      "a list of instance ids",
    )
      .describe("Instances by id, all in one region.")
      .exactOptional(),
    tags: tagFilter
      .describe("Instances by tag: all keys must match, each with any of its literal values.")
      .exactOptional(),
    exclude: tagFilter
      .describe("Any matching key excludes an instance, one named by id too.")
      .exactOptional(),
    regions: list(region("an AWS region code as text"), "a list of AWS region codes")
      .describe("Regions to look in. Default: the region of the functions.")
      .exactOptional(),
  },
  "a target: instanceIds, tags or both",
).describe("Instances by id, by tag, or the union of both.");

const schedule = block(
  {
    action: z
      .enum(["start", "stop"], { error: "start or stop" })
      .describe("What to do at the times of `expression`.")
      .exactOptional(),
    expression: text("an expression as text, such as cron(0 20 ? * MON-FRI *)")
      .describe("cron(...), rate(...), or with trigger `scheduler` at(...), read in the schedule's zone.")
      .exactOptional(),
    running: oneOrMany(
      text("a window as text, such as MON-FRI 08:00-20:00"),
      "a window such as MON-FRI 08:00-20:00, or a list of windows",
    )
      .describe("Windows in which the targets run, instead of `action` and `expression`: DAYS HH:MM-HH:MM.")
      .exactOptional(),
    targets: oneOrMany(name("target"), "the name of a target, or a list of names").describe(
      "What to start or stop: names in `targets`.",
    ),
    timezone: timezone
      .describe("IANA zone of this schedule. Default: the config's `timezone`.")
      .exactOptional(),
    enabled: flag().describe("false deploys the schedule switched off. Default: true.").exactOptional(),
    description: text("a description as text").describe("Default: the firing in words.").exactOptional(),
    holidays: name("calendar in `holidays`")
      .describe("Calendar in `holidays`: no start on its dates.")
      .exactOptional(),
    stopOnHolidays: flag().describe("Whether a stop runs on holidays too. Default: true.").exactOptional(),
    latestMinutes: wholeNumber("minutes as a whole number")
      .meta({ minimum: 2, maximum: 1_440 })
      .describe(
        "How late a firing may still change anything, in minutes. Default: 60, or less where the opposite action on the same targets follows sooner.",
      )
      .exactOptional(),
    hibernate: flag().describe("Stop by hibernating where the instance can. Default: false.").exactOptional(),
  },
  "a schedule: targets with action and expression, or with running",
)
  .meta({ anyOf: [{ required: ["action", "expression"] }, { required: ["running"] }] })
  .describe("An action at the times of an expression, or windows in which the targets run.");

const alerts = block(
  {
    snsTopicArn: arn("an SNS topic", SNS_TOPIC_ARN)
      .describe("Existing topic that alarms go to.")
      .exactOptional(),
    email: text("an e-mail address").describe("Address that a new topic sends to.").exactOptional(),
    missedFirings: flag()
      .describe("Also an alarm for each schedule on having missed its firing. Default: true.")
      .exactOptional(),
  },
  "alerts: snsTopicArn or email",
).describe("Tell somebody about what failed or did not run: exactly one of snsTopicArn and email.");

const adopt = block(
  {
    role: block(
      {
        name: text("the name of a role").describe("Its name, without the path."),
        path: text("a path such as /service-role/")
          .describe("Its path as it is. Default: /.")
          .exactOptional(),
        description: text("a description as text").describe("Its description as it is.").exactOptional(),
        keepPolicyArns: list(arn("a policy", POLICY_ARN), "a list of ARNs of policies")
          .describe("Managed policies that stay attached. Default: none.")
          .exactOptional(),
      },
      "a role: its name",
    )
      .describe("The role that the functions run with.")
      .exactOptional(),
    functions: block(
      {
        stop: adoptedFunction.describe("The function that stops.").exactOptional(),
        start: adoptedFunction.describe("The function that starts.").exactOptional(),
      },
      "functions: stop, start or both",
    )
      .describe("Functions by what they do.")
      .exactOptional(),
    schedules: byName(
      z.union(
        [
          block(
            { rule: text("the name of a rule"), targetId: text("the id of the rule's target") },
            "a rule with the id of its target",
          ),
          block(
            { group: text("the name of a schedule group"), name: text("the name of a schedule") },
            "a schedule with its group",
          ),
        ],
        { error: "rule with targetId, or group with name" },
      ),
      "existing rules or schedules, by the name of the schedule that they fire",
    )
      .describe("What fires each schedule, by its name (staging-hours-start for the start of a window).")
      .exactOptional(),
  },
  "what exists already: role, functions, schedules",
).describe("Existing things to take over by import blocks, instead of making new ones.");

const backendArguments = byName(z.unknown(), "the backend's arguments by name").describe(
  "Its arguments, as Terraform spells them.",
);
const backend = block(
  {
    azurerm: backendArguments.exactOptional(),
    cloud: backendArguments.exactOptional(),
    gcs: backendArguments.exactOptional(),
    http: backendArguments.exactOptional(),
    local: backendArguments.exactOptional(),
    remote: backendArguments.exactOptional(),
    s3: backendArguments.exactOptional(),
  },
  `a backend: one of ${BACKEND_TYPES.join(", ")}, with its arguments`,
)
  .refine((backends) => Object.keys(backends).length === 1, { error: "one backend" })
  .meta({ minProperties: 1, maxProperties: 1 })
  .describe("Terraform's backend with its arguments, passed on as written. Default: a local state file.");

/** The config file. */
export const configSchema = block(
  {
    name: text("a name as text")
      .meta({ pattern: NAME_PREFIX.source })
      .describe("Prefix of every name, unique in the AWS account. Default: ec2-start-stop.")
      .exactOptional(),
    region: region("an AWS region code, such as ap-northeast-2").describe(
      "Region in which the functions run.",
    ),
    timezone: timezone.describe("Default IANA zone of every schedule. Default: UTC.").exactOptional(),
    trigger: z
      .enum(["event-rule", "scheduler"], { error: "event-rule or scheduler" })
      .describe(
        "event-rule: EventBridge rules, which read UTC. scheduler: EventBridge Scheduler, in the zone itself. Default: event-rule.",
      )
      .exactOptional(),
    code: z
      .enum(["archive", "zip"], { error: "archive or zip" })
      .describe(
        "archive: zipped by Terraform (provider hashicorp/archive). zip: the prebuilt zip. Default: archive.",
      )
      .exactOptional(),
    functions: functions.exactOptional(),
    targets: byName(target, "targets by name").describe(
      "What to start and stop, by a name that schedules use.",
    ),
    schedules: byName(schedule, "schedules by name").describe("When to do it, by name."),
    holidays: byName(list(date, "a list of dates as yyyy-mm-dd"), "calendars by name")
      .describe("Calendars of dates, by a name that schedules use.")
      .exactOptional(),
    alerts: alerts.exactOptional(),
    kmsKeyArns: list(arn("a KMS key", KMS_KEY_ARN), "a list of ARNs of KMS keys")
      .describe("Customer-managed keys that encrypt the instances' volumes.")
      .exactOptional(),
    permissionsBoundaryArn: arn("a policy", POLICY_ARN)
      .describe("Policy that bounds every role made here.")
      .exactOptional(),
    allowedAccountIds: list(
      text("an account id of 12 digits as text, in quotes").meta({ pattern: ACCOUNT_ID.source }),
      "a list of account ids",
    )
      .describe("The only accounts in which a plan may succeed.")
      .exactOptional(),
    maxInstances: wholeNumber("a whole number of instances")
      .meta({ minimum: 1 })
      .describe("A run that finds more instances by tags changes nothing and fails. Default: 1000.")
      .exactOptional(),
    holdTag: text("a tag's key")
      .describe(
        "Key of the tag that makes the functions leave an instance alone. Default: ec2-start-stop:hold.",
      )
      .exactOptional(),
    tags: byName(text("a tag's value as text"), "tag keys, each with a value")
      .describe("Tags on every resource made here that takes tags.")
      .exactOptional(),
    adopt: adopt.exactOptional(),
    backend: backend.exactOptional(),
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
type ConfigFile = Omit<Config, "schedules"> & {
  readonly schedules: Readonly<Record<string, EitherSchedule>>;
};
true satisfies Same<Fields<z.infer<typeof configSchema>>, Fields<ConfigFile>>;

import { describe, expect, it } from "@jest/globals";
import {
  type ExpectedRole,
  type ExpectedTarget,
  expectedOf,
} from "../../../../cli/commands/doctor/expectation";
import type { Config } from "../../../../config";
import { OFFICE, PAIR } from "../../../constructs/props";
import { synthesize } from "../../../constructs/synthesize";
import { Applied } from "./applied";
import { ACCOUNT, deploymentOf, NOW } from "./deployment-of";

const ALERTS = { alerts: { email: "ops@example.com" } } as const;
const CHECKED = {
  ...PAIR,
  targets: { dev: { ...PAIR.targets.dev, checks: { systemd: ["nginx"] } } },
} as const satisfies Config;

const CONFIGS: Readonly<Record<string, Config>> = {
  "of a pair": PAIR,
  "that only stops": { ...PAIR, schedules: { "dev-stop": PAIR.schedules["dev-stop"] } },
  "with something of everything": OFFICE,
  "with something of everything, by Scheduler": { ...OFFICE, trigger: "scheduler" },
  "with alerts": { ...OFFICE, ...ALERTS },
  "with alerts, by Scheduler": { ...OFFICE, trigger: "scheduler", ...ALERTS },
  "with alerts and checks": { ...CHECKED, ...ALERTS },
  "with alerts to a topic": {
    ...CHECKED,
    alerts: { snsTopicArn: "arn:aws:sns:us-east-1:210987654321:ops", missedFirings: false },
  },
  "with settings of all kinds": {
    ...PAIR,
    functions: {
      timeoutSeconds: 90,
      memoryMb: 512,
      architecture: "x86_64",
      runtime: "nodejs20.x",
      stopName: "halt",
    },
    holdTag: "${keep}",
    maxInstances: 7,
    kmsKeyArns: ["arn:aws:kms:ap-northeast-2:123456789012:key/0b1c"],
    permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/bounds",
    targets: { dev: { tags: { "<time>": "${x} %{y} $${z}" } } },
  },
  "with adopted rules": {
    ...PAIR,
    adopt: {
      role: {
        name: "EC2StartStopRole",
        path: "/service-role/",
        keepPolicyArns: ["arn:aws:iam::aws:policy/Kept"],
      },
      functions: { stop: { name: "StopEC2Instances", logGroup: true } },
      schedules: { "dev-stop": { rule: "NightlyStop", targetId: "Id1" } },
    },
  },
  "with an adopted schedule": {
    ...PAIR,
    trigger: "scheduler",
    adopt: { schedules: { "dev-stop": { group: "default", name: "NightlyStop" } } },
  },
};

describe.each(Object.entries(CONFIGS))(
  "what is expected of a config %s is what it synthesizes:",
  (_, config) => {
    const expected = expectedOf(deploymentOf(config), ACCOUNT, NOW);
    const applied = new Applied(synthesize(config), config.region);

    it("its functions", () => {
      const made = applied.all("aws_lambda_function").map((lambda) => {
        const name = lambda["function_name"];
        const delivery = applied.named(
          "aws_lambda_function_event_invoke_config",
          String(name),
          "function_name",
        );
        const logs = applied.named("aws_cloudwatch_log_group", `/aws/lambda/${name}`);
        return {
          name,
          roleArn: lambda["role"],
          runtime: lambda["runtime"],
          architecture: first(lambda["architectures"]),
          timeoutSeconds: lambda["timeout"],
          memoryMb: lambda["memory_size"],
          variables: block(lambda["environment"])["variables"],
          logGroup: logs["name"],
          logRetentionDays: logs["retention_in_days"],
          maxRetries: delivery["maximum_retry_attempts"],
          maxEventAgeSeconds: delivery["maximum_event_age_in_seconds"],
          onFailureArn: block(block(delivery["destination_config"])["on_failure"])["destination"],
          deadLetterArn: block(lambda["dead_letter_config"])["target_arn"],
        };
      });
      const functions = expected.functions.map(({ action: _action, arn: _arn, ...rest }) => ({
        onFailureArn: undefined,
        deadLetterArn: undefined,
        ...rest,
      }));
      expect(byName(functions)).toEqual(byName(made));
    });

    it("their role, and the Scheduler's", () => {
      const roles = [expected.functionRole, ...(expected.scheduler ? [expected.scheduler.role] : [])];
      expect(applied.all("aws_iam_role")).toHaveLength(roles.length);
      for (const role of roles) expectRole(role);
    });

    function expectRole({
      name,
      trust,
      boundaryArn,
      policyName,
      policy,
      onlyPolicyArns,
    }: ExpectedRole): void {
      const made = applied.named("aws_iam_role", name);
      expect(trust).toEqual(JSON.parse(String(made["assume_role_policy"])));
      expect(boundaryArn).toEqual(made["permissions_boundary"]);
      const inline = applied.all("aws_iam_role_policy").find(({ role }) => role === name);
      expect(policyName).toBe(inline?.["name"]);
      expect(policy).toEqual(JSON.parse(String(inline?.["policy"])));
      const [exclusive] = applied.all("aws_iam_role_policy_attachments_exclusive");
      if (isOfFunctions(name)) expect(onlyPolicyArns).toEqual(exclusive?.["policy_arns"]);
    }

    const isOfFunctions = (name: string) => name === expected.functionRole.name;

    it("its rules and schedules", () => {
      const rules = applied.all("aws_cloudwatch_event_rule").map((rule) => {
        const target = applied.named("aws_cloudwatch_event_target", String(rule["name"]), "rule");
        const transformer = block(target["input_transformer"]);
        return {
          name: rule["name"],
          expression: rule["schedule_expression"],
          enabled: rule["state"] === "ENABLED",
          targetId: target["target_id"],
          inputPaths: transformer["input_paths"],
          ...targetPart(target, transformer["input_template"]),
        };
      });
      expect(
        byName(expected.rules.map(({ arn: _arn, functionName: _name, ...rest }) => withDeadLetters(rest))),
      ).toEqual(byName(rules));

      const schedules = applied.all("aws_scheduler_schedule").map((schedule) => ({
        group: schedule["group_name"],
        name: schedule["name"],
        expression: schedule["schedule_expression"],
        timezone: schedule["schedule_expression_timezone"],
        enabled: schedule["state"] === "ENABLED",
        ...targetPart(block(schedule["target"]), block(schedule["target"])["input"]),
      }));
      const expectedSchedules = expected.scheduler?.schedules ?? [];
      expect(
        byName(expectedSchedules.map(({ functionName: _name, ...rest }) => withDeadLetters(rest))),
      ).toEqual(byName(schedules));
      expect(expected.scheduler?.group).toEqual(applied.all("aws_scheduler_schedule_group")[0]?.["name"]);
    });

    it("its alerts", () => {
      const alarms = applied.all("aws_cloudwatch_metric_alarm");
      expect([...(expected.alerts?.alarmNames ?? [])].sort()).toEqual(
        alarms.map((alarm) => alarm["alarm_name"]).sort(),
      );
      for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([expected.alerts?.topicArn]);
      expect(expected.alerts?.queueName).toEqual(applied.all("aws_sqs_queue")[0]?.["name"]);
      expect(expected.alerts?.email).toEqual(applied.all("aws_sns_topic_subscription")[0]?.["endpoint"]);
    });
  },
);

function targetPart(target: Attributes, input: unknown) {
  const retries = block(target["retry_policy"]);
  return {
    functionArn: target["arn"],
    input,
    maxRetries: retries["maximum_retry_attempts"],
    maxEventAgeSeconds: retries["maximum_event_age_in_seconds"],
    deadLetterArn: block(target["dead_letter_config"])["arn"],
  };
}

function withDeadLetters<T extends Partial<ExpectedTarget>>(target: T) {
  return { deadLetterArn: undefined, ...target };
}

type Attributes = Readonly<Record<string, unknown>>;

/** A block as Terraform's JSON has it: alone, or in a list. */
function block(value: unknown): Attributes {
  return (Array.isArray(value) ? (value[0] ?? {}) : (value ?? {})) as Attributes;
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function byName<T extends { readonly name: unknown }>(list: readonly T[]): T[] {
  return [...list].sort((a, b) => String(a.name).localeCompare(String(b.name)));
}

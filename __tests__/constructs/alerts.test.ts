import { describe, expect, it } from "@jest/globals";
import type { Ec2StartStopProps } from "../../constructs";
import { PAIR } from "../support/props";
import {
  asAwsSeesIt,
  functionPolicy,
  ofType,
  type Synthesized,
  synthesize,
  theOne,
} from "../support/terraform/synthesize";

const TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:alerts";
const TO_TOPIC = { snsTopicArn: TOPIC, missedFirings: false };
const STOP = PAIR.schedules["dev-stop"];

function alarmNames(props: Partial<Ec2StartStopProps>): unknown[] {
  const stack = synthesize({ ...PAIR, ...props });
  return ofType(stack, "aws_cloudwatch_metric_alarm")
    .map((alarm) => alarm["alarm_name"])
    .sort();
}

function alarm(stack: Synthesized, name: string) {
  const found = ofType(stack, "aws_cloudwatch_metric_alarm").find((each) => each["alarm_name"] === name);
  if (found === undefined) throw new Error(`Expected an alarm ${name}`);
  return found;
}

describe("alerts", () => {
  it("are not created without `alerts`", () => {
    const { resource } = synthesize(PAIR);
    expect(Object.keys(resource).filter((type) => /alarm|sns|sqs|kms/.test(type))).toEqual([]);
  });

  it.each(["event-rule", "scheduler"] as const)(
    "watch functions and the dead-letter queue, with trigger %s",
    (trigger) => {
      expect(alarmNames({ alerts: TO_TOPIC, trigger })).toEqual([
        "dev.dead-letters",
        "dev.start-failed",
        "dev.stop-failed",
      ]);
    },
  );

  it("use the given topic, and create none", () => {
    const stack = synthesize({ ...PAIR, alerts: TO_TOPIC });
    for (const each of ofType(stack, "aws_cloudwatch_metric_alarm"))
      expect(each["alarm_actions"]).toEqual([TOPIC]);
    expect(Object.keys(stack.resource).filter((type) => /sns|kms/.test(type))).toEqual([]);
  });

  it.each([
    [1, 5],
    [60, 5],
    [300, 5],
    [900, 7],
  ])(
    "see a failed run of %i seconds in data that is 15 minutes late",
    (timeoutSeconds, evaluationPeriods) => {
      const stack = synthesize({ ...PAIR, alerts: TO_TOPIC, functions: { timeoutSeconds } });
      expect(alarm(stack, "dev.stop-failed")).toEqual({
        alarm_name: "dev.stop-failed",
        alarm_description: expect.stringContaining("ec2-start-stop logs --failed"),
        namespace: "AWS/Lambda",
        metric_name: "AsyncEventsDropped",
        dimensions: { FunctionName: expect.stringMatching(/^\$\{aws_lambda_function\..*\.function_name\}$/) },
        statistic: "Sum",
        period: 300,
        evaluation_periods: evaluationPeriods,
        datapoints_to_alarm: 1,
        threshold: 1,
        comparison_operator: "GreaterThanOrEqualToThreshold",
        treat_missing_data: "notBreaching",
        alarm_actions: [TOPIC],
        lifecycle: { create_before_destroy: true },
      });
    },
  );

  it("count what arrives in the dead-letter queue, not what lies in it", () => {
    expect(alarm(synthesize({ ...PAIR, alerts: TO_TOPIC }), "dev.dead-letters")).toMatchObject({
      namespace: "AWS/SQS",
      metric_name: "NumberOfMessagesSent",
      statistic: "Sum",
      evaluation_periods: 4,
      datapoints_to_alarm: 1,
    });
  });
});

describe("alerts of a config with checks", () => {
  const checks = { systemd: ["nginx"] };
  const checked = { ...PAIR, targets: { dev: { ...PAIR.targets.dev, checks } } };
  const stack = synthesize({ ...checked, alerts: { email: "ops@example.com", missedFirings: false } });
  it("are not created for a config in which checks never run", () => {
    const plain = (props: Partial<Ec2StartStopProps>) => {
      const { resource } = synthesize({ ...checked, ...props, alerts: TO_TOPIC });
      return JSON.stringify(resource);
    };
    for (const text of [plain({ targets: PAIR.targets }), plain({ schedules: { "dev-stop": STOP } })]) {
      expect(text).toContain("AsyncEventsDropped");
      expect(text).not.toMatch(/on_failure|sns:Publish/);
    }
  });

  it("send the record of a failed start to the topic, which names services", () => {
    const destinations = Object.fromEntries(
      Object.entries(stack.resource["aws_lambda_function_event_invoke_config"] ?? {}).map(([id, it]) => [
        id.includes("start") ? "start" : "stop",
        it["destination_config"],
      ]),
    );
    const topic = expect.stringMatching(/^\$\{aws_sns_topic\.[\w-]+\.arn\}$/);
    expect(destinations).toEqual({ start: { on_failure: { destination: topic } }, stop: undefined });
  });

  it("let the functions' role publish, and use the topic's key", () => {
    expect(functionPolicy(stack).at(-1)).toEqual({
      Sid: "PublishFailedStarts",
      Effect: "Allow",
      Action: ["sns:Publish"],
      Resource: ["arn:aws:sns:ap-northeast-2:123456789012:dev-alerts"],
    });
    const key = theOne(stack, "aws_kms_key");
    expect(key["depends_on"]).toEqual([expect.stringMatching(/^aws_iam_role\./)]);
    expect(JSON.parse(asAwsSeesIt(String(key["policy"]))).Statement.at(-1)).toEqual({
      Sid: "FunctionsEncrypt",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:role/dev-functions-ap-northeast-2" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
  });

  it("name an adopted role with its path", () => {
    const adopt = { role: { name: "Hand-made", path: "/service-role/" } };
    const adopted = synthesize({ ...checked, adopt, alerts: { email: "ops@example.com" } });
    expect(asAwsSeesIt(String(theOne(adopted, "aws_kms_key")["policy"]))).toContain(
      '"arn:aws:iam::123456789012:role/service-role/Hand-made"',
    );
  });

  it("go to an existing topic, whose policy is not changed", () => {
    const own = synthesize({ ...checked, alerts: TO_TOPIC });
    expect(functionPolicy(own).at(-1)).toMatchObject({ Action: ["sns:Publish"], Resource: [TOPIC] });
    expect(JSON.stringify(own.resource["aws_lambda_function_event_invoke_config"])).toContain(TOPIC);
    expect(Object.keys(own.resource).filter((type) => /sns|kms/.test(type))).toEqual([]);
  });
});

describe("an alarm for missed firings", () => {
  const made = (schedules: Ec2StartStopProps["schedules"], more: Partial<Ec2StartStopProps> = {}) =>
    synthesize({ ...PAIR, trigger: "scheduler", alerts: { snsTopicArn: TOPIC }, ...more, schedules });
  const missed = (stack: Synthesized) =>
    ofType(stack, "aws_cloudwatch_metric_alarm")
      .map((it) => String(it["alarm_name"]))
      .filter((name) => name.startsWith("dev.missed-"));

  it("holds what the watch announced and found due against the runs that have begun", () => {
    const stack = synthesize({ ...PAIR, alerts: { snsTopicArn: TOPIC } });
    const metric = (metricName: string) => ({
      namespace: "Ec2StartStop",
      metric_name: metricName,
      dimensions: {
        FunctionName: expect.stringContaining("aws_lambda_function"),
        Action: "stop",
        Schedule: "dev-stop",
      },
      period: 300,
      stat: "Maximum",
    });
    expect(alarm(stack, "dev.missed-dev-stop")).toMatchObject({
      metric_query: [
        {
          id: "missed",
          expression: "IF(announced == 1 AND state == 1, 1, 0)",
          label: "Missed firings",
          return_data: true,
        },
        { id: "announced", metric: metric("FiringAnnounced") },
        { id: "state", metric: metric("FiringState") },
      ],
      evaluation_periods: 13,
      datapoints_to_alarm: 1,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      treat_missing_data: "notBreaching",
    });
  });

  it.each([
    "cron(0 20 ? * MON-FRI *)",
    "cron(0 20 1 * ? *)",
    "cron(0 20 ? 1-3 MON-FRI *)",
    "cron(0/5 * * * ? *)",
    "at(2027-01-01T20:00:00)",
  ])("is there for every enabled schedule, and for the watch that knows when it fires: %s", (expression) => {
    const one = { ...STOP, expression };
    const stack = made({ one, two: { ...one, enabled: false } });
    expect(missed(stack)).toEqual(["dev.missed-one", "dev.missed-watch"]);
    const watch = ofType(stack, "aws_scheduler_schedule").find(({ name }) => name === "watch");
    expect(watch).toMatchObject({ schedule_expression: "cron(10,40 * * * ? *)", state: "ENABLED" });
    const { input = "{}" } = (watch?.["target"] ?? {}) as { input?: string };
    const { schedules } = JSON.parse(input);
    expect(schedules).toEqual([{ name: "one", action: "stop", expression, timezone: "Asia/Seoul" }]);
  });

  it("counts the hours without a run of a rate, which the watch does not know", () => {
    const stack = made({ one: { ...STOP, expression: "rate(2 days)" } });
    expect(missed(stack)).toEqual(["dev.missed-one"]);
    expect(alarm(stack, "dev.missed-one")).toMatchObject({
      metric_name: "FiringState",
      statistic: "SampleCount",
      period: 3600,
      evaluation_periods: 50,
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      treat_missing_data: "breaching",
      ok_actions: [TOPIC],
    });
    expect(ofType(stack, "aws_scheduler_schedule")).toHaveLength(1);
    expect(missed(made({ one: { ...STOP, expression: "rate(14 days)" } }))).toEqual([]);
  });

  it("can be left out, with the watch", () => {
    const stack = made({ one: { ...STOP, expression: "cron(0 20 * * ? *)" } }, { alerts: TO_TOPIC });
    expect(missed(stack)).toEqual([]);
    expect(ofType(stack, "aws_scheduler_schedule")).toHaveLength(1);
  });
});

describe("a topic created for an e-mail address", () => {
  const stack = synthesize({ ...PAIR, alerts: { email: "ops@example.com" } });
  const onlyOwnAlarms = {
    StringEquals: { "aws:SourceAccount": "123456789012" },
    ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:dev.*" },
  };

  it("sends to the address, encrypted with a key that alarms may use", () => {
    expect(theOne(stack, "aws_sns_topic_subscription")).toMatchObject({
      protocol: "email",
      endpoint: "ops@example.com",
    });
    expect(theOne(stack, "aws_sns_topic")["kms_master_key_id"]).toMatch(/^\$\{aws_kms_key\.\w+\.arn\}$/);
    const key = theOne(stack, "aws_kms_key");
    expect(key["enable_key_rotation"]).toBe(true);
    const [, forAlarms] = JSON.parse(asAwsSeesIt(String(key["policy"]))).Statement;
    expect(forAlarms).toEqual({
      Sid: "AlarmsEncrypt",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
    });
  });

  it("accepts messages from the alarms of this config only", () => {
    const { Statement } = JSON.parse(asAwsSeesIt(String(theOne(stack, "aws_sns_topic_policy")["policy"])));
    expect(Statement).toEqual([expect.objectContaining({ Action: "sns:Publish", Condition: onlyOwnAlarms })]);
  });
});

describe("the dead-letter queue", () => {
  it("is encrypted and keeps them for two weeks", () => {
    expect(theOne(synthesize({ ...PAIR, alerts: TO_TOPIC }), "aws_sqs_queue")).toEqual({
      name: "dev-dlq",
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
      lifecycle: { create_before_destroy: true },
    });
  });

  it("gets those of rules, and none of functions", () => {
    const stack = synthesize({ ...PAIR, alerts: TO_TOPIC });
    const queue = expect.stringMatching(/^\$\{aws_sqs_queue\.[\w-]+\.arn\}$/);
    for (const target of ofType(stack, "aws_cloudwatch_event_target")) {
      expect(target["dead_letter_config"]).toEqual({ arn: queue });
    }
    for (const config of ofType(stack, "aws_lambda_function_event_invoke_config")) {
      expect(config).not.toHaveProperty("destination_config");
    }
    expect(JSON.stringify(functionPolicy(stack))).not.toContain("sqs:");
    const { Statement } = JSON.parse(asAwsSeesIt(String(theOne(stack, "aws_sqs_queue_policy")["policy"])));
    expect(Statement).toEqual([
      expect.objectContaining({
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Condition: expect.objectContaining({ ArnLike: expect.anything() }),
      }),
    ]);
  });

  it("gets those of schedules by their own role", () => {
    const stack = synthesize({ ...PAIR, alerts: TO_TOPIC, trigger: "scheduler" });
    const [schedule] = ofType(stack, "aws_scheduler_schedule");
    expect(schedule?.["target"]).toMatchObject({
      dead_letter_config: { arn: expect.stringContaining("aws_sqs_queue") },
    });
    const policy = ofType(stack, "aws_iam_role_policy").find(({ name }) => name === "invoke-functions");
    expect(JSON.parse(String(policy?.["policy"])).Statement[1]).toMatchObject({
      Action: ["sqs:SendMessage"],
    });
    expect(stack.resource["aws_sqs_queue_policy"]).toBeUndefined();
  });
});

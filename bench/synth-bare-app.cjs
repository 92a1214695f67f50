const { CloudwatchEventRule } = require("@cdktf/provider-aws/lib/cloudwatch-event-rule");
const { CloudwatchEventTarget } = require("@cdktf/provider-aws/lib/cloudwatch-event-target");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { SchedulerSchedule } = require("@cdktf/provider-aws/lib/scheduler-schedule");
const { App, TerraformStack } = require("cdktf");

// Bare cdktf: the triggers that a config of `count` schedules becomes, with literal values and no checks.
const [, , trigger, count] = process.argv;
const FUNCTION = "arn:aws:lambda:ap-northeast-2:123456789012:function:bench-StopEC2Instances";
const ROLE = "arn:aws:iam::123456789012:role/bench-scheduler";
const INPUT = `{"schedule":"s","action":"stop","scheduledTime":"<aws.scheduler.scheduled-time>","targets":[{"region":"ap-northeast-2","tags":{"Team":["team-0"]}}],"timezone":"Asia/Seoul","latestMinutes":60}`;
const RETRIES = { maximumEventAgeInSeconds: 1800, maximumRetryAttempts: 2 };

function rule(stack, index) {
  const made = new CloudwatchEventRule(stack, `rule-s${index}`, {
    name: `bench-s${index}`,
    description: "Stop team-0: At 18:00, Monday through Friday (Asia/Seoul)",
    scheduleExpression: `cron(${index % 60} 9 ? * MON-FRI *)`,
    state: "ENABLED",
  });
  new CloudwatchEventTarget(stack, `target-s${index}`, {
    rule: made.name,
    targetId: "function",
    arn: FUNCTION,
    inputTransformer: { inputPaths: { time: "$.time" }, inputTemplate: INPUT },
    retryPolicy: RETRIES,
  });
}

function schedule(stack, index) {
  new SchedulerSchedule(stack, `schedule-s${index}`, {
    name: `s${index}`,
    groupName: "bench",
    description: "Stop team-0: At 18:00, Monday through Friday (Asia/Seoul)",
    scheduleExpression: `cron(${index % 60} 18 ? * MON-FRI *)`,
    scheduleExpressionTimezone: "Asia/Seoul",
    state: "ENABLED",
    flexibleTimeWindow: { mode: "OFF" },
    target: { arn: FUNCTION, roleArn: ROLE, input: INPUT, retryPolicy: RETRIES },
  });
}

const app = new App();
const stack = new TerraformStack(app, "bench");
new AwsProvider(stack, "aws", { region: "ap-northeast-2" });
for (let index = 0; index < Number(count); index++) (trigger === "scheduler" ? schedule : rule)(stack, index);
app.synth();

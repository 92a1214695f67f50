import { describe, expect, it } from "@jest/globals";
import { type Ec2StartStopProps, findProblems, formatProblem } from "../../constructs";
import { ofType, type Synthesized, synthesize, theOne } from "../support/terraform/synthesize";

const PROPS: Ec2StartStopProps = {
  name: "dev",
  region: "ap-northeast-2",
  timezone: "Asia/Seoul",
  code: "zip",
  targets: { dev: { instanceIds: ["i-0123456789abcdef0"] } },
  schedules: {
    "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
    "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
  },
};

const ROLE = { name: "EC2StartStopRole", path: "/service-role/", description: "Made by hand" };
const FUNCTIONS = {
  stop: { name: "StopEC2Instances", logGroup: true },
  start: { name: "StartEC2Instances" },
};
const RULES = {
  "dev-stop": { rule: "StopRule", targetId: "Id1" },
  "dev-start": { rule: "StartRule", targetId: "Id2" },
};
const SCHEDULES = { "dev-stop": { group: "default", name: "StopAtNight" } };

/** Import ids by resource type, in the order of the stack. */
function importIds(stack: Synthesized): string[] {
  const blocks: { to: string; id: string }[] = JSON.parse(stack.text).import ?? [];
  return blocks.map(({ to, id }) => `${to.split(".")[0]} ${id}`).sort();
}

const problemsOf = (props: Partial<Ec2StartStopProps>) =>
  findProblems({ ...PROPS, ...props }).map(formatProblem);

describe("adopting with rules", () => {
  const stack = synthesize({ ...PROPS, adopt: { role: ROLE, functions: FUNCTIONS, schedules: RULES } });

  it("imports each named resource once, and the log group only if it exists", () => {
    expect(importIds(stack)).toEqual([
      "aws_cloudwatch_event_rule StartRule",
      "aws_cloudwatch_event_rule StopRule",
      "aws_cloudwatch_event_target StartRule/Id2",
      "aws_cloudwatch_event_target StopRule/Id1",
      "aws_cloudwatch_log_group /aws/lambda/StopEC2Instances",
      "aws_iam_role EC2StartStopRole",
      "aws_lambda_function StartEC2Instances",
      "aws_lambda_function StopEC2Instances",
    ]);
  });

  it("points each import at a resource of the stack", () => {
    for (const { to } of JSON.parse(stack.text).import) {
      const [type, id] = to.split(".");
      expect(stack.resource[type]?.[id]).toBeDefined();
    }
  });

  it("keeps every argument whose change would replace a resource", () => {
    expect(theOne(stack, "aws_iam_role")).toMatchObject(ROLE);
    expect(ofType(stack, "aws_lambda_function").map((each) => each["function_name"])).toEqual([
      "StartEC2Instances",
      "StopEC2Instances",
    ]);
    expect(ofType(stack, "aws_cloudwatch_event_rule").map((each) => each["name"])).toEqual([
      "StartRule",
      "StopRule",
    ]);
    expect(ofType(stack, "aws_cloudwatch_event_target").map((each) => each["target_id"])).toEqual([
      "Id2",
      "Id1",
    ]);
  });

  it("detaches the managed policies of the role, except those in keepPolicyArns", () => {
    expect(theOne(stack, "aws_iam_role_policy_attachments_exclusive")["policy_arns"]).toEqual([]);
    const keepPolicyArns = ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"];
    const keeping = synthesize({ ...PROPS, adopt: { role: { ...ROLE, keepPolicyArns } } });
    expect(theOne(keeping, "aws_iam_role_policy_attachments_exclusive")["policy_arns"]).toEqual(
      keepPolicyArns,
    );
  });

  it("keeps the KMS key of the logs", () => {
    const logGroupKmsKeyArn = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c";
    const functions = { ...FUNCTIONS, stop: { ...FUNCTIONS.stop, logGroupKmsKeyArn } };
    const keys = ofType(synthesize({ ...PROPS, adopt: { functions } }), "aws_cloudwatch_log_group").map(
      (each) => [each["name"], each["kms_key_id"]],
    );
    expect(keys.sort()).toEqual([
      ["/aws/lambda/StartEC2Instances", undefined],
      ["/aws/lambda/StopEC2Instances", logGroupKmsKeyArn],
    ]);
  });

  it("permits rules without the prefix to invoke their functions", () => {
    const permissions = ofType(stack, "aws_lambda_permission");
    expect(permissions.map((each) => each["statement_id"]).sort()).toEqual([
      "AllowAdoptedRule-StartRule",
      "AllowAdoptedRule-StopRule",
      "AllowRulesOf-dev",
      "AllowRulesOf-dev",
    ]);
  });

  it("permits those rules to send to the dead-letter queue", () => {
    const { text } = synthesize({
      ...PROPS,
      alerts: { email: "a@example.com" },
      adopt: { schedules: RULES },
    });
    for (const rule of ["dev.*", "StopRule", "StartRule"]) expect(text).toContain(`:rule/${rule}\\"`);
  });

  it("changes no address, so that removing adopt later moves no resource", () => {
    const addresses = ({ resource }: Synthesized) =>
      Object.entries(resource).flatMap(([type, made]) => Object.keys(made).map((id) => `${type}.${id}`));
    expect(addresses(stack)).toEqual(expect.arrayContaining(addresses(synthesize(PROPS))));
  });
});

describe("adopting with EventBridge Scheduler", () => {
  const stack = synthesize({ ...PROPS, trigger: "scheduler", adopt: { schedules: SCHEDULES } });

  it("keeps an adopted schedule in its group, and creates the others in the group of the config", () => {
    expect(importIds(stack)).toEqual(["aws_scheduler_schedule default/StopAtNight"]);
    const schedules = ofType(stack, "aws_scheduler_schedule");
    expect(schedules.map((each) => [each["name"], each["group_name"]]).sort()).toEqual([
      ["StopAtNight", "default"],
      ["dev-start", expect.stringMatching(/^\$\{aws_scheduler_schedule_group\./)],
    ]);
  });

  it("permits the adopted group to use the role", () => {
    expect(stack.text).toContain(":schedule-group/default");
  });
});

describe("what cannot be adopted", () => {
  it.each([
    [
      "a schedule that is not in the config",
      { adopt: { schedules: { "dev-stpo": RULES["dev-stop"] } } },
      '`adopt.schedules.dev-stpo`: expected the name of a schedule (dev-stop, dev-start), got "dev-stpo" (did you mean dev-stop?)',
    ],
    [
      "a schedule of the other trigger",
      { adopt: { schedules: SCHEDULES } },
      "`adopt.schedules.dev-stop`: expected `rule` and `targetId`, as trigger `event-rule` needs, got one for scheduler",
    ],
    [
      "one rule for two schedules",
      { adopt: { schedules: { "dev-stop": RULES["dev-stop"], "dev-start": RULES["dev-stop"] } } },
      '`adopt.schedules.dev-start`: expected another rule than `adopt.schedules.dev-stop` has, got "StopRule"',
    ],
    [
      "a function under two names",
      { functions: { stopName: "Stopper" }, adopt: { functions: { stop: { name: "StopEC2Instances" } } } },
      '`functions.stopName`: expected the name in `adopt.functions.stop.name`, or nothing, got "Stopper"',
    ],
    [
      "a function by its ARN",
      { adopt: { functions: { stop: { name: "arn:aws:lambda:ap-northeast-2:123456789012:function:f" } } } },
      '`adopt.functions.stop.name`: expected the name of a function, not its ARN, got "arn:aws:lambda:ap-northeast-2:123456789012:function:f"',
    ],
    [
      "a key by its alias",
      {
        adopt: {
          functions: {
            stop: { ...FUNCTIONS.stop, logGroupKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:alias/logs" },
          },
        },
      },
      '`adopt.functions.stop.logGroupKmsKeyArn`: expected the ARN of a KMS key, got "arn:aws:kms:us-east-1:123456789012:alias/logs"',
    ],
    [
      "a role by its ARN",
      { adopt: { role: { name: "arn:aws:iam::123456789012:role/r" } } },
      '`adopt.role.name`: expected the name of an IAM role, without its path, got "arn:aws:iam::123456789012:role/r"',
    ],
  ] as const)("is refused: %s", (_, props, message) => {
    expect(problemsOf(props)).toEqual([message]);
  });

  it("is refused: a function for an action that no schedule has", () => {
    const { "dev-stop": only } = PROPS.schedules;
    const schedules = only ? { "dev-stop": only } : {};
    expect(problemsOf({ schedules, adopt: { functions: { start: FUNCTIONS.start } } })).toEqual([
      "`adopt.functions.start`: expected a schedule that has the action start, got none, so that function is not made",
    ]);
  });
});

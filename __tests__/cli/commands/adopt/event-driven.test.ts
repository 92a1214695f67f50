import { describe, expect, it } from "@jest/globals";
import { AwsCli } from "../../../../cli/aws/cli-commands";
import { type ExistingConfig, editConfig } from "../../../../cli/commands/adopt/config-edit";
import { collectRemovals } from "../../../../cli/commands/adopt/finding";
import { takeInventory } from "../../../../cli/commands/adopt/inventory";
import { renderModule } from "../../../../cli/commands/adopt/module-imports";
import { type Proposal, propose } from "../../../../cli/commands/adopt/proposal";
import { createColors } from "../../../../cli/terminal/tone";
import { parseConfig } from "../../../../config";
import {
  type FakeAccount,
  fakeAws,
  functionArn,
  functionNamed,
  NOW,
  REGION,
  roleNamed,
  ruleFor,
  scheduleFor,
} from "../../../support/fake-aws";

const A = "i-0123456789abcdef0";
const B = "i-08ce9b2d7eccf6d26";
const NAME = "ec2-scheduler";

/** One function of a common tutorial, which its event tells what to do. */
const CODE = `import boto3
def lambda_handler(event, context):
    ec2 = boto3.client('ec2')
    if event['action'] == 'start':
        ec2.start_instances(InstanceIds=[event['instance_id']])
    else:
        ec2.stop_instances(InstanceIds=[event['instance_id']])
`;
const ONE: FakeAccount = {
  roles: [roleNamed("Role")],
  functions: [functionNamed(NAME)],
  code: { [NAME]: { files: { "lambda_function.py": Buffer.from(CODE) } } },
};

function ruleWith(name: string, input: unknown, expression: string) {
  const target = { id: "Id1", arn: functionArn(NAME), input: JSON.stringify(input) };
  return ruleFor(NAME, { name, expression, targets: [target] });
}

const STOP = ruleWith("night", { action: "stop", instance_id: A }, "cron(0 11 ? * MON-FRI *)");
const START = ruleWith("morning", { action: "start", instance_id: A }, "cron(0 23 ? * SUN-THU *)");
const permission = (rule: string) => ({
  statementId: `by-${rule}`,
  principal: "events.amazonaws.com",
  sourceArn: `arn:aws:events:${REGION}:123456789012:rule/${rule}`,
});
const RULES: FakeAccount = {
  ...ONE,
  rules: [STOP, START],
  permissions: { [NAME]: [permission("night"), permission("morning")] },
};

async function proposalFor(
  has: FakeAccount,
  {
    existing = { file: "new.yaml", given: {} },
    module = false,
  }: { existing?: ExistingConfig; module?: boolean } = {},
): Promise<Proposal> {
  const account = fakeAws(has);
  const inventory = await takeInventory(account, REGION);
  return propose(account, inventory, { existing, now: NOW, cli: new AwsCli(REGION), module });
}

const findingOf = ({ findings }: Proposal, name: string) => findings.find((each) => each.name === name);

const WHY = "its code calls both stop and start, and its events say which: two functions take its place";
const REMOVE_FUNCTION = `aws lambda delete-function --function-name ${NAME} --region ${REGION}`;

describe("one function that its event tells what to do", () => {
  it("becomes two functions, its rules are adopted, and it goes with its role once those work", async () => {
    const proposal = await proposalFor(RULES);
    expect(proposal.additions).toEqual({
      region: REGION,
      timezone: "Asia/Seoul",
      trigger: "event-rule",
      targets: { instances: { instanceIds: [A] } },
      schedules: {
        night: { action: "stop", targets: "instances", expression: "cron(0 20 ? * MON-FRI *)" },
        morning: { action: "start", targets: "instances", expression: "cron(0 8 ? * MON-FRI *)" },
      },
      adopt: {
        schedules: {
          night: { rule: "night", targetId: "Id1" },
          morning: { rule: "morning", targetId: "Id1" },
        },
      },
    });
    expect(findingOf(proposal, NAME)).toMatchObject({ fate: "recreate", why: WHY });
    expect(findingOf(proposal, "Role")).toMatchObject({ fate: "recreate" });
    expect(findingOf(proposal, "night")).toMatchObject({ fate: "adopt", why: "schedules.night" });
    expect(collectRemovals(proposal.findings)).toEqual([
      REMOVE_FUNCTION,
      "aws iam detach-role-policy --role-name Role --policy-arn arn:aws:iam::123456789012:policy/StartStop",
      "aws iam delete-role --role-name Role",
      "aws iam delete-policy --policy-arn arn:aws:iam::123456789012:policy/StartStop",
    ]);
    await expect(parseConfig(editConfig(undefined, proposal.additions))).resolves.toBeDefined();
  });

  it("is the same with EventBridge Scheduler, whose schedules keep their zone", async () => {
    const schedule = (name: string, input: unknown, expression: string) =>
      scheduleFor(NAME, { name, expression, input: JSON.stringify(input) });
    const proposal = await proposalFor({
      ...ONE,
      schedules: [
        schedule(
          "off",
          { Action: "Stop", InstanceIds: [A, B], region: "us-east-1" },
          "cron(0 20 ? * MON-FRI *)",
        ),
        schedule(
          "on",
          { operation: "start", instances: `${B}, ${A}`, region: "us-east-1" },
          "cron(0 8 ? * MON-FRI *)",
        ),
      ],
    });
    expect(proposal.additions).toMatchObject({
      trigger: "scheduler",
      targets: { instances: { instanceIds: [A, B], regions: ["us-east-1"] } },
      schedules: {
        off: { action: "stop", targets: "instances", expression: "cron(0 20 ? * MON-FRI *)" },
        on: { action: "start", targets: "instances", expression: "cron(0 8 ? * MON-FRI *)" },
      },
      adopt: { schedules: { off: { group: "default", name: "off" }, on: { group: "default", name: "on" } } },
    });
    expect(findingOf(proposal, NAME)).toMatchObject({
      fate: "recreate",
      why: WHY,
      removal: [REMOVE_FUNCTION],
    });
  });

  it("makes a target of each input's instances", async () => {
    const more = ruleWith("late", { action: "stop", instance_id: B }, "cron(0 14 ? * * *)");
    const { additions } = await proposalFor({ ...RULES, rules: [STOP, START, more] });
    expect(additions.targets).toEqual({
      instances: { instanceIds: [A] },
      "instances-2": { instanceIds: [B] },
    });
    expect(additions.schedules).toMatchObject({ late: { targets: "instances-2" } });
  });

  it("leaves instances to be filled in that no input names", async () => {
    const proposal = await proposalFor({
      ...ONE,
      rules: [ruleWith("night", { action: "stop" }, STOP.expression ?? "")],
    });
    expect(proposal.notes).toEqual([expect.stringContaining("targets.instances.instanceIds: fill in")]);
    expect(proposal.additions.schedules).toMatchObject({ night: { action: "stop" } });
  });

  it("stays while a rule calls it of which nothing says what it does", async () => {
    const proposal = await proposalFor({ ...RULES, rules: [STOP, START, ruleFor(NAME, { name: "toggle" })] });
    expect(findingOf(proposal, NAME)).toEqual({
      ...{ kind: "function", name: NAME, fate: "recreate" },
      why: `${WHY}; toggle still calls this one`,
    });
    expect(findingOf(proposal, "toggle")).toMatchObject({ fate: "keep" });
    expect(collectRemovals(proposal.findings)).toEqual([]);
  });

  it("stays while something else may call it", async () => {
    const gateway = { statementId: "api", principal: "apigateway.amazonaws.com" };
    const proposal = await proposalFor({ ...RULES, permissions: { [NAME]: [permission("night"), gateway] } });
    expect(findingOf(proposal, NAME)).toEqual({
      ...{ kind: "function", name: NAME, fate: "recreate" },
      why: `${WHY}; apigateway.amazonaws.com may call it too: check whether it still does`,
    });
    expect(collectRemovals(proposal.findings)).toEqual([]);
  });

  it("keeps a role that another function needs", async () => {
    const proposal = await proposalFor({
      ...RULES,
      functions: [functionNamed(NAME), functionNamed("Report")],
    });
    expect(findingOf(proposal, "Role")?.removal).toBeUndefined();
    expect(findingOf(proposal, "Role")?.why).toMatch(/Report still uses this one$/);
  });

  it("is left to its CloudFormation stack, with its rules", async () => {
    const tags = { [NAME]: { "aws:cloudformation:stack-name": "scheduler" } };
    const proposal = await proposalFor({ ...RULES, tags });
    expect(findingOf(proposal, NAME)?.fate).toBe("keep");
    expect(proposal.additions.adopt).toBeUndefined();
  });

  it("is told apart from a function that does one thing, whatever its input says", async () => {
    const code = { [NAME]: { files: { "a.py": Buffer.from("ec2.stop_instances()") } } };
    const { additions } = await proposalFor({ ...RULES, code, rules: [STOP] });
    expect(additions.adopt?.functions).toEqual({ stop: { name: NAME } });
  });

  it("is obsolete once its rules call the new functions, and nothing else may call it", async () => {
    const first = await proposalFor(RULES);
    const whole = await parseConfig(editConfig(undefined, first.additions));
    const own = (action: string) =>
      functionNamed(`ec2-start-stop-${action}EC2Instances`, {
        handler: "index.handler",
        variables: { ACTION: action.toLowerCase() },
      });
    const moved = (rule: typeof STOP, action: string) => ({
      ...rule,
      targets: [
        {
          id: "Id1",
          arn: functionArn(`ec2-start-stop-${action}EC2Instances`),
          inputTemplate: '{"action":"x","scheduledTime":<time>}',
        },
      ],
    });
    const proposal = await proposalFor(
      {
        ...RULES,
        functions: [functionNamed(NAME), own("Stop"), own("Start")],
        rules: [moved(STOP, "Stop"), moved(START, "Start")],
      },
      { existing: { file: "c.yaml", text: "", given: whole, whole } },
    );
    expect(findingOf(proposal, NAME)).toMatchObject({ fate: "obsolete", removal: [REMOVE_FUNCTION] });
  });

  it("is not touched where nothing calls it and no rule of this project ever did", async () => {
    const proposal = await proposalFor({ ...ONE, permissions: RULES.permissions ?? {} });
    expect(findingOf(proposal, NAME)).toEqual({
      ...{ kind: "function", name: NAME, fate: "keep" },
      why: "its code calls both stop and start, and nothing that calls it says which",
    });
  });

  it("is a call of the module, with its rules imported", async () => {
    const proposal = await proposalFor(RULES, { module: true });
    const text = renderModule(proposal, "module.office_hours", { columns: 120, colors: createColors(false) });
    expect(text).toMatch(/schedules = \{\s+night = \{\s+rule {6}= "night"\s+target_id = "Id1"/);
    expect(text).toContain(`#   ${REMOVE_FUNCTION}`);
    expect(text).not.toContain("aws_lambda_function.this");
  });
});

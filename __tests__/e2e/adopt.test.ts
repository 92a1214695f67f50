import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetPolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { type Account, type Change, destructive, importsOf, openAccount } from "./adopting";
import { WEEK } from "./config";
import { makeRules, makeSchedules } from "./hand-made";
import { awsAt, REGION } from "./harness/aws";
import { type Deployment, readDeployment, unpack } from "./harness/deployment";
import { firingsIn } from "./harness/firings";
import { readStates } from "./harness/fleet";
import { mayInvoke } from "./harness/invoke-permission";
import { log } from "./harness/log";
import { unexpectedChanges } from "./harness/plan-changes";
import { type Simulator, startSimulator } from "./harness/simulator";
import { makeStack } from "./harness/stack";
import { describeEndToEnd } from "./harness/suite";

const CONFIG = (ids: readonly string[]) => `# Office hours of the development machines.
region: ${REGION}   # Seoul
timezone: Asia/Seoul
code: zip
targets:
  dev: { instanceIds: [${ids.join(", ")}] }   # five of them
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(30 20 ? * MON-FRI *)" } # half an hour later than so far
  dev-start: { action: start, targets: dev, expression: "cron(0 8 ? * MON-FRI *)" }
`;

describeEndToEnd("adopting two rules into a config that is written already", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const stack = await makeStack(tools, simulator.endpoint, {});
    account = await openAccount(stack, awsAt(simulator.endpoint), makeRules);
    await writeFile(account.stack.configFile, CONFIG(account.fleet.byId));
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  it("shows what it would write, and writes nothing", async () => {
    const { code, stdout } = await account.adopt();
    log(stdout);
    expect(code).toBe(0);
    expect(await readFile(account.stack.configFile, "utf8")).toBe(CONFIG(account.fleet.byId));
    expect(stdout).toContain("NightlyStop");
  });

  it("writes what is adopted below what is there", async () => {
    const { code, output } = await account.adopt("--write");
    expect({ code, output }).toMatchObject({ code: 0 });
    const text = await readFile(account.stack.configFile, "utf8");
    expect(text.startsWith(CONFIG(account.fleet.byId))).toBe(true);
    log(text);
  });

  it("plans imports and changes in place only", async () => {
    await account.stack.init();
    const plan = (await account.stack.plan()) as { resource_changes: Change[] };
    expect(importsOf(plan.resource_changes)).toEqual([
      "aws_cloudwatch_event_rule MorningStart",
      "aws_cloudwatch_event_rule NightlyStop",
      "aws_cloudwatch_event_target MorningStart/Id-MorningStart",
      "aws_cloudwatch_event_target NightlyStop/Id-NightlyStop",
      "aws_cloudwatch_log_group /aws/lambda/StopEC2Instances",
      "aws_iam_role EC2StartStopRole",
      "aws_lambda_function StartEC2Instances",
      "aws_lambda_function StopEC2Instances",
    ]);
    expect(destructive(plan.resource_changes)).toEqual([]);
  });

  itWorksAfterwards(() => account);
});

describeEndToEnd("adopting two schedules of the default group without a config", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const stack = await makeStack(tools, simulator.endpoint, {});
    await rm(stack.configFile);
    account = await openAccount(stack, awsAt(simulator.endpoint), makeSchedules);
  });
  afterAll(async () => {
    await simulator?.stop();
  });

  it("writes a config in which only the instance ids are missing", async () => {
    const { code, output } = await account.adopt("--region", REGION, "--write");
    log(output);
    expect({ code, output }).toMatchObject({ code: 0 });
    const text = await readFile(account.stack.configFile, "utf8");
    log(text);
    // The simulator hands out no code, from which the ids would be read.
    expect(text).toContain("instanceIds: []");
    const filledIn = text.replace("instanceIds: []", `instanceIds: [${account.fleet.byId.join(", ")}]`);
    await writeFile(account.stack.configFile, `code: zip\n${filledIn}`);
  });

  it("plans imports and changes in place only", async () => {
    await account.stack.init();
    const plan = (await account.stack.plan()) as { resource_changes: Change[] };
    expect(importsOf(plan.resource_changes)).toEqual([
      "aws_cloudwatch_log_group /aws/lambda/StopEC2Instances",
      "aws_iam_role EC2StartStopRole",
      "aws_lambda_function StartEC2Instances",
      "aws_lambda_function StopEC2Instances",
      "aws_scheduler_schedule default/MorningStart",
      "aws_scheduler_schedule default/NightlyStop",
    ]);
    expect(destructive(plan.resource_changes)).toEqual([]);
  });

  itWorksAfterwards(() => account);
});

/** Applied, run by what fires, planned again, with the hand-made policy still there. */
function itWorksAfterwards(current: () => Account): void {
  let deployment: Deployment;
  afterAll(() => deployment?.close());

  it("is applied, and has nothing left to change in a second plan", async () => {
    const { stack } = current();
    await stack.deploy();
    expect(unexpectedChanges(await stack.plan())).toEqual([]);
  });

  it("keeps the names that were given by hand, and lets each trigger invoke its function", async () => {
    const { aws, stack, handMade } = current();
    const bundle = join(stack.folder, "bundle");
    await unpack(await stack.archive(), bundle);
    deployment = await readDeployment(aws, bundle);
    expect(deployment.stop.deployed.name).toBe(handMade.stopName);
    expect(deployment.start.deployed.name).toBe(handMade.startName);
    expect(deployment.triggers.map(({ name }) => name).sort()).toEqual(["MorningStart", "NightlyStop"]);
    for (const trigger of deployment.triggers) {
      expect({ trigger: trigger.name, mayInvoke: await mayInvoke(aws, trigger) }).toEqual({
        trigger: trigger.name,
        mayInvoke: true,
      });
    }
  });

  it("stops and starts the instances by the adopted triggers", async () => {
    const { aws, fleet } = current();
    for (const [runner, wanted] of [
      [deployment.stop, "stopped"],
      [deployment.start, "running"],
    ] as const) {
      const [firing] = firingsIn(runner.triggers, WEEK);
      expect(firing).toBeDefined();
      if (firing === undefined) continue;
      const { error, lines } = await runner.invoke(firing.trigger.eventAt(firing.at), firing.at);
      expect({ error, lines }).toMatchObject({ error: undefined });
      const states = await readStates(aws);
      for (const id of fleet.byId) expect(`${id} ${states[id]}`).toBe(`${id} ${wanted}`);
      for (const id of fleet.unwanted) expect(`${id} ${states[id]}`).toBe(`${id} running`);
    }
  });

  it("leaves the hand-made policy where it was, without its hold on the role", async () => {
    const { aws, handMade } = current();
    const { Policy } = await aws.iam.send(new GetPolicyCommand({ PolicyArn: handMade.policyArn }));
    expect(Policy?.PolicyName).toBe("EC2StartStopPolicy");
    const { AttachedPolicies } = await aws.iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: handMade.roleName }),
    );
    expect(AttachedPolicies).toEqual([]);
  });

  it("finds nothing more to adopt, and still tells what to remove", async () => {
    const { adopt, stack } = current();
    const before = await readFile(stack.configFile, "utf8");
    const { code, output } = await adopt("--write");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain("says all this already");
    expect(await readFile(stack.configFile, "utf8")).toBe(before);
  });
}

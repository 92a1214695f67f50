import { join } from "node:path";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, ListRolesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionCommand, ListTagsCommand } from "@aws-sdk/client-lambda";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { namesOf } from "../../model/names";
import { type Aws, REGION } from "../support/moto/aws";
import { type Chain, deployChain } from "../support/moto/chain";
import { runCommand } from "../support/moto/command";
import type { RunningFunction } from "../support/moto/deployment";
import { expectedStates, type Fleet, reportStates } from "../support/moto/fleet";
import { leftovers } from "../support/moto/leftovers";
import { PROJECT } from "../support/moto/paths";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { removeAction } from "../support/moto/role-policy";
import type { Stack } from "../support/moto/stack";
import { describeEndToEnd } from "../support/moto/suite";
import { ACCOUNT } from "../support/operating/deploy";
import { ORGANIZATION } from "../support/props";
import { expectSuccess } from "./chain";
import { configFor, WEEK } from "./config";

const { vpc, tracing, reservedConcurrency, logLevel, logGroupKmsKeyArn } = ORGANIZATION.functions;
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/deployer`;
/** EventBridge Scheduler takes no start in the past, and judges that by its own clock. */
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const [STARTS, ENDS] = [inDays(10), inDays(100)];

const OWN_ROLE = `arn:aws:iam::${ACCOUNT}:role/own/functions`;

/** Makes the functions' role with the policy that `synth` prints for it. */
async function makeOwnRole(aws: Aws, { configFile, folder, environment }: Stack): Promise<void> {
  const args = [join(PROJECT, "dist/cli.js"), "synth", "--config", configFile];
  const { stdout } = await runCommand(process.execPath, args, { cwd: folder, env: environment });
  const [, service = "", PolicyDocument = ""] =
    new RegExp(
      `^Policy that ${OWN_ROLE} needs, which (\\S+) must be allowed to assume\\n((?:  .*\\n)+)`,
      "m",
    ).exec(stdout) ?? [];
  const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const RoleName = "functions";
  await aws.iam.send(new CreateRoleCommand({ RoleName, Path: "/own/", AssumeRolePolicyDocument }));
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "printed", PolicyDocument }));
}

const organizationFor = (fleet: Fleet) => {
  const { schedules, ...config } = configFor({ trigger: "scheduler", code: "zip", alerts: true }, fleet);
  return {
    ...config,
    schedules: {
      ...schedules,
      "id-stop": { ...schedules["id-stop"], startDate: STARTS, endDate: ENDS, warnMinutes: 30 },
    },
    functions: { vpc, tracing, reservedConcurrency, logLevel, logGroupKmsKeyArn },
    roleArn: OWN_ROLE,
    rolePath: ORGANIZATION.rolePath,
    alerts: { email: "on-call@example.com", onSuccess: true },
    provider: { assumeRole: { roleArn: DEPLOYER }, defaultTags: { CostCenter: "1234" } },
    tags: { Team: "ops" },
  };
};

describeEndToEnd("an organization's own network, keys, roles and dates", {}, (tools) => {
  jest.setTimeout(300_000);
  let chain: Chain;
  beforeAll(async () => {
    chain = await deployChain(tools, organizationFor, makeOwnRole);
  });
  afterAll(() => chain?.close());

  it("are deployed as the config says", async () => {
    const { aws } = chain;
    for (const verb of ["Stop", "Start"]) {
      const FunctionName = `e2e-${verb}EC2Instances`;
      const found = await aws.lambda.send(new GetFunctionCommand({ FunctionName }));
      expect(found.Configuration).toMatchObject({
        Role: OWN_ROLE,
        VpcConfig: { SubnetIds: [...vpc.subnetIds], SecurityGroupIds: [...vpc.securityGroupIds] },
        TracingConfig: { Mode: "Active" },
      });
      expect(found.Concurrency?.ReservedConcurrentExecutions).toBe(reservedConcurrency);
      const { Tags } = await aws.lambda.send(
        new ListTagsCommand({ Resource: found.Configuration?.FunctionArn ?? "" }),
      );
      expect(Tags).toMatchObject({ CostCenter: "1234", Team: "ops" });
    }
    const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups.map(({ kmsKeyId }) => kmsKeyId)).toEqual([logGroupKmsKeyArn, logGroupKmsKeyArn]);
    const { rolePath } = ORGANIZATION;
    const { schedulerRole } = namesOf({ name: "e2e", region: REGION, rolePath });
    const { Roles = [] } = await aws.iam.send(new ListRolesCommand({}));
    expect(Roles.map(({ Path, RoleName }) => `${Path}${RoleName}`).sort()).toEqual(
      [`${rolePath}${schedulerRole}`, "/own/functions"].sort(),
    );
    const stop = await aws.scheduler.send(new GetScheduleCommand({ GroupName: "e2e", Name: "id-stop" }));
    // Midnight in Seoul, and the last second of the last day.
    expect(stop.StartDate?.toISOString()).toBe(new Date(`${STARTS}T00:00:00+09:00`).toISOString());
    expect(stop.EndDate?.toISOString()).toBe(new Date(`${ENDS}T23:59:59+09:00`).toISOString());
    const warning = await aws.scheduler.send(
      new GetScheduleCommand({ GroupName: "e2e", Name: "id-stop-warn" }),
    );
    expect(Number(stop.StartDate) - Number(warning.StartDate)).toBe(30 * 60_000);
  });

  it("leave nothing to change in a second plan", async () => {
    expect(unexpectedChanges(await chain.stack.plan())).toEqual([]);
  });

  it("let the functions run and tell the topic, with no permission beyond their role's", async () => {
    const { fire, fleet, deployment, underEnforcedIam } = chain;
    // Neither the warning nor the watch on missed firings.
    const changing = (running: RunningFunction): RunningFunction => ({
      ...running,
      triggers: running.triggers.filter(({ name }) => /^(?:id|tag-hours)-(?:stop|start)$/.test(name)),
    });
    const invocations = await underEnforcedIam(() => fire(changing(deployment.stop), WEEK));
    expectSuccess(invocations);
    expect(await reportStates(chain.aws, fleet, "after the stop")).toEqual(expectedStates(fleet, "stopped"));
    // A message that the topic does not take would be a warning.
    const lines = invocations.flatMap((invocation) => invocation.lines);
    expect(lines.filter((line) => line.includes("the message on success was not published"))).toEqual([]);
    const restore = await removeAction(chain.aws, deployment.start.deployed.roleArn, "sns:Publish");
    const refused = await underEnforcedIam(() => fire(changing(deployment.start), WEEK));
    expectSuccess(refused);
    const told = refused.flatMap((invocation) => invocation.lines);
    expect(told.filter((line) => line.includes("sns:Publish is denied"))).toHaveLength(2);
    await restore();
  });

  it("are gone when the stack is destroyed", async () => {
    await chain.stack.destroy();
    expect(await leftovers(chain.aws)).toEqual(["role functions"]);
  });
});

import { join } from "node:path";
import { GetPolicyCommand, ListAttachedRolePoliciesCommand } from "@aws-sdk/client-iam";
import { afterAll, expect, it } from "@jest/globals";
import { type Deployment, readDeployment, unpack } from "../support/moto/deployment";
import { firingsIn } from "../support/moto/firings";
import { readStates } from "../support/moto/fleet";
import { mayInvoke } from "../support/moto/invoke-permission";
import { unexpectedChanges } from "../support/moto/plan-changes";
import type { Account, Change } from "./adopting";
import { WEEK } from "./config";
import { LOG_KEY_ARN, SCHEDULES_END } from "./hand-made";

/** What takes over an account's hand-made pieces: a stack or a module's call. */
export interface Takeover {
  readonly account: Account;
  /** Where its bundle is unpacked. */
  readonly folder: string;
  apply(): Promise<void>;
  plan(): Promise<unknown>;
  /** The zip that it deploys. */
  zip(): Promise<string>;
}

/** What a plan imports, and that it destroys nothing. */
export function expectImports(plan: unknown, imports: readonly string[]): readonly Change[] {
  const { resource_changes: changes } = plan as { resource_changes: readonly Change[] };
  expect(
    changes
      .flatMap(({ type, change }) => (change.importing ? [`${type} ${change.importing.id}`] : []))
      .sort(),
  ).toEqual(imports);
  expect(
    changes
      .filter(({ change }) => change.actions.includes("delete"))
      .map(({ address, change }) => `${address}: ${change.actions.join(", ")}`),
  ).toEqual([]);
  return changes;
}

/** The same, and that it leaves the logs their key, and schedules their end. */
export function expectTakeover(plan: unknown, imports: readonly string[]): void {
  const changes = expectImports(plan, imports);
  const [logs] = changes.filter(
    ({ type, change }) => type === "aws_cloudwatch_log_group" && change.importing,
  );
  expect(logs?.change).toMatchObject({
    before: { kms_key_id: LOG_KEY_ARN },
    after: { kms_key_id: LOG_KEY_ARN },
  });
  const schedules = changes.filter(
    ({ type, change }) => type === "aws_scheduler_schedule" && change.importing,
  );
  for (const { change } of schedules) {
    expect(change).toMatchObject({
      before: { end_date: SCHEDULES_END },
      after: { end_date: SCHEDULES_END },
    });
  }
}

/** Applied, planned again, and run by what fires, with the hand-made policy still there. */
export function itTakesOver(current: () => Takeover): void {
  let deployment: Deployment;
  afterAll(() => deployment?.close());

  it("is applied, and has nothing left to change in a second plan", async () => {
    const { apply, plan } = current();
    await apply();
    expect(unexpectedChanges(await plan())).toEqual([]);
  });

  it("keeps the names that were given by hand, and lets each trigger invoke its function", async () => {
    const { account, folder, zip } = current();
    const { aws, handMade } = account;
    const bundle = join(folder, "bundle");
    await unpack(await zip(), bundle);
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
    const { aws, fleet } = current().account;
    for (const [runner, wanted] of [
      [deployment.stop, "stopped"],
      [deployment.start, "running"],
    ] as const) {
      const [firing] = firingsIn(runner.triggers, WEEK);
      if (firing === undefined) throw new Error(`Expected a firing of ${runner.deployed.name}, found none`);
      const { error, lines } = await runner.invoke(firing.trigger.eventAt(firing.at), firing.at);
      expect({ error, lines }).toMatchObject({ error: undefined });
      const states = await readStates(aws);
      for (const id of fleet.byId) expect(`${id} ${states[id]}`).toBe(`${id} ${wanted}`);
      for (const id of fleet.unwanted) expect(`${id} ${states[id]}`).toBe(`${id} running`);
    }
  });

  it("leaves the hand-made policy where it was, without its hold on the role", async () => {
    const { aws, handMade } = current().account;
    const { Policy } = await aws.iam.send(new GetPolicyCommand({ PolicyArn: handMade.policyArn }));
    expect(Policy?.PolicyName).toBe("EC2StartStopPolicy");
    const { AttachedPolicies } = await aws.iam.send(
      new ListAttachedRolePoliciesCommand({ RoleName: handMade.roleName }),
    );
    expect(AttachedPolicies).toEqual([]);
  });
}

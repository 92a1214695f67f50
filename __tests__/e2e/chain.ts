import { readFile } from "node:fs/promises";
import { CreateTagsCommand, DeleteTagsCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { REGION } from "../support/moto/aws";
import { type Chain, deployChain } from "../support/moto/chain";
import { sha256 } from "../support/moto/deployment";
import { firingsIn } from "../support/moto/firings";
import { expectedStates, readStates, reportStates } from "../support/moto/fleet";
import { mayInvoke } from "../support/moto/invoke-permission";
import type { Invocation } from "../support/moto/lambda-runtime";
import { leftovers } from "../support/moto/leftovers";
import { log } from "../support/moto/log";
import { LAMBDA_ZIP } from "../support/moto/paths";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { removeAction } from "../support/moto/role-policy";
import { type Observation, runningHours, totalHours } from "../support/moto/running-hours";
import { describeEndToEnd } from "../support/moto/suite";
import {
  CHECKS,
  type ChainOptions,
  configFor,
  INTENDED_HOURS,
  INTENDED_TOTALS,
  MONDAY,
  WEEK,
} from "./config";

/** What the Lambda console's Test button sends unless it is edited. */
const CONSOLE_TEST_EVENT = { key1: "value1", key2: "value2", key3: "value3" };

/** The chain that `beforeAll` deploys, for tests that are declared before it runs. */
type CurrentChain = () => Chain;

/** The whole way from a config file to instances that stop and start, with the product as it is shipped. */
export function describeShippedChain(options: ChainOptions): void {
  const title = `the shipped stack with trigger: ${options.trigger} and code: ${options.code}`;
  describeEndToEnd(title, { archiveProvider: options.code === "archive" }, (tools) => {
    jest.setTimeout(300_000);
    let chain: Chain;
    beforeAll(async () => {
      log(title);
      chain = await deployChain(tools, (fleet) => configFor(options, fleet));
    });
    afterAll(() => chain?.close());

    itIsDeployedAsBuilt(() => chain, options);
    itStopsAndStarts(() => chain);
    // How Terraform got the code changes nothing of what follows.
    if (options.code === "archive") return;
    itLivesOnItsRole(() => chain);
    if (options.alerts) itWatches(() => chain);
    if (options.checks) itLooksAtServices(() => chain);
    itKeepsTheIntendedHours(() => chain);
    itLeavesNothingBehind(() => chain);
  });
}

function itIsDeployedAsBuilt(current: CurrentChain, options: ChainOptions): void {
  it("deploys exactly the bytes that were built", async () => {
    const { deployment, stack } = current();
    const built = sha256(await readFile(options.code === "zip" ? LAMBDA_ZIP : await stack.archive()));
    expect(deployment.stop.deployed.codeSha256).toBe(built);
    expect(deployment.start.deployed.codeSha256).toBe(built);
  });

  it("makes a stop and a start for each target", () => {
    const { stop, start, triggers } = current().deployment;
    expect(stop.triggers).toHaveLength(2);
    expect(start.triggers).toHaveLength(2);
    expect(triggers).toHaveLength(4);
  });

  it("lets each trigger invoke its function", async () => {
    const { aws, deployment } = current();
    const { triggers, watch } = deployment;
    for (const trigger of watch === undefined ? triggers : [...triggers, watch]) {
      expect({ trigger: trigger.name, mayInvoke: await mayInvoke(aws, trigger) }).toEqual({
        trigger: trigger.name,
        mayInvoke: true,
      });
    }
  });

  it("has nothing left to change in a second plan", async () => {
    expect(unexpectedChanges(await current().stack.plan())).toEqual([]);
  });
}

function itStopsAndStarts(current: CurrentChain): void {
  it("stops what is wanted and starts it again, from the inputs that AWS holds", async () => {
    const { fire, deployment } = current();
    await expectStates(current(), "running", "before the stop");
    expectSuccess(await fire(deployment.stop, WEEK));
    await expectStates(current(), "stopped", "after the stop");
    expectSuccess(await fire(deployment.start, WEEK));
    await expectStates(current(), "running", "after the start");
  });

  it("leaves everything as it is when a firing comes hours late, and says so", async () => {
    const { fire, deployment } = current();
    const invocations = await fire(deployment.stop, WEEK, 180);
    expectSuccess(invocations);
    expect(invocations.map(({ result }) => result)).toMatchObject([
      { status: "skipped", reason: expect.any(String) },
      { status: "skipped", reason: expect.any(String) },
    ]);
    await expectStates(current(), "running", "after a stop that came three hours late");
  });

  it("does the same on the console's untouched test event", async () => {
    const { stop, start } = current().deployment;
    expectSuccess([await stop.invoke(CONSOLE_TEST_EVENT, MONDAY)]);
    await expectStates(current(), "stopped", "after the stop function's test event");
    expectSuccess([await start.invoke(CONSOLE_TEST_EVENT, MONDAY)]);
    await expectStates(current(), "running", "after the start function's test event");
  });
}

function itLivesOnItsRole(current: CurrentChain): void {
  it("needs no permission beyond its role's", async () => {
    const { fire, deployment, underEnforcedIam } = current();
    expectSuccess(await underEnforcedIam(() => fire(deployment.stop, WEEK)));
    await expectStates(current(), "stopped", "after the stop under enforced IAM");
    expectSuccess(await underEnforcedIam(() => fire(deployment.start, WEEK)));
    await expectStates(current(), "running", "after the start under enforced IAM");
  });

  it("refuses to stop other instances, and could not if its own environment named them", async () => {
    const { fleet, deployment, underEnforcedIam } = current();
    const targets = [{ region: REGION, instanceIds: fleet.unwanted }];
    const request = { schedule: "stray", action: "stop", targets };
    const { error } = await deployment.stop.invoke(request, MONDAY);
    expect(error?.message).toMatch(/refused.*to be an instance of this deployment/);
    const variables = { TARGETS: JSON.stringify(targets) };
    const { error: denial } = await underEnforcedIam(() =>
      deployment.stop.invoke(request, MONDAY, { variables }),
    );
    expect(denial?.message).toContain("ec2:StopInstances");
    await expectStates(current(), "running", "after a stop of the unwanted was refused");
  });

  it("names the permission when its role lacks it", async () => {
    const { aws, fire, deployment, underEnforcedIam } = current();
    const restore = await removeAction(aws, deployment.stop.deployed.roleArn, "ec2:StopInstances");
    try {
      const invocations = await underEnforcedIam(() => fire(deployment.stop, WEEK));
      expect(invocations).toHaveLength(2);
      for (const { error } of invocations) expect(error?.message).toContain("ec2:StopInstances");
    } finally {
      await restore();
    }
    await expectStates(current(), "running", "after stops without ec2:StopInstances");
  });
}

function itLooksAtServices(current: CurrentChain): void {
  const look = (targets: readonly object[]) => ({
    schedule: "look",
    action: "start",
    checkOnly: true,
    targets,
  });

  it("sees after a start what runs inside the instances, by its role's permissions", async () => {
    const { fire, fleet, deployment, underEnforcedIam } = current();
    const invocations = await underEnforcedIam(() => fire(deployment.start, WEEK));
    expectSuccess(invocations);
    const none = { failed: 0, unchecked: 0, pending: 0 };
    expect(invocations.map(({ result }) => servicesOf(result))).toEqual(
      [fleet.byId, fleet.byTag].map(({ length }) => ({ ...none, passed: length })),
    );
  });

  it("names what does not run, and where, in the error that the alert shows", async () => {
    const { aws, fleet, deployment } = current();
    const [down = ""] = fleet.byId;
    const tag = { Resources: [down], Tags: [{ Key: "InactiveUnits", Value: "nginx" }] };
    await aws.ec2[REGION]?.send(new CreateTagsCommand(tag));
    try {
      const targets = [{ region: REGION, instanceIds: fleet.byId, checks: true }];
      const { error } = await deployment.start.invoke(look(targets), MONDAY);
      expect(error?.message).toContain(`${down} (${REGION}): systemd nginx inactive`);
      expect(error?.message).toContain(
        `services: 1 failed, 0 unchecked, 0 pending, ${fleet.byId.length - 1} passed`,
      );
    } finally {
      await aws.ec2[REGION]?.send(new DeleteTagsCommand(tag));
    }
  });

  it("refuses to run anything of a request, or inside other instances, and could not if its own environment named them", async () => {
    const { fleet, deployment, underEnforcedIam } = current();
    const injected = [{ region: REGION, instanceIds: fleet.byId, checks: { command: "id" } }];
    const { error } = await deployment.start.invoke(look(injected), MONDAY);
    expect(error?.message).toContain("to be true, which asks for the deployed checks");
    const targets = [{ region: REGION, instanceIds: fleet.unwanted, checks: true }];
    const { error: refusal } = await deployment.start.invoke(look(targets), MONDAY);
    expect(refusal?.message).toMatch(/refused.*to be an instance of this deployment/);
    const known = targets.map((target) => ({ ...target, checks: CHECKS.byId }));
    const variables = { TARGETS: JSON.stringify(known) };
    const { error: denial } = await underEnforcedIam(() =>
      deployment.start.invoke(look(targets), MONDAY, { variables }),
    );
    expect(denial?.message).toContain(`${fleet.unwanted.length} unchecked, 0 pending, 0 passed`);
    expect(denial?.message).toContain("ssm:SendCommand");
  });
}

const servicesOf = (report: unknown): unknown => (report as { readonly services?: unknown }).services;

function itWatches(current: CurrentChain): void {
  it("tells the alarms when schedules fire, from the input that AWS holds", async () => {
    const { watch, stop } = current().deployment;
    const [firing] = watch ? firingsIn([watch], { ...WEEK, from: new Date(+stopsAt() - 55 * 60_000) }) : [];
    if (watch === undefined || firing === undefined) throw new Error("Expected a watch that fires");
    const { lines } = await stop.invoke(watch.eventAt(firing.at), firing.at);
    const announced = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
    expect(
      announced.filter(({ FiringAnnounced }) => FiringAnnounced).map(({ Schedule }) => Schedule),
    ).toEqual(["watch", "id-stop"]);
  });

  /** The first stop of the instances by id. */
  function stopsAt(): Date {
    const trigger = current().deployment.triggers.filter(({ name }) => name === "id-stop");
    const [first] = firingsIn(trigger, WEEK);
    if (first === undefined) throw new Error("Expected id-stop to fire in the week");
    return first.at;
  }
}

function itKeepsTheIntendedHours(current: CurrentChain): void {
  it("runs each instance in the hours that the config means, for a week", async () => {
    const { fleet } = current();
    const observations = await observeWeek(current());
    // A start and a stop for each of two targets on five days, after the state at the beginning.
    expect(observations).toHaveLength(1 + 2 * 2 * 5);
    for (const group of ["byId", "byTag", "unwanted"] as const) {
      for (const id of fleet[group]) {
        const hours = runningHours(MONDAY, observations, id);
        log(`  ${id} (${group}) ran ${totalHours(hours)} h: ${Object.entries(hours).flat().join(" ")}`);
        expect(hours).toEqual(INTENDED_HOURS[group]);
        expect(totalHours(hours)).toBe(INTENDED_TOTALS[group]);
      }
    }
  });
}

/** Runs every firing of the week in order, from stopped instances, and looks at all of them after each. */
async function observeWeek({ aws, deployment }: Chain): Promise<readonly Observation[]> {
  expectSuccess([await deployment.stop.invoke(CONSOLE_TEST_EVENT, MONDAY)]);
  const observations: Observation[] = [{ from: MONDAY, states: await readStates(aws) }];
  for (const { at, trigger } of firingsIn(deployment.triggers, WEEK)) {
    const { stop, start } = deployment;
    const runner = stop.triggers.includes(trigger) ? stop : start;
    expectSuccess([await runner.invoke(trigger.eventAt(at), at)]);
    observations.push({ from: at, states: await readStates(aws) });
  }
  return observations;
}

function itLeavesNothingBehind(current: CurrentChain): void {
  it("leaves nothing behind when it is destroyed", async () => {
    const { aws, stack } = current();
    expect(await leftovers(aws)).not.toEqual([]);
    await stack.destroy();
    expect(await stack.resources()).toEqual([]);
    expect(await leftovers(aws)).toEqual([]);
  });
}

export function expectSuccess(invocations: readonly Invocation[]): void {
  for (const { error, lines } of invocations) {
    if (error !== undefined) throw new Error([`${error.name}: ${error.message}`, ...lines].join("\n"));
  }
}

async function expectStates(
  { aws, fleet }: Chain,
  wanted: "running" | "stopped",
  moment: string,
): Promise<void> {
  expect(await reportStates(aws, fleet, moment)).toEqual(expectedStates(fleet, wanted));
}

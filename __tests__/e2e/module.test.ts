import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { type Aws, awsAt } from "../support/moto/aws";
import { type Deployment, readDeployment, sha256, unpack } from "../support/moto/deployment";
import { firingsIn } from "../support/moto/firings";
import { expectedStates, type Fleet, makeFleet, reportStates } from "../support/moto/fleet";
import { mayInvoke } from "../support/moto/invoke-permission";
import { leftovers } from "../support/moto/leftovers";
import { log } from "../support/moto/log";
import { PROJECT } from "../support/moto/paths";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { describeEndToEnd } from "../support/moto/suite";
import { MONDAY, WEEK } from "./config";
import { makeTerraformRoot, type TerraformRoot } from "./module/terraform-root";

/** The first working day in Seoul that is a holiday of the example: Friday, the first of January 2027. */
const HOLIDAY = { from: new Date("2026-12-31T15:00:00Z"), until: new Date("2027-01-01T15:00:00Z") };

describeEndToEnd("the module's example office-hours, applied", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let aws: Aws;
  let fleet: Fleet;
  let root: TerraformRoot;
  let deployment: Deployment;

  beforeAll(async () => {
    log("the module's example office-hours");
    simulator = await startSimulator(tools.python);
    aws = awsAt(simulator.endpoint);
    fleet = await makeFleet(aws);
    root = await makeTerraformRoot(tools, {
      at: "examples/office-hours",
      endpoint: simulator.endpoint,
      variables: { instance_ids: fleet.byId },
    });
    await root.init();
    await root.apply();
    const bundle = join(root.folder, "bundle");
    await unpack(join(PROJECT, "module/lambda.zip"), bundle);
    deployment = await readDeployment(aws, bundle);
  });
  afterAll(async () => {
    await deployment?.close();
    await simulator?.stop();
  });

  it("deploys exactly the bytes that the module ships", async () => {
    const shipped = sha256(await readFile(join(PROJECT, "module/lambda.zip")));
    expect(deployment.stop.deployed.codeSha256).toBe(shipped);
    expect(deployment.start.deployed.codeSha256).toBe(shipped);
  });

  it("has nothing left to change in a second plan", async () => {
    expect(unexpectedChanges(await root.plan())).toEqual([]);
  });

  it("lets each schedule invoke its function", async () => {
    expect(deployment.triggers).toHaveLength(2);
    for (const trigger of deployment.triggers) expect(await mayInvoke(aws, trigger)).toBe(true);
  });

  it("stops its instances and starts them again, with no permission beyond its role's", async () => {
    expect(await underEnforcedIam(() => fire("stop", WEEK))).toBeUndefined();
    await expectStates("stopped");
    expect(await underEnforcedIam(() => fire("start", WEEK))).toBeUndefined();
    await expectStates("running");
  });

  it("starts nothing on a holiday, and stops as ever", async () => {
    expect(await fire("stop", HOLIDAY)).toBeUndefined();
    await expectStates("stopped");
    expect(await fire("start", HOLIDAY)).toBeUndefined();
    await expectStates("stopped");
  });

  it("does the same on the console's untouched test event", async () => {
    expect(
      (await deployment.start.invoke({ key1: "value1", key2: "value2", key3: "value3" }, MONDAY)).error,
    ).toBeUndefined();
    await expectStates("running");
  });

  it("leaves nothing behind when it is destroyed", async () => {
    expect(await leftovers(aws)).not.toEqual([]);
    await root.destroy();
    expect(await root.resources()).toEqual([]);
    expect(await leftovers(aws)).toEqual([]);
  });

  /** Runs `work` while AWS refuses whatever the role's policies do not allow. */
  async function underEnforcedIam<Result>(work: () => Promise<Result>): Promise<Result> {
    await simulator.enforceIam();
    try {
      return await work();
    } finally {
      await simulator.relaxIam();
    }
  }

  /** One firing of the action's schedule, as AWS holds it: the error of the run, if there was one. */
  async function fire(action: "stop" | "start", period: { from: Date; until: Date }): Promise<unknown> {
    const { triggers, invoke } = deployment[action];
    const [firing] = firingsIn(triggers, period);
    if (firing === undefined) throw new Error(`Expected a ${action} in the period, found none`);
    return (await invoke(firing.trigger.eventAt(firing.at), firing.at)).error;
  }

  async function expectStates(wanted: "running" | "stopped"): Promise<void> {
    // Only the instances by id are the example's.
    const others = Object.fromEntries([...fleet.byTag, ...fleet.unwanted].map((id) => [id, "running"]));
    const states = await reportStates(aws, fleet, `expecting ${wanted}`);
    expect(states).toEqual({ ...expectedStates(fleet, wanted), ...others });
  }
});

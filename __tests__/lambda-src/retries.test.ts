import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const fleet = [...fleetOf(2), ...fleetOf(1, { stopProtected: true }, 3)];
const stop = {
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: new Date(NOW).toISOString(),
  targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
};
const MINUTE_MS = 60_000;

/** Runs a stop that fails for one instance; a person then starts another, which runs when Lambda retries. */
async function failAndStart() {
  const first = await bench.run(stop, fleet);
  expect(first.error?.name).toBe("StartStopError");
  await bench.clock.sleep(MINUTE_MS);
  const started = bench.ec2.instance(instanceId(1));
  started.start(bench.clock.now());
  await bench.clock.sleep(MINUTE_MS);
  return started;
}

describe("a retry of Lambda", () => {
  it("leaves alone what a person has started meanwhile", async () => {
    const started = await failAndStart();
    const { report } = await bench.again(stop);
    expect(report.counts).toMatchObject({ done: 0, already: 1, skipped: 1, failed: 1 });
    expect(report.instances).toContainEqual(
      expect.objectContaining({
        instanceId: instanceId(1),
        reason: `started at ${new Date(NOW + MINUTE_MS).toISOString()}, after this stop was due`,
      }),
    );
    expect(started.at(bench.clock.now()).state).toBe("running");
  });

  it("leaves alone what a person has stopped meanwhile", async () => {
    const state = "stopped" as const;
    const fallsBack = { code: "Server.InternalError", message: "Server.InternalError: on launch" };
    const off: InstanceSpec[] = [...fleetOf(2, { state }), ...fleetOf(1, { state, fallsBack }, 3)];
    const start = { ...stop, action: "start" };
    const first = await bench.run(start, off);
    expect(first.error?.name).toBe("StartStopError");
    const stopped = bench.ec2.instance(instanceId(1));
    stopped.stop(bench.clock.now());
    const at = new Date(Math.floor(bench.clock.now() / 1000) * 1000).toISOString();
    await bench.clock.sleep(MINUTE_MS);
    const { report } = await bench.again(start);
    expect(report.counts).toMatchObject({ already: 1, skipped: 1, failed: 1 });
    expect(report.instances).toContainEqual(
      expect.objectContaining({ reason: `stopped at ${at}, after this start was due` }),
    );
    expect(stopped.finalState).toBe("stopped");
  });

  it("stops it when the next stop is due", async () => {
    const started = await failAndStart();
    await bench.again({ ...stop, scheduledTime: new Date(bench.clock.now()).toISOString() });
    expect(started.finalState).toBe("stopped");
  });

  it("stops it by hand, since such a request is due when it arrives", async () => {
    const started = await failAndStart();
    const { scheduledTime: _, ...byHand } = stop;
    await bench.again(byHand);
    expect(started.finalState).toBe("stopped");
  });

  it("leaves alone what is held by then", async () => {
    const started = await failAndStart();
    started.tags["ec2-start-stop:hold"] = "";
    const { report } = await bench.again(stop);
    expect(report.counts).toMatchObject({ done: 0, already: 1, skipped: 1, failed: 1 });
    expect(started.at(bench.clock.now()).state).toBe("running");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
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
  it("acts on all targets, so that what a person has started meanwhile is stopped", async () => {
    await failAndStart();
    const { report } = await bench.again(stop);
    expect(report.counts).toMatchObject({ done: 1, already: 1, failed: 1 });
  });

  it("leaves alone what is held by then", async () => {
    const started = await failAndStart();
    started.tags["ec2-start-stop:hold"] = "";
    const { report } = await bench.again(stop);
    expect(report.counts).toMatchObject({ done: 0, already: 1, skipped: 1, failed: 1 });
    expect(started.at(bench.clock.now()).state).toBe("running");
  });
});

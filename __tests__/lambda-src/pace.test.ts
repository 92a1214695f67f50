import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../support/ec2/run-function";
import { VirtualClock } from "../support/ec2/virtual-clock";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const TIMEOUT_MS = 300_000;
const request = (action: string, fleet: readonly InstanceSpec[]) => ({
  schedule: `dev-${action}`,
  action,
  targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
});
const stopped = (count: number, from = 1) => fleetOf(count, { state: "stopped" }, from);

/** The sizes of the changing calls, in order. */
const sizes = () =>
  bench.ec2.calls
    .filter(({ action }) => action !== "DescribeInstances")
    .map(({ instanceIds }) => instanceIds.length);

describe("a bucket that others have used", () => {
  it("of 600, starts what it holds at once, and the others as it refills", async () => {
    const fleet = stopped(600);
    const options = { remainingMs: TIMEOUT_MS, tokens: { start: 400 } };
    const { report, error } = await bench.run(request("start", fleet), fleet, options);
    expect(error).toBeUndefined();
    expect(report.counts).toMatchObject({ done: 600 });
    expect(sizes().slice(0, 2)).toEqual([600, 304]);
    expect(sizes().length).toBeLessThanOrEqual(5);
    const early = bench.ec2.instances.filter((one) => one.at(NOW + 30_000).state === "running");
    expect(early.length).toBeGreaterThan(350);
  });

  it("starts both fleets of two schedules of 600 in the same minute", async () => {
    const fleets = [stopped(600), stopped(600, 601)];
    bench.clock = new VirtualClock(NOW);
    bench.ec2.load(fleets.flat(), { clock: bench.clock, tokens: { start: 1000 } });
    const runs = await Promise.all(
      fleets.map((fleet) => bench.again(request("start", fleet), { remainingMs: TIMEOUT_MS })),
    );
    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(runs.map(({ report }) => report.counts.done)).toEqual([600, 600]);
    // No fewer than three calls take 1,000 tokens and then 200 for two fleets.
    expect(sizes().length).toBeLessThanOrEqual(2 * 3);
  });

  it("looks again before it requests what waited: what someone held or started meanwhile is left alone", async () => {
    const fleet = stopped(1200);
    bench.clock = new VirtualClock(NOW);
    bench.ec2.load(fleet, { clock: bench.clock, tokens: { start: 1000 } });
    const run = bench.again(request("start", fleet), { remainingMs: TIMEOUT_MS });
    await bench.clock.sleep(30_000);
    bench.ec2.instance(instanceId(1200)).start(bench.clock.now());
    bench.ec2.instance(instanceId(1199)).tags["ec2-start-stop:hold"] = "true";
    const { report } = await run;
    expect(report.counts).toMatchObject({ done: 1198, already: 1, skipped: 1 });
    expect(sizes()).toEqual([1000, 198]);
  });

  it("requests as much as its time allows where nothing can go on later, and says how to change that", async () => {
    const fleet = stopped(2000);
    const options = { remainingMs: TIMEOUT_MS, tokens: { start: 1000 } };
    const { report, error } = await bench.run(request("start", fleet), fleet, options);
    expect(report.counts.done).toBeGreaterThan(1000 + 2 * 220);
    expect(report.counts.done + report.counts.failed).toBe(2000);
    expect(error?.message).toContain("EC2's rate allows no more now");
    expect(sizes()).toHaveLength(2);
  });

  it("asks about all of a larger fleet at once in a dry run, which takes nothing", async () => {
    const fleet = stopped(1500);
    const event = { ...request("start", fleet), dryRun: true };
    const { report, milliseconds } = await bench.run(event, fleet, { remainingMs: TIMEOUT_MS });
    expect(report.counts).toMatchObject({ skipped: 1500 });
    expect(sizes()).toEqual([1000, 500]);
    expect(milliseconds).toBe(0);
  });

  it("never repeats a refused call unchanged", async () => {
    const fleet = stopped(500);
    const options = { remainingMs: TIMEOUT_MS, tokens: { start: 0 } };
    await bench.run(request("start", fleet), fleet, options);
    const calls = bench.ec2.calls.filter(({ action }) => action === "StartInstances");
    const repeated = calls.filter(
      ({ instanceIds }, index) => String(instanceIds) === String(calls[index - 1]?.instanceIds),
    );
    expect(calls.length).toBeGreaterThan(1);
    expect(repeated).toEqual([]);
  });
});

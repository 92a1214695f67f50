import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { FunctionBench, fleetOf, idsOf, instanceId, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const stop = (targets: object[]) => ({ schedule: "dev-stop", action: "stop", targets });
const start = (targets: object[]) => ({ schedule: "dev-start", action: "start", targets });
const unknownIds = (count: number) =>
  Array.from({ length: count }, (_, index) => instanceId(900_000 + index));

describe("healthy fleets", () => {
  it("stops 1,000 instances by id with one read and one change", async () => {
    const fleet = fleetOf(1000);
    const { report, error } = await bench.run(stop([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet);
    expect(error).toBeUndefined();
    expect(report.counts).toEqual({
      done: 1000,
      already: 0,
      skipped: 0,
      failed: 0,
      unconfirmed: 0,
      deferred: 0,
    });
    expect(report.calls).toEqual({ describe: 1, start: 0, stop: 1 });
    expect(bench.ec2.calls.map(({ action }) => action)).toEqual(["DescribeInstances", "StopInstances"]);
  });

  it("stops 1,000 instances, half by id and half by tag, with two reads and one change", async () => {
    const fleet = [...fleetOf(500), ...fleetOf(500, { tags: { Environment: "dev" } }, 501)];
    const targets = [
      { region: REGION, instanceIds: idsOf(fleet.slice(0, 500)), tags: { Environment: ["dev"] } },
    ];
    const { report } = await bench.run(stop(targets), fleet);
    expect(report.counts.done).toBe(1000);
    expect(report.calls).toEqual({ describe: 2, start: 0, stop: 1 });
  });

  it("starts 1,000 instances with one read, one change, and few polls until they run", async () => {
    const fleet = fleetOf(1000, { state: "stopped", startMs: 15_000 });
    const { report } = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet);
    expect(report.counts.done).toBe(1000);
    expect(report.calls.start).toBe(1);
    expect(report.calls.describe).toBeLessThanOrEqual(1 + 4);
  });

  it("pages through tags by 1,000, and batches changes by what EC2's rate allows", async () => {
    const fleet = fleetOf(2500, { tags: { Environment: "dev" } });
    const { report } = await bench.run(stop([{ region: REGION, tags: { Environment: ["dev"] } }]), fleet, {
      environment: { MAX_INSTANCES: "5000" },
      remainingMs: 300_000,
      tokens: { stop: 1000 },
    });
    expect(report.counts.done).toBe(2500);
    // Both of the later batches are looked at again before they are stopped.
    expect(report.calls).toEqual({ describe: 3 + 1 + 1, start: 0, stop: 3 });
  });
});

describe("ids that do not exist", () => {
  it.each([
    [1, 2],
    [10, 3],
  ])(
    "do not keep the others from being handled: %d of them cost at most %d changing calls, and are named",
    async (bad, changes) => {
      const fleet = fleetOf(200);
      const instanceIds = [...idsOf(fleet), ...unknownIds(bad)];
      const { report, error } = await bench.run(stop([{ region: REGION, instanceIds }]), fleet);
      expect(report.counts).toMatchObject({ done: 200, failed: bad });
      expect(report.calls.stop).toBeLessThanOrEqual(changes);
      expect(error?.message).toContain(instanceId(900_000));
    },
  );

  it("makes at most one changing call when all are bad", async () => {
    const { report, error } = await bench.run(stop([{ region: REGION, instanceIds: unknownIds(1000) }]), []);
    expect(report.counts.failed).toBe(1000);
    expect(report.calls.stop).toBeLessThanOrEqual(1);
    expect(error?.name).toBe("StartStopError");
  });
});

describe("denied", () => {
  const denied = (action: string) => ({
    faults: (call: { action: string }) =>
      call.action === action
        ? ({
            kind: "error",
            code: "UnauthorizedOperation",
            message: "You are not authorized to perform this operation.",
            status: 403,
          } as const)
        : undefined,
  });

  it.each([
    // The denial may be about one instance, until some are denied alone.
    ["StopInstances", 11],
    ["DescribeInstances", 1],
  ])("%s ends after at most %d calls", async (action, calls) => {
    const fleet = [...fleetOf(500), ...fleetOf(500, { tags: { Environment: "dev" } }, 501)];
    const targets = [
      { region: REGION, instanceIds: idsOf(fleet.slice(0, 500)) },
      { region: REGION, tags: { Environment: ["dev"] } },
    ];
    const { report, error } = await bench.run(stop(targets), fleet, denied(action));
    expect(bench.ec2.calls.length).toBeLessThanOrEqual(calls);
    expect(report.counts.done).toBe(0);
    expect(error?.message).toContain(`ec2:${action}`);
  });

  it("still handles the rest when the denial names one instance", async () => {
    const fleet = [...fleetOf(5), ...fleetOf(1, { denied: true }, 6)];
    const { report } = await bench.run(stop([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet);
    expect(report.counts).toMatchObject({ done: 5, failed: 1 });
    expect(bench.ec2.calls).toHaveLength(3);
  });
});

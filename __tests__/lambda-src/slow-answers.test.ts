import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";
import type { SimulatedCall } from "../support/ec2/simulator";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const TIMEOUT_MS = 60_000;
const FOREVER_MS = 24 * 3600 * 1000;
const REGIONS = [REGION, "us-east-1", "eu-west-1"];
const start = (targets: object[]) => ({ schedule: "dev-start", action: "start", targets });

/** Instances that stay pending once they are started. */
const hangingFleet = (size: number, region = REGION, from = 1) =>
  fleetOf(size, { state: "stopped", startMs: FOREVER_MS, tags: { Team: "web" }, region }, from);

/** Seconds for which an answer blocks, and the number of instances: the last fleet takes two pages. */
const BLOCKED = [0.1, 2.5, 8, 19, 25, 30, 45, 59];
const CASES = [
  ...BLOCKED.flatMap((seconds) => [1, 200].map((size) => [seconds, size] as const)),
  ...[8, 30].map((seconds) => [seconds, 1100] as const),
];

describe("a run in which reading an answer blocks", () => {
  it.each(CASES)("for %d s reports before Lambda ends it, with %d instances by id", async (seconds, size) => {
    const fleet = hangingFleet(size);
    const run = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet, {
      blockMs: () => seconds * 1000,
    });
    expect(run.milliseconds).toBeLessThan(TIMEOUT_MS);
    expect(run.lines).toHaveLength(1);
    expect(run.report.status).toBe("failed");
  });

  it.each(CASES)(
    "for %d s reports before Lambda ends it, with %d instances by tags",
    async (seconds, size) => {
      const fleet = hangingFleet(size);
      const run = await bench.run(start([{ region: REGION, tags: { Team: ["web"] } }]), fleet, {
        blockMs: () => seconds * 1000,
        environment: { MAX_INSTANCES: "5000" },
      });
      expect(run.milliseconds).toBeLessThan(TIMEOUT_MS);
      expect(run.lines).toHaveLength(1);
      expect(run.report.status).toBe("failed");
    },
  );

  it.each([2, 8, 20, 50])(
    "for %d ms of each instance reports before Lambda ends it, in three regions",
    async (blockMs) => {
      const fleet = REGIONS.flatMap((region, index) => hangingFleet(300, region, 1 + index * 1000));
      const targets = REGIONS.map((region) => ({ region, tags: { Team: ["web"] } }));
      const run = await bench.run(start(targets), fleet, {
        blockMs: (instances) => instances * blockMs,
        environment: { MAX_INSTANCES: "5000" },
      });
      expect(run.milliseconds).toBeLessThan(TIMEOUT_MS);
      expect(run.lines).toHaveLength(1);
    },
  );

  it.each([10, 30, 300, 900])("reports before a timeout of %d s", async (timeoutSeconds) => {
    const fleet = hangingFleet(400);
    const run = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet, {
      blockMs: (instances) => instances * 8,
      remainingMs: timeoutSeconds * 1000,
    });
    expect(run.milliseconds).toBeLessThan(timeoutSeconds * 1000);
    expect(run.lines).toHaveLength(1);
  });

  it("reports before Lambda ends it when instances that fell back are started again and again", async () => {
    const fleet = hangingFleet(400);
    const fault = {
      kind: "error",
      code: "InternalError",
      message: "An internal error",
      status: 500,
    } as const;
    const run = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet, {
      blockMs: (instances) => instances * 8,
      faults: ({ action }: SimulatedCall) => (action === "StartInstances" ? fault : undefined),
    });
    expect(run.milliseconds).toBeLessThan(TIMEOUT_MS);
    expect(run.report.counts.done).toBe(0);
  });

  it("polls as late as the length of a poll allows", async () => {
    const fleet = hangingFleet(400);
    const run = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet, {
      blockMs: () => 4_000,
    });
    expect(run.milliseconds).toBeGreaterThan(50_000);
    expect(run.report.instances[0]?.reason).toBe("last seen pending when time ran out");
  });

  it("says what is missing when there is no time to read a further page", async () => {
    const fleet = fleetOf(2500, { tags: { Team: "web" } });
    const { report } = await bench.run(
      { schedule: "dev-stop", action: "stop", targets: [{ region: REGION, tags: { Team: ["web"] } }] },
      fleet,
      { blockMs: (instances) => instances * 24, environment: { MAX_INSTANCES: "5000" } },
    );
    expect(report.errors).toEqual([
      {
        region: REGION,
        reason:
          "search for Team=web: DescribeInstances failed with OutOfTimeError: too little time is left to read another answer: one took 24.0 s (memoryMb gives the function more CPU, timeoutSeconds more time)",
      },
    ]);
  });
});

describe("a poll", () => {
  it("reads each started instance once, however long it is pending", async () => {
    const fleet = fleetOf(1000, { state: "stopped", startMs: 40_000 });
    let read = 0;
    const { report } = await bench.run(start([{ region: REGION, instanceIds: idsOf(fleet) }]), fleet, {
      blockMs: (instances) => {
        read += instances;
        return 0;
      },
    });
    expect(report.counts.done).toBe(1000);
    // Its state before, the answer to the start, and its state after.
    expect(read).toBe(3000);
  });
});

import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const start = (fleet: readonly InstanceSpec[]) => ({
  schedule: "dev-start",
  action: "start",
  targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
});

describe("a start that falls back to stopped", () => {
  it.each([
    [
      { code: "Client.InternalError", message: "Client.InternalError: Client error on launch" },
      /KMS key .* kmsKeyArns/,
    ],
    [
      {
        code: "Server.InsufficientInstanceCapacity",
        message: "Server.InsufficientInstanceCapacity: no capacity",
      },
      /no capacity: try later/,
    ],
    [
      { code: "Server.InternalError", message: "Server.InternalError: Internal error on launch" },
      /Server.InternalError/,
    ],
  ])("is a failure with EC2's reason: %j", async (fallsBack, hint) => {
    const fleet = [
      ...fleetOf(2, { state: "stopped" }),
      ...fleetOf(1, { state: "stopped", fallsBack, startMs: 3_000 }, 100),
    ];
    const { report, error } = await bench.run(start(fleet), fleet);
    expect(report.counts).toMatchObject({ done: 2, failed: 1 });
    expect(report.instances[0]).toMatchObject({ outcome: "failed", stateAfter: "stopped" });
    expect(report.instances[0]?.reason).toContain(fallsBack.message);
    expect(error?.message).toMatch(hint);
  });

  it("is seen as such even when EC2 gives the reason from before", async () => {
    const fallsBack = {
      code: "Client.UserInitiatedShutdown",
      message: "Client.UserInitiatedShutdown: User initiated shutdown",
    };
    const fleet = fleetOf(1, { state: "stopped", fallsBack, startMs: 1_000 });
    const { report } = await bench.run(start(fleet), fleet);
    expect(report.counts).toMatchObject({ failed: 1, unconfirmed: 0, deferred: 0 });
  });
});

describe("reads that lag behind", () => {
  it("are not taken for a fallback", async () => {
    const fleet = fleetOf(3, { state: "stopped", startMs: 12_000 });
    const { report, error } = await bench.run(start(fleet), fleet, {
      lagMs: (read) => (read === 1 ? 0 : 6_000),
    });
    expect(error).toBeUndefined();
    expect(report.counts.done).toBe(3);
    expect(report.calls.start).toBe(1);
  });
});

describe("instances still stopping when the start comes", () => {
  it("are waited for and then started", async () => {
    const fleet = [
      ...fleetOf(2, { state: "stopped" }),
      ...fleetOf(2, { state: "stopping", stopMs: 15_000 }, 100),
    ];
    const { report, error } = await bench.run(start(fleet), fleet);
    expect(error).toBeUndefined();
    expect(report.counts.done).toBe(4);
    expect(report.calls.start).toBe(2);
  });

  it("fail when they do not stop in time, since they were not started", async () => {
    const fleet = fleetOf(1, { state: "stopping", stopMs: 300_000 });
    const { report } = await bench.run(start(fleet), fleet);
    expect(report.instances[0]).toMatchObject({ outcome: "failed", stateAfter: "stopping" });
    expect(report.calls.start).toBe(0);
  });
});

describe("a start that takes longer than there is time", () => {
  it("is unconfirmed, never done, and the run ends before its timeout", async () => {
    const fleet = [
      ...fleetOf(1, { state: "stopped", startMs: 300_000 }),
      ...fleetOf(1, { state: "stopped" }, 100),
    ];
    const { report, error, milliseconds } = await bench.run(start(fleet), fleet, { remainingMs: 30_000 });
    expect(report.counts).toMatchObject({ done: 1, unconfirmed: 1, deferred: 0 });
    expect(report.instances[0]).toMatchObject({ outcome: "unconfirmed", stateAfter: "pending" });
    expect(error?.message).toContain("unconfirmed");
    expect(milliseconds).toBeLessThan(30_000);
  });

  it.each([1_000, 3_000, 10_000])(
    "ends in time even with %d ms and an EC2 that says nothing",
    async (remainingMs) => {
      const fleet = fleetOf(2, { state: "stopped" });
      const { report, milliseconds } = await bench.run(start(fleet), fleet, {
        remainingMs,
        faults: () => ({ kind: "silent" }),
      });
      expect(report.counts.failed).toBe(2);
      expect(milliseconds).toBeLessThan(remainingMs);
    },
  );
});

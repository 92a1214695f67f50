import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const request = (action: string, fleet: readonly InstanceSpec[], more: object = {}) => ({
  schedule: `dev-${action}`,
  action,
  targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
  ...more,
});

describe("a call that EC2 rejects for one instance does not keep the others from being handled", () => {
  it.each<[string, string, Omit<InstanceSpec, "id">, number, RegExp]>([
    [
      "stop protection",
      "stop",
      { stopProtected: true },
      2,
      /^OperationNotPermitted: .*stop protection is on/,
    ],
    [
      "no capacity (HTTP 500, names no id)",
      "start",
      { noCapacity: true, state: "stopped" },
      16,
      /^InsufficientInstanceCapacity/,
    ],
  ])("%s", async (_name, action, spec, changes, reason) => {
    const healthy = fleetOf(99, { state: action === "start" ? "stopped" : "running" });
    const fleet = [...healthy.slice(0, 50), ...fleetOf(1, spec, 500), ...healthy.slice(50)];
    const { report, error } = await bench.run(request(action, fleet), fleet);
    expect(report.counts).toMatchObject({ done: 99, failed: 1 });
    expect(report.instances[0]).toMatchObject({ outcome: "failed", reason: expect.stringMatching(reason) });
    expect(report.calls[action as "stop"]).toBeLessThanOrEqual(changes);
    expect(error?.name).toBe("StartStopError");
  });

  it("no capacity for one type in one zone costs no more than its own instances", async () => {
    const short = fleetOf(1, { state: "stopped", noCapacity: true, instanceType: "p5.48xlarge" }, 9000);
    const fleet = [...fleetOf(500, { state: "stopped" }), ...short];
    const { report } = await bench.run(request("start", fleet), fleet);
    expect(report.counts).toMatchObject({ done: 500, failed: 1 });
    expect(report.calls.start).toBe(3);
  });

  it("spot instances of one-time requests, each named in a rejection of its own, do not keep the others from being stopped", async () => {
    const fleet = [
      ...fleetOf(20),
      ...fleetOf(3, { spot: "one-time" }, 100),
      ...fleetOf(3, { spot: "persistent" }, 200),
    ];
    const { report, error } = await bench.run(request("stop", fleet), fleet);
    expect(error).toBeUndefined();
    expect(report.counts).toMatchObject({ done: 23, skipped: 3 });
    expect(report.calls.stop).toBeLessThanOrEqual(5);
  });

  it.each(["IncorrectSpotRequestState", "UnsupportedOperation"])(
    "%s on a start is a failure",
    async (code) => {
      const fleet = [
        ...fleetOf(4, { state: "stopped" }),
        ...fleetOf(1, { state: "stopped", spot: "persistent" }, 100),
      ];
      const message = `You can't start the Spot Instance '${fleet[4]?.id}' because the associated Spot Instance request is not in an appropriate state to support start.`;
      const { report } = await bench.run(request("start", fleet), fleet, {
        faults: ({ action, instanceIds }) =>
          action === "StartInstances" && instanceIds.includes(fleet[4]?.id ?? "")
            ? { kind: "error", code, message }
            : undefined,
      });
      expect(report.counts).toMatchObject({ done: 4, failed: 1 });
      expect(report.calls.start).toBe(2);
    },
  );

  it("a pending instance that can't be stopped yet is stopped once it runs", async () => {
    const fleet = [...fleetOf(4), ...fleetOf(1, { state: "pending", refusesStopWhilePending: true }, 100)];
    const { report, error } = await bench.run(request("stop", fleet), fleet);
    expect(error).toBeUndefined();
    expect(report.counts.done).toBe(5);
    expect(report.calls.stop).toBe(3);
  });

  it("a rejection that names none is bisected, down to the instances that it is about", async () => {
    const fleet = fleetOf(64);
    const odd = fleet[17]?.id ?? "";
    const { report } = await bench.run(request("stop", fleet), fleet, {
      faults: ({ action, instanceIds }) =>
        action === "StopInstances" && instanceIds.includes(odd)
          ? { kind: "error", code: "InvalidRequest", message: "The request received was invalid." }
          : undefined,
    });
    expect(report.counts).toMatchObject({ done: 63, failed: 1 });
    expect(report.calls.stop).toBeLessThanOrEqual(2 * Math.log2(64) + 1);
  });

  it.each([4, 120, 1000])(
    "an error inside EC2 for one of %d, call after call, costs few others",
    async (count) => {
      const rejection = {
        of: "stop",
        code: "InternalError",
        message: "An internal error.",
        status: 500,
      } as const;
      const fleet = [...fleetOf(count - 1), ...fleetOf(1, { rejection }, 5000)];
      const { report } = await bench.run(request("stop", fleet), fleet, { remainingMs: 300_000 });
      expect(report.counts.done).toBeGreaterThanOrEqual(count - Math.ceil(count / 8 ** 3));
      expect(report.instances[0]).toMatchObject({
        outcome: "unconfirmed",
        reason: expect.stringContaining("InternalError: An internal error."),
      });
      expect(report.calls.stop).toBeLessThanOrEqual(100);
    },
  );

  it("handles the healthy instances if EC2 rejects 150 others, about one call each", async () => {
    const fleet = [...fleetOf(150, { stopProtected: true }), ...fleetOf(350, {}, 1000)];
    const { report } = await bench.run(request("stop", fleet), fleet);
    expect(report.counts).toMatchObject({ done: 350, failed: 150 });
    expect(report.calls.stop).toBeLessThanOrEqual(160);
  });

  it("stops after few calls if EC2 rejects every instance without naming it", async () => {
    const fleet = fleetOf(1000, { state: "stopped", noCapacity: true });
    const { report, error } = await bench.run(request("start", fleet), fleet, { remainingMs: 600_000 });
    expect(report.counts).toMatchObject({ done: 0, failed: 1000 });
    expect(report.calls.start).toBeLessThanOrEqual(10);
    expect(error).toBeDefined();
  });
});

describe("ids that exist at the read and no longer at the change", () => {
  it.each([
    [1, 2],
    [10, 3],
    [50, 1],
  ])("%d of 50 cost at most %d changing calls", async (gone, changes) => {
    const fleet = fleetOf(50);
    const lost = idsOf(fleet).slice(0, gone);
    const { report } = await bench.run(request("stop", fleet), fleet, {
      faults: ({ action, instanceIds }) => {
        const named = instanceIds.filter((id) => lost.includes(id));
        if (action !== "StopInstances" || named.length === 0) return undefined;
        const message = `The instance IDs '${named.join(", ")}' do not exist`;
        return { kind: "error", code: "InvalidInstanceID.NotFound", message };
      },
    });
    expect(report.counts).toMatchObject({ done: 50 - gone, failed: gone });
    expect(report.calls.stop).toBeLessThanOrEqual(changes);
  });
});

describe("hibernate", () => {
  it("is tried, and the instances that can't are stopped without it, with a note", async () => {
    const fleet = [
      ...fleetOf(2, { hibernation: "configured" }, 1),
      ...fleetOf(2, { hibernation: "off" }, 11),
      ...fleetOf(2, { hibernation: "refused" }, 21),
    ];
    const { report, error } = await bench.run(request("stop", fleet, { hibernate: true }), fleet);
    expect(error).toBeUndefined();
    expect(report.counts.done).toBe(6);
    const notes = new Map(report.instances.map(({ instanceId, reason }) => [instanceId, reason]));
    expect(notes.get(fleet[0]?.id ?? "")).toBeUndefined();
    expect(notes.get(fleet[2]?.id ?? "")).toMatch(/stopped without hibernating: it was not launched/);
    expect(notes.get(fleet[4]?.id ?? "")).toMatch(/stopped without hibernating: The specified instance/);
    const hibernated = bench.ec2.calls.filter(({ hibernate }) => hibernate).at(-1)?.instanceIds;
    expect(hibernated).toEqual(idsOf(fleet.slice(0, 2)));
  });
});

describe("dry run", () => {
  it.each(["start", "stop"])(
    "of a %s asks EC2, changes nothing and reports what EC2 would do",
    async (action) => {
      const fleet = fleetOf(3, { state: action === "start" ? "stopped" : "running" });
      const { report, error } = await bench.run(request(action, fleet, { dryRun: true }), fleet);
      expect(error).toBeUndefined();
      expect(report).toMatchObject({ dryRun: true, counts: { done: 0, skipped: 3 } });
      expect(report.instances[0]?.reason).toBe(`dry run: EC2 would ${action} it`);
      expect(bench.ec2.calls.at(-1)).toMatchObject({ dryRun: true });
      expect(bench.ec2.instances.every(({ changes }) => changes === 0)).toBe(true);
    },
  );

  it("fails where EC2 would deny", async () => {
    const fleet = fleetOf(1, { denied: true });
    const { report, error } = await bench.run(request("stop", fleet, { dryRun: true }), fleet);
    expect(report.counts.failed).toBe(1);
    expect(error?.message).toContain("ec2:StopInstances");
  });

  it("does not wait for an instance that is still stopping", async () => {
    const fleet = fleetOf(1, { state: "stopping" });
    const { report, milliseconds } = await bench.run(request("start", fleet, { dryRun: true }), fleet);
    expect(report.instances[0]).toMatchObject({
      outcome: "skipped",
      reason: "dry run: not attempted while stopping",
    });
    expect(milliseconds).toBe(0);
  });
});

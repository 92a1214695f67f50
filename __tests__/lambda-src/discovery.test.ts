import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const stop = (...targets: object[]) => ({
  schedule: "dev-stop",
  action: "stop",
  targets: targets.map((target) => ({ region: REGION, ...target })),
});
const tagged = (
  number: number,
  tags: Record<string, string>,
  spec: Partial<InstanceSpec> = {},
): InstanceSpec => ({
  id: instanceId(number),
  tags,
  ...spec,
});
const changed = () => bench.ec2.instances.filter(({ changes }) => changes > 0).map(({ spec }) => spec.id);

describe("by tags", () => {
  it("requires every key, with any of its values", async () => {
    const fleet = [
      tagged(1, { Environment: "dev", Team: "a" }),
      tagged(2, { Environment: "qa", Team: "a" }),
      tagged(3, { Environment: "dev" }),
      tagged(4, { Environment: "prod", Team: "a" }),
    ];
    await bench.run(stop({ tags: { Environment: ["dev", "qa"], Team: ["a"] } }), fleet);
    expect(changed()).toEqual([instanceId(1), instanceId(2)]);
  });

  it.each(["dev*", "d?v", "d\\v", "*", "é😀*", "a,b 'c' <d>&\"e\""])(
    "takes the value %j literally",
    async (value) => {
      const fleet = [value, "dev", "dev1", "dxv", "d\\\\v", "anything"].map((text, index) =>
        tagged(index + 1, { Environment: text }),
      );
      const { report } = await bench.run(stop({ tags: { Environment: [value] } }), fleet);
      expect(changed()).toEqual([instanceId(1)]);
      expect(report.instances).toHaveLength(1);
    },
  );

  it("splits more values than a filter accepts", async () => {
    const fleet = Array.from({ length: 450 }, (_, index) => tagged(index + 1, { Name: `host-${index}` }));
    const { report } = await bench.run(
      stop({ tags: { Name: fleet.map(({ tags }) => tags?.["Name"]) } }),
      fleet,
    );
    expect(report.counts.done).toBe(450);
    expect(report.calls).toEqual({ describe: 3, start: 0, stop: 1 });
  });

  it("requests only living instances from EC2", async () => {
    const fleet = [
      tagged(1, { Environment: "dev" }),
      tagged(2, { Environment: "dev" }, { state: "terminated" }),
    ];
    const { report } = await bench.run(stop({ tags: { Environment: ["dev"] } }), fleet);
    expect(report.instances.map(({ instanceId }) => instanceId)).toEqual([instanceId(1)]);
    expect(bench.ec2.calls[0]?.filters).toContainEqual({
      name: "instance-state-name",
      values: ["pending", "running", "stopping", "stopped"],
    });
  });

  it("warns, without an error, if no instance matches", async () => {
    const { report, error } = await bench.run(stop({ tags: { Environment: ["none"] } }), fleetOf(2));
    expect(error).toBeUndefined();
    expect(report).toMatchObject({
      status: "ok",
      warnings: [`${REGION}: no instance carries Environment=none`],
      calls: { describe: 1, stop: 0 },
    });
  });
});

describe("by patterns and any value", () => {
  const fleet = [
    tagged(1, { Name: "web-1", Owner: "" }),
    tagged(2, { Name: "web-" }),
    tagged(3, { Name: "Web-1", Owner: "ann" }),
    tagged(4, { Name: "web*", Owner: "ann", Team: "x" }),
  ];
  const found = async (target: object) => {
    const { report } = await bench.run(stop(target), fleet);
    return report.instances.map((each) => Number(each.instanceId.slice(-3)));
  };

  it("finds what has the tags, and nothing else that EC2's filters find", async () => {
    expect(await found({ tags: { Name: [{ like: "web-*" }] } })).toEqual([1, 2]);
    expect(await found({ tags: { Name: [{ like: "web-?" }] } })).toEqual([1]);
    expect(await found({ tags: { Name: ["web*", { like: "W*" }] } })).toEqual([3, 4]);
    expect(await found({ tags: { Owner: [{ any: true }] } })).toEqual([1, 3, 4]);
    expect(await found({ tags: { Owner: [{ any: true }], Team: [{ any: true }] } })).toEqual([4]);
  });

  it("excludes by them", async () => {
    const exclude = { Team: [{ any: true }], Name: [{ like: "Web*" }] };
    const { report } = await bench.run(stop({ tags: { Owner: [{ any: true }] }, exclude }), fleet);
    expect(report.instances.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["done", undefined],
      ["skipped", "excluded by tag Name=Web-1"],
      ["skipped", "excluded by tag Team=x"],
    ]);
  });

  it("names them in the warning that nothing matches", async () => {
    const { report } = await bench.run(stop({ tags: { Name: [{ like: "db-*" }] } }), fleet);
    expect(report.warnings).toEqual([`${REGION}: no instance carries Name like db-*`]);
  });
});

describe("all instances of a region", () => {
  it("are those that are neither excluded, terminated, nor replaced by their manager", async () => {
    const fleet = [
      tagged(1, {}),
      tagged(2, { Keep: "yes" }),
      tagged(3, { "aws:autoscaling:groupName": "web" }),
      tagged(4, {}, { state: "terminated" }),
      tagged(5, {}, { region: "us-east-1" }),
    ];
    const { report } = await bench.run(stop({ all: true, exclude: { Keep: [{ any: true }] } }), fleet);
    expect(changed()).toEqual([instanceId(1)]);
    expect(report.counts).toMatchObject({ done: 1, skipped: 2, failed: 0 });
    expect(bench.ec2.calls[0]?.filters.map(({ name }) => name)).toEqual(["instance-state-name"]);
  });

  it("are counted against the limit, and none may be there", async () => {
    const environment = { MAX_INSTANCES: "2" };
    const { report, error } = await bench.run(stop({ all: true }), fleetOf(3), { environment });
    expect(report).toMatchObject({ counts: { done: 0 }, calls: { stop: 0 } });
    expect(error?.message).toMatch(/the search found at least 3 instances, more than the limit of 2/);
    const { report: empty } = await bench.run(stop({ all: true }), []);
    expect(empty).toMatchObject({ status: "ok", warnings: [`${REGION}: there is no instance`] });
  });
});

describe("by ids and tags together", () => {
  it("handles each instance once", async () => {
    const fleet = fleetOf(3, { tags: { Environment: "dev" } });
    const { report } = await bench.run(
      stop(
        { instanceIds: [...idsOf(fleet), instanceId(1)], tags: { Environment: ["dev"] } },
        { instanceIds: idsOf(fleet) },
      ),
      fleet,
    );
    expect(report.instances).toHaveLength(3);
    expect(report.calls).toEqual({ describe: 2, start: 0, stop: 1 });
  });

  it("excludes by any matching key, an id too", async () => {
    const fleet = [
      tagged(1, { KeepRunning: "true" }),
      tagged(2, { Environment: "dev", KeepRunning: "true" }),
      tagged(3, { Environment: "dev", Team: "a" }),
      tagged(4, { Environment: "dev", KeepRunning: "false" }),
    ];
    const exclude = { KeepRunning: ["true"], Team: ["a", "b"] };
    const target = { instanceIds: [instanceId(1)], tags: { Environment: ["dev"] }, exclude };
    const { report, error } = await bench.run(stop(target), fleet);
    expect(error).toBeUndefined();
    expect(changed()).toEqual([instanceId(4)]);
    expect(report.instances).toContainEqual({
      instanceId: instanceId(1),
      region: REGION,
      stateBefore: "running",
      stateAfter: "running",
      outcome: "skipped",
      reason: "excluded by tag KeepRunning=true",
    });
  });

  it("keeps one target's exclude from another target", async () => {
    const fleet = [tagged(1, { Environment: "dev", KeepRunning: "true" })];
    const { report } = await bench.run(
      stop(
        { tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["true"] } },
        { instanceIds: [instanceId(1)] },
      ),
      fleet,
    );
    expect(report.counts).toMatchObject({ done: 1, skipped: 0 });
  });
});

describe("ids that can't be handled", () => {
  it.each<[string, Partial<InstanceSpec> | undefined, string, RegExp]>([
    ["does not exist", undefined, instanceId(77), /NotFound/],
    ["is no id", undefined, "i-banana", /Malformed/],
    ["is terminated", { state: "terminated" }, instanceId(77), /terminated/],
    ["lives in another region", { region: "us-east-1" }, instanceId(77), /NotFound/],
  ])("one that %s is named, and fails the run after the others", async (_name, spec, id, reason) => {
    const fleet = [...fleetOf(2), ...(spec ? [{ id, ...spec }] : [])];
    const { report, error } = await bench.run(stop({ instanceIds: [id, ...idsOf(fleetOf(2))] }), fleet);
    expect(report.counts).toMatchObject({ done: 2, failed: 1 });
    expect(report.instances[0]).toMatchObject({
      instanceId: id,
      outcome: "failed",
      reason: expect.stringMatching(reason),
    });
    expect(error?.message).toContain(id);
  });

  it("are read through filters if EC2 names none of them", async () => {
    const fleet = fleetOf(450);
    const { report } = await bench.run(stop({ instanceIds: [...idsOf(fleet), instanceId(9999)] }), fleet, {
      faults: ({ instanceIds, action }) =>
        action === "DescribeInstances" && instanceIds.length > 0
          ? { kind: "error", code: "InvalidInstanceID.NotFound", message: "Some instances do not exist" }
          : undefined,
    });
    expect(report.counts).toMatchObject({ done: 450, failed: 1 });
    expect(report.calls).toEqual({ describe: 1 + 3, start: 0, stop: 1 });
  });
});

describe("the limit on what tags may find", () => {
  const fleet = [
    ...fleetOf(8, { tags: { Environment: "dev" } }),
    ...fleetOf(8, { tags: { Environment: "dev" }, region: "us-east-1" }, 101),
  ];
  const target = { tags: { Environment: ["dev"] } };

  it("changes nothing and fails, naming the count", async () => {
    const { report, error } = await bench.run(stop(target), fleet, { environment: { MAX_INSTANCES: "7" } });
    expect(report).toMatchObject({ status: "failed", counts: { done: 0, failed: 1 }, calls: { stop: 0 } });
    expect(error?.message).toMatch(/8 instances, more than the limit of 7/);
  });

  it("counts all regions together, before any of them changes anything", async () => {
    const both = stop(target, { ...target, region: "us-east-1" });
    const { report } = await bench.run(both, fleet, { environment: { MAX_INSTANCES: "15" } });
    expect(report.calls).toEqual({ describe: 2, start: 0, stop: 0 });
    expect(report.errors[0]?.reason).toMatch(/16 instances/);
    const { report: enough } = await bench.run(both, fleet, { environment: { MAX_INSTANCES: "16" } });
    expect(enough.counts.done).toBe(16);
  });

  it("stops reading in all regions once they are above it", async () => {
    const many = [
      ...fleetOf(5000, { tags: { Environment: "dev" } }),
      ...fleetOf(5000, { tags: { Environment: "dev" }, region: "us-east-1" }, 10_001),
    ];
    const both = stop(
      target,
      { ...target, region: "us-east-1" },
      { tags: { Environment: ["dev"], Team: ["a"] } },
    );
    const { report } = await bench.run(both, many);
    expect(report.calls.stop).toBe(0);
    expect(report.calls.describe).toBeLessThanOrEqual(4);
    expect(report.errors).toHaveLength(2);
    expect(report.warnings).toEqual([]);
    expect(report.errors[0]?.reason).toMatch(
      /at least \d+ instances, more than the limit of 1000: nothing was changed \(/,
    );
  });

  it("says which regions went ahead before a slow one was read", async () => {
    const both = stop(target, { ...target, region: "us-east-1" });
    const { report } = await bench.run(both, fleet, {
      environment: { MAX_INSTANCES: "15" },
      faults: ({ region, action }) =>
        region === "us-east-1" && action === "DescribeInstances"
          ? { kind: "slow", milliseconds: 18_000 }
          : undefined,
    });
    expect(report.counts).toMatchObject({ done: 8, failed: 1 });
    expect(report.errors).toEqual([
      {
        region: "us-east-1",
        reason: `the search found at least 16 instances, more than the limit of 15: nothing was changed in us-east-1, which was read after these regions went ahead: ${REGION} (8 by tags) (see maxInstances)`,
      },
    ]);
  });

  it("does not count instances named by id", async () => {
    const ids = { instanceIds: idsOf(fleet.slice(0, 8)) };
    const { report } = await bench.run(stop({ ...ids, ...target }), fleet, {
      environment: { MAX_INSTANCES: "7" },
    });
    expect(report.counts.done).toBe(8);
  });
});

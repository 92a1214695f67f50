import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, instanceId, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const request = (action: string, count: number) => ({
  schedule: `dev-${action}`,
  action,
  targets: [
    { region: REGION, instanceIds: Array.from({ length: count }, (_, index) => instanceId(index + 1)) },
  ],
});

async function runWith(
  action: string,
  spec: Omit<InstanceSpec, "id">,
  environment: Record<string, string> = {},
) {
  const healthy = fleetOf(3, { state: action === "start" ? "stopped" : "running" }, 2);
  const fleet = [{ id: instanceId(1), ...spec }, ...healthy];
  const run = await bench.run(request(action, 4), fleet, { environment });
  const entry = run.report.instances.find((one) => one.instanceId === instanceId(1));
  return { ...run, entry, changes: bench.ec2.instance(instanceId(1)).changes };
}

describe("left alone, with a reason and without an error", () => {
  const notYet = { "ec2-start-stop:hold": "2026-11-23T12:00:00Z" };
  it.each<[string, string, Omit<InstanceSpec, "id">, string, RegExp]>([
    [
      "a member of an Auto Scaling group",
      "stop",
      { tags: { "aws:autoscaling:groupName": "web" } },
      "skipped",
      /group web/,
    ],
    [
      "a node of Karpenter",
      "stop",
      { tags: { "karpenter.sh/nodepool": "default" } },
      "skipped",
      /node pool default/,
    ],
    [
      "a stopped node of an older Karpenter",
      "start",
      { state: "stopped", tags: { "karpenter.sh/provisioner-name": "default" } },
      "skipped",
      /Karpenter provisioner default/,
    ],
    ["a node of EKS", "stop", { tags: { "eks:nodegroup-name": "ng-1" } }, "skipped", /EKS node group ng-1/],
    [
      "a node of EKS Auto Mode",
      "stop",
      { operator: "eks.amazonaws.com", tags: { "karpenter.sh/nodepool": "general-purpose" } },
      "skipped",
      /^managed by eks\.amazonaws\.com, which/,
    ],
    [
      "a node of EMR",
      "stop",
      { tags: { "aws:elasticmapreduce:job-flow-id": "j-1" } },
      "skipped",
      /EMR cluster j-1/,
    ],
    ["a spot instance of a one-time request", "stop", { spot: "one-time" }, "skipped", /one-time/],
    ["an instance-store root", "stop", { rootDeviceType: "instance-store" }, "skipped", /instance store/],
    ["one that is held", "stop", { tags: { "ec2-start-stop:hold": "" } }, "skipped", /^held by tag/],
    [
      "one that is held until later",
      "start",
      { state: "stopped", tags: notYet },
      "skipped",
      /until 2026-11-23T12/,
    ],
    [
      "one that is held by an unreadable value",
      "stop",
      { tags: { "ec2-start-stop:hold": "?" } },
      "skipped",
      /is no ISO/,
    ],
  ])("%s", async (_name, action, spec, outcome, reason) => {
    const { report, error, entry, changes } = await runWith(action, spec);
    expect(error).toBeUndefined();
    expect(entry).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
    expect(changes).toBe(0);
    expect(report.counts.done).toBe(3);
  });

  it.each<[string, string]>([
    ["stop", "stopped"],
    ["stop", "stopping"],
    ["start", "running"],
  ])("on a %s, one that is %s already", async (action, state) => {
    const { error, entry, changes } = await runWith(action, { state: state as "stopped" });
    expect(error).toBeUndefined();
    expect(entry).toMatchObject({ outcome: "already", stateBefore: state });
    expect(changes).toBe(0);
  });

  it("on a start, one that is pending already, once it runs", async () => {
    const { error, entry, changes } = await runWith("start", { state: "pending" });
    expect(error).toBeUndefined();
    expect(entry).toMatchObject({ outcome: "already", stateBefore: "pending", stateAfter: "running" });
    expect(changes).toBe(0);
  });
});

it("one that is held without a zone, until then in the zone of the request", async () => {
  const spec = {
    id: instanceId(1),
    state: "running",
    tags: { "ec2-start-stop:hold": "2026-11-23T20:30" },
  } as const;
  const held = await bench.run({ ...request("stop", 1), timezone: "Asia/Seoul" }, [spec]);
  expect(held.report.instances[0]).toMatchObject({ reason: expect.stringMatching(/until 2026-11-23T11:30/) });
  const past = await bench.run({ ...request("stop", 1), timezone: "Europe/Athens" }, [
    { ...spec, tags: { "ec2-start-stop:hold": "2026-11-23T12:59" } },
  ]);
  expect(past.report.instances[0]?.outcome).toBe("done");
});

describe("not left alone", () => {
  it("an instance whose hold is past", async () => {
    const { entry } = await runWith("stop", { tags: { "ec2-start-stop:hold": "2026-11-23T10:59:00Z" } });
    expect(entry?.outcome).toBe("done");
  });

  it("an instance with the default tag, if another key is set", async () => {
    const { entry } = await runWith(
      "stop",
      { tags: { "ec2-start-stop:hold": "" } },
      { HOLD_TAG: "DoNotTouch" },
    );
    expect(entry?.outcome).toBe("done");
  });

  it("a spot instance of a persistent request", async () => {
    const { entry } = await runWith("stop", { spot: "persistent" });
    expect(entry?.outcome).toBe("done");
  });
});

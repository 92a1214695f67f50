import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { FunctionBench, fleetOf, idsOf, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const REGIONS = [REGION, "us-east-1", "eu-west-1"];
const fleets = REGIONS.map((region, index) =>
  fleetOf(3, { region, state: "stopped", startMs: 20_000 }, 1 + 100 * index),
);
const request = {
  schedule: "everywhere",
  action: "start",
  targets: fleets.map((fleet, index) => ({ region: REGIONS[index], instanceIds: idsOf(fleet) })),
};

describe("connections", () => {
  it("stay open from one invocation to the next", async () => {
    await bench.run({ ...request, targets: request.targets.slice(0, 1) }, fleets.flat());
    const before = bench.ec2.connections;
    await bench.run({ ...request, targets: request.targets.slice(0, 1) }, fleets.flat());
    expect(before).toBe(1);
    expect(bench.ec2.connections).toBe(1);
  });
});

describe("several regions", () => {
  it("run side by side", async () => {
    const alone = await bench.run({ ...request, targets: request.targets.slice(0, 1) }, fleets.flat());
    const together = await bench.run(request, fleets.flat());
    expect(together.report.counts.done).toBe(9);
    expect(together.report.calls.start).toBe(3);
    expect(together.milliseconds).toBe(alone.milliseconds);
  });

  it("do not wait for one without an answer if none is searched by tags", async () => {
    const { milliseconds, report } = await bench.run(request, fleets.flat(), {
      faults: ({ region, nth, action }) =>
        region === "us-east-1" && action === "DescribeInstances" && nth <= 3 ? { kind: "silent" } : undefined,
    });
    expect(report.counts.done).toBe(9);
    expect(milliseconds).toBeLessThan(60_000);
  });

  it("go on where one is not enabled for the account, which EC2 answers as if the credentials were wrong", async () => {
    // turbot/steampipe-plugin-aws#75
    const message = "AWS was not able to validate the provided access credentials";
    const { report, error } = await bench.run(request, fleets.flat(), {
      faults: ({ region }) =>
        region === "us-east-1" ? { kind: "error", code: "AuthFailure", message, status: 401 } : undefined,
    });
    expect(report.counts).toMatchObject({ done: 6, failed: 3 });
    expect(report.instances[0]?.reason).toBe(
      `DescribeInstances failed with AuthFailure: ${message} (where other regions accept them, this one may not be enabled for the account)`,
    );
    expect(error?.message).toContain("may not be enabled for the account");
  });

  it("tell the cause of a denial within the length of an error message", async () => {
    const role = `arn:aws:sts::123456789012:assumed-role/${"long-name-".repeat(6)}/${"dev-StartEC2Instances".repeat(3)}`;
    const message = `You are not authorized to perform this operation. User: ${role} is not authorized to perform: ec2:DescribeInstances with an explicit deny in a service control policy`;
    const { error } = await bench.run(request, fleets.flat(), {
      faults: () => ({ kind: "error", code: "UnauthorizedOperation", message, status: 403 }),
    });
    expect(error?.message).toContain(
      "ec2:DescribeInstances is denied (UnauthorizedOperation): explicit deny in a service control policy",
    );
  });

  it.each([
    ["denied", { kind: "error", code: "UnauthorizedOperation", message: "no", status: 403 } as const],
    ["silent", { kind: "silent" } as const],
    ["broken", { kind: "error", code: "InternalError", message: "broken", status: 500 } as const],
  ])("go on where one is %s", async (_name, fault) => {
    const { report, error } = await bench.run(request, fleets.flat(), {
      faults: ({ region }) => (region === "us-east-1" ? fault : undefined),
    });
    expect(report.counts).toMatchObject({ done: 6, failed: 3 });
    expect(
      report.instances.filter(({ outcome }) => outcome === "failed").map(({ region }) => region),
    ).toEqual(Array(3).fill("us-east-1"));
    expect(error?.name).toBe("StartStopError");
  });
});

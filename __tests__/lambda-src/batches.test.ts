import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { InstanceSpec, Rejection, Shortage } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, REGION } from "../support/ec2/run-function";
import { printedSeed, propertyRuns } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const request = (action: "start" | "stop", fleet: readonly InstanceSpec[], more: object = {}) => ({
  schedule: `dev-${action}`,
  action,
  targets: [{ region: REGION, instanceIds: idsOf(fleet) }],
  ...more,
});

const MAX_CALLS = 100;
const ZONES = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c", "ap-northeast-2d"];
/** Returns stopped instances; each gets what `specOf` makes of its number. */
const stopped = (count: number, specOf: (index: number) => Omit<InstanceSpec, "id">): InstanceSpec[] =>
  Array.from({ length: count }, (_, index) => ({
    id: instanceId(index + 1),
    state: "stopped",
    ...specOf(index),
  }));

/** EC2's words where a zone has no room (hashicorp/terraform-provider-aws#1496); the other zones are recommended. */
const noRoomIn = (zone: string, instanceType = "m5.large"): Omit<Shortage, "of"> => ({
  code: "InsufficientInstanceCapacity",
  message: `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${instanceType} capacity by not specifying an Availability Zone in your request or choosing ${ZONES.filter((other) => other !== zone).join(", ")}.`,
  status: 500,
});
/** As short as EC2 can be (nib-health-funds/hammertime#29). */
const noRoom = { code: "InsufficientInstanceCapacity", message: "Insufficient capacity.", status: 500 };
const [zone = ""] = ZONES;
const inZone = (index: number) => ({ availabilityZone: ZONES[index % 4] ?? "", instanceType: "m5.large" });

describe("no room in one of four zones", () => {
  it.each([120, 200, 400, 1000])("leaves off no healthy one of %d, within 100 calls", async (count) => {
    const fleet = stopped(count, inZone);
    const shortages = [{ of: (spec: InstanceSpec) => spec.availabilityZone === zone, ...noRoomIn(zone) }];
    const { report } = await bench.run(request("start", fleet), fleet, { shortages, remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: (count * 3) / 4, failed: count / 4 });
    expect(report.calls.start).toBeLessThanOrEqual(MAX_CALLS);
    expect(report.instances[0]?.reason).toMatch(/^InsufficientInstanceCapacity: We currently do not have/);
  });

  it("starts as many there as there is room for", async () => {
    const fleet = stopped(400, inZone);
    const shortages = [
      { of: (spec: InstanceSpec) => spec.availabilityZone === zone, room: 70, ...noRoomIn(zone) },
    ];
    const { report } = await bench.run(request("start", fleet), fleet, { shortages, remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: 370, failed: 30 });
    expect(report.calls.start).toBeLessThanOrEqual(MAX_CALLS);
  });
});

describe("a lack of capacity leaves off none that draws on other capacity", () => {
  const hosts = ["h-04cdeb3857121b990", "h-04cdeb3857121b991"];
  const onHost = (index: number) => ({ hostId: hosts[index % 2] ?? "", instanceType: "mac2.metal" });
  it.each<[string, (index: number) => Omit<InstanceSpec, "id">, Shortage]>([
    ["a zone, which EC2 does not name", inZone, { of: (spec) => spec.availabilityZone === zone, ...noRoom }],
    [
      // aws/aws-sdk-js-v3#5340
      "one full Dedicated Host of two",
      onHost,
      {
        of: (spec) => spec.hostId === hosts[0],
        code: "InsufficientCapacityOnHost",
        message: `Dedicated host ${hosts[0]} has insufficient capacity to launch the instances in this request.`,
        status: 400,
      },
    ],
    [
      // onmyway133/notes#707
      "one full Dedicated Host of two, which EC2 does not name",
      onHost,
      {
        of: (spec) => spec.hostId === hosts[0],
        code: "InsufficientHostCapacity",
        message:
          "You do not have a host with a matching configuration and sufficient capacity. Either target a host resource group that can automatically allocate hosts on your behalf, or manually allocate a new host to your account and then try again.",
        status: 500,
      },
    ],
    [
      "one type of several",
      (index) => ({ instanceType: ["t3.micro", "m5.large", "p5.48xlarge"][index % 3] ?? "" }),
      { of: (spec) => spec.instanceType === "p5.48xlarge", ...noRoomIn("ap-northeast-2a", "p5.48xlarge") },
    ],
    [
      "one type in one zone",
      (index) => ({
        availabilityZone: ZONES[index % 4] ?? "",
        instanceType: index % 3 ? "m5.large" : "p5.48xlarge",
      }),
      {
        of: (spec) => spec.instanceType === "p5.48xlarge" && spec.availabilityZone === zone,
        ...noRoomIn(zone, "p5.48xlarge"),
      },
    ],
    [
      "a placement group",
      (index) => (index % 5 ? {} : { placementGroup: "cluster-1" }),
      { of: (spec) => spec.placementGroup !== undefined, ...noRoom },
    ],
    [
      "a Capacity Reservation",
      (index) => (index % 5 ? {} : { reservationId: "cr-1234abcd56EXAMPLE" }),
      {
        of: (spec) => spec.reservationId !== undefined,
        code: "ReservationCapacityExceeded",
        message:
          "The requested reservation does not have sufficient compatible and available capacity for this request.",
        status: 400,
      },
    ],
    [
      "spot",
      (index) => (index % 3 ? {} : { spot: "persistent" as const }),
      {
        of: (spec) => spec.spot !== undefined,
        code: "InsufficientInstanceCapacity",
        message: "There is no Spot capacity available that matches your request.",
        status: 500,
      },
    ],
  ])("%s", async (_name, specOf, shortage) => {
    for (const count of [12, 240]) {
      const fleet = stopped(count, specOf);
      const short = fleet.filter(shortage.of).length;
      const { report } = await bench.run(request("start", fleet), fleet, {
        shortages: [shortage],
        remainingMs: 300_000,
      });
      expect(report.counts).toMatchObject({ done: count - short, failed: short });
      expect(report.calls.start).toBeLessThanOrEqual(MAX_CALLS);
    }
  });

  it("a zone of 1,000 in a hundred placement groups, which EC2 does not name", async () => {
    const fleet = stopped(1000, (index) => ({
      ...inZone(index),
      placementGroup: `cluster-${Math.floor(index / 10)}`,
    }));
    const shortages = [{ of: (spec: InstanceSpec) => spec.availabilityZone === zone, ...noRoom }];
    const { report } = await bench.run(request("start", fleet), fleet, { shortages, remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: 750, failed: 250 });
    // A hundred rejections, and the accepted calls.
    expect(report.calls.start).toBeLessThanOrEqual(110);
  });

  it("of several kinds at once, and finds a single one in the rest", async () => {
    const fleet = stopped(1000, (index) => ({
      ...inZone(index),
      instanceType: index % 7 ? "m5.large" : "c5.large",
      noCapacity: index === 501,
    }));
    const inFull = (index: number) => ({
      of: (spec: InstanceSpec) => spec.availabilityZone === ZONES[index],
      ...noRoom,
    });
    const { report } = await bench.run(request("start", fleet), fleet, {
      shortages: [inFull(0), inFull(2)],
      remainingMs: 300_000,
    });
    expect(report.counts).toMatchObject({ done: 499, failed: 501 });
    expect(report.calls.start).toBeLessThanOrEqual(MAX_CALLS);
  });
});

const LICENSE =
  "arn:aws:license-manager:ap-northeast-2:123456789012:license-configuration:lic-0123456789abcdef0";
const CALLER = "User: arn:aws:sts::123456789012:assumed-role/dev-role/dev-StartEC2Instances";
const denied = (message: string): Rejection => ({
  of: "start",
  code: "UnauthorizedOperation",
  message,
  status: 403,
});
const REJECTIONS: Readonly<Record<string, Rejection>> = {
  // aws-solutions/instance-scheduler-on-aws#306
  "a license configuration": denied(
    `You are not authorized to perform this operation. ${CALLER} is not authorized to perform: ec2:StartInstances on resource: ${LICENSE} because no identity-based policy allows the ec2:StartInstances action. Encoded authorization failure message: g4oZPBqZ4Bni8`,
  ),
  "encoded details": denied(
    "You are not authorized to perform this operation. Encoded authorization failure message: g4oZPBqZ4Bni8",
  ),
  "nothing but the operation": denied("You are not authorized to perform this operation."),
  "a key in other words": denied("The key alias/data is not accessible"),
  // awslabs/aws-transit-vpc#44
  "an image": {
    of: "start",
    code: "AuthFailure",
    message: "Not authorized for images: [ami-0d8a2f539abbd5763]",
  },
  "an expired subscription": {
    of: "start",
    code: "OptInRequired",
    message: "The subscription to this product has expired.",
    status: 401,
  },
  // awslabs/harmonix#22
  "the terms of AWS Marketplace": {
    of: "start",
    code: "OptInRequired",
    message:
      "In order to use this AWS Marketplace product you need to accept terms and subscribe. To do so please visit https://aws.amazon.com/marketplace/pp?sku=4q59bftpyoueme916m1pjimec",
    status: 401,
  },
};

describe.each(Object.entries(REJECTIONS))("a rejection that names %s and no instance", (_name, rejection) => {
  it.each([
    [4, 1],
    [40, 5],
    [240, 3],
  ])("of %d fails %d, and no other", async (count, bad) => {
    const step = Math.floor(count / bad);
    const fleet = stopped(count, (index) =>
      index % step === step - 1 && index < bad * step ? { rejection } : {},
    );
    const { report } = await bench.run(request("start", fleet), fleet, { remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: count - bad, failed: bad });
    expect(report.calls.start).toBeLessThanOrEqual(MAX_CALLS);
  });

  it("costs few calls where it concerns all", async () => {
    for (const count of [1, 4, 1200]) {
      const fleet = stopped(count, () => ({ rejection }));
      const { report } = await bench.run(request("start", fleet), fleet, { remainingMs: 300_000 });
      expect(report.counts).toMatchObject({ done: 0, failed: count });
      expect(report.calls.start).toBeLessThanOrEqual(9);
    }
  });
});

it.each([
  ["AuthFailure", "AWS was not able to validate the provided access credentials"],
  [
    "OptInRequired",
    "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
  ],
  ["Blocked", "This account is currently blocked and not recognized as a valid account."],
])("%s about the caller costs one call", async (code, message) => {
  const fleet = stopped(40, () => ({ rejection: { of: "start", code, message, status: 401 } }));
  const { report } = await bench.run(request("start", fleet), fleet);
  expect(report.counts.failed).toBe(40);
  expect(report.calls.start).toBe(1);
});

it("instances that share the image, product or license named cost no search", async () => {
  const names = ["a license configuration", "the terms of AWS Marketplace", "an image"];
  const needs = [
    { licenseConfigurationArn: LICENSE },
    { productCode: "4q59bftpyoueme916m1pjimec" },
    { imageId: "ami-0d8a2f539abbd5763" },
  ];
  for (const [index, name] of names.entries()) {
    const rejection = REJECTIONS[name];
    const fleet = stopped(1000, (number) =>
      rejection && number % 3 === 0 ? { ...needs[index], rejection } : {},
    );
    const { report } = await bench.run(request("start", fleet), fleet, { remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: 666, failed: 334 });
    expect(report.calls.start).toBeLessThanOrEqual(10);
  }
});

describe("a denial that names one instance a call", () => {
  it.each([5, 40])("of %d instances of 300 fails these alone", async (bad) => {
    const fleet = stopped(300, (index) => (index % 7 === 3 && index < 7 * bad ? { denied: true } : {}));
    const { report } = await bench.run(request("start", fleet), fleet, { remainingMs: 300_000 });
    expect(report.counts).toMatchObject({ done: 300 - bad, failed: bad });
  });

  it("costs at most seven calls where it concerns all", async () => {
    const fleet = stopped(1000, () => ({ denied: true }));
    const { report } = await bench.run(request("start", fleet), fleet);
    expect(report.counts.failed).toBe(1000);
    expect(report.calls.start).toBeLessThanOrEqual(7);
  });
});

describe("a hibernation that EC2 rejects in words that name no instance", () => {
  it.each([
    // harness-community/drone-runner-aws retries after these words.
    ["UnsupportedOperation", "Instance is not ready to hibernate yet, retry in a few minutes"],
    ["IncorrectInstanceState", "The instance is not ready to hibernate yet"],
    ["UnsupportedHibernationConfiguration", "The configuration is not supported."],
    ["UnsupportedOperation", "The operation is not supported for these instances."],
    ["IncorrectInstanceState", "Not possible in the present state."],
  ])("%s becomes a plain stop with a note", async (code, message) => {
    const rejection: Rejection = { of: "hibernate", code, message };
    const all = fleetOf(300, { hibernation: "configured", rejection });
    const { report, error } = await bench.run(request("stop", all, { hibernate: true }), all);
    expect(error).toBeUndefined();
    expect(report.counts.done).toBe(300);
    expect(report.instances.every(({ reason }) => reason?.startsWith("stopped without hibernating: "))).toBe(
      true,
    );
    expect(report.calls.stop).toBeLessThanOrEqual(20);

    const one = all.map(({ rejection, ...spec }, index) => (index === 123 ? { ...spec, rejection } : spec));
    const { report: mixed } = await bench.run(
      request("stop", one as InstanceSpec[], { hibernate: true }),
      one as InstanceSpec[],
    );
    expect(mixed.counts.done).toBe(300);
    expect(mixed.instances.filter(({ reason }) => reason)).toHaveLength(1);
  });
});

it("300 hibernations that EC2 rejects by name, in calls of 0.4 s, become plain stops within a minute", async () => {
  const fleet = fleetOf(300, { hibernation: "refused" });
  const { report, error } = await bench.run(request("stop", fleet, { hibernate: true }), fleet, {
    faults: ({ action }) => (action === "StopInstances" ? { kind: "slow", milliseconds: 400 } : undefined),
  });
  expect(error).toBeUndefined();
  expect(report.counts.done).toBe(300);
  expect(report.instances.every(({ reason }) => reason?.startsWith("stopped without hibernating: "))).toBe(
    true,
  );
  expect(report.calls.stop).toBeLessThanOrEqual(35);
});

describe("150 stop-protected ones of 300, each named in a call of 0.4 s", () => {
  it.each<[string, (index: number) => boolean]>([
    ["first", (index) => index < 150],
    ["last", (index) => index >= 150],
    ["every other", (index) => index % 2 === 0],
    ["in tens", (index) => Math.floor(index / 10) % 2 === 0],
  ])("%s: most healthy ones stop within a minute", async (_name, isProtected) => {
    const fleet = fleetOf(300).map((spec, index) => ({ ...spec, stopProtected: isProtected(index) }));
    const { report } = await bench.run(request("stop", fleet), fleet, {
      faults: ({ action }) => (action === "StopInstances" ? { kind: "slow", milliseconds: 400 } : undefined),
    });
    expect(report.counts.done).toBeGreaterThanOrEqual(100);
    expect(report.calls.stop).toBeLessThanOrEqual(170);
    const { report: whole } = await bench.run(request("stop", fleet), fleet, { remainingMs: 300_000 });
    expect(whole.counts).toMatchObject({ done: 150, failed: 150 });
    expect(whole.calls.stop).toBeLessThanOrEqual(170);
  });
});

it("no healthy instance is left off in a fleet of up to 40, whatever rejects the others", async () => {
  const rejections = [
    ...Object.values(REJECTIONS),
    { of: "start", code: "InvalidRequest", message: "Wrong." } as const,
  ];
  const kind = fc.constantFrom(
    ...rejections.map((rejection) => ({ rejection })),
    { noCapacity: true },
    {},
    {},
    {},
    {},
    {},
  );
  const member = fc.record({
    kind,
    zone: fc.constantFrom(...ZONES),
    type: fc.constantFrom("m5.large", "c5.large"),
  });
  const seed = printedSeed("rejections");
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 40 }), async (members) => {
      // A denial of all that were tried is taken for one of the others.
      fc.pre(members.filter(({ kind }) => "rejection" in kind && kind.rejection?.status === 403).length < 4);
      const fleet = stopped(members.length, (index) => {
        const { kind, zone, type } = members[index] ?? { kind: {}, zone: "", type: "" };
        return { ...kind, availabilityZone: zone, instanceType: type };
      });
      const { report } = await bench.run(request("start", fleet), fleet, { remainingMs: 300_000 });
      const healthy = fleet.filter(({ rejection, noCapacity }) => !rejection && !noCapacity);
      expect(report.counts).toMatchObject({ done: healthy.length, failed: fleet.length - healthy.length });
    }),
    { seed, numRuns: propertyRuns(300) },
  );
});

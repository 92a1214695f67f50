import { EC2Client } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { Ec2Instances } from "../../../cli/aws/ec2";
import type { Config } from "../../../config";
import { type AwsServer, type Route, startAwsServer } from "../../support/aws-server/aws-server";
import type { InstanceSpec } from "../../support/ec2/fleet";
import { Ec2Simulator } from "../../support/ec2/simulator";

const SEOUL = "ap-northeast-2";
const VIRGINIA = "us-east-1";
const id = (number: number) => `i-${number.toString(16).padStart(17, "0")}`;

const simulator = new Ec2Simulator();
let server: AwsServer;
let fleet: Ec2Instances;
let spotRequests: Readonly<Record<string, string>> | "denied";

/** What the simulator of the function's calls has no need of. */
const spotRoute: Route = ({ body }) => {
  const form = new URLSearchParams(body.toString());
  if (form.get("Action") !== "DescribeSpotInstanceRequests") return undefined;
  if (spotRequests === "denied") {
    return {
      status: 403,
      body: "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
    };
  }
  const asked = new Set(
    [...form].filter(([key]) => key.startsWith("Filter.1.Value")).map(([, value]) => value),
  );
  const items = Object.entries(spotRequests)
    .filter(([instanceId]) => asked.has(instanceId))
    .map(([instanceId, type]) => `<item><instanceId>${instanceId}</instanceId><type>${type}</type></item>`);
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: `<DescribeSpotInstanceRequestsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><spotInstanceRequestSet>${items.join("")}</spotInstanceRequestSet></DescribeSpotInstanceRequestsResponse>`,
  };
};

beforeAll(async () => {
  server = await startAwsServer([spotRoute], await simulator.listen());
  const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
  fleet = new Ec2Instances(
    (region) => new EC2Client({ region, endpoint: server.endpoint, credentials, maxAttempts: 1 }),
  );
});
afterAll(async () => {
  await server.close();
  await simulator.close();
});
beforeEach(() => {
  spotRequests = {};
});

const load = (specs: readonly InstanceSpec[]) =>
  simulator.load(specs, { clock: { now: () => 0, pause: async () => undefined } });
const configOf = (targets: Config["targets"]): Config => ({ region: SEOUL, targets, schedules: {} });

describe("the instances of targets", () => {
  it("are found by ids, by tags and in other regions, ordered by region, name and id", async () => {
    load([
      { id: id(1), tags: { Name: "web-10", Environment: "qa" } },
      { id: id(2), tags: { Name: "web-2", Environment: "staging" } },
      { id: id(3), region: VIRGINIA, tags: { Name: "app", Environment: "qa" } },
      { id: id(4), tags: { Environment: "production" } },
      { id: id(5), state: "stopped" },
    ]);
    const [staging, ids] = await fleet.targets(
      configOf({
        staging: { tags: { Environment: ["staging", "qa"] }, regions: [SEOUL, VIRGINIA] },
        ids: { instanceIds: [id(5), id(2)] },
      }),
    );
    expect(staging).toMatchObject({
      name: "staging",
      regions: [SEOUL, VIRGINIA],
      missing: [],
      emptyRegions: [],
    });
    expect(staging?.instances.map(({ region, name }) => [region, name])).toEqual([
      [SEOUL, "web-2"],
      [SEOUL, "web-10"],
      [VIRGINIA, "app"],
    ]);
    expect(ids?.instances).toMatchObject([
      { instanceId: id(5), state: "stopped", region: SEOUL, volumeIds: ["vol-1"] },
      { instanceId: id(2), state: "running", name: "web-2", since: new Date("2026-01-01T00:00:00Z") },
    ]);
    expect(ids?.instances[0]?.since).toBeUndefined();
  });

  it("are only those of the targets that are asked for", async () => {
    load([{ id: id(1) }, { id: id(2) }]);
    const config = configOf({ a: { instanceIds: [id(1)] }, b: { instanceIds: [id(2)] } });
    expect((await fleet.targets(config, ["b"])).map(({ name }) => name)).toEqual(["b"]);
    expect(simulator.calls.map(({ instanceIds }) => instanceIds)).toEqual([[id(2)]]);
  });

  it("are marked with the tag that excludes them, each target for itself", async () => {
    load([{ id: id(1), tags: { KeepRunning: "true", Team: "db" } }]);
    const targets = await fleet.targets(
      configOf({
        all: { tags: { Team: "db" } },
        some: { instanceIds: [id(1)], exclude: { KeepRunning: ["true", "yes"] } },
      }),
    );
    expect(targets.map(({ instances }) => instances.map(({ excludedBy }) => excludedBy))).toEqual([
      [undefined],
      ["KeepRunning=true"],
    ]);
  });

  it("carry tags whose values are taken literally", async () => {
    load([
      { id: id(1), tags: { Environment: "a*?\\" } },
      { id: id(2), tags: { Environment: "abc\\" } },
    ]);
    const [target] = await fleet.targets(configOf({ a: { tags: { Environment: "a*?\\" } } }));
    expect(target?.instances.map(({ instanceId }) => instanceId)).toEqual([id(1)]);
  });

  it("are set apart from ids that EC2 does not know in the region, which never spoil the rest", async () => {
    load([{ id: id(1) }, { id: id(2), region: VIRGINIA }]);
    const [target] = await fleet.targets(configOf({ a: { instanceIds: [id(1), id(2), id(3)] } }));
    expect(target?.instances.map(({ instanceId }) => instanceId)).toEqual([id(1)]);
    expect(target?.missing).toEqual([
      { instanceId: id(2), region: SEOUL },
      { instanceId: id(3), region: SEOUL },
    ]);
    // All at once, and then by a filter.
    expect(simulator.count("DescribeInstances")).toBe(2);
  });

  it("are missing from a region where another target found them elsewhere", async () => {
    load([{ id: id(2), region: VIRGINIA, tags: { Team: "db" } }]);
    const [here, there] = await fleet.targets(
      configOf({ here: { instanceIds: [id(2)] }, there: { tags: { Team: "db" }, regions: [VIRGINIA] } }),
    );
    expect(here).toMatchObject({ instances: [], missing: [{ instanceId: id(2), region: SEOUL }] });
    expect(there?.instances).toHaveLength(1);
  });

  it("include terminated ones by id, not by tags, and name the regions without any", async () => {
    load([{ id: id(1), state: "terminated", tags: { Team: "db" } }]);
    const [byId, byTag] = await fleet.targets(
      configOf({
        byId: { instanceIds: [id(1)] },
        byTag: { tags: { Team: "db" }, regions: [SEOUL, VIRGINIA] },
      }),
    );
    expect(byId?.instances).toMatchObject([{ instanceId: id(1), state: "terminated" }]);
    expect(byTag).toMatchObject({ instances: [], emptyRegions: [SEOUL, VIRGINIA] });
  });

  it("are looked up once, however many targets name the same ids or tags", async () => {
    load([{ id: id(1), tags: { Team: "db" } }]);
    await fleet.targets(
      configOf({
        a: { instanceIds: [id(1)], tags: { Team: "db" } },
        b: { instanceIds: [id(1)] },
        c: { tags: { Team: ["db"] }, exclude: { Keep: "1" } },
      }),
    );
    expect(simulator.count("DescribeInstances")).toBe(2);
  });

  it("are read in two calls for 1,000 by id and 1,500 by tag in pages, and in five more with one unknown id", async () => {
    const specs = Array.from({ length: 1500 }, (_, index) => ({ id: id(index + 1), tags: { Team: "db" } }));
    load(specs);
    const ids = specs.slice(0, 1000).map((spec) => spec.id);
    const [byId] = await fleet.targets(configOf({ byId: { instanceIds: ids } }));
    expect(byId?.instances).toHaveLength(1000);
    expect(simulator.count("DescribeInstances")).toBe(1);
    const [byTag] = await fleet.targets(configOf({ byTag: { tags: { Team: "db" } } }));
    expect(byTag?.instances).toHaveLength(1500);
    expect(simulator.count("DescribeInstances")).toBe(3);
    const [some] = await fleet.targets(configOf({ some: { instanceIds: [...ids.slice(1), id(5000)] } }));
    expect([some?.instances.length, some?.missing.length]).toEqual([999, 1]);
    expect(simulator.count("DescribeInstances")).toBe(9);
  });

  it("tell what kind of spot request they come from, as far as that may be read", async () => {
    load([{ id: id(1), spot: "one-time" }, { id: id(2), spot: "persistent" }, { id: id(3) }]);
    spotRequests = { [id(1)]: "one-time", [id(2)]: "persistent" };
    const kinds = async () => {
      const [target] = await fleet.targets(configOf({ a: { instanceIds: [id(1), id(2), id(3)] } }));
      return target?.instances.map(({ spot }) => spot);
    };
    expect(await kinds()).toEqual(["one-time", "persistent", undefined]);
    spotRequests = "denied";
    expect(await kinds()).toEqual(["unknown", "unknown", undefined]);
  });
});

describe("the states of instances", () => {
  it("are in the order asked for, `missing` where EC2 does not know the id", async () => {
    load([{ id: id(1) }, { id: id(2), region: VIRGINIA, state: "stopped" }]);
    const states = await fleet.states([
      { instanceId: id(2), region: VIRGINIA },
      { instanceId: id(3), region: SEOUL },
      { instanceId: id(1), region: SEOUL },
    ]);
    expect(states.map(({ instanceId, state }) => [instanceId, state])).toEqual([
      [id(2), "stopped"],
      [id(3), "missing"],
      [id(1), "running"],
    ]);
  });
});

describe("what goes wrong", () => {
  it("is one line that names the missing permission", async () => {
    simulator.load([], {
      clock: { now: () => 0, pause: async () => undefined },
      faults: () => ({ kind: "error", code: "UnauthorizedOperation", message: "You are not\nauthorized" }),
    });
    await expect(fleet.targets(configOf({ a: { instanceIds: [id(1)] } }))).rejects.toThrow(
      /^AWS refused: these credentials need the permission ec2:DescribeInstances \(You are not authorized\)$/,
    );
  });
});

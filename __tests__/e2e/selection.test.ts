import { CreateTagsCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, expect, it, jest } from "@jest/globals";
import type { RunReport } from "../../contract/report";
import { OTHER_REGION, REGION } from "../support/moto/aws";
import { type Chain, deployChain } from "../support/moto/chain";
import { readStates } from "../support/moto/fleet";
import { inlinePolicies } from "../support/moto/role-policy";
import { describeEndToEnd } from "../support/moto/suite";
import { expectSuccess } from "./chain";
import { MONDAY } from "./config";

const CONFIG = {
  name: "e2e",
  region: REGION,
  trigger: "event-rule",
  code: "zip",
  targets: {
    web: { tags: { Name: { like: "web-*" }, Owner: { any: true } }, exclude: { Name: { like: "*-db" } } },
    everything: { all: true, exclude: { Keep: { any: true } } },
  },
  schedules: {
    "web-hours": { running: "MON-FRI 08:00-20:00", targets: "web" },
    "all-hours": { running: "MON-FRI 07:00-22:00", targets: "everything" },
  },
};

/** Tags for the first instances of the fleet, in its order. */
const TAGS: readonly Readonly<Record<string, string>>[] = [
  { Name: "web-1", Owner: "" },
  { Name: "web-db", Owner: "ann" },
  { Name: "Web-1", Owner: "ann" },
  { Name: "web-2", Keep: "" },
  { Name: "web-*", Owner: "ann", "karpenter.sh/nodepool": "default" },
];

describeEndToEnd("targets by patterns, any value and all instances", {}, (tools) => {
  jest.setTimeout(300_000);
  let chain: Chain;
  beforeAll(async () => {
    chain = await deployChain(tools, () => CONFIG);
    const { aws, fleet } = chain;
    for (const [index, tags] of TAGS.entries()) {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      await aws.ec2[REGION]?.send(new CreateTagsCommand({ Resources: [fleet.byId[index] ?? ""], Tags }));
    }
  });
  beforeEach(async () => {
    expectSuccess([await chain.deployment.start.invoke({}, MONDAY)]);
  });
  afterAll(() => chain?.close());

  const stop = async (target: object) => {
    const { deployment, underEnforcedIam } = chain;
    const event = { schedule: "by-hand", action: "stop", targets: [{ region: REGION, ...target }] };
    const invocation = await underEnforcedIam(() => deployment.stop.invoke(event, MONDAY));
    expectSuccess([invocation]);
    return invocation.result as RunReport;
  };
  const stopped = async () => {
    const states = await readStates(chain.aws);
    return Object.keys(states).filter((id) => states[id] === "stopped");
  };

  it("are stopped where they match, under the role's own policy", async () => {
    const [web = ""] = chain.fleet.byId;
    const report = await stop({
      tags: { Name: [{ like: "web-*" }], Owner: [{ any: true }] },
      exclude: { Name: [{ like: "*-db" }] },
    });
    expect(report.counts).toMatchObject({ done: 1, skipped: 2, failed: 0 });
    expect(await stopped()).toEqual([web]);
  });

  it("are all of the region, but those that are excluded or managed", async () => {
    const { fleet } = chain;
    const report = await stop({ all: true, exclude: { Keep: [{ any: true }] } });
    const left = [fleet.byId[3], fleet.byId[4]];
    const wanted = [...fleet.byId, ...fleet.byTag.slice(0, 3), ...fleet.unwanted].filter(
      (id) => !left.includes(id),
    );
    expect(report.counts).toMatchObject({ done: wanted.length, skipped: left.length, failed: 0 });
    expect((await stopped()).sort()).toEqual([...wanted].sort());
  });

  it("are named in the role's statements, and a request reaches no other region", async () => {
    const { aws, deployment } = chain;
    const policies = await inlinePolicies(aws, deployment.stop.deployed.roleArn);
    const sids = [...policies.values()].flatMap((text) => text.match(/"Sid": ?"[A-Za-z]*Instances"/g) ?? []);
    expect(sids.map((sid) => sid.split('"')[3])).toEqual([
      "DescribeInstances",
      "StopAndStartTaggedInstances",
      "StopAndStartAllInstances",
    ]);
    const wider = { schedule: "x", action: "stop", targets: [{ region: OTHER_REGION, all: true }] };
    const { error } = await deployment.stop.invoke(wider, MONDAY);
    expect(error?.message).toContain(`to be a region of this deployment (${REGION})`);
  });
});

import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, instanceId, REGION } from "../support/ec2/run-function";
import type { SimulatedFault } from "../support/ec2/simulator";
import { discrepancies } from "../support/ec2/truth";
import { printedSeed, propertyRuns } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const REMAINING_MS = 600_000;
const HOLD = { "ec2-start-stop:hold": "" };

/**
 * Kinds of instances, by the action for which each is healthy. A healthy instance must be handled, whatever happens to the
 * others; one that is healthy for none must be left alone.
 */
const KINDS: Readonly<Record<string, { readonly spec: Omit<InstanceSpec, "id">; readonly healthy: string }>> =
  {
    plain: { spec: {}, healthy: "both" },
    persistentSpot: { spec: { spot: "persistent" }, healthy: "both" },
    otherZone: { spec: { availabilityZone: "ap-northeast-2c", instanceType: "m5.large" }, healthy: "both" },
    hibernating: { spec: { hibernation: "configured" }, healthy: "both" },
    refusesHibernation: { spec: { hibernation: "refused" }, healthy: "both" },
    cannotHibernate: { spec: { hibernation: "off" }, healthy: "both" },
    slow: { spec: { startMs: 45_000, stopMs: 60_000 }, healthy: "both" },
    refusesWhilePending: { spec: { refusesStopWhilePending: true }, healthy: "both" },
    protected: { spec: { stopProtected: true }, healthy: "start" },
    noCapacity: { spec: { noCapacity: true }, healthy: "stop" },
    unsubscribed: {
      spec: {
        rejection: {
          of: "start",
          code: "OptInRequired",
          message: "In order to use this AWS Marketplace product you need to accept terms and subscribe.",
          status: 401,
        },
      },
      healthy: "stop",
    },
    unlicensed: {
      spec: {
        rejection: {
          of: "start",
          code: "UnauthorizedOperation",
          message:
            "You are not authorized to perform this operation. Encoded authorization failure message: g4oZ",
          status: 403,
        },
      },
      healthy: "stop",
    },
    notReadyToHibernate: {
      spec: {
        hibernation: "configured",
        rejection: {
          of: "hibernate",
          code: "UnsupportedOperation",
          message: "Instance is not ready to hibernate yet, retry in a few minutes",
        },
      },
      healthy: "both",
    },
    fallsBack: {
      spec: { fallsBack: { code: "Client.InternalError", message: "Client error on launch" } },
      healthy: "stop",
    },
    oneTimeSpot: { spec: { spot: "one-time" }, healthy: "start" },
    instanceStore: { spec: { rootDeviceType: "instance-store" }, healthy: "none" },
    held: { spec: { tags: HOLD }, healthy: "none" },
    scaled: { spec: { tags: { "aws:autoscaling:groupName": "web" } }, healthy: "none" },
  };

const member = fc.record({
  kind: fc.constantFrom(...Object.keys(KINDS)),
  state: fc.constantFrom(
    "running",
    "stopped",
    "running",
    "stopped",
    "pending",
    "stopping",
    "terminated",
    "unknown",
  ),
  how: fc.constantFrom("id", "tag", "both", "unwanted"),
});

const fault = fc.constantFrom<SimulatedFault>(
  { kind: "error", code: "RequestLimitExceeded", message: "Request limit exceeded.", status: 503 },
  { kind: "error", code: "InternalError", message: "An internal error has occurred", status: 500 },
  { kind: "half" },
  { kind: "html" },
  { kind: "reset-before" },
  { kind: "reset-after" },
  { kind: "slow", milliseconds: 3_000 },
  { kind: "slow", milliseconds: 90_000 },
  { kind: "silent" },
);

const scenario = fc.record({
  action: fc.constantFrom("start" as const, "stop" as const),
  hibernate: fc.boolean(),
  members: fc.array(member, { minLength: 1, maxLength: 8 }),
  faults: fc.dictionary(fc.integer({ min: 1, max: 8 }).map(String), fault, { maxKeys: 4 }),
  lags: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 5 }),
  /** What others have left in EC2's buckets. */
  tokens: fc.integer({ min: 0, max: 10 }),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

function build({ action, hibernate, members }: Scenario) {
  const all = members.map(({ kind, state, how }, index) => {
    const { spec, healthy } = KINDS[kind] ?? { spec: {}, healthy: "none" };
    const tags = { ...spec.tags, ...(how === "tag" || how === "both" ? { Environment: "dev" } : {}) };
    const exists = state !== "unknown";
    const living = exists && state !== "terminated";
    return {
      spec: {
        ...spec,
        tags,
        id: instanceId(index + 1),
        state: (exists ? state : "stopped") as "running" | "stopped",
      },
      exists,
      wanted: how !== "unwanted" && (living || how !== "tag"),
      byId: how === "id" || how === "both",
      alone: healthy === "none",
      healthy: living && (healthy === "both" || healthy === action),
    };
  });
  const instanceIds = all.filter(({ byId }) => byId).map(({ spec }) => spec.id);
  const target = {
    region: REGION,
    tags: { Environment: ["dev"] },
    ...(instanceIds.length > 0 ? { instanceIds } : {}),
  };
  return {
    fleet: all.filter(({ exists }) => exists).map(({ spec }) => spec),
    wanted: all.filter(({ wanted, exists, byId }) => wanted && (exists || byId)).map(({ spec }) => spec.id),
    leftAlone: all.filter(({ alone, exists }) => alone && exists).map(({ spec }) => spec.id),
    healthy: all.filter(({ wanted, healthy }) => wanted && healthy).map(({ spec }) => spec.id),
    request: { schedule: "random", action, targets: [target], hibernate: action === "stop" && hibernate },
  };
}

it("handles every healthy instance and reports truthfully, whatever the fleet and the faults", async () => {
  const seed = printedSeed("random fleets");
  await fc.assert(
    fc.asyncProperty(scenario, async (drawn) => {
      const { fleet, wanted, healthy, leftAlone, request } = build(drawn);
      const run = await bench.run(request, fleet, {
        faults: () => drawn.faults[bench.ec2.calls.length],
        lagMs: (read) => drawn.lags[read % drawn.lags.length] ?? 0,
        tokens: { start: drawn.tokens, stop: drawn.tokens },
        remainingMs: REMAINING_MS,
        random: () => drawn.random,
      });
      expect(discrepancies(bench, run, wanted, REMAINING_MS)).toEqual([]);
      expect(leftAlone.filter((id) => bench.ec2.instance(id).changes > 0)).toEqual([]);
      const outcomes = new Map(run.report.instances.map(({ instanceId, outcome }) => [instanceId, outcome]));
      const unhandled = healthy.filter((id) => !["done", "already"].includes(outcomes.get(id) ?? "none"));
      expect({ unhandled, report: unhandled.length > 0 ? run.report : undefined }).toEqual({ unhandled: [] });
    }),
    { seed, numRuns: propertyRuns(1_000) },
  );
}, 120_000);

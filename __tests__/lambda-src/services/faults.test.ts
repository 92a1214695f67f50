import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ServiceStatus } from "../../../contract/report";
import type { InstanceSpec } from "../../support/ec2/fleet";
import { FunctionBench, fleetOf, idsOf, instanceId, REGION } from "../../support/ec2/run-function";
import type { SimulatedCall, SimulatedFault } from "../../support/ec2/simulator";
import type { SsmSpec } from "../../support/ec2/ssm";
import { discrepancies } from "../../support/ec2/truth";
import { printedSeed, propertyRuns } from "../../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const ACTIONS = ["DescribeInstanceInformation", "SendCommand", "ListCommandInvocations"];
const FAULTS: Readonly<Record<string, SimulatedFault>> = {
  throttling: { kind: "error", code: "ThrottlingException", message: "Rate exceeded" },
  "an internal error": { kind: "error", code: "InternalServerError", message: "An error", status: 500 },
  "a page of HTML": { kind: "html" },
  "a reset before the effect": { kind: "reset-before" },
  "a reset after the effect": { kind: "reset-after" },
  "half an answer": { kind: "half" },
  "an answer after 40 s": { kind: "slow", milliseconds: 40_000 },
  silence: { kind: "silent" },
};
const REJECTIONS: Readonly<Record<string, SimulatedFault>> = {
  "a denial": { kind: "error", code: "AccessDeniedException", message: "User is not authorized" },
  "expired credentials": { kind: "error", code: "ExpiredTokenException", message: "The token has expired" },
  "an invalid parameter": { kind: "error", code: "InvalidParameters", message: "no" },
};

const WELL: SsmSpec = { units: { nginx: "active" } };
const REMAINING_MS = 60_000;
const start = (fleet: readonly InstanceSpec[]) => ({
  schedule: "dev-start",
  action: "start",
  targets: [{ region: REGION, instanceIds: idsOf(fleet), checks: { systemd: ["nginx"] } }],
});
const fleet = [...fleetOf(2, { ssm: WELL }), ...fleetOf(2, { state: "stopped", ssm: WELL }, 11)];
const at = (action: string, fault: SimulatedFault | undefined, most: number) => (call: SimulatedCall) =>
  call.action === action && call.nth <= most ? fault : undefined;

describe.each(ACTIONS)("a fault of %s", (action) => {
  it.each(Object.keys(FAULTS))("that is transient changes nothing: %s", async (name) => {
    const faults = at(action, FAULTS[name], 2);
    const runs = await bench.runAsLambda(start(fleet), fleet, { faults, remainingMs: REMAINING_MS });
    expect(runs.at(-1)?.report).toMatchObject({ status: "ok", services: { passed: 4 } });
    for (const { milliseconds } of runs) expect(milliseconds).toBeLessThan(REMAINING_MS);
  });

  it.each(Object.keys(FAULTS))(
    "that is permanent never loses the report of a good start: %s",
    async (name) => {
      const faults = at(action, FAULTS[name], Number.POSITIVE_INFINITY);
      const runs = await bench.runAsLambda(start(fleet), fleet, { faults, remainingMs: REMAINING_MS });
      const [first] = runs;
      expect(first?.report).toMatchObject({
        counts: { done: 2, already: 2, failed: 0 },
        services: { pending: 2, unchecked: 2 },
      });
      expect(runs).toHaveLength(3);
      expect(runs.at(-1)?.report).toMatchObject({ status: "failed", services: { unchecked: 4 } });
      for (const { report, milliseconds } of runs) {
        expect(milliseconds).toBeLessThan(REMAINING_MS);
        for (const { services } of report.instances) expect(services?.reason).toMatch(action);
      }
    },
  );

  it.each(Object.keys(REJECTIONS))("that is a rejection is reported at once: %s", async (name) => {
    const faults = at(action, REJECTIONS[name], Number.POSITIVE_INFINITY);
    const { report, error } = await bench.run(start(fleet), fleet, { faults });
    expect(error).toBeDefined();
    expect(report).toMatchObject({ status: "failed", counts: { done: 2 }, services: { unchecked: 4 } });
    for (const { services } of report.instances) expect(services?.reason).toContain(action);
    if (name !== "an invalid parameter")
      expect(report.instances[0]?.services?.reason).toMatch(new RegExp(`^ssm:${action} is denied`));
    expect(bench.ec2.count(action)).toBeLessThanOrEqual(2);
  });
});

/** Kinds of instances, with the final result of a run without faults. */
const KINDS: Readonly<Record<string, { readonly ssm?: SsmSpec; readonly expected: ServiceStatus }>> = {
  well: { ssm: WELL, expected: "passed" },
  slow: { ssm: { ...WELL, scriptMs: 9_000 }, expected: "passed" },
  lateAgent: { ssm: { ...WELL, onlineAfterMs: 70_000 }, expected: "passed" },
  lateService: { ssm: { units: { nginx: 60_000 } }, expected: "passed" },
  ill: { ssm: { units: { nginx: "failed" } }, expected: "failed" },
  lateAgentIll: { ssm: { units: {}, onlineAfterMs: 40_000 }, expected: "failed" },
  neverOnline: { ssm: { ...WELL, onlineAfterMs: 1e9 }, expected: "unchecked" },
  unmanaged: { expected: "unchecked" },
  windows: { ssm: { ...WELL, platform: "Windows" }, expected: "unchecked" },
  deaf: { ssm: { ...WELL, deaf: true }, expected: "unchecked" },
  leaves: { ssm: { ...WELL, leaves: true }, expected: "unchecked" },
  hangs: { ssm: { ...WELL, scriptMs: 1e9 }, expected: "unchecked" },
  denied: { ssm: { ...WELL, denied: true }, expected: "unchecked" },
};

const scenario = fc.record({
  members: fc.array(
    fc.record({
      kind: fc.constantFrom(...Object.keys(KINDS)),
      startMs: fc.constantFrom(1_000, 8_000, 15_000),
    }),
    { minLength: 1, maxLength: 8 },
  ),
  named: fc.boolean(),
  faults: fc.dictionary(
    fc
      .tuple(fc.constantFrom(...ACTIONS), fc.integer({ min: 1, max: 6 }))
      .map(([action, nth]) => `${action} ${nth}`),
    fc.constantFrom(...Object.values(FAULTS)),
    { maxKeys: 4 },
  ),
  random: fc.double({ min: 0, max: 1, noNaN: true }),
});

it("reports a true final result for every instance, whatever the fleet and the faults", async () => {
  const seed = printedSeed("random services");
  await fc.assert(
    fc.asyncProperty(scenario, async ({ members, named, faults, random }) => {
      const drawn = members.map(({ kind, startMs }, index) => {
        const ssm = KINDS[kind]?.ssm;
        return { id: instanceId(index + 1), state: "stopped" as const, startMs, ...(ssm ? { ssm } : {}) };
      });
      const options = {
        remainingMs: 90_000,
        random: () => random,
        faults: ({ action, nth }: SimulatedCall) => faults[`${action} ${nth}`],
      };
      const lambda = bench.runAsLambda(start(drawn), drawn, options);
      bench.ec2.ssm.namesRejected = named;
      const runs = await lambda;
      const [first] = runs;
      expect(first && discrepancies(bench, first, idsOf(drawn), 90_000)).toEqual([]);
      const statuses = new Map(
        runs.at(-1)?.report.instances.map((one) => [one.instanceId, one.services?.status]),
      );
      members.forEach(({ kind }, index) => {
        const expected = KINDS[kind]?.expected;
        const status = statuses.get(instanceId(index + 1));
        // A fault may prevent a check, but never turns one result into another.
        const possible = Object.keys(faults).length > 0 ? [expected, "unchecked"] : [expected];
        expect({ kind, status, possible: possible.includes(status) }).toEqual({
          kind,
          status,
          possible: true,
        });
      });
      expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual(members.map(() => 1));
    }),
    { seed, numRuns: propertyRuns(60, 12) },
  );
}, 120_000);

it("of SendCommand, an answer without an id leads to no request for its results", async () => {
  const faults = at("SendCommand", { kind: "body", body: '{"Command":{}}' }, Number.POSITIVE_INFINITY);
  const runs = await bench.runAsLambda(start(fleet), fleet, { faults, remainingMs: REMAINING_MS });
  expect(bench.ec2.calls.filter(({ action }) => action === "ListCommandInvocations")).toEqual([]);
  const [first] = runs.at(-1)?.report.instances ?? [];
  expect(first?.services).toEqual({
    status: "unchecked",
    reason: expect.stringContaining("SendCommand failed with UnreadableAnswer: the answer has no command id"),
  });
});

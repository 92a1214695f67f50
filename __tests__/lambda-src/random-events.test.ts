import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { DeployedTarget } from "../../contract/request";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, instanceId, REGION } from "../support/ec2/run-function";
import { scriptArguments } from "../support/ec2/ssm-script";
import { printedSeed, propertyRuns } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const [LISTED, TAGGED, EXCLUDED, DISABLED, FOREIGN] = [1, 2, 3, 4, 5].map(instanceId) as [
  string,
  string,
  string,
  string,
  string,
];
const SSM = { onlineAfterMs: 0, units: { nginx: "active" } };
const FLEET: readonly InstanceSpec[] = [
  { id: LISTED, ssm: SSM },
  { id: TAGGED, ssm: SSM, tags: { Environment: "dev" } },
  { id: EXCLUDED, ssm: SSM, tags: { Environment: "dev", KeepRunning: "true" } },
  { id: DISABLED, ssm: SSM },
  { id: FOREIGN, ssm: SSM, tags: { Environment: "prod" } },
];
const KNOWN = [LISTED, TAGGED, EXCLUDED, DISABLED];
const DEPLOYED: readonly DeployedTarget[] = [
  { region: REGION, instanceIds: [LISTED], checks: { command: "deployed-command" } },
  {
    region: REGION,
    tags: { Environment: ["dev"] },
    exclude: { KeepRunning: ["true"] },
    checks: { systemd: ["nginx"] },
  },
  { region: REGION, instanceIds: [DISABLED], default: false },
];

const id = fc.constantFrom(LISTED, TAGGED, EXCLUDED, DISABLED, FOREIGN);
const tags = fc.constantFrom<unknown>(
  { Environment: ["dev"] },
  { Environment: ["dev", "prod"] },
  { Environment: ["prod"] },
  { Environment: ["dev"], Team: ["web"] },
  { KeepRunning: ["true"] },
  { Environment: ["*"] },
  { constructor: ["dev"] },
  {},
);
const checks = fc.constantFrom<unknown>(
  true,
  false,
  { command: "injected" },
  { systemd: ["injected"] },
  [{ command: "injected" }],
  JSON.parse('{"__proto__": {"command": "injected"}}'),
);
const target = fc.record(
  {
    region: fc.constantFrom(REGION, REGION, REGION, "us-east-1"),
    instanceIds: fc.array(id, { maxLength: 3 }),
    tags,
    exclude: fc.constantFrom(
      { KeepRunning: ["true"] },
      { KeepRunning: ["true"] },
      { KeepRunning: ["no"] },
      {},
    ),
    checks,
  },
  { requiredKeys: ["region"] },
);
const whole = fc.record(
  {
    schedule: fc.constantFrom("dev", "constructor"),
    action: fc.constantFrom("start", "start", "start", "stop"),
    targets: fc.array(target, { minLength: 1, maxLength: 3 }),
    dryRun: fc.boolean(),
    checkOnly: fc.boolean(),
  },
  { requiredKeys: ["schedule", "action", "targets"] },
);
/** Requests that a deployment could send, with few changes: most of what is not refused. */
const plain = fc.record({
  schedule: fc.constant("dev"),
  action: fc.constant("start"),
  checkOnly: fc.boolean(),
  targets: fc.array(
    fc.oneof(
      fc.record({
        region: fc.constant(REGION),
        instanceIds: fc.constantFrom([LISTED], [DISABLED], [FOREIGN]),
      }),
      fc.record({
        region: fc.constant(REGION),
        instanceIds: fc.constant([LISTED]),
        checks: fc.constant(true),
      }),
      fc.record({
        region: fc.constant(REGION),
        tags: fc.constantFrom({ Environment: ["dev"] }, { Environment: ["dev"], KeepRunning: ["true"] }),
        exclude: fc.constant({ KeepRunning: ["true"] }),
        checks: fc.constant(true),
      }),
    ),
    { minLength: 1, maxLength: 3 },
  ),
});
const event = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 4, arbitrary: whole },
  { weight: 1, arbitrary: whole.map((request) => ({ detail: request, "detail-type": "Scheduled Event" })) },
  { weight: 1, arbitrary: whole.map((request) => JSON.stringify(request)) },
  { weight: 1, arbitrary: fc.tuple(whole) },
  {
    weight: 1,
    arbitrary: fc.tuple(whole, fc.jsonValue()).map(([request, Proto]) => ({ ...request, __proto__: Proto })),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

it("runs nothing inside an instance and changes no instance that is not deployed, whatever the event", async () => {
  const seed = printedSeed("random events");
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(event, async (given) => {
      // As Lambda hands it over.
      const parsed: unknown = JSON.parse(JSON.stringify(given));
      const { error } = await bench.run(parsed, FLEET, {
        environment: { ACTION: "start", TARGETS: JSON.stringify(DEPLOYED) },
      });
      const { calls, instances, ssm } = bench.ec2;
      if (error?.name === "RequestError") expect(calls).toEqual([]);
      else accepted++;
      const asked = calls.flatMap(({ instanceIds }) => instanceIds);
      expect(asked.filter((each) => !KNOWN.includes(each))).toEqual([]);
      expect(instances.filter(({ changes, spec }) => changes > 0 && !KNOWN.includes(spec.id))).toEqual([]);
      for (const { input, instances: sent } of ssm.commands) {
        const words = scriptArguments(input.Parameters?.commands.join("\n") ?? "");
        for (const { spec } of sent) {
          const deployed = spec.id === LISTED ? ["command", "deployed-command"] : ["systemd", "nginx"];
          expect([LISTED, TAGGED]).toContain(spec.id);
          expect(words).toEqual(deployed);
        }
      }
    }),
    { seed, numRuns: propertyRuns(2_000) },
  );
  expect(accepted).toBeGreaterThan(0);
});

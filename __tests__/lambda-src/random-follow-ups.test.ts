import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Action, STATE_AFTER } from "../../contract/actions";
import { holdValue } from "../../contract/holds";
import type { DeployedSchedule, DeployedSchedules } from "../../contract/request";
import { isEffective, knownFirings } from "../../schedule/near-firings";
import { Schedule } from "../../schedule/schedule";
import type { SimulatedInstance } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, instanceId, type Run } from "../support/ec2/run-function";
import { followUpEnvironment, type OneTimeSchedule } from "../support/ec2/scheduler";
import { VirtualClock } from "../support/ec2/virtual-clock";
import { printedSeed, propertyRuns } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const HOLD = "ec2-start-stop:hold";
const HOUR_MS = 3_600_000;
const REGION = "ap-northeast-2";
const TARGET = { region: REGION, tags: { Environment: ["dev"] } };
/** Two nights before the clocks of New York go forward, and two before they go back. */
const STARTS = ["2026-03-06T12:00:00Z", "2026-10-30T12:00:00Z"].map((text) => Date.parse(text));
const DAYS = 4;

const schedule = (action: Action) =>
  fc.record({ hour: fc.constantFrom(1, 2, 7, 8, 19, 20), minute: fc.constantFrom(0, 30) }).map(
    ({ hour, minute }): DeployedSchedule => ({
      name: `dev-${action}`,
      action,
      expression: `cron(${minute} ${hour} * * ? *)`,
      timezone: "America/New_York",
      targets: [0],
      calendar: 0,
    }),
  );
const deployment = fc
  .record({ start: schedule("start"), stop: schedule("stop"), holidays: fc.subarray([0, 1, 2, 3]) })
  .filter(({ start, stop }) => start.expression !== stop.expression);
const hours = fc.integer({ min: 0, max: (DAYS * 24 - 2) * 4 }).map((quarters) => quarters / 4 + 0.1);
const scene = fc.record({
  from: fc.constantFrom(...STARTS),
  before: deployment,
  /** The config may change. */
  after: fc.option(fc.record({ at: hours, to: deployment })),
  /** A person sets a hold, prolongs it or releases it (0 hours). */
  holds: fc.array(
    fc.record({
      at: hours,
      instance: fc.integer({ min: 1, max: 3 }),
      lasts: fc.integer({ min: 0, max: 14 }),
    }),
    { maxLength: 6 },
  ),
  /** How follow-ups and firings are delivered: twice, late, or with a first CreateSchedule that is refused. */
  twice: fc.boolean(),
  lateMinutes: fc.constantFrom(0, 1, 45),
  refusedFirst: fc.constantFrom(undefined, "ThrottlingException", "AccessDeniedException"),
});

interface Event {
  readonly at: number;
  readonly run: () => Promise<void> | void;
}

it("ends as the schedules say, and touches no held instance before its time", async () => {
  const seed = printedSeed("random follow-ups");
  await fc.assert(
    fc.asyncProperty(scene, async (given) => {
      const { from, before, after, holds, twice, lateMinutes, refusedFirst } = given;
      const until = from + DAYS * 24 * HOUR_MS;
      const changedAt = after ? from + after.at * HOUR_MS : Number.POSITIVE_INFINITY;
      const deployedAt = (at: number) => deployed(at < changedAt ? before : (after?.to ?? before), from);
      const fleet = fleetOf(3, { tags: { Environment: "dev" }, startMs: 1_000, stopMs: 1_000 });
      bench.clock = new VirtualClock(from);
      bench.ec2.load(fleet, { clock: bench.clock });
      bench.scheduler.clear();
      const refused = new Set<string>();
      bench.scheduler.refusal = (_, { Name = "" }) => {
        if (refusedFirst === undefined || refused.has(Name)) return undefined;
        refused.add(Name);
        return refusedFirst;
      };
      const events: Event[] = [];
      const runAll = async (action: Action, request: object) => {
        const environment = {
          TARGETS: JSON.stringify([TARGET]),
          ACTION: action,
          ...followUpEnvironment(deployedAt(bench.clock.now())),
        };
        const before = bench.ec2.instances.map(({ changes }) => changes);
        let run: Run | undefined;
        // As Lambda does.
        for (let tries = 0; tries < 3 && (run === undefined || run.error); tries++)
          run = await bench.again({ action, ...request }, { environment });
        expect(run?.error).toBeUndefined();
        for (const [index, instance] of bench.ec2.instances.entries()) {
          const end = Date.parse(instance.tags[HOLD] ?? "1970-01-01T00:00:00Z");
          if (end > bench.clock.now()) expect(instance.changes).toBe(before[index]);
        }
      };
      const deliver = async (action: Action, request: object) => {
        await runAll(action, request);
        if (twice) await runAll(action, request);
      };
      bench.scheduler.onCreated = (created: OneTimeSchedule) => {
        events.push({
          at: created.at + lateMinutes * 60_000,
          run: async () => {
            bench.scheduler.take(created);
            await deliver(created.request.action, created.request);
          },
        });
      };
      for (const [part, start, end] of [
        [before, from, Math.min(changedAt, until)],
        ...(after ? [[after.to, changedAt, until] as const] : []),
      ] as const) {
        for (const { action, at } of effectiveFirings(deployed(part, from), start, end)) {
          const scheduledTime = new Date(at).toISOString();
          const request = { schedule: `dev-${action}`, scheduledTime, targets: [TARGET] };
          events.push({ at: at + 1_000, run: () => deliver(action, request) });
        }
      }
      for (const { at, instance, lasts } of holds) {
        const now = from + at * HOUR_MS;
        // Its follow-up wakes before the end, however late.
        const end = new Date(Math.min(now + lasts * HOUR_MS, until - HOUR_MS));
        // As the commands write it: a hold begins shortly before now, and a release has an end alone.
        const value = holdValue(lasts > 0 ? { from: new Date(now - 300_000), until: end } : { until: end });
        events.push({ at: now, run: () => hold(bench.ec2.instance(instanceId(instance)), value) });
      }
      while (events.length > 0) {
        events.sort((a, b) => a.at - b.at);
        const next = events.shift();
        if (next === undefined) break;
        await bench.clock.sleep(next.at - bench.clock.now());
        await next.run();
      }
      const all = [
        ...effectiveFirings(deployed(before, from), from - 9 * 24 * HOUR_MS, Math.min(changedAt, until)),
        ...(after ? effectiveFirings(deployed(after.to, from), changedAt, until) : []),
      ].filter(({ at }) => at >= from);
      const last = all.sort((a, b) => a.at - b.at).at(-1);
      if (last === undefined) return;
      // Where the config changed after an instance's hold met its last firing, the new schedules alone decide.
      if (after && last.at < changedAt) return;
      const wanted = STATE_AFTER[last.action];
      expect(bench.ec2.instances.map(({ finalState }) => finalState)).toEqual([wanted, wanted, wanted]);
    }),
    { seed, numRuns: propertyRuns(300), endOnFailure: true },
  );
}, 120_000);

function deployed(
  { start, stop, holidays }: { start: DeployedSchedule; stop: DeployedSchedule; holidays: readonly number[] },
  from: number,
): DeployedSchedules {
  const dates = holidays.map((day) => new Date(from + day * 24 * HOUR_MS).toISOString().slice(0, 10));
  return { targets: [TARGET], calendars: [dates], schedules: [start, stop] };
}

function effectiveFirings({ schedules, calendars }: DeployedSchedules, from: number, until: number) {
  if (until <= from) return [];
  const period = { from: new Date(from), until: new Date(until) };
  return schedules.flatMap(({ name, action, expression, timezone = "UTC" }) => {
    const parsed = Schedule.parse(expression, { timezone });
    const of = {
      name,
      action,
      schedule: parsed,
      enabled: true,
      targetNames: [],
      skipDates: calendars[0] ?? [],
    };
    return knownFirings(of, period)
      .filter(isEffective)
      .map(({ at }) => ({ action, at: +at }));
  });
}

function hold(instance: SimulatedInstance, value: string): void {
  instance.tags[HOLD] = value;
}

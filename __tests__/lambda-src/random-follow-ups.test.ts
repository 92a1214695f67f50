import { afterAll, beforeAll, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ACTIONS, type Action, oppositeOf, STATE_AFTER } from "../../contract/actions";
import { holdValue } from "../../contract/holds";
import { INSTANCE_TOKENS } from "../../contract/limits";
import type { DeployedSchedule, DeployedSchedules, StartStopRequest } from "../../contract/request";
import { knownFirings } from "../../schedule/near-firings";
import { Schedule } from "../../schedule/schedule";
import { FunctionBench, fleetOf, instanceId, REGION } from "../support/ec2/run-function";
import { followUpEnvironment } from "../support/ec2/scheduler";
import { VirtualClock } from "../support/ec2/virtual-clock";
import { printedSeed, propertyRuns } from "../support/property";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const HOLD = "ec2-start-stop:hold";
const ZONE = "America/New_York";
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const IDS = [1, 2, 3].map(instanceId);
const TAGGED = { region: REGION, tags: { Environment: ["dev"] } };
/** Two nights before the clocks of New York go forward, and two before they go back. */
const STARTS = ["2026-03-06T12:00:00Z", "2026-10-30T12:00:00Z"].map((text) => Date.parse(text));
const DAYS = 4;
/** Eight firings, with a follow-up every two minutes of all the time for which EC2 may have no room. */
const MAX_DELIVERIES = 1_000;

const minuteOfDay = fc.record({ hour: fc.constantFrom(1, 2, 7, 8, 19, 20), minute: fc.constantFrom(0, 30) });
const config = fc
  .record({
    start: minuteOfDay,
    stop: minuteOfDay,
    /** Days from the first on. */
    holidays: fc.subarray([0, 1, 2, 3]),
    /** By their tags, or by ids. */
    target: fc.oneof(
      fc.constant(TAGGED),
      fc.subarray(IDS, { minLength: 1 }).map((instanceIds) => ({ region: REGION, instanceIds })),
    ),
  })
  .filter(({ start, stop }) => start.hour !== stop.hour || start.minute !== stop.minute);
/** A moment near a firing, by its number: most often one firing of the story, at which much happens at once. */
const moment = fc.record({
  firing: fc.option(fc.nat(2 * DAYS - 1), { freq: 2 }),
  minutes: fc.oneof(fc.integer({ min: -70, max: 70 }), fc.integer({ min: -4, max: 6 })),
});
const minutes = fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 6 }));
const some = fc.subarray(IDS, { minLength: 1 });
const few = { maxLength: 4 };

const scene = fc.record({
  from: fc.constantFrom(...STARTS),
  before: config,
  /** The config may change. */
  after: fc.option(
    fc.record({
      at: fc.integer({ min: 0, max: (DAYS * 24 - 4) * 4 }).map((quarters) => quarters / 4 + 0.1),
      to: config,
    }),
  ),
  /** The number of the firing at which most happens. */
  focus: fc.nat(2 * DAYS - 1),
  timeoutMs: fc.constantFrom(60_000, 300_000),
  changeMs: fc.constantFrom(1_000, 30_000),
  /** A person sets a hold, prolongs it or releases it (0 hours); one may begin later. */
  holds: fc.array(
    fc.record({
      at: moment,
      id: fc.constantFrom(...IDS),
      begins: fc.constantFrom(-5 / 60, -5 / 60, 3),
      lasts: fc.integer({ min: 0, max: 56 }).map((quarters) => quarters / 4),
    }),
    { maxLength: 6 },
  ),
  /** A person starts or stops an instance. */
  persons: fc.array(
    fc.record({ at: moment, id: fc.constantFrom(...IDS), action: fc.constantFrom(...ACTIONS) }),
    few,
  ),
  /** Other callers leave no tokens of EC2's bucket, or few. */
  busy: fc.array(fc.record({ at: moment, minutes, left: fc.constantFrom(0, 0.01) }), few),
  /** EC2 lacks capacity for some of the instances. */
  shortages: fc.array(fc.record({ at: moment, minutes, ids: some }), few),
  /**
   * How the first firings and follow-ups are delivered: late, once more later, or not at all; the first run may be killed.
   * All others come on time and once.
   */
  deliveries: fc.array(
    fc.record({
      lateMinutes: fc.constantFrom(0, 0, 0, 0, 1, 20, 28, 45, 58),
      againMinutes: fc.constantFrom(undefined, undefined, 0, 1, 40),
      isLost: fc.constantFrom(false, false, false, false, true),
      killedAfterCalls: fc.constantFrom(undefined, undefined, 0, 1, 2, 3),
    }),
    { maxLength: 40, size: "max" },
  ),
  /** What EventBridge Scheduler answers to the calls that write follow-ups, in turn. */
  answers: fc.array(fc.constantFrom("", "", "", "", "ThrottlingException", "AccessDeniedException", "lost"), {
    minLength: 1,
    maxLength: 6,
  }),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;
type Config = Scene["before"];
type Moment = Scene["persons"][number]["at"];

interface Firing {
  readonly action: Action;
  readonly at: number;
  readonly isEffective: boolean;
  readonly config: Config;
}

/** What is known of an instance apart from the simulator. */
class Expected {
  /** What the last firing that has it asks for. */
  wanted: Action | undefined;
  /** Why it may be otherwise: a person has changed it since, or its loss or failure was reported. */
  excuse: string | undefined;
  /** How many deliveries about it are still to end. */
  open = 0;
  hold = { setAt: 0, from: 0, until: 0 };

  isHeld(now: number): boolean {
    const { setAt, from, until } = this.hold;
    return setAt < now && from <= now && now < until;
  }
}

/** Some days of a deployment with all that may happen to it. */
class Story {
  readonly #given: Scene;
  /** In order, to be delivered at their times. */
  readonly #firings: readonly Firing[];
  readonly #until: number;
  readonly #changedAt: number;
  readonly #events: Promise<void>[] = [];
  readonly #expected = new Map(IDS.map((id) => [id, new Expected()]));
  readonly #touched: string[] = [];
  #deliveries = 0;
  /** How often an instance was compared with what the schedules say. */
  compared = 0;

  constructor(given: Scene) {
    this.#given = given;
    const { from, changeMs, before, after } = given;
    this.#until = from + DAYS * 24 * HOUR_MS;
    this.#changedAt = after ? from + after.at * HOUR_MS : this.#until;
    this.#firings = [
      ...firingsOf(before, from, from, this.#changedAt),
      ...(after ? firingsOf(after.to, from, this.#changedAt, this.#until) : []),
    ];
    const fleet = fleetOf(IDS.length, { tags: { Environment: "dev" }, startMs: changeMs, stopMs: changeMs });
    bench.clock = new VirtualClock(from);
    const { clock } = bench;
    bench.ec2.load(fleet, {
      clock,
      tokens: { start: INSTANCE_TOKENS.capacity, stop: INSTANCE_TOKENS.capacity },
      shortages: given.shortages.map(({ at, minutes, ids }) => ({
        of: ({ id }) => ids.includes(id) && isWithin(clock.now(), this.#timeOf(at), minutes * MINUTE_MS),
        code: "InsufficientInstanceCapacity",
        message: "We currently do not have sufficient t3.micro capacity.",
        status: 500,
      })),
      faults: (call) => {
        if (call.action !== "DescribeInstances") this.#recordTouched(call.instanceIds);
        return undefined;
      },
    });
    bench.scheduler.clear();
    const answerTo = (nth: number) => given.answers[nth % given.answers.length] || undefined;
    bench.scheduler.refusal = (nth) => (answerTo(nth) === "lost" ? undefined : answerTo(nth));
    bench.scheduler.losesAnswer = (nth) => answerTo(nth) === "lost";
    bench.scheduler.onCreated = (created) =>
      this.#deliver(created.request, created.at, () => bench.scheduler.take(created));
  }

  async happen(): Promise<void> {
    const { after, holds, persons, busy } = this.#given;
    for (const firing of this.#firings) this.#at(firing.at, () => this.#fire(firing));
    if (after)
      this.#at(this.#changedAt, () => {
        // Until the next firing, the new schedules may say otherwise than the last one.
        for (const expected of this.#expected.values()) expected.excuse = "the config has changed";
      });
    for (const { at, id, begins, lasts } of holds)
      this.#at(this.#timeOf(at), () => {
        const hoursLeft = (this.#until - HOUR_MS - bench.clock.now()) / HOUR_MS;
        this.#hold(id, begins, Math.min(lasts, hoursLeft));
      });
    for (const { at, id, action } of persons)
      this.#at(this.#timeOf(at), () => {
        this.#of(id).excuse = "a person has changed it";
        bench.ec2.instance(id)[action](bench.clock.now());
      });
    for (const { at, minutes, left } of busy)
      this.#at(this.#timeOf(at), () => {
        const end = bench.clock.now() + minutes * MINUTE_MS;
        for (const action of ACTIONS) bench.ec2.shareTokens(REGION, action, end, left);
      });
    for (let index = 0; index < this.#events.length; index++) await this.#events[index];
    await bench.clock.sleep(HOUR_MS);
    expect(this.#touched).toEqual([]);
    expect(bench.scheduler.pending).toEqual([]);
    this.#compare();
  }

  /** A moment's time, half a minute from all that is due in a minute. */
  #timeOf({ firing, minutes }: Moment): number {
    const { from, focus } = this.#given;
    const near = this.#firings[(firing ?? focus) % this.#firings.length]?.at ?? from;
    return Math.max(from, Math.min(near + (minutes + 0.6) * MINUTE_MS, this.#until - 4 * HOUR_MS));
  }

  #at(time: number, run: () => Promise<void> | void): void {
    const event = bench.clock.sleep(time - bench.clock.now()).then(run);
    event.catch(() => undefined);
    this.#events.push(event);
  }

  #fire({ action, at, isEffective, config: { holidays, target } }: Firing): void {
    this.#compare();
    if (isEffective) {
      for (const id of idsOf(target)) {
        const expected = this.#of(id);
        expected.wanted = action;
        expected.excuse = undefined;
      }
    }
    const next = this.#firings.find((other) => other.action === oppositeOf(action) && other.at > at);
    const minutesLeft = next ? (next.at - at) / MINUTE_MS - 1 : 60;
    const request: StartStopRequest = {
      schedule: `dev-${action}`,
      action,
      scheduledTime: new Date(at).toISOString(),
      targets: [target],
      timezone: ZONE,
      holidays: datesOf(holidays, this.#given.from),
      latestMinutes: Math.min(60, minutesLeft),
    };
    this.#deliver(request, at + 1_000);
  }

  /** Delivers a request as drawn, and as Lambda retries it. */
  #deliver(request: StartStopRequest, at: number, before: () => void = () => undefined): void {
    const { deliveries } = this.#given;
    const nth = this.#deliveries++;
    if (nth > MAX_DELIVERIES) throw new Error(`${nth} requests were delivered, and follow-ups still come`);
    const { lateMinutes = 0, againMinutes, isLost, killedAfterCalls } = deliveries[nth] ?? {};
    const named = request.targets.flatMap(idsOf).map((id) => this.#of(id));
    const delays = againMinutes === undefined ? [lateMinutes] : [lateMinutes, lateMinutes + againMinutes];
    for (const each of named) each.open += delays.length;
    for (const [copy, delay] of delays.entries()) {
      this.#at(at + delay * MINUTE_MS, async () => {
        before();
        if (isLost) for (const each of named) each.excuse = "a delivery was lost";
        else await this.#runAsLambda(request, `${nth}-${copy}`, copy === 0 ? killedAfterCalls : undefined);
        for (const each of named) each.open--;
      });
    }
  }

  async #runAsLambda(
    request: StartStopRequest,
    requestId: string,
    killedAfterCalls: number | undefined,
  ): Promise<void> {
    const { timeoutMs } = this.#given;
    const ids = request.targets.flatMap(idsOf);
    for (let attempt = 1; attempt <= 3; attempt++) {
      if (attempt > 1) await bench.clock.sleep((attempt - 1) * MINUTE_MS);
      const { report, error, killed } = await bench.again(request, {
        environment: this.#environment(),
        requestId,
        remainingMs: timeoutMs,
        inProcess: true,
        ...(attempt === 1 && killedAfterCalls !== undefined ? { killedAfterCalls } : {}),
      });
      if (killed) continue;
      const bad = report.instances.filter(({ outcome }) => outcome === "failed" || outcome === "unconfirmed");
      expect(error !== undefined).toBe(
        bad.length > 0 || report.errors.length > 0 || report.status === "refused",
      );
      if (error === undefined) {
        if (report.LateRequests > 0) for (const id of ids) this.#of(id).excuse = "it came too late";
        return;
      }
      if (attempt < 3) continue;
      const failed = report.status === "refused" ? ids : bad.map((each) => each.instanceId);
      for (const id of failed) this.#of(id).excuse = `a run has failed: ${error.message}`;
    }
  }

  #environment(): Record<string, string> {
    const { from, before, after } = this.#given;
    const current = after && bench.clock.now() >= this.#changedAt ? after.to : before;
    return {
      TARGETS: JSON.stringify([current.target]),
      ...followUpEnvironment(deployed(current, from)),
    };
  }

  /** Sets the tag as the commands do: a hold begins shortly before now or later, and a release has an end alone. */
  #hold(id: string, begins: number, lasts: number): void {
    const now = bench.clock.now();
    const [from, until] = [now + begins * HOUR_MS, now + Math.max(0, lasts) * HOUR_MS];
    const isHold = from < until;
    this.#of(id).hold = isHold ? { setAt: now, from, until } : { setAt: now, from: 0, until: 0 };
    bench.ec2.instance(id).tags[HOLD] = holdValue(
      isHold ? { from: new Date(from), until: new Date(until) } : { until: new Date(now) },
    );
  }

  /** Remembers which instances of a call are held: an error here would only be an answer of EC2. */
  #recordTouched(ids: readonly string[]): void {
    const held = ids.filter((id) => this.#of(id).isHeld(bench.clock.now()));
    this.#touched.push(...held.map((id) => `${id} was asked for at ${shownTime()}, while it was held`));
  }

  /** Throws where an instance is not as the schedules say, without any reason for it and with nothing left to come. */
  #compare(): void {
    for (const [id, { wanted, excuse, open }] of this.#expected) {
      if (wanted === undefined || excuse !== undefined || open > 0) continue;
      this.compared++;
      const { finalState } = bench.ec2.instance(id);
      if (finalState !== STATE_AFTER[wanted])
        throw new Error(`${id} is ${finalState} at ${shownTime()}, though its last firing was a ${wanted}`);
    }
  }

  #of(id: string): Expected {
    const expected = this.#expected.get(id);
    if (expected === undefined) throw new Error(`The story has no instance ${id}`);
    return expected;
  }
}

it(
  "ends as the schedules say, or reports why not, and touches no held instance before its time",
  async () => {
    const seed = printedSeed("random follow-ups");
    let [stories, compared] = [0, 0];
    await fc.assert(
      fc.asyncProperty(scene, async (given) => {
        const story = new Story(given);
        await story.happen();
        stories++;
        compared += story.compared;
      }),
      { seed, numRuns: propertyRuns(300), endOnFailure: true },
    );
    process.stdout.write(`${stories} stories, in which instances were compared ${compared} times\n`);
    expect(compared).toBeGreaterThan(5 * stories);
  },
  120_000 + 1_000 * propertyRuns(300),
);

function shownTime(): string {
  return new Date(bench.clock.now()).toISOString();
}

function isWithin(now: number, from: number, milliseconds: number): boolean {
  return from <= now && now < from + milliseconds;
}

/** The instances that a target may have. */
function idsOf({ instanceIds = [], tags, only }: StartStopRequest["targets"][number]): readonly string[] {
  return tags ? (only ?? IDS) : instanceIds;
}

function datesOf(holidays: readonly number[], from: number): string[] {
  return holidays.map((day) => new Date(from + day * 24 * HOUR_MS).toISOString().slice(0, 10));
}

function deployed({ start, stop, holidays, target }: Config, from: number): DeployedSchedules {
  const schedules = Object.entries({ start, stop }).map(
    ([action, { hour, minute }]): DeployedSchedule => ({
      name: `dev-${action}`,
      action: action as Action,
      expression: `cron(${minute} ${hour} * * ? *)`,
      timezone: ZONE,
      targets: [0],
      calendar: 0,
    }),
  );
  return { targets: [target], calendars: [datesOf(holidays, from)], schedules };
}

function firingsOf(config: Config, first: number, from: number, until: number): Firing[] {
  if (until <= from) return [];
  const period = { from: new Date(from), until: new Date(until) };
  return deployed(config, first)
    .schedules.flatMap(({ name, action, expression }) => {
      const schedule = Schedule.parse(expression, { timezone: ZONE });
      const skipDates = datesOf(config.holidays, first);
      return knownFirings(
        { name, action, schedule, enabled: true, targetNames: [], skipDates },
        period,
      ).flatMap(({ at, skipped }) =>
        skipped === "clock-change" ? [] : [{ action, at: +at, isEffective: skipped === undefined, config }],
      );
    })
    .sort((a, b) => a.at - b.at);
}

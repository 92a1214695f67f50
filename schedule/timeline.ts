import { type Action, STATE_AFTER } from "../contract/actions";
import { DAY_MS, HOUR_MS, HOURS_PER_WEEK, MINUTE_MS, WEEK_MS } from "../contract/units";
import type { ClockChangeEffect, Schedule } from "./schedule";
import { localText, Zone } from "./zone";

/** A schedule as input of a timeline. */
export interface TimelineSchedule {
  /** Name of the schedule, for the caller. */
  readonly name: string;
  /** `start` or `stop`. */
  readonly action: Action;
  /** Times of the action. */
  readonly schedule: Schedule;
  /** A schedule that is not enabled has no firings. */
  readonly enabled: boolean;
  /** Names of the targets that it starts or stops. */
  readonly targetNames: readonly string[];
  /**
   * Dates (`yyyy-mm-dd`, in the schedule's zone) on which a firing does nothing.
   * @default none
   */
  readonly skipDates?: readonly string[];
}

/** A stretch of time. */
export interface TimelinePeriod {
  /** Its first instant. */
  readonly from: Date;
  /** The instant at which it is over. */
  readonly until: Date;
}

/** A time at which a schedule fires, or would fire if it were not skipped. */
export interface TimelineFiring {
  /** The schedule that fires. */
  readonly of: TimelineSchedule;
  /** The instant. For `clock-change`: the instant at which the clocks jump over it. */
  readonly at: Date;
  /** ISO 8601 local time with its offset; without one for `clock-change`, since clocks never show it. */
  readonly local: string;
  /**
   * Why it does nothing: the date is one of `skipDates`, or a clock change jumps over the time.
   * @default none: it takes effect
   */
  readonly skipped?: "holiday" | "clock-change";
  /**
   * Set where clocks show this time twice: it fires once, at the first of them.
   * @default not set, as for all other times
   */
  readonly repeated?: true;
}

/** A moment at which clocks of a zone are put forward or back. */
export interface ClockChange {
  /** IANA zone. */
  readonly timezone: string;
  /** The instant. */
  readonly at: Date;
  /** By how much clocks go forward; negative where they go back. */
  readonly minutes: number;
  /** What clocks would have shown at that instant, such as `2026-03-08T02:00:00`. */
  readonly localBefore: string;
  /** What they show instead, such as `2026-03-08T03:00:00`. */
  readonly localAfter: string;
  /** The firings that it skips or would repeat, each with its schedule. */
  readonly effects: readonly (ClockChangeEffect & { readonly of: TimelineSchedule })[];
}

/**
 * State of a target as its schedules leave it. `unknown` before the first firing (a rate counts from its deployment),
 * and always where only stops fire, since then the instances are started by other means.
 */
export type TargetState = "running" | "stopped" | "unknown";

/** A stretch of time in which a target keeps one state. */
export interface TargetSpan extends TimelinePeriod {
  /** The state from the beginning of the stretch to its end. */
  readonly state: TargetState;
}

/** How much of a time a target runs by its schedules. */
export interface RunningTime {
  /** Hours in which it runs. */
  readonly runningHours: number;
  /** Share of the time in which it does not run, 0 to 1. */
  readonly savedShare: number;
}

/** What the schedules do to one target in a period. */
export interface TargetTimeline {
  /** Name of the target. */
  readonly name: string;
  /** Actions of the enabled schedules that aim at it. */
  readonly actions: readonly Action[];
  /** The whole period in spans of one state each, in time order and without gaps. */
  readonly spans: readonly TargetSpan[];
  /** The period's hours, with its holidays and clock changes. Undefined where the state is partly unknown. */
  readonly inPeriod: RunningTime | undefined;
  /** A week's 168 hours, without holidays and clock changes. Undefined where the state is unknown, or changes too often. */
  readonly week: RunningTime | undefined;
  /** `every`: all weeks are like that. `mean`: of the 52 weeks from the period's beginning on. */
  readonly weekBasis: "every" | "mean";
}

/** The firings, clock changes and running times of a period. */
export interface Timeline extends TimelinePeriod {
  /** The schedules as given, those that are not enabled too. */
  readonly schedules: readonly TimelineSchedule[];
  /** The firings of the period, soonest first. */
  readonly firings: readonly TimelineFiring[];
  /** The clock changes of every zone of an enabled schedule, soonest first. */
  readonly clockChanges: readonly ClockChange[];
  /** The targets, in the order in which they were asked for. */
  readonly targets: readonly TargetTimeline[];
}

/** A target with more firings in the weeks that are averaged has no normal week. */
const MAX_WEEK_FIRINGS = 50_000;

/** The last firing is searched for this far back; without one, the state of a target is unknown. */
const MAX_LOOK_BACK_DAYS = 400;

/**
 * Works out a period: the firings of the schedules, the clock changes, and when each target runs. Of two opposite
 * firings at the same instant the stop counts as the later one; AWS does not order them.
 *
 * @param schedules those that are not enabled have no firings
 * @param targetNames the targets of the result, in this order
 * @param period `until` is exclusive
 * @example
 * const office = { name: "office", action: "stop", schedule, enabled: true, targetNames: ["dev"] } as const;
 * buildTimeline([office], ["dev"], { from, until }).firings; // [{ of: office, at, local: "2026-11-23T20:00:00+09:00" }]
 */
export function buildTimeline(
  schedules: readonly TimelineSchedule[],
  targetNames: readonly string[],
  period: TimelinePeriod,
): Timeline {
  const { from, until } = period;
  const enabled = schedules.filter((schedule) => schedule.enabled);
  const firings = enabled.flatMap((schedule) => firingsOf(schedule, period)).sort(byTime);
  return {
    from,
    until,
    schedules,
    firings,
    clockChanges: clockChangesOf(enabled, period),
    targets: targetTimelines(targetNames, enabled, firings, period),
  };
}

/**
 * Shortens a period to one in which the enabled schedules have at most `maxFirings` firings, by halves and to whole days
 * where it is long enough. A minute is left at least.
 */
export function shortenPeriod(
  schedules: readonly TimelineSchedule[],
  { from, until }: TimelinePeriod,
  maxFirings: number,
): TimelinePeriod {
  const enabled = schedules.filter((schedule) => schedule.enabled);
  let end = until;
  while (+end - +from > MINUTE_MS && hasMoreFirings(enabled, { from, until: end }, maxFirings)) {
    const half = (+end - +from) / 2;
    const unit = [DAY_MS, HOUR_MS].find((length) => length <= half) ?? MINUTE_MS;
    end = new Date(+from + Math.max(1, Math.floor(half / unit)) * unit);
  }
  return { from, until: end };
}

function hasMoreFirings(
  schedules: readonly TimelineSchedule[],
  period: TimelinePeriod,
  maxFirings: number,
): boolean {
  let left = maxFirings;
  for (const { schedule } of schedules) {
    left -= schedule.next({ ...period, count: left + 1 }).length;
    if (left < 0) return true;
  }
  return false;
}

/**
 * Returns the next `count` firings of all enabled schedules together, soonest first. Firings on skipped dates are
 * included, with `skipped` set.
 */
export function nextFirings(
  schedules: readonly TimelineSchedule[],
  { from, count }: { readonly from: Date; readonly count: number },
): TimelineFiring[] {
  const enabled = schedules.filter((schedule) => schedule.enabled);
  const ends = enabled.flatMap(({ schedule }) => schedule.next({ from, count })).sort((a, b) => +a - +b);
  const last = ends[Math.min(count, ends.length) - 1];
  if (last === undefined) return [];
  const period = { from, until: new Date(+last + 1) };
  return enabled
    .flatMap((schedule) => firingsOf(schedule, period))
    .sort(byTime)
    .slice(0, count);
}

/** Returns the firings of one schedule in a period, in no order. */
export function firingsOf(of: TimelineSchedule, period: TimelinePeriod): TimelineFiring[] {
  const skipDates = new Set(of.skipDates);
  const firings: TimelineFiring[] = of.schedule
    .firings(period)
    .map((firing) => ({ of, ...firing, ...(skipDates.has(dateOf(firing.local)) && { skipped: "holiday" }) }));
  for (const { kind, at, local } of of.schedule.clockChangeEffects(period)) {
    if (kind === "skipped") firings.push({ of, at, local, skipped: "clock-change" });
  }
  return firings;
}

/** Targets with the same schedules have the same timeline, which is computed once. */
function targetTimelines(
  names: readonly string[],
  schedules: readonly TimelineSchedule[],
  firings: readonly TimelineFiring[],
  period: TimelinePeriod,
): TargetTimeline[] {
  const schedulesOf = new Map<string, Set<TimelineSchedule>>(names.map((name) => [name, new Set()]));
  for (const schedule of schedules) {
    for (const name of schedule.targetNames) schedulesOf.get(name)?.add(schedule);
  }
  const numberOf = new Map(schedules.map((schedule, index) => [schedule, index]));
  const known = new Map<string, Omit<TargetTimeline, "name">>();
  return names.map((name) => {
    const own = [...(schedulesOf.get(name) ?? [])];
    const key = own.map((schedule) => numberOf.get(schedule)).join();
    const timeline = known.get(key) ?? targetTimeline(own, firings, period);
    known.set(key, timeline);
    return { name, ...timeline };
  });
}

function targetTimeline(
  schedules: readonly TimelineSchedule[],
  firings: readonly TimelineFiring[],
  period: TimelinePeriod,
): Omit<TargetTimeline, "name"> {
  const actions = (["start", "stop"] as const).filter((action) =>
    schedules.some((of) => of.action === action),
  );
  const isOwn = new Set(schedules);
  const own = firings.filter(({ of }) => isOwn.has(of));
  const spans = actions.includes("start")
    ? spansOf(own, stateBefore(schedules, period.from), period)
    : [{ ...period, state: "unknown" as const }];
  const inPeriod = spans.some(({ state }) => state === "unknown") ? undefined : runningTime(spans);
  const weekBasis =
    schedules.every(({ schedule }) => schedule.isWeekly) && sameClocks(schedules, period.from)
      ? "every"
      : "mean";
  return {
    actions,
    spans,
    inPeriod,
    weekBasis,
    week: normalWeek(schedules, actions, period.from, weekBasis),
  };
}

function spansOf(
  firings: readonly TimelineFiring[],
  before: TargetState,
  period: TimelinePeriod,
): TargetSpan[] {
  const spans: TargetSpan[] = [];
  let [from, state] = [period.from, before];
  const close = (until: Date) => {
    if (until <= from) return;
    // A state that lasted no time left two equal ones side by side.
    const last = spans.at(-1)?.state === state ? spans.pop() : undefined;
    spans.push({ from: last?.from ?? from, until, state });
    from = until;
  };
  for (const { at, of, skipped } of firings) {
    const next = STATE_AFTER[of.action];
    if (skipped !== undefined || next === state) continue;
    close(at);
    state = next;
  }
  close(period.until);
  return spans;
}

/** The state that the last firing before an instant left. */
function stateBefore(schedules: readonly TimelineSchedule[], instant: Date): TargetState {
  // A rate counts from its deployment, which is unknown here.
  const known = schedules.filter(({ schedule }) => schedule.kind !== "rate");
  let until = instant;
  for (let days = 1; +instant - +until < MAX_LOOK_BACK_DAYS * DAY_MS; days = Math.min(days * 3, 31)) {
    const period = { from: new Date(+until - days * DAY_MS), until };
    const firings = known.flatMap((schedule) => firingsOf(schedule, period)).sort(byTime);
    const last = firings.findLast(({ skipped }) => skipped === undefined);
    if (last !== undefined) return STATE_AFTER[last.of.action];
    until = period.from;
  }
  return "unknown";
}

/** Hours in a week without holidays and clock changes. */
function normalWeek(
  schedules: readonly TimelineSchedule[],
  actions: readonly Action[],
  from: Date,
  weekBasis: "every" | "mean",
): RunningTime | undefined {
  if (!actions.includes("start")) return undefined;
  const weeks = weekBasis === "every" ? 1 : 52;
  const start = weekBasis === "every" ? startWithoutClockChange(schedules, from) : from;
  const period = { from: start, until: new Date(+start + weeks * WEEK_MS) };
  const plain = schedules.map(({ skipDates: _, ...schedule }) => schedule);
  if (hasMoreFirings(plain, period, MAX_WEEK_FIRINGS)) return undefined;
  const firings = plain.flatMap((schedule) => firingsOf(schedule, period)).sort(byTime);
  const spans = spansOf(firings, stateBefore(plain, start), period);
  const known = spans.filter(({ state }) => state !== "unknown");
  if (known.length === 0) return undefined;
  const { savedShare } = runningTime(known);
  return { runningHours: HOURS_PER_WEEK * (1 - savedShare), savedShare };
}

function runningTime(spans: readonly TargetSpan[]): RunningTime {
  const length = (some: readonly TargetSpan[]) =>
    some.reduce((sum, { from, until }) => sum + (+until - +from), 0);
  const running = length(spans.filter(({ state }) => state === "running"));
  return { runningHours: running / HOUR_MS, savedShare: 1 - running / length(spans) };
}

/** Whether the clocks of all schedules change together, or never: otherwise weeks differ by season. */
function sameClocks(schedules: readonly TimelineSchedule[], from: Date): boolean {
  const zones = new Set(schedules.map(({ schedule }) => schedule.timezone));
  return zones.size <= 1 || [...zones].every((name) => Zone.of(name).nextChange(+from) === undefined);
}

/** The first instant from `from` on with no clock change in the week before, whose state lasts, and the week after. */
function startWithoutClockChange(schedules: readonly TimelineSchedule[], from: Date): Date {
  const zones = schedules.map(({ schedule }) => Zone.of(schedule.timezone));
  let start = +from;
  for (;;) {
    const changes = zones.map((zone) => zone.nextChange(start - WEEK_MS) ?? Number.POSITIVE_INFINITY);
    const next = Math.min(...changes);
    if (next >= start + WEEK_MS) return new Date(start);
    start = next + WEEK_MS;
  }
}

function clockChangesOf(schedules: readonly TimelineSchedule[], period: TimelinePeriod): ClockChange[] {
  const zones = [...new Set(schedules.map(({ schedule }) => schedule.timezone))];
  const effects = schedules.flatMap((of) =>
    of.schedule.clockChangeEffects(period).map((effect) => ({ ...effect, of })),
  );
  return zones.flatMap((name) => changesOfZone(name, effects, period)).sort((a, b) => +a.at - +b.at);
}

function changesOfZone(
  name: string,
  effects: ClockChange["effects"],
  { from, until }: TimelinePeriod,
): ClockChange[] {
  const zone = Zone.of(name);
  const changes: ClockChange[] = [];
  for (let at = zone.nextChange(+from - 1); at !== undefined && at < +until; at = zone.nextChange(at)) {
    const [before, after] = [zone.offsetAt(at - 1), zone.offsetAt(at)];
    const [change, shift] = [at, Math.abs(after - before)];
    changes.push({
      timezone: name,
      at: new Date(at),
      minutes: (after - before) / MINUTE_MS,
      localBefore: localText(at + before),
      localAfter: localText(at + after),
      // A repeated time first comes before the clocks go back.
      effects: effects.filter(
        ({ of, at: when }) => of.schedule.timezone === name && +when >= change - shift && +when <= change,
      ),
    });
  }
  return changes;
}

function dateOf(local: string): string {
  return local.slice(0, 10);
}

export function byTime(a: TimelineFiring, b: TimelineFiring): number {
  // AWS does not order a start and a stop at the same instant; a fixed order keeps the output stable.
  return +a.at - +b.at || (a.of.action < b.of.action ? -1 : a.of.action > b.of.action ? 1 : 0);
}

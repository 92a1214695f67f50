import { YEARS } from "../contract/limits";
import { DAY_MS, HOUR_MS, MINUTE_MS, MINUTES_PER_DAY } from "../contract/units";
import type { Schedule } from "../schedule";
import { Zone } from "../schedule/zone";

// A plan must not depend on the day on which it is made, so firings are sampled from a fixed Sunday. The eight weeks after
// it contain every weekly pattern and the day on which northern zones put their clocks forward.
const SAMPLE_FROM = new Date("2026-02-15T00:00:00Z");
const EIGHT_WEEKS_LATER = new Date("2026-04-12T00:00:00Z");
const NINE_DAYS_LATER = new Date("2026-02-24T00:00:00Z");

/** A schedule with more firings in eight weeks is sampled for nine days only. */
const MAX_SAMPLED_FIRINGS = 400;
/** A schedule with fewer firings in eight weeks is rare. */
const MIN_SAMPLED_FIRINGS = 8;
const MAX_DENSE_SAMPLE = 2000;
/** Firings that are compared one by one; of some years only, a year of daily ones with its clock changes. */
const MAX_COMPARED_FIRINGS = { everyYear: 100, someYears: 400 };

const YEAR_MS = 366 * DAY_MS;
const END = Date.UTC(YEARS.max + 1, 0);

// A clock change can shorten the time between two local times by this much.
const CLOCK_CHANGE_MINUTES = 120;

// Sampling is the slowest part of a plan, and several checks need the same samples.
const samples = new WeakMap<Schedule, FiringSample>();

/** Samples of the firings of a schedule, computed on first use. */
export class FiringSample {
  /** Without its dates. */
  readonly schedule: Schedule;
  /** With its dates. */
  readonly limited: Schedule;
  /** Whether the firings are known. `rate()` counts from deployment time, which is unknown here. */
  readonly isKnown: boolean;
  /** Minute of the local day, if the schedule fires at one time of day only. */
  readonly minuteOfDay: number | undefined;
  /** Day fields of the expression, if it fires at one time of day only. Equal fields in one zone select equal days. */
  readonly days: string | undefined;
  /** When it fires, if it is `at(...)`. */
  readonly only: number | undefined;
  /** The minutes of the day in UTC at which it ever fires, if it fires at one local time of day only. */
  readonly minutesOfDayInUtc: readonly number[];
  #regular: readonly number[] | undefined;
  #withClockChanges: readonly number[] | undefined;

  static of(schedule: Schedule): FiringSample {
    const sample = samples.get(schedule) ?? new FiringSample(schedule);
    samples.set(schedule, sample);
    return sample;
  }

  /** The sampled weeks may be before its beginning or after its end, so its times are sampled without them. */
  private constructor(schedule: Schedule) {
    this.limited = schedule;
    this.schedule = schedule.withoutDates();
    this.isKnown = schedule.kind !== "rate";
    this.only = schedule.kind === "at" ? nextFrom(schedule, 0) : undefined;
    const { minuteOfDay, pattern } = schedule;
    this.minuteOfDay = minuteOfDay;
    this.minutesOfDayInUtc =
      minuteOfDay === undefined ? [] : offsetsOf(schedule.timezone).map((offset) => minuteOfDay - offset);
    if (minuteOfDay !== undefined && pattern !== undefined) {
      const { dayOfMonth, month, dayOfWeek, year } = pattern.text;
      this.days = [dayOfMonth, month, dayOfWeek, year].join(" ").toUpperCase();
    }
  }

  /** Returns firings of some weeks, in milliseconds since the epoch, ascending. */
  regularFirings(): readonly number[] {
    if (this.#regular === undefined) {
      const sample = this.#sample(EIGHT_WEEKS_LATER, MAX_SAMPLED_FIRINGS);
      this.#regular =
        sample.length < MAX_SAMPLED_FIRINGS ? sample : this.#sample(NINE_DAYS_LATER, MAX_DENSE_SAMPLE);
    }
    return this.#regular;
  }

  /** Returns {@link regularFirings} and those around later changes of the zone's clocks forward, as in southern zones. */
  firingsWithClockChanges(): readonly number[] {
    this.#withClockChanges ??= [
      ...this.regularFirings(),
      ...laterForwardChanges(this.schedule.timezone).flatMap((change) =>
        this.schedule
          .next({
            from: new Date(change - DAY_MS),
            until: new Date(change + DAY_MS),
            count: MAX_DENSE_SAMPLE,
          })
          .map((at) => at.getTime()),
      ),
    ];
    return this.#withClockChanges;
  }

  /** Whether the sampled weeks represent all others: it fires in every month and year, and often enough. */
  get isRegular(): boolean {
    const { pattern } = this.schedule;
    const isEveryMonth = pattern?.text.month === "*" && pattern.text.year === "*";
    return isEveryMonth && this.regularFirings().length >= MIN_SAMPLED_FIRINGS;
  }

  /** Where its firings begin: those of `at(...)` need no sample, since there is only one. */
  get from(): number {
    return this.schedule.kind === "at" ? 0 : SAMPLE_FROM.getTime();
  }

  /** Estimates how many firings it has until 2199, for comparison with other schedules. */
  get estimatedFirings(): number {
    const { pattern } = this.schedule;
    if (pattern === undefined) return 1;
    const { minutes, hours, months, years, day } = pattern;
    const days = "weekdays" in day ? day.weekdays.length * 4 : "days" in day ? day.days.length : 1;
    return minutes.length * hours.length * days * months.length * years.length;
  }

  #sample(until: Date, count: number): number[] {
    return this.schedule.next({ from: SAMPLE_FROM, until, count }).map((at) => at.getTime());
  }
}

/**
 * Returns the shortest time, in minutes, from a firing of `first` to the next one of `second`; infinite if that is never
 * within the horizon. Firings in the same minute do not count.
 */
export function shortestGap(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  const minutes =
    quickGap(first, second, horizonMinutes) ??
    (isRegularPair(first, second)
      ? gapInSamples(first.firingsWithClockChanges(), second.firingsWithClockChanges())
      : gapInAllYears(first, second, horizonMinutes));
  return minutes <= horizonMinutes ? minutes : Number.POSITIVE_INFINITY;
}

/** Returns about how many firings {@link shortestGap} has to look for, which is what takes its time. */
export function comparedFirings(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  if (quickGap(first, second, horizonMinutes) !== undefined || isRegularPair(first, second)) return 0;
  return Math.min(first.estimatedFirings, second.estimatedFirings, maxComparedOf(first, second));
}

/** The shortest gap as far as no firing has to be looked at; undefined if that does not decide. */
function quickGap(first: FiringSample, second: FiringSample, horizonMinutes: number): number | undefined {
  if (!first.isKnown || !second.isKnown) return Number.POSITIVE_INFINITY;
  return (
    gapBetweenSingles(first, second) ??
    gapBetweenDates(first, second, horizonMinutes) ??
    gapByLocalTime(first, second, horizonMinutes) ??
    gapByTimeOfDay(first, second, horizonMinutes)
  );
}

function isRegularPair(first: FiringSample, second: FiringSample): boolean {
  return first.isRegular && second.isRegular;
}

/** Compares two that fire once; undefined if one fires more often. */
function gapBetweenSingles(
  { only: first }: FiringSample,
  { only: second }: FiringSample,
): number | undefined {
  if (first === undefined || second === undefined) return undefined;
  const minutes = (second - first) / MINUTE_MS;
  return minutes >= 1 ? minutes : Number.POSITIVE_INFINITY;
}

/** Compares two of which one has ended before the other begins; undefined if neither has. */
function gapBetweenDates(
  { limited: first }: FiringSample,
  { limited: second }: FiringSample,
  horizonMinutes: number,
): number | undefined {
  if (endsBefore(second, first)) return Number.POSITIVE_INFINITY;
  if (!endsBefore(first, second)) return undefined;
  const last = lastWithin(first, +(first.endDate ?? 0), horizonMinutes * MINUTE_MS);
  const next = nextFrom(second, +(second.startDate ?? 0));
  return last === undefined || next === undefined ? Number.POSITIVE_INFINITY : (next - last) / MINUTE_MS;
}

function endsBefore({ endDate }: Schedule, { startDate }: Schedule): boolean {
  return endDate !== undefined && startDate !== undefined && endDate <= startDate;
}

/** Compares the times of day of two schedules in one zone, without sampling; undefined if that does not decide. */
function gapByLocalTime(
  first: FiringSample,
  second: FiringSample,
  horizonMinutes: number,
): number | undefined {
  const { timezone } = first.schedule;
  if (first.minuteOfDay === undefined || second.minuteOfDay === undefined) return undefined;
  if (timezone !== second.schedule.timezone) return undefined;
  const later = second.minuteOfDay - first.minuteOfDay;
  const minutes = (later + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  if (minutes > horizonMinutes + CLOCK_CHANGE_MINUTES) return Number.POSITIVE_INFINITY;
  const clocksChange = Zone.of(timezone).nextChange(SAMPLE_FROM.getTime()) !== undefined;
  if (clocksChange) return undefined;
  if (minutes > horizonMinutes) return Number.POSITIVE_INFINITY;
  return later > 0 && first.days === second.days ? later : undefined;
}

/** Tells two that are far apart at every offset that their zones ever have, without sampling; undefined for others. */
function gapByTimeOfDay(
  first: FiringSample,
  second: FiringSample,
  horizonMinutes: number,
): number | undefined {
  const near = first.minutesOfDayInUtc.some((from) =>
    second.minutesOfDayInUtc.some(
      (to) => (((to - from) % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY <= horizonMinutes,
    ),
  );
  const areKnown = first.minuteOfDay !== undefined && second.minuteOfDay !== undefined;
  return areKnown && !near ? Number.POSITIVE_INFINITY : undefined;
}

/** All offsets of zones from UTC since 1970, in minutes. */
const offsets = new Map<string, readonly number[]>();

function offsetsOf(timezone: string): readonly number[] {
  const known = offsets.get(timezone);
  if (known !== undefined) return known;
  const [zone, found] = [Zone.of(timezone), new Set<number>()];
  for (let at: number | undefined = 0; at !== undefined && at < END; at = zone.nextChange(at))
    found.add(zone.offsetAt(at) / MINUTE_MS);
  offsets.set(timezone, [...found]);
  return [...found];
}

/** Changes within a year of the sampled weeks at which the clocks go forward, and local times come nearer to each other. */
function laterForwardChanges(timezone: string): number[] {
  const zone = Zone.of(timezone);
  const end = SAMPLE_FROM.getTime() + YEAR_MS;
  const changes: number[] = [];
  let change = zone.nextChange(EIGHT_WEEKS_LATER.getTime());
  for (; change !== undefined && change < end; change = zone.nextChange(change)) {
    if (zone.offsetAt(change) > zone.offsetAt(change - 1)) changes.push(change);
  }
  return changes;
}

function gapInSamples(firings: readonly number[], others: readonly number[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  let place = 0;
  for (const at of firings) {
    while (place < others.length && (others[place] ?? 0) < at + MINUTE_MS) place++;
    const next = others[place];
    if (next === undefined) break;
    shortest = Math.min(shortest, next - at);
  }
  return shortest / MINUTE_MS;
}

/**
 * Follows the firings of the schedule that has fewer, and skips times in which the other has none: they may meet only in
 * some months, or in some years until 2199.
 */
function gapInAllYears(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  const horizonMs = horizonMinutes * MINUTE_MS;
  const leadsFirst = first.estimatedFirings <= second.estimatedFirings;
  const [lead, other] = leadsFirst ? [first, second] : [second, first];
  const maxCompared = maxComparedOf(first, second);
  let shortest = Number.POSITIVE_INFINITY;
  let at = nextFrom(lead.schedule, lead.from);
  for (let compared = 0; at !== undefined && compared < maxCompared; compared++) {
    const near = leadsFirst
      ? firstWithin(other.schedule, at, horizonMs)
      : lastWithin(other.schedule, at, horizonMs);
    let from = at + MINUTE_MS;
    if (near !== undefined) shortest = Math.min(shortest, Math.abs(near - at));
    else {
      const next = nextFrom(other.schedule, from);
      if (next === undefined) break;
      from = Math.max(from, leadsFirst ? next - horizonMs : next);
    }
    at = nextFrom(lead.schedule, from);
  }
  return shortest / MINUTE_MS;
}

function maxComparedOf(...both: readonly FiringSample[]): number {
  const isEveryYear = both.every(({ schedule }) => schedule.pattern?.text.year === "*");
  return MAX_COMPARED_FIRINGS[isEveryYear ? "everyYear" : "someYears"];
}

function nextFrom(schedule: Schedule, from: number): number | undefined {
  return schedule.next({ from: new Date(from), count: 1 })[0]?.getTime();
}

/** The first firing in a later minute than `at`, up to the horizon. */
function firstWithin(schedule: Schedule, at: number, horizonMs: number): number | undefined {
  const period = { from: new Date(at + MINUTE_MS), until: new Date(at + horizonMs + MINUTE_MS) };
  return schedule.next({ ...period, count: 1 })[0]?.getTime();
}

/** The last firing before `at`, not longer ago than the horizon. Most schedules have one within an hour, or few at all. */
function lastWithin(schedule: Schedule, at: number, horizonMs: number): number | undefined {
  for (let lengthMs = Math.min(HOUR_MS, horizonMs); ; lengthMs = horizonMs) {
    const last = schedule.next({ from: new Date(at - lengthMs), until: new Date(at) }).at(-1);
    if (last !== undefined || lengthMs === horizonMs) return last?.getTime();
  }
}

import type { Schedule } from "../schedule";
import { HOUR_MS, MINUTE_MS, MINUTES_PER_DAY } from "../schedule/units";
import { Zone } from "../schedule/zone";

// A plan must not depend on the day on which it is made, so firings are sampled from a fixed Sunday. The eight weeks after
// it contain every weekly pattern and the day on which northern zones put their clocks forward.
const SAMPLE_FROM = new Date("2026-02-15T00:00:00Z");
const EIGHT_WEEKS_LATER = new Date("2026-04-12T00:00:00Z");
const NINE_DAYS_LATER = new Date("2026-02-24T00:00:00Z");
const TWO_YEARS_LATER = new Date("2028-02-15T00:00:00Z");

/** A schedule with more firings in eight weeks is sampled for nine days only. */
const MAX_SAMPLED_FIRINGS = 400;
/** A schedule with fewer firings in eight weeks is rare: it may meet other schedules in other months. */
const MIN_SAMPLED_FIRINGS = 8;
const MAX_DENSE_SAMPLE = 2000;
const MAX_RARE_SAMPLE = 64;

// A clock change can shorten the time between two local times by this much.
const CLOCK_CHANGE_MINUTES = 120;

// Sampling is the slowest part of a plan, and several checks need the same samples.
const samples = new WeakMap<Schedule, FiringSample>();

/** Samples of the firings of a schedule, computed on first use. */
export class FiringSample {
  readonly schedule: Schedule;
  /** Whether the firings are known. `rate()` counts from deployment time, which is unknown here. */
  readonly isKnown: boolean;
  /** Minute of the local day, if the schedule fires at one time of day only. */
  readonly minuteOfDay: number | undefined;
  /** Day fields of the expression, if it fires at one time of day only. Equal fields in one zone select equal days. */
  readonly days: string | undefined;
  #regular: readonly number[] | undefined;
  #rare: readonly number[] | undefined;

  static of(schedule: Schedule): FiringSample {
    const sample = samples.get(schedule) ?? new FiringSample(schedule);
    samples.set(schedule, sample);
    return sample;
  }

  private constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.isKnown = schedule.kind !== "rate";
    const { minuteOfDay, pattern } = schedule;
    this.minuteOfDay = minuteOfDay;
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

  /** Whether the sampled weeks are not representative of others. */
  get isRare(): boolean {
    return this.regularFirings().length < MIN_SAMPLED_FIRINGS;
  }

  /** Returns firings of two years, for a rare schedule. */
  rareFirings(): readonly number[] {
    this.#rare ??= this.#sample(TWO_YEARS_LATER, MAX_RARE_SAMPLE);
    return this.#rare;
  }

  /** Returns the longest gap between firings in hours, rounded up; undefined if the schedule does not fire all year. */
  longestGapHours(): number | undefined {
    const { kind, pattern } = this.schedule;
    if (kind === "rate") {
      const [next] = this.schedule.next({ from: SAMPLE_FROM, count: 1 });
      return next && Math.ceil((next.getTime() - SAMPLE_FROM.getTime()) / HOUR_MS);
    }
    const times = this.regularFirings();
    const everyMonth = pattern?.text.month === "*" && pattern.text.year === "*";
    if (!everyMonth || this.isRare || times.length >= MAX_DENSE_SAMPLE) return undefined;
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    return Math.ceil(Math.max(...gaps) / HOUR_MS);
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
  if (!first.isKnown || !second.isKnown) return Number.POSITIVE_INFINITY;
  const minutes =
    gapByLocalTime(first, second, horizonMinutes) ?? gapBySamples(first, second, horizonMinutes);
  return minutes <= horizonMinutes ? minutes : Number.POSITIVE_INFINITY;
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

function gapBySamples(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  return first.isRare || second.isRare
    ? gapAroundRareFirings(first, second, horizonMinutes)
    : gapInSamples(first.regularFirings(), second.regularFirings());
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

function gapAroundRareFirings(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  const horizonMs = horizonMinutes * MINUTE_MS;
  let shortest = Number.POSITIVE_INFINITY;
  if (first.isRare) {
    for (const at of first.rareFirings()) {
      const [from, until] = [new Date(at + MINUTE_MS), new Date(at + horizonMs + MINUTE_MS)];
      const [next] = second.schedule.next({ from, until, count: 1 });
      if (next) shortest = Math.min(shortest, next.getTime() - at);
    }
  } else {
    for (const at of second.rareFirings()) {
      const last = first.schedule.next({ from: new Date(at - horizonMs), until: new Date(at) }).at(-1);
      if (last) shortest = Math.min(shortest, at - last.getTime());
    }
  }
  return shortest / MINUTE_MS;
}

import type { Schedule } from "../schedule";
import { HOUR_MS, MINUTE_MS, MINUTES_PER_DAY } from "../schedule/units";
import { Zone } from "../schedule/zone";

// Every plan must come out the same on any day, so firings are sampled from a fixed Sunday. The eight weeks after it
// hold every weekly pattern and the day on which the northern zones put their clocks forward.
const SAMPLE_FROM = new Date("2026-02-15T00:00:00Z");
const EIGHT_WEEKS_LATER = new Date("2026-04-12T00:00:00Z");
const NINE_DAYS_LATER = new Date("2026-02-24T00:00:00Z");
const TWO_YEARS_LATER = new Date("2028-02-15T00:00:00Z");

/** More firings than this in eight weeks: nine days of them tell as much. */
const MAX_SAMPLED_FIRINGS = 400;
/** Fewer firings than this in eight weeks: too few to meet whatever they may meet in other months. */
const MIN_SAMPLED_FIRINGS = 8;
const MAX_DENSE_SAMPLE = 2000;
const MAX_RARE_SAMPLE = 64;

// A clock change can bring two local times nearer to each other by this much.
const CLOCK_CHANGE_MINUTES = 120;

// Several readers of one plan ask for the same firings, which take longer to work out than all else.
const samples = new WeakMap<Schedule, FiringSample>();

/** A schedule with samples of its firings, each worked out once, and only when asked for. */
export class FiringSample {
  readonly schedule: Schedule;
  /** Whether its firings are known before it is deployed: a rate counts from then. */
  readonly isKnown: boolean;
  /** The minute of the local day, where there is one such minute. */
  readonly minuteOfDay: number | undefined;
  /** What selects its days, where there is one such minute: equal text and zone, equal days. */
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
      this.days = [dayOfMonth, month, dayOfWeek, year].join(" ");
    }
  }

  /** Firings of some weeks, in milliseconds since the epoch, ascending. */
  regularFirings(): readonly number[] {
    if (this.#regular === undefined) {
      const sample = this.#sample(EIGHT_WEEKS_LATER, MAX_SAMPLED_FIRINGS);
      this.#regular =
        sample.length < MAX_SAMPLED_FIRINGS ? sample : this.#sample(NINE_DAYS_LATER, MAX_DENSE_SAMPLE);
    }
    return this.#regular;
  }

  /** Whether those weeks do not tell how it fires in other ones. */
  get isRare(): boolean {
    return this.regularFirings().length < MIN_SAMPLED_FIRINGS;
  }

  /** Firings of two years, for those that are rare. */
  rareFirings(): readonly number[] {
    this.#rare ??= this.#sample(TWO_YEARS_LATER, MAX_RARE_SAMPLE);
    return this.#rare;
  }

  /** The longest time, in hours rounded up, between firings that go on all year; undefined where they do not. */
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
 * How soon, in minutes, a firing of `first` is followed by one of `second`; infinite where that is never within the
 * horizon. Firings in the same minute do not follow each other.
 */
export function shortestGap(first: FiringSample, second: FiringSample, horizonMinutes: number): number {
  if (!first.isKnown || !second.isKnown) return Number.POSITIVE_INFINITY;
  const minutes =
    gapByLocalTime(first, second, horizonMinutes) ?? gapBySamples(first, second, horizonMinutes);
  return minutes <= horizonMinutes ? minutes : Number.POSITIVE_INFINITY;
}

/** What a glance at plain times in one zone tells, which it mostly does; undefined where it does not. */
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

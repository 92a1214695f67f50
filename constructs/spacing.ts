import type { Schedule } from "../schedule";

// Every plan must come out the same on any day, so firings are sampled from a fixed Sunday, a few weeks before the
// northern zones put their clocks forward.
const SAMPLE_FROM = new Date("2026-02-15T00:00:00Z");
const SAMPLE_UNTIL = new Date("2028-02-15T00:00:00Z");
const SAMPLE_COUNT = 64;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MINUTES = 1440;
// A clock change can bring two local times nearer to each other by this much.
const CLOCK_CHANGE_MINUTES = 120;

/**
 * How soon, in whole minutes, a firing of `first` is followed by one of `second`, where that is within
 * `horizonMinutes`; undefined where it never is. Firings in the same minute do not follow each other. Rates count
 * from their deployment, so nothing is known of them.
 */
export function soonestFollowing(first: Timed, second: Timed, horizonMinutes: number): number | undefined {
  if (!first.fires || !second.fires || farApart(first, second, horizonMinutes)) return undefined;
  let soonest = Number.POSITIVE_INFINITY;
  for (const at of first.sample()) {
    const from = new Date(at + MINUTE_MS);
    const until = new Date(at + (horizonMinutes + 1) * MINUTE_MS);
    const [next] = second.schedule.next({ from, until, count: 1 });
    if (next) soonest = Math.min(soonest, next.getTime() - at);
  }
  for (const at of second.sample()) {
    const before = first.schedule.next({
      from: new Date(at - horizonMinutes * MINUTE_MS),
      until: new Date(at),
    });
    const last = before.at(-1);
    if (last) soonest = Math.min(soonest, at - last.getTime());
  }
  const minutes = Math.floor(soonest / MINUTE_MS);
  return minutes <= horizonMinutes ? minutes : undefined;
}

/** A schedule with what its spacing needs, worked out once. */
export class Timed {
  readonly schedule: Schedule;
  /** Whether its firings are known before it is deployed. */
  readonly fires: boolean;
  /** Minute of the local day for a plain `cron(M H ...)`, else undefined. */
  readonly minuteOfDay: number | undefined;
  #sample: readonly number[] | undefined;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.fires = schedule.kind !== "rate";
    const plain = /^cron\((\d+) (\d+) /.exec(schedule.expression);
    this.minuteOfDay = plain ? Number(plain[2]) * 60 + Number(plain[1]) : undefined;
  }

  /** Some of its firings, in milliseconds since the epoch. */
  sample(): readonly number[] {
    this.#sample ??= this.schedule
      .next({ from: SAMPLE_FROM, until: SAMPLE_UNTIL, count: SAMPLE_COUNT })
      .map((at) => at.getTime());
    return this.#sample;
  }

  /** The longest time, in hours rounded up, between firings that go on and on; undefined where they end or rarely come. */
  longestGapHours(): number | undefined {
    if (this.schedule.kind === "rate") {
      const [next] = this.schedule.next({ from: SAMPLE_FROM, count: 1 });
      return next && Math.ceil((next.getTime() - SAMPLE_FROM.getTime()) / HOUR_MS);
    }
    const times = this.sample();
    if (times.length < SAMPLE_COUNT) return undefined;
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
    return Math.ceil(Math.max(...gaps) / HOUR_MS);
  }
}

function farApart(first: Timed, second: Timed, horizonMinutes: number): boolean {
  if (first.minuteOfDay === undefined || second.minuteOfDay === undefined) return false;
  if (first.schedule.timezone !== second.schedule.timezone) return false;
  const minutes = (second.minuteOfDay - first.minuteOfDay + DAY_MINUTES) % DAY_MINUTES;
  return minutes > horizonMinutes + CLOCK_CHANGE_MINUTES;
}

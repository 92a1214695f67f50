import type { Action } from "../contract/actions";
import { DAY_MS } from "../contract/units";
import {
  byTime,
  firingsOf,
  type TimelineFiring,
  type TimelinePeriod,
  type TimelineSchedule,
} from "./timeline";

/** Most schedules fire every week; rarer ones are searched further away. */
const SEARCHED_DAYS = [8, 40, 400] as const;

/** The last change of action among the firings of schedules. */
export interface LastChange {
  readonly action: Action;
  /** The first firing after the last opposite one. */
  readonly since: TimelineFiring;
  /** The last firing, which may be one of several stops in a row. */
  readonly last: TimelineFiring;
}

/**
 * The firings of schedules around an instant, as far away as the nearest one that changes something. A rate has none here:
 * it counts from a deployment time that is unknown.
 */
export class NearFirings {
  readonly now: Date;
  readonly #known = new Map<string, readonly TimelineFiring[]>();

  constructor(now: Date) {
    this.now = now;
  }

  /** Oldest first, those on holidays too; empty where none of them fired within 400 days. */
  upToNow(schedules: readonly TimelineSchedule[]): readonly TimelineFiring[] {
    for (const days of SEARCHED_DAYS) {
      const firings = this.#within(schedules, -days);
      if (firings.some(isEffective)) return firings;
    }
    return [];
  }

  /** The last firing of a schedule, including one on a holiday. */
  lastBefore(schedule: TimelineSchedule): TimelineFiring | undefined {
    return this.upToNow([schedule]).findLast(({ skipped }) => skipped !== "clock-change");
  }

  /** The last change of action by effective firings of the schedules; undefined where none fired within 400 days. */
  lastChange(schedules: readonly TimelineSchedule[]): LastChange | undefined {
    const effective = this.upToNow(schedules).filter(isEffective);
    const last = effective.at(-1);
    if (last === undefined) return undefined;
    const { action } = last.of;
    const since = effective[effective.findLastIndex(({ of }) => of.action !== action) + 1] ?? last;
    return { action, since, last };
  }

  /** The next effective firing after now; undefined where none comes within 400 days. */
  nextEffective(schedules: readonly TimelineSchedule[]): TimelineFiring | undefined {
    for (const days of SEARCHED_DAYS) {
      const next = this.#within(schedules, days).find(isEffective);
      if (next !== undefined) return next;
    }
    return undefined;
  }

  #within(schedules: readonly TimelineSchedule[], days: number): readonly TimelineFiring[] {
    return schedules.flatMap((schedule) => this.#read(schedule, days)).sort(byTime);
  }

  #read(schedule: TimelineSchedule, days: number): readonly TimelineFiring[] {
    const key = `${days} ${schedule.name}`;
    const [now, end] = [+this.now + 1, +this.now + 1 + days * DAY_MS];
    const period = { from: new Date(Math.min(now, end)), until: new Date(Math.max(now, end)) };
    const known = this.#known.get(key) ?? knownFirings(schedule, period);
    this.#known.set(key, known);
    return known;
  }
}

/** Oldest first, those on holidays too. Empty for a disabled schedule, and for a rate. */
export function knownFirings(schedule: TimelineSchedule, period: TimelinePeriod): readonly TimelineFiring[] {
  if (!schedule.enabled || schedule.schedule.kind === "rate") return [];
  return firingsOf(schedule, period).sort(byTime);
}

/** Whether it changes anything: not on a holiday, and not at a time that clocks jump over. */
export function isEffective({ skipped }: TimelineFiring): boolean {
  return skipped === undefined;
}

import { DAY_MS } from "../../contract/units";
import type { PlannedSchedule } from "../../model/plan";
import {
  buildTimeline,
  type TimelineFiring,
  type TimelinePeriod,
  type TimelineSchedule,
} from "../../schedule/timeline";

/** Most schedules fire every week; rarer ones are searched further back. */
const LOOK_BACK_DAYS = [8, 40, 400] as const;

/** A schedule of the config as timelines take it. */
export function toTimelineSchedule(planned: PlannedSchedule): PlannedSchedule & TimelineSchedule {
  return { ...planned, skipDates: planned.request.holidays ?? [] };
}

/**
 * The firings of a schedule in a period, oldest first, those on holidays too. Empty for a disabled schedule, and for a
 * rate, which counts from a deployment time that is unknown here.
 */
export function firingsOf(planned: PlannedSchedule, period: TimelinePeriod): readonly TimelineFiring[] {
  if (planned.schedule.kind === "rate") return [];
  return buildTimeline([toTimelineSchedule(planned)], [], period).firings;
}

/** Past firings of schedules, as far back as the last one that changed something. */
export class PastFirings {
  readonly now: Date;
  readonly #known = new Map<string, readonly TimelineFiring[]>();

  constructor(now: Date) {
    this.now = now;
  }

  /**
   * Oldest first, those on holidays too; empty where none of them fired within 400 days.
   */
  upToNow(schedules: readonly PlannedSchedule[]): readonly TimelineFiring[] {
    for (const days of LOOK_BACK_DAYS) {
      const firings = schedules.flatMap((planned) => this.#readWithin(planned, days)).sort(compareByTime);
      if (firings.some(isEffective)) return firings;
    }
    return [];
  }

  /** The last firing of a schedule, including one on a holiday. */
  lastBefore(schedule: PlannedSchedule): TimelineFiring | undefined {
    return this.upToNow([schedule]).findLast(({ skipped }) => skipped !== "clock-change");
  }

  #readWithin(planned: PlannedSchedule, days: number): readonly TimelineFiring[] {
    const key = `${days} ${planned.name}`;
    const period = { from: new Date(+this.now - days * DAY_MS), until: new Date(+this.now + 1) };
    const known = this.#known.get(key) ?? firingsOf(planned, period);
    this.#known.set(key, known);
    return known;
  }
}

/** The last firing of all in a period that should have done something. */
export function findLastDueFiring(
  plan: readonly PlannedSchedule[],
  { from, to }: { readonly from: Date; readonly to: Date },
): TimelineFiring | undefined {
  const last = new PastFirings(to).upToNow(plan).findLast(isEffective);
  return last !== undefined && last.at >= from ? last : undefined;
}

/** Whether it changes anything: not on a holiday, and not at a time that clocks jump over. */
export function isEffective({ skipped }: TimelineFiring): boolean {
  return skipped === undefined;
}

/** A start and a stop at the same instant have no order: the stop counts as the last, as in previews. */
function compareByTime(a: TimelineFiring, b: TimelineFiring): number {
  return +a.at - +b.at || (a.of.action < b.of.action ? -1 : a.of.action > b.of.action ? 1 : 0);
}

import type { PlannedSchedule } from "../../constructs/plan";
import type { TrailPeriod } from "./trail";

const DAY_MS = 86_400_000;

/**
 * When a schedule was due in a period (its end excluded), but for its holidays. None for a rate: that counts from its
 * deployment, of which the config says nothing.
 */
export function dueFirings(
  { schedule, enabled, request }: PlannedSchedule,
  { from, to }: TrailPeriod,
): Date[] {
  if (!enabled || schedule.kind === "rate") return [];
  const holidays = new Set(request.holidays);
  return schedule
    .firings({ from, until: to })
    .filter(({ local }) => !holidays.has(local.slice(0, 10)))
    .map(({ at }) => at);
}

export interface DueFiring {
  readonly schedule: string;
  readonly at: Date;
}

/** The last firing of all that was due in a period. */
export function lastDueFiring(
  plan: readonly PlannedSchedule[],
  { from, to }: TrailPeriod,
): DueFiring | undefined {
  // Most have fired lately: that spares the thousands of firings of a long period.
  for (const days of [1, 7, 90]) {
    const start = new Date(Math.max(+from, +to - days * DAY_MS));
    const due = plan.flatMap((planned) => {
      const at = dueFirings(planned, { from: start, to }).at(-1);
      return at === undefined ? [] : [{ schedule: planned.name, at }];
    });
    const last = due.toSorted((a, b) => +b.at - +a.at)[0];
    if (last !== undefined) return last;
  }
  return undefined;
}

import type { PlannedSchedule } from "../../model/plan";
import { isEffective, knownFirings, NearFirings } from "../../schedule/near-firings";
import type { TimelineFiring, TimelinePeriod, TimelineSchedule } from "../../schedule/timeline";

/** A schedule of the config as timelines take it. */
export function toTimelineSchedule(planned: PlannedSchedule): PlannedSchedule & TimelineSchedule {
  return { ...planned, skipDates: planned.request.holidays ?? [] };
}

/** The firings of a schedule in a period, as `knownFirings` returns them. */
export function plannedFirings(planned: PlannedSchedule, period: TimelinePeriod): readonly TimelineFiring[] {
  return knownFirings(toTimelineSchedule(planned), period);
}

/** The last firing of all in a period that should have done something. */
export function findLastDueFiring(
  plan: readonly PlannedSchedule[],
  { from, to }: { readonly from: Date; readonly to: Date },
): TimelineFiring | undefined {
  const last = new NearFirings(to).upToNow(plan.map(toTimelineSchedule)).findLast(isEffective);
  return last !== undefined && last.at >= from ? last : undefined;
}

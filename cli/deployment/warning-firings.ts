import { offsetText } from "../../contract/date-time";
import { MINUTE_MS } from "../../contract/units";
import type { PlannedSchedule } from "../../model/plan";
import { isEffective, NearFirings } from "../../schedule/near-firings";
import type { TimelineFiring, TimelinePeriod } from "../../schedule/timeline";
import { Zone } from "../../schedule/zone";
import { plannedFirings, toTimelineSchedule } from "./past-firings";

/** A firing of the warning before a stop. */
export interface WarningFiring {
  /** `dev-stop-warn`, the name in requests and reports. */
  readonly name: string;
  readonly at: Date;
  /** ISO 8601 local time with its offset. */
  readonly local: string;
  /** The firing that it warns of. */
  readonly stop: TimelineFiring;
}

/** The warnings of a schedule in a period, oldest first. Those of a holiday are left out, since they say nothing. */
export function warningFiringsOf(planned: PlannedSchedule, { from, until }: TimelinePeriod): WarningFiring[] {
  const distance = distanceOf(planned);
  if (distance === undefined) return [];
  const ofStops = { from: new Date(+from + distance), until: new Date(+until + distance) };
  return plannedFirings(planned, ofStops).flatMap((stop) => warningFiringOf(planned, stop) ?? []);
}

/** The next warning of a schedule, if one comes within 400 days. */
export function nextWarning(planned: PlannedSchedule, now: Date): WarningFiring | undefined {
  const distance = distanceOf(planned);
  if (distance === undefined) return undefined;
  const stop = new NearFirings(new Date(+now + distance)).nextEffective([toTimelineSchedule(planned)]);
  return stop && warningFiringOf(planned, stop);
}

function distanceOf({ warning }: PlannedSchedule): number | undefined {
  const { warnMinutes } = warning?.request ?? {};
  return warnMinutes === undefined ? undefined : warnMinutes * MINUTE_MS;
}

/** A warning is due exactly `warnMinutes` before its stop: the check of the config refuses times that cannot be. */
function warningFiringOf(planned: PlannedSchedule, stop: TimelineFiring): WarningFiring | undefined {
  const distance = distanceOf(planned);
  if (distance === undefined || planned.warning === undefined || !isEffective(stop)) return undefined;
  const at = new Date(+stop.at - distance);
  const offset = Zone.of(planned.schedule.timezone).offsetAt(+at);
  const local = new Date(+at + offset).toISOString().slice(0, 19) + offsetText(offset);
  return { name: planned.warning.name, at, local, stop };
}

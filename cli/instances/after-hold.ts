import { STATE_AFTER } from "../../contract/actions";
import type { Hold } from "../../contract/holds";
import { MINUTE_MS } from "../../contract/units";
import type { PlannedSchedule } from "../../model/plan";
import { NearFirings } from "../../schedule/near-firings";
import { toTimelineSchedule } from "../deployment/past-firings";
import { formatMinute } from "../terminal/time";
import type { TargetInstance } from "./instance";

interface HeldInstance {
  readonly instance: Pick<TargetInstance, "state">;
  /** Enabled ones whose targets have it. */
  readonly schedules: readonly PlannedSchedule[];
}

/**
 * Describes what happens to an instance when its hold ends, by the rules of the function.
 * @param followUps whether the deployment has follow-ups
 */
export function describeAfterHold(
  { schedules, instance }: HeldInstance,
  { until }: Pick<Hold, "until">,
  { followUps, timezone }: { readonly followUps: boolean; readonly timezone: string },
): string {
  if (until === undefined) return "held for ever";
  if (!followUps) return "nothing: no follow-ups";
  const firings = new NearFirings(until);
  const timelines = schedules.map(toTimelineSchedule);
  const last = firings.lastChange(timelines);
  if (last === undefined) return "nothing: no schedule has fired yet";
  const wanted = STATE_AFTER[last.action];
  if (instance.state !== wanted) {
    const at = formatMinute(new Date(+until + MINUTE_MS), timezone);
    return `${last.action === "stop" ? "stops" : "starts"} at ${at}`;
  }
  const next = firings.nextEffective(timelines.filter(({ action }) => action !== last.action));
  const stays = `stays ${last.action === "stop" ? "off" : "on"}: ${last.last.of.name}`;
  return next === undefined ? stays : `${stays}, until ${formatMinute(next.at, timezone)}`;
}

import type { WatchRequest } from "../contract/watch";
import type { Schedule } from "../schedule";
import { scheduleTimes } from "./deployed-schedules";
import type { Plan } from "./plan";
import type { Ec2StartStopProps } from "./props";

/** A schedule, planned or only parsed. */
interface WatchableSchedule {
  readonly schedule: Schedule;
  readonly enabled: boolean;
}

/** The enabled schedules whose firings are known; none where missed firings raise no alarm. */
export function watchedSchedules<T extends WatchableSchedule>(
  props: Pick<Ec2StartStopProps, "alerts">,
  schedules: readonly T[],
): T[] {
  return watchable(props, schedules).filter(({ schedule }) => schedule.kind !== "rate");
}

/** The enabled schedules that count from their deployment; none where missed firings raise no alarm. */
export function enabledRates<T extends WatchableSchedule>(
  props: Pick<Ec2StartStopProps, "alerts">,
  schedules: readonly T[],
): T[] {
  return watchable(props, schedules).filter(({ schedule }) => schedule.kind === "rate");
}

function watchable<T extends WatchableSchedule>(
  { alerts }: Pick<Ec2StartStopProps, "alerts">,
  schedules: readonly T[],
): T[] {
  if (alerts === undefined || alerts.missedFirings === false) return [];
  return schedules.filter(({ enabled }) => enabled);
}

/** What the event of the watch says of a plan. */
export function watchRequest({
  props,
  names,
  schedules,
  actions,
}: Plan): Pick<WatchRequest, "functionNames" | "schedules"> {
  return {
    functionNames: Object.fromEntries(actions.map((action) => [action, names.functions[action]])),
    schedules: watchedSchedules(props, schedules).map(scheduleTimes),
  };
}

import { defined } from "../contract/collections";
import { TIMEZONE } from "../contract/limits";
import type {
  DeployedSchedule,
  DeployedSchedules,
  ScheduleTimes,
  TargetInstances,
} from "../contract/request";
import type { Plan, PlannedSchedule } from "./plan";
import { targetInstances } from "./requests";

/** Returns the enabled schedules of a plan as the functions know them, each target and each calendar once. */
export function deployedSchedules({
  props,
  schedules,
}: Pick<Plan, "props" | "schedules">): DeployedSchedules {
  const targets = new IndexedList<TargetInstances>();
  const calendars = new IndexedList<readonly string[]>();
  const describe = (planned: PlannedSchedule): DeployedSchedule => ({
    ...scheduleTimes(planned),
    targets: planned.targetNames
      .flatMap((each) => targetInstances(props, each))
      .map((each) => targets.indexOf(each)),
    ...(planned.request.holidays ? { calendar: calendars.indexOf(planned.request.holidays) } : {}),
  });
  const described = schedules.filter(({ enabled }) => enabled).map(describe);
  return { targets: targets.items, calendars: calendars.items, schedules: described };
}

/** Returns when a schedule fires, as the functions know it. */
export function scheduleTimes({ name, action, schedule }: PlannedSchedule): ScheduleTimes {
  const { expression, timezone, startDate, endDate } = schedule;
  return defined({
    name,
    action,
    expression,
    timezone: timezone === TIMEZONE.default ? undefined : timezone,
    startDate: startDate?.toISOString(),
    endDate: endDate?.toISOString(),
  });
}

/** A list of values that differ in their JSON. */
class IndexedList<T> {
  readonly items: T[] = [];
  readonly #indices = new Map<string, number>();

  /** Returns the index of a value, which is added if it is new. */
  indexOf(value: T): number {
    const key = JSON.stringify(value);
    const index = this.#indices.get(key) ?? this.items.push(value) - 1;
    this.#indices.set(key, index);
    return index;
  }
}

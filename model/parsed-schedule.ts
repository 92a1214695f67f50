import type { Action } from "../contract/actions";
import { TIMEZONE } from "../contract/limits";
import { runningWindows, Schedule, type UtcConversion } from "../schedule";
import type { Ec2StartStopProps, ScheduleProps } from "./props";

/** A schedule read from the config, before anything is derived from the others. */
export interface ParsedSchedule {
  readonly name: string;
  readonly key: string;
  readonly action: Action;
  readonly schedule: Schedule;
  readonly dayOffset: number;
  readonly targetNames: readonly string[];
  /** For trigger `event-rule`: the same in UTC, where that is exact. */
  readonly utc?: UtcConversion;
  readonly props: ScheduleProps;
}

/** One entry of `schedules`: itself, or one schedule for each start and stop of its windows. */
export function parseSchedule(
  key: string,
  props: ScheduleProps,
  defaults: Pick<Ec2StartStopProps, "timezone" | "trigger">,
): ParsedSchedule[] {
  const timezone = props.timezone ?? defaults.timezone ?? TIMEZONE.default;
  const targetNames = [...new Set(typeof props.targets === "string" ? [props.targets] : props.targets)];
  const parse = (name: string, action: Action, expression: string, dayOffset: number): ParsedSchedule => {
    const schedule = Schedule.parse(expression, { timezone });
    const utc = defaults.trigger === "scheduler" ? {} : { utc: schedule.toUtc() };
    return { name, key, action, schedule, dayOffset, targetNames, ...utc, props };
  };
  if (!("running" in props)) return [parse(key, props.action, props.expression, 0)];
  return runningWindows(props.running).schedules.map(({ action, suffix, expression, dayOffset }) =>
    parse(`${key}-${suffix}`, action, expression, dayOffset),
  );
}

import type { Action } from "../contract/actions";
import { TIMEZONE } from "../contract/limits";
import { runningWindows, Schedule, type UtcConversion } from "../schedule";
import type { Ec2StartStopProps, ScheduleProps } from "./props";

/** An entry of `schedules`, parsed by itself. `plan.ts` adds what depends on other entries. */
export interface ParsedSchedule {
  readonly name: string;
  readonly key: string;
  readonly action: Action;
  readonly schedule: Schedule;
  /** Days between the start of a `running` window and this firing. */
  readonly dayOffset: number;
  readonly targetNames: readonly string[];
  /** With trigger `event-rule`: the conversion to UTC. */
  readonly utc?: UtcConversion;
  readonly props: ScheduleProps;
}

/**
 * Parses an entry of `schedules`. An entry with `running` windows gives one schedule per start and stop.
 * @throws ScheduleError for an invalid expression, zone or window
 */
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

import type { Action } from "../contract/actions";
import { defined } from "../contract/collections";
import { addDays, readBegin, readEnd } from "../contract/date-time";
import { TIMEZONE } from "../contract/limits";
import { isDate } from "../contract/patterns";
import { WARNING_SUFFIX } from "../contract/request";
import { runningWindows, Schedule, type ScheduleOptions, type UtcConversion } from "../schedule";
import { earlierTimes } from "../schedule/earlier";
import { parseTimezone } from "../schedule/timezone";
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
  /** Set for a stop that is warned of. */
  readonly warning?: ParsedWarning;
  readonly props: ScheduleProps;
}

/** The times at which a stop is warned of. */
interface ParsedWarning {
  /** Of the requests, and of the first rule or EventBridge schedule. */
  readonly name: string;
  /** Expressions in the zone of the stop, which together fire `warnMinutes` before it. */
  readonly times: UtcConversion;
  /** With trigger `event-rule`: these expressions in UTC. */
  readonly utc?: UtcConversion;
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
    const schedule = Schedule.parse(expression, { timezone, ...datesOf(props, timezone, dayOffset) });
    const utc = defaults.trigger === "scheduler" ? {} : { utc: schedule.toUtc() };
    const warning =
      action === "start" || props.warnMinutes === undefined
        ? {}
        : { warning: parseWarning(name, schedule.withoutDates(), props.warnMinutes, defaults.trigger) };
    return { name, key, action, schedule, dayOffset, targetNames, ...utc, ...warning, props };
  };
  if (!("running" in props)) return [parse(key, props.action, props.expression, 0)];
  return runningWindows(props.running).schedules.map(({ action, suffix, expression, dayOffset }) =>
    parse(`${key}-${suffix}`, action, expression, dayOffset),
  );
}

/**
 * Returns the instants between which a schedule fires. A window belongs to the day on which it starts, so the stop of the
 * last overnight window comes a day later.
 */
function datesOf(
  { startDate, endDate }: Pick<ScheduleProps, "startDate" | "endDate">,
  timezone: string,
  dayOffset: number,
): Pick<ScheduleOptions, "startDate" | "endDate"> {
  const shifted = (text: string) => (isDate(text) ? addDays(text, dayOffset) : text);
  const start = startDate === undefined ? undefined : readBegin(shifted(startDate), parseTimezone(timezone));
  const end = endDate === undefined ? undefined : readEnd(shifted(endDate), parseTimezone(timezone));
  return defined({
    startDate: start === undefined ? undefined : new Date(start),
    endDate: end === undefined ? undefined : new Date(end),
  });
}

function parseWarning(
  stopName: string,
  schedule: Schedule,
  minutes: number,
  trigger: Ec2StartStopProps["trigger"],
): ParsedWarning {
  const name = `${stopName}${WARNING_SUFFIX}`;
  const times = earlierTimes(schedule, minutes);
  if (trigger === "scheduler" || times.expressions === null) return { name, times };
  const { timezone } = schedule;
  const converted = times.expressions.map((each) => Schedule.parse(each, { timezone }).toUtc());
  const failed = converted.find(({ expressions }) => expressions === null);
  return {
    name,
    times,
    utc: failed ?? { expressions: converted.flatMap(({ expressions }) => expressions ?? []) },
  };
}

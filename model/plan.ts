import { ACTIONS, type Action } from "../contract/actions";
import { truncate } from "../contract/collections";
import { LATEST_MINUTES, MAX_DESCRIPTION_LENGTH, TIMEZONE } from "../contract/limits";
import type { RequestTarget, StartStopRequest } from "../contract/request";
import type { Schedule } from "../schedule";
import { DAY_MS } from "../schedule/units";
import { type Names, namesOf } from "./names";
import { OverlapIndex } from "./overlaps";
import { type ParsedSchedule, parseSchedule } from "./parsed-schedule";
import type { Ec2StartStopProps } from "./props";
import { requestTargets } from "./requests";

/** One schedule as it will be deployed; a schedule of `running` windows gives several. */
export interface PlannedSchedule {
  /** Unique; what requests and reports call it: `dev-stop`, or `staging-hours-start` for a window's start. */
  readonly name: string;
  /** The key in `schedules` that it comes from. */
  readonly key: string;
  readonly action: Action;
  readonly schedule: Schedule;
  readonly enabled: boolean;
  readonly description: string;
  /** Names of its targets, each once. */
  readonly targetNames: readonly string[];
  /** Days between the start of a `running` window and this firing: 1 for the stop of an overnight window, else 0. */
  readonly dayOffset: number;
  /** What its trigger hands to the function, but for `scheduledTime`, which the trigger fills in. */
  readonly request: StartStopRequest;
  readonly latestMinutes: number;
  /** For trigger `event-rule`: the UTC expressions, one rule each. For `scheduler`: none. */
  readonly utcExpressions: readonly string[];
}

/** What valid props mean, with all that is derived from them: what a blueprint is made of. */
export interface Plan {
  readonly props: Ec2StartStopProps;
  readonly names: Names;
  readonly schedules: readonly PlannedSchedule[];
  /** Actions that some schedule has, each with a function of its own. */
  readonly actions: readonly Action[];
  /** What each action may be done to; an action that no schedule has is absent. */
  readonly targets: Readonly<Partial<Record<Action, readonly RequestTarget[]>>>;
}

/**
 * The schedules of valid props, in the order of the config, windows expanded.
 * @throws ScheduleError for an expression, zone or window that is not valid
 */
export function planSchedules(props: Ec2StartStopProps): PlannedSchedule[] {
  const schedules = Object.entries(props.schedules).flatMap(([key, schedule]) =>
    parseSchedule(key, schedule, props),
  );
  return completeSchedules(props, schedules);
}

/** @param schedules where they are planned already */
export function planOf(
  props: Ec2StartStopProps,
  schedules: readonly PlannedSchedule[] = planSchedules(props),
): Plan {
  return {
    props,
    names: namesOf(props),
    schedules,
    actions: ACTIONS.filter((action) => schedules.some((planned) => planned.action === action)),
    targets: targetsByAction(props, schedules),
  };
}

/** What the schedules need to know of each other and of the rest of the config is filled in. */
export function completeSchedules(
  props: Ec2StartStopProps,
  schedules: readonly ParsedSchedule[],
  overlaps: OverlapIndex = new OverlapIndex(props, schedules),
): PlannedSchedule[] {
  const targetsOf = memoize((key: string) => {
    const [action, names]: [Action, string[]] = JSON.parse(key);
    return requestTargets(props, names, action);
  });
  return schedules.map((parsed) => {
    const latestMinutes = parsed.props.latestMinutes ?? defaultLatestMinutes(overlaps, parsed);
    const { name, key, action, schedule, targetNames, dayOffset } = parsed;
    return {
      name,
      key,
      action,
      schedule,
      enabled: parsed.props.enabled ?? true,
      description: parsed.props.description ?? describe(parsed),
      targetNames,
      dayOffset,
      request: {
        schedule: name,
        action,
        targets: targetsOf(JSON.stringify([action, targetNames])),
        ...zoneAndHolidays(props, parsed),
        latestMinutes,
        ...(action === "stop" && parsed.props.hibernate ? { hibernate: true } : {}),
      },
      latestMinutes,
      utcExpressions: parsed.utc?.expressions ?? [],
    };
  });
}

/** A firing that is late may not undo the opposite one that follows it. */
function defaultLatestMinutes(overlaps: OverlapIndex, parsed: ParsedSchedule): number {
  const next = overlaps.soonestAfter(parsed, LATEST_MINUTES.default);
  return next === undefined ? LATEST_MINUTES.default : Math.max(LATEST_MINUTES.min, next.minutes - 1);
}

/** The zone is that of the dates; without it, the function reads them in UTC. */
function zoneAndHolidays(
  { holidays }: Ec2StartStopProps,
  { action, schedule, dayOffset, props }: ParsedSchedule,
): Pick<StartStopRequest, "timezone" | "holidays"> {
  const zone = schedule.timezone === TIMEZONE.default ? {} : { timezone: schedule.timezone };
  const calendar = props.holidays;
  if (calendar === undefined || (action === "stop" && (props.stopOnHolidays ?? true))) return zone;
  const dates = holidays !== undefined && Object.hasOwn(holidays, calendar) ? (holidays[calendar] ?? []) : [];
  // A window belongs to the day on which it starts: the stop of an overnight window looks at the day before.
  const shifted = [...new Set(dates)].sort().map((date) => addDays(date, dayOffset));
  return shifted.length === 0 ? zone : { ...zone, holidays: shifted };
}

function addDays(date: string, days: number): string {
  if (days === 0) return date;
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** What the console shows beside the schedule. */
function describe({ action, schedule, targetNames }: ParsedSchedule): string {
  const zone = schedule.kind === "rate" ? "" : ` (${schedule.timezone})`;
  const text = `${action === "stop" ? "Stop" : "Start"} ${targetNames.join(", ")}: ${schedule.describe()}${zone}`;
  return truncate(text, MAX_DESCRIPTION_LENGTH);
}

/** What the report calls a run of the default request. */
export const DEFAULT_REQUEST_NAME = "default";

/** What a function does with an event that is no request: all targets of its enabled schedules, or nothing. */
export function defaultRequest(
  props: Ec2StartStopProps,
  action: Action,
  plan: readonly PlannedSchedule[] = planSchedules(props),
): StartStopRequest | undefined {
  const schedules = plan.filter((planned) => planned.action === action && planned.enabled);
  const targets = allTargets(props, schedules, action);
  if (targets.length === 0) return undefined;
  const hibernate = schedules.every(({ request }) => request.hibernate === true);
  return { schedule: DEFAULT_REQUEST_NAME, action, targets, ...(hibernate ? { hibernate } : {}) };
}

/** What each action may be done to, by schedules that are enabled or not; an action without a schedule is absent. */
function targetsByAction(
  props: Ec2StartStopProps,
  plan: readonly PlannedSchedule[],
): Partial<Record<Action, RequestTarget[]>> {
  const ofAction = (action: Action) => plan.filter((planned) => planned.action === action);
  const [stops, starts] = [ofAction("stop"), ofAction("start")];
  return {
    ...(stops.length > 0 ? { stop: allTargets(props, stops, "stop") } : {}),
    ...(starts.length > 0 ? { start: allTargets(props, starts, "start") } : {}),
  };
}

function allTargets(
  props: Ec2StartStopProps,
  schedules: readonly PlannedSchedule[],
  action: Action,
): RequestTarget[] {
  return requestTargets(props, [...new Set(schedules.flatMap(({ targetNames }) => targetNames))], action);
}

/** Whether services are checked inside the instances once those are started. */
export function hasServiceChecks(targets: Partial<Record<Action, readonly RequestTarget[]>>): boolean {
  return targets.start?.some(({ checks }) => checks !== undefined) ?? false;
}

function memoize<T>(compute: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.has(key) ? (known.get(key) as T) : compute(key);
    known.set(key, value);
    return value;
  };
}

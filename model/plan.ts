import { ACTIONS, type Action } from "../contract/actions";
import { truncate } from "../contract/collections";
import { addDays } from "../contract/date-time";
import { LATEST_MINUTES, MAX_DESCRIPTION_LENGTH, TIMEZONE } from "../contract/limits";
import type { DeployedTarget, StartStopRequest } from "../contract/request";
import type { Schedule } from "../schedule";
import { type Names, namesOf } from "./names";
import { OverlapIndex } from "./overlaps";
import { type ParsedSchedule, parseSchedule } from "./parsed-schedule";
import type { Ec2StartStopProps } from "./props";
import { deployedTargets, requestTargets } from "./requests";

/** One schedule with a single action. An entry of `schedules` with `running` windows gives several. */
export interface PlannedSchedule {
  /** Unique name in requests and reports: `dev-stop`, or `office-start` for the start of the windows of `office`. */
  readonly name: string;
  /** Key of the entry in `schedules`. */
  readonly key: string;
  /** `start` or `stop`. */
  readonly action: Action;
  /** Times of the action, in the zone of the schedule. */
  readonly schedule: Schedule;
  /** Whether the schedule fires. */
  readonly enabled: boolean;
  /** Description of the rule or EventBridge schedule. */
  readonly description: string;
  /** Names of the targets, each once. */
  readonly targetNames: readonly string[];
  /** Days from the start of a `running` window to this firing: 1 for the stop of an overnight window, else 0. */
  readonly dayOffset: number;
  /** Request that the trigger sends to the function, without `scheduledTime`, which the trigger fills in. */
  readonly request: StartStopRequest;
  /** How late a run may still change instances, in minutes after its firing. */
  readonly latestMinutes: number;
  /** UTC expressions, one rule each, with trigger `event-rule`. Empty with `scheduler`. */
  readonly utcExpressions: readonly string[];
  /**
   * The warning before a stop.
   * @default not set: nothing warns of it
   */
  readonly warning?: PlannedWarning;
}

/** What warns of a stop: a trigger of its own for each expression, with a request that stops nothing. */
export interface PlannedWarning {
  /** `dev-stop-warn`, the name in requests and reports. */
  readonly name: string;
  /** Expressions in the zone of the stop or, with trigger `event-rule`, in UTC. */
  readonly expressions: readonly string[];
  /** Request of the stop, with `warnMinutes`. */
  readonly request: StartStopRequest;
  /**
   * The last start that comes with or after the warning: what it starts is stopped without one.
   * @default not set: there is none
   */
  readonly overtakenBy?: { readonly name: string; readonly minutesBeforeStop: number };
}

/** Valid props with everything that is derived from them. The input of a blueprint. */
export interface Plan {
  readonly props: Ec2StartStopProps;
  readonly names: Names;
  readonly schedules: readonly PlannedSchedule[];
  /** Actions of the schedules, each with a function of its own. */
  readonly actions: readonly Action[];
  /** Targets of each action. An action without a schedule is absent. */
  readonly targets: Readonly<Partial<Record<Action, readonly DeployedTarget[]>>>;
}

/**
 * Returns the schedules of valid props, in their order. Each `running` window gives a start and a stop.
 * @throws ScheduleError for an invalid expression, zone or window; {@link findProblems} finds these first
 * @example
 * import { planSchedules } from "ec2-start-stop";
 *
 * const plan = planSchedules({
 *   region: "ap-northeast-2",
 *   timezone: "Asia/Seoul",
 *   targets: { dev: { tags: { Environment: "dev" } } },
 *   schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
 * });
 * plan.map(({ name, utcExpressions }) => `${name}: ${utcExpressions}`);
 * // ["office-start: cron(0 23 ? * SUN-THU *)", "office-stop: cron(0 11 ? * MON-FRI *)"]
 */
export function planSchedules(props: Ec2StartStopProps): PlannedSchedule[] {
  const schedules = Object.entries(props.schedules).flatMap(([key, schedule]) =>
    parseSchedule(key, schedule, props),
  );
  return completeSchedules(props, schedules);
}

/**
 * Returns the plan of valid props.
 * @param schedules the planned schedules, if they are known already
 */
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

/** Completes parsed schedules with values that depend on other schedules, targets and calendars. */
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
    const request = {
      schedule: name,
      action,
      targets: targetsOf(JSON.stringify([action, targetNames])),
      ...zoneAndHolidays(props, parsed),
      latestMinutes,
    };
    return {
      name,
      key,
      action,
      schedule,
      enabled: parsed.props.enabled ?? true,
      description: parsed.props.description ?? describe(parsed, props),
      targetNames,
      dayOffset,
      request: { ...request, ...(action === "stop" && parsed.props.hibernate ? { hibernate: true } : {}) },
      latestMinutes,
      utcExpressions: parsed.utc?.expressions ?? [],
      ...plannedWarning(overlaps, parsed, request),
    };
  });
}

/** The holidays of a warning are those of its stop, since the function judges the date of the stop. */
function plannedWarning(
  overlaps: OverlapIndex,
  parsed: ParsedSchedule,
  request: StartStopRequest,
): Pick<PlannedSchedule, "warning"> {
  const { warning, props } = parsed;
  const { warnMinutes } = props;
  if (warning === undefined || warnMinutes === undefined) return {};
  const { name, times, utc = times } = warning;
  const start = overlaps.latestBefore(parsed, warnMinutes);
  return {
    warning: {
      name,
      expressions: utc.expressions ?? [],
      request: { ...request, schedule: name, warnMinutes },
      ...(start && { overtakenBy: { name: start.schedule.name, minutesBeforeStop: start.minutes } }),
    },
  };
}

/** Whether a stop is warned of. */
export function hasWarnings(schedules: readonly PlannedSchedule[]): boolean {
  return schedules.some(({ warning }) => warning !== undefined);
}

/** A late run may not undo the opposite action that follows. */
function defaultLatestMinutes(overlaps: OverlapIndex, parsed: ParsedSchedule): number {
  const next = overlaps.soonestAfter(parsed, LATEST_MINUTES.default);
  return next === undefined ? LATEST_MINUTES.default : Math.max(LATEST_MINUTES.min, next.minutes - 1);
}

/** The zone is needed for the dates of holidays, which the function reads in UTC otherwise. */
function zoneAndHolidays(
  { holidays }: Ec2StartStopProps,
  { action, schedule, dayOffset, props }: ParsedSchedule,
): Pick<StartStopRequest, "timezone" | "holidays"> {
  const zone = schedule.timezone === TIMEZONE.default ? {} : { timezone: schedule.timezone };
  const calendar = props.holidays;
  if (calendar === undefined || (action === "stop" && (props.stopOnHolidays ?? true))) return zone;
  const dates = holidays !== undefined && Object.hasOwn(holidays, calendar) ? (holidays[calendar] ?? []) : [];
  // A window belongs to the day on which it starts, so the stop of an overnight window depends on the day before.
  const shifted = [...new Set(dates)].sort().map((date) => addDays(date, dayOffset));
  return shifted.length === 0 ? zone : { ...zone, holidays: shifted };
}

/** Returns the default description, which the AWS console shows. */
function describe({ action, schedule, targetNames }: ParsedSchedule, { targets }: Ec2StartStopProps): string {
  const names = targetNames.map((name) => (targets[name]?.all ? `${name} (all instances)` : name));
  const zone = schedule.kind === "rate" ? "" : ` (${schedule.timezone})`;
  const text = `${action === "stop" ? "Stop" : "Start"} ${names.join(", ")}: ${schedule.describe()}${zone}`;
  return truncate(text, MAX_DESCRIPTION_LENGTH);
}

/** Returns the targets of each action, of enabled and disabled schedules. An action without a schedule is absent. */
function targetsByAction(
  props: Ec2StartStopProps,
  plan: readonly PlannedSchedule[],
): Partial<Record<Action, DeployedTarget[]>> {
  const entries = ACTIONS.flatMap((action) => {
    const ofAction = plan.filter((planned) => planned.action === action);
    const enabled = new Set(targetNamesOf(ofAction.filter((planned) => planned.enabled)));
    const disabled = targetNamesOf(ofAction).filter((name) => !enabled.has(name));
    return ofAction.length === 0 ? [] : [[action, deployedTargets(props, [...enabled], disabled, action)]];
  });
  return Object.fromEntries(entries);
}

function targetNamesOf(schedules: readonly PlannedSchedule[]): string[] {
  return [...new Set(schedules.flatMap(({ targetNames }) => targetNames))];
}

/** Whether a start is followed by service checks. */
export function hasServiceChecks(targets: Partial<Record<Action, readonly DeployedTarget[]>>): boolean {
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

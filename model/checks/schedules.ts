import { defined } from "../../contract/collections";
import { readBegin } from "../../contract/date-time";
import {
  LATEST_MINUTES,
  MAX_DESCRIPTION_LENGTH,
  TIMEZONE,
  TRIGGER,
  WARN_MINUTES,
} from "../../contract/limits";
import { isDate, SCHEDULE_NAME } from "../../contract/patterns";
import { runningWindows, Schedule } from "../../schedule";
import { ScheduleError } from "../../schedule/error";
import { type ParsedSchedule, parseSchedule } from "../parsed-schedule";
import { pathTo, show } from "../problem";
import type { ActionScheduleProps, RunningScheduleProps } from "../props";
import type { PartialProps, PartialSchedule } from "../schema";
import { entriesOf, mustBeWithin, mustExist, mustMatch, type ReportProblem, textsOf } from "./field";
import { checkTimezone } from "./settings";

type Times = Pick<ActionScheduleProps, "action" | "expression"> | Pick<RunningScheduleProps, "running">;

/** Checks `schedules`: valid times, and targets and calendars that exist. Returns the schedules that can be parsed. */
export function checkSchedules(report: ReportProblem, props: PartialProps): ParsedSchedule[] {
  const { schedules } = props;
  if (schedules !== undefined && Object.keys(schedules).length === 0)
    report("schedules", "at least one schedule", "none");
  return entriesOf(schedules).flatMap(([key, schedule]) => {
    const path = pathTo("schedules", key);
    mustMatch(report, path, key, SCHEDULE_NAME, "a name of letters, digits, `.`, `-` and `_`");
    return schedule === undefined ? [] : checkSchedule(report, path, key, defined(schedule), props);
  });
}

function checkSchedule(
  report: ReportProblem,
  path: string,
  key: string,
  schedule: PartialSchedule,
  props: PartialProps,
): ParsedSchedule[] {
  checkReferences(report, path, schedule, props);
  mustBeWithin(report, `${path}.latestMinutes`, schedule.latestMinutes, LATEST_MINUTES);
  const { warnMinutes: _, ...withoutWarning } = schedule;
  const canBeShifted = checkWarnMinutes(report, path, schedule, props);
  const { description } = schedule;
  if (description !== undefined && description.length > MAX_DESCRIPTION_LENGTH) {
    const expected = `at most ${MAX_DESCRIPTION_LENGTH} characters`;
    report(`${path}.description`, expected, `${description.length} characters`);
  }
  const wrongZone = checkTimezone(report, `${path}.timezone`, schedule.timezone);
  const times = parseTimes(report, path, schedule);
  const hasDates = checkDates(report, path, schedule, props);
  if (times === undefined || wrongZone) {
    checkTimesAlone(report, path, schedule);
    return [];
  }
  const { startDate: Start, endDate: End, ...rest } = canBeShifted ? schedule : withoutWarning;
  const dates = hasDates ? defined({ startDate: Start, endDate: End }) : {};
  return parseEntry(report, path, key, { ...rest, ...dates, ...times }, props);
}

/** Checks when a schedule begins and ends. Returns whether both can be read. */
function checkDates(
  report: ReportProblem,
  path: string,
  { startDate, endDate, running }: PartialSchedule,
  { trigger = TRIGGER.default }: PartialProps,
): boolean {
  let valid = true;
  for (const [key, text] of Object.entries({ startDate, endDate })) {
    if (text === undefined) continue;
    const problem = (expected: string, got = show(text)) => {
      report(`${path}.${key}`, expected, got);
      valid = false;
    };
    if (readBegin(text, TIMEZONE.default) === undefined)
      problem("a date as yyyy-mm-dd, or a date-time such as 2027-01-04T08:00");
    else if (running !== undefined && !isDate(text))
      problem("a date as yyyy-mm-dd, since a window belongs to the day on which it starts");
    else if (trigger === "event-rule")
      problem(
        "`trigger: scheduler`, since EventBridge rules have neither a start nor an end date",
        "event-rule",
      );
  }
  return valid;
}

/** Returns whether a warning can be so many minutes ahead. */
function checkWarnMinutes(
  report: ReportProblem,
  path: string,
  { warnMinutes, action }: PartialSchedule,
  props: PartialProps,
): boolean {
  if (warnMinutes === undefined) return true;
  const place = `${path}.warnMinutes`;
  mustBeWithin(report, place, warnMinutes, WARN_MINUTES);
  if (action === "start") report(place, "a stop, or `running` windows, to warn of", "a start");
  if (!Object.hasOwn(props, "alerts")) report(place, "`alerts`, whose topic a warning is sent to", "none");
  return warnMinutes >= WARN_MINUTES.min && warnMinutes <= WARN_MINUTES.max;
}

/** Returns the action with its expression, or the windows. */
function parseTimes(report: ReportProblem, path: string, schedule: PartialSchedule): Times | undefined {
  const { action, expression, running } = schedule;
  if (running !== undefined) {
    if (action !== undefined || expression !== undefined) {
      report(path, "either `running`, or `action` with `expression`", "both");
      return undefined;
    }
    return hasAllTexts(running) ? { running } : undefined;
  }
  if (action === undefined || expression === undefined) {
    const missing = [action === undefined ? "`action`" : "", expression === undefined ? "`expression`" : ""];
    report(
      path,
      "`running`, or `action` with `expression`",
      `no ${missing.filter(Boolean).join(" and no ")}`,
    );
    return undefined;
  }
  return { action, expression };
}

/** Whether all windows of a list are texts. */
function hasAllTexts(
  running: NonNullable<PartialSchedule["running"]>,
): running is string | readonly string[] {
  return typeof running === "string" || !running.includes(undefined);
}

function checkReferences(
  report: ReportProblem,
  path: string,
  { targets, holidays }: PartialSchedule,
  props: PartialProps,
): void {
  const targetNames = namesIn(props, "targets");
  if (targets !== undefined && targets.length === 0) {
    report(`${path}.targets`, "the name of at least one target", "none");
  }
  const seen = new Set<string>();
  for (const [name, index] of textsOf(targets)) {
    const namePath = typeof targets === "string" ? `${path}.targets` : pathTo(`${path}.targets`, index);
    if (targetNames) mustExist(report, namePath, name, targetNames, "a target");
    if (seen.has(name)) report(namePath, "each target once", `${show(name)} again`);
    seen.add(name);
  }
  const calendars = namesIn(props, "holidays");
  if (holidays !== undefined && calendars) {
    mustExist(report, `${path}.holidays`, holidays, calendars, "a calendar in `holidays`");
  }
}

/** Returns a mapping by name; undefined if the mapping itself is of a wrong type. */
function namesIn(
  props: PartialProps,
  key: "targets" | "holidays",
): Readonly<Record<string, unknown>> | undefined {
  if (Object.hasOwn(props, key) && props[key] === undefined) return undefined;
  return props[key] ?? {};
}

function parseEntry(
  report: ReportProblem,
  path: string,
  key: string,
  schedule: PartialSchedule & Times,
  props: PartialProps,
): ParsedSchedule[] {
  const { timezone, trigger = TRIGGER.default } = props;
  const targets = textsOf(schedule.targets).map(([name]) => name);
  try {
    const parsed = parseSchedule(key, { ...defined(schedule), targets }, defined({ timezone, trigger }));
    return parsed.filter((each) => fitsTrigger(report, path, each) && canWarn(report, path, each));
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    // A wrong `timezone` of the config is reported once, at its own path.
    if (error.field === "timezone") checkTimesAlone(report, path, schedule);
    else if (error.field === "startDate" || error.field === "endDate")
      report(`${path}.${error.field}`, error.expected, show(schedule[error.field]));
    else reportTimes(report, `${path}.${"running" in schedule ? "running" : "expression"}`, error);
    return [];
  }
}

/** Checks the times alone if the zone or the action is missing or wrong. */
function checkTimesAlone(
  report: ReportProblem,
  path: string,
  { expression, running }: PartialSchedule,
): void {
  const check = (place: string, parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      reportTimes(report, place, error);
    }
  };
  if (expression !== undefined) check(`${path}.expression`, () => Schedule.parse(expression));
  if (running !== undefined && hasAllTexts(running)) check(`${path}.running`, () => runningWindows(running));
}

function reportTimes(report: ReportProblem, place: string, error: ScheduleError): void {
  report(place, describeField(error), error.got);
}

/** Reports times that an EventBridge rule cannot fire at: rules read UTC, and do not support `at`. */
function fitsTrigger(report: ReportProblem, path: string, { schedule, utc, props }: ParsedSchedule): boolean {
  if (utc === undefined || utc.expressions !== null) return true;
  const place = "running" in props ? `${path}.running` : `${path}.expression`;
  const alternative = "or `trigger: scheduler`, which reads times in the zone itself";
  const got = `${show(schedule.expression)} in ${schedule.timezone}: ${utc.reason}`;
  report(place, `times with an exact form in UTC, as trigger \`event-rule\` needs, ${alternative}`, got);
  return false;
}

/** Reports a stop before which nothing can fire at a fixed time. */
function canWarn(report: ReportProblem, path: string, { schedule, warning, props }: ParsedSchedule): boolean {
  if (warning === undefined) return true;
  const failed = [warning.times, warning.utc].find((each) => each?.expressions === null);
  if (failed === undefined || failed.expressions !== null) return true;
  const got = `${show(schedule.expression)} in ${schedule.timezone}: ${failed.reason}`;
  const expected = `times with an exact form ${props.warnMinutes} minutes earlier`;
  report(`${path}.warnMinutes`, expected, got);
  return false;
}

/** Adds the name of the wrong field of an expression to the requirement. */
function describeField({ field, expected }: ScheduleError): string {
  return UNNAMED_FIELDS.has(field) ? expected : `${expected} in ${field}`;
}

const UNNAMED_FIELDS = new Set(["expression", "cron", "rate", "at", "running", "window", "windows"]);

import { isAction } from "../../contract/actions";
import { isRecord } from "../../contract/collections";
import { LATEST_MINUTES, MAX_DESCRIPTION_LENGTH } from "../../contract/limits";
import { SCHEDULE_NAME } from "../../contract/patterns";
import { runningWindows, Schedule } from "../../schedule";
import { ScheduleError } from "../../schedule/error";
import { type ReadSchedule, readSchedule } from "../plan";
import { pathTo, show } from "../problem";
import type { ScheduleProps } from "../props";
import { entriesOf, mustBeOneOf, mustBeWithin, mustExist, mustMatch, type Report, textsOf } from "./field";
import { checkTimezone } from "./settings";

/** Each schedule has an action and times that hold, and names what exists. Returns those that could be read. */
export function checkSchedules(report: Report, props: Readonly<Record<string, unknown>>): ReadSchedule[] {
  const { schedules } = props;
  const none = schedules === undefined || (isRecord(schedules) && Object.keys(schedules).length === 0);
  if (none) report("schedules", "at least one schedule", "none");
  return entriesOf(schedules).flatMap(([key, schedule]) => {
    const path = pathTo("schedules", key);
    mustMatch(report, path, key, SCHEDULE_NAME, "a name of letters, digits, `.`, `-` and `_`");
    return isRecord(schedule) ? checkSchedule(report, path, key, definedOnly(schedule), props) : [];
  });
}

/** Without settings that are there but undefined, which is as good as absent. */
function definedOnly(schedule: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(schedule).filter(([, value]) => value !== undefined));
}

function checkSchedule(
  report: Report,
  path: string,
  key: string,
  schedule: Readonly<Record<string, unknown>>,
  props: Readonly<Record<string, unknown>>,
): ReadSchedule[] {
  checkReferences(report, path, schedule, props);
  mustBeWithin(report, `${path}.latestMinutes`, schedule["latestMinutes"], LATEST_MINUTES);
  const { description } = schedule;
  if (typeof description === "string" && description.length > MAX_DESCRIPTION_LENGTH) {
    const expected = `at most ${MAX_DESCRIPTION_LENGTH} characters`;
    report(`${path}.description`, expected, `${description.length} characters`);
  }
  const wrongZone = checkTimezone(report, `${path}.timezone`, schedule["timezone"]);
  if (!hasTimes(report, path, schedule) || wrongZone) {
    checkTimesAlone(report, path, schedule);
    return [];
  }
  return readTimes(report, path, key, schedule, props);
}

/** Whether it has an action with an expression, or windows; anything else is left to the check of shapes. */
function hasTimes(report: Report, path: string, schedule: Readonly<Record<string, unknown>>): boolean {
  const { action, expression, running } = schedule;
  if (running !== undefined) {
    if (action !== undefined || expression !== undefined) {
      report(path, "either `running`, or `action` with `expression`", "both");
      return false;
    }
    return isWindows(running);
  }
  if (action === undefined || expression === undefined) {
    const missing = [action === undefined ? "`action`" : "", expression === undefined ? "`expression`" : ""];
    report(
      path,
      "`running`, or `action` with `expression`",
      `no ${missing.filter(Boolean).join(" and no ")}`,
    );
    return false;
  }
  mustBeOneOf(report, `${path}.action`, action, ["start", "stop"]);
  return isAction(action) && typeof expression === "string";
}

function isWindows(running: unknown): running is string | readonly string[] {
  return (
    typeof running === "string" || (Array.isArray(running) && running.every((it) => typeof it === "string"))
  );
}

function checkReferences(
  report: Report,
  path: string,
  { targets, holidays }: Readonly<Record<string, unknown>>,
  props: Readonly<Record<string, unknown>>,
): void {
  const targetNames = entriesOf(props["targets"]).map(([name]) => name);
  if (targets === undefined || (Array.isArray(targets) && targets.length === 0)) {
    report(`${path}.targets`, "the name of at least one target", "none");
  }
  const seen = new Set<string>();
  for (const [name, index] of textsOf(targets)) {
    const namePath = typeof targets === "string" ? `${path}.targets` : pathTo(`${path}.targets`, index);
    mustExist(report, namePath, name, targetNames, "a target");
    if (seen.has(name)) report(namePath, "each target once", `${show(name)} again`);
    seen.add(name);
  }
  if (typeof holidays === "string") {
    const calendars = entriesOf(props["holidays"]).map(([name]) => name);
    mustExist(report, `${path}.holidays`, holidays, calendars, "a calendar in `holidays`");
  }
}

function readTimes(
  report: Report,
  path: string,
  key: string,
  schedule: Readonly<Record<string, unknown>>,
  props: Readonly<Record<string, unknown>>,
): ReadSchedule[] {
  const defaults = {
    ...(typeof props["timezone"] === "string" ? { timezone: props["timezone"] } : {}),
    trigger: props["trigger"] === "scheduler" ? ("scheduler" as const) : ("event-rule" as const),
  };
  const targets = textsOf(schedule["targets"]).map(([name]) => name);
  try {
    const read = readSchedule(key, { ...(schedule as object as ScheduleProps), targets }, defaults);
    return read.filter((each) => fitsTrigger(report, path, each));
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    // A wrong zone of the whole config is reported once, at its own place.
    if (error.field === "timezone") checkTimesAlone(report, path, schedule);
    else reportTimes(report, `${path}.${"running" in schedule ? "running" : "expression"}`, error);
    return [];
  }
}

/** The times by themselves, where the zone or the action that they go with is missing or wrong. */
function checkTimesAlone(
  report: Report,
  path: string,
  { expression, running }: Readonly<Record<string, unknown>>,
): void {
  const check = (place: string, read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      reportTimes(report, place, error);
    }
  };
  if (typeof expression === "string") check(`${path}.expression`, () => Schedule.parse(expression));
  if (isWindows(running)) check(`${path}.running`, () => runningWindows(running));
}

function reportTimes(report: Report, place: string, error: ScheduleError): void {
  report(place, describeField(error), error.got);
}

/** Rules read UTC and know no `at`: what cannot be said so exactly needs EventBridge Scheduler. */
function fitsTrigger(report: Report, path: string, { schedule, utc, props }: ReadSchedule): boolean {
  if (utc === undefined || utc.expressions !== null) return true;
  const place = "running" in props ? `${path}.running` : `${path}.expression`;
  const wayOut = "or `trigger: scheduler`, which reads times in the zone itself";
  const got = `${show(schedule.expression)} in ${schedule.timezone}: ${utc.reason}`;
  report(place, `times with an exact form in UTC, as trigger \`event-rule\` needs, ${wayOut}`, got);
  return false;
}

/** The part of the expression that is wrong goes with what is allowed there. */
function describeField({ field, expected }: ScheduleError): string {
  return WHOLE_FIELDS.has(field) ? expected : `${expected} in ${field}`;
}

const WHOLE_FIELDS = new Set(["expression", "cron", "rate", "at", "running", "window", "windows"]);

import { resolve } from "node:path";
import { checkDates } from "../model/checks/calendars";
import type { ReportProblem } from "../model/checks/field";
import { show } from "../model/problem";
import { calendarDates } from "../schedule/calendar";
import { countryHolidays } from "../schedule/calendar-country";
import { icsHolidays } from "../schedule/calendar-ics";
import { ScheduleError } from "../schedule/error";
import type { Calendar } from "./config";
import { type FileKind, readTextFile, UnreadableFile } from "./file";

export interface CalendarContext {
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly report: ReportProblem;
  /** Whether the value at a path has the right shape. */
  readonly isValid: (path: string) => boolean;
}

const ICALENDAR: FileKind = { what: "an iCalendar file", maxMegabytes: 5 };

/** Returns the dates of a calendar. Reports what cannot be looked up, and then returns none. */
export async function resolveCalendar(
  calendar: Calendar,
  path: string,
  { folder, report, isValid }: CalendarContext,
): Promise<readonly string[]> {
  if (!isValid(path)) return [];
  const { dates = [], ics, workdays = [] } = calendar;
  checkParts(report, path, calendar);
  const hasValidDates = checkDates(report, `${path}.dates`, dates);
  const hasValidWorkdays = checkDates(report, `${path}.workdays`, workdays);
  const reportError = errorReporter(report, path, calendar);
  const lists = await Promise.all([
    ics === undefined ? [] : datesFromFile(resolve(folder, ics), calendar).catch(reportError),
    datesFromCountry(calendar).catch(reportError),
  ]);
  if (!hasValidDates || !hasValidWorkdays) return [];
  try {
    return calendarDates({ holidays: [...dates, ...lists.flat()], workdays });
  } catch (error) {
    return reportError(error);
  }
}

/** Checks that keys which need another key have it. */
function checkParts(report: ReportProblem, path: string, calendar: Calendar): void {
  const { dates, ics, country, region, years } = calendar;
  if (dates === undefined && ics === undefined && country === undefined) {
    report(path, "`dates`, `ics` or `country`", Object.keys(calendar).join(" and ") || "none of them");
  }
  if (region !== undefined && country === undefined) {
    report(`${path}.region`, "a `country` that it is a part of", "none");
  }
  if (country !== undefined && years === undefined) {
    report(
      `${path}.years`,
      "the years to take, such as [2026, 2027], for a plan to be the same on any day",
      "none",
    );
  }
}

async function datesFromFile(file: string, { years }: Calendar): Promise<readonly string[]> {
  return await icsHolidays(readTextFile(file, ICALENDAR), years === undefined ? {} : { years });
}

async function datesFromCountry({ country, region, years }: Calendar): Promise<readonly string[]> {
  if (country === undefined || years === undefined) return [];
  if (region === undefined) return await countryHolidays({ country, years });
  const [state = "", ...parts] = region.split("-");
  const part = parts.join("-");
  return await countryHolidays({ country, state, years, ...(part !== "" && { region: part }) });
}

/** Returns a handler that reports an error at the key of the calendar that caused it. */
function errorReporter(
  report: ReportProblem,
  path: string,
  calendar: Calendar,
): (error: unknown) => readonly string[] {
  const reported = new Set<string>();
  return (error) => {
    if (error instanceof UnreadableFile) {
      report(`${path}.ics`, error.expected, `${show(calendar.ics)}: ${error.got}`);
      return [];
    }
    if (!(error instanceof ScheduleError)) throw error;
    // The file and the country may both refuse the same years.
    if (reported.has(error.message)) return [];
    reported.add(error.message);
    const key = CALENDAR_KEYS.get(error.field);
    const got = key === "ics" ? `${show(calendar.ics)}: ${error.got}` : error.got;
    report(key === undefined ? path : `${path}.${key}`, error.expected, got);
    return [];
  };
}

/** Keys of a calendar by the field names in errors of the schedule library. */
const CALENDAR_KEYS = new Map([
  ["ics", "ics"],
  ["country", "country"],
  ["state", "region"],
  ["region", "region"],
  ["years", "years"],
]);

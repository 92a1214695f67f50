import { TIMEZONE, YEARS } from "../contract/limits";
import { DATE } from "../contract/patterns";
import { dayNumber, daysInMonth } from "./cron-days";
import { quote, ScheduleError } from "./error";
import { DAY_MS } from "./units";
import { localText, Zone } from "./zone";

/**
 * Checks a date: `yyyy-mm-dd`, one that exists, in 1970 to 2199.
 *
 * @returns the days from 1970-01-01 to it
 * @throws ScheduleError
 */
export function parseDate(text: string, field: string): number {
  const isDateForm = typeof text === "string" && DATE.test(text);
  const [year = 0, month = 0, day = 0] = isDateForm ? text.split("-").map(Number) : [];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!exists || year < YEARS.min || year > YEARS.max) {
    const hint = isDateForm ? "there is no such date" : undefined;
    throw new ScheduleError({
      field,
      expected: `a date as yyyy-mm-dd, years ${YEARS.min} to ${YEARS.max}`,
      got: quote(text),
      hint,
    });
  }
  return dayNumber(year, month, day);
}

/** `yyyy-mm-dd` of a day number. */
export function dateText(day: number): string {
  return localText(day * DAY_MS).slice(0, 10);
}

/** The date that a calendar on the wall in the zone shows at an instant, as `yyyy-mm-dd`. */
function dateIn(timezone: string, instant: Date): string {
  const at = instant.getTime();
  return localText(at + Zone.of(timezone).offsetAt(at)).slice(0, 10);
}

const MAX_YEARS = 20;

/** @throws ScheduleError for years outside 1970 to 2199, for none and for more than 20 */
export function checkYears(years: readonly number[]): void {
  const wrong = years.find((year) => !Number.isInteger(year) || year < YEARS.min || year > YEARS.max);
  if (wrong !== undefined) {
    throw new ScheduleError({
      field: "years",
      expected: `years from ${YEARS.min} to ${YEARS.max}`,
      got: String(wrong),
    });
  }
  if (years.length > 0 && years.length <= MAX_YEARS) return;
  throw new ScheduleError({ field: "years", expected: `1 to ${MAX_YEARS} years`, got: String(years.length) });
}

/** What a calendar is made of. */
export interface CalendarParts {
  /** Dates as `yyyy-mm-dd`, in any order, also more than once. */
  readonly holidays: readonly string[];
  /**
   * Dates on which work goes on although they are among the holidays.
   * @default none
   */
  readonly workdays?: readonly string[];
}

/** Something about a calendar that will soon surprise. */
export interface CalendarWarning {
  /** `ended`: no date is still to come. `ends-soon`: the last one is at most 60 days away. */
  readonly kind: "ended" | "ends-soon";
  readonly message: string;
}

/** So many days before the last date of a calendar somebody should know of it. */
const WARNING_DAYS = 60;
const MAX_DATES = 5_000;

/**
 * The dates of a calendar: each once, in order, without the workdays.
 *
 * @throws ScheduleError for a date that is none, and for more than 5,000
 */
export function calendarDates({ holidays, workdays = [] }: CalendarParts): readonly string[] {
  if (holidays.length > MAX_DATES) {
    const expected = `at most ${MAX_DATES} dates`;
    throw new ScheduleError({ field: "holidays", expected, got: String(holidays.length) });
  }
  const works = new Set(workdays.map((date) => parseDate(date, "workdays")));
  const days = new Set(holidays.map((date) => parseDate(date, "holidays")));
  return [...days]
    .filter((day) => !works.has(day))
    .sort((a, b) => a - b)
    .map(dateText);
}

/** Whether the instant falls on one of the dates in the zone. */
export function isHoliday(instant: Date, timezone: string, dates: readonly string[]): boolean {
  return dates.includes(dateIn(timezone, instant));
}

/** Why a calendar needs new dates, seen from an instant in a zone; none for a calendar without any dates. */
export function calendarWarnings(
  dates: readonly string[],
  instant: Date,
  timezone: string = TIMEZONE.default,
): CalendarWarning[] {
  const last = dates.reduce((latest, date) => (date > latest ? date : latest), "");
  if (last === "") return [];
  const today = dateIn(timezone, instant);
  if (last < today)
    return [{ kind: "ended", message: `its last date was ${last}: no coming holiday is known` }];
  const days = parseDate(last, "holidays") - parseDate(today, "today");
  if (days > WARNING_DAYS) return [];
  return [{ kind: "ends-soon", message: `its last date is ${last}, ${days} days from ${today}` }];
}

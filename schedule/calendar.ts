import { TIMEZONE, YEARS } from "../contract/limits";
import { DATE } from "../contract/patterns";
import { DAY_MS } from "../contract/units";
import { dayNumber, daysInMonth } from "./cron-days";
import { quote, ScheduleError } from "./error";
import { localText, Zone } from "./zone";

/**
 * Parses a date: `yyyy-mm-dd`, one that exists, in the years 1970 to 2199.
 *
 * @returns its day number: days since 1970-01-01
 * @throws ScheduleError for anything else
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

/** Formats a day number as `yyyy-mm-dd`. */
export function dateText(day: number): string {
  return localText(day * DAY_MS).slice(0, 10);
}

/** Returns the local date of an instant in the zone, as `yyyy-mm-dd`. */
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

/** The dates that make up a calendar. */
export interface CalendarParts {
  /** Dates as `yyyy-mm-dd`, in any order; duplicates are ignored. */
  readonly holidays: readonly string[];
  /**
   * Dates as `yyyy-mm-dd` that are removed from the holidays.
   * @default none
   */
  readonly workdays?: readonly string[];
}

/** A calendar that has no further dates, or will soon have none. */
export interface CalendarWarning {
  /** `ended`: no date is still to come. `ends-soon`: the last one is at most 60 days away. */
  readonly kind: "ended" | "ends-soon";
  /** The reason as part of a sentence, such as `its last date is 2027-12-25, 30 days from 2027-11-25`. */
  readonly message: string;
}

/** Days before the last date of a calendar from which on it is reported. */
const WARNING_DAYS = 60;
const MAX_DATES = 5_000;

/**
 * Returns the dates of a calendar in ascending order, each once, without the workdays.
 *
 * @throws ScheduleError for a text that is not a date, and for more than 5,000 dates
 * @example
 * calendarDates({ holidays: ["2027-05-05", "2027-01-01"], workdays: ["2027-05-05"] }); // ["2027-01-01"]
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

/**
 * Whether the local date of an instant in the zone is one of the dates.
 *
 * @param timezone IANA name
 * @param dates as `yyyy-mm-dd`
 * @throws ScheduleError for a zone that Node.js does not know
 * @example
 * isHoliday(new Date("2026-12-31T15:00:00Z"), "Asia/Seoul", ["2027-01-01"]); // true
 */
export function isHoliday(instant: Date, timezone: string, dates: readonly string[]): boolean {
  return dates.includes(dateIn(timezone, instant));
}

/**
 * Warns where a calendar needs new dates: its last one is past, or at most 60 days after `instant`.
 *
 * @param dates as `yyyy-mm-dd`; a calendar without dates gives no warning
 * @param timezone IANA name of the zone that decides which date it is
 * @example
 * calendarWarnings(["2027-01-01"], new Date("2027-03-01T00:00:00Z"));
 * // [{ kind: "ended", message: "its last date was 2027-01-01: no coming holiday is known" }]
 */
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
  const distance = days === 1 ? "1 day" : `${days} days`;
  return [{ kind: "ends-soon", message: `its last date is ${last}, ${distance} from ${today}` }];
}

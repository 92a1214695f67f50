import { dateIn, dateText, parseDate } from "./calendar-date";
import { ScheduleError } from "./error";

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
const warningDays = 60;
const mostDates = 5_000;

/**
 * The dates of a calendar: each once, in order, without the workdays.
 *
 * @throws ScheduleError for a date that is none, and for more than 5,000
 */
export function calendarDates({ holidays, workdays = [] }: CalendarParts): readonly string[] {
  if (holidays.length > mostDates) {
    const expected = `at most ${mostDates} dates`;
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
  timezone = "UTC",
): CalendarWarning[] {
  const last = dates.reduce((latest, date) => (date > latest ? date : latest), "");
  if (last === "") return [];
  const today = dateIn(timezone, instant);
  if (last < today)
    return [{ kind: "ended", message: `its last date was ${last}: no coming holiday is known` }];
  const days = parseDate(last, "holidays") - parseDate(today, "today");
  if (days > warningDays) return [];
  return [{ kind: "ends-soon", message: `its last date is ${last}, ${days} days from ${today}` }];
}

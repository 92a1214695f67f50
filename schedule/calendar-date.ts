import { dayNumber, daysInMonth } from "./cron-days";
import { quote, ScheduleError } from "./error";
import { localText } from "./local-text";
import { Zone } from "./zone";

const dayMs = 86_400_000;

/**
 * Checks a date: `yyyy-mm-dd`, one that exists, in 1970 to 2199.
 *
 * @returns the days from 1970-01-01 to it
 * @throws ScheduleError
 */
export function parseDate(text: string, field: string): number {
  const match = typeof text === "string" ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) : null;
  const [year = 0, month = 0, day = 0] = match?.slice(1).map(Number) ?? [];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  if (!exists || year < 1970 || year > 2199) {
    const hint = match === null ? undefined : "there is no such date";
    throw new ScheduleError({
      field,
      expected: "a date as yyyy-mm-dd, years 1970 to 2199",
      got: quote(text),
      hint,
    });
  }
  return dayNumber(year, month, day);
}

/** `yyyy-mm-dd` of a day number. */
export function dateText(day: number): string {
  return localText(day * dayMs).slice(0, 10);
}

/** The date that a calendar on the wall in the zone shows at an instant, as `yyyy-mm-dd`. */
export function dateIn(timezone: string, instant: Date): string {
  const at = instant.getTime();
  return localText(at + Zone.of(timezone).offsetAt(at)).slice(0, 10);
}

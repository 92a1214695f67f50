import { ScheduleError } from "./error";

const mostYears = 20;

/** @throws ScheduleError for years outside 1970 to 2199, for none and for more than 20 */
export function checkYears(years: readonly number[]): void {
  const wrong = years.find((year) => !Number.isInteger(year) || year < 1970 || year > 2199);
  if (wrong !== undefined) {
    throw new ScheduleError({ field: "years", expected: "years from 1970 to 2199", got: String(wrong) });
  }
  if (years.length > 0 && years.length <= mostYears) return;
  throw new ScheduleError({ field: "years", expected: `1 to ${mostYears} years`, got: String(years.length) });
}

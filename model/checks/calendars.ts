import { YEARS } from "../../contract/limits";
import { DATE, isDate } from "../../contract/patterns";
import { pathTo, show } from "../problem";
import type { SoundProps } from "../schema";
import { entriesOf, type ReportProblem, textsOf } from "./field";

/** Every date of every calendar exists. */
export function checkCalendars(report: ReportProblem, holidays: SoundProps["holidays"]): void {
  for (const [name, dates] of entriesOf(holidays)) areDates(report, pathTo("holidays", name), dates);
}

/** Reports what is no date in a list of dates; whether all are. */
export function areDates(
  report: ReportProblem,
  path: string,
  dates: readonly (string | undefined)[] | undefined,
): boolean {
  const wrong = textsOf(dates).flatMap(([date, index]) => {
    const expected = dateWanted(date);
    return expected === undefined ? [] : [{ path: pathTo(path, index), expected, got: show(date) }];
  });
  for (const { path: place, expected, got } of wrong) report(place, expected, got);
  return wrong.length === 0;
}

function dateWanted(date: string): string | undefined {
  if (!DATE.test(date)) return "a date as `yyyy-mm-dd`";
  if (!isDate(date)) return "a date that exists";
  const year = Number(date.slice(0, 4));
  const { min, max } = YEARS;
  return year >= min && year <= max ? undefined : `a date in the years ${min} to ${max}`;
}

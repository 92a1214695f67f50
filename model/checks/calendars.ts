import { YEARS } from "../../contract/limits";
import { DATE, isDate } from "../../contract/patterns";
import { pathTo, show } from "../problem";
import type { PartialProps } from "../schema";
import { entriesOf, type ReportProblem, textsOf } from "./field";

/** Checks `holidays`: every date exists. */
export function checkCalendars(report: ReportProblem, holidays: PartialProps["holidays"]): void {
  for (const [name, dates] of entriesOf(holidays)) checkDates(report, pathTo("holidays", name), dates);
}

/** Reports the items of a list that are not dates. Returns whether all are. */
export function checkDates(
  report: ReportProblem,
  path: string,
  dates: readonly (string | undefined)[] | undefined,
): boolean {
  const wrong = textsOf(dates).flatMap(([date, index]) => {
    const expected = expectedDate(date);
    return expected === undefined ? [] : [{ path: pathTo(path, index), expected, got: show(date) }];
  });
  for (const { path: place, expected, got } of wrong) report(place, expected, got);
  return wrong.length === 0;
}

function expectedDate(date: string): string | undefined {
  if (!DATE.test(date)) return "a date as `yyyy-mm-dd`";
  if (!isDate(date)) return "a date that exists";
  const year = Number(date.slice(0, 4));
  const { min, max } = YEARS;
  return year >= min && year <= max ? undefined : `a date in the years ${min} to ${max}`;
}

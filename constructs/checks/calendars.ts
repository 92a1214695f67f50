import { pathTo, show } from "../problem";
import { entriesOf, type Report, textsOf } from "./report";

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Every date of every calendar exists. */
export function checkCalendars(report: Report, holidays: unknown): void {
  for (const [name, dates] of entriesOf(holidays)) {
    const path = pathTo("holidays", name);
    for (const [date, index] of textsOf(dates)) {
      if (!DATE.test(date)) report(pathTo(path, index), "a date as `yyyy-mm-dd`", show(date));
      else if (!exists(date)) report(pathTo(path, index), "a date that exists", show(date));
    }
  }
}

function exists(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}

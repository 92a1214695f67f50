import type ICAL from "ical.js";
import { YEARS } from "../contract/limits";
import { checkYears, dateText, parseDate } from "./calendar";
import { quote, ScheduleError } from "./error";

/** Options of {@link icsHolidays}. */
export interface IcsOptions {
  /**
   * Calendar years whose dates are taken, 1 to 20 of them. Required where an event recurs without an end.
   * @default all years
   */
  readonly years?: readonly number[];
}

const MAX_TEXT_LENGTH = 5_000_000;
const MAX_OCCURRENCES = 20_000;
const MAX_DATES = 5_000;

/**
 * Returns the dates of the all-day events of an iCalendar file (.ics), including events of several days, recurrences and
 * their exceptions. Cancelled events and those with a time of day are left out.
 *
 * @param text the file's content
 * @returns dates as `yyyy-mm-dd`, ascending
 * @throws ScheduleError for a text that is no calendar, has no all-day event or exceeds a bound, and where the package
 * `ical.js` is not installed
 * @example
 * await icsHolidays(await readFile("holidays.ics", "utf8"), { years: [2027] }); // ["2027-01-01", ...]
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
export async function icsHolidays(text: string, { years }: IcsOptions = {}): Promise<readonly string[]> {
  if (text.length > MAX_TEXT_LENGTH) {
    throw new ScheduleError({ field: "ics", expected: "at most 5 MB", got: `${text.length} characters` });
  }
  if (years !== undefined) checkYears(years);
  const ical = await load();
  const days = new Set<number>();
  for (const event of allDayEvents(ical, text)) {
    for (const day of daysOf(event, years)) days.add(day);
    if (days.size > MAX_DATES) {
      throw new ScheduleError({ field: "ics", expected: `at most ${MAX_DATES} dates`, got: "more" });
    }
  }
  return [...days].sort((a, b) => a - b).map(dateText);
}

type Ical = typeof ICAL;

async function load(): Promise<Ical> {
  try {
    return (await import("ical.js")).default;
  } catch (cause) {
    const expected = "the package ical.js to be installed (npm install ical.js)";
    throw new ScheduleError({ field: "ics", expected, got: "none" }, { cause });
  }
}

function allDayEvents(ical: Ical, text: string): ICAL.Event[] {
  const components = parse(ical, text).flatMap((calendar) => calendar.getAllSubcomponents("vevent"));
  const exceptions = components.filter((component) => component.hasProperty("recurrence-id"));
  const events = components
    .filter((component) => !exceptions.includes(component))
    .map((component) => new ical.Event(component, { exceptions: sameEvent(component, exceptions) }))
    .filter(({ startDate, component }) => startDate?.isDate && !isCancelled(component));
  if (events.length === 0) {
    throw new ScheduleError({ field: "ics", expected: "at least one all-day event", got: "none" });
  }
  return events;
}

function sameEvent(component: ICAL.Component, others: readonly ICAL.Component[]): ICAL.Component[] {
  const uid = component.getFirstPropertyValue("uid");
  return others.filter((other) => other.getFirstPropertyValue("uid") === uid);
}

function parse(ical: Ical, text: string): ICAL.Component[] {
  const [firstLine = ""] = text.trimStart().split(/\r?\n/, 1);
  if (!/^BEGIN:VCALENDAR$/i.test(firstLine.trimEnd())) {
    throw new ScheduleError({ field: "ics", expected: "an iCalendar file", got: quote(firstLine) });
  }
  try {
    const parsed: unknown[] = ical.parse(text);
    // One calendar is one component, several are a list of them.
    const components = typeof parsed[0] === "string" ? [parsed] : (parsed as unknown[][]);
    return components.map((component) => new ical.Component(component));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScheduleError({ field: "ics", expected: "an iCalendar file", got: quote(reason) }, { cause });
  }
}

function isCancelled(component: ICAL.Component): boolean {
  return String(component.getFirstPropertyValue("status") ?? "").toUpperCase() === "CANCELLED";
}

function* daysOf(event: ICAL.Event, years: readonly number[] | undefined): Generator<number, void> {
  if (!event.isRecurring()) {
    yield* daysBetween(event.startDate, event.endDate, years);
    return;
  }
  if (years === undefined && isEndless(event)) {
    throw new ScheduleError({
      field: "ics",
      expected: "years, since an event recurs without an end",
      got: quote(event.summary ?? event.uid),
    });
  }
  const lastYear = years === undefined ? YEARS.max : Math.max(...years);
  const iterator = event.iterator();
  for (let count = 0; ; count++) {
    const next = iterator.next();
    if (next === null || next === undefined || next.year > lastYear) return;
    if (count >= MAX_OCCURRENCES) {
      const got = quote(event.summary ?? event.uid);
      throw new ScheduleError({
        field: "ics",
        expected: `events with at most ${MAX_OCCURRENCES} occurrences`,
        got,
      });
    }
    const { startDate, endDate, item } = event.getOccurrenceDetails(next);
    if (!isCancelled(item.component)) yield* daysBetween(startDate, endDate, years);
  }
}

function isEndless({ component }: ICAL.Event): boolean {
  const rules = component.getAllProperties("rrule").map((property) => property.getFirstValue() as ICAL.Recur);
  return rules.some(({ count, until }) => !count && !until);
}

function* daysBetween(
  start: ICAL.Time,
  end: ICAL.Time,
  years: readonly number[] | undefined,
): Generator<number, void> {
  const first = dayOf(start);
  // The end is exclusive; an event without one, or with a wrong one, is its first day.
  const last = Math.min(Math.max(dayOf(end) - 1, first), first + MAX_DATES);
  for (let day = first; day <= last; day++) {
    if (years === undefined || years.includes(Number(dateText(day).slice(0, 4)))) yield day;
  }
}

function dayOf({ year, month, day }: ICAL.Time): number {
  const two = (number: number) => String(number).padStart(2, "0");
  return parseDate(`${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`, "ics");
}

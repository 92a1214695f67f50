import { YEARS } from "../contract/limits";
import { checkYears, dateText } from "./calendar";
import { dayNumber, daysInMonth } from "./cron-days";
import { ScheduleError } from "./error";
import {
  COST_OF_DAY,
  COST_OF_RULE,
  parseRule,
  type RecurrenceRule,
  type RuleParts,
  recurrenceDays,
  StepBudget,
} from "./recurrence";

/** Options of {@link icsHolidays}. */
export interface IcsOptions {
  /**
   * Calendar years whose dates are taken, 1 to 20 of them. Required where an event recurs without an end.
   * @default all years
   */
  readonly years?: readonly number[];
}

const MAX_TEXT_LENGTH = 5_000_000;
const MAX_DATES = 5_000;
/** About half a second of work. */
const MAX_STEPS = 600_000;
/** The parser's time grows with the square of the parameters of one line. */
const MAX_PARAMETERS = 1_000;

/**
 * Returns the dates of the all-day events of an iCalendar file (.ics), including events of several days, recurrences and
 * their exceptions. Cancelled events, those with a time of day and dates outside 1970 to 2199 are left out. No message
 * quotes the text.
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
  const budget = new StepBudget(MAX_STEPS);
  const events = parseEvents(await parseCalendars(text), budget);
  const periods = periodsOf(years);
  const days = new Set<number>();
  for (const event of events) {
    if (
      years === undefined &&
      event.rules.some(({ count, until }) => count === undefined && until === undefined)
    ) {
      const expected = "years, since an event recurs without an end";
      throw new ScheduleError({ field: "ics", expected, got: `event ${event.place} of the file` });
    }
    for (const { first, last } of spansOf(event, periods, budget)) {
      for (const period of periods) {
        const end = Math.min(last, period.last);
        for (let day = Math.max(first, period.first); day <= end; day++) {
          budget.spend(COST_OF_DAY);
          days.add(day);
          if (days.size <= MAX_DATES) continue;
          throw new ScheduleError({ field: "ics", expected: `at most ${MAX_DATES} dates`, got: "more" });
        }
      }
    }
  }
  return [...days].sort((a, b) => a - b).map(dateText);
}

/** Consecutive days, as day numbers; `last` is inclusive. */
interface DaySpan {
  readonly first: number;
  readonly last: number;
}

function periodsOf(years: readonly number[] | undefined): readonly DaySpan[] {
  const wholeYears = (from: number, to: number) => ({
    first: dayNumber(from, 1, 1),
    last: dayNumber(to, 12, 31),
  });
  if (years === undefined) return [wholeYears(YEARS.min, YEARS.max)];
  return [...new Set(years)].sort((a, b) => a - b).map((year) => wholeYears(year, year));
}

/** A property in jCal (RFC 7265): name in small letters, parameters, type, values. */
type Property = readonly [string, Readonly<Record<string, unknown>>, string, ...unknown[]];
type Component = readonly [string, readonly Property[], readonly Component[]];

async function parseCalendars(text: string): Promise<readonly Component[]> {
  const expected = "an iCalendar file";
  const [firstLine = ""] = text.trimStart().split(/\r?\n/, 1);
  if (!/^BEGIN:VCALENDAR$/i.test(firstLine.trimEnd())) {
    throw new ScheduleError({
      field: "ics",
      expected,
      got: "a text without BEGIN:VCALENDAR in its first line",
    });
  }
  const tooLong = lineWithTooManyParameters(text);
  if (tooLong !== undefined) {
    const got = `more in the property that begins in line ${tooLong}`;
    throw new ScheduleError({ field: "ics", expected: `at most ${MAX_PARAMETERS} parameters`, got });
  }
  const ical = await load();
  try {
    // Without the byte order mark of some files, which the parser takes for a part of the first name.
    const parsed: unknown[] = ical.parse(text.trimStart());
    // One calendar is one component, several are a list of them.
    return (typeof parsed[0] === "string" ? [parsed] : parsed) as unknown as readonly Component[];
  } catch (cause) {
    throw new ScheduleError({ field: "ics", expected, got: "one that cannot be parsed" }, { cause });
  }
}

async function load(): Promise<typeof import("ical.js").default> {
  try {
    return (await import("ical.js")).default;
  } catch (cause) {
    const expected = "the package ical.js to be installed (npm install ical.js)";
    throw new ScheduleError({ field: "ics", expected, got: "none" }, { cause });
  }
}

/** Number of the line at which a property with more than MAX_PARAMETERS parameters begins. */
function lineWithTooManyParameters(text: string): number | undefined {
  let [line, begin, parameters, isQuoted, isHeader] = [1, 1, 0, false, true];
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "\n") {
      line++;
      const next = text[index + 1];
      // A line that begins with white space continues the one before it.
      if (next !== " " && next !== "\t") [begin, parameters, isQuoted, isHeader] = [line, 0, false, true];
    } else if (isHeader) {
      if (character === '"') isQuoted = !isQuoted;
      else if (character === ":" && !isQuoted) isHeader = false;
      else if (character === ";" && ++parameters > MAX_PARAMETERS) return begin;
    }
  }
  return undefined;
}

/** An all-day event with what recurs of it. */
interface AllDayEvent {
  /** Its place among the events of the file, from 1. */
  readonly place: number;
  readonly start: number;
  readonly length: number;
  readonly rules: readonly RecurrenceRule[];
  readonly extraDays: readonly number[];
  readonly excludedDays: ReadonlySet<number>;
  readonly overrides: Overrides | undefined;
}

/** A changed occurrence, or the change of one and all later ones. */
interface Override {
  /** The day of the occurrence by the rule. */
  readonly day: number;
  readonly isCancelled: boolean;
  /** Undefined where the occurrence got a time of day. */
  readonly start: number | undefined;
  readonly length: number;
}

interface Overrides {
  readonly ofDay: Map<number, Override>;
  /** With RANGE=THISANDFUTURE; ascending once all are read. */
  readonly ofFuture: Override[];
  firstDay: number;
  lastDay: number;
  /** Days by which an override moves or lengthens an occurrence at most. */
  maxShift: number;
}

/** Reads the VEVENT components of a file as all-day events with their changed occurrences. */
function parseEvents(calendars: readonly Component[], budget: StepBudget): readonly AllDayEvent[] {
  const components = calendars.flatMap(([, , parts]) => parts.filter(([name]) => name === "vevent"));
  const overrides = new Map<string, Overrides>();
  const masters: [VEvent, number][] = [];
  for (const [index, [, properties]] of components.entries()) {
    const event = new VEvent(properties, index + 1);
    if (event.has("recurrence-id")) addOverride(overrides, event);
    else if (event.isAllDay && !event.isCancelled) masters.push([event, index + 1]);
  }
  if (masters.length === 0) {
    throw new ScheduleError({ field: "ics", expected: "at least one all-day event", got: "none" });
  }
  for (const { ofFuture } of overrides.values()) ofFuture.sort((a, b) => a.day - b.day);
  return masters.map(([event, place]) => ({
    place,
    start: event.start,
    length: event.length,
    rules: event.rules(budget),
    extraDays: event.days("rdate"),
    excludedDays: event.excludedDays,
    overrides: overrides.get(event.uid),
  }));
}

function addOverride(overrides: Map<string, Overrides>, event: VEvent): void {
  const [day] = event.days("recurrence-id");
  if (day === undefined) return;
  const known: Overrides = overrides.get(event.uid) ?? {
    ofDay: new Map(),
    ofFuture: [],
    firstDay: day,
    lastDay: day,
    maxShift: 0,
  };
  overrides.set(event.uid, known);
  const { isAllDay, isCancelled } = event;
  const override = {
    day,
    isCancelled,
    start: isAllDay ? event.start : undefined,
    length: isAllDay ? event.length : 0,
  };
  known.ofDay.set(day, override);
  known.firstDay = Math.min(known.firstDay, day);
  known.lastDay = Math.max(known.lastDay, day);
  known.maxShift = Math.max(known.maxShift, Math.abs((override.start ?? day) - day) + override.length);
  if (event.isOfFuture) known.ofFuture.push(override);
}

/** The properties of one VEVENT component. */
class VEvent {
  readonly #properties = new Map<string, Property[]>();
  readonly #place: number;

  constructor(properties: readonly Property[], place: number) {
    this.#place = place;
    for (const property of properties) {
      const known = this.#properties.get(property[0]);
      if (known === undefined) this.#properties.set(property[0], [property]);
      else known.push(property);
    }
  }

  has(name: string): boolean {
    return this.#properties.has(name);
  }

  get uid(): string {
    return String(this.#first("uid")?.[3]);
  }

  get isCancelled(): boolean {
    return /^cancelled$/i.test(String(this.#first("status")?.[3]));
  }

  get isOfFuture(): boolean {
    return this.#first("recurrence-id")?.[1]["range"] === "THISANDFUTURE";
  }

  get isAllDay(): boolean {
    const property = this.#first("dtstart");
    // ical.js parses a date without VALUE=DATE as `2027-01-01T::`.
    return property !== undefined && (property[2] === "date" || String(property[3]).endsWith("T::"));
  }

  /** Day number of its start. */
  get start(): number {
    const [day] = this.days("dtstart");
    return day ?? this.#refuse("a start");
  }

  /** Days that it lasts. Without an end, or with one that is not after its start, one. */
  get length(): number {
    const [end] = this.days("dtend");
    if (end !== undefined) return Math.max(1, end - this.start);
    return Math.max(1, durationDays(String(this.#first("duration")?.[3] ?? "")));
  }

  /** Day numbers of all values of a property: of dates, times and periods. */
  days(name: string): readonly number[] {
    return (this.#properties.get(name) ?? []).flatMap(([, , , ...values]) =>
      values.map((value) => {
        return (
          parseDay(Array.isArray(value) ? value[0] : value) ?? this.#refuse(`dates that exist in ${name}`)
        );
      }),
    );
  }

  get excludedDays(): ReadonlySet<number> {
    // Rules of exceptions are of RFC 2445; unread, their days would be holidays.
    if (this.has("exrule")) this.#refuse("exceptions by EXDATE (RFC 5545), not by EXRULE");
    return new Set(this.days("exdate"));
  }

  rules(budget: StepBudget): readonly RecurrenceRule[] {
    return (this.#properties.get("rrule") ?? []).map(([, , , parts]) => {
      budget.spend(COST_OF_RULE);
      const isParts = typeof parts === "object" && parts !== null;
      const rule = isParts ? parseRule(parts as RuleParts, parseDay) : undefined;
      return rule ?? this.#refuse("an RRULE of days, weeks, months or years (RFC 5545)");
    });
  }

  #first(name: string): Property | undefined {
    return this.#properties.get(name)?.[0];
  }

  #refuse(expected: string): never {
    throw new ScheduleError({ field: "ics", expected, got: `another in event ${this.#place} of the file` });
  }
}

/** Day number of a jCal date or date-time. */
function parseDay(value: unknown): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:T|$)/.exec(String(value));
  const [year = 0, month = 0, day = 0] = match?.slice(1).map(Number) ?? [];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? dayNumber(year, month, day) : undefined;
}

/** Whole days of a duration such as `P1W` or `P2DT12H`; 0 for any other text. */
function durationDays(text: string): number {
  const match = /^\+?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?.{0,20})?$/.exec(text);
  const [weeks = 0, days = 0, hours = 0] = match?.slice(1).map((part) => Number(part ?? 0)) ?? [];
  return weeks * 7 + days + Math.floor(hours / 24);
}

/** Yields the days of an event's occurrences; some that lie outside the periods are left out. */
function* spansOf(
  event: AllDayEvent,
  periods: readonly DaySpan[],
  budget: StepBudget,
): Generator<DaySpan, void> {
  const { start, length, rules, extraDays, excludedDays, overrides } = event;
  const days = new Set(rules.length === 0 ? [start, ...extraDays] : extraDays);
  const window = reachOf(event, periods);
  for (const rule of rules) {
    for (const day of recurrenceDays(rule, start, window, budget)) days.add(day);
  }
  for (const day of days) {
    if (excludedDays.has(day)) continue;
    const override = overrides?.ofDay.get(day) ?? lastFrom(overrides?.ofFuture ?? [], day);
    if (override === undefined) yield { first: day, last: day + length - 1 };
    else if (!override.isCancelled && override.start !== undefined) {
      const first = override.start + (day - override.day);
      yield { first, last: first + override.length - 1 };
    }
  }
}

/** The days on which an occurrence has to start by its rule to reach into the periods. */
function reachOf({ length, overrides }: AllDayEvent, periods: readonly DaySpan[]): DaySpan {
  const first = (periods[0]?.first ?? 0) - length;
  const last = periods.at(-1)?.last ?? 0;
  if (overrides === undefined) return { first, last };
  const { firstDay, lastDay, maxShift } = overrides;
  return { first: Math.min(first - maxShift, firstDay), last: Math.max(last + maxShift, lastDay) };
}

/** The last override that begins at or before a day; the list is ascending. */
function lastFrom(overrides: readonly Override[], day: number): Override | undefined {
  let [from, to] = [0, overrides.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((overrides[middle]?.day ?? 0) <= day) from = middle + 1;
    else to = middle;
  }
  return overrides[from - 1];
}

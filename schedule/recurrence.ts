import { YEARS } from "../contract/limits";
import { bitsOf, type DaySet, dayNumber, daysInMonth, weekdayOf, weekdaySet, wholeMonth } from "./cron-days";
import { ScheduleError } from "./error";

/** The parts of an RRULE as ical.js parses them: a part with one value is that value, with several a list. */
export type RuleParts = Readonly<Record<string, unknown>>;

/** A day of the week in a rule: every one, or the nth of its month or year, counted from the end where negative. */
interface RuleWeekday {
  readonly weekday: number;
  readonly nth: number | undefined;
}

/** A recurrence rule of all-day events. Empty lists do not restrict. */
export interface RecurrenceRule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | undefined;
  /** Day number of the last day on which an occurrence may start. */
  readonly until: number | undefined;
  /** First day of the week, 0 (Sunday) to 6. */
  readonly weekStart: number;
  readonly months: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly weekdays: readonly RuleWeekday[];
  readonly positions: readonly number[];
}

const FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
type Frequency = (typeof FREQUENCIES)[number];

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const KNOWN_PARTS = new Set(
  "freq interval count until wkst bymonth byweekno byyearday bymonthday byday bysetpos byhour byminute bysecond rscale skip".split(
    " ",
  ),
);

/** Limits the work on one file: each month that is looked at, and each day that is found, is a step. */
export class StepBudget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** @throws ScheduleError once the steps are spent */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    throw new ScheduleError({
      field: "ics",
      expected: "fewer events that recur, or for fewer years",
      got: "recurrences that take too long to expand",
    });
  }
}

/**
 * Parses the parts of a rule of an all-day event. BYHOUR, BYMINUTE and BYSECOND are ignored, as RFC 5545 demands.
 *
 * @param parseDay parses a date into its day number
 * @returns undefined for a rule that all-day events cannot have, or that goes beyond RFC 5545
 */
export function parseRule(
  parts: RuleParts,
  parseDay: (text: unknown) => number | undefined,
): RecurrenceRule | undefined {
  const frequency = FREQUENCIES.find((name) => name === parts["freq"]);
  const isGregorian = /^gregorian$/i.test(String(parts["rscale"] ?? "gregorian"));
  const skipsNothing = /^omit$/i.test(String(parts["skip"] ?? "omit"));
  if (frequency === undefined || !isGregorian || !skipsNothing) return undefined;
  if (Object.keys(parts).some((name) => !KNOWN_PARTS.has(name))) return undefined;
  if (typeof parts["count"] === "number" && parts["count"] < 1) return undefined;
  const until = parts["until"] === undefined ? undefined : parseDay(parts["until"]);
  if (parts["until"] !== undefined && until === undefined) return undefined;
  const { interval = 1, count, wkst } = parts;
  const rule = {
    frequency,
    interval: typeof interval === "number" && interval >= 1 ? interval : 1,
    count: typeof count === "number" ? count : undefined,
    until,
    weekStart: typeof wkst === "string" ? WEEKDAYS.indexOf(wkst) : typeof wkst === "number" ? wkst - 1 : 1,
    months: numbersOf(parts["bymonth"], 1, 12),
    weekNumbers: numbersOf(parts["byweekno"], -53, 53),
    yearDays: numbersOf(parts["byyearday"], -366, 366),
    monthDays: numbersOf(parts["bymonthday"], -31, 31),
    weekdays: weekdaysOf(parts["byday"], frequency),
    positions: numbersOf(parts["bysetpos"], -366, 366),
  };
  const lists = Object.values(rule).filter(Array.isArray);
  return rule.weekStart < 0 || lists.some((list) => list.includes(undefined))
    ? undefined
    : (rule as RecurrenceRule);
}

function numbersOf(values: unknown, min: number, max: number): readonly (number | undefined)[] {
  const numbers = [...new Set([values ?? []].flat())].map((value) => Number(value));
  return numbers.map((value) =>
    Number.isInteger(value) && value !== 0 && value >= min && value <= max ? value : undefined,
  );
}

function weekdaysOf(values: unknown, frequency: Frequency): readonly (RuleWeekday | undefined)[] {
  return [...new Set([values ?? []].flat())].map((value) => {
    const match = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(String(value));
    const weekday = WEEKDAYS.indexOf(match?.[2] ?? "");
    const nth = Number(match?.[1] ?? Number.NaN);
    if (weekday < 0 || nth === 0 || Math.abs(nth) > 53) return undefined;
    const isNth = !Number.isNaN(nth) && (frequency === "MONTHLY" || frequency === "YEARLY");
    return { weekday, nth: isNth ? nth : undefined };
  });
}

/**
 * Returns the days on which a rule's occurrences start, ascending, from `window.first` to `window.last`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5545#section-3.3.10
 */
export function recurrenceDays(
  rule: RecurrenceRule,
  start: number,
  window: { readonly first: number; readonly last: number },
  budget: StepBudget,
): readonly number[] {
  const last = Math.min(window.last, rule.until ?? window.last);
  const first = Math.max(start, window.first);
  const found: number[] = [];
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  // Only a count needs the occurrences before the window.
  for (const { monthStart, days } of monthsOf(
    rule,
    start,
    rule.count === undefined ? first : start,
    last,
    budget,
  )) {
    let rest = days & daysFrom(start - monthStart) & ~daysFrom(last - monthStart + 1);
    if (monthStart + 31 <= first) left -= countOf(rest);
    else {
      for (; rest !== 0 && left > 0; rest &= rest - 1, left--) {
        const day = monthStart + 31 - Math.clz32(rest & -rest);
        if (day >= first) found.push(day);
      }
    }
    if (left <= 0) break;
  }
  budget.spend(found.length * COST_OF_DAY);
  return found;
}

/** The bits of the days of a month from an index on, which may lie outside the month. */
function daysFrom(index: number): DaySet {
  if (index <= 0) return -1;
  return index > 31 ? 0 : -1 << index;
}

function countOf(days: DaySet): number {
  let count = 0;
  for (let rest = days; rest !== 0; rest &= rest - 1) count++;
  return count;
}

interface MonthDays {
  /** Day number of the first of the month. */
  readonly monthStart: number;
  readonly days: DaySet;
}

/** Yields the months that hold days of the rule, in whole periods, so that some lie before `from` or after `last`. */
function* monthsOf(
  rule: RecurrenceRule,
  start: number,
  from: number,
  last: number,
  budget: StepBudget,
): Generator<MonthDays, void> {
  const months = candidateMonths(rule, start, from, last, budget);
  if (rule.positions.length === 0) return yield* months;
  const positions = new Set(rule.positions);
  let set: number[] = [];
  let period: number | undefined;
  for (const { monthStart, days } of months) {
    budget.spend(countOf(days) * COST_OF_DAY);
    for (let rest = days; rest !== 0; rest &= rest - 1) {
      const day = monthStart + 31 - Math.clz32(rest & -rest);
      const own = periodOf(rule, day, start);
      if (own !== period) {
        yield* atPositions(set, positions);
        set = [];
      }
      period = own;
      set.push(day);
    }
  }
  yield* atPositions(set, positions);
}

/** Applies BYSETPOS: selects the days of a period that stand at one of the positions, counted from either end. */
function atPositions(days: readonly number[], positions: ReadonlySet<number>): MonthDays[] {
  return days
    .filter((_, index) => positions.has(index + 1) || positions.has(index - days.length))
    .map((day) => ({ monthStart: day, days: 1 }));
}

/** Yields the months with days that pass every part of the rule but BYSETPOS. */
function* candidateMonths(
  rule: RecurrenceRule,
  start: number,
  from: number,
  last: number,
  budget: StepBudget,
): Generator<MonthDays, void> {
  const first = dateOf(rule.frequency === "WEEKLY" ? weekOf(from, rule.weekStart) : from);
  const end = dateOf(last + 6);
  const startDate = dateOf(start);
  const cost = costOfMonth(rule);
  const isYearly = rule.frequency === "YEARLY";
  const months = candidateMonthsOf(rule, startDate);
  for (let year = first.year; year <= end.year; year++) {
    budget.spend(COST_OF_SKIPPED);
    if (isYearly && (year - startDate.year) % rule.interval !== 0) continue;
    for (const month of months) {
      if (!isYearly && year === first.year && month < first.month) continue;
      if (!isYearly && year === end.year && month > end.month) return;
      budget.spend(COST_OF_SKIPPED);
      const monthsPassed = (year - startDate.year) * 12 + month - startDate.month;
      if (rule.frequency === "MONTHLY" && monthsPassed % rule.interval !== 0) continue;
      budget.spend(cost);
      const days = selectedDays(rule, year, month, startDate) & alignedDays(rule, year, month, start);
      if (days !== 0) yield { monthStart: dayNumber(year, month, 1), days };
    }
  }
}

/** Costs in steps: of a rule that is parsed, a day that is found, and a month that the rule cannot match. */
export const COST_OF_RULE = 5;
export const COST_OF_DAY = 0.5;
const COST_OF_SKIPPED = 0.1;

/** Steps for one month: parts that are compared with each of its days cost the most. */
function costOfMonth({ weekNumbers, yearDays, monthDays, weekdays }: RecurrenceRule): number {
  const perDay = [weekNumbers, yearDays].filter((list) => list.length > 0);
  return (
    1 + perDay.reduce((sum, list) => sum + 8 + list.length, 0) + (monthDays.length + weekdays.length) / 4
  );
}

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const ALL_MONTHS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Months that can hold days of the rule, ascending: those of BYMONTH, or the one of the start in a plain yearly rule. */
function candidateMonthsOf(rule: RecurrenceRule, start: CalendarDate): readonly number[] {
  const { frequency, months, weekNumbers, yearDays, monthDays, weekdays } = rule;
  if (months.length > 0) return [...months].sort((a, b) => a - b);
  const isPlain = [weekNumbers, yearDays, monthDays, weekdays].every((list) => list.length === 0);
  return frequency === "YEARLY" && isPlain ? [start.month] : ALL_MONTHS;
}

/** Days of a month that the parts of the rule select. A rule without parts for days takes them from its start. */
function selectedDays(rule: RecurrenceRule, year: number, month: number, start: CalendarDate): DaySet {
  const { frequency, weekNumbers, yearDays, monthDays, weekdays } = rule;
  const length = daysInMonth(year, month);
  let days = wholeMonth(year, month);
  if (monthDays.length > 0) {
    days &= bitsOf(monthDays.map((day) => (day < 0 ? day + length + 1 : day)).filter((day) => day >= 1));
  }
  if (yearDays.length > 0) days &= matching(year, month, yearDays, isYearDay);
  if (weekNumbers.length > 0) {
    days &= matching(year, month, weekNumbers, (day, numbers) => isInWeeks(day, numbers, rule.weekStart));
  }
  if (weekdays.length > 0) return days & onWeekdays(rule, year, month);
  if (frequency === "DAILY" || yearDays.length + monthDays.length > 0) return days;
  if (frequency === "MONTHLY" || (frequency === "YEARLY" && weekNumbers.length === 0))
    return days & bitsOf([start.day]);
  return days & weekdaySet(weekdayOf(dayNumber(start.year, start.month, start.day)), year, month);
}

function matching(
  year: number,
  month: number,
  numbers: readonly number[],
  matches: (day: number, numbers: readonly number[]) => boolean,
): DaySet {
  const monthStart = dayNumber(year, month, 1);
  let days: DaySet = 0;
  for (let day = 1; day <= daysInMonth(year, month); day++) {
    if (matches(monthStart + day - 1, numbers)) days |= 1 << (day - 1);
  }
  return days;
}

function isYearDay(day: number, yearDays: readonly number[]): boolean {
  const { year } = dateOf(day);
  const [first, next] = [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)];
  return yearDays.includes(day - first + 1) || yearDays.includes(day - next);
}

/** Whether a day is in one of the weeks: week 1 of a year is the first with at least four days in it. */
function isInWeeks(day: number, weekNumbers: readonly number[], weekStart: number): boolean {
  const week = weekOf(day, weekStart);
  const { year } = dateOf(week + 3);
  const weekOne = weekOf(dayNumber(year, 1, 4), weekStart);
  const nextWeekOne = weekOf(dayNumber(year + 1, 1, 4), weekStart);
  return weekNumbers.includes((week - weekOne) / 7 + 1) || weekNumbers.includes((week - nextWeekOne) / 7);
}

function onWeekdays(
  { weekdays, frequency, months, weekNumbers }: RecurrenceRule,
  year: number,
  month: number,
): DaySet {
  const ofYear = frequency === "YEARLY" && months.length === 0;
  const monthStart = dayNumber(year, month, 1);
  const length = daysInMonth(year, month);
  const [first, end] = ofYear
    ? [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)]
    : [monthStart, monthStart + length];
  return weekdays.reduce((days, { weekday, nth }) => {
    if (nth === undefined || weekNumbers.length > 0) return days | weekdaySet(weekday, year, month);
    const day =
      nth > 0
        ? first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1)
        : end - 1 - ((weekdayOf(end - 1) - weekday + 7) % 7) + 7 * (nth + 1);
    const inMonth = day >= monthStart && day < monthStart + length && day >= first && day < end;
    return inMonth ? days | (1 << (day - monthStart)) : days;
  }, 0);
}

/** Days of a month that lie in periods which the interval selects, counted from the start. */
function alignedDays(
  { frequency, interval, weekStart }: RecurrenceRule,
  year: number,
  month: number,
  start: number,
): DaySet {
  const whole = wholeMonth(year, month);
  if (interval === 1 || frequency === "MONTHLY" || frequency === "YEARLY") return whole;
  const monthStart = dayNumber(year, month, 1);
  const monthEnd = monthStart + daysInMonth(year, month);
  const [origin, periodDays] = frequency === "DAILY" ? [start, 1] : [weekOf(start, weekStart), 7];
  const step = interval * periodDays;
  // The first period that ends in the month or later.
  const firstPeriod = origin + Math.ceil((monthStart - periodDays + 1 - origin) / step) * step;
  let days: DaySet = 0;
  for (let period = firstPeriod; period < monthEnd; period += step) {
    const bits = 2 ** periodDays - 1;
    const index = period - monthStart;
    days |= index < 0 ? bits >> -index : bits << index;
  }
  return days & whole;
}

function periodOf({ frequency, weekStart }: RecurrenceRule, day: number, start: number): number {
  if (frequency === "DAILY") return day - start;
  if (frequency === "WEEKLY") return weekOf(day, weekStart);
  const { year, month } = dateOf(day);
  return frequency === "YEARLY" ? year : year * 12 + month;
}

/** First day of the week that holds a day. */
function weekOf(day: number, weekStart: number): number {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

/** The date of a day number. */
function dateOf(day: number): CalendarDate {
  // A year has 365.2425 days on average, so the guess is at most a year off.
  let year = Math.floor(day / 365.2425) + YEARS.min;
  while (dayNumber(year, 1, 1) > day) year--;
  while (dayNumber(year + 1, 1, 1) <= day) year++;
  let month = Math.min(12, Math.floor((day - dayNumber(year, 1, 1)) / 28) + 1);
  while (dayNumber(year, month, 1) > day) month--;
  return { year, month, day: day - dayNumber(year, month, 1) + 1 };
}

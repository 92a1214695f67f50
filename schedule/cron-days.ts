import { dayOfMonthRule, dayOfWeekRule, parseNumbers, parseValue, refuse } from "./cron-field";

/** The days of a month that a cron expression selects. Weekdays count from 0 (Sunday). */
export type DayRule =
  | { readonly kind: "days-of-month"; readonly days: readonly number[] }
  | { readonly kind: "last-day" }
  | { readonly kind: "nearest-weekday"; readonly day: number }
  | { readonly kind: "days-of-week"; readonly weekdays: readonly number[] }
  | { readonly kind: "last-weekday"; readonly weekday: number }
  | { readonly kind: "nth-weekday"; readonly weekday: number; readonly nth: number };

/** Days of a month as a set of bits: bit 0 is day 1. */
export type DaySet = number;

export function parseDayOfMonth(field: string): DayRule {
  if (/^L$/i.test(field)) return { kind: "last-day" };
  const nearest = /^(\d{1,2})W$/i.exec(field);
  if (nearest !== null) return parseNearestWeekday(field, nearest[1] ?? "");
  if (/^L?W$|^L-/i.test(field)) {
    refuse(field, dayOfMonthRule, "AWS documents L and 15W only, not LW or L-3");
  }
  if (/[LW]/i.test(field) && field.includes(","))
    refuse(field, dayOfMonthRule, "L and W must stand alone, not in a list");
  return { kind: "days-of-month", days: parseNumbers(field, dayOfMonthRule) };
}

export function parseDayOfWeek(field: string): DayRule {
  if (/^L$/i.test(field)) return { kind: "days-of-week", weekdays: [6] };
  if (/[#L]/i.test(field) && field.includes(",")) {
    refuse(field, dayOfWeekRule, "L and # must stand alone, not in a list");
  }
  const special = /^(\w{1,3}?)(?:L|#([1-5]))$/i.exec(field);
  const day = special === null ? undefined : parseValue(special[1] ?? "", dayOfWeekRule);
  if (special !== null && day !== undefined) {
    const nth = special[2];
    if (nth === undefined) return { kind: "last-weekday", weekday: day - 1 };
    return { kind: "nth-weekday", weekday: day - 1, nth: Number(nth) };
  }
  return { kind: "days-of-week", weekdays: parseNumbers(field, dayOfWeekRule).map((number) => number - 1) };
}

function parseNearestWeekday(field: string, text: string): DayRule {
  const day = parseValue(text, dayOfMonthRule);
  if (day === undefined) return refuse(field, dayOfMonthRule);
  return { kind: "nearest-weekday", day };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns the length of a month, 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/** Returns the days from 1970-01-01 to a date. `month` is 1 to 12; `day` may lie beyond the month. */
export function dayNumber(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  const leapDayPassed = month > 2 && isLeapYear(year) ? 1 : 0;
  return (year - 1970) * 365 + leapDays + (daysBeforeMonth[month - 1] ?? 0) + leapDayPassed + day - 1;
}

/** Returns the weekday of a day number, 0 (Sunday) to 6; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function wholeMonth(year: number, month: number): DaySet {
  return 2 ** daysInMonth(year, month) - 1;
}

const everySeventhDay = 0b10000001000000100000010000001;

/** Returns the days of a month that the rule selects. */
export function daysOfRule(rule: DayRule, year: number, month: number): DaySet {
  const whole = wholeMonth(year, month);
  switch (rule.kind) {
    case "days-of-month":
      return bitsOf(rule.days) & whole;
    case "last-day":
      return 1 << (daysInMonth(year, month) - 1);
    case "nearest-weekday":
      return nearestWeekday(rule.day, year, month);
    case "days-of-week":
      return rule.weekdays.reduce((set, weekday) => set | weekdaySet(weekday, year, month), 0) & whole;
    case "last-weekday": {
      const set = weekdaySet(rule.weekday, year, month) & whole;
      return 1 << (31 - Math.clz32(set));
    }
    case "nth-weekday": {
      const first = weekdaySet(rule.weekday, year, month);
      return ((first & -first) << (7 * (rule.nth - 1))) & whole;
    }
  }
}

/** Whether the set holds the day, 1 to 31. */
export function hasDay(set: DaySet, day: number): boolean {
  return ((set >>> (day - 1)) & 1) === 1;
}

/** Returns the set of some days, 1 to 31. */
export function bitsOf(days: readonly number[]): DaySet {
  return days.reduce((set, day) => set | (1 << (day - 1)), 0);
}

/** The days of a month on a weekday, 0 (Sunday) to 6; bits beyond the month may be set. */
export function weekdaySet(weekday: number, year: number, month: number): DaySet {
  const firstDay = weekdayOf(dayNumber(year, month, 1));
  return everySeventhDay << ((weekday - firstDay + 7) % 7);
}

// The nearest Monday to Friday within the same month. EventBridge skips months without the day, as Quartz does.
function nearestWeekday(day: number, year: number, month: number): DaySet {
  const length = daysInMonth(year, month);
  if (day > length) return 0;
  const weekday = weekdayOf(dayNumber(year, month, day));
  if (weekday === 6) return 1 << ((day === 1 ? 3 : day - 1) - 1);
  if (weekday === 0) return 1 << ((day === length ? day - 2 : day + 1) - 1);
  return 1 << (day - 1);
}

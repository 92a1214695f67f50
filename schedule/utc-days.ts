import { YEARS } from "../contract/limits";
import { MINUTES_PER_DAY } from "../contract/units";
import { type CronPattern, timesOf } from "./cron";
import { type DaySet, daysInMonth, daysOfRule, hasDay, isLeapYear, wholeMonth } from "./cron-days";
import { dayOfMonthRule, dayOfWeekRule, monthRule, numbersText, yearRule } from "./cron-field";

/** From a local date to the UTC date of the same instant: a day earlier, the same, or a day later. */
export type DayShift = -1 | 0 | 1;

/** The four fields of a cron expression that select its days. */
export interface DayFields {
  readonly dayOfMonth: string;
  readonly month: string;
  readonly dayOfWeek: string;
  readonly year: string;
}

/** Joins the four fields in an expression's order, with names as written. */
export function dayFieldsText({ dayOfMonth, month, dayOfWeek, year }: DayFields): string {
  return `${dayOfMonth} ${month} ${dayOfWeek} ${year}`;
}

/** Thrown where no cron fields select the shifted days; `message` says why. */
export class NoExactDays extends Error {}

const MONTHS_PER_YEAR = 12;
const everyDay: DaySet = 0x7fffffff;
// Rules for dates depend only on whether a year is a leap year: one year of each kind represents all.
const COMMON_YEAR = 2027;
const LEAP_YEAR = 2028;

/** Returns the UTC times of day by the shift of their date. UTC is `offset` minutes behind local time. */
export function utcTimes(pattern: CronPattern, offset: number): Map<DayShift, number[]> {
  const local = timesOf(pattern);
  const byShift = new Map<DayShift, number[]>();
  for (const shift of [-1, 0, 1] as const) {
    const times = local
      .map((time) => time - offset - shift * MINUTES_PER_DAY)
      .filter((time) => time >= 0 && time < MINUTES_PER_DAY);
    if (times.length > 0) byShift.set(shift, times);
  }
  return byShift;
}

/**
 * Returns fields that together select the pattern's days, all moved by `shift`.
 *
 * @throws NoExactDays where there are none
 */
export function shiftDays(pattern: CronPattern, shift: DayShift): readonly DayFields[] {
  const { text, day, months } = pattern;
  const allWeek = day.kind === "days-of-week" && day.weekdays.length === 7;
  const allDays = allWeek || (day.kind === "days-of-month" && day.days.length === 31);
  const allYears = isEveryYear(pattern);
  if (shift === 0 || (allDays && allYears && months.length === MONTHS_PER_YEAR)) return [text];
  switch (day.kind) {
    case "days-of-week":
      return allWeek ? shiftDates(pattern, shift) : [shiftWeekdays(pattern, day.weekdays, shift)];
    case "days-of-month":
    case "last-day":
      return shiftDates(pattern, shift);
    case "nearest-weekday":
      throw new NoExactDays(
        `in UTC it falls on the ${moved(shift)} the weekday nearest to a date (${text.dayOfMonth}), which has no cron form`,
      );
    case "last-weekday":
      throw new NoExactDays(
        `in UTC it falls on the ${moved(shift)} the last weekday of a month (${text.dayOfWeek}), which has no cron form`,
      );
    case "nth-weekday":
      throw new NoExactDays(
        `in UTC it falls on the ${moved(shift)} the nth weekday of a month (${text.dayOfWeek}), which has no cron form`,
      );
  }
}

export function isEveryYear({ years }: CronPattern): boolean {
  return years.length === yearRule.max - yearRule.min + 1;
}

function moved(shift: DayShift): string {
  return shift < 0 ? "day before" : "day after";
}

function shiftWeekdays(pattern: CronPattern, weekdays: readonly number[], shift: DayShift): DayFields {
  if (pattern.months.length < MONTHS_PER_YEAR || !isEveryYear(pattern)) {
    const part = pattern.months.length < MONTHS_PER_YEAR ? "month" : "year";
    throw new NoExactDays(
      `in UTC the days of the week move to the ${moved(shift)}, which at the edge of a ${part} falls into another ${part}`,
    );
  }
  const shiftedNumbers = weekdays.map((weekday) => ((weekday + shift + 7) % 7) + 1).sort((a, b) => a - b);
  return { dayOfMonth: "?", month: "*", dayOfWeek: numbersText(shiftedNumbers, dayOfWeekRule), year: "*" };
}

/** Days of one month: some by number, the last one as `L`. */
interface MonthDays {
  readonly month: number;
  readonly days: DaySet;
  readonly last: boolean;
}

function shiftDates(pattern: CronPattern, shift: DayShift): readonly DayFields[] {
  const shifted: MonthDays[] = [];
  const overYearEnd: MonthDays[] = [];
  for (let month = 1; month <= MONTHS_PER_YEAR; month++) {
    const edge = shift < 0 ? 12 : 1;
    if (month === edge && !isEveryYear(pattern)) {
      // The one day from the neighbouring year needs that year in the year field.
      const [within, across] = shiftedMonth(pattern, month, shift, false);
      if (within !== 0) shifted.push({ month, days: within, last: false });
      if (across !== 0) overYearEnd.push({ month, days: across, last: false });
    } else {
      const days = fitMonth(pattern, month, shift);
      if (days.days !== 0 || days.last) shifted.push(days);
    }
  }
  const fields = fieldsOf(shifted, pattern.text.year);
  if (overYearEnd.length === 0) return fields;
  return [...fields, ...fieldsOf(overYearEnd, shiftYears(pattern.years, shift))];
}

function shiftYears(years: readonly number[], shift: DayShift): string {
  const shiftedNumbers = years.map((year) => year + shift);
  const outside = shiftedNumbers.find((year) => year < yearRule.min || year > yearRule.max);
  if (outside !== undefined)
    throw new NoExactDays(`in UTC it would fire in ${outside}, and AWS takes ${YEARS.min}-${YEARS.max} only`);
  return numbersText(shiftedNumbers, yearRule);
}

function localDays(pattern: CronPattern, month: number, leap: boolean): DaySet {
  const wrapped = ((month + 11) % 12) + 1;
  return pattern.months.includes(wrapped)
    ? daysOfRule(pattern.day, leap ? LEAP_YEAR : COMMON_YEAR, wrapped)
    : 0;
}

/** Returns the UTC days of a month: those moved within it, and the one moved in from the neighbouring month. */
function shiftedMonth(pattern: CronPattern, month: number, shift: DayShift, leap: boolean): [DaySet, DaySet] {
  const year = leap ? LEAP_YEAR : COMMON_YEAR;
  const local = localDays(pattern, month, leap);
  if (shift < 0) {
    const comesFromNext = localDays(pattern, month + 1, leap) & 1;
    return [local >>> 1, comesFromNext << (daysInMonth(year, month) - 1)];
  }
  const previous = month === 1 ? 12 : month - 1;
  const comesFromPrevious = hasDay(localDays(pattern, month - 1, leap), daysInMonth(year, previous)) ? 1 : 0;
  return [(local << 1) & wholeMonth(year, month), comesFromPrevious];
}

function fitMonth(pattern: CronPattern, month: number, shift: DayShift): MonthDays {
  const [within, fromNeighbour] = shiftedMonth(pattern, month, shift, false);
  const [leapWithin, leapFromNeighbour] = shiftedMonth(pattern, month, shift, true);
  const common = within | fromNeighbour;
  const leap = leapWithin | leapFromNeighbour;
  const hasCommonYears = isEveryYear(pattern) || pattern.years.some((year) => !isLeapYear(year));
  const hasLeapYears = isEveryYear(pattern) || pattern.years.some(isLeapYear);
  const whole = wholeMonth(LEAP_YEAR, month);
  if (!hasLeapYears)
    return { month, days: month === 2 && common === whole >>> 1 ? whole : common, last: false };
  if (!hasCommonYears || common === (leap & wholeMonth(COMMON_YEAR, month))) {
    const asLast = shift < 0 && fromNeighbour !== 0 && leap !== whole && month !== 2;
    return asLast ? { month, days: within, last: true } : { month, days: leap, last: false };
  }
  if (within === leapWithin && shift < 0 && fromNeighbour !== 0) return { month, days: within, last: true };
  throw new NoExactDays("in UTC it moves over the end of February, which differs in leap years");
}

function fieldsOf(monthDays: readonly MonthDays[], year: string): readonly DayFields[] {
  const groups: { days: DaySet; months: number[] }[] = [];
  // Longest months first: a shorter month can share their list, since it ignores days that it lacks.
  const byLength = [...monthDays].sort(
    (a, b) => daysInMonth(LEAP_YEAR, b.month) - daysInMonth(LEAP_YEAR, a.month),
  );
  for (const { month, days } of byLength) {
    if (days === 0) continue;
    const whole = wholeMonth(LEAP_YEAR, month);
    const group = groups.find((known) => (known.days & whole) === days);
    if (group === undefined) groups.push({ days: days === whole ? everyDay : days, months: [month] });
    else group.months.push(month);
  }
  const fields = groups.map(({ days, months }) => dateFields(daysText(days), months, year));
  const lasts = monthDays.filter(({ last }) => last).map(({ month }) => month);
  if (lasts.length === 0) return fields;
  const length = daysInMonth(LEAP_YEAR, lasts[0] ?? 1);
  const byNumber = lasts.every((month) => month !== 2 && daysInMonth(LEAP_YEAR, month) === length);
  return [dateFields(byNumber ? String(length) : "L", lasts, year), ...fields];
}

function dateFields(dayOfMonth: string, months: readonly number[], year: string): DayFields {
  const month = numbersText(
    [...months].sort((a, b) => a - b),
    monthRule,
  );
  return { dayOfMonth, month, dayOfWeek: "?", year };
}

function daysText(days: DaySet): string {
  const numbers: number[] = [];
  for (let day = 1; day <= 31; day++) if (hasDay(days, day)) numbers.push(day);
  return numbersText(numbers, dayOfMonthRule);
}

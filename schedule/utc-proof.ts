import { MINUTES_PER_DAY } from "../contract/units";
import { type CronPattern, timesOf } from "./cron";
import { type DaySet, daysInMonth, daysOfRule, hasDay, wholeMonth } from "./cron-days";
import { type DayShift, dayFieldsText, isEveryYear, utcTimes } from "./utc-days";

/**
 * Whether the UTC expressions together fire exactly when the local pattern does: for every minute of the UTC day,
 * the days on which it fires are compared one by one.
 */
export function firesAlike(local: CronPattern, offset: number, utc: readonly CronPattern[]): boolean {
  // For each minute of the day, the expressions that fire at it, as a set of bits.
  const coveringAt = new Int32Array(MINUTES_PER_DAY);
  for (const [index, pattern] of utc.entries()) {
    for (const time of timesOf(pattern)) coveringAt[time] = (coveringAt[time] ?? 0) | (1 << index);
  }
  // Minutes with the same shift and the same expressions have the same days, so one comparison covers them.
  const cases = new Map<DayShift, Set<number>>();
  for (const [shift, times] of utcTimes(local, offset)) {
    cases.set(shift, new Set(times.map((time) => coveringAt[time] ?? 0)));
    for (const time of times) coveringAt[time] = 0;
  }
  const noOtherTimes = coveringAt.every((covering) => covering === 0);
  const alike = [...cases].every(([shift, coverings]) =>
    [...coverings].every((covering) => {
      const patterns = utc.filter((_, index) => ((covering >>> index) & 1) === 1);
      return sameDays(local, shift, patterns);
    }),
  );
  return noOtherTimes && alike;
}

// Caches comparisons, which depend on their key alone; most schedules of a config share their days.
const comparisons = new Map<string, boolean>();
const MAX_COMPARISONS = 1000;

function sameDays(local: CronPattern, shift: DayShift, utc: readonly CronPattern[]): boolean {
  const key = `${shift} ${dayFieldsText(local.text)} = ${utc.map(({ text }) => dayFieldsText(text))}`;
  let same = comparisons.get(key);
  if (same === undefined) {
    same = compareDays(local, shift, utc);
    if (comparisons.size >= MAX_COMPARISONS) comparisons.clear();
    comparisons.set(key, same);
  }
  return same;
}

/** Compares every day of all years that can differ. */
function compareDays(local: CronPattern, shift: DayShift, utc: readonly CronPattern[]): boolean {
  for (const year of decidingYears([local, ...utc])) {
    for (let month = 1; month <= 12; month++) {
      const found = utc.reduce((set, pattern) => set | daysOf(pattern, year, month), 0);
      if (found !== movedDays(local, year, month, shift)) return false;
    }
  }
  return true;
}

/**
 * Returns the years to compare. Without named years: the 28 years after which leap years and weekdays repeat. A century
 * without a leap day only changes the order of the 14 kinds of year, and no rule reaches further than a day across a
 * year's end. Otherwise: the named years and their neighbours.
 */
function decidingYears(patterns: readonly CronPattern[]): Iterable<number> {
  if (patterns.every(isEveryYear)) return Array.from({ length: 28 }, (_, index) => 2000 + index);
  return new Set(patterns.flatMap(({ years }) => years.flatMap((year) => [year - 1, year, year + 1])));
}

function daysOf(pattern: CronPattern, year: number, month: number): DaySet {
  if (!pattern.months.includes(month)) return 0;
  return isEveryYear(pattern) || pattern.years.includes(year) ? daysOfRule(pattern.day, year, month) : 0;
}

function movedDays(local: CronPattern, year: number, month: number, shift: DayShift): DaySet {
  const days = daysOf(local, year, month);
  if (shift === 0) return days;
  if (shift < 0) {
    const [nextYear, next] = month === 12 ? [year + 1, 1] : [year, month + 1];
    return (
      (days >>> 1) | (hasDay(daysOf(local, nextYear, next), 1) ? 1 << (daysInMonth(year, month) - 1) : 0)
    );
  }
  const [previousYear, previous] = month === 1 ? [year - 1, 12] : [year, month - 1];
  const lastOfPrevious = daysInMonth(previousYear, previous);
  const carried = hasDay(daysOf(local, previousYear, previous), lastOfPrevious) ? 1 : 0;
  return ((days << 1) & wholeMonth(year, month)) | carried;
}

import { type CronPattern, timesOf } from "./cron";
import { type DaySet, daysInMonth, daysOfRule, hasDay, wholeMonth } from "./cron-days";
import { MINUTES_PER_DAY } from "./units";
import { type DayShift, dayFieldsText, isEveryYear, utcTimes } from "./utc-days";

/**
 * Whether the UTC expressions together fire exactly when the local pattern does: for every minute of the UTC day,
 * the days on which it fires are compared one by one.
 */
export function firesAlike(local: CronPattern, offset: number, utc: readonly CronPattern[]): boolean {
  // For each minute, the expressions that stand at it, as a set of bits.
  const coveringAt = new Int32Array(MINUTES_PER_DAY);
  for (const [index, pattern] of utc.entries()) {
    for (const time of timesOf(pattern)) coveringAt[time] = (coveringAt[time] ?? 0) | (1 << index);
  }
  // Minutes that shift alike and have the same expressions have the same days: one of them is enough.
  const cases = new Map<DayShift, Set<number>>();
  for (const [shift, times] of utcTimes(local, offset)) {
    cases.set(shift, new Set(times.map((time) => coveringAt[time] ?? 0)));
    for (const time of times) coveringAt[time] = 0;
  }
  const noOther = coveringAt.every((covering) => covering === 0);
  const alike = [...cases].every(([shift, coverings]) =>
    [...coverings].every((covering) => {
      const standing = utc.filter((_, index) => ((covering >>> index) & 1) === 1);
      return sameDays(local, shift, standing);
    }),
  );
  return noOther && alike;
}

// The answer depends on its key alone, so it may be kept; most schedules of a config share their days.
const answers = new Map<string, boolean>();
const MAX_ANSWERS = 1000;

function sameDays(local: CronPattern, shift: DayShift, utc: readonly CronPattern[]): boolean {
  const key = `${shift} ${dayFieldsText(local.text)} = ${utc.map(({ text }) => dayFieldsText(text))}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = compareDays(local, shift, utc);
    if (answers.size >= MAX_ANSWERS) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

/** By every day of all years that can differ. */
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
 * Where no years are named, the 28 years after which leap years and weekdays repeat: a century's missing leap day only
 * lets the 14 kinds of year follow each other in another order, and no rule looks further than the days beside a
 * year's end. Else the years named and those beside them.
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

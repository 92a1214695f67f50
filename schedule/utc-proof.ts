import type { CronPattern } from "./cron";
import { type DaySet, daysInMonth, daysOfRule, hasDay, wholeMonth } from "./cron-days";
import { isEveryYear } from "./utc-days";
import { type DayShift, timesOf, utcTimes } from "./utc-times";

/**
 * Whether the UTC expressions together fire exactly when the local pattern does: for every minute of the UTC day,
 * the days on which it fires are compared one by one.
 */
export function firesAlike(local: CronPattern, offset: number, utc: readonly CronPattern[]): boolean {
  const shiftOf = new Map<number, DayShift>();
  for (const [shift, times] of utcTimes(local, offset)) for (const time of times) shiftOf.set(time, shift);
  const coveringOf = new Map<number, CronPattern[]>();
  for (const pattern of utc) {
    for (const time of timesOf(pattern)) coveringOf.set(time, [...(coveringOf.get(time) ?? []), pattern]);
  }
  // Minutes that shift alike and stand in the same expressions have the same days: one of them is enough.
  const cases = new Map<string, { shift: DayShift; covering: readonly CronPattern[] }>();
  for (const time of new Set([...shiftOf.keys(), ...coveringOf.keys()])) {
    const shift = shiftOf.get(time);
    const covering = coveringOf.get(time) ?? [];
    if (shift === undefined) return false;
    cases.set(`${shift} ${covering.map(dayFieldsText)}`, { shift, covering });
  }
  return [...cases.values()].every(({ shift, covering }) => sameDays(local, shift, covering));
}

// The answer depends on its key alone, so it may be kept; most schedules of a config share their days.
const answers = new Map<string, boolean>();
const mostAnswers = 1000;

function sameDays(local: CronPattern, shift: DayShift, utc: readonly CronPattern[]): boolean {
  const key = `${shift} ${dayFieldsText(local)} = ${utc.map(dayFieldsText)}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = compareDays(local, shift, utc);
    if (answers.size >= mostAnswers) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

/**
 * By every day of all years that can differ: the 28 years after which leap years and weekdays repeat (a century's
 * missing leap day only lets other kinds of the 14 kinds of year follow each other, and no rule looks further than
 * the days beside a year's end), or where years are named, all of 1970-2199 and the days beside them.
 */
function compareDays(local: CronPattern, shift: DayShift, utc: readonly CronPattern[]): boolean {
  const everyYear = isEveryYear(local) && utc.every(isEveryYear);
  const [firstYear, lastYear] = everyYear ? [2000, 2027] : [1969, 2200];
  for (let year = firstYear; year <= lastYear; year++) {
    for (let month = 1; month <= 12; month++) {
      const found = utc.reduce((set, pattern) => set | daysOf(pattern, year, month), 0);
      if (found !== movedDays(local, year, month, shift)) return false;
    }
  }
  return true;
}

function dayFieldsText({ text }: CronPattern): string {
  return `${text.dayOfMonth} ${text.month} ${text.dayOfWeek} ${text.year}`;
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

import { type CronPattern, MAX_EXPRESSION_LENGTH, numbersText, parseCron } from "./cron";
import { hoursRule, minutesRule } from "./cron-field";
import { MINUTE_MS, MINUTES_PER_DAY } from "./units";
import { type DayFields, NoExactDays, shiftDays } from "./utc-days";
import { firesAlike } from "./utc-proof";
import type { Zone } from "./zone";

/** Expressions that together fire at the same instants in UTC, or why there are none. */
export type UtcConversion =
  | { readonly expressions: readonly string[] }
  | { readonly expressions: null; readonly reason: string };

/** Each expression becomes a rule of its own. */
const MAX_EXPRESSIONS = 20;

/** `from` in milliseconds: clock changes count from then on. */
export function cronToUtc(pattern: CronPattern, zone: Zone, from: number): UtcConversion {
  const change = zone.nextChange(from);
  if (change !== undefined) {
    const date = new Date(change).toISOString().slice(0, 10);
    return { expressions: null, reason: `clocks in ${zone.name} change (next on ${date}), and UTC's do not` };
  }
  const offset = zone.offsetAt(from) / MINUTE_MS;
  if (offset === 0) return { expressions: [`cron(${cronFieldsText(pattern)})`] };
  try {
    const fields = [...candidates(pattern, offset)];
    const expressions = fields.map((text) => `cron(${text})`);
    if (
      expressions.length > MAX_EXPRESSIONS ||
      expressions.some(({ length }) => length > MAX_EXPRESSION_LENGTH)
    ) {
      return {
        expressions: null,
        reason: "in UTC it would take expressions longer than AWS allows, or too many",
      };
    }
    if (firesAlike(pattern, offset, fields.map(parseCron))) return { expressions };
  } catch (error) {
    if (!(error instanceof NoExactDays)) throw error;
    return { expressions: null, reason: error.message };
  }
  return { expressions: null, reason: "no cron expression in UTC fires at exactly these times" };
}

function cronFieldsText({ text }: CronPattern): string {
  return [text.minutes, text.hours, text.dayOfMonth, text.month, text.dayOfWeek, text.year].join(" ");
}

function* candidates(pattern: CronPattern, offset: number): Generator<string, void> {
  // Two shifts can mean the same days (every day); their times then go into the same expressions.
  const timesByDays = new Map<string, { days: DayFields; times: number[] }>();
  for (const [shift, times] of utcTimes(pattern, offset)) {
    for (const days of shiftDays(pattern, shift)) {
      const key = `${days.dayOfMonth} ${days.month} ${days.dayOfWeek} ${days.year}`;
      const known = timesByDays.get(key);
      if (known === undefined) timesByDays.set(key, { days, times: [...times] });
      else known.times.push(...times);
    }
  }
  for (const { days, times } of timesByDays.values()) {
    for (const time of timeFields(times, pattern)) {
      yield `${time} ${days.dayOfMonth} ${days.month} ${days.dayOfWeek} ${days.year}`;
    }
  }
}

/** The times as few pairs of a minutes and an hours field. */
function timeFields(times: readonly number[], pattern: CronPattern): string[] {
  const byHour = products(times.map((time) => [Math.floor(time / 60), time % 60]));
  const byMinute = products(times.map((time) => [time % 60, Math.floor(time / 60)]));
  const pairs =
    byHour.length < byMinute.length ? byHour.map(([hours, minutes]) => [minutes, hours] as const) : byMinute;
  const field = (
    numbers: readonly number[],
    rule: typeof minutesRule,
    known: readonly number[],
    text: string,
  ) => (numbers.join() === known.join() ? text : numbersText(numbers, rule));
  return pairs.map(([minutes, hours]) => {
    const minutesText = field(minutes, minutesRule, pattern.minutes, pattern.text.minutes);
    return `${minutesText} ${field(hours, hoursRule, pattern.hours, pattern.text.hours)}`;
  });
}

/** Pairs as rectangles: first members that share the same second members, in the order of their first pair. */
function products(pairs: readonly (readonly [number, number])[]): [number[], number[]][] {
  const seconds = new Map<number, number[]>();
  for (const [first, second] of pairs) {
    const known = seconds.get(first);
    if (known === undefined) seconds.set(first, [second]);
    else known.push(second);
  }
  const rectangles = new Map<string, [number[], number[]]>();
  for (const [first, members] of seconds) {
    const key = members.sort((a, b) => a - b).join();
    const known = rectangles.get(key);
    if (known === undefined) rectangles.set(key, [[first], members]);
    else known[0].push(first);
  }
  return [...rectangles.values()].map(([firsts, members]) => [firsts.sort((a, b) => a - b), members]);
}

/** From a local date to the UTC date of the same instant: a day earlier, the same, or a day later. */
export type DayShift = -1 | 0 | 1;

/** Times of day at which the pattern fires, in minutes since midnight. */
export function timesOf({ hours, minutes }: CronPattern): number[] {
  return hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
}

/** The same in UTC, where clocks are `offset` minutes behind the local ones, by how the date shifts. */
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

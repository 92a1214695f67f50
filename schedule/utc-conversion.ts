import { MINUTE_MS } from "../contract/units";
import { type CronPattern, MAX_EXPRESSION_LENGTH, parseCron } from "./cron";
import { hoursRule, minutesRule, numbersText } from "./cron-field";
import { type DayFields, dayFieldsText, NoExactDays, shiftDays, utcTimes } from "./utc-days";
import { firesAlike } from "./utc-proof";
import type { Zone } from "./zone";

/**
 * UTC expressions that together fire at the same instants as a local one, or `null` with the reason why none do.
 *
 * @example
 * Schedule.cron("0 8 ? * MON-FRI *", { timezone: "Asia/Seoul" }).toUtc(); // { expressions: ["cron(0 23 ? * SUN-THU *)"] }
 * Schedule.cron("0 8 ? * MON-FRI *", { timezone: "Europe/Berlin" }).toUtc();
 * // { expressions: null, reason: "clocks in Europe/Berlin change (next on 2027-03-28), and UTC's do not" }
 */
export type UtcConversion =
  | { readonly expressions: readonly string[] }
  | { readonly expressions: null; readonly reason: string };

/** Each expression becomes a rule of its own. */
const MAX_EXPRESSIONS = 20;

/**
 * Converts an expression, which stays as it was written in a zone that keeps UTC. Clock changes count from `from` (in
 * milliseconds) on.
 */
export function cronToUtc(expression: string, pattern: CronPattern, zone: Zone, from: number): UtcConversion {
  const change = zone.nextChange(from);
  if (change !== undefined) {
    const date = new Date(change).toISOString().slice(0, 10);
    return { expressions: null, reason: `clocks in ${zone.name} change (next on ${date}), and UTC's do not` };
  }
  const offset = zone.offsetAt(from) / MINUTE_MS;
  return offset === 0 ? { expressions: [expression] } : shiftedCron(pattern, offset);
}

/** Returns expressions of a clock that is `offset` minutes behind that of the pattern, up to a day. */
export function shiftedCron(pattern: CronPattern, offset: number): UtcConversion {
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

function* candidates(pattern: CronPattern, offset: number): Generator<string, void> {
  // Two shifts can mean the same days (every day); their times then go into the same expressions.
  const timesByDays = new Map<string, { days: DayFields; times: number[] }>();
  for (const [shift, times] of utcTimes(pattern, offset)) {
    for (const days of shiftDays(pattern, shift)) {
      const key = dayFieldsText(days);
      const known = timesByDays.get(key);
      if (known === undefined) timesByDays.set(key, { days, times: [...times] });
      else known.times.push(...times);
    }
  }
  for (const { days, times } of timesByDays.values()) {
    for (const time of timeFields(times, pattern)) yield `${time} ${dayFieldsText(days)}`;
  }
}

/** Formats times of day as few pairs of a minutes and an hours field. */
function timeFields(times: readonly number[], pattern: CronPattern): string[] {
  const byHour = rectanglesOf(times.map((time) => [Math.floor(time / 60), time % 60]));
  const byMinute = rectanglesOf(times.map((time) => [time % 60, Math.floor(time / 60)]));
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

/** Groups pairs into rectangles: first members with the same second members, in the order of their first pair. */
function rectanglesOf(pairs: readonly (readonly [number, number])[]): [number[], number[]][] {
  const seconds = new Map<number, number[]>();
  for (const [first, second] of pairs) {
    const known = seconds.get(first);
    if (known === undefined) seconds.set(first, [second]);
    else known.push(second);
  }
  const byMembers = new Map<string, [number[], number[]]>();
  for (const [first, members] of seconds) {
    const key = members.sort((a, b) => a - b).join();
    const known = byMembers.get(key);
    if (known === undefined) byMembers.set(key, [[first], members]);
    else known[0].push(first);
  }
  return [...byMembers.values()].map(([firsts, members]) => [firsts.sort((a, b) => a - b), members]);
}

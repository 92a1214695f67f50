import cronstrue from "cronstrue";
import { DAY_MS, MINUTES_PER_HOUR } from "../contract/units";
import {
  type DayRule,
  dayNumber,
  daysInMonth,
  daysOfRule,
  hasDay,
  parseDayOfMonth,
  parseDayOfWeek,
} from "./cron-days";
import { asciiUpperCase, hoursRule, minutesRule, monthRule, parseNumbers, yearRule } from "./cron-field";
import { quote, ScheduleError } from "./error";

/**
 * The six fields of an AWS cron expression, each in AWS's syntax.
 *
 * @example
 * Schedule.cron({ minutes: 0, hours: 20, dayOfWeek: "MON-FRI" }).expression; // "cron(0 20 ? * MON-FRI *)"
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export interface CronFields {
  /** 0-59, with `, - * /`. */
  readonly minutes: string | number;
  /** 0-23, with `, - * /`. */
  readonly hours: string | number;
  /**
   * 1-31, with `, - * ? / L W`.
   * @default "?" where dayOfWeek is given, else "*"
   */
  readonly dayOfMonth?: string | number;
  /**
   * 1-12 or JAN-DEC, with `, - * /`.
   * @default "*"
   */
  readonly month?: string | number;
  /**
   * 1-7 (1 is SUN) or SUN-SAT, with `, - * ? L #`.
   * @default "?"
   */
  readonly dayOfWeek?: string | number;
  /**
   * 1970-2199, with `, - * /`.
   * @default "*"
   */
  readonly year?: string | number;
}

/** A parsed cron expression: its fields, and the values that they select. */
export interface CronPattern {
  /** Each field as it was written: names in any case. */
  readonly text: Readonly<Record<keyof CronFields, string>>;
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly day: DayRule;
}

/** AWS's limit for the whole expression, in characters. */
export const MAX_EXPRESSION_LENGTH = 256;

const SIX_FIELDS = "six fields: minutes hours day-of-month month day-of-week year, one space between them";

/** Joins the fields in AWS's order, with `?` and `*` for those left out. */
export function cronText(fields: CronFields): string {
  const { minutes, hours, dayOfMonth, month = "*", dayOfWeek = "?", year = "*" } = fields;
  const unset = dayOfWeek === "?" ? "*" : "?";
  return [minutes, hours, dayOfMonth ?? unset, month, dayOfWeek, year].join(" ");
}

/**
 * Parses the six fields inside `cron(...)`, strictly by AWS's grammar. Refuses what AWS refuses, and what it leaves
 * undocumented (LW, L-3, ranges that wrap, MAR/4), with the clear spelling as a hint.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 * @throws ScheduleError that names the field, the token and what is allowed; also for an expression without a firing
 */
export function parseCron(fields: string): CronPattern {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...more] = fields.split(" ");
  if (
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined ||
    more.length > 0 ||
    /\s/.test(fields.replaceAll(" ", "")) ||
    /^ | {2}| $/.test(fields)
  ) {
    throw new ScheduleError({
      field: "cron",
      expected: SIX_FIELDS,
      got: quote(fields),
      hint: fieldCount(fields),
    });
  }
  checkQuestionMark(dayOfMonth, dayOfWeek);
  const pattern: CronPattern = {
    text: { minutes, hours, dayOfMonth, month, dayOfWeek, year },
    minutes: parseNumbers(minutes, minutesRule),
    hours: parseNumbers(hours, hoursRule),
    months: parseNumbers(month, monthRule),
    years: parseNumbers(year, yearRule),
    day: dayOfWeek === "?" ? parseDayOfMonth(dayOfMonth) : parseDayOfWeek(dayOfWeek),
  };
  if (cronDays(pattern, dayNumber(1970, 1, 1)).next().done === true) {
    throw new ScheduleError({
      field: "cron",
      expected: "at least one firing",
      got: quote(fields),
      hint: "no date fits its day-of-month, month, day-of-week and year",
    });
  }
  return pattern;
}

/** Yields the day numbers (days since 1970-01-01) that the pattern selects, ascending from `firstDay`. */
export function* cronDays(pattern: CronPattern, firstDay: number): Generator<number, void> {
  const firstYear = new Date(firstDay * DAY_MS).getUTCFullYear();
  for (const year of pattern.years) {
    if (year < firstYear) continue;
    for (const month of pattern.months) {
      const monthStart = dayNumber(year, month, 1);
      if (monthStart + 31 <= firstDay) continue;
      const days = daysOfRule(pattern.day, year, month);
      if (days === 0) continue;
      for (let day = 1; day <= daysInMonth(year, month); day++) {
        if (hasDay(days, day) && monthStart + day - 1 >= firstDay) yield monthStart + day - 1;
      }
    }
  }
}

/** Returns the times of day at which the pattern fires, in minutes since midnight. */
export function timesOf({ hours, minutes }: CronPattern): number[] {
  return hours.flatMap((hour) => minutes.map((minute) => hour * MINUTES_PER_HOUR + minute));
}

/** Describes the pattern in words, such as "At 20:00, Monday through Friday". */
export function describeCron({ text }: CronPattern): string {
  const fields = asciiUpperCase(cronText(text));
  return cronstrue.toString(fields, { dayOfWeekStartIndexZero: false, use24HourTimeFormat: true });
}

function checkQuestionMark(dayOfMonth: string, dayOfWeek: string): void {
  if ((dayOfMonth === "?") !== (dayOfWeek === "?")) return;
  throw new ScheduleError({
    field: "day-of-month and day-of-week",
    expected: "exactly one of them to be ?",
    got: quote(`${dayOfMonth}" and "${dayOfWeek}`).replaceAll('\\"', '"'),
    hint:
      dayOfMonth === "?"
        ? "write * in one of them for every day"
        : "AWS takes days by month or by week, not both",
  });
}

function fieldCount(fields: string): string {
  const count = fields.split(/\s+/).filter((field) => field !== "").length;
  if (count === 5) return "these are five fields; AWS wants the year too, * for every year";
  return count === 6 ? "remove the extra white space" : `these are ${count} fields`;
}

import { DAY_MS, HOUR_MS, MINUTE_MS } from "../contract/units";
import { quote, ScheduleError } from "./error";

/** Unit of a rate: singular for exactly 1, plural otherwise. */
export type RateUnit = "minute" | "minutes" | "hour" | "hours" | "day" | "days";

const UNIT_MS: Readonly<Record<RateUnit, number>> = {
  minute: MINUTE_MS,
  minutes: MINUTE_MS,
  hour: HOUR_MS,
  hours: HOUR_MS,
  day: DAY_MS,
  days: DAY_MS,
};

/**
 * Parses the value and unit inside `rate(...)`. A day is 24 elapsed hours, also across clock changes.
 *
 * @returns the period in milliseconds
 * @throws ScheduleError for a value or unit that AWS refuses
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseRate(text: string): number {
  const [value = "", unit = "", ...more] = text.split(" ");
  if (!/^[1-9]\d{0,7}$/.test(value) || more.length > 0) {
    throw new ScheduleError({
      field: "rate",
      expected: "a whole number from 1 to 99999999, one space, and a unit",
      got: quote(text),
    });
  }
  if (!Object.hasOwn(UNIT_MS, unit) || (value === "1") === unit.endsWith("s")) {
    throw new ScheduleError({
      field: "rate",
      expected: value === "1" ? "minute, hour or day after 1" : `minutes, hours or days after ${value}`,
      got: quote(unit),
      hint: unitHint(value, unit),
    });
  }
  return Number(value) * UNIT_MS[unit as RateUnit];
}

/** Describes the value and unit inside `rate(...)` in words. */
export function describeRate(text: string): string {
  return text.startsWith("1 ") ? `Every ${text.slice(2)}` : `Every ${text}`;
}

function unitHint(value: string, unit: string): string | undefined {
  const singular = unit.toLowerCase().replace(/s$/, "");
  if (singular === "second") return "a minute is the shortest unit";
  if (!Object.hasOwn(UNIT_MS, singular)) return undefined;
  return `did you mean rate(${value} ${value === "1" ? singular : `${singular}s`})?`;
}

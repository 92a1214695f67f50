import { expect } from "@jest/globals";
import fc from "fast-check";
import { Schedule, ScheduleError } from "../../schedule";

/** With and without clock changes, also odd ones. */
export const zones = [
  "UTC",
  "Asia/Seoul",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Pacific/Chatham",
  "Australia/Lord_Howe",
  "America/New_York",
  "Europe/Dublin",
  "Africa/Casablanca",
  "America/Sao_Paulo",
];

// Instants just before clocks change in one of the zones, and some that are not.
const starts = [
  "2027-03-14T04",
  "2027-11-07T03",
  "2027-03-27T22",
  "2027-10-30T22",
  "2027-04-03T12",
  "2027-10-02T12",
  "2027-09-25T12",
  "2027-02-06T22",
  "2027-03-13T22",
  "2028-02-27T00",
];

export const from = fc.oneof(
  fc.constantFrom(...starts).map((hour) => new Date(`${hour}:00:30Z`)),
  fc
    .integer({ min: 0, max: 4_200_000 })
    .map((minutes) => new Date(Date.UTC(2024, 0, 1) + minutes * 60_000 + 30_000)),
);

/**
 * The same expression in another dialect: seconds first, * for ?, L for the last day of the week, and steps with both
 * ends (cronosjs misreads a step through all values within a list, and both begin years at another one than 1970).
 */
export function translated(fields: string, weekday: (text: string) => string): string {
  const ranges = ["0-59", "0-23", "1-31", "1-12", "1-7", "1970-2199"];
  const texts = fields.split(" ").map((field, index) => {
    if (field === "?") return "*";
    if (index === 4 && field === "L") return weekday("7");
    const range = ranges[index] ?? "";
    const last = range.split("-")[1];
    const spelled = field.replace(/\*\//g, `${range}/`).replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${last}/$3`);
    return index === 4 ? spelled.replace(/(?<![\d#])[1-7]/g, weekday) : spelled;
  });
  return ["0", ...texts].join(" ");
}

/**
 * Expects the next three firings to be the oracle's. An expression without any date is refused: `never` says whether
 * the oracle finds none either.
 */
export function agree(
  [fields, timezone, start]: readonly [string, string, Date],
  oracle: (count: number) => readonly Date[],
  never: () => boolean,
): void {
  let schedule: Schedule;
  try {
    schedule = Schedule.cron(fields, { timezone });
  } catch (error) {
    if (!(error instanceof ScheduleError) || error.expected !== "at least one firing") throw error;
    expect(never()).toBe(true);
    return;
  }
  const texts = (dates: readonly Date[]) => dates.map((date) => date.toISOString());
  expect(texts(schedule.next({ from: start, count: 3 }))).toEqual(texts(oracle(3)));
}

import type { States } from "./fleet";

const HOUR = 3_600_000;
const DAY_NAMES = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;
type DayName = (typeof DAY_NAMES)[number];

/** A week by its local hours, one character each: `#` running, `.` stopped. */
export type HoursTable = Readonly<Record<DayName, string>>;

/** The states from one moment on. */
export interface Observation {
  readonly from: Date;
  readonly states: States;
}

/**
 * When an instance ran, by the hour, in the week from `monday`. Its zone must not change its clocks in that week, and
 * every change must fall on a full hour, so that the table misses nothing.
 */
export function runningHours(
  monday: Date,
  observations: readonly Observation[],
  instanceId: string,
): HoursTable {
  for (const { from } of observations) {
    if (from.getTime() % HOUR !== 0) throw new Error(`${from.toISOString()} is not a full hour`);
  }
  const runsAt = (time: number): boolean =>
    observations.findLast(({ from }) => from.getTime() <= time)?.states[instanceId] === "running";
  const hoursOf = (day: number) =>
    Array.from({ length: 24 }, (_, hour) =>
      runsAt(monday.getTime() + (day * 24 + hour) * HOUR) ? "#" : ".",
    ).join("");
  return Object.fromEntries(DAY_NAMES.map((name, day) => [name, hoursOf(day)])) as HoursTable;
}

export const totalHours = (table: HoursTable): number =>
  Object.values(table).join("").replaceAll(".", "").length;

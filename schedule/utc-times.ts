import type { CronPattern } from "./cron";

export const minutesADay = 1440;

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
      .map((time) => time - offset - shift * minutesADay)
      .filter((time) => time >= 0 && time < minutesADay);
    if (times.length > 0) byShift.set(shift, times);
  }
  return byShift;
}

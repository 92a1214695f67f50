import { TIMEZONE } from "../contract/limits";
import type { ScheduleTimes } from "../contract/request";
import { Schedule } from "../schedule/schedule";

/**
 * Parses a schedule as a deployment describes it. In a file of its own, since it loads all that knows times.
 * @throws {ScheduleError}
 */
export function parseSchedule({ expression, timezone, startDate, endDate }: ScheduleTimes): Schedule {
  return Schedule.parse(expression, {
    timezone: timezone ?? TIMEZONE.default,
    ...(startDate ? { startDate: new Date(startDate) } : {}),
    ...(endDate ? { endDate: new Date(endDate) } : {}),
  });
}

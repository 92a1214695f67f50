import { YEARS } from "../contract/limits";
import { DATE_TIME_ZONE } from "../contract/patterns";
import { DAY_MS } from "../contract/units";
import { dayNumber, daysInMonth } from "./cron-days";
import { quote, ScheduleError } from "./error";
import { localText, type Zone } from "./zone";

const expected = `a local date and time as yyyy-mm-ddThh:mm:ss, years ${YEARS.min} to ${YEARS.max}`;

/**
 * Parses the local time inside `at(...)`.
 *
 * @returns the local time, as milliseconds of the instant at which a clock in UTC shows the same
 * @throws ScheduleError for a text that is no such time, and for a time that the zone's clocks jump over
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseAt(text: string, zone: Zone): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(text);
  if (match === null) {
    const hasZone = DATE_TIME_ZONE.test(text) && text.length > 19;
    throw new ScheduleError({
      field: "at",
      expected,
      got: quote(text),
      hint: hasZone ? "leave the offset out: the time is read in the schedule's timezone" : undefined,
    });
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const inRange =
    year >= YEARS.min &&
    year <= YEARS.max &&
    month >= 1 &&
    month <= 12 &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!inRange || day < 1 || day > daysInMonth(year, month)) {
    throw new ScheduleError({
      field: "at",
      expected,
      got: quote(text),
      hint: "there is no such date or time",
    });
  }
  const local = dayNumber(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000;
  const instant = zone.resolve(local);
  if (instant.kind === "skipped") {
    const shown = localText(instant.at + zone.offsetAt(instant.at));
    throw new ScheduleError({
      field: "at",
      expected: `a local time that clocks in ${zone.name} show`,
      got: quote(text),
      hint: `they are put forward and go on at ${shown}`,
    });
  }
  return local;
}

import { DATE_TIME, isDate } from "./patterns";
import { DAY_MS, MINUTE_MS } from "./units";

/** A date-time as it is written. */
interface DateTime {
  /** The local time, as milliseconds of the instant at which a clock in UTC shows the same. */
  readonly local: number;
  /** Local time minus UTC, in milliseconds; absent if the text names no zone. */
  readonly offset?: number;
}

/** Reads an ISO 8601 date-time; undefined for one that does not exist. */
function readDateTime(text: string): DateTime | undefined {
  const [, date = "", hour, minute, second = "0", fraction = "", zone] = DATE_TIME.exec(text) ?? [];
  if (!isDate(date)) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  const milliseconds = Number(second) * 1000 + Number(fraction.padEnd(3, "0").slice(0, 3));
  const local = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS + milliseconds;
  return zone === undefined ? { local } : { local, offset: readOffset(zone) };
}

function readOffset(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
}

/** Reads an ISO 8601 date-time with a zone, in milliseconds since 1970; undefined for any other text. */
export function readInstant(text: string): number | undefined {
  const { local, offset } = readDateTime(text) ?? {};
  return local === undefined || offset === undefined ? undefined : local - offset;
}

/**
 * Reads when a date or a date-time has passed, in milliseconds since 1970; undefined for any other text. A date passes with
 * its last moment in the zone. A time that clocks show twice passes the second time, and one that clocks jump over passes
 * when it would have come without the jump: a reader that waits for it never acts too early.
 *
 * @param timezone IANA zone of a text that names none
 */
export function readEnd(text: string, timezone: string): number | undefined {
  if (isDate(text)) return instantsOf(Date.parse(`${text}T00:00:00Z`) + DAY_MS, timezone).first;
  const { local, offset } = readDateTime(text) ?? {};
  if (local === undefined) return undefined;
  return offset === undefined ? instantsOf(local, timezone).last : local - offset;
}

/** Local time minus UTC in a zone, in milliseconds. */
export function offsetAt(instant: number, timezone: string): number {
  const parts = new Map<string, number>();
  for (const { type, value } of formatOf(timezone).formatToParts(instant)) parts.set(type, Number(value));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  // Date.UTC reads years below 100 as of the 20th century.
  const local = new Date(0);
  local.setUTCFullYear(part("year"), part("month") - 1, part("day"));
  local.setUTCHours(part("hour"), part("minute"), part("second"));
  return local.getTime() - Math.floor(instant / 1000) * 1000;
}

/** When clocks in a zone show a local time: one instant, except for a time that they show twice. */
function instantsOf(local: number, timezone: string): { readonly first: number; readonly last: number } {
  // No zone is as far as a day from UTC, so these are the offsets before and after a change on that day.
  const offsets = [offsetAt(local - DAY_MS, timezone), offsetAt(local + DAY_MS, timezone)];
  const shown = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at, timezone) === local);
  const without = local - Math.min(...offsets);
  return shown.length === 0
    ? { first: without, last: without }
    : { first: Math.min(...shown), last: Math.max(...shown) };
}

/** Returns what clocks in a zone show at an instant: `yyyy-mm-ddThh:mm`. */
export function clockTime(instant: number, timezone: string): string {
  return new Date(instant + offsetAt(instant, timezone)).toISOString().slice(0, 16);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Formats are kept, since making one takes longer than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formats.set(timeZone, format);
  return format;
}

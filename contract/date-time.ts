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

/** EC2 writes GMT, which is UTC. */
const DATED_REASON = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/;

/**
 * Reads when a state was asked for, from EC2's reason, such as `User initiated (2026-11-23 11:00:03 GMT)`, in milliseconds
 * since 1970; undefined for a reason without a time.
 */
export function readTransitionTime(reason: string): number | undefined {
  const [, date, time] = DATED_REASON.exec(reason) ?? [];
  return readInstant(`${date}T${time}Z`);
}

/**
 * Reads when a date or a date-time has passed, in milliseconds since 1970; undefined for any other text. A date passes with
 * its last moment in the zone. A time that clocks show twice passes the second time, and one that clocks jump over passes
 * when it would have come without the jump: a reader that waits for it never acts too early.
 *
 * @param timezone IANA zone of a text that names none
 */
export function readEnd(text: string, timezone: string): number | undefined {
  return isDate(text)
    ? startOfDay(Date.parse(`${text}T00:00:00Z`) + DAY_MS, timezone)
    : readLocal(text, timezone, "last");
}

/**
 * Reads when a date or a date-time begins, in milliseconds since 1970; undefined for any other text. A date begins with its
 * first moment in the zone, and a time of which there are several instants with the first: what begins then never begins too
 * late.
 *
 * @param timezone IANA zone of a text that names none
 */
export function readBegin(text: string, timezone: string): number | undefined {
  return isDate(text)
    ? startOfDay(Date.parse(`${text}T00:00:00Z`), timezone)
    : readLocal(text, timezone, "first");
}

/** Returns the date so many days after another, both `yyyy-mm-dd`. */
export function addDays(date: string, days: number): string {
  if (days === 0) return date;
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function readLocal(text: string, timezone: string, which: "first" | "last"): number | undefined {
  const { local, offset } = readDateTime(text) ?? {};
  if (local === undefined) return undefined;
  return offset === undefined ? instantsOf(local, timezone)[which] : local - offset;
}

/** The first moment of the day of a local midnight, which clocks may jump over. */
function startOfDay(midnight: number, timezone: string): number {
  const { first, last, isShown } = instantsOf(midnight, timezone);
  return isShown ? first : last;
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

/**
 * When clocks in a zone show a local time: one instant, except for a time that they show twice. For one that they jump over,
 * when it would come by the offset after the jump, and by the one before it.
 */
function instantsOf(
  local: number,
  timezone: string,
): { readonly first: number; readonly last: number; readonly isShown: boolean } {
  // No zone is as far as a day from UTC, so these are the offsets before and after a change on that day.
  const offsets = [offsetAt(local - DAY_MS, timezone), offsetAt(local + DAY_MS, timezone)];
  const shown = offsets.map((offset) => local - offset).filter((at) => at + offsetAt(at, timezone) === local);
  const isShown = shown.length > 0;
  const instants = isShown ? shown : offsets.map((offset) => local - offset);
  return { first: Math.min(...instants), last: Math.max(...instants), isShown };
}

/** Returns what clocks in a zone show at an instant: `yyyy-mm-ddThh:mm`. */
export function clockTime(instant: number, timezone: string): string {
  return new Date(instant + offsetAt(instant, timezone)).toISOString().slice(0, 16);
}

/** Returns the same with seconds, if any, and the offset from UTC, which `readInstant` reads back: `yyyy-mm-ddThh:mm+09:00`. */
export function clockTimeWithOffset(instant: number, timezone: string): string {
  const seconds = instant % MINUTE_MS === 0 ? "" : new Date(instant).toISOString().slice(16, 19);
  return clockTime(instant, timezone) + seconds + offsetText(offsetAt(instant, timezone));
}

/** `+09:00`, of an offset in milliseconds. */
export function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / MINUTE_MS);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
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

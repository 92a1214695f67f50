import { quote } from "../schedule/error";
import { Zone } from "../schedule/zone";
import { InputError } from "./input-error";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const FORMS = "2026-11-23, 2026-11-23T08:00 or 2026-11-23T08:00:00Z";

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * Reads an ISO 8601 date or time. Without an offset it is local time in the zone; a time that a clock change jumps
 * over is the moment of that change.
 *
 * @param option what to call it in a message, such as `--from`
 */
export function parseInstant(text: string, timezone: string, option: string): Date {
  const match = ISO.exec(text);
  if (match === null)
    throw new InputError(`${option}: expected a date or time like ${FORMS}, got ${quote(text)}`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC carries over what is too large: what comes back different was no date.
  const written = `${match[1]}-${match[2]}-${match[3]}T${match[4] ?? "00"}:${match[5] ?? "00"}:${match[6] ?? "00"}`;
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(written)) {
    throw new InputError(`${option}: expected a date and time that exist, got ${quote(text)}`);
  }
  if (year < 1970 || year > 2199)
    throw new InputError(`${option}: expected a year from 1970 to 2199, got ${year}`);
  const offset = match[7];
  if (offset === undefined) return new Date(Zone.of(timezone).resolve(local).at);
  return new Date(local - offsetMs(offset, text, option));
}

/** Midnight of the Monday on or before an instant, in the zone. */
export function startOfWeek(instant: Date, timezone: string): Date {
  const midnight = localTime(instant, timezone) - (localTime(instant, timezone) % DAY_MS);
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return new Date(Zone.of(timezone).resolve(midnight - daysSinceMonday * DAY_MS).at);
}

/** Midnight of the day of an instant, in the zone. */
export function startOfDay(instant: Date, timezone: string): Date {
  const local = localTime(instant, timezone);
  return new Date(Zone.of(timezone).resolve(local - (local % DAY_MS)).at);
}

/** The same local time so many days later: a day with a clock change is longer or shorter. */
export function addDays(instant: Date, days: number, timezone: string): Date {
  return new Date(Zone.of(timezone).resolve(localTime(instant, timezone) + days * DAY_MS).at);
}

/** Milliseconds of the instant at which a clock in UTC would show what one in the zone shows. */
export function localTime(instant: Date, timezone: string): number {
  return +instant + Zone.of(timezone).offsetAt(+instant);
}

/** `2026-11-23T11:00:00Z`. */
export function isoText(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

function offsetMs(offset: string, text: string, option: string): number {
  if (offset === "Z") return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4, 6))];
  if (hours > 14 || minutes > 59) {
    throw new InputError(`${option}: expected an offset from -14:00 to +14:00, got ${quote(text)}`);
  }
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

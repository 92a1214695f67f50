import { offsetText } from "../../contract/date-time";
import { leastSeconds, YEARS } from "../../contract/limits";
import { DAY_MS, MINUTE_MS } from "../../contract/units";
import { quote } from "../../schedule/error";
import type { TimelineFiring } from "../../schedule/timeline";
import { Zone } from "../../schedule/zone";
import { InputError } from "../context";

export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `Mon 2026-11-23`, of a local time that begins with its date. */
export function formatDay(local: string): string {
  const [day = ""] = local.split("T");
  return `${WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${day}`;
}

/** `Mon 2026-11-23 20:00`, of a local time as `2026-11-23T20:00:00`, with its offset if it has one. */
export function formatLocalMinute(local: string): string {
  // A hold to the end of the year 9999 ends in +010000.
  const time = local.slice(local.indexOf("T") + 1);
  const seconds = time.slice(5, 8) === ":00" ? "" : time.slice(5, 8);
  const offset = time.slice(8);
  const text = `${formatDay(local)} ${time.slice(0, 5)}${seconds}`;
  return offset === "" ? text : `${text} ${offset}`;
}

/** `Mon 2026-11-23 20:00 +09:00`, of an instant in a zone. */
export function formatMinute(instant: Date, timezone: string): string {
  const offset = Zone.of(timezone).offsetAt(+instant);
  return formatLocalMinute(
    new Date(+instant + offset).toISOString().replace(/\.\d+Z$/, "") + offsetText(offset),
  );
}

/** Formats a minute without seconds, for times given by `--since`. */
export function formatWholeMinute(instant: Date, timezone: string): string {
  return formatMinute(new Date(Math.floor(+instant / MINUTE_MS) * MINUTE_MS), timezone);
}

/** `02:30` of a local time, or with its date where that differs from the date of `other`. */
export function formatShortLocal(local: string, other: string): string {
  const sameDate = local.slice(0, 10) === other.slice(0, 10);
  return sameDate ? local.slice(11, 16) : formatLocalMinute(local.slice(0, 19));
}

/** `2026-11-23 11:00Z`. */
export function formatUtcMinute(instant: Date): string {
  const iso = instant.toISOString();
  const seconds = iso.slice(16, 19) === ":00" ? "" : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds}Z`;
}

/** `Mon 11:00Z`: next to a local time with its date, the day of the week is enough. */
export function formatShortUtc(instant: Date): string {
  return `${formatLocalMinute(instant.toISOString().slice(0, 19)).replace(/ \S+/, "")}Z`;
}

/** `60 h`, `52.5 h`. */
export function formatHours(hours: number): string {
  return `${Number(hours.toFixed(1))} h`;
}

/** `64.3 %`, of 0.643. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** `1 h`, `30 min`, `1 h 30 min`. */
export function formatDuration(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  return [hours > 0 ? `${hours} h` : "", rest > 0 ? `${rest} min` : ""].filter(Boolean).join(" ");
}

/** Says how long EC2's rate makes a change of so many instances of a region take; undefined where it lets all at once. */
export function describeLeastTime(instances: number): string | undefined {
  const [start, stop] = (["start", "stop"] as const).map((action) =>
    formatDuration(Math.ceil(leastSeconds(action, instances) / 60)),
  );
  if (!start || !stop) return undefined;
  return `EC2's rate lets ${instances.toLocaleString("en-US")} instances start in ${start} at least, and stop in ${stop}`;
}

/** Why a firing does nothing, or not twice; empty for most. */
export function formatSkip({ skipped, repeated }: TimelineFiring): string {
  if (skipped === "holiday") return "skipped: holiday";
  if (skipped === "clock-change") return "skipped: clocks jump over it";
  return repeated ? "once: clocks show it twice" : "";
}

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
  if (year < YEARS.min || year > YEARS.max)
    throw new InputError(`${option}: expected a year from ${YEARS.min} to ${YEARS.max}, got ${year}`);
  const offset = match[7];
  if (offset === undefined) return new Date(Zone.of(timezone).resolve(local).at);
  return new Date(local - parseOffsetMs(offset, text, option));
}

/** Midnight of the Monday on or before an instant, in the zone. */
export function startOfWeek(instant: Date, timezone: string): Date {
  const midnight = toLocalMs(instant, timezone) - (toLocalMs(instant, timezone) % DAY_MS);
  const daysSinceMonday = (new Date(midnight).getUTCDay() + 6) % 7;
  return new Date(Zone.of(timezone).resolve(midnight - daysSinceMonday * DAY_MS).at);
}

/** Midnight of the day of an instant, in the zone. */
export function startOfDay(instant: Date, timezone: string): Date {
  const local = toLocalMs(instant, timezone);
  return new Date(Zone.of(timezone).resolve(local - (local % DAY_MS)).at);
}

/** Adds days in local time: a day with a clock change is longer or shorter. */
export function addLocalDays(instant: Date, days: number, timezone: string): Date {
  return new Date(Zone.of(timezone).resolve(toLocalMs(instant, timezone) + days * DAY_MS).at);
}

/** Milliseconds of the instant at which a clock in UTC would show what one in the zone shows. */
export function toLocalMs(instant: Date, timezone: string): number {
  return +instant + Zone.of(timezone).offsetAt(+instant);
}

/** `2026-11-23T11:00:00Z`. */
export function formatIso(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

function parseOffsetMs(offset: string, text: string, option: string): number {
  if (offset === "Z") return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4, 6))];
  if (hours > 14 || minutes > 59) {
    throw new InputError(`${option}: expected an offset from -14:00 to +14:00, got ${quote(text)}`);
  }
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

/** A local time, as short as it is clear when read now: `20:00` today, `Fri 20:00` within six days, else `2026-11-02`. */
export function formatMoment(at: Date, now: Date, timezone: string): string {
  const [local, today] = [toLocalMs(at, timezone), toLocalMs(now, timezone)];
  const days = Math.abs(Math.floor(local / DAY_MS) - Math.floor(today / DAY_MS));
  const iso = formatIso(new Date(local));
  const minute = iso.slice(11, 16);
  if (days === 0) return minute;
  return days < 7 ? `${formatLocalMinute(iso.slice(0, 16)).slice(0, 3)} ${minute}` : iso.slice(0, 10);
}

import { offsetText } from "../schedule/local-text";
import type { TimelineFiring } from "../schedule/timeline";
import { Zone } from "../schedule/zone";

const MINUTE_MS = 60_000;

export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `Mon 2026-11-23`, of a local time that begins with its date. */
export function dayText(local: string): string {
  const day = local.slice(0, 10);
  return `${WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()]} ${day}`;
}

/** `Mon 2026-11-23 20:00`, of a local time as `2026-11-23T20:00:00`, with its offset if it has one. */
export function localMinute(local: string): string {
  const seconds = local.slice(16, 19) === ":00" ? "" : local.slice(16, 19);
  const offset = local.slice(19);
  const text = `${dayText(local)} ${local.slice(11, 16)}${seconds}`;
  return offset === "" ? text : `${text} ${offset}`;
}

/** `Mon 2026-11-23 20:00 +09:00`, of an instant in a zone. */
export function minuteInZone(instant: Date, timezone: string): string {
  const offset = Zone.of(timezone).offsetAt(+instant);
  return localMinute(new Date(+instant + offset).toISOString().slice(0, 19) + offsetText(offset));
}

/** The same without its seconds: of a time that is so long ago as somebody asked for. */
export function wholeMinuteInZone(instant: Date, timezone: string): string {
  return minuteInZone(new Date(Math.floor(+instant / MINUTE_MS) * MINUTE_MS), timezone);
}

/** `02:30` of a local time, or with its date where that is another than that of `beside`. */
export function shortLocal(local: string, beside: string): string {
  const sameDate = local.slice(0, 10) === beside.slice(0, 10);
  return sameDate ? local.slice(11, 16) : localMinute(local.slice(0, 19));
}

/** `2026-11-23 11:00Z`. */
export function utcMinute(instant: Date): string {
  const iso = instant.toISOString();
  const seconds = iso.slice(16, 19) === ":00" ? "" : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds}Z`;
}

/** `Mon 11:00Z`: beside a local time with its date, the day of the week is enough. */
export function utcShort(instant: Date): string {
  return `${localMinute(instant.toISOString().slice(0, 19)).replace(/ \S+/, "")}Z`;
}

/** `60 h`, `52.5 h`. */
export function hoursText(hours: number): string {
  return `${Number(hours.toFixed(1))} h`;
}

/** `64.3 %`, of 0.643. */
export function shareText(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** `1 h`, `30 min`, `1 h 30 min`. */
export function durationText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), Math.round(minutes % 60)];
  return [hours > 0 ? `${hours} h` : "", rest > 0 ? `${rest} min` : ""].filter(Boolean).join(" ");
}

/** Why a firing does nothing, or not twice; empty for most. */
export function skipText({ skipped, repeated }: TimelineFiring): string {
  if (skipped === "holiday") return "skipped: holiday";
  if (skipped === "clock-change") return "skipped: clocks jump over it";
  return repeated ? "once: clocks show it twice" : "";
}

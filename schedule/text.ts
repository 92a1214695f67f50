import cronstrue from "cronstrue";
import type { CronPattern } from "./cron";
import { MINUTE_MS } from "./units";

/** A cron expression in words, such as "At 20:00, Monday through Friday". */
export function describeCron({ text }: CronPattern): string {
  const { minutes, hours, dayOfMonth, month, dayOfWeek, year } = text;
  return cronstrue.toString([minutes, hours, dayOfMonth, month, dayOfWeek, year].join(" "), {
    dayOfWeekStartIndexZero: false,
    use24HourTimeFormat: true,
  });
}

/** `yyyy-mm-ddThh:mm:ss` of a local time (as milliseconds of the instant at which UTC shows the same). */
export function localText(local: number): string {
  return new Date(local).toISOString().slice(0, 19);
}

/** `+09:00`, of an offset in milliseconds. */
export function offsetText(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / MINUTE_MS);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

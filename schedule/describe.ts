import cronstrue from "cronstrue";
import type { CronPattern } from "./cron";

/** A cron expression in words, such as "At 20:00, Monday through Friday". */
export function describeCron({ text }: CronPattern): string {
  const { minutes, hours, dayOfMonth, month, dayOfWeek, year } = text;
  return cronstrue.toString([minutes, hours, dayOfMonth, month, dayOfWeek, year].join(" "), {
    dayOfWeekStartIndexZero: false,
    use24HourTimeFormat: true,
  });
}

import { Schedule } from "../../schedule";
import { parseCron } from "../../schedule/cron";
import { cronToUtc } from "../../schedule/utc-conversion";
import { Zone } from "../../schedule/zone";

/** What an expression that AWS reads in UTC stands for in a zone. */
export interface LocalExpression {
  /** The same times in the zone, or none where one expression cannot say them. */
  readonly expression?: string;
  /** Whether they are the same all year: not where the zone changes its clocks. */
  readonly exact: boolean;
}

/** Turns `cron(0 11 ? * MON-FRI *)` in UTC into `cron(0 20 ? * MON-FRI *)` for Asia/Seoul. */
export function localExpression(utcExpression: string, timezone: string, now: Date): LocalExpression {
  const { kind, expression } = Schedule.parse(utcExpression);
  if (kind !== "cron") return { expression, exact: true };
  const zone = Zone.of(timezone);
  const exact = zone.nextChange(+now) === undefined;
  const offsetMinutes = zone.offsetAt(+now) / 60_000;
  if (offsetMinutes === 0) return { expression, exact };
  // To go from UTC to a zone is to go from the opposite offset to UTC.
  const fields = parseCron(expression.slice("cron(".length, -1));
  const { expressions } = cronToUtc(fields, Zone.of(offsetName(-offsetMinutes)), +now);
  const [local, ...more] = expressions ?? [];
  return local === undefined || more.length > 0 ? { exact } : { expression: local, exact };
}

/** `+09:00`, of 540. */
function offsetName(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const digits = [hours, rest].map((part) => String(part).padStart(2, "0")).join(":");
  return `${minutes < 0 ? "-" : "+"}${digits}`;
}

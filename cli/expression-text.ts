import type { Schedule, UtcConversion } from "../schedule";
import { table } from "./table";
import { type Terminal, terminalOf } from "./terminal";
import { minuteInZone, utcMinute } from "./time-text";

/** One expression and its firings, to be read. */
export function expressionText(
  schedule: Schedule,
  next: readonly Date[],
  utc: UtcConversion,
  { columns, colors }: Terminal = terminalOf(process.stdout, process.env),
): string {
  const rows = next.map((at) => [minuteInZone(at, schedule.timezone), utcMinute(at)]);
  const heading = [`Local time, ${schedule.timezone}`, "UTC"].map((text) => ({ text, paint: colors.dim }));
  return [
    `${colors.bold(schedule.expression)}  ${schedule.timezone}`,
    schedule.describe(),
    utc.expressions === null ? `No rule in UTC: ${utc.reason}` : `In UTC: ${utc.expressions.join("  ")}`,
    "",
    ...(rows.length === 0 ? ["No firing in this period."] : table([heading, ...rows], { width: columns })),
    "",
  ].join("\n");
}

import type { RoleSpec } from "../model/blueprint";
import type { PlannedSchedule } from "../model/plan";
import type { Warning } from "../model/warnings";

/** The part of a synthesized stack that is counted. */
interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Summary {
  readonly plan: readonly PlannedSchedule[];
  readonly warnings: readonly Warning[];
  /** Roles of the config's own, which need their policies before the deployment. */
  readonly givenRoles: readonly RoleSpec[];
  /** Path of the synthesized stack. */
  readonly file: string;
  readonly stack: TerraformJson;
  /** Start of the period in which firings are shown. */
  readonly now: Date;
}

// A longer list would hide the warnings below it.
const MAX_ROWS = 40;

/** Renders the numbers of resources, the next firing of each schedule, policies to give to roles, and the warnings. */
export function renderSummary({ plan, givenRoles, warnings, file, stack, now }: Summary): string {
  const types = Object.entries(stack.resource ?? {}).map(
    ([type, resources]) => [type, Object.keys(resources).length] as const,
  );
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const firings = plan.slice(0, MAX_ROWS).map((schedule) => firingRow(schedule, now));
  return [
    `Wrote ${file}: ${total} resources`,
    ...formatTable(types.sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, count]) => [type, String(count)])),
    "",
    "Next firing of each schedule",
    ...formatTable(firings),
    ...moreLine(plan),
    ...givenRoles.flatMap(policyLines),
    ...warningLines(warnings),
    "",
  ].join("\n");
}

function policyLines({ arn, trust, policy }: RoleSpec): string[] {
  const services = trust.Statement.flatMap(({ Principal }) => Object.values(Principal));
  return [
    "",
    `Policy that ${arn} needs, which ${services.join(" and ")} must be allowed to assume`,
    ...JSON.stringify(policy, null, 2)
      .split("\n")
      .map((line) => `  ${line}`),
  ];
}

function warningLines(warnings: readonly Warning[]): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.slice(0, MAX_ROWS).map(({ severity, message }) => `  ${severity}: ${message}`);
  return ["", "Warnings and notes", ...lines, ...moreLine(warnings)];
}

function moreLine(all: readonly unknown[]): string[] {
  return all.length > MAX_ROWS ? [`  and ${all.length - MAX_ROWS} more`] : [];
}

function firingRow({ name, action, enabled, schedule, request }: PlannedSchedule, now: Date): string[] {
  if (!enabled) return [name, action, "switched off"];
  if (schedule.kind === "rate" && !schedule.startDate)
    return [name, action, `${schedule.expression}, counted from its deployment`];
  const [next] = schedule.firings({ from: now });
  if (!next) return [name, action, "never again"];
  const [date = "", time = ""] = next.local.split("T");
  const local = `${weekday(date)} ${date} ${time.slice(0, 5)} ${schedule.timezone}`;
  const utc = `${next.at.toISOString().slice(0, 16)}Z`;
  return [name, action, local, utc, ...(request.holidays?.includes(date) ? ["a holiday: skipped"] : [])];
}

function weekday(date: string): string {
  return ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][new Date(`${date}T00:00:00Z`).getUTCDay()] ?? "";
}

function formatTable(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2, 3].map(width);
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
}

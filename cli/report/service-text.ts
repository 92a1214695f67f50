import type { RunReport, ServiceReport, ServiceStatus } from "../../schedule/report";
import { countsText } from "../tally";

/** What a service report says beyond its status. */
export function serviceNotes({ reason, failing = [] }: ServiceReport): string[] {
  return [...failing.map(({ check, found }) => `${check}: ${found}`), ...(reason ? [reason] : [])];
}

/** `services failed: systemd nginx: inactive; tcp 5432: nothing listens`. */
export function serviceText(services: ServiceReport): string {
  const notes = serviceNotes(services);
  return `services ${services.status}${notes.length === 0 ? "" : `: ${notes.join("; ")}`}`;
}

const STATUSES: readonly ServiceStatus[] = ["failed", "pending", "unchecked", "passed"];

/** `1 failed, 2 passed`, of the instances whose services were to be looked at; empty where there are none. */
export function servicesCounted(
  { services }: RunReport,
  statuses: readonly ServiceStatus[] = STATUSES,
): string {
  return services === undefined
    ? ""
    : countsText(statuses.map((status) => [status, services[status]] as const));
}

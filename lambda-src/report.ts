import type { InstanceReport, Outcome, RegionError, RunReport, ServiceStatus } from "../schedule/report";
import type { CallCounts } from "./calls";
import type { Metrics } from "./metrics";

/** What one run did: logged as one line of JSON, and returned. The metrics are at its root. */
export interface Report extends RunReport, Metrics {
  /** Calls to EC2 by kind, retries included. */
  readonly calls: Readonly<CallCounts>;
}

/** Some room below CloudWatch's 256 KB for an event, which has 26 bytes of its own. */
const MOST_BYTES = 250_000;
/** Reasons are cut to these lengths, in turn, until the line fits. */
const REASON_LENGTHS = [400, 160, 80];
/** Listed in this order: what is bad first. */
const OUTCOMES: readonly Outcome[] = ["failed", "unconfirmed", "done", "skipped", "already"];
const SERVICE_STATUSES: readonly ServiceStatus[] = ["failed", "pending", "unchecked", "passed"];

/** Whether an instance makes the run throw. One that is only unchecked does not: it runs, as asked for. */
export function isBad({ outcome, services }: InstanceReport): boolean {
  return (
    outcome === "failed" ||
    outcome === "unconfirmed" ||
    services?.status === "failed" ||
    services?.status === "pending"
  );
}

export function countOutcomes(
  instances: readonly InstanceReport[],
  errors: readonly RegionError[],
): Record<Outcome, number> {
  const counts = { done: 0, already: 0, skipped: 0, failed: errors.length, unconfirmed: 0 };
  for (const { outcome } of instances) counts[outcome]++;
  return counts;
}

export function countServices(instances: readonly InstanceReport[]): Record<ServiceStatus, number> {
  const counts = { passed: 0, failed: 0, unchecked: 0, pending: 0 };
  for (const { services } of instances) if (services) counts[services.status]++;
  return counts;
}

/** The report with its lists cut to what one log event holds. Counts and metrics stay whole. */
export function fitLogEvent(report: Report): Report {
  const ordered = [...report.instances].sort((a, b) => rank(a) - rank(b));
  let shortened: Report = report;
  for (const length of REASON_LENGTHS) {
    shortened = {
      ...report,
      errors: report.errors.slice(0, 100).map((error) => ({ ...error, reason: cut(error.reason, 400) })),
      warnings: report.warnings.slice(0, 100).map((warning) => cut(warning, 400)),
      instances: ordered.map((entry) => cutEntry(entry, length)),
    };
    if (bytes(shortened) <= MOST_BYTES) return shortened;
  }
  const { instances, ...rest } = shortened;
  let room = MOST_BYTES - bytes({ ...rest, instances: [], instancesOmitted: instances.length });
  const fitting = instances.findIndex((entry) => {
    room -= bytes(entry) + 1;
    return room < 0;
  });
  return { ...rest, instances: instances.slice(0, fitting), instancesOmitted: instances.length - fitting };
}

function rank(entry: InstanceReport): number {
  const { outcome, services } = entry;
  const bad = isBad(entry) ? 0 : OUTCOMES.length * SERVICE_STATUSES.length;
  const service = services ? SERVICE_STATUSES.indexOf(services.status) : 0;
  return bad + OUTCOMES.indexOf(outcome) * SERVICE_STATUSES.length + service;
}

function cutEntry(entry: InstanceReport, length: number): InstanceReport {
  const { services, ...rest } = entry;
  const short = rest.reason ? { ...rest, reason: cut(rest.reason, length) } : rest;
  return services ? { ...short, services: cutReasons(services, length) } : short;
}

/** An object with all its texts cut, however deep. */
function cutReasons<T>(value: T, length: number): T {
  return JSON.parse(JSON.stringify(value), (_key, text) =>
    typeof text === "string" ? cut(text, length) : text,
  );
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

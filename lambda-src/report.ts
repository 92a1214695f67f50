import type { InstanceReport, Outcome, RegionError, RunReport } from "../schedule/report";
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
const ORDER: readonly Outcome[] = ["failed", "unconfirmed", "done", "skipped", "already"];

export function countOutcomes(
  instances: readonly InstanceReport[],
  errors: readonly RegionError[],
): Record<Outcome, number> {
  const counts = { done: 0, already: 0, skipped: 0, failed: errors.length, unconfirmed: 0 };
  for (const { outcome } of instances) counts[outcome]++;
  return counts;
}

/** The report with its lists cut to what one log event holds. Counts and metrics stay whole. */
export function fitLogEvent(report: Report): Report {
  const ordered = [...report.instances].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  let shortened: Report = report;
  for (const length of REASON_LENGTHS) {
    shortened = {
      ...report,
      errors: report.errors.slice(0, 100).map((error) => ({ ...error, reason: cut(error.reason, 400) })),
      warnings: report.warnings.slice(0, 100).map((warning) => cut(warning, 400)),
      instances: ordered.map((entry) =>
        entry.reason ? { ...entry, reason: cut(entry.reason, length) } : entry,
      ),
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

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

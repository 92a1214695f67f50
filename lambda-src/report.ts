import type { Action } from "../schedule/request";
import type { CallCounts } from "./calls";
import type { Outcome } from "./candidate";
import type { Metrics } from "./metrics";

/** What one run did: logged as one line of JSON, and returned. The metrics are at its root. */
export interface Report extends Metrics {
  readonly schedule: string;
  readonly action: Action;
  readonly scheduledTime?: string;
  /** Lambda's id of the invocation, as its other log lines have it. */
  readonly requestId: string;
  readonly dryRun: boolean;
  /**
   * `ok`: all is as asked for. `skipped`: too late or a holiday, nothing was looked at. `refused`: the request was
   * wrong, nothing was changed. `failed`: something failed or is unconfirmed, and the run throws.
   */
  readonly status: "ok" | "skipped" | "refused" | "failed";
  /** Why the whole run was skipped or refused. */
  readonly reason?: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** What went wrong without being about one instance; each counts as one failed. */
  readonly errors: readonly RegionError[];
  readonly warnings: readonly string[];
  /** Failures first. */
  readonly instances: readonly InstanceReport[];
  /** How many instances are counted but not listed, to keep the line within what CloudWatch takes. */
  readonly instancesOmitted?: number;
  /** Calls to EC2 by kind, retries included. */
  readonly calls: Readonly<CallCounts>;
  readonly durationSeconds: number;
}

export interface RegionError {
  readonly region: string;
  readonly reason: string;
}

export interface InstanceReport {
  readonly instanceId: string;
  readonly region: string;
  /** Absent when EC2 knows no such instance or could not be asked. */
  readonly stateBefore?: string;
  readonly stateAfter?: string;
  readonly outcome: Outcome;
  readonly reason?: string;
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

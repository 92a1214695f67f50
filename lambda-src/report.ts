import { truncate } from "../contract/collections";
import { FUNCTION_SETTINGS, type LogLevel } from "../contract/limits";
import {
  countBad,
  hasFailed,
  type InstanceReport,
  isBad,
  OUTCOMES,
  type RunReport,
  reportedOutcome,
  SERVICE_STATUSES,
} from "../contract/report";
import type { CallCounts } from "./ec2-calls";
import type { Metrics } from "./metrics";

/** The report of a run: logged as one line of JSON with the metrics at its root, and returned. */
export interface Report extends RunReport, Metrics {
  /** Both at the root, where Lambda looks for them. */
  readonly level: LogLevel;
  readonly timestamp: string;
  readonly calls: Readonly<CallCounts>;
}

/**
 * Returns the level of a report's line: what its outcome deserves, but at least the level that Lambda lets pass, since the
 * metrics of all runs are in these lines. With the JSON log format, Lambda drops lines of lower levels, and takes one
 * without a `level` and a `timestamp` as INFO.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 *
 * @param minimum the function's log level, as Lambda names it in `AWS_LAMBDA_LOG_LEVEL`
 */
export function logLevelOf(
  report: Pick<RunReport, "status" | "counts" | "services">,
  { late, minimum }: { readonly late: boolean; readonly minimum?: string | undefined },
): LogLevel {
  const outcome = reportedOutcome(report);
  const failed = outcome === "failed" || outcome === "refused";
  const deserved = failed ? "ERROR" : outcome === "pending" || late ? "WARN" : "INFO";
  return atLeast(minimum, deserved);
}

/** The level of a line that Lambda must not drop: what it deserves, or the lowest that Lambda lets pass. */
export function atLeast(minimum: string | undefined, deserved: LogLevel): LogLevel {
  const levels: readonly LogLevel[] = FUNCTION_SETTINGS.logLevel.values;
  const least = levels.find((level) => level === minimum?.toUpperCase());
  return least !== undefined && levels.indexOf(least) > levels.indexOf(deserved) ? least : deserved;
}

/** CloudWatch's limit of a log event is 256 KB, with 26 bytes of overhead; this leaves some room. */
const MAX_BYTES = 250_000;
/** Reasons are truncated to these lengths, in turn, until the line fits. */
const REASON_LENGTHS = [400, 160, 80];
/** The most errors of regions, warnings and follow-ups that the line lists. */
const MAX_LISTED = 100;

/** The number of failures that the message lists; the report has all. */
const MAX_NAMED = 5;
const MAX_REASON_LENGTH = 250;

/** Shortens the lists of a report to fit one log event. Counts and metrics stay complete. */
export function fitLogEvent(report: Report): Report {
  const ordered = [...report.instances].sort((a, b) => rank(a) - rank(b));
  let shortened: Report = report;
  for (const length of REASON_LENGTHS) {
    shortened = {
      ...report,
      errors: report.errors
        .slice(0, MAX_LISTED)
        .map((error) => ({ ...error, reason: truncate(error.reason, length) })),
      warnings: [
        ...report.warnings.slice(0, MAX_LISTED).map((warning) => truncate(warning, length)),
        ...countUnlisted(report.errors, "errors"),
        ...countUnlisted(report.warnings, "warnings"),
        ...countUnlisted(report.followUps ?? [], "follow-ups"),
      ],
      ...(report.followUps ? { followUps: report.followUps.slice(0, MAX_LISTED) } : {}),
      instances: ordered.map((entry) => truncateEntry(entry, length)),
    };
    if (byteLength(shortened) <= MAX_BYTES) return shortened;
  }
  const { instances, ...rest } = shortened;
  let room = MAX_BYTES - byteLength({ ...rest, instances: [], instancesOmitted: instances.length });
  let listed = 0;
  for (const entry of instances) {
    room -= byteLength(entry) + 1;
    if (room < 0) break;
    listed++;
  }
  return { ...rest, instances: instances.slice(0, listed), instancesOmitted: instances.length - listed };
}

/**
 * A run has failed or unconfirmed instances, or services that failed or are pending. Its message is short enough for a
 * notification. With pending services only, it makes Lambda's retry check again.
 */
export class StartStopError extends Error {
  override readonly name = "StartStopError";

  constructor(report: Report) {
    super(errorMessage(report));
    // Lambda logs the stack; a trace would only show where the function throws, so the message replaces it.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function countUnlisted({ length }: readonly unknown[], what: string): string[] {
  return length > MAX_LISTED ? [`${length - MAX_LISTED} more ${what} are not listed`] : [];
}

function rank(entry: InstanceReport): number {
  const { outcome, services } = entry;
  const bad = isBad(entry) ? 0 : OUTCOMES.length * SERVICE_STATUSES.length;
  const service = services ? SERVICE_STATUSES.indexOf(services.status) : 0;
  return bad + OUTCOMES.indexOf(outcome) * SERVICE_STATUSES.length + service;
}

function truncateEntry(entry: InstanceReport, length: number): InstanceReport {
  const { services, ...rest } = entry;
  const short = rest.reason ? { ...rest, reason: truncate(rest.reason, length) } : rest;
  return services ? { ...short, services: truncateTexts(services, length) } : short;
}

/** Truncates all texts of an object, however deep. */
function truncateTexts<T>(value: T, length: number): T {
  return JSON.parse(JSON.stringify(value), (_key, text) =>
    typeof text === "string" ? truncate(text, length) : text,
  );
}

function byteLength(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function errorMessage(report: Report): string {
  const { schedule, action, counts, services, errors, instances } = report;
  const bad = [
    ...errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...instances.filter(isBad).map(describeInstance),
  ];
  const named = bad
    .slice(0, MAX_NAMED)
    .map((text) => (text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH)}...` : text));
  const serviceCounts = services
    ? `; services: ${services.failed} failed, ${services.unchecked} unchecked, ${services.pending} pending, ${services.passed} passed`
    : "";
  const more = countBad(report) - named.length;
  return `Schedule ${schedule}, ${action}: ${formatCounts(counts)}${serviceCounts}. ${named.join("; ")}${more > 0 ? `; and ${more} more` : ""}`;
}

function formatCounts({ failed, unconfirmed, deferred, done, already, skipped }: Report["counts"]): string {
  const inOrder: Report["counts"] = { failed, unconfirmed, deferred, done, already, skipped };
  return Object.entries(inOrder)
    .filter(([outcome, count]) => outcome !== "deferred" || count > 0)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(", ");
}

function describeInstance({ instanceId, region, outcome, reason, services }: InstanceReport): string {
  const name = `${instanceId} (${region})`;
  if (hasFailed(outcome) || !services) return `${name} ${outcome}: ${reason}`;
  const checks = (services.failing ?? []).map(({ check, found }) => `${check} ${found}`);
  const found = [...(services.reason ? [services.reason] : []), ...checks].join(", ");
  return `${name}${services.status === "pending" ? " pending" : ""}: ${found}`;
}

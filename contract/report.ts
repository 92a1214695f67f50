import type { Action } from "./actions";
import type { FollowUpKind } from "./follow-ups";

/** The report of one run of a function, which logs and returns it. */
export interface RunReport {
  readonly schedule: string;
  readonly action: Action;
  readonly scheduledTime?: string;
  /** Lambda's request id, as in its other log lines. */
  readonly requestId: string;
  readonly dryRun: boolean;
  readonly status: RunStatus;
  /** Why the whole run was skipped or refused. */
  readonly reason?: string;
  readonly counts: Readonly<Record<Outcome, number>>;
  /** Errors that concern no single instance; each counts as one failed. */
  readonly errors: readonly RegionError[];
  readonly warnings: readonly string[];
  /** Failures first. */
  readonly instances: readonly InstanceReport[];
  /** The number of instances that are counted but not listed, so that the line fits a log event. */
  readonly instancesOmitted?: number;
  /** The number of instances by the result of their `checks`; absent if no target has checks. */
  readonly services?: Readonly<Record<ServiceStatus, number>>;
  /** What the run left for later; absent if nothing. */
  readonly followUps?: readonly FollowUpReport[];
  readonly durationSeconds: number;
}

/** A request that a run left for later, as a one-time schedule. */
export interface FollowUpReport {
  readonly kind: FollowUpKind;
  readonly region: string;
  /** When it is due, as ISO 8601 in UTC. */
  readonly at: string;
  /** The number of its instances. */
  readonly instances: number;
  /** Name of the schedule in the group of the follow-ups. */
  readonly name: string;
}

/**
 * `ok`: no instance is bad. `skipped`: too late or a holiday, no instance was read. `refused`: the request was invalid,
 * nothing was changed. `unfinished`: a follow-up goes on with instances that were deferred, and none is bad. `failed`: an
 * instance is bad (`isBad`), or a region had an error.
 */
export const RUN_STATUSES = ["ok", "unfinished", "skipped", "refused", "failed"] as const;
type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * Worst first. `done`: this run stopped the instance (it is stopping or stopped) or started it (it is running). `already`:
 * it was in that state before. `skipped`: it was left alone on purpose. `deferred`: a follow-up requests its change later,
 * since EC2's rate or capacity had no room. `unconfirmed`: the change was requested, and time ran out before EC2 showed its
 * effect.
 */
export const OUTCOMES = ["failed", "unconfirmed", "deferred", "done", "skipped", "already"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface RegionError {
  readonly region: string;
  readonly reason: string;
}

export interface InstanceReport {
  readonly instanceId: string;
  readonly region: string;
  /** Absent if the instance does not exist or could not be read. */
  readonly stateBefore?: string;
  readonly stateAfter?: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Present for a running instance whose target has `checks`. */
  readonly services?: ServiceReport;
}

/**
 * Worst first. `passed`: all checks passed. `failed`: at least one did not. `unchecked`: the checks could not be run.
 * `pending`: a check failed or the SSM agent is not online, soon after the launch, so Lambda's retry checks again.
 */
export const SERVICE_STATUSES = ["failed", "pending", "unchecked", "passed"] as const;
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];

export interface ServiceReport {
  readonly status: ServiceStatus;
  /** Why the checks have no result, or none yet. */
  readonly reason?: string;
  /** Checks that did not pass. */
  readonly failing?: readonly FailingCheck[];
}

export interface FailingCheck {
  /** Such as `systemd nginx`, `tcp 5432`, or `command`. */
  readonly check: string;
  /** The actual state: `inactive`, `nothing listens`, `exit code 1: ...`. */
  readonly found: string;
}

/** Whether the change itself failed or is unconfirmed, regardless of the services. */
export function hasFailed(outcome: Outcome): outcome is "failed" | "unconfirmed" {
  return outcome === "failed" || outcome === "unconfirmed";
}

/** Whether an instance makes its run fail. One with `unchecked` services does: it may hang in its boot. */
export function isBad({ outcome, services }: Pick<InstanceReport, "outcome" | "services">): boolean {
  return hasFailed(outcome) || (services !== undefined && services.status !== "passed");
}

/** The status of a run that has read its instances. */
export function statusOf({
  errors,
  instances,
}: Pick<RunReport, "errors" | "instances">): "ok" | "unfinished" | "failed" {
  if (errors.length > 0 || instances.some(isBad)) return "failed";
  return instances.some(({ outcome }) => outcome === "deferred") ? "unfinished" : "ok";
}

/** The number of instances by outcome; each error of a region counts as one that failed. */
export function countOutcomes({
  errors,
  instances,
}: Pick<RunReport, "errors" | "instances">): Record<Outcome, number> {
  const counts = { done: 0, already: 0, skipped: 0, deferred: 0, failed: errors.length, unconfirmed: 0 };
  for (const { outcome } of instances) counts[outcome]++;
  return counts;
}

/** The number of instances by the result of their checks. */
export function countServices({ instances }: Pick<RunReport, "instances">): Record<ServiceStatus, number> {
  const counts = { passed: 0, failed: 0, unchecked: 0, pending: 0 };
  for (const { services } of instances) if (services) counts[services.status]++;
  return counts;
}

/** The number of errors and bad instances of a report, listed or not. */
export function countBad({ counts, services }: Pick<RunReport, "counts" | "services">): number {
  const { failed = 0, unchecked = 0, pending = 0 } = services ?? {};
  return counts.failed + counts.unconfirmed + failed + unchecked + pending;
}

/**
 * Whether a run fails only because of pending services. It throws so that Lambda's retry checks again.
 */
export function onlyPending(report: Pick<RunReport, "counts" | "services">): boolean {
  const pending = report.services?.pending ?? 0;
  return pending > 0 && countBad(report) === pending;
}

/** The status of a run, or `pending` if it failed only because of pending services. */
export type ReportedOutcome = RunStatus | "pending";

export function reportedOutcome(report: Pick<RunReport, "status" | "counts" | "services">): ReportedOutcome {
  return report.status === "failed" && onlyPending(report) ? "pending" : report.status;
}

/** Whether the function throws once it has logged the report, so that Lambda's error metric and retries see it. */
export function throws({ status }: Pick<RunReport, "status">): boolean {
  return status === "failed" || status === "refused";
}

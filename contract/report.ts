import type { Action } from "./actions";

/** The result of one run of a function, which logs and returns it. */
export interface RunReport {
  readonly schedule: string;
  readonly action: Action;
  readonly scheduledTime?: string;
  /** Lambda's id of the invocation, as its other log lines have it. */
  readonly requestId: string;
  readonly dryRun: boolean;
  readonly status: RunStatus;
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
  /** How many instances each result of `checks` has; absent where no target has any. */
  readonly services?: Readonly<Record<ServiceStatus, number>>;
  readonly durationSeconds: number;
}

/**
 * `ok`: all instances are as the request asks. `skipped`: too late or a holiday, no instance was read. `refused`: the
 * request was wrong, nothing was changed. `failed`: `isBad` holds for an instance, or a region had an error.
 */
export const RUN_STATUSES = ["ok", "skipped", "refused", "failed"] as const;
type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * Worst first. `done`: a stop is stopping or stopped, a start is running. `already`: it was so before. `skipped`: left
 * alone for a good reason. `unconfirmed`: the change was requested, and time ran out before EC2 showed it.
 */
export const OUTCOMES = ["failed", "unconfirmed", "done", "skipped", "already"] as const;
export type Outcome = (typeof OUTCOMES)[number];

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
  /** Of an instance that runs and whose target has `checks`. */
  readonly services?: ServiceReport;
}

/**
 * Worst first. `passed`: all checks did. `failed`: at least one did not. `unchecked`: the checks could not be run.
 * `pending`: not all is up, or the SSM agent does not answer yet, on an instance so young that Lambda's retry checks again.
 */
export const SERVICE_STATUSES = ["failed", "pending", "unchecked", "passed"] as const;
export type ServiceStatus = (typeof SERVICE_STATUSES)[number];

export interface ServiceReport {
  readonly status: ServiceStatus;
  /** Why the checks could not be run, or not yet. */
  readonly reason?: string;
  /** Checks that did not pass. */
  readonly failing?: readonly FailingCheck[];
}

export interface FailingCheck {
  /** Such as `systemd nginx`, `tcp 5432`, or `command`. */
  readonly check: string;
  /** What was found instead: `inactive`, `nothing listens`, `exit code 1: ...`. */
  readonly found: string;
}

/** Whether the change itself did not succeed, whatever the services do. */
export function hasFailed(outcome: Outcome): outcome is "failed" | "unconfirmed" {
  return outcome === "failed" || outcome === "unconfirmed";
}

/** Whether an instance makes its run fail. One that is only `unchecked` does not: it runs, as requested. */
export function isBad({ outcome, services }: Pick<InstanceReport, "outcome" | "services">): boolean {
  return hasFailed(outcome) || services?.status === "failed" || services?.status === "pending";
}

/** The status of a run that has read its instances. */
export function statusOf({ errors, instances }: Pick<RunReport, "errors" | "instances">): "ok" | "failed" {
  return errors.length > 0 || instances.some(isBad) ? "failed" : "ok";
}

/** The number of instances by outcome; each error of a region counts as one that failed. */
export function countOutcomes({
  errors,
  instances,
}: Pick<RunReport, "errors" | "instances">): Record<Outcome, number> {
  const counts = { done: 0, already: 0, skipped: 0, failed: errors.length, unconfirmed: 0 };
  for (const { outcome } of instances) counts[outcome]++;
  return counts;
}

/** The number of instances by the result of their checks. */
export function countServices({ instances }: Pick<RunReport, "instances">): Record<ServiceStatus, number> {
  const counts = { passed: 0, failed: 0, unchecked: 0, pending: 0 };
  for (const { services } of instances) if (services) counts[services.status]++;
  return counts;
}

/** How many errors and bad instances a report counts, listed or not. */
export function countBad({ counts, services }: Pick<RunReport, "counts" | "services">): number {
  return counts.failed + counts.unconfirmed + (services?.failed ?? 0) + (services?.pending ?? 0);
}

/**
 * Whether a run fails for nothing else than services that are not up yet. It throws so that Lambda's retry checks
 * again, and the alarm on errors leaves it out.
 */
export function onlyPending(report: Pick<RunReport, "counts" | "services">): boolean {
  const pending = report.services?.pending ?? 0;
  return pending > 0 && countBad(report) === pending;
}

/** How a run ended: its status, or `pending` where it failed for nothing else than services that are not up yet. */
export type RunOutcome = RunStatus | "pending";

export function outcomeOf(report: Pick<RunReport, "status" | "counts" | "services">): RunOutcome {
  return report.status === "failed" && onlyPending(report) ? "pending" : report.status;
}

/** Whether the function throws once it has logged the report, so that Lambda's error metric and retries see it. */
export function throws({ status }: Pick<RunReport, "status">): boolean {
  return status === "failed" || status === "refused";
}

import type { Action } from "./request";

/** What one run of a function did: the contract between the function, which logs and returns it, and those who read it. */
export interface RunReport {
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
  /** How many instances each result of `checks` has; absent where no target has any. */
  readonly services?: Readonly<Record<ServiceStatus, number>>;
  readonly durationSeconds: number;
}

/**
 * What became of an instance. `done`: a stop is stopping or stopped, a start is running. `already`: it was so before.
 * `skipped`: left alone for a good reason. `unconfirmed`: the change was asked for, and time ran out before EC2 showed it.
 */
export type Outcome = "done" | "already" | "skipped" | "failed" | "unconfirmed";

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
 * `passed`: all checks did. `failed`: at least one did not. `unchecked`: nobody could look. `pending`: not all is up, or
 * the SSM agent does not answer yet, on an instance so young that Lambda's retry looks again.
 */
export type ServiceStatus = "passed" | "failed" | "unchecked" | "pending";

export interface ServiceReport {
  readonly status: ServiceStatus;
  /** Why nobody could look, or could not yet. */
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

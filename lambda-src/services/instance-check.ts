import type { FailingCheck } from "../../contract/report";
import type { Candidate } from "../candidate";
import { type Check, listChecks } from "./script";

/**
 * The grace period after a launch, during which failing checks count as `pending`. Lambda's retries come one and three
 * minutes after a run: the first falls into it, the last comes after it and decides.
 */
const RETRY_WINDOW_SECONDS = 150;

/** How far the checks of an instance are. `looking`: for its SSM agent. `ready`: to be sent. `sent`: they run. */
export type CheckStage = "awaiting-agent" | "ready" | "sent";

/** One running instance on its way through the checks. */
export class InstanceCheck {
  stage: CheckStage = "awaiting-agent";
  commandId = "";
  sentAt = 0;
  /** What prevents the checks so far: an error of SSM, or the instance itself. */
  obstacle: { readonly reason: string; readonly transient: boolean } | undefined;
  readonly checks: readonly Check[];

  constructor(
    readonly candidate: Candidate,
    /** When, by the clock, it was first known to run. */
    readonly runningSince: number,
    /** Whether no later run can check again. */
    readonly isLastAttempt: boolean,
  ) {
    this.checks = listChecks(candidate.checks);
  }

  get instanceId(): string {
    return this.candidate.instanceId;
  }

  get isResolved(): boolean {
    return this.candidate.services !== undefined;
  }

  markSent(commandId: string, now: number): void {
    this.stage = "sent";
    this.commandId = commandId;
    this.sentAt = now;
    this.obstacle = undefined;
  }

  inGracePeriod(now: number): boolean {
    return !this.isLastAttempt && now - this.candidate.launchedAt < RETRY_WINDOW_SECONDS * 1000;
  }

  /** All checks ran. */
  resolveChecked(failing: readonly FailingCheck[], now: number): void {
    if (failing.length === 0) this.candidate.services ??= { status: "passed" };
    else this.candidate.services ??= { status: this.inGracePeriod(now) ? "pending" : "failed", failing };
  }

  /** The checks could not be run yet; a later attempt may succeed. */
  resolveUnseen(reason: string, now: number): void {
    this.candidate.services ??= { status: this.inGracePeriod(now) ? "pending" : "unchecked", reason };
  }

  /** The checks cannot be run, now or later. */
  resolveUnchecked(reason: string): void {
    this.candidate.services ??= { status: "unchecked", reason };
  }
}

import type { FailingCheck } from "../../contract/report";
import type { Candidate } from "../candidate";
import { listChecks, type ServiceCheck } from "./script";

/**
 * The grace period after a launch, during which failing checks count as `pending`. Lambda's retries come one and three
 * minutes after a run: the first falls into it, the last comes after it and decides.
 */
const RETRY_WINDOW_SECONDS = 150;

/** `awaiting-agent`: the SSM agent is not online yet. `ready`: the checks can be sent. `sent`: they run. */
export type CheckStage = "awaiting-agent" | "ready" | "sent";

/** The checks of one running instance. */
export class InstanceCheck {
  stage: CheckStage = "awaiting-agent";
  commandId = "";
  sentAt = 0;
  /** What has prevented the checks so far: a transient error of SSM, or the state of the instance. */
  obstacle: { readonly reason: string; readonly transient: boolean } | undefined;
  readonly checks: readonly ServiceCheck[];

  constructor(
    readonly candidate: Candidate,
    /** When the run first saw it running. */
    readonly runningSince: number,
    /** Whether no retry follows, so that nothing can be left pending. */
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

  /** Resolves an instance whose checks all ran. */
  resolveChecked(failing: readonly FailingCheck[], now: number): void {
    if (failing.length === 0) this.candidate.services ??= { status: "passed" };
    else this.candidate.services ??= { status: this.inGracePeriod(now) ? "pending" : "failed", failing };
  }

  /** Resolves an instance whose checks gave no result, which a later attempt may get. */
  resolveUnseen(reason: string, now: number): void {
    this.candidate.services ??= { status: this.inGracePeriod(now) ? "pending" : "unchecked", reason };
  }

  /** Resolves an instance whose checks cannot be run, now or later. */
  resolveUnchecked(reason: string): void {
    this.candidate.services ??= { status: "unchecked", reason };
  }
}

import type { FailingCheck } from "../../contract/report";
import type { Candidate } from "../candidate";
import { type Check, listChecks } from "./script";

/**
 * For so long after its launch an instance that is not well yet is `pending`: Lambda's retries come one and three
 * minutes after a run, so the first still finds it young, and the last finds it old enough for a final word.
 */
export const LOOK_AGAIN_SECONDS = 150;

/**
 * How far the look into an instance is. `looking`: for its agent. `ready`: to be sent the checks. `sent`: they are under
 * way.
 */
export type SubjectStage = "looking" | "ready" | "sent";

/** One running instance on its way through the checks. */
export class Subject {
  stage: SubjectStage = "looking";
  commandId = "";
  sentAt = 0;
  /** What stands in the way as yet: a fault of SSM's, or the instance itself. */
  obstacle: { readonly reason: string; readonly fault: boolean } | undefined;
  readonly checks: readonly Check[];

  constructor(
    readonly candidate: Candidate,
    /** Since when, by the clock, it is known to run. */
    readonly since: number,
    /** Whether no run comes later that could look again. */
    readonly final: boolean,
  ) {
    this.checks = listChecks(candidate.checks);
  }

  get instanceId(): string {
    return this.candidate.instanceId;
  }

  get open(): boolean {
    return this.candidate.services === undefined;
  }

  markSent(commandId: string, now: number): void {
    this.stage = "sent";
    this.commandId = commandId;
    this.sentAt = now;
    this.obstacle = undefined;
  }

  isYoung(now: number): boolean {
    return !this.final && now - this.candidate.launchedAt < LOOK_AGAIN_SECONDS * 1000;
  }

  /** All checks ran. */
  settleChecked(failing: readonly FailingCheck[], now: number): void {
    if (failing.length === 0) this.candidate.services ??= { status: "passed" };
    else this.candidate.services ??= { status: this.isYoung(now) ? "pending" : "failed", failing };
  }

  /** Nobody could look as yet, which may be different later. */
  settleUnseen(reason: string, now: number): void {
    this.candidate.services ??= { status: this.isYoung(now) ? "pending" : "unchecked", reason };
  }

  /** Nobody can look, now or later. */
  settleUnchecked(reason: string): void {
    this.candidate.services ??= { status: "unchecked", reason };
  }
}

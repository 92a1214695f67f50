import type { Outcome, ServiceReport } from "../contract/report";
import type { ServiceChecks } from "../contract/request";
import type { InstanceSnapshot } from "./describe";
import type { AwsFault } from "./faults";

interface InstanceResult {
  readonly outcome: Outcome;
  readonly reason?: string;
}

/**
 * The stage of an unresolved instance. `ready`: the change can be requested. `waiting`: its state does not allow it yet.
 * `watching`: the change is requested or under way, and still to be confirmed.
 */
export type Stage = "ready" | "waiting" | "watching";

/** An instance during a run, until its outcome is known. */
export class Candidate {
  stage: Stage = "ready";
  result: InstanceResult | undefined;
  /** A remark to report with the result. */
  note: string | undefined;
  /** Whether the stop of which the run warns will reach it. */
  isWarned = false;
  /** Whether to stop by hibernating. */
  hibernate = false;
  /** When EC2 accepted the change, by the run's clock. */
  acceptedAt: number | undefined;
  /** The latest snapshot at that time. */
  snapshotWhenAccepted: InstanceSnapshot | undefined;
  /** The transient error of the last request for the change, which EC2 may have applied. */
  transientFault: AwsFault | undefined;
  /** Why EC2 rejected the change in the state it found. */
  stateRejection: string | undefined;
  /** How often EC2 rejected the change for the instance's state, or the request for it had a transient error. */
  failedRequests = 0;
  /** Consecutive reads that showed the state from before the change. */
  unchangedReads = 0;
  /** Consecutive reads that did not find the instance. */
  absentReads = 0;
  /** The snapshot as last read. */
  snapshot: InstanceSnapshot;
  /** The latest state, from a read or from the answer to the change. */
  state: string;
  /** The result of its service checks. */
  services: ServiceReport | undefined;

  /**
   * When the hold that keeps it from the change ends, in milliseconds since 1970; undefined without an end, and once the
   * follow-up for that end is being written.
   */
  heldUntil: number | undefined;
  /** Whether its start failed since EC2 lacked capacity. */
  lacksCapacity = false;

  constructor(
    readonly region: string,
    /** The snapshot as found, before any change was requested. */
    readonly before: InstanceSnapshot,
    /** The service checks of its targets. */
    readonly checks: readonly ServiceChecks[] = [],
  ) {
    this.snapshot = before;
    this.state = before.state;
  }

  get instanceId(): string {
    return this.before.instanceId;
  }

  /** Whether the change is still to be requested. */
  get isReady(): boolean {
    return !this.result && this.stage === "ready";
  }

  /** Whether the instance is in the requested state, by this run or before. */
  get succeeded(): boolean {
    return this.result?.outcome === "done" || this.result?.outcome === "already";
  }

  /** When it was last launched, by this run or before, in milliseconds since 1970. */
  get launchedAt(): number {
    return Math.max(this.snapshot.launchedAt ?? 0, this.acceptedAt ?? 0);
  }

  resolve(outcome: Outcome, reason?: string): void {
    this.result = reason === undefined ? { outcome } : { outcome, reason };
  }
}

import type { Outcome, ServiceReport } from "../contract/report";
import type { ServiceChecks } from "../contract/request";
import type { InstanceSnapshot } from "./describe";
import type { AwsFault } from "./faults";

interface InstanceResult {
  readonly outcome: Outcome;
  readonly reason?: string;
}

/**
 * How far an undecided instance is. `ready`: the change can be asked for. `waiting`: its state does not allow it yet.
 * `watching`: asked for, to be confirmed.
 */
export type Stage = "ready" | "waiting" | "watching";

/** One instance on its way through a run. */
export class Candidate {
  stage: Stage = "ready";
  result: InstanceResult | undefined;
  /** Something to report besides the result. */
  note: string | undefined;
  /** Whether a stop still tries to hibernate. */
  hibernate = false;
  /** When EC2 accepted the change, by the run's clock. */
  acceptedAt: number | undefined;
  /** The snapshot known at that time. */
  snapshotWhenAccepted: InstanceSnapshot | undefined;
  /** The transient error of the last request for the change, which EC2 may have applied unless it throttled it. */
  transientFault: AwsFault | undefined;
  /** Why EC2 rejected the change in the state it found. */
  stateRejection: string | undefined;
  /** How often EC2 rejected the change for the instance's state, or the request for it had a transient error. */
  failedRequests = 0;
  /** Looks in a row that showed the state from before the change. */
  unchangedReads = 0;
  /** Looks in a row that did not find the instance. */
  absentReads = 0;
  /** The snapshot as last read. */
  snapshot: InstanceSnapshot;
  /** The state as last seen or answered. */
  state: string;
  /** The result of its service checks. */
  services: ServiceReport | undefined;

  constructor(
    readonly region: string,
    /** The snapshot as found, before any change was requested. */
    readonly before: InstanceSnapshot,
    /** What its targets require to run on it once it is started. */
    readonly checks: readonly ServiceChecks[] = [],
  ) {
    this.snapshot = before;
    this.state = before.state;
  }

  get instanceId(): string {
    return this.before.instanceId;
  }

  /** Whether the action is over and it is as asked for. */
  get succeeded(): boolean {
    return this.result?.outcome === "done" || this.result?.outcome === "already";
  }

  /** When it was last launched, by this run or before: milliseconds since 1970. */
  get launchedAt(): number {
    return Math.max(this.snapshot.launchedAt ?? 0, this.acceptedAt ?? 0);
  }

  resolve(outcome: Outcome, reason?: string): void {
    this.result = reason === undefined ? { outcome } : { outcome, reason };
  }
}

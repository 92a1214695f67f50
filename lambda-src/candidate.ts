import type { Outcome, ServiceReport } from "../contract/report";
import type { ServiceChecks } from "../contract/request";
import type { InstanceFacts } from "./describe";

export interface Verdict {
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
  verdict: Verdict | undefined;
  /** Something to know about it beside the verdict. */
  note: string | undefined;
  /** Whether a stop still tries to hibernate. */
  hibernate = false;
  /** When EC2 accepted the change, by the run's clock. */
  acceptedAt: number | undefined;
  /** The facts known at that time. */
  factsWhenAccepted: InstanceFacts | undefined;
  /** The error after which nobody knows whether the change took effect. */
  lost: { readonly reason: string; readonly throttled: boolean } | undefined;
  /** Why EC2 refused the change in the state it found. */
  stateRefusal: string | undefined;
  /** How often EC2 refused the change for the instance's state, or gave no answer. */
  setbacks = 0;
  /** Looks in a row that showed the state from before the change. */
  unchangedLooks = 0;
  /** Looks in a row that did not find the instance. */
  absentLooks = 0;
  /** The facts as last seen. */
  facts: InstanceFacts;
  /** The state as last seen or answered. */
  state: string;
  /** What the look inside it came to. */
  services: ServiceReport | undefined;

  constructor(
    readonly region: string,
    /** The facts as found, before anything was asked for. */
    readonly before: InstanceFacts,
    /** What its targets want to run inside it once it is started. */
    readonly checks: readonly ServiceChecks[] = [],
  ) {
    this.facts = before;
    this.state = before.state;
  }

  get instanceId(): string {
    return this.before.instanceId;
  }

  /** Whether the action is over and it is as asked for. */
  get isReached(): boolean {
    return this.verdict?.outcome === "done" || this.verdict?.outcome === "already";
  }

  /** When it was last launched, by this run or before: milliseconds since 1970. */
  get launchedAt(): number {
    return Math.max(this.facts.launchedAt ?? 0, this.acceptedAt ?? 0);
  }

  settle(outcome: Outcome, reason?: string): void {
    this.verdict = reason === undefined ? { outcome } : { outcome, reason };
  }
}

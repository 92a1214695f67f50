import type { Action } from "../contract/actions";
import { MIN_FOLLOW_UP_MINUTES } from "../contract/follow-ups";
import { INSTANCE_TOKENS } from "../contract/limits";
import { MINUTE_MS } from "../contract/units";
import type { Clock } from "./runtime";

/** The tokens worth a call and a run: a larger part of the bucket would be full, and refill no more, while a minute ends. */
const USEFUL_BATCH = 900;
/** Tokens return in steps, so the newest are not counted on yet. */
const STEP_S = 1;
/** Where the estimate is no more uncertain than this, waiting is cheaper than asking. */
const MAX_UNCERTAIN = 100;
/** After this many refusals, the run asks only for what has returned since. */
const MAX_REFUSALS = 4;
/** How long the next call then waits: others take what returns. Twice as long after each further refusal. */
const FIRST_WAIT_MS = 2_000;
const MAX_WAIT_MS = 60_000;

/** The instances that a run leaves for later, and when. */
export interface Surplus {
  readonly count: number;
  /** When EC2 has tokens for the next useful batch, in milliseconds since 1970. */
  readonly at: number;
}

/**
 * One run's estimate of EC2's token bucket for the instances that its calls name: between what is certain if no others
 * use the bucket, and what is possible. EC2 shows neither number, and accepts or refuses a whole call.
 */
export class InstanceTokens {
  #certain: number;
  #possible: number;
  #refusals = 0;
  /** When the next call may be made at the earliest. */
  #notBefore = 0;
  #estimatedAt: number;
  readonly #perSecond: number;

  /**
   * @param lastRequest when a change can be requested at the latest, so that its effect is still read
   * @param resumes whether the run resumes another, which left it what a useful batch of tokens allows
   */
  constructor(
    action: Action,
    readonly clock: Clock,
    readonly random: () => number,
    readonly lastRequest: number,
    resumes: boolean,
  ) {
    this.#perSecond = INSTANCE_TOKENS.refillPerSecond[action];
    this.#certain = this.#possible = resumes ? USEFUL_BATCH : INSTANCE_TOKENS.capacity;
    this.#estimatedAt = clock.now();
  }

  /** Records a call about `count` instances that took its tokens; `isCertain` is false if it only may have. */
  recordTaken(count: number, isCertain = true): void {
    this.#refill();
    const step = STEP_S * this.#perSecond;
    this.#certain = Math.max(0, this.#certain - count) - step;
    if (isCertain) this.#possible = Math.max(0, this.#possible - count) - step;
  }

  /** Records a call about `count` instances that EC2 refused for the rate: the bucket holds less. */
  recordRefused(count: number): void {
    this.#refill();
    this.#refusals++;
    this.#certain = 0;
    const further = this.#refusals - MAX_REFUSALS;
    this.#possible = further < 0 ? Math.min(this.#possible, count) : 0;
    if (further < 0) return;
    // Runs that were refused at the same time should not ask at the same time again.
    const wait = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** further) * (0.8 + this.random() * 0.4);
    this.#notBefore = this.clock.now() + wait;
  }

  /** Returns how many of the `wanted` instances the next call may name; 0 where it has to wait. */
  batchOf(wanted: number): number {
    this.#refill();
    if (this.clock.now() < this.#notBefore) return 0;
    if (this.#certain >= 1 && this.#certain >= this.#worthCalling(wanted))
      return Math.min(wanted, Math.floor(this.#certain));
    if (this.#possible - this.#certain <= MAX_UNCERTAIN) return 0;
    return Math.min(wanted, Math.floor((this.#certain + this.#possible) / 2));
  }

  /** Returns the milliseconds until a call for some of the `wanted` instances may be made. */
  timeUntilBatch(wanted: number): number {
    if (this.batchOf(wanted) > 0) return 0;
    const missing = Math.max(1, this.#worthCalling(wanted)) - this.#certain;
    return Math.ceil(Math.max((missing / this.#perSecond) * 1000, this.#notBefore - this.clock.now()));
  }

  /** Returns which of the `wanted` instances do not fit into this run, or undefined if all may. */
  surplus(wanted: number): Surplus | undefined {
    this.#refill();
    const isFirstPlan = this.#refusals === 0 && this.clock.now() < this.lastRequest;
    if (isFirstPlan) return this.#plannedSurplus(wanted);
    if (wanted === 0 || this.batchOf(wanted) > 0) return undefined;
    const isPossible = this.#notBefore < this.lastRequest;
    const fitting = isPossible ? this.#certain + this.#refilledUntil(this.lastRequest) : 0;
    return wanted <= fitting ? undefined : { count: wanted, at: this.#nextBatchAt(wanted) };
  }

  /**
   * Plans the surplus so that it is due as early as the bucket allows, and finds a useful batch then: left any later, the
   * bucket would be full by the time that a follow-up can run, and refill no more.
   */
  #plannedSurplus(wanted: number): Surplus | undefined {
    const fitting = this.#possible + this.#refilledUntil(this.lastRequest);
    if (wanted <= fitting) return undefined;
    const withinThisRun = Math.floor(this.lastRequest / MINUTE_MS) * MINUTE_MS;
    const earliest = Math.ceil(this.clock.now() / MINUTE_MS + MIN_FOLLOW_UP_MINUTES) * MINUTE_MS;
    const due = Math.max(withinThisRun, earliest);
    const own = Math.min(fitting, this.#possible + this.#refilledUntil(due) - USEFUL_BATCH);
    if (own > this.#possible) return { count: wanted - Math.floor(own), at: due };
    const count = wanted - Math.max(0, Math.floor(this.#possible));
    return { count, at: this.#nextBatchAt(count) };
  }

  /**
   * Returns when a bucket that is empty now has the tokens for a useful batch of the `wanted` instances. After a refusal
   * others use it too: then it takes longer, and all of them should not come back at the same time.
   */
  #nextBatchAt(wanted: number): number {
    const seconds = Math.min(wanted, USEFUL_BATCH) / this.#perSecond + STEP_S;
    const share = this.#refusals > 0 ? 1 + this.random() : 1;
    return this.clock.now() + Math.ceil(seconds * share * 1000);
  }

  /** The fewest tokens for which a call is made: all that are wanted, a useful batch, or what returns within this run. */
  #worthCalling(wanted: number): number {
    return Math.min(wanted, USEFUL_BATCH, Math.floor(this.#certain + this.#refilledUntil(this.lastRequest)));
  }

  #refilledUntil(time: number): number {
    return (Math.max(0, time - this.clock.now()) / 1000) * this.#perSecond;
  }

  #refill(): void {
    const now = this.clock.now();
    const refilled = ((now - this.#estimatedAt) / 1000) * this.#perSecond;
    this.#certain = Math.min(INSTANCE_TOKENS.capacity, this.#certain + refilled);
    this.#possible = Math.min(INSTANCE_TOKENS.capacity, this.#possible + refilled);
    this.#estimatedAt = now;
  }
}

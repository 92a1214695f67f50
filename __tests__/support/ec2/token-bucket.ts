import type { Action } from "../../../contract/actions";
import { INSTANCE_TOKENS } from "../../../contract/limits";

/** EC2's bucket for the instances that calls of one action name, in one region; it refills once a second. */
export class TokenBucket {
  #seconds = 0;
  #busyUntil = 0;
  #left = 1;

  constructor(
    readonly action: Action,
    private tokens: number,
    readonly madeAt: number,
  ) {}

  /** Takes `count` tokens, or none if it holds fewer. */
  take(count: number, now: number): boolean {
    this.#refill(now);
    if (count > this.tokens) return false;
    this.tokens -= count;
    return true;
  }

  /** Lets other callers take all that is in it, and until a time all but a share of what returns. */
  shareWithOthers(now: number, until: number, left: number): void {
    this.#refill(now);
    this.tokens = 0;
    this.#busyUntil = Math.floor((until - this.madeAt) / 1000);
    this.#left = left;
  }

  #refill(now: number): void {
    const seconds = Math.floor((now - this.madeAt) / 1000);
    const busy = Math.max(0, Math.min(seconds, this.#busyUntil) - this.#seconds);
    const calm = seconds - this.#seconds - busy;
    const refilled = (calm + busy * this.#left) * INSTANCE_TOKENS.refillPerSecond[this.action];
    this.#seconds = seconds;
    this.tokens = Math.min(INSTANCE_TOKENS.capacity, this.tokens + refilled);
  }
}

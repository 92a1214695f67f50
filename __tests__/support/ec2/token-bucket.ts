import type { Action } from "../../../contract/actions";
import { INSTANCE_TOKENS } from "../../../contract/limits";

/** EC2's bucket for the instances that calls of one action name, in one region; it refills once a second. */
export class TokenBucket {
  #seconds = 0;

  constructor(
    readonly action: Action,
    private tokens: number,
    readonly madeAt: number,
  ) {}

  /** Takes `count` tokens, or none if it holds fewer. */
  take(count: number, now: number): boolean {
    const seconds = Math.floor((now - this.madeAt) / 1000);
    const refilled = (seconds - this.#seconds) * INSTANCE_TOKENS.refillPerSecond[this.action];
    this.#seconds = seconds;
    this.tokens = Math.min(INSTANCE_TOKENS.capacity, this.tokens + refilled);
    if (count > this.tokens) return false;
    this.tokens -= count;
    return true;
  }
}

import type { Clock } from "../command-environment";

export interface Rate {
  readonly calls: number;
  readonly perMilliseconds: number;
}

/** Lets calls through no faster than a service takes them, in the order in which they ask. */
export class CallRate {
  readonly #clock: Clock;
  readonly #rate: Rate;
  /** When the last calls went, as many as may go at once. */
  #last: readonly number[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Waits until the next call may go. */
  turn(): Promise<void> {
    this.#queue = this.#queue.then(() => this.#wait());
    return this.#queue;
  }

  async #wait(): Promise<void> {
    const { calls, perMilliseconds } = this.#rate;
    const [earlier] = this.#last.slice(-calls);
    if (earlier !== undefined && this.#last.length >= calls) {
      // No longer than the whole time: a clock that was set back must not hold up anybody.
      const wait = Math.min(earlier + perMilliseconds - +this.#clock.now(), perMilliseconds);
      if (wait > 0) await this.#clock.sleep(wait);
    }
    this.#last = [...this.#last, +this.#clock.now()].slice(-calls);
  }
}

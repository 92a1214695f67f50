import type { Clock } from "../../../lambda-src/runtime";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still during work and jumps to the next timer when all work waits. Minutes of waiting take no time,
 * and a slow machine changes no result.
 */
export class VirtualClock implements Clock {
  #now: number;
  #busy = 0;
  #timers: Timer[] = [];
  #watching = false;

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const timer: Timer = {
        at: this.#now + Math.max(0, milliseconds),
        wake: () => {
          signal?.removeEventListener("abort", timer.wake);
          this.#timers = this.#timers.filter((other) => other !== timer);
          resolve();
        },
      };
      signal?.addEventListener("abort", timer.wake);
      this.#timers.push(timer);
      this.#watch();
    });
  }

  /** Advances the clock at once, as work that blocks the event loop does: no timer runs meanwhile. */
  block(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Runs work that takes no time by this clock, such as a network call. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  /** Waits within such work for `milliseconds`, or until `signal` is aborted. */
  async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#busy--;
    await this.sleep(milliseconds, signal);
    this.#busy++;
  }

  /** Jumps once several turns of the event loop bring nothing new. */
  #watch(quietTurns = 0): void {
    if (quietTurns === 0 && this.#watching) return;
    this.#watching = true;
    setImmediate(() => {
      if (this.#timers.length === 0) {
        this.#watching = false;
      } else if (this.#busy > 0) {
        this.#watch(1);
      } else if (quietTurns < 3) {
        this.#watch(quietTurns + 1);
      } else {
        this.#jump();
        this.#watch(1);
      }
    });
  }

  #jump(): void {
    const next = this.#timers.reduce((first, timer) => (timer.at < first.at ? timer : first));
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}

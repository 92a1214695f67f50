import type { Clock } from "../../../lambda-src/runtime";

interface Timer {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still while anything is going on and leaps to the next timer when nothing is: minutes of
 * waiting pass in no time, and a slow machine changes nothing.
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

  /** Work that takes none of this clock's time, such as a call over the network. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work();
    } finally {
      this.#busy--;
    }
  }

  /** Waits within such work, until the time has come or `signal` is aborted. */
  async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#busy--;
    await this.sleep(milliseconds, signal);
    this.#busy++;
  }

  /** Leaps once several turns of the event loop brought nothing new. */
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
        this.#leap();
        this.#watch(1);
      }
    });
  }

  #leap(): void {
    const next = this.#timers.reduce((first, timer) => (timer.at < first.at ? timer : first));
    this.#now = Math.max(this.#now, next.at);
    next.wake();
  }
}

import type { Clock, CommandContext } from "../../cli/context";
import { createColors } from "../../cli/terminal/tone";

/** Time passes only during a sleep. */
export class FakeClock implements Clock {
  /** Milliseconds of each sleep. */
  readonly slept: number[] = [];
  readonly #whileAsleep: (sleeps: number, now: Date) => void;
  #now: number;

  /** @param whileAsleep what happens during each sleep, of which it is told the number */
  constructor(now: Date | string, whileAsleep: (sleeps: number, now: Date) => void = () => undefined) {
    this.#now = +new Date(now);
    this.#whileAsleep = whileAsleep;
  }

  now(): Date {
    return new Date(this.#now);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.#now += milliseconds;
    this.#whileAsleep(this.slept.length, this.now());
  }
}

export interface FakeContext extends CommandContext {
  /** What went to standard output. */
  readonly written: string[];
  /** What was under way. */
  readonly doings: string[];
  readonly isUnhealthy: () => boolean;
}

export interface FakeContextOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly colored?: boolean;
  readonly interactive?: boolean;
  readonly interrupted?: AbortSignal;
}

/** A command's process: 80 columns, no colours, no terminal. */
export function fakeContext(clock: Clock, options: FakeContextOptions = {}): FakeContext {
  const written: string[] = [];
  const doings: string[] = [];
  let unhealthy = false;
  return {
    now: () => clock.now(),
    sleep: (milliseconds, aborted) => clock.sleep(milliseconds, aborted),
    env: options.env ?? {},
    columns: options.columns ?? 80,
    colors: createColors(options.colored ?? false),
    interactive: options.interactive ?? false,
    out: (text) => written.push(text),
    progress: async (doing, work) => {
      doings.push(doing);
      return await work({ update: (next) => doings.push(next) });
    },
    reportUnhealthy: () => {
      unhealthy = true;
    },
    onInterrupt: () => options.interrupted ?? new AbortController().signal,
    written,
    doings,
    isUnhealthy: () => unhealthy,
  };
}

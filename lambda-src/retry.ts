import type { Clock } from "./clock";
import { readFault } from "./fault";

export interface RetryOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  /** When, by the clock, no more attempt may begin or go on. */
  readonly until: number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8_000;
const SHORTEST_ATTEMPT_MS = 2_000;
const LONGEST_ATTEMPT_MS = 20_000;

/** Tries again after throttling, server errors, lost connections and silence, for as long as there is time. */
export async function withRetry<T>(
  attempt: (abort: AbortSignal) => Promise<T>,
  { clock, random, until }: RetryOptions,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await withTimeout(attempt, attemptMs(until - clock.now()), clock);
    } catch (error) {
      const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** tries) * (0.5 + random() / 2);
      if (!readFault(error).transient || clock.now() + delay >= until) throw error;
      await clock.sleep(delay);
    }
  }
}

/** One silent attempt must not use up the time of all others. */
function attemptMs(remaining: number): number {
  return Math.min(remaining, Math.max(SHORTEST_ATTEMPT_MS, Math.min(LONGEST_ATTEMPT_MS, remaining / 3)));
}

async function withTimeout<T>(
  attempt: (abort: AbortSignal) => Promise<T>,
  milliseconds: number,
  clock: Clock,
): Promise<T> {
  const abort = new AbortController();
  const answered = new AbortController();
  const silence = clock.sleep(Math.max(0, milliseconds), answered.signal).then((): never => {
    const error = new Error(`no answer within ${Math.round(milliseconds / 100) / 10} s`);
    error.name = "TimeoutError";
    throw error;
  });
  try {
    return await Promise.race([attempt(abort.signal), silence]);
  } finally {
    answered.abort();
    abort.abort();
    silence.catch(() => undefined);
  }
}

import type { Progress } from "./progress";
import type { Terminal } from "./terminal";

/** What the commands need of the process they run in. */
export interface CommandEnvironment {
  readonly clock: Clock;
  readonly variables: NodeJS.ProcessEnv;
  /** Standard output. */
  readonly terminal: Terminal & {
    /** Whether somebody looks: only then may what was written be drawn over. */
    readonly interactive: boolean;
  };
  /** To standard output. */
  readonly write: (text: string) => unknown;
  /** Tells, on standard error, what takes long. */
  readonly progress: Progress;
  /** The command did what it was asked, and something is not as it should be: the exit code will be 1. */
  readonly notAsItShouldBe: () => void;
  /** Aborted when the user ends the command (Ctrl-C), which ends `--watch` and `--follow` as they should end. */
  readonly interrupted: AbortSignal;
}

export interface Clock {
  now(): Date;
  /** Ends early, without an error, where it is aborted. */
  sleep(milliseconds: number, aborted?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, aborted) =>
    new Promise((resolve) => {
      if (aborted?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        aborted?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      aborted?.addEventListener("abort", end);
    }),
};

import { setTimeout as sleep } from "node:timers/promises";
import type { Trace } from "./aws/call";
import { toPrintable } from "./terminal/text";
import { type Colors, createColors } from "./terminal/tone";

/** The process that a command runs in: environment, output, clock and terminal. */
export interface CommandContext extends Clock, Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** Whether standard output is a terminal: only there may earlier output be overwritten. */
  readonly interactive: boolean;
  /** Writes to standard output. */
  readonly out: (text: string) => unknown;
  /** Takes a line about each request to AWS; present with --debug. */
  readonly trace?: Trace | undefined;
  /** Reports long-running work on standard error. */
  readonly progress: Progress;
  /** Sets exit code 1: the command itself succeeded, and found something that is not as it should be. */
  reportUnhealthy(): void;
  /**
   * Takes Ctrl-C over from Node.js: from this call on it aborts the signal instead of ending the process, so that
   * `--watch` and `--follow` end in an orderly way.
   */
  onInterrupt(): AbortSignal;
}

export interface Clock {
  now(): Date;
  /** Ends early, without an error, where it is aborted. */
  sleep(milliseconds: number, aborted?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, aborted) => {
    const options = aborted === undefined ? {} : { signal: aborted };
    await sleep(milliseconds, undefined, options).catch((error: unknown) => {
      if (!aborted?.aborted) throw error;
    });
  },
};

/** A usage error. Its message is printed as it is, and the exit code is 2. */
export class InputError extends Error {
  override readonly name: string = "InputError";
}

// By name: the classes are in chunks that are loaded only when they are needed.
const INPUT_ERRORS: readonly string[] = ["InputError", "ScheduleError", "ConfigError", "InvalidPropsError"];

/** Whether the input is wrong, and not the program. */
export function isInputError(error: unknown): error is Error {
  return error instanceof Error && INPUT_ERRORS.includes(error.name);
}

/** Whether a call to AWS failed. */
export function isAwsError(error: unknown): error is Error {
  return error instanceof Error && error.name === "AwsError";
}

/** Where text goes: how wide, and in which colours. */
export interface Terminal {
  readonly columns: number;
  readonly colors: Colors;
}

/** Ctrl-C while AWS goes on with what the command began. The message says with what, and the exit code is 130. */
export class Interruption extends Error {
  override readonly name = "Interruption";
}

/** Resolves once a signal is aborted. */
export function waitForAbort(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;

/** Colours only on a terminal, and not with NO_COLOR. */
export function terminalOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Terminal {
  const { NO_COLOR, TERM, COLUMNS } = env;
  const colored = stream.isTTY === true && !NO_COLOR && TERM !== "dumb";
  const columns = stream.isTTY ? stream.columns : Number(COLUMNS ?? DEFAULT_COLUMNS);
  return {
    columns: Number.isInteger(columns) && columns > 0 ? Math.max(columns, MIN_COLUMNS) : DEFAULT_COLUMNS,
    colors: createColors(colored),
  };
}

/** Where progress is written: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ProgressReporter {
  /** Updates the current step, such as `CloudTrail, page 3`. */
  update(doing: string): void;
}

/** Does work, and reports its current step if it takes long. */
export type Progress = <T>(doing: string, work: (reporter: ProgressReporter) => Promise<T>) => Promise<T>;

/** Shorter waits need no explanation. */
const SILENT_MS = 2_000;
const CLEAR_LINE = "\r\u001b[2K";

/**
 * Shows the current step after two seconds: on a terminal redrawn in place and removed at the end, elsewhere written
 * once.
 */
export function createProgress(stream: ProgressStream): Progress {
  return async (doing, work) => {
    let current = doing;
    let shown = false;
    const show = () => {
      const line = `${toPrintable(current)} ...`;
      if (stream.isTTY) stream.write(`${CLEAR_LINE}${line}`);
      else if (!shown) stream.write(`${line}\n`);
      shown = true;
    };
    const timer = setTimeout(show, SILENT_MS);
    try {
      return await work({
        update(next) {
          current = next;
          if (shown) show();
        },
      });
    } finally {
      clearTimeout(timer);
      if (shown && stream.isTTY) stream.write(CLEAR_LINE);
    }
  };
}

import { setTimeout as sleep } from "node:timers/promises";
import { type Colors, createColors } from "./terminal/tone";

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
  sleep: async (milliseconds, aborted) => {
    const options = aborted === undefined ? {} : { signal: aborted };
    await sleep(milliseconds, undefined, options).catch((error: unknown) => {
      if (!aborted?.aborted) throw error;
    });
  },
};

/** Something that was asked for cannot be done: the message is for whoever asked. */
export class InputError extends Error {
  override readonly name: string = "InputError";
}

// By name: the classes live in parts that are loaded only when they are needed.
const names: readonly string[] = ["InputError", "ScheduleError", "ConfigError", "InvalidPropsError"];

/** Whether an error is the answer to wrong input, and no fault of the program. */
export function isInputError(error: unknown): error is Error {
  return error instanceof Error && names.includes(error.name);
}

/** Where text goes: how wide, and in which colours. */
export interface Terminal {
  readonly columns: number;
  readonly colors: Colors;
}

const DEFAULT_COLUMNS = 80;
const MIN_COLUMNS = 40;

/** Colours only where somebody looks, and has not set NO_COLOR. */
export function terminalOf(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): Terminal {
  const { NO_COLOR, TERM, COLUMNS } = environment;
  const colored = stream.isTTY === true && !NO_COLOR && TERM !== "dumb";
  const columns = stream.isTTY ? stream.columns : Number(COLUMNS ?? DEFAULT_COLUMNS);
  return {
    columns: Number.isInteger(columns) && columns > 0 ? Math.max(columns, MIN_COLUMNS) : DEFAULT_COLUMNS,
    colors: createColors(colored),
  };
}

/** Where progress is told: standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What is under way, such as `CloudTrail, page 3`; it may change while the work goes on. */
export type Tell = (doing: string) => void;

/** Does work that may take long; nothing is told where it does not. */
export type Progress = <T>(doing: string, work: (tell: Tell) => Promise<T>) => Promise<T>;

/** From then on somebody who waits wants to know what for. */
const PATIENCE_MS = 2_000;
const CLEAR_LINE = "\r\u001b[2K";

/**
 * One line that says what is waited for, from two seconds on: redrawn in place and gone at the end on a terminal,
 * written once elsewhere.
 */
export function progressOn(stream: ProgressStream): Progress {
  return async (doing, work) => {
    let current = doing;
    let shown = false;
    const show = () => {
      if (stream.isTTY) stream.write(`${CLEAR_LINE}${current} ...`);
      else if (!shown) stream.write(`${current} ...\n`);
      shown = true;
    };
    const timer = setTimeout(show, PATIENCE_MS);
    try {
      return await work((next) => {
        current = next;
        if (shown) show();
      });
    } finally {
      clearTimeout(timer);
      if (shown && stream.isTTY) stream.write(CLEAR_LINE);
    }
  };
}

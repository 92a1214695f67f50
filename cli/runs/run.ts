import { type RunReport, throws } from "../../contract/report";
import type { LogEvent, RunEnd } from "./parse";

/** One run of a function, as its log tells it. An invocation that Lambda retried is several, with the same request id. */
export interface FunctionRun {
  readonly functionName: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** 1, or more for a retry, as far as the earlier attempts are among what was read. */
  readonly attempt: number;
  readonly startedAt: Date;
  /** Absent while it runs, and where the log does not say. */
  readonly durationMs?: number;
  readonly ending: RunEnding;
  /** Always there where `reported`. */
  readonly report?: RunReport;
  /** In words, where it `timed-out` or `crashed`. */
  readonly error?: string;
}

/**
 * How a run ended. `reported`: with a report, even if that tells of failures. `timed-out` and `crashed`: Lambda ended it,
 * or it threw without a report. `unreported`: without an error or a report, as the code of somebody else does.
 * `running`: nothing of its end is logged yet.
 */
export type RunEnding = "reported" | "timed-out" | "crashed" | "unreported" | "running";

/** From when on, and until before when, the runs started. */
export interface RunPeriod {
  readonly from: Date;
  /** @default now */
  readonly to?: Date;
}

/** Reads runs from the functions' logs. */
export interface RunReader {
  /**
   * Runs that started in a period, oldest first; undefined where the function has no log group.
   * @throws {AwsError}
   */
  runs(functionName: string, period: RunPeriod): Promise<readonly FunctionRun[] | undefined>;
  /**
   * The last attempt of an invocation; undefined where nothing of it is logged (yet: lines take some seconds to appear).
   * @param since when it was invoked, or somewhat before
   * @throws {AwsError}
   */
  runOf(functionName: string, requestId: string, since: Date): Promise<FunctionRun | undefined>;
}

/** What the lines of one attempt say. */
export interface Attempt {
  readonly requestId: string;
  readonly events: LogEvent[];
  /** When Lambda started it; unknown where that line is older than what was read. */
  started?: number;
  end?: RunEnd & { readonly at: number };
  report?: { readonly report: RunReport; readonly at: number };
  error?: { readonly text: string; readonly fatal: boolean };
}

/** Lambda's limit for an invocation is 15 minutes; its last lines may come a little later. */
const LONGEST_MS = 16 * 60_000;

type Ending = Pick<FunctionRun, "ending" | "report" | "error">;

/** How an attempt ended that began so long ago. */
export function howItEnded(attempt: Attempt, ageMs: number): Ending {
  const report = attempt.report?.report;
  const wentWrong = whatWentWrong(attempt);
  // A run that failed throws after its report, on purpose.
  if (report && (wentWrong === undefined || throws(report))) {
    return { ending: "reported", report };
  }
  if (wentWrong) return report ? { ...wentWrong, report } : wentWrong;
  if (attempt.end) return { ending: "unreported" };
  if (ageMs < LONGEST_MS) return { ending: "running" };
  return { ending: "crashed", error: "the log tells no end of it" };
}

function whatWentWrong({ end, error }: Attempt): Ending | undefined {
  if (end?.failure === "timeout") return { ending: "timed-out", error: timeOutText(end) };
  if (end?.failure === undefined && !error?.fatal) return undefined;
  return { ending: "crashed", error: crashText(end, error?.text) };
}

function timeOutText(end: RunEnd): string {
  const after = end.durationMs === undefined ? "" : ` after ${Number((end.durationMs / 1000).toFixed(1))} s`;
  const full = isMemoryFull(end) ? `, with its ${end.memorySizeMb} MB of memory full` : "";
  return `timed out${after}${full}`;
}

function crashText(end: RunEnd | undefined, error: string | undefined): string {
  const killed = end?.errorType === "Runtime.OutOfMemory" || /signal: killed/.test(error ?? "");
  if (killed || (end !== undefined && error === undefined && isMemoryFull(end))) {
    return end?.memorySizeMb === undefined ? "out of memory" : `out of memory (${end.memorySizeMb} MB)`;
  }
  return error ?? `ended with ${end?.errorType ?? "an error"} (no reason logged)`;
}

function isMemoryFull({ memorySizeMb, maxMemoryUsedMb }: RunEnd): boolean {
  return memorySizeMb !== undefined && maxMemoryUsedMb !== undefined && maxMemoryUsedMb >= memorySizeMb;
}

import type { Attempt } from "./attempt";
import type { FunctionRun } from "./function-run";
import type { RunEnd } from "./log-line";

/** Lambda's limit for an invocation is 15 minutes; its last lines may come a little later. */
const LONGEST_MS = 16 * 60_000;

type Ending = Pick<FunctionRun, "ending" | "report" | "error">;

/** How an attempt ended that began so long ago. */
export function howItEnded(attempt: Attempt, ageMs: number): Ending {
  const report = attempt.report?.report;
  const wentWrong = whatWentWrong(attempt);
  // A run whose report tells of failures throws after it, on purpose.
  if (report && (wentWrong === undefined || report.status === "failed" || report.status === "refused")) {
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

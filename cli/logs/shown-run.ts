import type { RunReport } from "../../schedule/report";
import type { Action } from "../../schedule/request";
import type { FunctionRun } from "../runs/function-run";

/** What became of a run, in a word or two. */
export type RunOutcome =
  | "ok"
  | "skipped"
  | "pending"
  | "failed"
  | "refused"
  | "timed out"
  | "crashed"
  | "no report"
  | "running";

/** A run as it is told. */
export interface ShownRun extends FunctionRun {
  /** Unknown where there is no report: what a trigger asked for is not logged. */
  readonly schedule?: string;
  readonly action: Action;
  readonly outcome: RunOutcome;
}

const FAILED: readonly RunOutcome[] = ["failed", "refused", "timed out", "crashed"];
/** What a report says where the request could not be read. */
const UNKNOWN_SCHEDULE = "unknown";

export function shownRun(run: FunctionRun, action: Action): ShownRun {
  const schedule = run.report?.schedule;
  return {
    ...run,
    ...(schedule === undefined || schedule === UNKNOWN_SCHEDULE ? {} : { schedule }),
    action,
    outcome: outcomeOf(run),
  };
}

/** Whether somebody should look into it. */
export function hasFailed({ outcome }: ShownRun): boolean {
  return FAILED.includes(outcome);
}

function outcomeOf({ ending, report }: FunctionRun): RunOutcome {
  if (ending === "timed-out") return "timed out";
  if (ending === "unreported") return "no report";
  if (ending !== "reported" || report === undefined) return ending === "running" ? "running" : "crashed";
  return report.status === "failed" && looksAgain(report) ? "pending" : report.status;
}

/** It throws for nothing else than services that are not up yet, so that Lambda's retry looks again. */
function looksAgain({ counts, errors, services }: RunReport): boolean {
  if (services === undefined || services.pending === 0 || services.failed > 0) return false;
  return counts.failed + counts.unconfirmed + errors.length === 0;
}

import { outcomesText } from "../report/outcomes-text";
import type { FunctionRun, RunEnding } from "../runs/function-run";
import type { InstanceRun } from "./last-runs";

const ENDINGS: Readonly<Record<RunEnding, string>> = {
  reported: "reported",
  "timed-out": "timed out",
  crashed: "crashed",
  unreported: "no report",
  running: "running",
};

/** How a run went. */
export interface RunOutcome {
  readonly text: string;
  readonly kind: "good" | "doubtful" | "bad";
}

export function runOutcome({ report, ending, attempt }: FunctionRun): RunOutcome {
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  if (report === undefined) {
    return { text: ENDINGS[ending] + again, kind: ending === "running" ? "doubtful" : "bad" };
  }
  const { status, reason } = report;
  // What follows the colon is for those who look closer, with `logs`.
  if (status === "skipped")
    return { text: `skipped: ${(reason ?? "").replace(/:.*/s, "")}`, kind: "doubtful" };
  if (status === "refused") return { text: "refused", kind: "bad" };
  const outcomes = outcomesText(report) || (reason ?? "no instances");
  return { text: outcomes + again, kind: status === "failed" ? "bad" : "good" };
}

/** What the last run did to one instance, in a word or two; empty where it tells nothing of it. */
export function instanceOutcome({ run, entry }: InstanceRun): RunOutcome | undefined {
  if (entry !== undefined) {
    const { outcome } = entry;
    return { text: outcome, kind: outcome === "failed" || outcome === "unconfirmed" ? "bad" : "good" };
  }
  const { report } = run;
  if (report === undefined) return { ...runOutcome(run), text: ENDINGS[run.ending] };
  return report.status === "ok" || report.status === "failed"
    ? undefined
    : { ...runOutcome(run), text: report.status };
}

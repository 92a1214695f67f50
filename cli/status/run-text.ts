import type { Outcome, RunReport } from "../../schedule/report";
import type { FunctionRun, RunEnding } from "../runs/function-run";
import type { InstanceRun } from "./last-runs";

/** Failures first. */
const OUTCOMES: readonly Outcome[] = ["failed", "unconfirmed", "done", "already", "skipped"];

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
  const { status, reason = "" } = report;
  // What follows the colon is for those who look closer, with `logs`.
  if (status === "skipped") return { text: `skipped: ${reason.replace(/:.*/s, "")}`, kind: "doubtful" };
  if (status === "refused") return { text: "refused", kind: "bad" };
  return { text: countsText(report) + again, kind: status === "failed" ? "bad" : "good" };
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

function countsText({ counts, reason }: RunReport): string {
  const counted = OUTCOMES.filter((outcome) => counts[outcome] > 0);
  return counted.map((outcome) => `${counts[outcome]} ${outcome}`).join(", ") || (reason ?? "no instances");
}

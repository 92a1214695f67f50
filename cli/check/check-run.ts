import type { InstanceReport, RunReport } from "../../schedule/report";
import type { Deployment } from "../deployment/deployment";
import { type AskTools, askFunction, type NamedAnswer } from "../functions/ask-function";
import type { CheckRequest } from "./check-request";

/** One look inside the instances of a target. */
export interface CheckRun extends NamedAnswer {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

export async function checkTarget(
  deployment: Deployment,
  target: string,
  { request, checks }: CheckRequest,
  tools: AskTools,
): Promise<CheckRun> {
  return { target, checks, ...(await askFunction(deployment, request, [target], tools)) };
}

/** What became of the look inside one instance; the last two were not looked at, for a good reason. */
export type CheckVerdict = "passed" | "failed" | "unchecked" | "not running" | "skipped";

export function checkVerdict({ outcome, services, stateAfter }: InstanceReport): CheckVerdict {
  if (outcome === "failed" || outcome === "unconfirmed") return "failed";
  // A look by hand is the last one, so nothing is pending; a function that says so could not tell.
  if (services !== undefined) return services.status === "pending" ? "unchecked" : services.status;
  if (outcome !== "skipped") return "unchecked";
  return stateAfter === "running" ? "skipped" : "not running";
}

/** Whether something was looked at, and all of it runs. */
export function isWell({ answer: { report } }: CheckRun): boolean {
  return report?.status === "ok" && report.errors.length === 0 && allPass(report);
}

function allPass({ instances }: RunReport): boolean {
  const verdicts = instances.map(checkVerdict);
  return verdicts.includes("passed") && !verdicts.some((each) => each === "failed" || each === "unchecked");
}

import type { InstanceReport, RunReport } from "../../schedule/report";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../fleet/fleet";
import { instanceNames } from "../functions/instance-names";
import { type FunctionAnswer, type FunctionTools, runFunction } from "../functions/run-function";
import type { Progress } from "../progress";
import type { CheckRequest } from "./check-request";

export interface CheckTools extends FunctionTools {
  readonly fleet: Pick<FleetReader, "targets">;
  readonly progress: Progress;
}

/** One look inside the instances of a target. */
export interface CheckRun {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
  readonly answer: FunctionAnswer;
  /** Tags `Name` by instance id. */
  readonly names: ReadonlyMap<string, string>;
}

export async function checkTarget(
  deployment: Deployment,
  target: string,
  { request, checks }: CheckRequest,
  tools: CheckTools,
): Promise<CheckRun> {
  return tools.progress("Asking Lambda", async (tell) => {
    const [answer, names] = await Promise.all([
      runFunction(deployment, request.action, request, tools, tell),
      instanceNames(tools.fleet, deployment, [target]),
    ]);
    return { target, checks, answer, names };
  });
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

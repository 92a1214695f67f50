import type { StartStopRequest } from "../../schedule/request";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../fleet/fleet";
import type { Progress } from "../progress";
import { instanceNames } from "./instance-names";
import { type FunctionAnswer, type FunctionTools, runFunction } from "./run-function";

export interface AskTools extends FunctionTools {
  readonly fleet: FleetReader;
  readonly progress: Progress;
}

/** What a function was asked for by hand, and has told. */
export interface NamedAnswer {
  readonly answer: FunctionAnswer;
  /** Tags `Name` by instance id. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Runs the deployed function of a request's action, and looks up the names of the instances that it is about.
 * @throws {AwsError} where it did not run, or nobody knows whether it did
 */
export async function askFunction(
  deployment: Deployment,
  request: StartStopRequest,
  targetNames: readonly string[],
  tools: AskTools,
): Promise<NamedAnswer> {
  return tools.progress("Asking Lambda", async (tell) => {
    const [answer, names] = await Promise.all([
      runFunction(deployment, request.action, request, tools, tell),
      instanceNames(tools.fleet, deployment, targetNames),
    ]);
    return { answer, names };
  });
}

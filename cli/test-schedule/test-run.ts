import type { PlannedSchedule } from "../../constructs/plan";
import { AwsError } from "../aws/aws-error";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../fleet/fleet";
import { instanceNames } from "../functions/instance-names";
import { type FunctionAnswer, type FunctionTools, runFunction } from "../functions/run-function";
import type { Progress } from "../progress";
import { changedBy, type Settlement, settle } from "./settle";

export interface TestTools extends FunctionTools {
  readonly fleet: FleetReader;
  readonly progress: Progress;
}

/** One run of a schedule's function, asked for by hand. */
export interface TestRun {
  readonly planned: PlannedSchedule;
  /** Whether instances were really to be stopped or started. */
  readonly applied: boolean;
  readonly answer: FunctionAnswer;
  /** Tags `Name` by instance id. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the instances came to, or why nobody knows. */
export type Settled = Settlement | { readonly unknown: string };

/** Hands a schedule's own request to the deployed function, as its trigger does: without a time, so it is due now. */
export async function testSchedule(
  deployment: Deployment,
  planned: PlannedSchedule,
  applied: boolean,
  tools: TestTools,
): Promise<TestRun> {
  const request = { ...planned.request, ...(applied ? {} : { dryRun: true }) };
  return tools.progress(`Asking Lambda`, async (tell) => {
    const [answer, names] = await Promise.all([
      runFunction(deployment, planned.action, request, tools, tell),
      instanceNames(tools.fleet, deployment, planned.targetNames),
    ]);
    return { planned, applied, answer, names };
  });
}

/** Follows the instances that a run changed; undefined where there are none. */
export async function settleTest(
  { answer: { report } }: TestRun,
  tools: TestTools,
  interrupted: AbortSignal,
): Promise<Settled | undefined> {
  const places = report === undefined ? [] : changedBy(report);
  if (report === undefined || places.length === 0) return undefined;
  try {
    return await tools.progress("Looking at the instances", (tell) =>
      settle(places, report.action, { ...tools, tell, interrupted }),
    );
  } catch (error) {
    // What the run did is known all the same.
    if (error instanceof AwsError) return { unknown: error.message };
    throw error;
  }
}

/** Whether all is as it should be: skipped for a good reason is. */
export function isWell({ answer: { report } }: TestRun, settled?: Settled): boolean {
  const ran = report?.status === "ok" || report?.status === "skipped";
  return ran && (settled === undefined || ("instances" in settled && isSettledWell(settled)));
}

function isSettledWell({ complete, instances }: Settlement): boolean {
  return complete && instances.every(({ asWanted }) => asWanted);
}

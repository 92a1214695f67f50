import type { PlannedSchedule } from "../../constructs/plan";
import { AwsError } from "../aws/aws-error";
import type { Deployment } from "../deployment/deployment";
import { type AskTools, askFunction, type NamedAnswer } from "../functions/ask-function";
import { changedBy, type Settlement, settle } from "./settle";

/** One run of a schedule's function, asked for by hand. */
export interface TestRun extends NamedAnswer {
  readonly planned: PlannedSchedule;
  /** Whether instances were really to be stopped or started. */
  readonly applied: boolean;
}

/** What the instances came to, or why nobody knows. */
export type Settled = Settlement | { readonly unknown: string };

/** Hands a schedule's own request to the deployed function, as its trigger does: without a time, so it is due now. */
export async function testSchedule(
  deployment: Deployment,
  planned: PlannedSchedule,
  applied: boolean,
  tools: AskTools,
): Promise<TestRun> {
  const request = { ...planned.request, ...(applied ? {} : { dryRun: true }) };
  return { planned, applied, ...(await askFunction(deployment, request, planned.targetNames, tools)) };
}

/** Follows the instances that a run changed; undefined where there are none. */
export async function settleTest(
  { answer: { report } }: TestRun,
  tools: AskTools,
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

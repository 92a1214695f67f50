import { throws } from "../../../contract/report";
import type { PlannedSchedule } from "../../../model/plan";
import { AwsError } from "../../aws/call";
import { type CommandContext, InputError, Interruption } from "../../context";
import { type Deployment, findSchedules, readDeployment } from "../../deployment/deployment";
import { printJson } from "../../json";
import type { OperatingOptions } from "../../options";
import { createInvokeDependencies, type InvokeDependencies, invokeFunction } from "../../runs/invoke";
import { invokeJson } from "./json";
import { type FinalStates, finalStatesText, type InvokeRun, renderInvoke } from "./text";
import { isAsExpected, listChanged, waitForState } from "./wait-for-state";

/** The options of `invoke`, as commander reads them. */
export interface InvokeOptions extends OperatingOptions {
  readonly apply?: boolean;
  /** false for --no-wait. */
  readonly wait: boolean;
}

export async function runInvoke(
  schedule: string,
  options: InvokeOptions,
  context: CommandContext,
): Promise<void> {
  if (!options.wait && options.apply !== true) throw new InputError("--no-wait: expected with --apply only");
  const deployment = await readDeployment(options, context, context.now());
  const planned = findOneSchedule(deployment, schedule);
  const { aws } = deployment;
  const dependencies = createInvokeDependencies(aws, context);
  const applied = options.apply === true;
  const run = await invokeSchedule(deployment, planned, applied, dependencies);
  if (!options.json) context.out(renderInvoke(run, aws.region, context));
  const interrupted = context.onInterrupt();
  const states = applied && options.wait ? await readFinalStates(run, dependencies, interrupted) : undefined;
  if (options.json) printJson(context, invokeJson(run, states));
  else if (states !== undefined) context.out(finalStatesText(states, run, context));
  if (interrupted.aborted && states !== undefined && !("complete" in states && states.complete)) {
    const { action } = planned;
    throw new Interruption(
      `Interrupted: EC2 goes on to ${action} the instances. \`status\` shows their states.`,
    );
  }
  if (!isSuccessful(run, states)) context.reportUnhealthy();
}

/**
 * The one schedule that is meant.
 * @throws {InputError} for a name that the config does not have, and for one that stands for several schedules
 */
function findOneSchedule(deployment: Deployment, name: string): PlannedSchedule {
  const [planned, ...others] = findSchedules(deployment, name);
  if (planned === undefined || others.length > 0) {
    const names = [planned, ...others].flatMap((each) => each?.name ?? []);
    throw new InputError(
      `Expected one schedule, got "${name}", which is several: choose ${formatAlternatives(names)}`,
    );
  }
  return planned;
}

function formatAlternatives(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** Hands a schedule's own request to the deployed function, as its trigger does: without a time, so it is due now. */
async function invokeSchedule(
  deployment: Deployment,
  planned: PlannedSchedule,
  applied: boolean,
  dependencies: InvokeDependencies,
): Promise<InvokeRun> {
  const request = { ...planned.request, ...(applied ? {} : { dryRun: true }) };
  return {
    planned,
    applied,
    ...(await invokeFunction(deployment, request, planned.targetNames, dependencies)),
  };
}

/** Waits for the instances that a run changed; undefined where there are none. */
async function readFinalStates(
  { report }: InvokeRun,
  dependencies: InvokeDependencies,
  interrupted: AbortSignal,
): Promise<FinalStates | undefined> {
  const places = report === undefined ? [] : listChanged(report);
  if (report === undefined || places.length === 0) return undefined;
  try {
    return await dependencies.progress("Reading the instances", (reporter) =>
      waitForState(places, report.action, { ...dependencies, reporter, interrupted }),
    );
  } catch (error) {
    // The run's own report is still of use.
    if (error instanceof AwsError) return { unknown: error.message };
    throw error;
  }
}

/** Whether all is as it should be: skipped for a good reason is. */
export function isSuccessful({ report }: InvokeRun, states?: FinalStates): boolean {
  if (report === undefined || throws(report)) return false;
  return states === undefined || ("instances" in states && isAsExpected(states));
}

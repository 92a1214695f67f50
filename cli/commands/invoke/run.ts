import { STATE_AFTER } from "../../../contract/actions";
import { type RunReport, throws } from "../../../contract/report";
import type { PlannedSchedule } from "../../../model/plan";
import { AwsError } from "../../aws/call";
import { type Clock, type CommandContext, InputError, type ProgressReporter } from "../../context";
import { type Deployment, readDeployment, schedulesNamed } from "../../deployment/deployment";
import type { FleetReader, InstancePlace, InstanceState } from "../../instances/instance";
import type { OperatingOptions } from "../../options";
import { type AskTools, askFunction, type NamedAnswer, openTools } from "../../runs/invoke";
import { countsText, tally } from "../../terminal/text";
import { testJson } from "./json";
import { settledText, testText } from "./text";

/** The options of `test`, as commander reads them. */
export interface TestOptions extends OperatingOptions {
  readonly apply?: boolean;
  /** false for --no-wait. */
  readonly wait: boolean;
}

export async function runTest(
  schedule: string,
  options: TestOptions,
  context: CommandContext,
): Promise<void> {
  const { out, now } = context;
  const deployment = await readDeployment(options, context, now());
  const planned = chosenSchedule(deployment, schedule);
  const { aws } = deployment;
  const tools = openTools(aws, context);
  const applied = options.apply === true;
  const run = await testSchedule(deployment, planned, applied, tools);
  if (!options.json) out(testText(run, aws.region, context));
  const follow = applied && options.wait;
  const settled = follow ? await settleTest(run, tools, context.onInterrupt()) : undefined;
  if (options.json) out(`${JSON.stringify(testJson(run, settled), undefined, 2)}\n`);
  else if (settled !== undefined) out(settledText(settled, run, context));
  if (!isWell(run, settled)) context.reportUnhealthy();
}

/**
 * The one schedule that is meant.
 * @throws {InputError} for a name that the config does not have, and for one that stands for several schedules
 */
export function chosenSchedule(deployment: Deployment, name: string): PlannedSchedule {
  const [planned, ...others] = schedulesNamed(deployment, name);
  if (planned === undefined || others.length > 0) {
    const names = [planned, ...others].flatMap((each) => each?.name ?? []);
    throw new InputError(`Expected one schedule, got "${name}", which is several: choose ${listed(names)}`);
  }
  return planned;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** What the instances came to after a run. */
export interface Settlement {
  /** Whether none is on its way any more. */
  readonly complete: boolean;
  readonly seconds: number;
  readonly instances: readonly SettledInstance[];
}

export interface SettledInstance extends InstanceState {
  /** Whether it is as the run wanted it: stopped after a stop, running after a start. */
  readonly asWanted: boolean;
}

export interface SettleOptions {
  readonly fleet: Pick<FleetReader, "states">;
  readonly clock: Clock;
  readonly reporter: ProgressReporter;
  /** Ends the wait with what is known. */
  readonly interrupted?: AbortSignal;
}

/** Some instances take minutes to shut down; hibernating ones longest. */
const LONGEST_WAIT_MINUTES = 10;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 10_000;
const PAUSE_FACTOR = 1.3;
const ON_THE_WAY = new Set(["pending", "stopping", "shutting-down"]);

/** Instances that the run was to change; those it left alone stay out, as do those that EC2 does not know. */
export function changedBy({ instances }: RunReport): InstancePlace[] {
  return instances
    .filter(({ outcome, stateBefore }) => outcome !== "skipped" && stateBefore !== undefined)
    .map(({ instanceId, region }) => ({ instanceId, region }));
}

/** Looks at instances until all are in a state that lasts, or the wait is too long. */
export async function settle(
  places: readonly InstancePlace[],
  action: RunReport["action"],
  { fleet, clock, reporter, interrupted }: SettleOptions,
): Promise<Settlement> {
  const begun = +clock.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * PAUSE_FACTOR)) {
    const states = await fleet.states(places);
    const complete = !states.some(({ state }) => ON_THE_WAY.has(state));
    const elapsed = +clock.now() - begun;
    if (complete || elapsed + pause > LONGEST_WAIT_MINUTES * 60_000 || interrupted?.aborted) {
      const instances = states.map((each) => ({ ...each, asWanted: each.state === STATE_AFTER[action] }));
      return { complete, seconds: Math.round(elapsed / 1000), instances };
    }
    const what = places.length === 1 ? "1 instance" : `${places.length} instances`;
    reporter.update(`Waiting for ${what}: ${countsText(tally(states.map(({ state }) => state)))}`);
    await clock.sleep(pause, interrupted);
  }
}

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
    return await tools.progress("Looking at the instances", (reporter) =>
      settle(places, report.action, { ...tools, reporter, interrupted }),
    );
  } catch (error) {
    // What the run did is known all the same.
    if (error instanceof AwsError) return { unknown: error.message };
    throw error;
  }
}

/** Whether all is as it should be: skipped for a good reason is. */
export function isWell({ answer: { report } }: TestRun, settled?: Settled): boolean {
  if (report === undefined || throws(report)) return false;
  return settled === undefined || ("instances" in settled && isSettledWell(settled));
}

function isSettledWell({ complete, instances }: Settlement): boolean {
  return complete && instances.every(({ asWanted }) => asWanted);
}

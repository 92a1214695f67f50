import type { Action } from "../../contract/actions";
import type { RunReport } from "../../contract/report";
import type { StartStopRequest } from "../../contract/request";
import { AwsError, type AwsSettings } from "../aws/call";
import { createInstanceReader } from "../aws/ec2";
import {
  createLambdaInvoker,
  createLambdaReader,
  type DeployedFunction,
  type FunctionInvoker,
  type FunctionReader,
  type Invocation,
  notDeployedError,
} from "../aws/lambda";
import {
  type Clock,
  type CommandContext,
  Interruption,
  type Progress,
  type ProgressReporter,
  waitForAbort,
} from "../context";
import type { Deployment } from "../deployment/deployment";
import type { InstanceReader } from "../instances/instance";
import { createRunReader } from "./follow";
import { parseObject, parseRunReport } from "./parse";
import type { RunReader } from "./run";

/** Dependencies of running a function. */
export interface RunDependencies {
  readonly functions: FunctionReader & FunctionInvoker;
  readonly runs: RunReader;
  readonly clock: Clock;
  /** Takes Ctrl-C over: called once the function is invoked, which goes on after it. */
  readonly onInterrupt: CommandContext["onInterrupt"];
}

/** The report of one run, or why there is none. */
export interface InvokedRun {
  readonly function: DeployedFunction;
  /** Lambda's id of the invocation, as its log lines have it. */
  readonly requestId: string;
  /** Absent where the run ended without one, or where it cannot be read. */
  readonly report?: RunReport;
  /** Why there is no report. */
  readonly failure?: string;
}

/** CloudWatch Logs finds a line some seconds after it was written. */
const LOG_TIMEOUT_MS = 30_000;
const LOG_INTERVAL_MS = 2_000;

/**
 * Runs the deployed function of an action and reads what it reports.
 * @throws {AwsError} where it did not run, or may not have run
 * @throws {Interruption} on Ctrl-C while it runs
 */
export async function runFunction(
  deployment: Deployment,
  action: Action,
  request: StartStopRequest,
  dependencies: RunDependencies,
  reporter: ProgressReporter,
): Promise<InvokedRun> {
  const deployed = await readDeployedFunction(dependencies.functions, deployment, action);
  reporter.update(`${deployed.name} runs (it may take ${deployed.timeoutSeconds} s)`);
  const interrupted = waitForAbort(dependencies.onInterrupt());
  const result = await Promise.race([invokeDeployed(deployed, request, dependencies, reporter), interrupted]);
  if (result === undefined) throw new Interruption(describeInterruption(deployed, request));
  return result;
}

/** Lambda ends a synchronous invocation in its own time, whether or not its caller is still there. */
function describeInterruption(
  { name }: DeployedFunction,
  { action, dryRun, checkOnly }: StartStopRequest,
): string {
  const effect =
    checkOnly === true
      ? "checks services, and changes nothing"
      : dryRun === true
        ? "changes nothing, as a dry run"
        : `may ${action} more instances`;
  return `Interrupted: ${name} goes on in Lambda, and ${effect}. \`logs\` shows its report once it ends, \`status\` the instances.`;
}

async function invokeDeployed(
  deployed: DeployedFunction,
  request: StartStopRequest,
  dependencies: RunDependencies,
  reporter: ProgressReporter,
): Promise<InvokedRun> {
  const invocation = await dependencies.functions.invoke(deployed, request);
  const { requestId } = invocation;
  const report = readAnsweredReport(invocation);
  if (report !== undefined) return { function: deployed, requestId, report };
  if (invocation.ending.kind !== "threw") {
    return { function: deployed, requestId, failure: describeEnding(deployed, invocation) };
  }
  reporter.update("Its report is longer than what Lambda gives back: reading its log");
  return { function: deployed, requestId, ...(await readLoggedReport(deployed, invocation, dependencies)) };
}

/** A successful run returns its report; a run that throws has it at the end of its log, if it is short. */
function readAnsweredReport({ ending, logTail, requestId }: Invocation): RunReport | undefined {
  if (ending.kind === "returned") return parseRunReport(ending.result);
  return logTail
    .split("\n")
    .map((line) => parseRunReport(parseObject(line)))
    .findLast((report) => report?.requestId === requestId);
}

async function readLoggedReport(
  deployed: DeployedFunction,
  { requestId, invokedAt, ending }: Invocation,
  { runs, clock }: RunDependencies,
): Promise<Pick<InvokedRun, "report" | "failure">> {
  const thrown = "message" in ending ? `${deployed.name} threw ${ending.errorType}: ${ending.message}` : "";
  try {
    for (const until = +clock.now() + LOG_TIMEOUT_MS; ; await clock.sleep(LOG_INTERVAL_MS)) {
      const run = await runs.runOf(deployed.name, requestId, invokedAt);
      if (run?.report !== undefined) return { report: run.report };
      const ended = run !== undefined && run.ending !== "running";
      if (ended || +clock.now() >= until) break;
    }
    return { failure: `${thrown} (its log has no report of it)` };
  } catch (error) {
    // The thrown error still names the first failures.
    if (!(error instanceof AwsError)) throw error;
    return {
      failure: `${thrown} (its whole report is in its log, which could not be read: ${error.message})`,
    };
  }
}

function describeEnding(
  { name, timeoutSeconds, logGroup }: DeployedFunction,
  { ending }: Invocation,
): string {
  switch (ending.kind) {
    case "timed-out":
      return `${name} timed out: Lambda ended it after ${timeoutSeconds} s, and which instances it had changed by then is not known. \`status\` shows them; \`functions.timeoutSeconds\` in the config gives it longer`;
    case "crashed":
      return `${name} crashed, and which instances it had changed by then is not known: ${ending.errorType}: ${ending.message}. Its log is in ${logGroup}`;
    default:
      return `${name} answered, but with no report: it does not run this project's code. Deploy this config again`;
  }
}

export interface InvokeDependencies extends RunDependencies {
  readonly instances: InstanceReader;
  readonly progress: Progress;
}

/** A run by hand, with the names of its instances. */
export interface InvocationResult extends InvokedRun {
  /** Tags `Name` by instance id. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Runs the deployed function of a request's action, and looks up the names of the instances that it is about.
 * @throws {AwsError} where it did not run, or may not have run
 */
export async function invokeFunction(
  deployment: Deployment,
  request: StartStopRequest,
  targetNames: readonly string[],
  dependencies: InvokeDependencies,
): Promise<InvocationResult> {
  return dependencies.progress("Asking Lambda", async (reporter) => {
    const [result, names] = await Promise.all([
      runFunction(deployment, request.action, request, dependencies, reporter),
      readInstanceNames(dependencies.instances, deployment, targetNames),
    ]);
    return { ...result, names };
  });
}

/** The tags `Name` of the instances of targets, by instance id; none where these credentials may not read them. */
async function readInstanceNames(
  instances: Pick<InstanceReader, "targets">,
  { config }: Pick<Deployment, "config">,
  targetNames: readonly string[],
): Promise<Map<string, string>> {
  try {
    const targets = await instances.targets(config, targetNames);
    return new Map(
      targets.flatMap(({ instances }) =>
        instances.flatMap(({ instanceId, name }) => (name ? [[instanceId, name] as const] : [])),
      ),
    );
  } catch (error) {
    // A report is of use without names.
    if (error instanceof AwsError) return new Map();
    throw error;
  }
}

/**
 * The function of an action.
 * @throws {AwsError} where it is not deployed
 */
async function readDeployedFunction(
  reader: FunctionReader,
  { names, aws }: Pick<Deployment, "names" | "aws">,
  action: Action,
): Promise<DeployedFunction> {
  const name = names.functions[action];
  const found = await reader.describe(name);
  if (found === undefined) throw notDeployedError(name, aws.region);
  return found;
}

/** The dependencies over the AWS SDK. */
export function createInvokeDependencies(aws: AwsSettings, context: CommandContext): InvokeDependencies {
  return {
    functions: { ...createLambdaReader(aws), ...createLambdaInvoker(aws, context) },
    runs: createRunReader(aws, context),
    instances: createInstanceReader(aws),
    clock: context,
    onInterrupt: context.onInterrupt,
    progress: context.progress,
  };
}

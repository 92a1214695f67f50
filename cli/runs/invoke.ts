import stringWidth from "string-width";
import type { Action } from "../../contract/actions";
import type { RunReport } from "../../contract/report";
import type { StartStopRequest } from "../../contract/request";
import { AwsError, type AwsSettings } from "../aws/call";
import { openFleet } from "../aws/ec2";
import {
  type DeployedFunction,
  type FunctionInvoker,
  type FunctionReader,
  type Invocation,
  lambdaInvoker,
  lambdaReader,
  notDeployed,
} from "../aws/lambda";
import type { Clock, CommandContext, Progress, ProgressReporter, Terminal } from "../context";
import type { Deployment } from "../deployment/deployment";
import type { FleetReader } from "../instances/instance";
import { paragraph, printable } from "../terminal/text";
import type { Paint } from "../terminal/tone";
import { openRunReader } from "./follow";
import { readRunReport } from "./parse";
import type { RunReader } from "./run";

/** What running a function needs. */
export interface FunctionTools {
  readonly functions: FunctionReader & FunctionInvoker;
  readonly runs: RunReader;
  readonly clock: Clock;
}

/** What a function that was run has told. */
export interface FunctionAnswer {
  readonly function: DeployedFunction;
  /** Lambda's id of the invocation, as its log lines have it. */
  readonly requestId: string;
  /** Absent where the function came to no report, or where it cannot be read. */
  readonly report?: RunReport;
  /** In words, where there is no report. */
  readonly failure?: string;
}

/** A log line takes some seconds until it can be found. */
const LOG_PATIENCE_MS = 30_000;
const LOG_PAUSE_MS = 2_000;

/**
 * Runs the deployed function of an action and reads what it reports.
 * @throws {AwsError} where it did not run, or nobody knows whether it did
 */
export async function runFunction(
  deployment: Deployment,
  action: Action,
  request: StartStopRequest,
  tools: FunctionTools,
  reporter: ProgressReporter,
): Promise<FunctionAnswer> {
  const deployed = await functionFor(tools.functions, deployment, action);
  reporter.update(`${deployed.name} runs (it may take ${deployed.timeoutSeconds} s)`);
  const invocation = await tools.functions.invoke(deployed, request);
  const { requestId } = invocation;
  const report = reportWithin(invocation);
  if (report !== undefined) return { function: deployed, requestId, report };
  if (invocation.ending.kind !== "threw") {
    return { function: deployed, requestId, failure: endingText(deployed, invocation) };
  }
  reporter.update("Its report is longer than what Lambda gives back: reading its log");
  return { function: deployed, requestId, ...(await reportFromLog(deployed, invocation, tools)) };
}

/** A run that is well returns its report; of one that throws, the end of the log has it, if it is short. */
function reportWithin({ ending, logTail, requestId }: Invocation): RunReport | undefined {
  if (ending.kind === "returned") return readReport(ending.result);
  return logTail
    .split("\n")
    .map((line) => readReport(parse(line)))
    .findLast((report) => report?.requestId === requestId);
}

async function reportFromLog(
  deployed: DeployedFunction,
  { requestId, invokedAt, ending }: Invocation,
  { runs, clock }: FunctionTools,
): Promise<Pick<FunctionAnswer, "report" | "failure">> {
  const thrown = "message" in ending ? `${deployed.name} threw ${ending.errorType}: ${ending.message}` : "";
  try {
    for (const until = +clock.now() + LOG_PATIENCE_MS; ; await clock.sleep(LOG_PAUSE_MS)) {
      const run = await runs.runOf(deployed.name, requestId, invokedAt);
      if (run?.report !== undefined) return { report: run.report };
      const ended = run !== undefined && run.ending !== "running";
      if (ended || +clock.now() >= until) break;
    }
    return { failure: `${thrown} (its log has no report of it)` };
  } catch (error) {
    // What the function threw names the first failures, which is better than nothing.
    if (!(error instanceof AwsError)) throw error;
    return {
      failure: `${thrown} (its whole report is in its log, which could not be read: ${error.message})`,
    };
  }
}

function endingText({ name, timeoutSeconds, logGroup }: DeployedFunction, { ending }: Invocation): string {
  switch (ending.kind) {
    case "timed-out":
      return `${name} timed out: Lambda ended it after ${timeoutSeconds} s, and which instances it had changed by then is not known. \`status\` shows them; \`functions.timeoutSeconds\` in the config gives it longer`;
    case "crashed":
      return `${name} crashed, and which instances it had changed by then is not known: ${ending.errorType}: ${ending.message}. Its log is in ${logGroup}`;
    default:
      return `${name} answered, but with no report: it does not run this project's code. Deploy this config again`;
  }
}

function readReport(value: unknown): RunReport | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? readRunReport({ ...value })
    : undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

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
  return tools.progress("Asking Lambda", async (reporter) => {
    const [answer, names] = await Promise.all([
      runFunction(deployment, request.action, request, tools, reporter),
      instanceNames(tools.fleet, deployment, targetNames),
    ]);
    return { answer, names };
  });
}

/** What a function that was run has told, as `--json` prints it. */
export interface AnswerJson {
  /** Name of the function. */
  readonly function: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** What the function reports; null where it came to no report. */
  readonly report: RunReport | null;
  /** Why there is no report. */
  readonly error?: string;
}

export function answerJson({ function: { name }, requestId, report, failure }: FunctionAnswer): AnswerJson {
  return {
    function: name,
    requestId,
    report: report ?? null,
    ...(failure === undefined ? {} : { error: failure }),
  };
}

/** The tags `Name` of the instances of targets, by instance id; none where these credentials may not read them. */
export async function instanceNames(
  fleet: Pick<FleetReader, "targets">,
  { config }: Pick<Deployment, "config">,
  targetNames: readonly string[],
): Promise<Map<string, string>> {
  try {
    const targets = await fleet.targets(config, targetNames);
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
export async function functionFor(
  reader: FunctionReader,
  { names, aws }: Pick<Deployment, "names" | "aws">,
  action: Action,
): Promise<DeployedFunction> {
  const name = names.functions[action];
  const found = await reader.describe(name);
  if (found === undefined) throw notDeployed(name, aws.region);
  return found;
}

/** What it takes to run a function and to tell of it, over the AWS SDK. */
export function openTools(aws: AwsSettings, context: CommandContext): AskTools {
  return {
    functions: { ...lambdaReader(aws), ...lambdaInvoker(aws, context) },
    runs: openRunReader(aws, context),
    fleet: openFleet(aws),
    clock: context,
    progress: context.progress,
  };
}

/** What a run says of itself as a whole, before its instances: nothing, where all is well. */
export function wholeRunLines({ report, failure }: FunctionAnswer, terminal: Terminal): string[] {
  const { red, yellow } = terminal.colors;
  const say = (text: string, paint: Paint) => paragraph(text, terminal.columns, { paint });
  if (report === undefined) return say(failure ?? "The function told nothing", red);
  const { status, reason, errors, warnings } = report;
  return [
    ...(reason === undefined ? [] : say(withStatus(status, reason), status === "skipped" ? yellow : red)),
    ...(isOlder(report)
      ? say("The deployed function is older than this command: deploy the config again.", yellow)
      : []),
    ...errors.flatMap((error) => say(`Failed in ${error.region}: ${error.reason}`, red)),
    ...warnings.flatMap((warning) => say(`Warning: ${warning}`, yellow)),
  ];
}

/** `the function took 0.4 s`. */
export function tookText({ durationSeconds }: RunReport): string {
  const seconds = durationSeconds < 0.1 ? "under 0.1" : Number(durationSeconds.toFixed(1));
  return `the function took ${seconds} s`;
}

/** Which function ran, and how to find its run in the log. */
export function functionLines(
  { function: { name }, requestId }: FunctionAnswer,
  region: string,
  terminal: Terminal,
): string[] {
  const parts = [`${name} in ${region}`, `request ${requestId}`];
  const { columns, colors } = terminal;
  const line = parts.join(", ");
  return (stringWidth(line) <= columns ? [line] : parts).map((part) => colors.dim(printable(part)));
}

function withStatus(status: RunReport["status"], reason: string): string {
  // A refusal says so itself.
  return status === "refused" ? reason : `${status === "skipped" ? "Skipped" : "Failed"}: ${reason}`;
}

/** A request has gained keys over time. */
function isOlder({ status, reason = "" }: RunReport): boolean {
  return status === "refused" && reason.includes("Unknown key");
}

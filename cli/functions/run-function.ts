import type { RunReport } from "../../schedule/report";
import type { Action, StartStopRequest } from "../../schedule/request";
import { AwsError } from "../aws/aws-error";
import type { Clock } from "../command-environment";
import type { Deployment } from "../deployment/deployment";
import type { Tell } from "../progress";
import type { RunReader } from "../runs/function-run";
import { readRunReport } from "../runs/run-report-line";
import type { DeployedFunction, FunctionInvoker, FunctionReader, Invocation } from "./functions";
import { functionFor } from "./not-deployed";

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
  tell: Tell,
): Promise<FunctionAnswer> {
  const deployed = await functionFor(tools.functions, deployment, action);
  tell(`${deployed.name} runs (it may take ${deployed.timeoutSeconds} s)`);
  const invocation = await tools.functions.invoke(deployed, request);
  const { requestId } = invocation;
  const report = reportWithin(invocation);
  if (report !== undefined) return { function: deployed, requestId, report };
  if (invocation.ending.kind !== "threw") {
    return { function: deployed, requestId, failure: endingText(deployed, invocation) };
  }
  tell("Its report is longer than what Lambda gives back: reading its log");
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

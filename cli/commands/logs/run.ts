import { TIMEZONE } from "../../../contract/limits";
import { MINUTE_MS } from "../../../contract/units";
import { AwsError, isTransient } from "../../aws/call";
import { AwsLogEvents, type LogEventReader } from "../../aws/logs";
import { type CommandContext, waitForAbort } from "../../context";
import { type Deployment, readDeployment } from "../../deployment/deployment";
import { formatJsonLine, printJson } from "../../json";
import { type OperatingOptions, parseSince } from "../../options";
import { LogRuns, RunFollower } from "../../runs/follow";
import { type FunctionRun, isFailedRun } from "../../runs/run";
import { wrapParagraph } from "../../terminal/text";
import { logsJson, reportedRunJson } from "./json";
import { RunRenderer } from "./run-renderer";
import { type ActionRun, type LogsSubject, resolveScope, selectRuns, sortByTime } from "./scope";
import { describeMissingLog, renderLogs, renderTitle } from "./text";

export interface LogsOptions extends OperatingOptions {
  readonly since: string;
  readonly follow?: boolean;
  readonly failed?: boolean;
  readonly verbose?: boolean;
}

export type OpenLogEvents = (deployment: Deployment) => LogEventReader;

/**
 * Prints the runs of a deployment's functions.
 * @throws {InputError} for options that cannot be
 * @throws {AwsError}
 */
export async function runLogs(
  schedule: string | undefined,
  options: LogsOptions,
  context: CommandContext,
  open: OpenLogEvents = ({ aws }) => new AwsLogEvents(aws),
): Promise<void> {
  const now = context.now();
  const deployment = await readDeployment(options, context, now);
  const timezone = deployment.config.timezone ?? TIMEZONE.default;
  const subject: LogsSubject = {
    scope: resolveScope(deployment, schedule, options.failed ?? false),
    plan: deployment.plan,
    period: { from: parseSince(options.since, now, timezone), to: now },
    region: deployment.aws.region,
    timezone,
    verbose: options.verbose ?? false,
    terminal: context,
  };
  const show = options.follow ? followRuns : listRuns;
  await show(subject, options, context, open(deployment));
}

async function listRuns(
  subject: LogsSubject,
  { json }: LogsOptions,
  context: CommandContext,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region } = subject;
  const reader = new LogRuns(events, context);
  const read = await context.progress(
    `CloudWatch Logs of ${scope.functions.map(({ name }) => name).join(", ")}`,
    () =>
      Promise.all(
        scope.functions.map(async ({ name, action }) => {
          const runs = await reader.runs(name, { from: period.from });
          return { name, runs: runs && selectRuns(scope, runs, action) };
        }),
      ),
  );
  const missing = new Set(read.filter(({ runs }) => runs === undefined).map(({ name }) => name));
  const [first] = missing;
  if (first !== undefined && missing.size === read.length)
    throw new AwsError(describeMissingLog(first, region));
  const runs = sortByTime(read.flatMap(({ runs }) => runs ?? []));
  if (json) printJson(context, logsJson(subject, missing, runs));
  else context.out(renderLogs(subject, missing, runs));
  if (runs.some(isFailedRun)) context.reportUnhealthy();
}

async function followRuns(
  subject: LogsSubject,
  { json }: LogsOptions,
  context: CommandContext,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region } = subject;
  const { columns } = context;
  const linesFor = json ? renderJsonLines : createTextRenderer(subject);
  const missing = new Set<string>();
  const show = (logs: readonly FollowedLog[]) => {
    const runs = logs.flatMap(({ functionName, runs = [] }) => {
      const action = scope.functions.find(({ name }) => name === functionName)?.action;
      return action === undefined ? [] : selectRuns(scope, runs, action);
    });
    const lines = linesFor(sortByTime(runs));
    for (const { functionName, runs } of logs) {
      if (runs !== undefined || missing.has(functionName)) continue;
      missing.add(functionName);
      if (!json)
        lines.push(
          ...wrapParagraph(`Waiting: ${describeMissingLog(functionName, region)}`, columns, { hanging: 2 }),
        );
    }
    if (lines.length > 0) context.out(`${lines.join("\n")}\n`);
  };
  if (!json) context.out(`${wrapParagraph(renderTitle(subject, true), columns).join("\n")}\n`);
  const followers = scope.functions.map(({ name }) => new RunFollower(name, events, period.from));
  await followLogs(followers, show, context);
}

function renderJsonLines(runs: readonly ActionRun[]): string[] {
  return runs.map((run) => formatJsonLine(reportedRunJson(run)));
}

function createTextRenderer(subject: LogsSubject): (runs: readonly ActionRun[]) => string[] {
  const lines = new RunRenderer(subject);
  return (runs) => lines.render(runs);
}

const INTERVAL_MS = 5_000;
const MAX_INTERVAL_MS = MINUTE_MS;
/** About 15 minutes of errors; then they are not transient. */
const MAX_ERRORS = 20;

/** The runs read from one function's log. */
export interface FollowedLog {
  readonly functionName: string;
  /** undefined: there is no log group. */
  readonly runs: readonly FunctionRun[] | undefined;
}

/**
 * Reads the logs every few seconds until interrupted; more slowly while AWS throttles or the network is down.
 * @throws {AwsError} on non-transient errors
 */
export async function followLogs(
  followers: readonly RunFollower[],
  show: (logs: readonly FollowedLog[]) => void,
  context: Pick<CommandContext, "now" | "sleep" | "onInterrupt" | "progress">,
): Promise<void> {
  const interrupted = context.onInterrupt();
  const interruption = waitForAbort(interrupted);
  let errors = 0;
  while (!interrupted.aborted) {
    const polls = followers.map(async (follower) => ({
      functionName: follower.functionName,
      runs: await follower.poll(context.now()),
    }));
    const reads = await Promise.race([Promise.allSettled(polls), interruption]);
    if (reads === undefined) return;
    // Shown first, so that an error with one log does not lose the runs of the other.
    show(reads.flatMap((read) => (read.status === "fulfilled" ? [read.value] : [])));
    const error = reads.find((read) => read.status === "rejected");
    errors = error === undefined ? 0 : errors + 1;
    if (error !== undefined && (!isTransient(error.reason) || errors > MAX_ERRORS)) throw error.reason;
    const wait = () => context.sleep(Math.min(INTERVAL_MS * 2 ** errors, MAX_INTERVAL_MS), interrupted);
    await (error === undefined ? wait() : context.progress("CloudWatch Logs does not answer: waiting", wait));
  }
}

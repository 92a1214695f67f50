import type { Action } from "../../../contract/actions";
import { outcomeOf, type RunOutcome as ReportedOutcome } from "../../../contract/report";
import { AwsError, isTransient } from "../../aws/call";
import { AwsLogEvents } from "../../aws/logs";
import type { CommandContext } from "../../context";
import { type Deployment, readDeployment, schedulesNamed } from "../../deployment/deployment";
import { type OperatingOptions, parseSince } from "../../options";
import { LogRuns, RunFollower } from "../../runs/follow";
import type { LogEventReader } from "../../runs/parse";
import type { FunctionRun } from "../../runs/run";
import { paragraph } from "../../terminal/text";
import { DEFAULT_SINCE } from "./command";
import { logsJson, runJson } from "./json";
import { type LogsSubject, logsText, missingText, runLines, titleOf } from "./text";

export interface LogsOptions extends OperatingOptions {
  readonly since?: string;
  readonly follow?: boolean;
  readonly failed?: boolean;
  readonly verbose?: boolean;
}

export type OpenLogEvents = (deployment: Deployment) => LogEventReader;

/**
 * Tells the runs of a deployment's functions.
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
  const timezone = deployment.config.timezone ?? "UTC";
  const subject: LogsSubject = {
    scope: logsScope(deployment, schedule, options.failed ?? false),
    plan: deployment.plan,
    period: { from: parseSince(options.since ?? DEFAULT_SINCE, now, timezone), to: now },
    region: deployment.aws.region,
    timezone,
    verbose: options.verbose ?? false,
    terminal: context,
  };
  const show = options.follow ? follow : list;
  await show(subject, options, context, open(deployment));
}

async function list(
  subject: LogsSubject,
  { json }: LogsOptions,
  context: CommandContext,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region, timezone } = subject;
  const reader = new LogRuns(events, context);
  const read = await context.progress(
    `CloudWatch Logs of ${scope.functions.map(({ name }) => name).join(", ")}`,
    () =>
      Promise.all(
        scope.functions.map(async ({ name, action }) => {
          const runs = await reader.runs(name, { from: period.from });
          return { name, runs: runs && inScope(scope, runs, action) };
        }),
      ),
  );
  const missing = new Set(read.filter(({ runs }) => runs === undefined).map(({ name }) => name));
  const [first] = missing;
  if (first !== undefined && missing.size === read.length) throw new AwsError(missingText(first, region));
  const runs = byTime(read.flatMap(({ runs }) => runs ?? []));
  context.out(
    json
      ? `${JSON.stringify(logsJson(scope, missing, runs, period, timezone), null, 2)}\n`
      : logsText(subject, missing, runs),
  );
  if (runs.some(hasFailed)) context.reportUnhealthy();
}

async function follow(
  subject: LogsSubject,
  { json }: LogsOptions,
  context: CommandContext,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region } = subject;
  const { columns } = context;
  const tell = json ? jsonLines : textLines(subject);
  const missing = new Set<string>();
  const show = (logs: readonly FollowedLog[]) => {
    const runs = logs.flatMap(({ functionName, runs = [] }) => {
      const action = scope.functions.find(({ name }) => name === functionName)?.action;
      return action === undefined ? [] : inScope(scope, runs, action);
    });
    const lines = tell(byTime(runs));
    for (const { functionName, runs } of logs) {
      if (runs !== undefined || missing.has(functionName)) continue;
      missing.add(functionName);
      if (!json)
        lines.push(...paragraph(`Waiting: ${missingText(functionName, region)}`, columns, { hanging: 2 }));
    }
    if (lines.length > 0) context.out(`${lines.join("\n")}\n`);
  };
  if (!json) context.out(`${paragraph(titleOf(subject, true), columns).join("\n")}\n`);
  const followers = scope.functions.map(({ name }) => new RunFollower(name, events, period.from));
  await followLogs(followers, show, context);
}

function jsonLines(runs: readonly ShownRun[]): string[] {
  return runs.map((run) => JSON.stringify(runJson(run)));
}

function textLines(subject: LogsSubject): (runs: readonly ShownRun[]) => string[] {
  const lines = runLines(subject);
  return (runs) => lines.of(runs);
}

const EVERY_MS = 5_000;
const SLOWEST_MS = 60_000;
/** About a quarter of an hour of faults: then it is no passing one. */
const MOST_FAULTS = 20;

/** What a look at a function's log came to. */
export interface FollowedLog {
  readonly functionName: string;
  /** undefined: there is no log group. */
  readonly runs: readonly FunctionRun[] | undefined;
}

/**
 * Looks at the logs every few seconds until it is interrupted; more slowly while AWS throttles or the network is gone.
 * @throws {AwsError} for what does not pass by itself
 */
export async function followLogs(
  followers: readonly RunFollower[],
  show: (logs: readonly FollowedLog[]) => void,
  context: Pick<CommandContext, "now" | "sleep" | "onInterrupt" | "progress">,
): Promise<void> {
  const interrupted = context.onInterrupt();
  let faults = 0;
  while (!interrupted.aborted) {
    const looks = await Promise.allSettled(
      followers.map(async (follower) => ({
        functionName: follower.functionName,
        runs: await follower.poll(context.now()),
      })),
    );
    // What one log gave would be lost if a fault with the other ended it here.
    show(looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : [])));
    const fault = looks.find((look) => look.status === "rejected");
    faults = fault === undefined ? 0 : faults + 1;
    if (fault !== undefined && (!isTransient(fault.reason) || faults > MOST_FAULTS)) throw fault.reason;
    const wait = () => context.sleep(Math.min(EVERY_MS * 2 ** faults, SLOWEST_MS), interrupted);
    await (fault === undefined ? wait() : context.progress("CloudWatch Logs does not answer: waiting", wait));
  }
}

/** Which runs are asked for. */
export interface LogsScope {
  /** Functions whose logs are read. */
  readonly functions: readonly { readonly name: string; readonly action: Action }[];
  /** Names of schedules as deployed; undefined: all, and runs of no schedule, too. */
  readonly schedules: ReadonlySet<string> | undefined;
  readonly onlyFailed: boolean;
}

/**
 * @param schedule its name as deployed, or its key in the config
 * @throws {InputError} for a schedule that the config does not have
 */
export function logsScope(
  deployment: Deployment,
  schedule: string | undefined,
  onlyFailed: boolean,
): LogsScope {
  const { names, actions } = deployment;
  const named = schedule === undefined ? undefined : schedulesNamed(deployment, schedule);
  return {
    functions: actions
      .filter((action) => named === undefined || named.some((planned) => planned.action === action))
      .map((action) => ({ name: names.functions[action], action })),
    schedules: named && new Set(named.map(({ name }) => name)),
    onlyFailed,
  };
}

/** The runs of one function that are asked for, as they are told. */
export function inScope(
  { schedules, onlyFailed }: LogsScope,
  runs: readonly FunctionRun[],
  action: Action,
): ShownRun[] {
  return runs
    .map((run) => shownRun(run, action))
    .filter((run) => {
      // Nobody knows of which schedule a run without a report was: it may be the one that is asked for.
      const asked = schedules === undefined || run.schedule === undefined || schedules.has(run.schedule);
      return asked && (!onlyFailed || hasFailed(run));
    });
}

export function byTime(runs: readonly ShownRun[]): ShownRun[] {
  return [...runs].sort((a, b) => +a.startedAt - +b.startedAt);
}

/** How a run ended, in a word or two. */
export type RunOutcome = ReportedOutcome | "timed out" | "crashed" | "no report" | "running";

/** A run as it is told. */
export interface ShownRun extends FunctionRun {
  /** Unknown where there is no report: what a trigger asked for is not logged. */
  readonly schedule?: string;
  readonly action: Action;
  readonly outcome: RunOutcome;
}

const FAILED: readonly RunOutcome[] = ["failed", "refused", "timed out", "crashed"];
/** What a report says where the request could not be read. */
const UNKNOWN_SCHEDULE = "unknown";

export function shownRun(run: FunctionRun, action: Action): ShownRun {
  const schedule = run.report?.schedule;
  return {
    ...run,
    ...(schedule === undefined || schedule === UNKNOWN_SCHEDULE ? {} : { schedule }),
    action,
    outcome: runOutcome(run),
  };
}

/** Whether somebody should look into it. */
export function hasFailed({ outcome }: ShownRun): boolean {
  return FAILED.includes(outcome);
}

function runOutcome({ ending, report }: FunctionRun): RunOutcome {
  if (ending === "timed-out") return "timed out";
  if (ending === "unreported") return "no report";
  if (ending !== "reported" || report === undefined) return ending === "running" ? "running" : "crashed";
  return outcomeOf(report);
}

import { AwsError } from "../aws/aws-error";
import type { CommandEnvironment } from "../command-environment";
import { type Deployment, readDeployment } from "../deployment/deployment";
import type { OperatingOptions } from "../operating-options";
import { RunFollower } from "../runs/follow-runs";
import type { LogEventReader } from "../runs/log-event";
import { LogRuns } from "../runs/log-runs";
import { parseSince } from "../since";
import { paragraph } from "../wrap";
import { type FollowedLog, followLogs } from "./follow-logs";
import { logsJson, runJson } from "./logs-json";
import { byTime, inScope, logsScope } from "./logs-scope";
import { type LogsSubject, logsText, missingText, runLines, titleOf } from "./logs-text";
import { hasFailed, type ShownRun } from "./shown-run";

export interface LogsOptions extends OperatingOptions {
  readonly since?: string;
  readonly follow?: boolean;
  readonly failed?: boolean;
  readonly verbose?: boolean;
}

export type OpenLogEvents = (deployment: Deployment) => LogEventReader;

const DEFAULT_SINCE = "24h";

/**
 * Tells the runs of a deployment's functions.
 * @throws {InputError} for options that cannot be
 * @throws {AwsError}
 */
export async function runLogs(
  schedule: string | undefined,
  options: LogsOptions,
  environment: CommandEnvironment,
  open: OpenLogEvents,
): Promise<void> {
  const now = environment.clock.now();
  const deployment = await readDeployment(options, environment.variables, now);
  const timezone = deployment.config.timezone ?? "UTC";
  const subject: LogsSubject = {
    scope: logsScope(deployment, schedule, options.failed ?? false),
    plan: deployment.plan,
    period: { from: parseSince(options.since ?? DEFAULT_SINCE, now, timezone), to: now },
    region: deployment.aws.region,
    timezone,
    verbose: options.verbose ?? false,
    terminal: environment.terminal,
  };
  const show = options.follow ? follow : list;
  await show(subject, options, environment, open(deployment));
}

async function list(
  subject: LogsSubject,
  { json }: LogsOptions,
  { clock, progress, write, notAsItShouldBe }: CommandEnvironment,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region, timezone } = subject;
  const reader = new LogRuns(events, clock);
  const read = await progress(
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
  write(
    json
      ? `${JSON.stringify(logsJson(scope, missing, runs, period, timezone), null, 2)}\n`
      : logsText(subject, missing, runs),
  );
  if (runs.some(hasFailed)) notAsItShouldBe();
}

async function follow(
  subject: LogsSubject,
  { json }: LogsOptions,
  environment: CommandEnvironment,
  events: LogEventReader,
): Promise<void> {
  const { scope, period, region } = subject;
  const { columns } = environment.terminal;
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
    if (lines.length > 0) environment.write(`${lines.join("\n")}\n`);
  };
  if (!json) environment.write(`${paragraph(titleOf(subject, true), columns).join("\n")}\n`);
  const followers = scope.functions.map(({ name }) => new RunFollower(name, events, period.from));
  await followLogs(followers, show, environment);
}

function jsonLines(runs: readonly ShownRun[]): string[] {
  return runs.map((run) => JSON.stringify(runJson(run)));
}

function textLines(subject: LogsSubject): (runs: readonly ShownRun[]) => string[] {
  const lines = runLines(subject);
  return (runs) => lines.of(runs);
}

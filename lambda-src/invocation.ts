import { DELIVERY_PERMISSIONS } from "../contract/actions";
import { metricValues } from "../contract/metrics";
import { countOutcomes, countServices, throws } from "../contract/report";
import { actsAt, decide } from "./decide";
import { describeFault, readFault } from "./faults";
import { FiringLog, logBegun } from "./firings";
import { type FollowUps, makeFollowUps } from "./follow-ups";
import { embedMetrics } from "./metrics";
import { fitLogEvent, logLevelOf, type Report, StartStopError } from "./report";
import {
  changesNothing,
  isWatch,
  RequestError,
  type RunRequest,
  readFollowUpDeployment,
  readRequest,
} from "./request";
import { EMPTY_RESULT, type RunResult, runRegions } from "./run-regions";
import type { Log, Runtime } from "./runtime";
import { readSettings, type Settings } from "./settings";
import type { WatchReport } from "./watch";

/** The part of Lambda's context that the function reads. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  /** ARN by which the function was invoked: with its alias or version, if it has one. */
  readonly invokedFunctionArn?: string;
  getRemainingTimeInMillis?(): number;
}

/** The share of Lambda's time that is reserved for writing the report, up to `MAX_RESERVE_MS`. */
const RESERVE_SHARE = 0.2;
const MAX_RESERVE_MS = 2_500;
/** The share of the run's time that is reserved for events and messages, up to `MAX_EVENTS_MS`. */
const EVENTS_SHARE = 0.2;
const MAX_EVENTS_MS = 15_000;
/** The time limit of a caller that sets none, such as a local run. */
const DEFAULT_TIME_MS = 60_000;

/**
 * Handles one invocation: reads the request, decides whether to run it, runs it in all its regions at once and reports.
 * Throws when anything failed, is unconfirmed or pending, so that Lambda counts an error and retries. The event of the watch
 * is no request.
 */
export async function invoke(
  event: unknown,
  context: InvocationContext,
  runtime: Runtime,
): Promise<Report | WatchReport> {
  const startedAt = runtime.clock.now();
  const settings = readSettings(runtime.environment);
  const firingLog = new FiringLog(settings, context.awsRequestId ?? "", runtime);
  if (isWatch(event)) {
    const { runWatch } = await import("./watch");
    return runWatch(event, settings, startedAt, firingLog);
  }
  logBegun(event, settings, firingLog);
  const deadline = deadlineOf(context, startedAt);
  const sendsOutcomes = settings.events || settings.onSuccess;
  const runDeadline = sendsOutcomes ? reserveForSending(deadline, startedAt) : deadline;
  const write = async (request: RunRequest | undefined, result: RunResult) => {
    const report = makeReport(request, result, settings, context, startedAt, runtime.clock.now());
    runtime.writeLine(JSON.stringify(report));
    // What changes nothing has no outcomes for others to act on.
    if (settings.events && !(request && changesNothing(request)))
      await sendEvents(report, result, settings, deadline, runtime, log);
    if (settings.onSuccess && request && !changesNothing(request) && hasSuccessMessage(request, report))
      await sendSuccess(request, report, result, settings, deadline, runtime, log);
    return report;
  };
  const log: Log = (entry) =>
    runtime.writeLine(
      JSON.stringify({ ...entry, schedule: request?.schedule, requestId: context.awsRequestId }),
    );
  let request: RunRequest | undefined;
  let result: RunResult;
  try {
    request = readRequest(event, settings);
    const deployment = readFollowUpDeployment(settings);
    const decision = decide(request, startedAt);
    const followUps = makeFollowUps({
      request,
      deployment,
      functionArn: context.invokedFunctionArn ?? "",
      requestId: context.awsRequestId ?? "",
      deadline: runDeadline,
      runtime,
    });
    result = decision.proceed
      ? await run(request, settings, runDeadline, followUps, runtime, log)
      : { ...EMPTY_RESULT, status: "skipped", reason: decision.reason, late: decision.late };
  } catch (error) {
    const status = error instanceof RequestError ? "refused" : "failed";
    await write(request, {
      ...EMPTY_RESULT,
      status,
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
  const report = await write(request, result);
  if (throws(report)) throw new StartStopError(report);
  return report;
}

/** Runs a request, or warns of the stop. */
async function run(
  request: RunRequest,
  settings: Settings,
  deadline: number,
  followUps: FollowUps,
  runtime: Runtime,
  log: Log,
): Promise<RunResult> {
  if (request.warnMinutes === undefined)
    return runRegions(request, settings, deadline, followUps, runtime, log);
  const { warnOfStop } = await import("./notifications/messages");
  return warnOfStop(request, actsAt(request, runtime.clock.now()), settings, deadline, runtime, log);
}

/** Puts the outcomes on the event bus. An error here is a warning in the log, and fails no run. */
async function sendEvents(
  report: Report,
  result: RunResult,
  { region }: Settings,
  deadline: number,
  { clock, random, connectEvents }: Runtime,
  log: Log,
): Promise<void> {
  const warn = (message: string) =>
    log({ level: "WARN", timestamp: new Date(clock.now()).toISOString(), message });
  try {
    const { eventsOf, putEvents } = await import("./notifications/events");
    const api = await connectEvents(region);
    const warning = await putEvents(eventsOf(report, result), { api, clock, random, deadline });
    if (warning !== undefined) warn(warning);
  } catch (error) {
    warn(`no event was put on the event bus: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * Whether the topic gets a message about a run: about a firing that changed something and failed in nothing. Runs by hand,
 * which have no scheduled time, and firings that found everything as it should be have none.
 */
function hasSuccessMessage({ scheduledTime }: RunRequest, { status, counts }: Report): boolean {
  return scheduledTime !== undefined && (status === "ok" || status === "unfinished") && counts.done > 0;
}

/** Publishes to the topic what a firing has started or stopped. An error here is a warning in the log, and fails no run. */
async function sendSuccess(
  request: RunRequest,
  report: Report,
  { instances, followUps = [], names = new Map() }: RunResult,
  { topicArn = "" }: Settings,
  deadline: number,
  runtime: Runtime,
  log: Log,
): Promise<void> {
  try {
    const { publishSuccess } = await import("./notifications/messages");
    // The report may list fewer of them.
    await publishSuccess(request, { ...report, instances, followUps }, names, topicArn, deadline, runtime);
  } catch (error) {
    const reason = describeFault(DELIVERY_PERMISSIONS.notify, readFault(error));
    const message = `the message on success was not published: ${reason}`;
    log({ level: "WARN", timestamp: new Date(runtime.clock.now()).toISOString(), message });
  }
}

function reserveForSending(deadline: number, now: number): number {
  return deadline - Math.min(MAX_EVENTS_MS, (deadline - now) * EVENTS_SHARE);
}

function deadlineOf(context: InvocationContext, now: number): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? DEFAULT_TIME_MS;
  return now + remaining - Math.min(MAX_RESERVE_MS, remaining * RESERVE_SHARE);
}

function makeReport(
  request: RunRequest | undefined,
  { late, names: _, ...result }: RunResult,
  settings: Settings,
  context: InvocationContext,
  startedAt: number,
  now: number,
): Report {
  const { action, functionName } = settings;
  const schedule = request?.schedule ?? "unknown";
  const counts = countOutcomes(result);
  const services = countServices(result);
  const values = metricValues({ counts, services, late: late ?? false });
  const outcome = {
    counts,
    ...(request?.targets.some(({ checks }) => checks.length > 0) ? { services } : {}),
  };
  return fitLogEvent({
    level: logLevelOf(
      { status: result.status, ...outcome },
      { late: late ?? false, minimum: settings.logLevel },
    ),
    timestamp: new Date(now).toISOString(),
    ...embedMetrics({ FunctionName: functionName, Action: action, Schedule: schedule }, values, startedAt),
    schedule,
    action,
    ...(request?.scheduledTime ? { scheduledTime: request.scheduledTime } : {}),
    requestId: context.awsRequestId ?? "",
    dryRun: request?.dryRun ?? false,
    ...outcome,
    ...result,
    durationSeconds: Math.round((now - startedAt) / 10) / 100,
  });
}

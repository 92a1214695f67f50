import { metricValues } from "../contract/metrics";
import { countOutcomes, countServices, throws } from "../contract/report";
import { decide } from "./decide";
import { makeFollowUps } from "./lazy-follow-ups";
import { embedMetrics } from "./metrics";
import { fitLogEvent, logLevelOf, type Report, StartStopError } from "./report";
import { RequestError, type RunRequest, readFollowUpDeployment, readRequest } from "./request";
import { EMPTY_RESULT, type RunResult, runRegions } from "./run-regions";
import type { Log, Runtime } from "./runtime";
import { readSettings, type Settings } from "./settings";

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
/** The time limit of a caller that sets none, such as a local run. */
const DEFAULT_TIME_MS = 60_000;

/**
 * Handles one invocation: reads the request, decides whether to run it, runs it in all its regions at once and reports.
 * Throws when anything failed, is unconfirmed or pending, so that Lambda counts an error and retries.
 */
export async function invoke(event: unknown, context: InvocationContext, runtime: Runtime): Promise<Report> {
  const startedAt = runtime.clock.now();
  const settings = readSettings(runtime.environment);
  const write = (request: RunRequest | undefined, result: RunResult) => {
    const report = makeReport(request, result, settings, context, startedAt, runtime.clock.now());
    runtime.writeLine(JSON.stringify(report));
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
    const deadline = deadlineOf(context, startedAt);
    const followUps = makeFollowUps({
      request,
      deployment,
      functionArn: context.invokedFunctionArn ?? "",
      requestId: context.awsRequestId ?? "",
      deadline,
      runtime,
    });
    result = decision.proceed
      ? await runRegions(request, settings, deadline, followUps, runtime, log)
      : { ...EMPTY_RESULT, status: "skipped", reason: decision.reason, late: decision.late };
  } catch (error) {
    const status = error instanceof RequestError ? "refused" : "failed";
    write(request, {
      ...EMPTY_RESULT,
      status,
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
  const report = write(request, result);
  if (throws(report)) throw new StartStopError(report);
  return report;
}

function deadlineOf(context: InvocationContext, now: number): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? DEFAULT_TIME_MS;
  return now + remaining - Math.min(MAX_RESERVE_MS, remaining * RESERVE_SHARE);
}

function makeReport(
  request: RunRequest | undefined,
  { late, ...result }: RunResult,
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

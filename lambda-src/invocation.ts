import { metricValues } from "../contract/metrics";
import { countOutcomes, countServices, throws } from "../contract/report";
import type { StartStopRequest } from "../contract/request";
import { decide } from "./decide";
import { embedMetrics } from "./metrics";
import { fitLogEvent, type Report, StartStopError } from "./report";
import { RequestError, readRequest } from "./request";
import { carryOut, type Findings, NOTHING_FOUND } from "./run-regions";
import type { Surroundings } from "./runtime";
import { readSettings, type Settings } from "./settings";

/** The part of Lambda's context that the function reads. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/** Kept back of Lambda's time for the report: a part of it, up to a limit. */
const RESERVE_SHARE = 0.2;
const MOST_RESERVE_MS = 2_500;
/** For a caller that gives no time limit, such as a local run. */
const DEFAULT_TIME_MS = 60_000;

/**
 * One invocation: reads the request, decides, acts in all its regions side by side, reports, and throws when
 * anything failed, is unconfirmed or pending, so that Lambda's error metric, retries and alarms see it.
 */
export async function invoke(
  event: unknown,
  context: InvocationContext,
  world: Surroundings,
): Promise<Report> {
  const begun = world.clock.now();
  const settings = readSettings(world.environment);
  const write = (request: StartStopRequest | undefined, findings: Findings) => {
    const report = makeReport(request, findings, settings, context, begun, world.clock.now());
    world.writeLine(JSON.stringify(report));
    return report;
  };
  let request: StartStopRequest | undefined;
  let findings: Findings;
  try {
    request = readRequest(event, settings);
    const decision = decide(request, begun);
    findings = decision.proceed
      ? await carryOut(request, settings, deadlineOf(context, begun), world)
      : { ...NOTHING_FOUND, status: "skipped", reason: decision.reason, late: decision.late };
  } catch (error) {
    const status = error instanceof RequestError ? "refused" : "failed";
    write(request, {
      ...NOTHING_FOUND,
      status,
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
  const report = write(request, findings);
  if (throws(report)) throw new StartStopError(report);
  return report;
}

function deadlineOf(context: InvocationContext, now: number): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? DEFAULT_TIME_MS;
  return now + remaining - Math.min(MOST_RESERVE_MS, remaining * RESERVE_SHARE);
}

function makeReport(
  request: StartStopRequest | undefined,
  { late, ...findings }: Findings,
  settings: Settings,
  context: InvocationContext,
  begun: number,
  now: number,
): Report {
  const { action, functionName } = settings;
  const schedule = request?.schedule ?? "unknown";
  const counts = countOutcomes(findings);
  const services = countServices(findings);
  const values = metricValues({ counts, services, late: late ?? false });
  return fitLogEvent({
    ...embedMetrics({ FunctionName: functionName, Action: action, Schedule: schedule }, values, begun),
    schedule,
    action,
    ...(request?.scheduledTime ? { scheduledTime: request.scheduledTime } : {}),
    requestId: context.awsRequestId ?? "",
    dryRun: request?.dryRun ?? false,
    counts,
    ...(request?.targets.some(({ checks }) => checks) ? { services } : {}),
    ...findings,
    durationSeconds: Math.round((now - begun) / 10) / 100,
  });
}

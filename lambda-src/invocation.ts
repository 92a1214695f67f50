import type { Action, StartStopRequest } from "../schedule/request";
import { type CallCounts, makeCalls } from "./calls";
import type { Clock } from "./clock";
import { decide } from "./decide";
import { discoveryGuard } from "./discovery-guard";
import type { Ec2Api } from "./ec2-api";
import { StartStopError } from "./failure";
import { embedMetrics } from "./metrics";
import { RegionRun } from "./region-run";
import { countOutcomes, fitLogEvent, type InstanceReport, type RegionError, type Report } from "./report";
import { RequestError, readRequest } from "./request";
import { readSettings, type Settings } from "./settings";

/** What the function takes from the world outside. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly connect: (region: string) => Ec2Api;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  readonly writeLine: (line: string) => void;
}

/** The part of Lambda's context that the function reads. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/** Kept back of Lambda's time for the report: a part of it, up to a limit. */
const RESERVE_SHARE = 0.2;
const MOST_RESERVE_MS = 2_500;
/** How much of the reserve a run may use that has not ended by its deadline. */
const MOST_GRACE_MS = 1_000;
const GRACE_SHARE = 0.1;
/** For a caller that gives no time limit, such as a local run. */
const DEFAULT_TIME_MS = 60_000;
/** How much of its time a run waits for slow regions before the others go on. */
const PATIENCE_SHARE = 0.25;

type Findings = Pick<Report, "status" | "errors" | "warnings" | "instances" | "calls"> & {
  readonly reason?: string;
  readonly late?: boolean;
};

const NOTHING: Omit<Findings, "status"> = {
  errors: [],
  warnings: [],
  instances: [],
  calls: { describe: 0, start: 0, stop: 0 },
};

/**
 * One invocation: reads the request, decides, acts in all its regions side by side, reports, and throws when
 * anything failed or is unconfirmed, so that Lambda's error metric, retries and alarms see it.
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
      : { ...NOTHING, status: "skipped", reason: decision.reason, late: decision.late };
  } catch (error) {
    const status = error instanceof RequestError ? "refused" : "failed";
    write(request, { ...NOTHING, status, reason: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  const report = write(request, findings);
  if (report.status === "failed") throw new StartStopError(report);
  return report;
}

function deadlineOf(context: InvocationContext, now: number): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? DEFAULT_TIME_MS;
  return now + remaining - Math.min(MOST_RESERVE_MS, remaining * RESERVE_SHARE);
}

async function carryOut(
  request: StartStopRequest,
  settings: Settings,
  deadline: number,
  { clock, random, connect }: Surroundings,
): Promise<Findings> {
  const regions = [...new Set(request.targets.map(({ region }) => region))];
  const patience = (deadline - clock.now()) * PATIENCE_SHARE;
  const guard = discoveryGuard(regions, settings.maxInstances, clock, patience);
  const runs = regions.map(
    (region) =>
      new RegionRun({
        region,
        targets: request.targets.filter((target) => target.region === region),
        action: request.action,
        hibernate: request.action === "stop" && request.hibernate === true,
        dryRun: request.dryRun === true,
        holdTag: settings.holdTag,
        calls: makeCalls(connect(region), clock, random, deadline),
        clock,
        random,
        deadline,
        guard,
      }),
  );
  const grace = Math.min(MOST_GRACE_MS, (deadline - clock.now()) * GRACE_SHARE);
  await cutOff(Promise.all(runs.map((run) => run.run())), deadline + grace, clock);
  for (const run of runs) run.close();
  return findingsOf(runs);
}

/** Everything in a run minds the deadline by itself; this holds even where something does not. */
async function cutOff(work: Promise<unknown>, time: number, clock: Clock): Promise<void> {
  const finished = new AbortController();
  await Promise.race([
    work.finally(() => finished.abort()),
    clock.sleep(time - clock.now(), finished.signal),
  ]);
}

function findingsOf(runs: readonly RegionRun[]): Findings {
  const instances = runs.flatMap(instancesOf);
  const errors: RegionError[] = runs.flatMap(({ region, errors }) =>
    errors.map((reason) => ({ region, reason })),
  );
  const failed =
    errors.length > 0 || instances.some(({ outcome }) => outcome === "failed" || outcome === "unconfirmed");
  return {
    status: failed ? "failed" : "ok",
    errors,
    warnings: runs.flatMap(({ region, warnings }) => warnings.map((warning) => `${region}: ${warning}`)),
    instances,
    calls: runs.map(({ counts }) => counts).reduce(addCounts, NOTHING.calls),
  };
}

function addCounts(a: Readonly<CallCounts>, b: Readonly<CallCounts>): CallCounts {
  return { describe: a.describe + b.describe, start: a.start + b.start, stop: a.stop + b.stop };
}

function instancesOf({ region, candidates, missing }: RegionRun): InstanceReport[] {
  const unknown = [...missing].map(
    ([instanceId, reason]) => ({ instanceId, region, outcome: "failed", reason }) as const,
  );
  const known = candidates.map(({ instanceId, before, state, verdict, note }): InstanceReport => {
    const reason = [verdict?.reason, note].filter(Boolean).join("; ");
    return {
      instanceId,
      region,
      stateBefore: before.state,
      stateAfter: state,
      outcome: verdict?.outcome ?? "unconfirmed",
      ...(reason ? { reason } : {}),
    };
  });
  return [...unknown, ...known];
}

function makeReport(
  request: StartStopRequest | undefined,
  { late, ...findings }: Findings,
  settings: Settings,
  context: InvocationContext,
  begun: number,
  now: number,
): Report {
  const counts = countOutcomes(findings.instances, findings.errors);
  const action: Action = settings.action;
  const schedule = request?.schedule ?? "unknown";
  const values = {
    Changed: counts.done,
    AlreadyDone: counts.already,
    Skipped: counts.skipped,
    Failed: counts.failed,
    Unconfirmed: counts.unconfirmed,
    Late: late ? 1 : 0,
  };
  return fitLogEvent({
    ...embedMetrics({ functionName: settings.functionName, action, schedule }, values, now),
    schedule,
    action,
    ...(request?.scheduledTime ? { scheduledTime: request.scheduledTime } : {}),
    requestId: context.awsRequestId ?? "",
    dryRun: request?.dryRun ?? false,
    counts,
    ...findings,
    durationSeconds: Math.round((now - begun) / 10) / 100,
  });
}

import { TIMEZONE } from "../contract/limits";
import { type InstanceReport, type RegionError, statusOf } from "../contract/report";
import { searchedTags } from "../contract/request";
import { CallTimes } from "./call-times";
import { firedAt, latestChange } from "./decide";
import { discoveryGuard } from "./discovery-guard";
import { type CallCounts, makeEc2Calls } from "./ec2-calls";
import type { FollowUps } from "./follow-ups";
import { RegionRun } from "./region-run";
import type { Report } from "./report";
import type { RunRequest } from "./request";
import type { Clock, Log, Runtime } from "./runtime";
import type { Settings } from "./settings";

/** Extra time past the deadline for a region to finish by itself. */
const MAX_GRACE_MS = 1_000;
const GRACE_SHARE = 0.1;
/** The share of a run's time for which regions wait until all have discovered their instances. */
const SLOW_REGION_SHARE = 0.25;

/** The result of a request, before it becomes a report. */
export type RunResult = Pick<
  Report,
  "status" | "errors" | "warnings" | "instances" | "calls" | "followUps"
> & {
  readonly reason?: string;
  readonly late?: boolean;
  /** The tags `Name` of the instances that have one, by their ids. Not part of the report. */
  readonly names?: ReadonlyMap<string, string>;
};

export const EMPTY_RESULT: Omit<RunResult, "status"> = {
  errors: [],
  warnings: [],
  instances: [],
  calls: { describe: 0, start: 0, stop: 0 },
};

/** Runs a request in all its regions at once; returns shortly after the deadline at the latest. */
export async function runRegions(...options: Parameters<typeof runAll>): Promise<RunResult> {
  const [, , , followUps] = options;
  const result = resultOf(await runAll(...options));
  return { ...result, ...(followUps.written.length > 0 ? { followUps: followUps.written } : {}) };
}

/** Does the same, and returns the runs of the regions. With `stopsAt` they change nothing, and find what a stop will reach. */
export async function runAll(
  request: RunRequest & { readonly stopsAt?: number },
  settings: Settings,
  deadline: number,
  followUps: FollowUps,
  { clock, random, connect, connectSsm }: Pick<Runtime, "clock" | "random" | "connect" | "connectSsm">,
  log: Log,
): Promise<RegionRun[]> {
  const regions = [...new Set(request.targets.map(({ region }) => region))];
  const slowRegionTimeoutMs = (deadline - clock.now()) * SLOW_REGION_SHARE;
  const regionsWithTags = request.targets.filter(searchedTags).map(({ region }) => region);
  const guard = discoveryGuard(regionsWithTags, settings.maxInstances, clock, slowRegionTimeoutMs);
  const times = new CallTimes(clock, deadline);
  const runs = regions.map(
    (region) =>
      new RegionRun({
        region,
        targets: request.targets.filter((target) => target.region === region),
        action: request.action,
        hibernate: request.action === "stop" && request.hibernate === true,
        dryRun: request.dryRun === true,
        checkOnly: request.checkOnly === true,
        schedule: request.schedule,
        connectSsm,
        log,
        holdTag: settings.holdTag,
        timezone: request.timezone ?? TIMEZONE.default,
        firedAt: request.stopsAt ?? firedAt(request),
        calls: makeEc2Calls(connect(region), random, times),
        clock,
        random,
        deadline,
        guard,
        followUps,
        stopsAt: request.stopsAt,
        latestChange: latestChange(request, clock.now()),
        resumes: request.followUp?.kind === "resume",
      }),
  );
  const grace = Math.min(MAX_GRACE_MS, (deadline - clock.now()) * GRACE_SHARE);
  await withDeadline(Promise.all(runs.map((run) => run.run())), deadline + grace, clock);
  for (const run of runs) run.close();
  return runs;
}

/** Waits for the work, but not past `time`, even if a region ignores its deadline. */
async function withDeadline(work: Promise<unknown>, time: number, clock: Clock): Promise<void> {
  const finished = new AbortController();
  await Promise.race([
    work.finally(() => finished.abort()),
    clock.sleep(time - clock.now(), finished.signal),
  ]);
}

export function resultOf(runs: readonly RegionRun[]): RunResult {
  const instances = runs.flatMap(instancesOf);
  const errors: RegionError[] = runs.flatMap(({ region, errors }) =>
    errors.map((reason) => ({ region, reason })),
  );
  return {
    status: statusOf({ errors, instances }),
    errors,
    warnings: runs.flatMap(({ region, warnings }) => warnings.map((warning) => `${region}: ${warning}`)),
    instances,
    calls: runs.map(({ counts }) => counts).reduce(addCounts, EMPTY_RESULT.calls),
    names: new Map(
      runs.flatMap(({ candidates }) =>
        candidates.flatMap(({ instanceId, before }) => {
          const name = before.tags.get("Name");
          return name === undefined ? [] : [[instanceId, name] as const];
        }),
      ),
    ),
  };
}

function addCounts(a: Readonly<CallCounts>, b: Readonly<CallCounts>): CallCounts {
  return { describe: a.describe + b.describe, start: a.start + b.start, stop: a.stop + b.stop };
}

function instancesOf({ region, candidates, missing }: RegionRun): InstanceReport[] {
  const unknown = [...missing].map(
    ([instanceId, reason]) => ({ instanceId, region, outcome: "failed", reason }) as const,
  );
  const known = candidates.map(({ instanceId, before, state, result, note, services }): InstanceReport => {
    const reason = [result?.reason, note].filter(Boolean).join("; ");
    return {
      instanceId,
      region,
      stateBefore: before.state,
      stateAfter: state,
      outcome: result?.outcome ?? "unconfirmed",
      ...(reason ? { reason } : {}),
      ...(services ? { services } : {}),
    };
  });
  return [...unknown, ...known];
}

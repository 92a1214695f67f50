import { type InstanceReport, type RegionError, statusOf } from "../contract/report";
import type { StartStopRequest } from "../contract/request";
import { discoveryGuard } from "./discovery-guard";
import { type CallCounts, makeCalls } from "./ec2-calls";
import { RegionRun } from "./region-run";
import type { Report } from "./report";
import type { Clock, Surroundings } from "./runtime";
import type { Settings } from "./settings";

/** How much longer a run may take that has not ended by its deadline. */
const MOST_GRACE_MS = 1_000;
const GRACE_SHARE = 0.1;
/** How much of its time a run waits for slow regions before the others go on. */
const PATIENCE_SHARE = 0.25;

/** What a request came to, before it is made a report. */
export type Findings = Pick<Report, "status" | "errors" | "warnings" | "instances" | "calls"> & {
  readonly reason?: string;
  readonly late?: boolean;
};

export const NOTHING_FOUND: Omit<Findings, "status"> = {
  errors: [],
  warnings: [],
  instances: [],
  calls: { describe: 0, start: 0, stop: 0 },
};

/** Carries a request out in all its regions side by side, and is back soon after the deadline whatever happens. */
export async function carryOut(
  request: StartStopRequest,
  settings: Settings,
  deadline: number,
  { clock, random, connect, connectSsm }: Pick<Surroundings, "clock" | "random" | "connect" | "connectSsm">,
): Promise<Findings> {
  const regions = [...new Set(request.targets.map(({ region }) => region))];
  const patience = (deadline - clock.now()) * PATIENCE_SHARE;
  const withTags = request.targets.filter(({ tags }) => tags).map(({ region }) => region);
  const guard = discoveryGuard(withTags, settings.maxInstances, clock, patience);
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
  return {
    status: statusOf({ errors, instances }),
    errors,
    warnings: runs.flatMap(({ region, warnings }) => warnings.map((warning) => `${region}: ${warning}`)),
    instances,
    calls: runs.map(({ counts }) => counts).reduce(addCounts, NOTHING_FOUND.calls),
  };
}

function addCounts(a: Readonly<CallCounts>, b: Readonly<CallCounts>): CallCounts {
  return { describe: a.describe + b.describe, start: a.start + b.start, stop: a.stop + b.stop };
}

function instancesOf({ region, candidates, missing }: RegionRun): InstanceReport[] {
  const unknown = [...missing].map(
    ([instanceId, reason]) => ({ instanceId, region, outcome: "failed", reason }) as const,
  );
  const known = candidates.map(({ instanceId, before, state, verdict, note, services }): InstanceReport => {
    const reason = [verdict?.reason, note].filter(Boolean).join("; ");
    return {
      instanceId,
      region,
      stateBefore: before.state,
      stateAfter: state,
      outcome: verdict?.outcome ?? "unconfirmed",
      ...(reason ? { reason } : {}),
      ...(services ? { services } : {}),
    };
  });
  return [...unknown, ...known];
}

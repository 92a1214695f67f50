import type { ResolvedTarget, TargetInstance } from "../../cli/instances/instance";
import type { InstanceReport, RunReport } from "../../contract/report";

/** The region of whatever names no other. */
export const REGION = "ap-northeast-2";

/** An instance as the CLI reads it: running, with nothing that keeps the schedules from it. */
export function instance(more: Partial<TargetInstance> = {}): TargetInstance {
  return { instanceId: "i-1", region: REGION, state: "running", tags: {}, volumeIds: [], ...more };
}

/** A target of a config, with the instances that it has in AWS. */
export function target(
  instances: readonly TargetInstance[],
  more: Partial<ResolvedTarget> = {},
): ResolvedTarget {
  return { name: "dev", regions: [REGION], instances, missing: [], emptyRegions: [], ...more };
}

export const NO_COUNTS = { done: 0, already: 0, skipped: 0, failed: 0, unconfirmed: 0, deferred: 0 };

/** What a report says of one instance, by the instance's number: it was stopped. */
export function instanceReport(number: number, changes: Partial<InstanceReport> = {}): InstanceReport {
  return {
    instanceId: `i-${String(number).padStart(17, "0")}`,
    region: REGION,
    stateBefore: "running",
    stateAfter: "stopping",
    outcome: "done",
    ...changes,
  };
}

/** The report of a run of `dev-stop` that went well. */
export function reportOf(requestId: string, changes: Partial<RunReport> = {}): RunReport {
  return {
    schedule: "dev-stop",
    action: "stop",
    scheduledTime: "2026-11-23T11:00:00Z",
    requestId,
    dryRun: false,
    status: "ok",
    counts: { ...NO_COUNTS, done: 2, already: 1 },
    errors: [],
    warnings: [],
    instances: [],
    durationSeconds: 1.39,
    ...changes,
  };
}

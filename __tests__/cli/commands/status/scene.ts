import type { FollowUpsRead } from "../../../../cli/commands/status/follow-ups";
import { computeStatus, type Status, type StatusInput } from "../../../../cli/commands/status/health";
import type { RecentRuns } from "../../../../cli/commands/status/recent-runs";
import type { ResolvedTarget } from "../../../../cli/instances/instance";
import type { FunctionRun } from "../../../../cli/runs/run";
import type { Config } from "../../../../config";
import type { InstanceReport, RunReport } from "../../../../contract/report";
import { namesOf } from "../../../../model/names";
import { type PlannedSchedule, planSchedules } from "../../../../model/plan";
import { NearFirings } from "../../../../schedule/near-firings";
import { NO_COUNTS, REGION } from "../../../support/builders";

/** In Seoul, which has no clock changes: Monday 2026-11-23, 20:12. */
export const NOW = new Date("2026-11-23T11:12:05Z");

export const OFFICE: Config["schedules"] = {
  "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
  "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
};

export function configWith(schedules: Config["schedules"], more: Partial<Config> = {}): Config {
  return {
    name: "dev",
    region: REGION,
    timezone: "Asia/Seoul",
    trigger: "scheduler",
    targets: { dev: { instanceIds: ["i-1"] } },
    schedules,
    ...more,
  };
}

export function planOf(schedules: Config["schedules"], more: Partial<Config> = {}): PlannedSchedule[] {
  return planSchedules(configWith(schedules, more));
}

export function pastOf(now: string): NearFirings {
  return new NearFirings(new Date(now));
}

let requests = 0;

/** A run of a schedule whose action its name tells. */
export function run(
  schedule: string,
  startedAt: string,
  entries: readonly Partial<InstanceReport>[] = [],
  more: Partial<RunReport> = {},
): FunctionRun {
  const action = more.action ?? (schedule.includes("stop") ? "stop" : "start");
  const instances = entries.map((entry) => ({
    instanceId: "i-1",
    region: REGION,
    outcome: "done" as const,
    ...entry,
  }));
  const counts = { ...NO_COUNTS };
  for (const { outcome } of instances) counts[outcome]++;
  const requestId = `request-${++requests}`;
  const report: RunReport = {
    schedule,
    action,
    requestId,
    dryRun: false,
    status: counts.failed + counts.unconfirmed > 0 ? "failed" : "ok",
    counts,
    errors: [],
    warnings: [],
    instances,
    durationSeconds: 2,
    ...more,
  };
  return { ...unreported(action, startedAt, "reported"), requestId, report };
}

export function unreported(
  action: "start" | "stop",
  startedAt: string,
  ending: FunctionRun["ending"],
  more: Partial<FunctionRun> = {},
): FunctionRun {
  return {
    functionName: action === "stop" ? "dev-StopEC2Instances" : "dev-StartEC2Instances",
    requestId: `request-${++requests}`,
    attempt: 1,
    startedAt: new Date(startedAt),
    durationMs: 2000,
    ending,
    ...more,
  };
}

export function runsRead(runs: readonly FunctionRun[], more: Partial<RecentRuns> = {}): RecentRuns {
  return { from: new Date("2026-11-16T00:00:00Z"), runs, functionsWithoutLogGroup: [], ...more };
}

export interface Scene {
  readonly config?: Config;
  readonly targets: readonly ResolvedTarget[];
  readonly runs?: RecentRuns;
  readonly followUps?: FollowUpsRead;
  readonly now?: Date;
  readonly targetNames?: readonly string[];
}

export function inputOf({
  config = configWith(OFFICE),
  targets,
  runs,
  followUps,
  now = NOW,
  targetNames,
}: Scene): StatusInput {
  return {
    config,
    names: namesOf(config),
    plan: planSchedules(config),
    targets,
    runs: runs ?? runsRead([]),
    now,
    ...(followUps ? { followUps } : {}),
    ...(targetNames ? { targetNames } : {}),
  };
}

export function statusIn(scene: Scene): Status {
  return computeStatus(inputOf(scene));
}

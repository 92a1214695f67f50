import { EC2_CALLS } from "../../../contract/actions";
import type { InstanceReport } from "../../../contract/report";
import { DEFAULT_REQUEST_NAME } from "../../../contract/request";
import { MINUTE_MS } from "../../../contract/units";
import type { PlannedSchedule } from "../../../model/plan";
import { isEffective } from "../../../schedule/near-firings";
import { plannedFirings } from "../../deployment/past-firings";
import { type FunctionRun, MAX_RUN_MS } from "../../runs/run";
import type { ChangedInstance, InstanceChange } from "./change";

/** The schedule for which a function of the deployment made a call. */
export interface ScheduleOfCall {
  /** Names as deployed; several if they cannot be distinguished. */
  readonly names: readonly string[];
  /** `report`: the run's own report names it. `firing`: a guess, as it was due shortly before. */
  readonly by: "report" | "firing";
}

/** The runs and schedules that a call is compared with. */
export interface KnownRuns {
  readonly plan: readonly PlannedSchedule[];
  readonly runs: readonly FunctionRun[];
  /** Names of the targets that an instance is in. */
  readonly targetsOf: (instanceId: string) => readonly string[];
}

/** CloudTrail rounds to seconds, and its clock may differ from Lambda's. */
const TRAIL_SKEW_MS = 2_000;

/** Finds the schedule of a call by one of the deployment's functions; undefined if it is unknown. */
export function findScheduleOfCall(change: InstanceChange, known: KnownRuns): ScheduleOfCall | undefined {
  const reported = distinct(findReportedSchedules(change, known.runs));
  if (reported.length > 0) return { names: reported, by: "report" };
  const due = distinct(findDueSchedules(change, known));
  return due.length > 0 ? { names: due, by: "firing" } : undefined;
}

/** Whether the call came from the default request, such as the console's Test button sends. */
export function isDefaultRequest({ names }: ScheduleOfCall): boolean {
  return names.length === 1 && names[0] === DEFAULT_REQUEST_NAME;
}

function findReportedSchedules(change: InstanceChange, runs: readonly FunctionRun[]): string[] {
  const during = runs.filter(
    ({ functionName, startedAt, durationMs = MAX_RUN_MS }) =>
      functionName === change.caller.name &&
      +change.at >= +startedAt - TRAIL_SKEW_MS &&
      +change.at <= +startedAt + durationMs + TRAIL_SKEW_MS,
  );
  const reports = during.flatMap(({ report }) => report ?? []);
  // A run that timed out in the same seconds has no report, and may as well have been the one.
  const isDryRun = change.outcome === "dry-run";
  const named = reports.filter(
    (report) =>
      report.dryRun === isDryRun &&
      report.instances.some(
        (entry) => wasAskedFor(entry, isDryRun) && change.instances.some(isSameInstance(entry)),
      ),
  );
  return (named.length > 0 ? named : reports).map(({ schedule }) => schedule);
}

/** A run calls EC2 only for instances that it changes; a dry run reports those as skipped. */
function wasAskedFor({ outcome }: InstanceReport, isDryRun: boolean): boolean {
  return outcome !== "already" && (outcome !== "skipped" || isDryRun);
}

function isSameInstance({ instanceId }: InstanceReport) {
  return (changed: ChangedInstance) => changed.instanceId === instanceId;
}

function findDueSchedules({ at, call, instances }: InstanceChange, { plan, targetsOf }: KnownRuns): string[] {
  const action = call === EC2_CALLS.start ? "start" : "stop";
  const targets = new Set(instances.flatMap(({ instanceId }) => targetsOf(instanceId)));
  const due = plan.flatMap((planned) => {
    // Instances that are in no target any more say nothing about the schedule.
    const meant = targets.size === 0 || planned.targetNames.some((name) => targets.has(name));
    if (planned.action !== action || !meant) return [];
    const from = new Date(+at - planned.latestMinutes * MINUTE_MS - MAX_RUN_MS);
    const period = { from, until: new Date(+at + TRAIL_SKEW_MS) };
    const last = plannedFirings(planned, period).findLast(isEffective);
    return last === undefined ? [] : [{ name: planned.name, last: +last.at }];
  });
  const soonest = Math.max(...due.map(({ last }) => last));
  return due.filter(({ last }) => last === soonest).map(({ name }) => name);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

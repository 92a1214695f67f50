import type { Action } from "../../../contract/actions";
import type { Outcome, ServiceReport } from "../../../contract/report";
import type { TimelineFiring } from "../../../schedule/timeline";
import { type InstanceStateJson, instanceStateJson, type Obstacle } from "../../instances/describe";
import type { FunctionRun, RunEnding } from "../../runs/run";
import { isoText } from "../../terminal/time";
import {
  countInstances,
  type InstanceStatus,
  type ScheduleStatus,
  type ShouldBe,
  type Status,
  type TargetStatus,
  type Verdict,
} from "./health";

/** What `status --json` prints. Instants are ISO 8601 in UTC; what is not known is absent. */
export interface StatusJson {
  /** The prefix of all names. */
  readonly name: string;
  readonly region: string;
  /** The config's own zone. */
  readonly timezone: string;
  readonly at: string;
  /** Whether nothing is off. */
  readonly asItShouldBe: boolean;
  /** Each instance once. */
  readonly instances: { readonly all: number; readonly off: number };
  /** Why nothing is known of the last runs: a permission is missing. */
  readonly runsProblem?: string;
  /** Functions without a log group. */
  readonly withoutLog: readonly string[];
  readonly targets: readonly TargetJson[];
}

export interface TargetJson {
  readonly name: string;
  readonly regions: readonly string[];
  readonly shouldBe: ShouldBeJson;
  readonly counts: {
    readonly off: number;
    readonly changing: number;
    readonly leftAlone: number;
    readonly ok: number;
  };
  /** Regions in which no instance carries the target's tags. */
  readonly emptyRegions: readonly string[];
  readonly schedules: readonly ScheduleJson[];
  readonly instances: readonly InstanceJson[];
}

export interface ShouldBeJson {
  readonly state: "running" | "stopped" | "any";
  /** The firing since which it should be so. */
  readonly since?: string;
  readonly schedule?: string;
  /** Why any state will do. */
  readonly why?: string;
}

export interface ScheduleJson {
  readonly name: string;
  readonly action: Action;
  readonly enabled: boolean;
  readonly timezone: string;
  readonly lastFiring?: { readonly at: string; readonly skipped?: "holiday" };
  /** Whether the last firing left no run, though it should have. */
  readonly missed: boolean;
  readonly lastRun?: RunJson;
  readonly nextFiring?: { readonly at: string; readonly local: string };
}

export interface RunJson {
  readonly schedule?: string;
  readonly function: string;
  readonly requestId: string;
  readonly attempt: number;
  readonly startedAt: string;
  readonly ending: RunEnding;
  readonly status?: "ok" | "skipped" | "refused" | "failed";
  readonly reason?: string;
  readonly counts?: Readonly<Record<Outcome, number>>;
  readonly error?: string;
}

export interface InstanceJson extends InstanceStateJson {
  readonly shouldBe: ShouldBeJson;
  readonly verdict: Verdict;
  /** Why the schedules pass it by. */
  readonly leftAlone?: LeftAloneJson;
  readonly lastRun?: {
    readonly requestId: string;
    readonly startedAt: string;
    readonly schedule?: string;
    readonly ending: RunEnding;
    readonly outcome?: Outcome;
    readonly reason?: string;
  };
  /** What the last look inside it found. */
  readonly services?: ServiceReport;
}

export interface LeftAloneJson {
  readonly kind: Obstacle["kind"];
  /** The tag that holds it (its key), or that excludes it (`key=value`). */
  readonly tag?: string;
  readonly until?: string;
  readonly group?: string;
}

export function statusJson(status: Status): string {
  return `${JSON.stringify(toJson(status), null, 2)}\n`;
}

function toJson(status: Status): StatusJson {
  const { name, region, timezone, now, runsProblem, withoutLog, targets } = status;
  const instances = countInstances(status);
  return {
    name,
    region,
    timezone,
    at: isoText(now),
    asItShouldBe: instances.off === 0,
    instances,
    ...(runsProblem === undefined ? {} : { runsProblem }),
    withoutLog,
    targets: targets.map(targetJson),
  };
}

function targetJson({
  name,
  regions,
  shouldBe,
  counts,
  emptyRegions,
  schedules,
  instances,
}: TargetStatus): TargetJson {
  const { "left-alone": leftAlone, ...others } = counts;
  return {
    name,
    regions,
    shouldBe: shouldBeJson(shouldBe),
    counts: { ...others, leftAlone },
    emptyRegions,
    schedules: schedules.map(scheduleJson),
    instances: instances.map(instanceJson),
  };
}

function shouldBeJson(shouldBe: ShouldBe): ShouldBeJson {
  if (shouldBe.state === "any") return shouldBe;
  const { state, since } = shouldBe;
  return { state, since: isoText(since.at), schedule: since.of.name };
}

function scheduleJson({ planned, lastFiring, lastRun, missed, next }: ScheduleStatus): ScheduleJson {
  const { name, action, enabled, schedule } = planned;
  return {
    name,
    action,
    enabled,
    timezone: schedule.timezone,
    ...(lastFiring === undefined ? {} : { lastFiring: firingJson(lastFiring) }),
    missed,
    ...(lastRun === undefined ? {} : { lastRun: runJson(lastRun) }),
    ...(next === undefined ? {} : { nextFiring: { at: isoText(next.at), local: next.local } }),
  };
}

function firingJson({ at, skipped }: TimelineFiring): NonNullable<ScheduleJson["lastFiring"]> {
  return { at: isoText(at), ...(skipped === "holiday" ? { skipped } : {}) };
}

function runJson({
  functionName,
  requestId,
  attempt,
  startedAt,
  ending,
  report,
  error,
}: FunctionRun): RunJson {
  return {
    ...(report === undefined ? {} : { schedule: report.schedule }),
    function: functionName,
    requestId,
    attempt,
    startedAt: isoText(startedAt),
    ending,
    ...(report === undefined ? {} : { status: report.status, counts: report.counts }),
    ...(report?.reason === undefined ? {} : { reason: report.reason }),
    ...(error === undefined ? {} : { error }),
  };
}

function instanceJson(instance: InstanceStatus): InstanceJson {
  const { shouldBe, obstacle, verdict, lastRun, services } = instance;
  return {
    ...instanceStateJson(instance),
    shouldBe: shouldBeJson(shouldBe),
    verdict,
    ...(obstacle === undefined ? {} : { leftAlone: leftAloneJson(obstacle) }),
    ...(lastRun === undefined ? {} : { lastRun: lastRunJson(lastRun) }),
    ...(services === undefined ? {} : { services }),
  };
}

function lastRunJson({
  run,
  entry,
}: NonNullable<InstanceStatus["lastRun"]>): NonNullable<InstanceJson["lastRun"]> {
  const { requestId, startedAt, report, ending } = run;
  return {
    requestId,
    startedAt: isoText(startedAt),
    ...(report === undefined ? {} : { schedule: report.schedule }),
    ending,
    ...(entry === undefined ? {} : { outcome: entry.outcome }),
    ...(entry?.reason === undefined ? {} : { reason: entry.reason }),
  };
}

function leftAloneJson(obstacle: Obstacle): LeftAloneJson {
  return {
    kind: obstacle.kind,
    ...("tag" in obstacle ? { tag: obstacle.tag } : {}),
    ...("until" in obstacle && obstacle.until ? { until: isoText(obstacle.until) } : {}),
    ...("group" in obstacle ? { group: obstacle.group } : {}),
  };
}

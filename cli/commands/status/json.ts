import type { Action } from "../../../contract/actions";
import type { FollowUpKind } from "../../../contract/follow-ups";
import type { Outcome, ServiceReport } from "../../../contract/report";
import type { Obstacle } from "../../instances/obstacle";
import {
  formatInstant,
  formatInstantOrNull,
  type InstanceJson,
  instanceJson,
  type RunJson,
  runJson,
  type ScheduleJson,
  scheduleJson,
} from "../../json";
import { outcomeOf, type RunOutcome, scheduleNameOf } from "../../runs/run";
import type { ExpectedState } from "./expected-state";
import type { DueFollowUp } from "./follow-ups";
import {
  countInstances,
  type InstanceStatus,
  type ScheduleStatus,
  type Status,
  type TargetStatus,
  type Verdict,
} from "./health";
import type { InstanceRun } from "./last-runs";

/** What `status --json` prints. */
export interface StatusJson {
  /** The prefix of all names. */
  readonly name: string;
  readonly region: string;
  /** The config's own zone. */
  readonly timezone: string;
  readonly at: string;
  /** Whether nothing is wrong. */
  readonly healthy: boolean;
  /** Each instance once. */
  readonly instances: { readonly total: number; readonly wrong: number };
  /** Why the last runs are unknown: a permission is missing. */
  readonly runsError: string | null;
  /** Functions without a log group. */
  readonly functionsWithoutLogGroup: readonly string[];
  /** What is left for later, soonest first; null if it is unknown, or if the deployment leaves nothing for later. */
  readonly followUps: readonly FollowUpJson[] | null;
  /** Why the follow-ups are unknown: a permission is missing. */
  readonly followUpsError: string | null;
  readonly targets: readonly TargetJson[];
}

interface FollowUpJson {
  /** Name of its schedule in the group of the follow-ups. */
  readonly name: string;
  readonly at: string;
  readonly kind: FollowUpKind;
  readonly schedule: string;
  readonly action: Action;
  /** Lambda's request id of the run that wrote it, or the name of the command. */
  readonly cause: string;
  readonly attempt: number;
  readonly regions: readonly string[];
  readonly instanceIds: readonly string[];
  /** From then on it changes nothing: when the next opposite firing comes, if one is known. */
  readonly notAfter: string | null;
}

interface TargetJson {
  readonly name: string;
  readonly regions: readonly string[];
  readonly expectedState: ExpectedStateJson;
  readonly counts: {
    readonly wrong: number;
    readonly changing: number;
    readonly skipped: number;
    readonly ok: number;
  };
  /** Regions in which the search for its tags, or for all instances, finds none. */
  readonly emptyRegions: readonly string[];
  readonly schedules: readonly ScheduleStatusJson[];
  readonly instances: readonly InstanceStatusJson[];
}

interface ExpectedStateJson {
  readonly state: "running" | "stopped" | "any";
  /** The firing since which it should be so. */
  readonly since: string | null;
  readonly schedule: string | null;
  /** Why any state will do. */
  readonly reason: string | null;
}

interface ScheduleStatusJson extends ScheduleJson {
  readonly lastFiring: { readonly at: string; readonly skipped: "holiday" | null } | null;
  /** Whether the last firing should have been followed by a run, and was not. */
  readonly missed: boolean;
  readonly lastRun: RunJson | null;
  readonly nextFiring: { readonly at: string; readonly local: string } | null;
  /** When the next warning before a stop is published; null without one. */
  readonly nextWarning: { readonly at: string; readonly local: string } | null;
}

interface InstanceStatusJson extends InstanceJson {
  readonly expectedState: ExpectedStateJson;
  readonly verdict: Verdict;
  /** Why the schedules pass it by. */
  readonly skipReason: SkipReasonJson | null;
  /** What a follow-up does when its hold ends: null without an end, and without follow-ups. */
  readonly afterHold: string | null;
  readonly lastRun: InstanceRunJson | null;
  /** The last result of its checks. */
  readonly services: ServiceReport | null;
}

/** The last run for an instance: `requestId` finds the whole of it in `logs`. */
interface InstanceRunJson {
  readonly requestId: string;
  readonly startedAt: string;
  readonly schedule: string | null;
  readonly outcome: RunOutcome;
  /** Its result for the instance; null if its report does not list it. */
  readonly instance: { readonly outcome: Outcome; readonly reason: string | null } | null;
}

interface SkipReasonJson {
  readonly kind: Obstacle["kind"];
  /** The tag that holds it (its key), or that excludes it (`key=value`). */
  readonly tag: string | null;
  readonly until: string | null;
  /** The person or program that the tag names. */
  readonly by: string | null;
  /** The Auto Scaling group, or what else manages it: `eks.amazonaws.com`, `Karpenter node pool default`. */
  readonly group: string | null;
}

export function statusJson(status: Status): StatusJson {
  const { name, region, timezone, now, runsError, functionsWithoutLogGroup, followUps, targets } = status;
  const instances = countInstances(status);
  return {
    name,
    region,
    timezone,
    at: formatInstant(now),
    healthy: instances.wrong === 0,
    instances,
    runsError: runsError ?? null,
    functionsWithoutLogGroup,
    followUps: followUps === undefined || followUps.problem ? null : followUps.due.map(followUpJson),
    followUpsError: followUps?.problem ?? null,
    targets: targets.map(targetJson),
  };
}

function followUpJson(followUp: DueFollowUp): FollowUpJson {
  const { at, notAfter, ...same } = followUp;
  return { ...same, at: formatInstant(at), notAfter: formatInstantOrNull(notAfter) };
}

function targetJson(target: TargetStatus): TargetJson {
  return {
    name: target.name,
    regions: target.regions,
    expectedState: expectedStateJson(target.expectedState),
    counts: target.counts,
    emptyRegions: target.emptyRegions,
    schedules: target.schedules.map(scheduleStatusJson),
    instances: target.instances.map(instanceStatusJson),
  };
}

function expectedStateJson(expected: ExpectedState): ExpectedStateJson {
  if (expected.state === "any") return { state: "any", since: null, schedule: null, reason: expected.why };
  const { state, since } = expected;
  return { state, since: formatInstant(since.at), schedule: since.of.name, reason: null };
}

function scheduleStatusJson(status: ScheduleStatus): ScheduleStatusJson {
  const { planned, lastFiring, lastRun, missed, next, nextWarning } = status;
  return {
    ...scheduleJson(planned),
    lastFiring:
      lastFiring === undefined
        ? null
        : { at: formatInstant(lastFiring.at), skipped: lastFiring.skipped === "holiday" ? "holiday" : null },
    missed,
    lastRun: lastRun === undefined ? null : runJson(lastRun, planned.action),
    nextFiring: nextJson(next),
    nextWarning: nextJson(nextWarning),
  };
}

function nextJson(next: { readonly at: Date; readonly local: string } | undefined) {
  return next === undefined ? null : { at: formatInstant(next.at), local: next.local };
}

function instanceStatusJson(instance: InstanceStatus): InstanceStatusJson {
  const { expectedState, obstacle, afterHold, verdict, lastRun, services } = instance;
  return {
    ...instanceJson(instance),
    expectedState: expectedStateJson(expectedState),
    verdict,
    skipReason: obstacle === undefined ? null : skipReasonJson(obstacle),
    afterHold: afterHold ?? null,
    lastRun: lastRun === undefined ? null : instanceRunJson(lastRun),
    services: services ?? null,
  };
}

function instanceRunJson({ run, entry }: InstanceRun): InstanceRunJson {
  return {
    requestId: run.requestId,
    startedAt: formatInstant(run.startedAt),
    schedule: scheduleNameOf(run) ?? null,
    outcome: outcomeOf(run),
    instance: entry === undefined ? null : { outcome: entry.outcome, reason: entry.reason ?? null },
  };
}

function skipReasonJson(obstacle: Obstacle): SkipReasonJson {
  return {
    kind: obstacle.kind,
    tag: "tag" in obstacle ? obstacle.tag : null,
    until: "until" in obstacle ? formatInstantOrNull(obstacle.until) : null,
    by: ("by" in obstacle ? obstacle.by : undefined) ?? null,
    group: groupOf(obstacle),
  };
}

function groupOf(obstacle: Obstacle): string | null {
  if (obstacle.kind === "auto-scaling") return obstacle.group;
  return obstacle.kind === "managed" ? obstacle.manager.name : null;
}

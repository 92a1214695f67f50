import type { Config } from "../../../config";
import { defined } from "../../../contract/collections";
import { FUNCTION_SETTINGS, HOLD_TAG, TIMEZONE } from "../../../contract/limits";
import type { ServiceReport } from "../../../contract/report";
import { MINUTE_MS } from "../../../contract/units";
import type { Names } from "../../../model/names";
import type { PlannedSchedule } from "../../../model/plan";
import { isEffective, NearFirings } from "../../../schedule/near-firings";
import { nextFirings, type TimelineFiring } from "../../../schedule/timeline";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { nextWarning, type WarningFiring } from "../../deployment/warning-firings";
import { describeAfterHold } from "../../instances/after-hold";
import type { InstancePlace, InstanceState, ResolvedTarget, TargetInstance } from "../../instances/instance";
import { findObstacle, type Obstacle, timezonesOf } from "../../instances/obstacle";
import { CLOCK_SKEW_MS, type FunctionRun } from "../../runs/run";
import { computeExpectedState, type ExpectedState } from "./expected-state";
import type { FollowUpsRead } from "./follow-ups";
import { type InstanceRun, LastRuns } from "./last-runs";
import type { RecentRuns } from "./recent-runs";

/** Input of a status: the config, its instances and its runs. */
export interface StatusInput {
  readonly config: Config;
  readonly names: Names;
  readonly plan: readonly PlannedSchedule[];
  /** All targets of the config: an instance may be in several. */
  readonly targets: readonly ResolvedTarget[];
  readonly runs: RecentRuns;
  /** @default the deployment has none */
  readonly followUps?: FollowUpsRead;
  readonly now: Date;
  /** @default all */
  readonly targetNames?: readonly string[];
}

export interface Status {
  readonly name: string;
  readonly region: string;
  /** The config's own zone. */
  readonly timezone: string;
  readonly now: Date;
  /** Why the runs are unknown. */
  readonly runsError?: string;
  /** Functions that have no log group. */
  readonly functionsWithoutLogGroup: readonly string[];
  /** What is left for later of the instances of the targets; absent if the deployment leaves nothing for later. */
  readonly followUps?: FollowUpsRead;
  readonly targets: readonly TargetStatus[];
}

export interface TargetStatus {
  readonly name: string;
  readonly regions: readonly string[];
  /** By the schedules of the target alone; an instance of two targets has those of both. */
  readonly expectedState: ExpectedState;
  readonly schedules: readonly ScheduleStatus[];
  readonly instances: readonly InstanceStatus[];
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Regions in which the search for its tags, or for all instances, finds none. */
  readonly emptyRegions: readonly string[];
}

export interface ScheduleStatus {
  readonly planned: PlannedSchedule;
  readonly lastFiring?: TimelineFiring;
  readonly lastRun?: FunctionRun;
  /** Whether the last firing should have been followed by a run, and was not. */
  readonly missed: boolean;
  /** The next that does something. */
  readonly next?: TimelineFiring;
  /** When it is warned of next, which may be the firing after the next. */
  readonly nextWarning?: WarningFiring;
}

export interface InstanceStatus extends InstanceState {
  readonly name?: string;
  readonly spot?: NonNullable<TargetInstance["spot"]>;
  readonly expectedState: ExpectedState;
  readonly obstacle?: Obstacle;
  /** What a follow-up does when its hold ends; absent without an end, and without follow-ups. */
  readonly afterHold?: string;
  readonly verdict: Verdict;
  readonly lastRun?: InstanceRun;
  /** The last result of its checks, while it runs. */
  readonly services?: ServiceReport;
}

/**
 * `ok`: as it should be, or nothing says how it should be. `changing`: on its way, or the function has only just been
 * asked. `wrong`: not as it should be. `skipped`: the schedules pass it by, for a good reason.
 */
export type Verdict = "ok" | "changing" | "wrong" | "skipped";

export const VERDICTS: readonly Verdict[] = ["wrong", "changing", "skipped", "ok"];

/** Counts each instance once, by its worst verdict. */
export function countInstances({ targets }: Status): { readonly total: number; readonly wrong: number } {
  const all = new Set<string>();
  const wrong = new Set<string>();
  for (const { instanceId, verdict } of targets.flatMap(({ instances }) => instances)) {
    all.add(instanceId);
    if (verdict === "wrong") wrong.add(instanceId);
  }
  return { total: all.size, wrong: wrong.size };
}

/** Numbers of firings to try, since the next ones may all be on holidays. */
const NEXT_COUNTS = [1, 20, 400] as const;

/** Computes the status of a deployment. */
export function computeStatus(input: StatusInput): Status {
  const { config, names, targets, runs, followUps, now, targetNames } = input;
  const builder = new StatusBuilder(input);
  const wanted =
    targetNames === undefined ? targets : targets.filter(({ name }) => targetNames.includes(name));
  return {
    name: names.prefix,
    region: config.region,
    timezone: config.timezone ?? TIMEZONE.default,
    now,
    ...defined({ runsError: runs.problem }),
    functionsWithoutLogGroup: runs.functionsWithoutLogGroup,
    ...defined({ followUps: followUps && selectFollowUps(followUps, wanted) }),
    targets: wanted.map((target) => builder.target(target)),
  };
}

function selectFollowUps(read: FollowUpsRead, targets: readonly ResolvedTarget[]): FollowUpsRead {
  const ids = new Set(
    targets.flatMap(({ instances, missing }) => [...instances, ...missing]).map((each) => each.instanceId),
  );
  return { ...read, due: read.due.filter(({ instanceIds }) => instanceIds.some((id) => ids.has(id))) };
}

class StatusBuilder {
  readonly #input: StatusInput;
  readonly #past: NearFirings;
  readonly #lastRuns: LastRuns;
  readonly #timeoutSeconds: number;
  /** Targets that act on an instance, by its id. */
  readonly #memberships = new Map<string, string[]>();
  /** By the names of the targets. */
  readonly #expected = new Map<
    string,
    { schedules: readonly PlannedSchedule[]; expectedState: ExpectedState }
  >();

  constructor(input: StatusInput) {
    const { config, names, plan, targets, runs, now } = input;
    this.#input = input;
    this.#timeoutSeconds = config.functions?.timeoutSeconds ?? FUNCTION_SETTINGS.timeoutSeconds.default;
    this.#past = new NearFirings(now);
    const known = plan.filter(({ enabled }) => enabled);
    this.#lastRuns = new LastRuns(runs.runs, names.functions, known, this.#past);
    for (const { name, instances, missing } of targets) {
      const included = instances.filter(({ excludedBy }) => excludedBy === undefined);
      for (const { instanceId } of [...included, ...missing]) {
        this.#memberships.set(instanceId, [...(this.#memberships.get(instanceId) ?? []), name]);
      }
    }
  }

  target(target: ResolvedTarget): TargetStatus {
    const { name, regions, emptyRegions } = target;
    const own = this.#input.plan.filter(({ targetNames }) => targetNames.includes(name));
    const instances = [
      ...target.missing.map((place) => this.#missing(place)),
      ...target.instances.map((instance) => this.#instance(instance)),
    ];
    return {
      name,
      regions,
      expectedState: this.#expect([name]).expectedState,
      schedules: own.map((planned) => this.#schedule(planned)),
      instances,
      counts: countVerdicts(instances),
      emptyRegions,
    };
  }

  #instance(instance: TargetInstance): InstanceStatus {
    const { config, now } = this.#input;
    const { instanceId, region, state, since, transitionReason, stateReason, name, spot } = instance;
    const expected = this.#expect(this.#memberships.get(instanceId) ?? []);
    const timezones = timezonesOf(expected.schedules, config);
    const obstacle = findObstacle(instance, config.holdTag ?? HOLD_TAG.default, now, timezones);
    const services =
      state === "running" ? this.#lastRuns.servicesOf(instanceId, instance.launchedAt) : undefined;
    const lastRun = this.#lastRuns.ofInstance(instanceId, expected.schedules);
    return {
      instanceId,
      region,
      state,
      ...defined({ name, spot, since, transitionReason, stateReason }),
      expectedState: expected.expectedState,
      ...defined({ obstacle, afterHold: this.#afterHold(instance, obstacle, expected.schedules) }),
      verdict: judgeInstance(state, expected.expectedState, obstacle, services),
      ...defined({ lastRun, services }),
    };
  }

  #afterHold(
    instance: TargetInstance,
    obstacle: Obstacle | undefined,
    schedules: readonly PlannedSchedule[],
  ): string | undefined {
    if (obstacle?.kind !== "held" || obstacle.until === undefined) return undefined;
    const { config } = this.#input;
    if (!("followUps" in config && config.followUps === true)) return undefined;
    const timezone = config.timezone ?? TIMEZONE.default;
    return describeAfterHold({ instance, schedules }, obstacle, { followUps: true, timezone });
  }

  #missing({ instanceId, region }: InstancePlace): InstanceStatus {
    const expected = this.#expect(this.#memberships.get(instanceId) ?? []);
    const lastRun = this.#lastRuns.ofInstance(instanceId, expected.schedules);
    return {
      instanceId,
      region,
      state: "missing",
      expectedState: expected.expectedState,
      verdict: judgeInstance("missing", expected.expectedState, undefined, undefined),
      ...defined({ lastRun }),
    };
  }

  #expect(targetNames: readonly string[]) {
    const key = JSON.stringify(targetNames);
    const known = this.#expected.get(key);
    if (known !== undefined) return known;
    const schedules = this.#input.plan.filter(
      (planned) => planned.enabled && planned.targetNames.some((name) => targetNames.includes(name)),
    );
    const expected = {
      schedules,
      expectedState: computeExpectedState(schedules, this.#past, this.#timeoutSeconds),
    };
    this.#expected.set(key, expected);
    return expected;
  }

  #schedule(planned: PlannedSchedule): ScheduleStatus {
    if (!planned.enabled) return { planned, missed: false };
    const lastFiring = this.#past.lastBefore(toTimelineSchedule(planned));
    const lastRun = this.#lastRuns.ofSchedule(planned.name);
    const next = findNextFiring(planned, this.#input.now);
    return {
      planned,
      ...defined({ lastFiring, lastRun }),
      missed: lastFiring !== undefined && this.#isMissed(planned, lastFiring, lastRun?.startedAt),
      ...defined({ next, nextWarning: nextWarning(planned, this.#input.now) }),
    };
  }

  /** The function runs on holidays too, and reports that it skipped. */
  #isMissed(planned: PlannedSchedule, { at }: TimelineFiring, ranAt: Date | undefined): boolean {
    const { runs, now } = this.#input;
    if (runs.problem !== undefined || +at - CLOCK_SKEW_MS < +runs.from) return false;
    // A run is logged as soon as it begins, and a trigger may retry until latestMinutes have passed.
    const dueBy = +at + Math.min(planned.latestMinutes, 5) * MINUTE_MS;
    return +now > dueBy && (ranAt === undefined || +ranAt < +at - CLOCK_SKEW_MS);
  }
}

/** Unknown for a rate. */
function findNextFiring(planned: PlannedSchedule, now: Date): TimelineFiring | undefined {
  if (planned.schedule.kind === "rate") return undefined;
  const from = new Date(+now + 1);
  for (const count of NEXT_COUNTS) {
    const next = nextFirings([toTimelineSchedule(planned)], { from, count }).find(isEffective);
    if (next !== undefined) return next;
  }
  return undefined;
}

function countVerdicts(instances: readonly InstanceStatus[]): Record<Verdict, number> {
  const counts = { ok: 0, changing: 0, wrong: 0, skipped: 0 };
  for (const { verdict } of instances) counts[verdict]++;
  return counts;
}

/** @param state as EC2 names it, or `missing` */
export function judgeInstance(
  state: string,
  expectedState: ExpectedState,
  obstacle: Obstacle | undefined,
  services: ServiceReport | undefined,
): Verdict {
  // Every run fails on these: they have to be taken out of the config.
  if (state === "missing" || obstacle?.kind === "terminated") return "wrong";
  if (obstacle !== undefined) return "skipped";
  const byState = judgeState(state, expectedState);
  if (byState !== "ok") return byState;
  if (services?.status === "pending") return "changing";
  // As for the function: one that could not be checked may hang in its boot.
  return services === undefined || services.status === "passed" ? "ok" : "wrong";
}

function judgeState(state: string, expectedState: ExpectedState): Verdict {
  const isChanging = state === "pending" || state === "stopping";
  if (expectedState.state === "any") return isChanging ? "changing" : "ok";
  if (state === expectedState.state) return "ok";
  if (expectedState.fresh) return "changing";
  const onItsWay = expectedState.state === "running" ? "pending" : "stopping";
  return state === onItsWay ? "changing" : "wrong";
}

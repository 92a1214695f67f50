import type { PlannedSchedule } from "../../constructs/plan";
import { DEFAULT_HOLD_TAG } from "../../schedule/hold";
import { nextFirings, type TimelineFiring } from "../../schedule/timeline";
import { isEffective, PastFirings, timelineSchedule } from "../deployment/past-firings";
import type { FleetInstance, FleetTarget, InstancePlace } from "../fleet/fleet";
import { obstacleOf } from "../fleet/obstacle";
import { LastRuns } from "./last-runs";
import { type ShouldBe, shouldBe } from "./should-be";
import type { InstanceStatus, ScheduleStatus, Status, StatusInput, TargetStatus } from "./status";
import { type Verdict, verdictOf } from "./verdict";

const DEFAULT_TIMEOUT_SECONDS = 60;
const MINUTE_MS = 60_000;
/** How many firings may all fall on holidays. */
const NEXT_COUNTS = [1, 20, 400] as const;

/** Works out how a deployment is doing. */
export function statusOf(input: StatusInput): Status {
  const { config, names, fleet, runs, now, targetNames } = input;
  const reader = new StatusReader(input);
  const wanted = targetNames === undefined ? fleet : fleet.filter(({ name }) => targetNames.includes(name));
  return {
    name: names.prefix,
    region: config.region,
    timezone: config.timezone ?? "UTC",
    now,
    ...(runs.problem === undefined ? {} : { runsProblem: runs.problem }),
    withoutLog: runs.withoutLog,
    targets: wanted.map((target) => reader.target(target)),
  };
}

class StatusReader {
  readonly #input: StatusInput;
  readonly #past: PastFirings;
  readonly #lastRuns: LastRuns;
  readonly #timeoutSeconds: number;
  /** Targets that act on an instance, by its id. */
  readonly #memberships = new Map<string, string[]>();
  /** By the names of the targets. */
  readonly #expected = new Map<string, { schedules: readonly PlannedSchedule[]; shouldBe: ShouldBe }>();

  constructor(input: StatusInput) {
    const { config, names, plan, fleet, runs, now } = input;
    this.#input = input;
    this.#timeoutSeconds = config.functions?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    this.#past = new PastFirings(now);
    const known = plan.filter(({ enabled }) => enabled);
    this.#lastRuns = new LastRuns(runs.runs, names.functions, known, this.#past);
    for (const { name, instances, missing } of fleet) {
      const included = instances.filter(({ excludedBy }) => excludedBy === undefined);
      for (const { instanceId } of [...included, ...missing]) {
        this.#memberships.set(instanceId, [...(this.#memberships.get(instanceId) ?? []), name]);
      }
    }
  }

  target(target: FleetTarget): TargetStatus {
    const { name, regions, emptyRegions } = target;
    const own = this.#input.plan.filter(({ targetNames }) => targetNames.includes(name));
    const instances = [
      ...target.missing.map((place) => this.#missing(place)),
      ...target.instances.map((instance) => this.#instance(instance)),
    ];
    return {
      name,
      regions,
      shouldBe: this.#expect([name]).shouldBe,
      schedules: own.map((planned) => this.#schedule(planned)),
      instances,
      counts: countVerdicts(instances),
      emptyRegions,
    };
  }

  #instance(instance: FleetInstance): InstanceStatus {
    const { config, now } = this.#input;
    const { instanceId, region, state, since, transitionReason, stateReason, name, spot } = instance;
    const expected = this.#expect(this.#memberships.get(instanceId) ?? []);
    const obstacle = obstacleOf(instance, config.holdTag ?? DEFAULT_HOLD_TAG, now);
    const services =
      state === "running" ? this.#lastRuns.servicesOf(instanceId, instance.launchedAt) : undefined;
    const lastRun = this.#lastRuns.ofInstance(instanceId, expected.schedules);
    return {
      instanceId,
      region,
      state,
      ...(name === undefined ? {} : { name }),
      ...(spot === undefined ? {} : { spot }),
      ...(since === undefined ? {} : { since }),
      ...(transitionReason === undefined ? {} : { transitionReason }),
      ...(stateReason === undefined ? {} : { stateReason }),
      shouldBe: expected.shouldBe,
      ...(obstacle === undefined ? {} : { obstacle }),
      verdict: verdictOf(state, expected.shouldBe, obstacle, services),
      ...(lastRun === undefined ? {} : { lastRun }),
      ...(services === undefined ? {} : { services }),
    };
  }

  #missing({ instanceId, region }: InstancePlace): InstanceStatus {
    const expected = this.#expect(this.#memberships.get(instanceId) ?? []);
    const lastRun = this.#lastRuns.ofInstance(instanceId, expected.schedules);
    return {
      instanceId,
      region,
      state: "missing",
      shouldBe: expected.shouldBe,
      verdict: verdictOf("missing", expected.shouldBe, undefined, undefined),
      ...(lastRun === undefined ? {} : { lastRun }),
    };
  }

  #expect(targetNames: readonly string[]) {
    const key = JSON.stringify(targetNames);
    const known = this.#expected.get(key);
    if (known !== undefined) return known;
    const schedules = this.#input.plan.filter(
      (planned) => planned.enabled && planned.targetNames.some((name) => targetNames.includes(name)),
    );
    const expected = { schedules, shouldBe: shouldBe(schedules, this.#past, this.#timeoutSeconds) };
    this.#expected.set(key, expected);
    return expected;
  }

  #schedule(planned: PlannedSchedule): ScheduleStatus {
    if (!planned.enabled) return { planned, missed: false };
    const lastFiring = this.#past.lastOf(planned);
    const lastRun = this.#lastRuns.of(planned.name);
    const next = nextOf(planned, this.#input.now);
    return {
      planned,
      ...(lastFiring === undefined ? {} : { lastFiring }),
      ...(lastRun === undefined ? {} : { lastRun }),
      missed: lastFiring !== undefined && this.#isMissed(planned, lastFiring, lastRun?.startedAt),
      ...(next === undefined ? {} : { next }),
    };
  }

  /** On a holiday the function runs too, and says that it did nothing. */
  #isMissed(planned: PlannedSchedule, { at }: TimelineFiring, ranAt: Date | undefined): boolean {
    const { runs, now } = this.#input;
    if (runs.problem !== undefined || +at - MINUTE_MS < +runs.from) return false;
    // A run is in the logs as soon as it begins, and a trigger may try again for as long as that makes sense.
    const dueBy = +at + Math.min(planned.latestMinutes, 5) * MINUTE_MS;
    return +now > dueBy && (ranAt === undefined || +ranAt < +at - MINUTE_MS);
  }
}

/** Unknown for a rate. */
function nextOf(planned: PlannedSchedule, now: Date): TimelineFiring | undefined {
  if (planned.schedule.kind === "rate") return undefined;
  const from = new Date(+now + 1);
  for (const count of NEXT_COUNTS) {
    const next = nextFirings([timelineSchedule(planned)], { from, count }).find(isEffective);
    if (next !== undefined) return next;
  }
  return undefined;
}

function countVerdicts(instances: readonly InstanceStatus[]): Record<Verdict, number> {
  const counts = { ok: 0, changing: 0, off: 0, "left-alone": 0 };
  for (const { verdict } of instances) counts[verdict]++;
  return counts;
}

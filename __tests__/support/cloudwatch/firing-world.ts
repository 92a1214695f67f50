import type { Action } from "../../../contract/actions";
import { FIRING_METRICS } from "../../../contract/metrics";
import { WATCH_NAME } from "../../../contract/watch";
import type { Ec2Api } from "../../../lambda-src/ec2-client";
import { FiringLog, logBegun } from "../../../lambda-src/firings";
import { invoke } from "../../../lambda-src/invocation";
import { readSettings } from "../../../lambda-src/settings";
import type { AlarmSpec } from "../../../model/alarms";
import { AccountArns } from "../../../model/arns";
import { type Blueprint, blueprint, type RuleSpec, type ScheduleSpec } from "../../../model/blueprint";
import { planOf } from "../../../model/plan";
import type { Ec2StartStopProps } from "../../../model/props";
import { Schedule } from "../../../schedule";
import { VirtualClock } from "../ec2/virtual-clock";
import { alarmTimes, EXTRA_DATA_POINTS, lowerBound, type Sample } from "./alarm-history";

const MINUTE_MS = 60_000;
/** CloudWatch takes no metric that is dated further ahead. */
const MAX_AHEAD_MS = 120 * MINUTE_MS;
const AROUND_MS = 180 * MINUTE_MS;
/** From a firing to the watch that announces it, and to the one that finds it due, with some minutes to spare. */
const NEAR_MINUTES = [
  [-65, -25],
  [25, 65],
] as const;
/** A config, from when on it is deployed. */
export interface Deployment {
  readonly from: number;
  readonly props: Ec2StartStopProps;
}

export interface WorldOptions {
  readonly deployments: readonly Deployment[];
  readonly until: number;
  /** Random numbers from 0 to 1. */
  readonly random: () => number;
  /** How late CloudWatch has a line. */
  readonly delayMs: () => number;
  /**
   * Whether a trigger invokes its function at a time.
   * @default always
   */
  readonly fires?: (key: string, at: number) => boolean;
  /**
   * Events of no trigger, which come somewhat before a firing.
   * @default none
   */
  readonly byHand?: (input: object) => readonly object[];
  /**
   * How often an event comes twice.
   * @default 0
   */
  readonly twice?: number;
  /**
   * Run the watch each half hour, for the alarm on itself, and not only near firings.
   * @default false
   */
  readonly everyWatch?: boolean;
}

/** An alarm, and when it went to ALARM. */
export interface Raised {
  readonly name: string;
  readonly at: number;
}

/** What the functions of some deployments log about their firings, and what their alarms make of it. */
export class FiringWorld {
  readonly #options: WorldOptions;
  readonly #deployed: readonly { readonly from: number; readonly until: number; readonly made: Blueprint }[];
  readonly #samples: Sample[] = [];
  /** Runs of functions, those of the watch included. */
  runs = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { deployments, until } = options;
    const arns = new AccountArns({ id: "123456789012", partition: "aws" });
    this.#deployed = deployments.map(({ from, props }, index) => ({
      from,
      until: deployments[index + 1]?.from ?? until,
      made: blueprint(planOf(props), arns),
    }));
  }

  async run(): Promise<this> {
    const firings = this.#firings();
    const ofSchedules = this.#times();
    const { fires = () => true, everyWatch = false, byHand = () => [], twice = 0, random } = this.#options;
    for (const { key, at, input, made } of firings) {
      const isWatch = key === WATCH_NAME;
      if (isWatch && !everyWatch && !isNear(ofSchedules, at)) continue;
      const event = JSON.parse(input.replace(/"?<[a-z.-]+>"?/, `"${new Date(at).toISOString()}"`));
      const action: Action = isWatch ? actionOfWatch(made) : event.action;
      if (!isWatch) {
        for (const asked of byHand(withoutTime(event)))
          await this.#invoke(made, action, asked, at - 40 * MINUTE_MS);
      }
      if (!fires(key, at)) continue;
      // A trigger fires within its minute, and Lambda holds an event back now and then.
      const late = random() < 0.01 ? 20 * MINUTE_MS * random() : MINUTE_MS * random();
      await this.#invoke(made, action, event, at + late);
      if (random() < twice) await this.#invoke(made, action, event, at + late + 3 * MINUTE_MS * random());
    }
    return this;
  }

  /** The alarms that the deployments raise, for each of what AWS leaves open. */
  raised(unknowns: readonly Parameters<typeof alarmTimes>[3][] = UNKNOWNS): Raised[][] {
    const alarms = new Map<string, { readonly alarm: AlarmSpec; readonly from: number }>();
    for (const { from, made } of this.#deployed) {
      for (const alarm of made.alerts?.alarms ?? []) {
        if (!alarms.has(alarm.name)) alarms.set(alarm.name, { alarm, from });
      }
    }
    // Without each of its runs, the watch would seem to be gone.
    const isJudged = ({ key }: AlarmSpec) => this.#options.everyWatch || key !== `missed-${WATCH_NAME}`;
    return unknowns.map((unknown) =>
      [...alarms.values()].flatMap(({ alarm, from }) =>
        isJudged(alarm)
          ? alarmTimes(alarm, this.#samples, { from, until: this.#options.until }, unknown).map((at) => ({
              name: alarm.name,
              at,
            }))
          : [],
      ),
    );
  }

  /** Of all schedules, those around a deployment too that this makes fire or not. */
  #times(): number[] {
    const times = this.#deployed.flatMap(({ from, until, made }) => {
      const period = { from: new Date(from - AROUND_MS), until: new Date(until + AROUND_MS) };
      const triggers = triggersOf(made).filter(({ key }) => key !== WATCH_NAME);
      return triggers.flatMap((trigger) => timesOf(trigger, period));
    });
    return [...new Set(times)].sort((a, b) => a - b);
  }

  /** What the triggers fire, oldest first. Terraform changes each of them within some minutes of a deployment. */
  #firings() {
    const { random } = this.#options;
    const changes = new Map<string, number>();
    const changedAt = (key: string, from: number) => {
      const at = changes.get(`${key} ${from}`) ?? from + 10 * MINUTE_MS * random();
      changes.set(`${key} ${from}`, at);
      return at;
    };
    return this.#deployed
      .flatMap(({ from, until, made }, index) =>
        triggersOf(made).flatMap((trigger) => {
          const period = {
            from: new Date(changedAt(trigger.key, from)),
            until: new Date(index === this.#deployed.length - 1 ? until : changedAt(trigger.key, until)),
          };
          return timesOf(trigger, period).map((at) => ({ ...trigger, at, made }));
        }),
      )
      .sort((a, b) => a.at - b.at);
  }

  async #invoke({ functions }: Blueprint, action: Action, event: object, at: number): Promise<void> {
    const spec = functions.find((each) => each.action === action);
    if (spec === undefined) throw new Error(`Expected a function that does ${action}`);
    this.runs++;
    const context = { clock: new VirtualClock(at), writeLine: (line: string) => this.#take(line, at) };
    if (!("watch" in event) && this.runs % WHOLE_RUNS > 0) {
      const settings = readSettings({ ...spec.variables, AWS_LAMBDA_FUNCTION_NAME: spec.name });
      logBegun(event, settings, new FiringLog(settings, `request-${this.runs}`, context));
      return;
    }
    await invoke(
      event,
      { awsRequestId: `request-${this.runs}` },
      {
        environment: { ...spec.variables, AWS_LAMBDA_FUNCTION_NAME: spec.name },
        connect: () => NO_INSTANCES,
        connectSsm: unexpected,
        connectScheduler: unexpected,
        connectSns: unexpected,
        connectEvents: unexpected,
        random: () => 0.5,
        ...context,
      },
    );
  }

  #take(line: string, at: number): void {
    if (WATCHED.some((name) => line.includes(name)))
      this.#samples.push(...samplesOf(line, at, at + this.#options.delayMs()));
  }
}

const UNKNOWNS = [
  { extraDataPoints: EXTRA_DATA_POINTS[0], missingAs: "zero" },
  { extraDataPoints: EXTRA_DATA_POINTS[1], missingAs: "missing" },
] as const;

/** Of so many runs of schedules one is run as a whole; of the others only the beginning, which is all that these alarms see. */
const WHOLE_RUNS = 10;

const WATCHED: readonly string[] = Object.values(FIRING_METRICS);

/** The metrics of a line in the embedded format. */
export function samplesOf(line: string, writtenAt: number, availableAt: number): Sample[] {
  const entry = JSON.parse(line);
  const { Timestamp: datedAt, CloudWatchMetrics } = entry._aws;
  if (datedAt - writtenAt > MAX_AHEAD_MS)
    throw new Error(`Expected a date of two hours ahead at most: ${line}`);
  type Directive = { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] };
  return (CloudWatchMetrics as Directive[]).flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((keys) => {
      const dimensions = Object.fromEntries(keys.map((key) => [key, entry[key]]));
      return Metrics.map(({ Name: metricName }) => ({
        namespace,
        metricName,
        dimensions,
        datedAt,
        availableAt,
        value: entry[metricName],
      }));
    }),
  );
}

const NO_INSTANCES = {
  describeInstances: async () => ({ Reservations: [] }),
  startInstances: unexpected,
  stopInstances: unexpected,
} as unknown as Ec2Api;

async function unexpected(): Promise<never> {
  throw new Error("Expected no other call");
}

type Trigger = Pick<RuleSpec | ScheduleSpec, "key" | "enabled" | "expression" | "input"> & {
  readonly timezone?: string;
};

function triggersOf({ rules, scheduler }: Blueprint): readonly Trigger[] {
  return scheduler?.schedules ?? rules;
}

function timesOf(
  { enabled, expression, timezone = "UTC" }: Trigger,
  period: { from: Date; until: Date },
): number[] {
  if (!enabled) return [];
  return Schedule.parse(expression, { timezone })
    .next(period)
    .map((at) => at.getTime());
}

function actionOfWatch({ functions }: Blueprint): Action {
  return functions[0]?.action ?? "stop";
}

/** A request as people write it, which names no firing. */
function withoutTime({ scheduledTime: _, ...request }: Record<string, unknown>): object {
  return request;
}

/** Whether a watch at a time tells of one of the firings, which are in order. */
function isNear(firings: readonly number[], at: number): boolean {
  return NEAR_MINUTES.some(([from, until]) => {
    const next = firings[lowerBound(firings, at - until * MINUTE_MS, (firing) => firing)];
    return next !== undefined && next <= at - from * MINUTE_MS;
  });
}

/** Repeatable random numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

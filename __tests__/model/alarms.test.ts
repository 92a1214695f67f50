import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Action } from "../../contract/actions";
import type { AlarmSpec } from "../../model/alarms";
import { AccountArns } from "../../model/arns";
import { blueprint } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import { alarmTimes, EXTRA_DATA_POINTS, type Sample } from "../support/cloudwatch/alarm-history";
import type { InstanceSpec } from "../support/ec2/fleet";
import { FunctionBench, fleetOf, NOW, type RunOptions } from "../support/ec2/run-function";
import { instanceIds, PAIR } from "../support/props";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How late the metrics are. */
const DELAYS_MINUTES = [0, 1, 4, 7, 10];

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const [ID = ""] = instanceIds(2).slice(1);
const deployed = (timeoutSeconds = 60) =>
  blueprint(
    planOf({
      ...PAIR,
      trigger: "scheduler",
      targets: { dev: { instanceIds: [ID], checks: { systemd: ["nginx"] } } },
      functions: { timeoutSeconds },
      alerts: { email: "ops@example.com", missedFirings: false },
    }),
    new AccountArns({ id: "123456789012", partition: "aws" }),
  );

/** What AWS counts, and when. */
interface World {
  readonly samples: readonly Omit<Sample, "availableAt">[];
  /** When the last attempt is over. */
  readonly endedAt: number;
  /** The functions' timeout. */
  readonly timeoutSeconds?: number;
}

/** Runs the deployed function on a firing as Lambda does, three times at most, with the schedule's own input. */
async function fire(
  action: Action,
  instance: Omit<InstanceSpec, "id"> | undefined,
  options: RunOptions = {},
): Promise<World> {
  const { functions, scheduler } = deployed();
  const spec = functions.find((each) => each.action === action);
  const schedule = scheduler?.schedules.find((each) => each.action === action);
  if (spec === undefined || schedule === undefined)
    throw new Error(`Expected a schedule that does ${action}`);
  const event = { ...JSON.parse(schedule.input), scheduledTime: new Date(NOW).toISOString() };
  const fleet = instance === undefined ? [] : fleetOf(1, instance, 1);
  const runs = await bench.runAsLambda(event, fleet, {
    ...options,
    environment: { ...spec.variables, AWS_LAMBDA_FUNCTION_NAME: spec.name },
    remainingMs: spec.timeoutSeconds * 1000,
  });
  const endedAt = bench.clock.now();
  const last = runs.at(-1);
  return last?.error === undefined
    ? { samples: [], endedAt }
    : { samples: [dropped(action, endedAt - last.milliseconds)], endedAt };
}

/** Lambda dates its metrics to the beginning of the last attempt. */
function dropped(action: Action, datedAt: number) {
  const FunctionName = action === "stop" ? "dev-StopEC2Instances" : "dev-StartEC2Instances";
  return {
    namespace: "AWS/Lambda",
    metricName: "AsyncEventsDropped",
    dimensions: { FunctionName },
    datedAt,
    value: 1,
  };
}

/** Three attempts that take the whole timeout, with Lambda's pauses of one and two minutes. */
function timeOut(timeoutSeconds: number): World {
  const lastBegan = NOW + (2 * timeoutSeconds + 180) * 1000;
  return {
    samples: [dropped("start", lastBegan)],
    endedAt: lastBegan + timeoutSeconds * 1000,
    timeoutSeconds,
  };
}

/** The function never runs, and the event is dropped once its age is over. */
const neverRuns = (endedAt: number): World => ({ samples: [dropped("stop", endedAt)], endedAt });

function undelivered(at: number): World {
  const dimensions = { QueueName: "dev-dlq" };
  return {
    samples: [
      { namespace: "AWS/SQS", metricName: "NumberOfMessagesSent", dimensions, datedAt: at, value: 1 },
    ],
    endedAt: at,
  };
}

/** The alarms that a world raises, with the minutes since its end, for each delay and evaluation range. */
function raised(alarms: readonly AlarmSpec[], { samples, endedAt }: World): [string, number][][] {
  const period = { from: NOW - 30 * MINUTE_MS, until: endedAt + 120 * MINUTE_MS };
  return DELAYS_MINUTES.flatMap((delay) => {
    const available = samples.map((sample) => ({ ...sample, availableAt: endedAt + delay * MINUTE_MS }));
    return EXTRA_DATA_POINTS.map((extra) =>
      alarms.flatMap((alarm) =>
        alarmTimes(alarm, available, period, { extraDataPoints: extra }).map((at): [string, number] => [
          alarm.name,
          (at - endedAt) / MINUTE_MS - delay,
        ]),
      ),
    );
  });
}

const WELL = { state: "stopped", ssm: { onlineAfterMs: 5_000, units: { nginx: "active" } } } as const;
const everyCall = (fault: NonNullable<ReturnType<NonNullable<RunOptions["faults"]>>>): RunOptions => ({
  faults: () => fault,
});

describe("a fault raises one alarm, within two minutes of the metric", () => {
  it.each<[string, string, () => World | Promise<World>]>([
    ["no capacity", "start-failed", () => fire("start", { ...WELL, noCapacity: true })],
    ["a start that EC2 denies", "start-failed", () => fire("start", { ...WELL, denied: true })],
    [
      "a KMS key that may not be used",
      "start-failed",
      () => fire("start", { ...WELL, fallsBack: { code: "Client.InvalidKMSKey", message: "disabled" } }),
    ],
    ["an unknown id", "start-failed", () => fire("start", undefined)],
    ["an unknown id in a stop", "stop-failed", () => fire("stop", undefined)],
    ["an instance that never runs", "start-failed", () => fire("start", { ...WELL, startMs: 1e9 })],
    ["a boot that hangs", "start-failed", () => fire("start", { state: "stopped" })],
    [
      "an agent that never comes back",
      "start-failed",
      () => fire("start", { ...WELL, ssm: { onlineAfterMs: 1e9 } }),
    ],
    [
      "a service that does not run",
      "start-failed",
      () => fire("start", { ...WELL, ssm: { units: { nginx: "failed" } } }),
    ],
    ["SSM that denies", "start-failed", () => fire("start", { ...WELL, ssm: { ...WELL.ssm, denied: true } })],
    [
      "an instance of Windows with checks",
      "start-failed",
      () => fire("start", { ...WELL, ssm: { platform: "Windows" } }),
    ],
    ["stop protection", "stop-failed", () => fire("stop", { stopProtected: true })],
    ["a stop that EC2 denies", "stop-failed", () => fire("stop", { denied: true })],
    ["a terminated instance", "stop-failed", () => fire("stop", { state: "terminated" })],
    ["a region that does not answer", "stop-failed", () => fire("stop", {}, everyCall({ kind: "silent" }))],
    [
      "a region that answers 500",
      "stop-failed",
      () => fire("stop", {}, everyCall({ kind: "error", code: "InternalError", status: 500 })),
    ],
    [
      "throttling without end",
      "start-failed",
      () => fire("start", WELL, everyCall({ kind: "error", code: "RequestLimitExceeded", status: 503 })),
    ],
    ["a time-out at 60 s", "start-failed", () => timeOut(60)],
    ["a time-out at 300 s", "start-failed", () => timeOut(300)],
    ["a time-out at 900 s", "start-failed", () => timeOut(900)],
    ["a crash", "start-failed", () => timeOut(1)],
    ["a function that is throttled", "stop-failed", () => neverRuns(NOW + 30 * MINUTE_MS)],
    ["a role that the function may not assume", "stop-failed", () => neverRuns(NOW + 30 * MINUTE_MS)],
    ["a function that is gone", "dead-letters", () => undelivered(NOW + MINUTE_MS)],
    ["a trigger that may not invoke the function", "dead-letters", () => undelivered(NOW + MINUTE_MS)],
    ["a trigger that gives up after its age", "dead-letters", () => undelivered(NOW + 30 * MINUTE_MS)],
  ])("%s: %s", async (_fault, key, makeWorld) => {
    const world = await makeWorld();
    const histories = raised(deployed(world.timeoutSeconds).alerts?.alarms ?? [], world);
    for (const history of histories) {
      expect(history.map(([name]) => name)).toEqual([`dev.${key}`]);
      expect(history[0]?.[1]).toBeLessThanOrEqual(2);
    }
  });

  it.each(["stop-failed", "dead-letters"])("again for the next one in the same week: %s", (key) => {
    const makeWorld = key === "stop-failed" ? neverRuns : undelivered;
    const alarm = deployed().alerts?.alarms.find((each) => each.key === key);
    if (alarm === undefined) throw new Error(`Expected an alarm ${key}`);
    const samples = [NOW, NOW + 2 * DAY_MS].flatMap((at) =>
      makeWorld(at).samples.map((sample) => ({ ...sample, availableAt: at + 10 * MINUTE_MS })),
    );
    const period = { from: NOW - DAY_MS, until: NOW + 3 * DAY_MS };
    expect(alarmTimes(alarm, samples, period, { extraDataPoints: 2 })).toHaveLength(2);
  });
});

describe("no alarm is raised", () => {
  it.each<[string, () => Promise<World>]>([
    ["by a start", () => fire("start", WELL)],
    ["by a stop", () => fire("stop", {})],
    ["by a start that takes 75 seconds", () => fire("start", { ...WELL, startMs: 75_000 })],
    ["by a start that takes four minutes", () => fire("start", { ...WELL, startMs: 240_000 })],
    [
      "by an agent that comes back after two minutes",
      () => fire("start", { ...WELL, ssm: { ...WELL.ssm, onlineAfterMs: 120_000 } }),
    ],
    [
      "by a service that comes up after a minute",
      () => fire("start", { ...WELL, ssm: { units: { nginx: 60_000 } } }),
    ],
    ["by an instance that runs already", () => fire("start", { ssm: WELL.ssm })],
    ["by an instance that is held", () => fire("stop", { tags: { "ec2-start-stop:hold": "" } })],
    [
      "by a fault of EC2 that is over at the retry",
      () =>
        fire(
          "stop",
          {},
          {
            faults: ({ nth }) =>
              nth <= 2 ? { kind: "error", code: "InternalError", status: 500 } : undefined,
          },
        ),
    ],
  ])("%s", async (_world, makeWorld) => {
    for (const history of raised(deployed().alerts?.alarms ?? [], await makeWorld())) {
      expect(history).toEqual([]);
    }
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { DeployedSchedules, DeployedTarget } from "../../contract/request";
import { Candidate } from "../../lambda-src/candidate";
import type { InstanceSnapshot } from "../../lambda-src/describe";
import { makeFollowUps } from "../../lambda-src/follow-ups";
import type { InstanceSpec } from "../support/ec2/fleet";
import {
  FunctionBench,
  fleetOf,
  idsOf,
  instanceId,
  NOW,
  REGION,
  type RunOptions,
} from "../support/ec2/run-function";
import { followUpEnvironment, type OneTimeSchedule } from "../support/ec2/scheduler";
import { VirtualClock } from "../support/ec2/virtual-clock";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.scheduler.clear());

const HOLD = "ec2-start-stop:hold";
const DEV = { region: REGION, tags: { Environment: ["dev"] } };
const WEB: DeployedTarget = { region: REGION, instanceIds: [instanceId(1), instanceId(2)] };
/** Stopped at 20:00 in Seoul, which is NOW, and started at 08:00 of working days. */
const SCHEDULES: DeployedSchedules = {
  targets: [DEV, WEB],
  calendars: [["2026-11-24"]],
  schedules: [
    { name: "dev-stop", action: "stop", expression: "cron(0 11 * * ? *)", targets: [0, 1] },
    {
      name: "dev-start",
      action: "start",
      expression: "cron(0 8 ? * MON-FRI *)",
      timezone: "Asia/Seoul",
      targets: [0, 1],
      calendar: 0,
    },
  ],
};
const environmentOf = (schedules = SCHEDULES, targets: readonly DeployedTarget[] = [DEV, WEB]) => ({
  environment: { TARGETS: JSON.stringify(targets), ...followUpEnvironment(schedules) },
});
const request = (action: "start" | "stop", more: object = {}) => ({
  schedule: `dev-${action}`,
  action,
  scheduledTime: "2026-11-23T11:00:00Z",
  targets: [DEV],
  ...more,
});
const dev = (count: number, spec: Omit<InstanceSpec, "id"> = {}) =>
  fleetOf(count, { ...spec, tags: { Environment: "dev", ...spec.tags } });
const held = (until: string) => ({ tags: { [HOLD]: until } });

describe("a hold with an end", () => {
  it("is looked at again after the end of an interval, as `hold` writes it", async () => {
    const value = "2026-11-23T10:55Z/2026-11-23T13:00Z by jane";
    const { report } = await bench.run(request("stop"), dev(1, held(value)), environmentOf());
    expect(report).toMatchObject({ status: "ok", counts: { skipped: 1 } });
    expect(report.followUps).toMatchObject([{ kind: "hold", at: "2026-11-23T13:01:00.000Z" }]);
  });

  it("is looked at again a minute after its end, once for all instances, and the stop then happens", async () => {
    const { report } = await bench.run(request("stop"), dev(3, held("2026-11-23T13:00Z")), environmentOf());
    expect(report).toMatchObject({ status: "ok", counts: { skipped: 3 }, level: "INFO" });
    expect(report.instances[0]?.reason).toBe(
      `held by tag ${HOLD} until 2026-11-23T13:00:00.000Z; looked at again at 2026-11-23T13:01Z`,
    );
    expect(report.followUps).toEqual([
      {
        kind: "hold",
        region: REGION,
        at: "2026-11-23T13:01:00.000Z",
        instances: 3,
        name: expect.stringMatching(/^hold-stop-20261123T1301-dev-stop-[0-9a-f]{10}$/),
      },
    ]);
    expect(bench.scheduler.pending[0]?.input).toMatchObject({
      GroupName: "dev-followups",
      ScheduleExpression: "at(2026-11-23T13:01:00)",
      ScheduleExpressionTimezone: "UTC",
      ActionAfterCompletion: "DELETE",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: `arn:aws:lambda:${REGION}:123456789012:function:dev-StopEC2Instances`,
        RoleArn: "arn:aws:iam::123456789012:role/dev-scheduler",
        DeadLetterConfig: { Arn: "arn:aws:sqs:ap-northeast-2:123456789012:dev-dlq" },
      },
    });
    expect(bench.scheduler.pending[0]?.request).toEqual({
      schedule: "dev-stop",
      action: "stop",
      scheduledTime: "2026-11-23T11:00:00Z",
      targets: [{ ...DEV, only: idsOf(dev(3)) }],
      followUp: { kind: "hold", cause: "request-1", attempt: 1 },
    });
    const woken = await bench.wake(environmentOf());
    expect(woken?.report.counts).toMatchObject({ done: 3 });
    expect(bench.scheduler.pending).toEqual([]);
  });

  it.each([{ endDate: "2026-11-24T00:00:00.000Z" }, { startDate: "2026-11-26T00:00:00.000Z" }])(
    "stops on waking where no start comes by then, since starts have %j",
    async (dates) => {
      const schedules = SCHEDULES.schedules.map((each) =>
        each.action === "start" ? { ...each, ...dates } : each,
      );
      const environment = environmentOf({ ...SCHEDULES, schedules });
      await bench.run(request("stop"), dev(1, held("2026-11-25T01:00Z")), environment);
      expect((await bench.wake(environment))?.report.counts).toMatchObject({ done: 1 });
    },
  );

  it("does nothing on waking where the schedules say running by then", async () => {
    // The next start that is no holiday is on Wednesday, 2026-11-25 at 08:00 in Seoul.
    await bench.run(request("stop"), dev(1, held("2026-11-25T01:00Z")), environmentOf());
    const woken = await bench.wake(environmentOf());
    expect(woken?.report.instances).toMatchObject([
      { outcome: "skipped", reason: "the schedules say running since 2026-11-24T23:00:00.000Z" },
    ]);
  });

  it("stops on waking on a holiday, on which the start does not count", async () => {
    await bench.run(request("stop"), dev(1, held("2026-11-24T01:00Z")), environmentOf());
    const woken = await bench.wake(environmentOf());
    expect(woken?.report.counts).toMatchObject({ done: 1 });
  });

  it("has no follow-up for an instance that is left alone anyway, by a dry run, or by hand", async () => {
    const managed = dev(1, { tags: { [HOLD]: "2026-11-23T13:00Z", "aws:autoscaling:groupName": "web" } });
    await bench.run(request("stop"), managed, environmentOf());
    await bench.run(request("stop", { dryRun: true }), dev(1, held("2026-11-23T13:00Z")), environmentOf());
    const { scheduledTime: _, ...byHand } = request("stop");
    await bench.run(byHand, dev(1, held("2026-11-23T13:00Z")), environmentOf());
    expect(bench.scheduler.calls).toEqual([]);
  });

  it("finds the follow-up of the same run that was delivered before", async () => {
    await bench.run(request("stop"), dev(1, held("2026-11-23T13:00Z")), environmentOf());
    const again = await bench.again(request("stop"), environmentOf());
    expect(again.report).toMatchObject({ status: "ok", followUps: [{ kind: "hold" }] });
    expect(bench.scheduler.pending.length).toBe(1);
  });

  it("fails the run where its follow-up is denied, and is written by the retry", async () => {
    await bench.run(request("stop"), [], environmentOf());
    bench.ec2.load(dev(1, held("2026-11-23T13:00Z")), { clock: bench.clock });
    bench.scheduler.refusal = (nth) => (nth === 1 ? "AccessDeniedException" : undefined);
    const first = await bench.again(request("stop"), environmentOf());
    expect(first.error?.message).toContain(
      "no follow-up could be written: scheduler:CreateSchedule is denied",
    );
    const second = await bench.again(request("stop"), environmentOf());
    expect(second.error).toBeUndefined();
    expect(bench.scheduler.pending.length).toBe(1);
  });
});

describe("holds of many ends, for which one follow-up each is written", () => {
  const minutesFrom = (index: number) => new Date(NOW + (30 + index) * 60_000).toISOString();
  const heldFleet = Array.from({ length: 60 }, (_, index) => dev(1, held(minutesFrom(index)))[0]).map(
    (spec, index) => ({ ...spec, id: instanceId(101 + index) }),
  );
  const fleet = [...dev(5), ...heldFleet];
  const long = { ...environmentOf(), remainingMs: 300_000 };

  it.each(["ThrottlingException", "InternalServerException"])(
    "let no other instance wait for its stop, and fail by themselves, where each ends in %s",
    async (code) => {
      let stoppedAt = Number.POSITIVE_INFINITY;
      const running = bench.run(request("stop"), fleet, {
        ...long,
        faults: ({ action }) => {
          if (action === "StopInstances") stoppedAt = bench.clock.now();
          return undefined;
        },
      });
      bench.scheduler.refusal = () => code;
      const { report, milliseconds } = await running;
      expect(stoppedAt).toBe(NOW);
      expect(report.counts).toMatchObject({ done: 5, failed: 60, skipped: 0 });
      expect(report.instances[0]?.reason).toMatch(/^held by tag .*; no follow-up could be written: /);
      expect(milliseconds).toBeLessThan(300_000);
    },
  );

  it("are written once each", async () => {
    const { report } = await bench.run(request("stop"), fleet, long);
    expect(report.counts).toMatchObject({ done: 5, skipped: 60 });
    expect(report.followUps).toHaveLength(60);
    expect(bench.scheduler.calls).toHaveLength(60);
  });
});

describe("a start that is refused for capacity", () => {
  const start = request("start", { targets: [WEB] });
  const stoppedAt = (hour: number, minute: number) =>
    environmentOf({
      ...SCHEDULES,
      schedules: SCHEDULES.schedules.map((each) =>
        each.action === "stop" ? { ...each, expression: `cron(${minute} ${hour} * * ? *)` } : each,
      ),
    });
  const untilNextDay = stoppedAt(10, 30);
  const lacking = [
    ...fleetOf(1, { state: "stopped", noCapacity: true }),
    ...fleetOf(1, { state: "stopped" }, 2),
  ];

  it("is tried again after 5, 15, 30 and 60 minutes, and then fails", async () => {
    const first = await bench.run(start, lacking, untilNextDay);
    expect(first.report).toMatchObject({ status: "unfinished", counts: { done: 1, deferred: 1 } });
    expect(first.error).toBeUndefined();
    const waits: number[] = [];
    let last = first;
    for (let from = NOW; bench.scheduler.pending.length > 0; from = bench.clock.now()) {
      waits.push(Math.floor(((bench.scheduler.pending[0]?.at ?? 0) - from) / 300_000) * 5);
      expect(bench.scheduler.pending[0]?.request.targets).toEqual([
        { region: REGION, instanceIds: [instanceId(1)] },
      ]);
      last = (await bench.wake(untilNextDay)) ?? last;
    }
    expect(waits).toEqual([5, 15, 30, 60]);
    expect(last.error?.message).toContain("failed: given up after 4 follow-ups");
  });

  it("gets a follow-up of its own where an earlier run of its firing left only others for later", async () => {
    await bench.run(start, lacking, untilNextDay);
    bench.ec2.load(fleetOf(2, { state: "stopped", noCapacity: true }), { clock: bench.clock });
    for (let delivery = 0; delivery < 2; delivery++) {
      const { report } = await bench.again(start, untilNextDay);
      expect(report).toMatchObject({ status: "unfinished", counts: { deferred: 2 } });
      const ids = bench.scheduler.pending.map(({ request: left }) => left.targets[0]?.instanceIds);
      expect(ids).toEqual([[instanceId(1)], [instanceId(2)]]);
    }
  });

  it("fails where an earlier follow-up of its firing cannot be read", async () => {
    await bench.run(start, lacking, untilNextDay);
    bench.scheduler.getSchedule = async () => {
      throw Object.assign(new Error("no"), { name: "AccessDeniedException" });
    };
    const { error } = await bench.again(start, untilNextDay).finally(() => {
      Reflect.deleteProperty(bench.scheduler, "getSchedule");
    });
    expect(error?.message).toContain(
      "an earlier follow-up could not be read: scheduler:GetSchedule is denied",
    );
  });

  it("fails where the next stop comes first", async () => {
    const { error, report } = await bench.run(start, lacking, stoppedAt(11, 5));
    expect(error).toBeDefined();
    expect(report.instances[0]?.reason).toContain("but the stop of 2026-11-23T11:05Z comes first");
    expect(bench.scheduler.calls).toEqual([]);
  });

  it("changes nothing where the follow-up comes after the next stop", async () => {
    await bench.run(start, lacking, untilNextDay);
    const [next] = bench.scheduler.pending;
    expect(next?.request.followUp?.notAfter).toBe("2026-11-24T10:30:00.000Z");
    await bench.clock.sleep(25 * 3_600_000);
    const woken = await bench.wake(untilNextDay);
    expect(woken?.report).toMatchObject({
      status: "skipped",
      LateRequests: 1,
      reason: "too late: the opposite firing of 2026-11-24T10:30:00.000Z has come",
    });
  });
});

describe("a run that waits for EC2's rate", () => {
  const fleet = fleetOf(2, { state: "stopped" });
  const untilStop = (hour: number, minute: number) => ({
    ...environmentOf({
      ...SCHEDULES,
      schedules: SCHEDULES.schedules.map((each) =>
        each.action === "stop" ? { ...each, expression: `cron(${minute} ${hour} * * ? *)` } : each,
      ),
    }),
    remainingMs: 300_000,
    tokens: { start: 1_000 },
  });
  /** Delivers a request, while others take all tokens for the next 90 seconds. */
  const runBusy = async (event: object, options: RunOptions) => {
    bench.clock = new VirtualClock(NOW);
    bench.ec2.load(fleet, { clock: bench.clock, ...options });
    bench.ec2.shareTokens(REGION, "start", NOW + 90_000, 0);
    return bench.again(event, options);
  };
  const event = { ...request("start", { targets: [WEB] }), scheduledTime: "2026-11-23T10:31:00Z" };

  it("starts nothing once its firing is too late, and leaves it to a follow-up", async () => {
    const { report } = await runBusy({ ...event, latestMinutes: 30 }, untilStop(12, 0));
    expect(report.counts.deferred).toBe(2);
    expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual([0, 0]);
    const { report: inTime } = await runBusy({ ...event, latestMinutes: 40 }, untilStop(12, 0));
    expect(inTime.counts.done).toBe(2);
  });

  it("fails once its firing is too late, without follow-ups", async () => {
    const environment = { TARGETS: JSON.stringify([WEB]) };
    const { report } = await runBusy({ ...event, latestMinutes: 30 }, { ...untilStop(12, 0), environment });
    const failed = {
      outcome: "failed",
      reason:
        "not attempted: EC2 had no room for it until 2026-11-23T11:01:00.000Z, when the request became too late",
    };
    expect(report.instances).toMatchObject([failed, failed]);
    expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual([0, 0]);
  });

  it.each(["resume", "capacity", "hold"])(
    "of a follow-up (%s) starts nothing once the next stop has come",
    async (kind) => {
      const followUp = { kind, cause: "request-0", attempt: 1 };
      const { report } = await runBusy({ ...event, followUp }, untilStop(11, 1));
      expect(report).toMatchObject({ status: "failed", counts: { failed: 2 } });
      expect(report.instances[0]?.reason).toContain(
        "until 2026-11-23T11:01:00.000Z, when the request became",
      );
      expect(bench.ec2.instances.map(({ changes }) => changes)).toEqual([0, 0]);
    },
  );
});

describe("a follow-up about more instances than EventBridge Scheduler takes in 256 KB", () => {
  const Size = 10_000;
  const ids = Array.from({ length: Size }, (_, index) => instanceId(index + 1));
  /** Instances of three targets are named three times. */
  const targets = [
    { region: REGION, instanceIds: ids, checks: [] },
    { region: REGION, tags: { Environment: ["dev"] }, checks: [] },
    { region: REGION, tags: { Team: ["web"] }, checks: [] },
  ];
  const stopped: Omit<InstanceSnapshot, "instanceId"> = {
    state: "stopped",
    tags: new Map(Object.entries({ Environment: "dev", Team: "web" })),
    manager: undefined,
    spot: false,
    rootDeviceType: "ebs",
    hibernationConfigured: undefined,
    placement: [],
    entitlements: [],
    launchedAt: undefined,
    stoppedAt: undefined,
    stateReason: undefined,
  };
  const candidates = () => ids.map((id) => new Candidate(REGION, { instanceId: id, ...stopped }));
  const run = () => {
    const { clock, scheduler } = bench;
    return makeFollowUps({
      request: { schedule: "dev-start", action: "start", scheduledTime: "2026-11-23T11:00:00Z", targets },
      deployment: {
        settings: { group: "dev-followups", roleArn: "arn:aws:iam::123456789012:role/dev-scheduler" },
        schedules: { targets: [], calendars: [], schedules: [] },
      },
      functionArn: `arn:aws:lambda:${REGION}:123456789012:function:dev-StartEC2Instances`,
      requestId: "request-1",
      deadline: clock.now() + 60_000,
      runtime: { clock, random: () => 0.5, connectScheduler: async () => scheduler },
    });
  };
  const namedIn = ({ request: { targets: named } }: OneTimeSchedule) =>
    named.map(({ instanceIds = [], only = [] }) => [...instanceIds, ...only]);

  it("is several of the same minute, each as large as it may be and with a name of its own", async () => {
    const left = candidates();
    const followUps = run();
    await followUps.defer(left, { kind: "resume", at: bench.clock.now(), reason: "no room" });
    expect(left.filter(({ result }) => result?.outcome !== "deferred")).toEqual([]);
    const { pending } = bench.scheduler;
    expect(pending.length).toBe(4);
    expect(new Set(pending.map(({ at }) => at)).size).toBe(1);
    for (const { input } of pending) {
      const bytes = Buffer.byteLength(input.Target?.Input ?? "");
      expect(bytes).toBeLessThanOrEqual(262_144);
      expect(bytes).toBeGreaterThan(262_144 / 2);
    }
    for (const index of targets.keys())
      expect(pending.flatMap((each) => namedIn(each)[index] ?? []).sort()).toEqual(ids);
    expect(followUps.written).toMatchObject(pending.map(({ name }) => ({ name, instances: Size / 4 })));
  });

  it("is not written again by a run that is delivered twice", async () => {
    for (let delivery = 0; delivery < 2; delivery++)
      await run().defer(candidates(), { kind: "resume", at: bench.clock.now(), reason: "no room" });
    expect(bench.scheduler.calls).toHaveLength(2 * 4);
    expect(bench.scheduler.pending).toHaveLength(4);
  });
});

describe("the request of a follow-up", () => {
  const followUp = { kind: "hold", cause: "hold", attempt: 1 };

  it("reaches only what is deployed, by its tags now", async () => {
    const fleet = [...dev(1), ...fleetOf(1, { tags: { Environment: "prod" } }, 3)];
    const targets = [{ ...DEV, only: [instanceId(1), instanceId(3), instanceId(4)] }];
    const { report } = await bench.run(request("stop", { targets, followUp }), fleet, environmentOf());
    expect(report.instances).toMatchObject([{ instanceId: instanceId(1), outcome: "done" }]);
    expect(bench.ec2.instance(instanceId(3)).changes).toBe(0);
  });

  it("is no error where the deployment has its targets no longer", async () => {
    const event = request("stop", { targets: [WEB], followUp });
    const { report, error } = await bench.run(event, fleetOf(2), environmentOf(SCHEDULES, [DEV]));
    expect(error).toBeUndefined();
    expect(report).toMatchObject({ status: "ok", instances: [] });
  });

  it("is refused by a deployment without follow-ups", async () => {
    const { error } = await bench.run(request("stop", { followUp }), dev(1), {
      environment: { TARGETS: JSON.stringify([DEV]) },
    });
    expect(error?.message).toContain("this deployment has no follow-ups (`followUps: true`)");
  });

  it("names `only` with tags alone", async () => {
    const targets = [{ region: REGION, instanceIds: [instanceId(1)], only: [instanceId(1)] }];
    const { error } = await bench.run(request("stop", { targets }), dev(1), environmentOf());
    expect(error?.message).toContain("Expected `targets[0].only` to come with tags");
  });
});

it.each([
  ["{", "in the environment variable SCHEDULES"],
  [
    JSON.stringify({ targets: [], calendars: [], schedules: [{ name: "x" }] }),
    "Expected `schedules.schedules[0].action`, got nothing",
  ],
])("refuses the run where SCHEDULES is %s", async (Schedules, message) => {
  const { environment } = environmentOf();
  const { error } = await bench.run(request("stop"), dev(1), {
    environment: { ...environment, SCHEDULES: Schedules },
  });
  expect(error?.message).toContain(message);
});

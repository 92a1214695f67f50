import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { fitLogEvent, type Report } from "../../lambda-src/report";
import { FunctionBench, fleetOf, idsOf, instanceId, NOW, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());

const CLOUDWATCH_EVENT_BYTES = 256 * 1024 - 26;
const request = (instanceIds: readonly string[]) => ({
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  targets: [{ region: REGION, instanceIds }],
});
const protectedFleet = (count: number) => fleetOf(count, { stopProtected: true });
const rejectsAll = {
  faults: ({ action, instanceIds }: { action: string; instanceIds: readonly string[] }) =>
    action === "StopInstances"
      ? ({
          kind: "error",
          code: "OperationNotPermitted",
          message: `The instances ${instanceIds.join(", ")} may not be stopped. ${"A long explanation follows. ".repeat(20)}`,
        } as const)
      : undefined,
};

describe("the report", () => {
  it("is one line, after the one that tells of the firing, and the same object is returned", async () => {
    const fleet = fleetOf(2);
    const { report, lines } = await bench.run(request(idsOf(fleet)), fleet);
    expect(lines).toHaveLength(2);
    expect(lines[1]).not.toContain("\n");
    expect(report).toEqual({
      level: "INFO",
      timestamp: new Date(NOW).toISOString(),
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: "Ec2StartStop",
            Dimensions: [["FunctionName", "Action", "Schedule"], ["FunctionName"]],
            Metrics: [
              "InstancesChanged",
              "InstancesAlreadyDone",
              "InstancesSkipped",
              "InstancesDeferred",
              "InstancesFailed",
              "InstancesUnconfirmed",
              "LateRequests",
              "ServicesFailed",
              "ServicesUnchecked",
              "ServicesPending",
            ].map((Name) => ({ Name, Unit: "Count" })),
          },
        ],
      },
      FunctionName: "dev-StopEC2Instances",
      Action: "stop",
      Schedule: "dev-stop",
      InstancesChanged: 2,
      InstancesAlreadyDone: 0,
      InstancesSkipped: 0,
      InstancesDeferred: 0,
      InstancesFailed: 0,
      InstancesUnconfirmed: 0,
      LateRequests: 0,
      ServicesFailed: 0,
      ServicesUnchecked: 0,
      ServicesPending: 0,
      schedule: "dev-stop",
      action: "stop",
      scheduledTime: "2026-11-23T11:00:00Z",
      requestId: "request-1",
      dryRun: false,
      status: "ok",
      counts: { done: 2, already: 0, skipped: 0, failed: 0, unconfirmed: 0, deferred: 0 },
      errors: [],
      warnings: [],
      instances: idsOf(fleet).map((instanceId) => ({
        instanceId,
        region: REGION,
        stateBefore: "running",
        stateAfter: "stopping",
        outcome: "done",
      })),
      calls: { describe: 1, start: 0, stop: 1 },
      durationSeconds: 0,
    });
  });

  it.each([1000, 5000])(
    "stays within one log event for %d failing instances with long reasons",
    async (count) => {
      const fleet = protectedFleet(count);
      const { report, lines } = await bench.run(request(idsOf(fleet)), fleet, rejectsAll);
      expect(Buffer.byteLength(lines[0] ?? "")).toBeLessThan(CLOUDWATCH_EVENT_BYTES);
      expect(report.counts.failed).toBe(count);
      expect(report.InstancesFailed).toBe(count);
      if (count === 1000) expect(report.instances).toHaveLength(1000);
      else expect(report.instances.length + (report.instancesOmitted ?? 0)).toBe(count);
    },
  );

  it("lists the few failures of a large fleet, and of the others as many as fit", async () => {
    const fleet = [...fleetOf(2990), ...fleetOf(10, { stopProtected: true }, 2991)];
    const event = { ...request([]), targets: [{ region: REGION, tags: { Env: ["dev"] } }] };
    const { report, lines } = await bench.run(
      event,
      fleet.map((spec) => ({ ...spec, tags: { Env: "dev" } })),
      { environment: { MAX_INSTANCES: "5000" }, remainingMs: 300_000 },
    );
    expect(Buffer.byteLength(lines[0] ?? "")).toBeLessThan(CLOUDWATCH_EVENT_BYTES);
    expect(report.counts).toMatchObject({ done: 2990, failed: 10 });
    expect(report.instances.filter(({ outcome }) => outcome === "failed")).toHaveLength(10);
    expect(report.instances.slice(0, 10).every(({ outcome }) => outcome === "failed")).toBe(true);
    expect(report.instances.length).toBeGreaterThan(1000);
    expect(report.instances.length + (report.instancesOmitted ?? 0)).toBe(3000);
  });

  it("stays within one log event, whatever the texts of errors, warnings and follow-ups are", () => {
    const text = "\u0001".repeat(10_000);
    const many = Array.from({ length: 300 });
    const fitted = fitLogEvent({
      errors: many.map(() => ({ region: REGION, reason: text })),
      warnings: many.map(() => text),
      followUps: Array.from({ length: 2000 }, () => ({
        kind: "hold",
        region: REGION,
        at: "2026-11-23T13:01:00.000Z",
        instances: 1,
        name: "n".repeat(64),
      })),
      instances: many.map((_, index) => ({
        instanceId: instanceId(index),
        region: REGION,
        outcome: "failed",
        reason: text,
      })),
      counts: { failed: 600, unconfirmed: 0, deferred: 0, done: 0, skipped: 0, already: 0 },
    } as unknown as Report);
    expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThan(CLOUDWATCH_EVENT_BYTES);
    expect(fitted.counts.failed).toBe(600);
    expect(fitted.instances.length + (fitted.instancesOmitted ?? 0)).toBe(300);
    expect(fitted.instances.length).toBeGreaterThan(100);
    expect(fitted.warnings.slice(-3)).toEqual([
      "200 more errors are not listed",
      "200 more warnings are not listed",
      "1900 more follow-ups are not listed",
    ]);
  });

  it("has the level that its outcome deserves", async () => {
    const fleet = fleetOf(2);
    const levelOf = async (event: object, specs = fleet) => (await bench.run(event, specs)).report.level;
    expect(await levelOf(request(idsOf(fleet)))).toBe("INFO");
    expect(await levelOf(request(idsOf(fleet)), protectedFleet(2))).toBe("ERROR");
    expect(await levelOf({ ...request(idsOf(fleet)), targets: [] })).toBe("ERROR");
    expect(await levelOf({ ...request(idsOf(fleet)), scheduledTime: "2026-11-23T09:00:00Z" })).toBe("WARN");
  });

  it.each(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])(
    "passes the log level %s of the function, as the metrics are in it",
    async (minimum) => {
      const fleet = fleetOf(1);
      const environment = { AWS_LAMBDA_LOG_LEVEL: minimum };
      const { report } = await bench.run(request(idsOf(fleet)), fleet, { environment });
      const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
      expect(levels.indexOf(report.level)).toBe(Math.max(levels.indexOf(minimum), levels.indexOf("INFO")));
    },
  );

  it("has an instance once that EC2 shows by its tags before it shows it by its id", async () => {
    const fleet = fleetOf(2, { tags: { Env: "dev" } });
    const event = {
      ...request([]),
      targets: [
        { region: REGION, instanceIds: [instanceId(1)] },
        { region: REGION, tags: { Env: ["dev"] } },
      ],
    };
    const { report, error } = await bench.run(event, fleet, {
      faults: ({ action, nth }) =>
        action === "DescribeInstances" && nth === 1
          ? {
              kind: "error",
              code: "InvalidInstanceID.NotFound",
              message: `The instance ID '${instanceId(1)}' does not exist`,
            }
          : undefined,
    });
    expect(error).toBeUndefined();
    expect(report.counts).toMatchObject({ done: 2, failed: 0 });
    expect(report.instances.map((entry) => entry.instanceId)).toEqual(idsOf(fleet));
  });

  it("lists failures first", async () => {
    const fleet = fleetOf(5);
    const { report } = await bench.run(request([...idsOf(fleet), instanceId(99)]), fleet);
    expect(report.instances.map(({ outcome }) => outcome)).toEqual([
      "failed",
      "done",
      "done",
      "done",
      "done",
      "done",
    ]);
  });

  it("never holds credentials", async () => {
    const fleet = fleetOf(1);
    const { lines, error } = await bench.run(request(idsOf(fleet)), fleet, {
      faults: () => ({
        kind: "error",
        code: "AuthFailure",
        message: "AWS was not able to validate",
        status: 401,
      }),
    });
    expect(`${lines[0]} ${error?.stack}`).not.toMatch(/AKIDEXAMPLE|an-example-secret/);
  });
});

describe("the error", () => {
  it("fits a notification: schedule, counts, the first ids with reasons", async () => {
    const fleet = protectedFleet(40);
    const { error } = await bench.run(request(idsOf(fleet)), fleet, rejectsAll);
    expect(error?.message).toMatch(
      /^Schedule dev-stop, stop: 40 failed, 0 unconfirmed, 0 done, 0 already, 0 skipped\. /,
    );
    expect(error?.message).toContain(`${instanceId(1)} (${REGION}) failed: OperationNotPermitted`);
    expect(error?.message).toMatch(/; and 35 more$/);
    expect(error?.message.length).toBeLessThan(2000);
    expect(error?.stack).toBe(`StartStopError: ${error?.message}`);
  });
});

describe("requests that do not run", () => {
  it.each<[string, object, string, number, RegExp]>([
    ["a late one", { scheduledTime: "2026-11-23T09:00:00Z" }, "skipped", 1, /^too late: /],
    [
      "a holiday's",
      { holidays: ["2026-11-23"], timezone: "Asia/Seoul" },
      "skipped",
      0,
      /^holiday: 2026-11-23/,
    ],
  ])("%s changes nothing, is no error, and says why", async (_name, change, status, late, reason) => {
    const fleet = fleetOf(2);
    const { report, error } = await bench.run({ ...request(idsOf(fleet)), ...change }, fleet);
    expect(error).toBeUndefined();
    expect(report).toMatchObject({ status, LateRequests: late, InstancesChanged: 0, schedule: "dev-stop" });
    expect(report.reason).toMatch(reason);
    expect(bench.ec2.calls).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ["a malformed one", { targets: [] }, /`targets`/],
    ["one with a name longer than a log event", { schedule: "n".repeat(300_000) }, /at most 1024 characters/],
    [
      "one with a time longer than a log event",
      { scheduledTime: `2026-11-23T11:00:00.${"0".repeat(300_000)}Z` },
      /an ISO 8601 date-time/,
    ],
    ["one from the future", { scheduledTime: "2026-11-23T12:00:00Z" }, /5 minutes in the future/],
  ])("%s changes nothing, is an error, and says why", async (_name, change, reason) => {
    const fleet = fleetOf(2);
    const { report, error } = await bench.run({ ...request(idsOf(fleet)), ...change }, fleet);
    expect(error?.name).toBe("RequestError");
    expect(report).toMatchObject({ status: "refused", InstancesChanged: 0 });
    expect(report.reason).toMatch(reason);
    expect(bench.ec2.calls).toEqual([]);
  });

  it("the other function's is refused", async () => {
    const fleet = fleetOf(2);
    const { report, error } = await bench.run(request(idsOf(fleet)), fleet, {
      environment: { ACTION: "start" },
    });
    expect(error?.message).toContain('Expected `action` to be start, got "stop"');
    expect(report.status).toBe("refused");
    expect(bench.ec2.calls).toEqual([]);
  });
});

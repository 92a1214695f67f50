import { afterAll, beforeAll, beforeEach, expect, it } from "@jest/globals";
import { DETAIL_TYPES, EVENT_SOURCE } from "../../contract/events";
import { eventsOf } from "../../lambda-src/notifications/events";
import { NO_ROOM } from "../../lambda-src/region-run";
import { instanceReport, reportOf } from "../support/builders";
import { codeBlocks } from "../support/documents";
import type { EventPattern } from "../support/ec2/event-pattern";
import { NotificationServer, TOPIC_ARN } from "../support/ec2/notifications";
import { FunctionBench, fleetOf, idsOf, instanceId, REGION } from "../support/ec2/run-function";

const bench = new FunctionBench();
const server = new NotificationServer();
beforeAll(async () => {
  await bench.open();
  await server.open();
});
afterAll(async () => {
  await bench.close();
  await server.close();
});
beforeEach(() => server.reset());

const environment = { EVENTS: "true", AWS_REGION: REGION, TOPIC_ARN };
const stop = (ids: readonly string[], more = {}) => ({
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  targets: [{ region: REGION, instanceIds: ids }],
  ...more,
});
const OURS = { source: [EVENT_SOURCE] };
const ofInstances = { ...OURS, "detail-type": [DETAIL_TYPES.instance] };
const ofRuns = { ...OURS, "detail-type": [DETAIL_TYPES.run] };
const told = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).filter(({ message }) => message !== undefined);

it("puts one event for each instance on the bus, as the report has it", async () => {
  const fleet = [{ id: instanceId(1) }, { id: instanceId(2), stopProtected: true }];
  await bench.run(stop(idsOf(fleet)), fleet, { environment });
  const run = {
    schedule: "dev-stop",
    action: "stop",
    scheduledTime: "2026-11-23T11:00:00Z",
    requestId: "request-1",
    region: REGION,
    stateBefore: "running",
  };
  expect(server.matching(ofInstances)).toEqual([
    { ...run, instance: instanceId(1), stateAfter: "stopping", outcome: "done" },
    {
      ...run,
      instance: instanceId(2),
      stateAfter: "running",
      outcome: "failed",
      reason: expect.stringContaining("OperationNotPermitted"),
    },
  ]);
  expect(server.entries).toHaveLength(2);
});

it("puts one event for a run that was skipped or refused, and for each error of a region", async () => {
  await bench.run(stop([instanceId(1)], { holidays: ["2026-11-23"] }), [], { environment });
  await bench.run({ schedule: "dev-stop" }, [], { environment });
  await bench.run(stop([], { targets: [{ region: REGION, tags: { A: ["b"] } }] }), [], {
    environment,
    faults: () => ({ kind: "error", code: "UnauthorizedOperation", message: "denied", status: 403 }),
  });
  expect(server.matching(ofRuns)).toEqual([
    expect.objectContaining({
      schedule: "dev-stop",
      status: "skipped",
      reason: "holiday: 2026-11-23 in UTC",
    }),
    expect.objectContaining({ status: "refused", reason: expect.stringContaining("Expected") }),
    expect.objectContaining({ status: "failed", region: REGION, reason: expect.stringContaining("denied") }),
  ]);
  expect(server.entries).toHaveLength(3);
});

it("puts none without EVENTS, in a dry run, a run of checks only, a warning", async () => {
  const fleet = fleetOf(2);
  const ids = idsOf(fleet);
  await bench.run(stop(ids), fleet, { environment: { TOPIC_ARN } });
  await bench.run(stop(ids, { dryRun: true }), fleet, { environment });
  await bench.run(stop(ids, { action: "start", checkOnly: true }), fleet, { environment });
  await bench.run(stop(ids, { warnMinutes: 30 }), fleet, { environment });
  expect(server.batches).toEqual([]);
  expect(server.published).toHaveLength(1);
});

it("puts events in batches of ten, also those that the report has no room for", async () => {
  const fleet = fleetOf(995);
  await bench.run(stop(idsOf(fleet)), fleet, { environment });
  expect(server.batches).toHaveLength(100);
  expect(Math.max(...server.batches)).toBe(10);
  const instances = server.matching(ofInstances).map(({ instance }) => instance);
  expect(new Set(instances)).toEqual(new Set(idsOf(fleet)));
  expect(instances).toHaveLength(995);
});

it("puts entries again that the bus has refused, and only those", async () => {
  const fleet = fleetOf(10);
  server.refuseEntry = (nth, index) => (nth === 1 && index % 2 === 0 ? "InternalFailure" : undefined);
  const { error, lines } = await bench.run(stop(idsOf(fleet)), fleet, { environment });
  expect(server.batches).toEqual([10, 5]);
  expect(server.matching(ofInstances)).toHaveLength(10);
  expect([error, told(lines)]).toEqual([undefined, []]);
});

it("says in the log how many events were lost, and fails no run", async () => {
  const fleet = fleetOf(100);
  server.refusePut = () => ({ code: "AccessDeniedException" });
  const { error, lines } = await bench.run(stop(idsOf(fleet)), fleet, { environment });
  expect(error).toBeUndefined();
  expect(told(lines)).toEqual([
    expect.objectContaining({
      level: "WARN",
      schedule: "dev-stop",
      requestId: "request-1",
      message: expect.stringMatching(
        /^100 of 100 events were not put on the event bus: events:PutEvents is denied/,
      ),
    }),
  ]);
  // What is denied once is not tried for the other batches, but for those under way.
  expect(server.batches.length).toBeLessThanOrEqual(5);
});

it("ends within Lambda's time where the bus does not take events", async () => {
  const fleet = fleetOf(1_000);
  server.refusePut = () => ({ code: "ThrottlingException" });
  const { error, lines, milliseconds } = await bench.run(stop(idsOf(fleet)), fleet, { environment });
  expect(error).toBeUndefined();
  expect(told(lines)).toHaveLength(1);
  expect(milliseconds).toBeLessThanOrEqual(57_500);
});

it("leaves time for events where the changes take all of theirs", async () => {
  const fleet = fleetOf(3, { state: "stopped", startMs: 10 * 60_000 });
  const start = { ...stop(idsOf(fleet)), action: "start" };
  const { milliseconds } = await bench.run(start, fleet, { environment });
  expect(server.matching({ ...OURS, detail: { outcome: ["unconfirmed"] } })).toHaveLength(3);
  expect(milliseconds).toBeLessThanOrEqual(50_000);
});

it("says when what was deferred goes on", () => {
  const at = "2026-11-23T11:05:00Z";
  const followUps = [
    { kind: "hold", region: REGION, at: "2026-11-23T11:01:00Z", instances: 1, name: "c" },
    { kind: "resume", region: REGION, at: "2026-11-23T11:09:00Z", instances: 1, name: "b" },
    { kind: "capacity", region: REGION, at, instances: 1, name: "a" },
  ] as const;
  const instances = [instanceReport(1, { outcome: "deferred", reason: "no capacity" }), instanceReport(2)];
  const details = eventsOf(reportOf("1"), { instances, errors: [], followUps }).map(({ Detail = "" }) =>
    JSON.parse(Detail),
  );
  expect(details.map(({ due }) => due)).toEqual([at, undefined]);
});

it("matches the patterns that docs/function.md shows", () => {
  const patterns = codeBlocks("docs/function.md", "json")
    .map((block) => JSON.parse(block))
    .filter((block) => block.source !== undefined) as EventPattern[];
  const instances = [
    instanceReport(1, { outcome: "failed", reason: "OperationNotPermitted" }),
    instanceReport(2, { outcome: "deferred", reason: "InsufficientInstanceCapacity: no capacity" }),
    instanceReport(3, { outcome: "deferred", reason: `${NO_ROOM}; goes on at 11:09Z` }),
    instanceReport(4),
    instanceReport(5, { outcome: "unconfirmed" }),
    instanceReport(6, { outcome: "deferred", reason: "ReservationCapacityExceeded: full" }),
  ];
  server.entries = eventsOf(reportOf("1", { action: "start" }), { instances, errors: [] });
  expect(
    patterns.map((pattern) => server.matching(pattern).map(({ instance }) => String(instance).slice(-1))),
  ).toEqual([
    ["1", "5"],
    ["2", "6"],
  ]);
});

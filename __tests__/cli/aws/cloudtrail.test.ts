import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { CloudTrailReader } from "../../../cli/aws/cloudtrail";
import {
  type AwsAnswer,
  type AwsServer,
  awsFault,
  type Route,
  startAwsServer,
} from "../../support/aws-server/aws-server";
import { cloudTrailRoute } from "../../support/aws-server/cloudtrail-route";
import { ALICE, recordOf, type TrailRecordJson } from "../../support/aws-server/trail-records";
import { FakeClock } from "../../support/fake-context";

const SEOUL = "ap-northeast-2";
const NOW = Date.parse("2026-11-23T12:00:00Z");
const PERIOD = { from: new Date("2026-11-16T12:00:00Z"), to: new Date(NOW) };
const STOPS = { attribute: "EventName", value: "StopInstances" } as const;
const id = (number: number) => `i-${number.toString(16).padStart(17, "0")}`;

let records: readonly TrailRecordJson[];
let faults: AwsAnswer[];
let arrivals: number[];
let clock: FakeClock;
let route: Route;
let server: AwsServer;
beforeAll(async () => {
  server = await startAwsServer([(call) => route(call)]);
});
afterAll(() => server.close());
afterEach(() => {
  jest.restoreAllMocks();
});
beforeEach(() => {
  records = [];
  faults = [];
  arrivals = [];
  clock = new FakeClock(new Date(NOW));
  // The SDK's own pauses, which go by the machine's clock, last a random share of what they may: none of it.
  jest.spyOn(Math, "random").mockReturnValue(0);
  route = cloudTrailRoute({
    records: () => records,
    now: () => +clock.now(),
    fault: () => {
      arrivals.push(+clock.now());
      return faults.shift();
    },
  });
});

function reader(maxAttempts = 2): CloudTrailReader {
  const credentials = { accessKeyId: "testing", secretAccessKey: "testing" };
  return new CloudTrailReader(
    (region) => new CloudTrailClient({ region, endpoint: server.endpoint, credentials, maxAttempts }),
    clock,
  );
}

const stop = (number: number, at: string, region = SEOUL) =>
  recordOf({ at, call: "StopInstances", by: ALICE, instanceIds: [id(number)], region });
const throttled = awsFault("ThrottlingException", "Rate exceeded");

describe("CloudTrail's event history", () => {
  it("is read page by page, twice a second, so that CloudTrail has nothing to refuse", async () => {
    records = Array.from({ length: 175 }, (_, index) =>
      stop(index, new Date(NOW - index * 60_000).toISOString()),
    );
    const pages: (readonly [number, string | undefined])[] = [];
    // Without a second attempt a call too many would be an error.
    const events = await reader(1).events(SEOUL, STOPS, PERIOD, (_, __, page, back) =>
      pages.push([page, back?.toISOString()]),
    );
    expect(events.map(({ resources }) => resources[0])).toEqual(records.map((_, index) => id(index)));
    expect(pages).toEqual([
      [1, undefined],
      [2, "2026-11-23T11:11:00.000Z"],
      [3, "2026-11-23T10:21:00.000Z"],
      [4, "2026-11-23T09:31:00.000Z"],
    ]);
    const [first = 0, second = 0, third = 0, fourth = 0] = arrivals;
    expect(third - first).toBe(1_100);
    expect(fourth - second).toBe(1_100);
  });

  it("is asked for in the region, the period and the lookup that are meant", async () => {
    records = [
      stop(1, "2026-11-23T11:00:03Z"),
      stop(2, "2026-11-23T11:00:03Z", "us-east-1"),
      stop(3, "2026-11-16T11:59:00Z"),
      recordOf({ at: "2026-11-23T10:00:00Z", call: "StartInstances", by: ALICE, instanceIds: [id(1)] }),
    ];
    const trail = reader();
    const [event, ...others] = await trail.events(SEOUL, STOPS, PERIOD);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      eventName: "StopInstances",
      eventSource: "ec2.amazonaws.com",
      at: new Date("2026-11-23T11:00:03Z"),
      region: SEOUL,
      username: "alice",
      resources: [id(1)],
    });
    expect(JSON.parse(event?.record ?? "")).toEqual(records[0]);
    const byInstance = await trail.events(SEOUL, { attribute: "ResourceName", value: id(1) }, PERIOD);
    expect(byInstance.map(({ eventName }) => eventName)).toEqual(["StopInstances", "StartInstances"]);
    const elsewhere = await trail.events("us-east-1", STOPS, PERIOD);
    expect(elsewhere.map(({ resources }) => resources)).toEqual([[id(2)]]);
  });

  it("waits longer and longer where others of the account ask too much of it", async () => {
    records = [stop(1, "2026-11-23T11:00:03Z")];
    faults = [throttled, throttled, throttled, throttled, throttled];
    const events = await reader().events(SEOUL, STOPS, PERIOD);
    expect(events).toHaveLength(1);
    expect(clock.slept.filter((each) => each > 1_100)).toEqual([2_000, 5_000]);
  });

  it("gives up in one line where that does not help", async () => {
    faults = Array.from({ length: 20 }, () => throttled);
    await expect(reader().events(SEOUL, STOPS, PERIOD)).rejects.toThrow(
      /^AWS throttled cloudtrail:LookupEvents, after several tries: wait a minute and try again/,
    );
    expect(clock.slept.filter((each) => each > 1_100)).toEqual([2_000, 5_000, 10_000, 20_000]);
  });

  it("asks once only where the SDK's retries are off", async () => {
    faults = [throttled];
    await expect(reader(1).events(SEOUL, STOPS, PERIOD)).rejects.toThrow("AWS throttled");
    expect(arrivals).toHaveLength(1);
  });

  it("names the permission that is missing", async () => {
    faults = [
      awsFault("AccessDeniedException", "User: x is not authorized to perform: cloudtrail:LookupEvents"),
    ];
    await expect(reader().events(SEOUL, STOPS, PERIOD)).rejects.toThrow(
      /^AWS refused: these credentials need the permission cloudtrail:LookupEvents \(/,
    );
  });
});

describe("the route that stands for CloudTrail", () => {
  const send = async (period: { readonly from: Date; readonly to: Date }) =>
    await reader(1).events(SEOUL, STOPS, period);

  it("refuses what the service refuses", async () => {
    await expect(send({ from: PERIOD.to, to: PERIOD.from })).rejects.toThrow("InvalidTimeRangeException");
    const early = { from: new Date(NOW - 91 * 86_400_000), to: PERIOD.to };
    await expect(send(early)).rejects.toThrow("InvalidTimeRangeException");
  });

  it("refuses the third call within a second", async () => {
    const both = [reader(1), reader(1), reader(1)];
    const asked = await Promise.allSettled(both.map((each) => each.events(SEOUL, STOPS, PERIOD)));
    expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "fulfilled", "rejected"]);
  });
});

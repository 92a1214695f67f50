import { describe, expect, it } from "@jest/globals";
import { invoke } from "../../lambda-src/invocation";
import type { Runtime } from "../../lambda-src/runtime";

const NOW = Date.parse("2026-11-23T11:10:20Z");
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const FORTY_FIVE_MINUTES_MS = 45 * 60_000;

const WATCH = {
  watch: "watch",
  scheduledTime: "2026-11-23T11:10:00Z",
  functionNames: { stop: "dev-stop", start: "dev-start" },
  schedules: [],
};

type Line = Readonly<Record<string, unknown>>;

async function run(event: unknown, environment: Runtime["environment"] = {}, now = NOW) {
  const lines: Line[] = [];
  let error: Error | undefined;
  const unexpected = () => {
    throw new Error("Expected no call to AWS");
  };
  const result = await invoke(
    event,
    { awsRequestId: "request-1" },
    {
      environment: { ACTION: "stop", AWS_LAMBDA_FUNCTION_NAME: "dev-stop", TARGETS: "[]", ...environment },
      connect: unexpected,
      connectSsm: unexpected,
      connectScheduler: unexpected,
      connectSns: unexpected,
      connectEvents: unexpected,
      clock: { now: () => now, sleep: unexpected },
      random: Math.random,
      writeLine: (line) => lines.push(JSON.parse(line)),
    },
  ).catch((thrown: Error) => {
    error = thrown;
  });
  return { result, error, lines };
}

/** Of each line: the schedule, when its metrics are dated, and their values. */
function told(lines: readonly Line[]): unknown[] {
  return lines.map(({ _aws, FunctionName, Action, Schedule, FiringAnnounced, FiringState }) => {
    const { Timestamp } = _aws as { Timestamp: number };
    const firing = new Date(Timestamp - FORTY_FIVE_MINUTES_MS).toISOString().slice(11, 16);
    return [FunctionName, Action, Schedule, firing, FiringAnnounced, FiringState];
  });
}

const OWN = [
  ["dev-stop", "stop", "watch", "11:10", undefined, 2],
  ["dev-stop", "stop", "watch", "11:40", 1, 1],
];

const daily = (name: string, action: "stop" | "start", minute: number, hour: number, timezone?: string) => ({
  name,
  action,
  expression: `cron(${minute} ${hour} * * ? *)`,
  ...(timezone === undefined ? {} : { timezone }),
});

describe("the watch", () => {
  it("announces what fires in half an hour to an hour, and what was due as long ago, by function and schedule", async () => {
    const schedules = [
      daily("coming", "start", 55, 11),
      daily("due", "stop", 25, 19, "Asia/Seoul"),
      daily("just-now", "stop", 9, 11),
      daily("soon", "stop", 39, 11),
      daily("too-soon", "stop", 10, 12),
      daily("over", "stop", 9, 10),
    ];
    const { result, lines } = await run({ ...WATCH, schedules });
    expect(told(lines)).toEqual([
      ...OWN,
      ["dev-start", "start", "coming", "11:55", 1, undefined],
      ["dev-stop", "stop", "due", "10:25", undefined, 1],
    ]);
    expect(result).toEqual({ watch: "watch", scheduledTime: WATCH.scheduledTime, announced: 1, due: 1 });
  });

  it("tells each firing to one watch to come and one later, to the minute", async () => {
    const told = new Map<string, number>();
    const schedules = [{ name: "often", action: "stop", expression: "cron(0/5 * * * ? *)" }];
    for (const time of ["08:10", "08:40", "09:10", "09:40", "10:10", "10:40", "11:10"]) {
      const { lines } = await run(
        { ...WATCH, schedules, scheduledTime: `2026-11-23T${time}:00Z` },
        {},
        at(`${time}:09`),
      );
      for (const { Schedule, firing, FiringAnnounced } of lines) {
        const key = `${Schedule} ${firing} ${FiringAnnounced ?? "due"}`;
        told.set(key, (told.get(key) ?? 0) + 1);
      }
    }
    const firings = Array.from({ length: 12 }, (_, index) =>
      new Date(at("09:10:00") + index * 300_000).toISOString(),
    );
    for (const firing of firings)
      expect([told.get(`often ${firing} 1`), told.get(`often ${firing} due`)]).toEqual([1, 1]);
  });

  it("counts firings within the same five minutes once", async () => {
    const schedules = [{ name: "often", action: "stop", expression: "cron(0/1 * * * ? *)" }];
    const { result } = await run({ ...WATCH, schedules });
    expect(result).toMatchObject({ announced: 6, due: 6 });
  });

  it("leaves out times that a change of the clocks skips, and tells of those on holidays", async () => {
    // Clocks in Sydney go from 02:00 to 03:00 on 3 October 2027, 16:00 UTC on the day before.
    const schedules = [
      daily("skipped", "stop", 30, 2, "Australia/Sydney"),
      daily("there", "stop", 30, 3, "Australia/Sydney"),
    ];
    const now = Date.parse("2027-10-02T17:10:00Z");
    const { lines } = await run({ ...WATCH, schedules, scheduledTime: new Date(now).toISOString() }, {}, now);
    expect(lines.slice(2).map(({ Schedule }) => Schedule)).toEqual(["there"]);
  });

  it("does not announce what may be over when it is late", async () => {
    const schedules = [daily("over", "stop", 41, 11), daily("coming", "stop", 5, 12)];
    const { lines } = await run({ ...WATCH, schedules }, {}, at("11:55:00"));
    expect(lines.slice(2).map(({ Schedule }) => Schedule)).toEqual(["coming"]);
  });

  it("writes at the level that Lambda lets pass, with the metrics of alarms only", async () => {
    const { lines } = await run(WATCH, { AWS_LAMBDA_LOG_LEVEL: "ERROR" });
    expect(lines[1]).toEqual({
      level: "ERROR",
      timestamp: "2026-11-23T11:10:20.000Z",
      _aws: {
        Timestamp: at("12:25:00"),
        CloudWatchMetrics: [
          {
            Namespace: "Ec2StartStop",
            Dimensions: [["FunctionName", "Action", "Schedule"]],
            Metrics: [
              { Name: "FiringAnnounced", Unit: "Count" },
              { Name: "FiringState", Unit: "Count" },
            ],
          },
        ],
      },
      FunctionName: "dev-stop",
      Action: "stop",
      Schedule: "watch",
      FiringAnnounced: 1,
      FiringState: 1,
      requestId: "request-1",
      firing: "2026-11-23T11:40:00.000Z",
    });
  });

  it.each([
    [{ ...WATCH, watch: true }, "Expected `watch` to be text, got true"],
    [{ watch: "watch" }, "Expected `scheduledTime`, got nothing"],
    [{ ...WATCH, action: "stop" }, "Unknown key `action`"],
    [{ ...WATCH, scheduledTime: "2026-11-23T11:20:00Z" }, "Expected `scheduledTime` to have come"],
    [
      { ...WATCH, schedules: [{ name: "a", action: "stop", expression: "cron(0 25 * * ? *)" }] },
      "`schedules[0]`: ",
    ],
    [
      { ...WATCH, schedules: [daily("a", "stop", 0, 1, "Nowhere/City")] },
      "`schedules[0].timezone` to be an IANA",
    ],
  ])("is refused as a whole if its event is not right: %j", async (event, expected) => {
    const { error, lines } = await run(event);
    expect(error?.message).toContain(expected);
    expect(lines).toEqual([]);
  });
});

describe("a run", () => {
  const firing = { schedule: "dev-stop", action: "stop", scheduledTime: "2026-11-23T11:09:00Z" };
  const states = ({ lines }: Awaited<ReturnType<typeof run>>) =>
    told(lines.filter((line) => "FiringState" in line));
  const Begun = [["dev-stop", "stop", "dev-stop", "11:05", undefined, 2]];

  it.each([
    ["is refused", firing],
    [
      "does not know its targets",
      { ...firing, targets: [{ region: "us-east-1", instanceIds: ["i-0123456789abcdef0"] }] },
    ],
    [
      "comes too late",
      { ...firing, targets: [{ region: "us-east-1", tags: { a: ["b"] } }], latestMinutes: 1 },
    ],
    ["is a dry run", { ...firing, dryRun: true }],
  ])("tells that its firing was not missed, even if it %s", async (_, event) => {
    expect(states(await run(event))).toEqual(Begun);
  });

  it.each([
    ["by hand", { schedule: "dev-stop", action: "stop" }],
    ["of a follow-up", { ...firing, followUp: { kind: "rate", cause: "a", attempt: 1 } }],
    ["of a warning", { ...firing, schedule: "dev-stop-warn", warnMinutes: 30 }],
    ["without a request", {}],
    ["with a time that is none", { ...firing, scheduledTime: "soon" }],
  ])("is no firing: %s", async (_, event) => {
    expect(states(await run(event))).toEqual([]);
  });
});

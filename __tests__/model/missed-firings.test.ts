import { describe, expect, it, jest } from "@jest/globals";
import type { Ec2StartStopProps } from "../../model/props";
import { Schedule } from "../../schedule";
import {
  type Deployment,
  FiringWorld,
  randomFrom,
  type WorldOptions,
} from "../support/cloudwatch/firing-world";
import { printedSeed } from "../support/property";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FROM = Date.parse("2026-11-23T10:47:00Z");
const TWO_YEARS_LATER = Date.parse("2028-11-23T10:47:00Z");
/** How late CloudWatch has log lines. */
const DELAYS_MINUTES = [0, 5, 10];
const PROMISED_MINUTES = 90;

const seed = printedSeed("the times and delays of firings");

type Schedules = Ec2StartStopProps["schedules"];

function propsOf(schedules: Schedules, more: Partial<Ec2StartStopProps> = {}): Ec2StartStopProps {
  return {
    name: "dev",
    region: "ap-northeast-2",
    trigger: "scheduler",
    targets: { dev: { tags: { Environment: "dev" } } },
    alerts: { email: "ops@example.com" },
    ...more,
    schedules,
  };
}

const stop = (expression: string, timezone = "UTC") =>
  ({ action: "stop", targets: "dev", expression: `cron(${expression})`, timezone }) as const;
const start = (expression: string, timezone = "UTC") =>
  ({ action: "start", targets: "dev", expression: `cron(${expression})`, timezone }) as const;
const once = (time: string, timezone = "UTC") =>
  ({ action: "stop", targets: "dev", expression: `at(${time})`, timezone }) as const;

describe("a missed firing", () => {
  const Patterns: readonly (readonly [string, Schedules[string], string])[] = [
    ["daily", stop("0 20 * * ? *", "Asia/Seoul"), "2026-12-02T11:00:00Z"],
    ["MON-FRI, on a Monday", stop("0 20 ? * MON-FRI *", "Asia/Seoul"), "2026-12-07T11:00:00Z"],
    ["weekly", stop("15 6 ? * SUN *"), "2026-12-06T06:15:00Z"],
    ["monthly", stop("0 20 L * ? *", "Asia/Seoul"), "2026-12-31T11:00:00Z"],
    ["month-limited", stop("7 20 ? 1-3 MON-FRI *"), "2027-01-01T20:07:00Z"],
    ["year-limited", stop("59 23 31 12 ? 2027"), "2027-12-31T23:59:00Z"],
    ["every 5 minutes", stop("0/5 * * * ? *"), "2026-12-02T09:10:00Z"],
    ["at(...)", once("2026-12-02T20:00:30", "Asia/Seoul"), "2026-12-02T11:00:30Z"],
    ["02:30 in Sydney", stop("30 2 * * ? *", "Australia/Sydney"), "2027-04-03T15:30:00Z"],
    ["00:30 in Cairo", stop("30 0 * * ? *", "Africa/Cairo"), "2027-05-01T21:30:00Z"],
  ];
  const Faults = [
    ["a rule or schedule that is disabled for days", 7 * DAY_MS],
    ["a target that was deleted hours ago", 2 * HOUR_MS],
    ["an end date that has just passed", 0],
  ] as const;

  it.each(
    Faults.flatMap(([fault, since]) =>
      Patterns.map(([pattern, ...rest]) => [fault, pattern, since, ...rest] as const),
    ),
  )("by %s is told within 90 minutes: %s", async (_fault, _pattern, since, schedule, time) => {
    const at = Date.parse(time);
    const random = randomFrom(seed);
    for (const delay of DELAYS_MINUTES) {
      const world = await new FiringWorld({
        deployments: [{ from: at - 5 * HOUR_MS, props: propsOf({ x: schedule, y: start("3 * * * ? *") }) }],
        until: at + 2 * HOUR_MS,
        random,
        delayMs: () => delay * MINUTE_MS,
        fires: (key, firing) => key !== "x" || firing < at - since,
      }).run();
      for (const history of world.raised()) {
        expect([...new Set(history.map(({ name }) => name))]).toEqual(["dev.missed-x"]);
        const [first] = history;
        const minutes = ((first?.at ?? 0) - at) / MINUTE_MS;
        if (since === 0) expect(minutes).toBeGreaterThan(0);
        expect(minutes).toBeLessThanOrEqual(PROMISED_MINUTES);
      }
    }
  });

  it.each(["event-rule", "scheduler"] as const)(
    "of the watch is told too, and by its own alarm alone: %s",
    async (trigger) => {
      const at = Date.parse("2026-12-02T09:10:00Z");
      for (const delay of DELAYS_MINUTES) {
        const world = await new FiringWorld({
          deployments: [{ from: at - 5 * HOUR_MS, props: propsOf({ x: stop("5 * * * ? *") }, { trigger }) }],
          until: at + 3 * HOUR_MS,
          random: randomFrom(seed),
          delayMs: () => delay * MINUTE_MS,
          fires: (key, firing) => key !== "watch" || firing < at,
          everyWatch: true,
        }).run();
        for (const history of world.raised()) {
          expect(history.map(({ name }) => name)).toEqual(["dev.missed-watch"]);
          expect(((history[0]?.at ?? 0) - at) / MINUTE_MS).toBeLessThanOrEqual(PROMISED_MINUTES);
        }
      }
    },
  );
});

/** Times near the firings of a schedule, some of them in its minute: one in each so many days. */
function timesNear(expression: string, timezone: string, everyDays: number, random: () => number): number[] {
  const schedule = Schedule.parse(`cron(${expression})`, { timezone });
  const times: number[] = [FROM];
  for (let at = FROM + everyDays * DAY_MS; at < TWO_YEARS_LATER; at += everyDays * DAY_MS) {
    const [next] = schedule.next({ from: new Date(at), count: 1 });
    if (next !== undefined)
      times.push(+next + (random() < 0.3 ? 0 : Math.round((random() - 0.6) * 100) * MINUTE_MS));
  }
  return times;
}

/** One deployment after the other, at such times. */
function inTurn(times: readonly number[], props: readonly Ec2StartStopProps[]): Deployment[] {
  const first = props[0];
  if (first === undefined) throw new Error("Expected a config");
  return times.map((from, index) => ({ from, props: props[index % props.length] ?? first }));
}

const SEOUL = "Asia/Seoul";
const OFFICE: Schedules = { office: { running: "MON-FRI 08:00-20:00", targets: "dev", timezone: SEOUL } };
const DAILY: Schedules = { a: stop("0 20 * * ? *", SEOUL), b: start("0 8 * * ? *", SEOUL) };
const WEEKDAYS: Schedules = { a: stop("0 20 ? * MON-FRI *", SEOUL), b: start("0 8 ? * MON-FRI *", SEOUL) };
const always =
  (schedules: Schedules, more: Partial<Ec2StartStopProps> = {}) =>
  () => [{ from: FROM, props: propsOf(schedules, more) }];
const near = (every: number, random: () => number) => timesNear("0 20 * * ? *", SEOUL, every, random);

type MakeDeployments = (random: () => number) => readonly Deployment[];
type More = Partial<Pick<WorldOptions, "byHand" | "twice" | "everyWatch">>;

const WORLDS: readonly (readonly [string, MakeDeployments, More?])[] = [
  [
    "weekly firings, with each run of the watch",
    always({ a: stop("15 6 ? * SUN *") }),
    { everyWatch: true, twice: 0.02 },
  ],
  [
    "windows by rules, with holidays",
    always(
      { office: { ...OFFICE["office"], holidays: "kr" } as Schedules[string] },
      { trigger: "event-rule", holidays: { kr: ["2027-01-01", "2027-02-08", "2028-01-03"] } },
    ),
  ],
  [
    "overnight windows by schedules, in half an hour's zone",
    always({ night: { running: "SUN-THU 22:30-05:10", targets: "dev", timezone: "Asia/Kolkata" } }),
  ],
  [
    "02:30 in Sydney, whose clocks skip it",
    always({ a: stop("30 2 * * ? *", "Australia/Sydney"), b: start("30 7 * * ? *", "Australia/Sydney") }),
  ],
  ["00:30 in Cairo, whose clocks skip it", always({ a: stop("30 0 * * ? *", "Africa/Cairo") })],
  [
    "New York's hour that comes twice, and the one that does not",
    always({ a: stop("30 1 * * ? *", "America/New_York"), b: start("15 2 * * ? *", "America/New_York") }),
  ],
  [
    "half an hour's change on Lord Howe, and St. John's",
    always({
      a: stop("15 2 * * ? *", "Australia/Lord_Howe"),
      b: start("5 2 ? * MON-FRI *", "America/St_Johns"),
    }),
  ],
  [
    "London's windows, whose clocks change at one",
    always({ office: { running: "daily 01:30-09:00", targets: "dev", timezone: "Europe/London" } }),
  ],
  [
    "rare firings: monthly, yearly, at, by month, by year",
    always({
      a: stop("0 20 L * ? *", SEOUL),
      b: stop("1 2 ? * 2#1 *"),
      c: once("2027-06-01T12:00:00", "Europe/Paris"),
      d: stop("59 23 31 12 ? 2027-2028"),
      e: stop("30 9 ? 1-3 MON *"),
    }),
  ],
  [
    "a firing each five minutes of the morning",
    always({ a: stop("0/5 8 ? * MON-FRI *") }, { trigger: "event-rule" }),
  ],
  [
    "dry runs and runs by hand before each firing",
    always(WEEKDAYS),
    { byHand: (request) => [{ ...request, dryRun: true }, request] },
  ],
  ["events that come twice", always(DAILY, { trigger: "event-rule" }), { twice: 0.5 }],
  [
    "warnings and follow-ups",
    always(
      { a: { ...stop("0 20 ? * MON-FRI *", SEOUL), warnMinutes: 30 }, b: start("0 8 ? * MON-FRI *", SEOUL) },
      { followUps: true },
    ),
  ],
  [
    "first deployments in the minute of a firing",
    () => [{ from: Date.parse("2026-11-23T11:00:00Z"), props: propsOf(DAILY) }],
  ],
  [
    "MON-FRI that becomes daily, and back",
    (random) => inTurn(near(9, random), [propsOf(WEEKDAYS), propsOf(DAILY)]),
  ],
  [
    "hours that are moved, some by minutes",
    (random) =>
      inTurn(
        near(6, random),
        ["0 20", "15 20", "50 19", "0 21"].map((time) => propsOf({ a: stop(`${time} * * ? *`, SEOUL) })),
      ),
  ],
  [
    "schedules disabled and enabled again",
    (random) =>
      inTurn(near(4, random), [
        propsOf(DAILY),
        propsOf({ ...DAILY, a: { ...stop("0 20 * * ? *", SEOUL), enabled: false } }),
      ]),
  ],
  [
    "schedules that are removed and added",
    (random) =>
      inTurn(near(11, random), [
        propsOf(DAILY),
        propsOf({ b: start("0 8 * * ? *", SEOUL) }),
        propsOf({ a: stop("0 20 * * ? *", SEOUL) }),
      ]),
  ],
  [
    "another trigger, and back",
    (random) => inTurn(near(31, random), [propsOf(DAILY), propsOf(DAILY, { trigger: "event-rule" })]),
  ],
  [
    "start and end dates",
    always({ a: { ...stop("0 20 * * ? *", SEOUL), startDate: "2027-02-01", endDate: "2028-05-31" } }),
  ],
];

describe("over two years no alarm is raised by", () => {
  jest.setTimeout(120_000);

  it.each(WORLDS)("%s", async (_world, deployments, more = {}) => {
    const random = randomFrom(seed);
    const world = new FiringWorld({
      deployments: deployments(random),
      until: TWO_YEARS_LATER,
      random,
      delayMs: () => random() * 10 * MINUTE_MS,
      ...more,
    });
    await world.run();
    expect(world.runs).toBeGreaterThan(50);
    for (const history of world.raised()) {
      expect(history.map(({ name, at }) => `${name} ${new Date(at).toISOString()}`)).toEqual([]);
    }
  });
});

it("a rate has no alarm but the one until its first run", async () => {
  const random = randomFrom(seed);
  const world = await new FiringWorld({
    deployments: [{ from: FROM, props: propsOf({ r: { ...stop(""), expression: "rate(6 hours)" } }) }],
    until: FROM + 30 * DAY_MS,
    random,
    delayMs: () => random() * 10 * MINUTE_MS,
  }).run();
  for (const history of world.raised()) expect(history).toEqual([{ name: "dev.missed-r", at: FROM }]);
});

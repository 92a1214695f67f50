import { describe, expect, it } from "@jest/globals";
import { TerraformStack, Testing } from "cdktf";
import {
  Ec2StartStop,
  type Ec2StartStopProps,
  findProblems,
  findWarnings,
  planSchedules,
} from "../../constructs";
import { PAIR } from "../support/props";

const NOW = new Date("2026-11-22T20:00:00Z");
const [stop, start] = [PAIR.schedules["dev-stop"], PAIR.schedules["dev-start"]];

const warningsWith = (more: Partial<Ec2StartStopProps>) => findWarnings({ ...PAIR, ...more }, NOW);

describe("warnings", () => {
  it("are empty for a start and a stop that follow each other", () => {
    expect(warningsWith({})).toEqual([]);
  });

  it("name the path, the schedules and the first instant of a contradiction", () => {
    const hours = { running: "MON-FRI 08:00-20:00", targets: "dev" };
    const lunch = { ...stop, expression: "cron(0 12 ? * MON-FRI *)" };
    expect(warningsWith({ schedules: { hours, lunch } })).toEqual([
      {
        severity: "warning",
        kind: "contradiction",
        path: "schedules.lunch",
        message: expect.stringMatching(
          /^lunch stops target dev at 2026-11-23T12:00:00\+09:00, while hours-start/,
        ),
        schedules: ["hours-start", "lunch"],
        targets: ["dev"],
        at: new Date("2026-11-23T03:00:00Z"),
      },
    ]);
  });

  it.each([
    [["2027-06-01"], []],
    [["2027-01-22", "2026-01-01"], ["calendar kr: its last date is 2027-01-22, 60 days from 2026-11-23"]],
    [["2026-11-22"], ["calendar kr: its last date was 2026-11-22: no coming holiday is known"]],
    [[], ["calendar kr: it has no dates"]],
  ])("report a calendar that ends, by the date in the zone: %j", (kr, messages) => {
    const found = warningsWith({
      schedules: { stop, start: { ...start, holidays: "kr" } },
      holidays: { kr },
    });
    expect(found.map(({ message }) => message)).toEqual(messages);
    for (const { severity, path } of found) expect([severity, path]).toEqual(["warning", "holidays.kr"]);
  });

  it("report a start date that is past, since the next change of the schedule is refused for it", () => {
    const past = (startDate: string) => {
      const schedules = { hours: { running: "MON-FRI 08:00-20:00", targets: "dev", startDate } };
      return warningsWith({ trigger: "scheduler", schedules }).map(({ kind, path, message }) => [
        kind,
        path,
        message,
      ]);
    };
    expect(past("2026-11-24")).toEqual([]);
    expect(past("2026-11-23")).toEqual([
      [
        "past-start",
        "schedules.hours.startDate",
        "schedules.hours.startDate is past (2026-11-22T15:00:00.000Z): remove it, since EventBridge Scheduler refuses to make or change a schedule with it",
      ],
    ]);
  });

  it("report a schedule that has ended", () => {
    const schedules = { stop: { ...stop, endDate: "2026-11-20" }, start };
    expect(warningsWith({ trigger: "scheduler", schedules })).toMatchObject([
      {
        kind: "never-fires",
        message: "stop has no firing still to come: cron(0 20 ? * MON-FRI *), until 2026-11-20T15:00:00.000Z",
      },
    ]);
  });

  it("report a calendar without a schedule", () => {
    expect(warningsWith({ holidays: { kr: ["2099-01-01"] } })).toMatchObject([
      {
        kind: "unused",
        path: "holidays.kr",
        message: "calendar kr: no schedule names it, so it has no effect",
      },
    ]);
  });

  it("report a key of a region in which no instance is started", () => {
    const kmsKeyArns = ["ap-northeast-2", "us-east-1"].map(
      (region) => `arn:aws:kms:${region}:123456789012:key/0a1b` as const,
    );
    expect(warningsWith({ kmsKeyArns })).toMatchObject([
      {
        kind: "unused",
        path: "kmsKeyArns[1]",
        message: "kmsKeyArns[1]: no schedule starts instances in us-east-1, so this key is not used",
      },
    ]);
    expect(warningsWith({ kmsKeyArns, schedules: { stop } })).toHaveLength(3);
    expect(warningsWith({ kmsKeyArns: ["#{TfToken[TOKEN.1]}"] })).toEqual([]);
  });

  describe("of targets by tags", () => {
    type Target = Ec2StartStopProps["targets"][string];
    const Seoul = "ap-northeast-2";
    const problemsOf = (one: Target, two: Target) =>
      findProblems(
        {
          ...PAIR,
          targets: { one, two },
          schedules: {
            up: { ...start, targets: "one", expression: "cron(0 8 * * ? *)" },
            down: { ...stop, targets: "two", expression: "cron(0 8 * * ? *)" },
          },
        },
        NOW,
      ).map(({ got }) => got);
    const Same = [
      "up starts and down stops an instance of one and two in the same minute, first at 2026-11-23T08:00:00+09:00",
    ];

    it.each<[string, Target, Target]>([
      ["equal", { tags: { Env: "dev" } }, { tags: { Env: ["dev"] } }],
      ["equal in another order", { tags: { A: ["x", "y"], B: "z" } }, { tags: { B: "z", A: ["y", "x"] } }],
      ["narrower by a key", { tags: { Env: "dev", Team: "web" } }, { tags: { Env: "dev" } }],
      ["narrower by a value", { tags: { Env: "dev" } }, { tags: { Env: ["qa", "dev"] } }],
      ["narrower by an exclusion", { tags: { Env: "dev" }, exclude: { A: "b" } }, { tags: { Env: "dev" } }],
      [
        "none of an exclusion",
        { tags: { Env: "dev", A: "x" } },
        { tags: { Env: "dev" }, exclude: { A: "b" } },
      ],
      [
        "in one of the regions",
        { tags: { Env: "dev" } },
        { tags: { Env: "dev" }, regions: ["us-east-1", Seoul] },
      ],
      ["the same by one value", { tags: { Env: ["dev", "qa"] } }, { tags: { Env: ["dev", "it"] } }],
      [
        "listed too",
        { tags: { Env: "dev" }, instanceIds: ["i-0123456789abcdef0"] },
        { instanceIds: ["i-0123456789abcdef0"] },
      ],
    ])(
      "refuse a start and a stop in the same minute where one finds all of the other, or of a part: %s",
      (_, one, two) => {
        expect(problemsOf(one, two)).toEqual(Same);
        expect(problemsOf(two, one)).toEqual(Same);
      },
    );

    it.each<[string, Target, Target]>([
      ["other values", { tags: { Env: "dev" } }, { tags: { Env: "qa" } }],
      ["other keys", { tags: { Env: "dev" } }, { tags: { Team: "dev" } }],
      [
        "some of the values of two keys",
        { tags: { Env: ["dev", "qa"], Team: ["web", "db"] } },
        { tags: { Env: ["dev", "it"], Team: ["web", "ml"] } },
      ],
      ["other regions", { tags: { Env: "dev" } }, { tags: { Env: "dev" }, regions: ["us-east-1"] }],
      ["the excluded ones", { tags: { Env: "dev", A: "b" } }, { tags: { Env: "dev" }, exclude: { A: "b" } }],
      ["ids", { tags: { Env: "dev" } }, { instanceIds: ["i-0123456789abcdef0"] }],
    ])("accept it where they may find different instances: %s", (_, one, two) => {
      expect(problemsOf(one, two)).toEqual([]);
      expect(problemsOf(two, one)).toEqual([]);
    });

    it("note no stop whose instances another target starts, by equal or wider tags", () => {
      const kinds = (one: Target, two: Target) =>
        warningsWith({
          targets: { one, two },
          schedules: { up: { ...start, targets: "one" }, down: { ...stop, targets: "two" } },
        }).map(({ kind }) => kind);
      expect(kinds({ tags: { A: "b" } }, { tags: { A: "b" } })).toEqual(["tag-overlap"]);
      expect(kinds({ tags: { A: "b" } }, { tags: { A: "b", C: "d" } })).toEqual(["tag-overlap"]);
      expect(kinds({ tags: { A: "b", C: "d" } }, { tags: { A: "b" } })).toEqual([
        "never-started",
        "tag-overlap",
      ]);
    });

    it("leave the next opposite action its time, as for ids", () => {
      const [first] = planSchedules({
        ...PAIR,
        targets: { one: { tags: { A: "b" } }, two: { tags: { A: "b", C: "d" } } },
        schedules: {
          up: { ...start, targets: "one", expression: "cron(0 8 * * ? *)" },
          down: { ...stop, targets: "two", expression: "cron(30 8 * * ? *)" },
        },
      });
      expect(first?.latestMinutes).toBe(29);
    });

    it("are found within seconds among thousands, of which many are narrower than many", () => {
      const targets = Object.fromEntries(
        Array.from({ length: 3000 }, (_, index) => [
          `t${index}`,
          { tags: { Env: "dev", ...(index % 3 ? { App: [`a${index % 500}`, `a${index % 70}`] } : {}) } },
        ]),
      );
      const all = { targets: Object.keys(targets) };
      const began = process.cpuUsage();
      warningsWith({ targets, schedules: { up: { ...start, ...all }, down: { ...stop, ...all } } });
      // The time of the processor, since other tests run at the same time.
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
    });
  });

  it("name at most five schedules in a note", () => {
    const stops = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`stop-${index}`, stop]));
    expect(warningsWith({ schedules: stops }).map(({ message }) => message)).toEqual([
      "stop-0, stop-1, stop-2, stop-3, stop-4 and 995 more schedules stop target dev, and no schedule ever starts it again",
    ]);
  });

  it("report checks on a target without a start schedule", () => {
    const targets = { dev: { ...PAIR.targets.dev, checks: { systemd: ["nginx"] } } };
    expect(warningsWith({ targets })).toEqual([]);
    expect(warningsWith({ targets, schedules: { stop } }).filter(({ kind }) => kind === "unused")).toEqual([
      {
        severity: "warning",
        kind: "unused",
        path: "targets.dev.checks",
        message: "target dev: no schedule starts it, so its checks are never run",
        schedules: [],
        targets: ["dev"],
      },
    ]);
  });

  it("report checks without a third attempt, because Lambda drops the event before it", () => {
    const targets = { dev: { ...PAIR.targets.dev, checks: { systemd: ["nginx"] } } };
    const within = (latestMinutes: number) =>
      warningsWith({ targets, schedules: { stop, start: { ...start, latestMinutes } } });
    expect(within(10)).toEqual([]);
    expect(within(9)).toMatchObject([
      {
        severity: "warning",
        kind: "short-retry-window",
        path: "schedules.start",
        message:
          "start: latestMinutes is 9, too short for all three attempts of its targets' checks; use at least 10",
      },
    ]);
    expect(warningsWith({ schedules: { stop, start: { ...start, latestMinutes: 9 } } })).toEqual([]);
  });

  it.each([
    ["a window shorter than that", { s: { running: "MON-FRI 08:00-08:20" } }, 30, "s-start", 20],
    ["a start as late as the warning", { s: { running: "MON-FRI 19:30-20:00" } }, 30, "s-start", 30],
    ["a day before a window", { s: { running: "MON-FRI 08:00-20:00" } }, 1440, "s-start", 720],
    [
      "one of several starts",
      { s: { running: "MON-FRI 08:00-20:00" }, late: { ...start, expression: "cron(50 19 ? * FRI *)" } },
      30,
      "late",
      10,
    ],
    ["a start before midnight", { s: { running: "SUN-THU 23:50-00:10" } }, 30, "s-start", 20],
  ])(
    "report a warning that comes before a start of what is stopped: %s",
    (_, schedules, warnMinutes, by, minutes) => {
      const { s, ...others } = schedules as Record<string, { running: string }>;
      const found = warningsWith({
        alerts: { email: "ops@example.com" },
        schedules: { s: { targets: "dev", running: s?.running ?? "", warnMinutes }, ...others } as never,
      });
      expect(found.filter(({ kind }) => kind === "overtaken-warning")).toEqual([
        {
          severity: "warning",
          kind: "overtaken-warning",
          path: "schedules.s",
          message: `s-stop: it is warned of ${warnMinutes} minutes before, when what ${by} starts ${minutes} minutes before it does not run yet, so that is stopped without a warning`,
          schedules: [by, "s-stop"],
          targets: [],
        },
      ]);
    },
  );

  it.each([
    ["a longer window", { running: "MON-FRI 08:00-20:00" }],
    ["a schedule that does not fire", { running: "MON-FRI 08:00-08:20", enabled: false }],
  ])("report no warning of %s", (_, schedule) => {
    const s = { targets: "dev", warnMinutes: 30, ...schedule };
    const found = warningsWith({ alerts: { email: "ops@example.com" }, schedules: { s } });
    expect(found.filter(({ kind }) => kind === "overtaken-warning")).toEqual([]);
  });

  it("begin at the given instant, even if the props were validated before", () => {
    const props = Object.freeze({
      ...PAIR,
      schedules: { stop, start: { ...start, holidays: "kr" } },
      holidays: { kr: ["2027-06-01"] },
    });
    expect(findProblems(props, NOW)).toEqual([]);
    expect(findWarnings(props, NOW)).toEqual([]);
    expect(findWarnings(props, new Date("2027-06-02T00:00:00Z"))).toMatchObject([{ kind: "ended" }]);
  });
});

describe("a start and a stop of the same instances in the same minute", () => {
  const both = { stop, start: { ...start, expression: "cron(0 20 ? * FRI *)" } };

  it("are refused, with the first instant", () => {
    expect(findProblems({ ...PAIR, schedules: both }, NOW)).toEqual([
      {
        path: "schedules.stop",
        expected: "start and stop at different times",
        got: "start starts and stop stops target dev in the same minute, first at 2026-11-27T20:00:00+09:00",
      },
    ]);
  });

  it("are allowed if one of them is disabled, or skips all common days", () => {
    const off = { ...both, start: { ...both.start, enabled: false } };
    expect(findProblems({ ...PAIR, schedules: off }, NOW)).toEqual([]);
    const at = { ...start, expression: "at(2026-11-27T20:00:00)" };
    const once = { ...PAIR, trigger: "scheduler", schedules: { stop, at } } as const;
    expect(findProblems(once, NOW)).toHaveLength(1);
    expect(findProblems(once, new Date("2026-11-28T00:00:00Z"))).toEqual([]);
    const holidays = { kr: ["2026-11-27"] };
    expect(
      findProblems({ ...once, holidays, schedules: { stop, at: { ...at, holidays: "kr" } } }, NOW),
    ).toEqual([]);
  });

  it("create no construct", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    expect(() => new Ec2StartStop(stack, "OfficeHours", { ...PAIR, schedules: both })).toThrow(
      /`schedules\.stop`: expected start and stop at different times, got start starts and stop stops/,
    );
    expect(stack.node.children).toEqual([]);
  });
});

describe("a construct", () => {
  it("has its warnings as metadata that cdktf prints, without local paths", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const made = new Ec2StartStop(stack, "OfficeHours", { ...PAIR, holidays: { kr: ["2099-01-01"] } });
    expect(made.node.metadata).toEqual([
      {
        type: "@cdktf/warn",
        data: "calendar kr: no schedule names it, so it has no effect",
        trace: undefined,
      },
    ]);
  });
});

describe("probable mistakes are warnings", () => {
  const about = (more: Partial<Ec2StartStopProps>, kind: string) =>
    warningsWith(more)
      .filter((warning) => warning.kind === kind)
      .map(({ severity, path, message }) => `${severity} ${path}: ${message}`);

  it.each([
    ["1-5", "SUN-THU", "MON-FRI"],
    ["1,2,3,4,5", "SUN-THU", "MON-FRI"],
    ["1-6", "SUN-FRI", "MON-SAT"],
    ["1-4", "SUN-WED", "MON-THU"],
    ["1,3,5", "SUN,TUE,THU", "MON,WED,FRI"],
    ["1,4", "SUN,WED", "MON,THU"],
    ["6,7", "FRI,SAT", "SUN,SAT"],
    ["6-7", "FRI,SAT", "SUN,SAT"],
  ])("days of the week as in Unix: %s", (field, days, meant) => {
    const office = { ...stop, expression: `cron(0 20 ? * ${field} *)` };
    expect(about({ schedules: { office, start } }, "weekday-numbers")).toEqual([
      `warning schedules.office: office: the days of the week ${field} are ${days}, since EventBridge counts from 1 (SUN): write ${days}, or ${meant} if that was meant`,
    ]);
  });

  it.each(["2-6", "MON-FRI", "sun-thu", "1,7", "1-7", "7", "1", "2", "6L", "2#1", "*"])(
    "but no days of the week that mean what they look like: %s",
    (field) => {
      const office = { ...stop, expression: `cron(0 20 ? * ${field} *)` };
      expect(about({ schedules: { office, start } }, "weekday-numbers")).toEqual([]);
    },
  );

  it("a target and a calendar that no schedule names", () => {
    const targets = { ...PAIR.targets, lonely: { instanceIds: ["i-0123456789abcdef1"] } };
    expect(about({ targets, holidays: { kr: ["2030-01-01"] } }, "unused")).toEqual([
      "warning holidays.kr: calendar kr: no schedule names it, so it has no effect",
      "warning targets.lonely: target lonely: no schedule names it, so nothing starts or stops it",
    ]);
  });

  it("wildcards in the keys of tags", () => {
    const dev = { tags: { "team-*": "a", Plain: "a" }, exclude: { "keep?": { any: true as const } } };
    expect(about({ targets: { dev } }, "wildcard")).toEqual([
      'warning targets.dev.tags["team-*"]: target dev: keys are literal, so "team-*" finds only instances with a tag of exactly this key',
      'warning targets.dev.exclude["keep?"]: target dev: keys are literal, so "keep?" finds only instances with a tag of exactly this key',
    ]);
  });

  it("wildcards in the values of tags", () => {
    const dev = { tags: { Name: "dev-*", Stage: ["qa", "t?st"], Plain: "a" }, exclude: { Keep: "*" } };
    expect(about({ targets: { dev } }, "wildcard").map((line) => line.split(":")[0])).toEqual([
      "warning targets.dev.tags.Name",
      "warning targets.dev.tags.Stage",
      "warning targets.dev.exclude.Keep",
    ]);
    expect(about({ targets: { dev } }, "wildcard")[0]).toContain(
      'texts are literal, so "dev-*" finds only instances with exactly this value of the tag Name: write { like: "dev-*" } for a pattern',
    );
    expect(about({ targets: { dev } }, "wildcard")[2]).toContain("write { any: true } for a pattern");
  });

  it("all instances, which are a note in strict mode too", () => {
    const dev = { all: true as const, exclude: { Keep: { any: true as const }, Name: { like: "db-*" } } };
    expect(about({ targets: { dev } }, "all-instances")).toEqual([
      "note targets.dev.all: target dev: all instances of the account in ap-northeast-2 but those with any Keep, Name like db-*, as long as a run finds at most 1000 (maxInstances); none that its manager would replace",
    ]);
  });

  it("regions that are not known, with the nearest one", () => {
    const dev = { tags: { Name: "dev" }, regions: ["us-east-1", "ap-notheast-1", "xx-nowhere-9"] };
    expect(about({ region: "us-east-9", targets: { dev } }, "unknown-region")).toEqual([
      'warning region: region: "us-east-9" is no region known to this version (did you mean us-east-1?)',
      'warning targets.dev.regions[1]: targets.dev.regions[1]: "ap-notheast-1" is no region known to this version (did you mean ap-northeast-1?)',
      'warning targets.dev.regions[2]: targets.dev.regions[2]: "xx-nowhere-9" is no region known to this version',
    ]);
    for (const region of ["ap-northeast-2", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"])
      expect(about({ region }, "unknown-region")).toEqual([]);
  });

  it("rates too rare for an alarm on missed firings, where alerts ask for such alarms", () => {
    const monthly = { ...stop, expression: "cron(0 20 1 * ? *)" };
    const schedules = { monthly, fortnight: { ...stop, expression: "rate(14 days)" }, start };
    const alerts = { email: "ops@example.com" };
    expect(about({ schedules, alerts }, "not-watched")).toEqual([
      "warning schedules.fortnight: fortnight: not watched, since an alarm on missed firings of a rate has no start or end and looks back no further than a week: use cron(...)",
    ]);
    const limited = { "dev-stop": { ...stop, endDate: "2027-12-31" } };
    expect(about({ trigger: "scheduler", schedules: limited, alerts }, "not-watched")).toEqual([]);
    expect(about({ schedules }, "not-watched")).toEqual([]);
    expect(about({ schedules, alerts: { ...alerts, missedFirings: false } }, "not-watched")).toEqual([]);
  });
});

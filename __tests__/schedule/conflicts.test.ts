import { describe, expect, it } from "@jest/globals";
import {
  type ConflictSchedule,
  type ConflictTarget,
  findConflicts,
  runningWindows,
  Schedule,
} from "../../schedule";

const from = new Date("2026-11-22T00:00:00Z");

interface Options extends Partial<ConflictSchedule> {
  readonly timezone?: string;
}

function single(
  name: string,
  expression: string,
  targets: string | string[],
  options: Options = {},
): ConflictSchedule {
  const { timezone = "Asia/Seoul", ...rest } = options;
  const action = name.includes("start") ? "start" : "stop";
  const schedule = Schedule.parse(expression, { timezone });
  return { name, action, schedule, enabled: true, targetNames: [targets].flat(), ...rest };
}

function running(key: string, windows: string | string[], targets: string | string[], options: Options = {}) {
  return runningWindows(windows).schedules.map(({ action, suffix, expression }) => ({
    ...single(`${key}-${suffix}`, expression, targets, options),
    key,
    action,
  }));
}

function target(name: string, instanceIds: string[] = [`i-${name}`], tagSets: string[] = []): ConflictTarget {
  return { name, instanceIds, tagSets };
}

function conflicts(schedules: ConflictSchedule[], targets = [target("dev")]): string[] {
  return findConflicts(schedules, targets, from).map(
    ({ severity, kind, message }) => `${severity} ${kind}: ${message}`,
  );
}

describe("findConflicts finds nothing", () => {
  it.each<[string, ConflictSchedule[]]>([
    [
      "in a start and a stop",
      [single("start", "cron(0 8 ? * MON-FRI *)", "dev"), single("stop", "cron(0 20 ? * MON-FRI *)", "dev")],
    ],
    ["in windows", running("office", ["MON-FRI 08:00-20:00", "SAT 10:00-12:00"], "dev")],
    [
      "in windows of two schedules that lie apart",
      [...running("office", "MON-FRI 08:00-20:00", "dev"), ...running("weekend", "SAT 10:00-12:00", "dev")],
    ],
    [
      "in windows that overlap on other targets",
      [...running("office", "MON-FRI 08:00-20:00", "dev"), ...running("night", "daily 18:00-23:00", "qa")],
    ],
    [
      "in a second stop of the same targets",
      [...running("office", "MON-FRI 08:00-20:00", "dev"), single("late-stop", "cron(0 23 * * ? *)", "dev")],
    ],
    [
      "where the same time comes on other days",
      [single("start", "cron(0 8 ? * MON-FRI *)", "dev"), single("stop", "cron(0 8 ? * SAT *)", "dev")],
    ],
    [
      "where the same time is another one in its zone",
      [
        single("start", "cron(0 8 * * ? *)", "dev"),
        single("stop", "cron(0 8 * * ? *)", "dev", { timezone: "UTC" }),
      ],
    ],
    [
      "in schedules that are not enabled",
      [
        ...running("office", "MON-FRI 08:00-20:00", "dev"),
        single("stop", "cron(0 8 * * ? *)", "dev", { enabled: false }),
      ],
    ],
    [
      "where the only firing in the way is on a holiday",
      [
        ...running("office", "MON-FRI 08:00-20:00", "dev"),
        single("stop", "cron(0 12 25 12 ? 2026)", "dev", { skipDates: ["2026-12-25"] }),
      ],
    ],
    ["in nothing", []],
  ])("%s", (_, schedules) => {
    expect(conflicts(schedules, [target("dev"), target("qa")])).toEqual([]);
  });
});

describe("a start and a stop in the same minute are an error", () => {
  it("of the same target", () => {
    const schedules = [
      single("dev-start", "cron(0 8 ? * MON-FRI *)", "dev"),
      single("dev-stop", "cron(0 8,20 ? * WED *)", "dev"),
    ];
    expect(findConflicts(schedules, [target("dev")], from)).toEqual([
      {
        kind: "same-minute",
        severity: "error",
        message:
          "dev-start starts and dev-stop stops target dev in the same minute, first at 2026-11-25T08:00:00+09:00",
        schedules: ["dev-start", "dev-stop"],
        targets: ["dev"],
        at: new Date("2026-11-24T23:00:00Z"),
      },
    ]);
  });

  it("in different zones", () => {
    const schedules = [
      single("dev-start", "cron(0 8 * * ? *)", "dev"),
      single("dev-stop", "cron(0 23 * * ? *)", "dev", { timezone: "UTC" }),
    ];
    expect(conflicts(schedules)).toEqual([
      "error same-minute: dev-start starts and dev-stop stops target dev in the same minute, first at 2026-11-22T23:00:00+00:00",
    ]);
  });

  it("that come together only once a year", () => {
    const schedules = [
      single("dev-start", "cron(0 8 ? * MON-FRI *)", "dev"),
      single("dev-stop", "cron(0 8 1 7 ? *)", "dev"),
    ];
    expect(conflicts(schedules)).toEqual([
      "error same-minute: dev-start starts and dev-stop stops target dev in the same minute, first at 2027-07-01T08:00:00+09:00",
    ]);
  });

  it("where windows of two schedules adjoin", () => {
    const schedules = [
      ...running("early", "MON-FRI 08:00-12:00", "dev"),
      ...running("late", "MON-FRI 12:00-20:00", "dev"),
    ];
    expect(conflicts(schedules)).toEqual([
      "error same-minute: late-start starts and early-stop stops target dev in the same minute, first at 2026-11-23T12:00:00+09:00",
    ]);
  });

  it("of one instance in two targets", () => {
    const schedules = [
      single("a-start", "cron(0 8 * * ? *)", "a"),
      single("b-stop", "cron(0 8 * * ? *)", "b"),
    ];
    const found = conflicts(schedules, [target("a", ["i-1", "i-2"]), target("b", ["i-2"])]);
    expect(found).toContain(
      "error same-minute: a-start starts and b-stop stops an instance of a and b in the same minute, first at 2026-11-23T08:00:00+09:00",
    );
  });
});

describe("windows that contradict each other are a warning", () => {
  it("with both schedules and the first moment", () => {
    const schedules = [
      ...running("office", "MON-FRI 08:00-20:00", "dev"),
      ...running("short", "MON-FRI 09:00-18:00", "dev"),
    ];
    expect(findConflicts(schedules, [target("dev")], from)).toEqual([
      {
        kind: "contradiction",
        severity: "warning",
        message:
          "short-stop stops target dev at 2026-11-23T18:00:00+09:00, while office-start wants it to run until 2026-11-23T20:00:00+09:00",
        schedules: ["office-start", "short-stop"],
        targets: ["dev"],
        at: new Date("2026-11-23T09:00:00Z"),
      },
    ]);
  });

  it("seen from a moment within a window too", () => {
    const schedules = [
      ...running("night", "daily 20:00-08:00", "dev"),
      single("all-stop", "cron(0 1 * * ? *)", ["dev", "qa"]),
    ];
    const at = new Date("2026-11-22T15:30:00Z");
    expect(findConflicts(schedules, [target("dev")], at).map(({ message }) => message)).toEqual([
      "all-stop stops target dev at 2026-11-23T01:00:00+09:00, while night-start wants it to run until 2026-11-23T08:00:00+09:00",
    ]);
  });

  it("of one instance in two targets", () => {
    const schedules = [
      ...running("a", "MON-FRI 08:00-20:00", "a"),
      ...running("b", "MON-FRI 08:00-18:00", "b"),
    ];
    expect(conflicts(schedules, [target("a", ["i-1"]), target("b", ["i-1", "i-2"])])).toEqual([
      "warning contradiction: b-stop stops an instance of a and b at 2026-11-23T18:00:00+09:00, while a-start wants it to run until 2026-11-23T20:00:00+09:00",
    ]);
  });

  it("between single actions on other sets of targets", () => {
    const schedules = [
      single("dev-start", "cron(0 8 ? * MON-FRI *)", "dev"),
      single("dev-stop", "cron(0 20 ? * MON-FRI *)", "dev"),
      single("friday-stop", "cron(0 17 ? * FRI *)", ["dev", "qa"]),
    ];
    expect(conflicts(schedules)).toEqual([
      "warning contradiction: friday-stop stops target dev at 2026-11-27T17:00:00+09:00, while dev-start wants it to run until 2026-11-27T20:00:00+09:00",
    ]);
  });
});

describe("a schedule without a firing to come is a warning", () => {
  it("named with its expression", () => {
    const schedules = [
      single("stop", "cron(0 8 1 1 ? 2026)", "dev"),
      single("start", "at(2026-11-22T08:00:00)", "dev"),
    ];
    expect(conflicts(schedules)).toEqual([
      "warning never-fires: stop has no firing still to come: cron(0 8 1 1 ? 2026)",
      "warning never-fires: start has no firing still to come: at(2026-11-22T08:00:00)",
    ]);
  });
});

describe("notes report", () => {
  it("of a stop that nothing starts again", () => {
    const schedules = [
      single("stop", "cron(0 20 * * ? *)", ["dev", "qa"]),
      single("start", "cron(0 8 * * ? *)", "dev"),
    ];
    expect(conflicts(schedules, [target("dev"), target("qa")])).toEqual([
      "note never-started: stop stops target qa, and no schedule ever starts it again",
    ]);
  });

  it("of none where the instances are started as those of another target", () => {
    const schedules = [
      single("stop", "cron(0 20 * * ? *)", "all"),
      single("start", "cron(0 8 * * ? *)", "dev"),
    ];
    expect(conflicts(schedules, [target("all", ["i-1"]), target("dev", ["i-1", "i-2"])])).toEqual([]);
    expect(conflicts(schedules, [target("all", ["i-1", "i-3"]), target("dev", ["i-1"])])).toEqual([
      "note never-started: stop stops target all, and no schedule ever starts it again",
    ]);
  });

  it("of firings that clock changes skip or would repeat", () => {
    const timezone = "America/New_York";
    const schedules = [
      single("start", "cron(30 2 * * ? *)", "dev", { timezone }),
      single("stop", "cron(30 1 * * ? *)", "dev", { timezone }),
    ];
    expect(conflicts(schedules)).toEqual([
      "note clock-change: start skips 2027-03-14T02:30:00: clocks in America/New_York jump over it",
      "note clock-change: stop runs once at 2027-11-07T01:30:00, the first of two times that clocks in America/New_York show it",
    ]);
  });

  it("of a rate of days that clock changes move", () => {
    const timezone = "America/New_York";
    const start = single("start", "rate(1 day)", "dev", { timezone });
    expect(conflicts([start])).toEqual([
      "note clock-change: start counts days of 24 hours: its local time moves when clocks in America/New_York change, next on 2027-03-14",
    ]);
    expect(conflicts([single("start", "rate(12 hours)", "dev", { timezone })])).toEqual([]);
    expect(conflicts([single("start", "rate(1 day)", "dev")])).toEqual([]);
  });

  it("of targets by tags that may share instances with others", () => {
    const schedules = [
      ...running("office", "MON-FRI 08:00-20:00", "dev"),
      ...running("night", "daily 20:00-23:00", "tagged"),
    ];
    expect(conflicts(schedules, [target("dev"), target("tagged", [], ["Env=dev"])])).toEqual([
      "note tag-overlap: what target tagged will find by tags may be instances of other targets too: that is not checked",
    ]);
    expect(conflicts(schedules.slice(0, 2), [target("dev"), target("tagged", [], ["Env=dev"])])).toEqual([]);
  });
});

describe("findConflicts takes little time", () => {
  it("for 1,000 windows, on a target each or all on one", () => {
    const keys = Array.from({ length: 500 }, (_, index) => index);
    const hour = (index: number) => String(index % 11).padStart(2, "0");
    const each = keys.flatMap((index) =>
      running(`k${index}`, `MON-FRI ${hour(index)}:00-20:00`, `t${index}`),
    );
    const all = keys.flatMap((index) =>
      running(`k${index}`, `MON-FRI ${hour(index)}:00-${hour(index)}:59`, "dev"),
    );
    const start = performance.now();
    expect(
      findConflicts(
        each,
        keys.map((index) => target(`t${index}`)),
        from,
      ),
    ).toEqual([]);
    expect(findConflicts(all, [target("dev")], from)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it("for schedules that fire every minute", () => {
    const schedules = [
      single("start", "cron(* * * * ? *)", "dev"),
      single("stop", "cron(* * * * ? *)", "dev"),
    ];
    expect(conflicts(schedules)).toHaveLength(1);
  });
});

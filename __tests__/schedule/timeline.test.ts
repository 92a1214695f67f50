import { describe, expect, it } from "@jest/globals";
import { Schedule } from "../../schedule";
import { buildTimeline, nextFirings, type TimelineSchedule } from "../../schedule/timeline";

// A Monday; in Asia/Seoul too.
const monday = new Date("2026-11-23T00:00:00Z");

interface Given {
  readonly zone?: string;
  readonly skipDates?: readonly string[];
  readonly enabled?: boolean;
  readonly targets?: readonly string[];
}

function schedule(action: "start" | "stop", expression: string, given: Given = {}): TimelineSchedule {
  const { zone = "UTC", skipDates = [], enabled = true, targets = ["dev"] } = given;
  return {
    name: `${action} ${expression}`,
    action,
    schedule: Schedule.parse(expression, { timezone: zone }),
    enabled,
    targetNames: targets,
    skipDates,
  };
}

const start = (expression: string, given?: Given) => schedule("start", expression, given);
const stop = (expression: string, given?: Given) => schedule("stop", expression, given);

function officeHours(given?: Given): TimelineSchedule[] {
  return [start("cron(0 8 ? * MON-FRI *)", given), stop("cron(0 20 ? * MON-FRI *)", given)];
}

function week(schedules: readonly TimelineSchedule[], from = monday, days = 7) {
  const until = new Date(+from + days * 86_400_000);
  const timeline = buildTimeline(schedules, ["dev"], { from, until });
  const [dev] = timeline.targets;
  if (dev === undefined) throw new Error("no target");
  return { ...timeline, dev };
}

/** Spans as `state from to`, with day and hour. */
function spansOf({ dev }: ReturnType<typeof week>): string[] {
  const short = (date: Date) => date.toISOString().slice(5, 16);
  return dev.spans.map(({ state, from, until }) => `${state} ${short(from)} ${short(until)}`);
}

describe("a target's state", () => {
  it("at the beginning is what the last firing before left, however long ago", () => {
    const yearly = [start("cron(0 8 1 2 ? *)"), stop("cron(0 8 1 1 ? *)")];
    expect(spansOf(week(yearly))).toEqual(["running 11-23T00:00 11-30T00:00"]);
  });

  it("changes with each firing, and not with one that repeats the state", () => {
    const twice = [...officeHours(), start("cron(0 9 ? * MON-FRI *)")];
    expect(spansOf(week(twice)).slice(0, 3)).toEqual([
      "stopped 11-23T00:00 11-23T08:00",
      "running 11-23T08:00 11-23T20:00",
      "stopped 11-23T20:00 11-24T08:00",
    ]);
  });

  it("runs from before the period to beyond it where a window crosses its ends", () => {
    const nightly = [start("cron(0 22 * * ? *)"), stop("cron(0 6 * * ? *)")];
    const spans = spansOf(week(nightly));
    expect(spans[0]).toBe("running 11-23T00:00 11-23T06:00");
    expect(spans.at(-1)).toBe("running 11-29T22:00 11-30T00:00");
  });

  it("is unknown where only stops fire", () => {
    const { dev } = week([stop("cron(0 20 * * ? *)")]);
    expect(dev).toMatchObject({ actions: ["stop"], inPeriod: undefined, week: undefined });
    expect(dev.spans.map(({ state }) => state)).toEqual(["unknown"]);
  });

  it("is running for ever after a start where nothing stops it", () => {
    const { dev } = week([start("cron(0 8 * * ? *)")]);
    expect(dev).toMatchObject({ actions: ["start"], inPeriod: { runningHours: 168, savedShare: 0 } });
  });

  it("is unknown before the first firing ever", () => {
    const once = [start("at(2026-11-24T08:00:00)"), stop("at(2026-11-24T20:00:00)")];
    expect(spansOf(week(once))).toEqual([
      "unknown 11-23T00:00 11-24T08:00",
      "running 11-24T08:00 11-24T20:00",
      "stopped 11-24T20:00 11-30T00:00",
    ]);
    expect(week(once).dev.inPeriod).toBeUndefined();
  });

  it("takes no account of schedules that are not enabled", () => {
    const { dev, firings } = week([...officeHours({ enabled: false }), stop("cron(0 21 * * ? *)")]);
    expect(dev.actions).toEqual(["stop"]);
    expect(firings).toHaveLength(7);
  });

  it("is stopped after a start and a stop at the same instant", () => {
    const both = [start("cron(0 8 23 * ? *)"), stop("cron(0 8 23 * ? *)")];
    expect(spansOf(week(both, monday, 1))).toEqual(["stopped 11-23T00:00 11-24T00:00"]);
  });

  it("counts a rate from the beginning of the period, since its deployment is unknown", () => {
    const rate = [start("cron(0 8 23 * ? *)"), stop("rate(10 hours)")];
    expect(spansOf(week(rate, monday, 1))).toEqual([
      "running 11-23T00:00 11-23T10:00",
      "stopped 11-23T10:00 11-24T00:00",
    ]);
  });

  it("has no actions where no schedule names the target", () => {
    const { dev } = week(officeHours({ targets: ["other"] }));
    expect(dev).toMatchObject({ actions: [], inPeriod: undefined, week: undefined });
  });
});

describe("running hours", () => {
  it("are counted in the period, and in a normal week", () => {
    const { dev } = week(officeHours({ zone: "Asia/Seoul" }));
    expect(dev.inPeriod?.runningHours).toBe(60);
    expect(dev.week?.runningHours).toBeCloseTo(60, 9);
    expect(dev.week?.savedShare).toBeCloseTo(108 / 168, 9);
    expect(dev.weekBasis).toBe("every");
  });

  it("leave holidays out of the normal week, not out of the period", () => {
    const { dev } = week(officeHours({ skipDates: ["2026-11-24", "2026-11-25"] }));
    expect(dev.inPeriod?.runningHours).toBe(36);
    expect(dev.week?.runningHours).toBeCloseTo(60, 9);
  });

  it("leave clock changes out of the normal week, not out of the period", () => {
    const nightly = [
      start("cron(0 22 * * ? *)", { zone: "America/New_York" }),
      stop("cron(0 6 * * ? *)", { zone: "America/New_York" }),
    ];
    const { dev } = week(nightly, new Date("2027-03-08T05:00:00Z"));
    expect(dev.inPeriod?.runningHours).toBe(56);
    expect(week(nightly, new Date("2027-03-11T05:00:00Z"), 3.5).dev.inPeriod?.runningHours).toBe(
      8 + 8 + 7 + 8 - 2,
    );
    expect(dev.week?.runningHours).toBeCloseTo(56, 9);
  });

  it("of a normal week hold no trace of a firing that a clock change skipped", () => {
    const inGap = [
      start("cron(30 1 * * ? *)", { zone: "Europe/Dublin" }),
      stop("cron(0 5 * * ? *)", { zone: "Europe/Dublin" }),
    ];
    const { dev } = week(inGap, new Date("2027-03-22T00:00:00Z"));
    expect(dev.inPeriod?.runningHours).toBe(21);
    expect(dev.week?.runningHours).toBeCloseTo(24.5, 9);
  });

  it("are the mean of 52 weeks where weeks differ", () => {
    const monthly = [start("cron(0 0 1 * ? *)"), stop("cron(0 0 2 * ? *)")];
    const { dev } = week(monthly);
    expect(dev.weekBasis).toBe("mean");
    expect(dev.week?.runningHours).toBeCloseTo((12 * 24) / 52, 9);
  });

  it("are a mean too where the clocks of a start and of its stop change apart", () => {
    const apart = [
      start("cron(0 8 * * ? *)", { zone: "Europe/Dublin" }),
      stop("cron(0 20 * * ? *)", { zone: "UTC" }),
    ];
    expect(week(apart).dev.weekBasis).toBe("mean");
  });
});

describe("firings", () => {
  it("on a skipped date are listed and do nothing", () => {
    const { firings, dev } = week(officeHours({ skipDates: ["2026-11-23"] }), monday, 1);
    expect(firings.map(({ of, skipped }) => [of.action, skipped])).toEqual([
      ["start", "holiday"],
      ["stop", "holiday"],
    ]);
    expect(dev.inPeriod?.runningHours).toBe(0);
  });

  it("are judged by the date in the schedule's own zone", () => {
    const seoul = [start("cron(0 8 * * ? *)", { zone: "Asia/Seoul", skipDates: ["2026-11-24"] })];
    const skipped = week(seoul).firings.filter((firing) => firing.skipped === "holiday");
    expect(skipped.map(({ at }) => at.toISOString())).toEqual(["2026-11-23T23:00:00.000Z"]);
  });

  it("that a clock change jumps over are listed without offset, at the instant of the change", () => {
    const inGap = [start("cron(30 2 * * ? *)", { zone: "America/New_York" })];
    const { firings, clockChanges } = week(inGap, new Date("2027-03-14T05:00:00Z"), 1);
    expect(firings).toMatchObject([
      { local: "2027-03-14T02:30:00", at: new Date("2027-03-14T07:00:00Z"), skipped: "clock-change" },
    ]);
    expect(clockChanges).toMatchObject([
      {
        timezone: "America/New_York",
        minutes: 60,
        localBefore: "2027-03-14T02:00:00",
        localAfter: "2027-03-14T03:00:00",
        effects: [{ kind: "skipped", local: "2027-03-14T02:30:00" }],
      },
    ]);
  });

  it("at a repeated time are listed once, and the change says so", () => {
    const repeated = [start("cron(30 1 * * ? *)", { zone: "America/New_York" })];
    const { firings, clockChanges } = week(repeated, new Date("2027-11-07T04:00:00Z"), 1);
    expect(firings).toMatchObject([{ local: "2027-11-07T01:30:00-04:00", repeated: true }]);
    expect(clockChanges).toMatchObject([
      { minutes: -60, localBefore: "2027-11-07T02:00:00", localAfter: "2027-11-07T01:00:00" },
    ]);
    expect(clockChanges[0]?.effects).toHaveLength(1);
  });

  it("come soonest first, the next `count` of all schedules together", () => {
    const next = nextFirings(officeHours({ zone: "Asia/Seoul", skipDates: ["2026-11-24"] }), {
      from: monday,
      count: 3,
    });
    expect(next.map(({ local, skipped }) => [local, skipped])).toEqual([
      ["2026-11-23T20:00:00+09:00", undefined],
      ["2026-11-24T08:00:00+09:00", "holiday"],
      ["2026-11-24T20:00:00+09:00", "holiday"],
    ]);
  });

  it("are fewer than asked for where a schedule ends", () => {
    expect(nextFirings([stop("at(2026-11-24T08:00:00)")], { from: monday, count: 3 })).toHaveLength(1);
    expect(nextFirings([stop("at(2026-11-20T08:00:00)")], { from: monday, count: 3 })).toEqual([]);
  });
});

describe("clock changes", () => {
  it("of half an hour are found, and those of zones in use only", () => {
    const { clockChanges } = week(
      [
        start("cron(0 8 * * ? *)", { zone: "Australia/Lord_Howe" }),
        stop("cron(0 9 * * ? *)", { zone: "Asia/Seoul" }),
      ],
      new Date("2027-03-29T00:00:00Z"),
    );
    expect(clockChanges).toMatchObject([{ timezone: "Australia/Lord_Howe", minutes: -30, effects: [] }]);
  });
});

import { describe, expect, it } from "@jest/globals";
import { Schedule, ScheduleError } from "../../schedule";
import { problemOf } from "./problem-of";

const from = new Date("2026-11-22T00:00:00Z");

function iso(dates: readonly Date[]): string[] {
  return dates.map((date) => date.toISOString());
}

/** Of five tries: what else the machine does may slow one of them down. */
function shortestMs(action: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    action();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe("a schedule with a start and an end", () => {
  const dates = { startDate: new Date("2026-11-24T11:00:00Z"), endDate: new Date("2026-11-27T11:00:00Z") };
  const seoul = Schedule.parse("cron(0 20 ? * * *)", { timezone: "Asia/Seoul", ...dates });

  it("fires from the one, and before the other, whatever period is asked for", () => {
    const all = ["24", "25", "26"].map((day) => `2026-11-${day}T11:00:00.000Z`);
    expect(iso(seoul.next({ from, count: 10 }))).toEqual(all);
    expect(iso(seoul.next({ from: new Date("2026-11-25T00:00:00Z"), count: 10 }))).toEqual(all.slice(1));
    expect(iso(seoul.next({ from, until: new Date("2026-11-25T00:00:00Z") }))).toEqual(all.slice(0, 1));
    expect(seoul.next({ from: dates.endDate })).toEqual([]);
    expect(seoul.firings({ from, count: 10 }).map(({ local }) => local.slice(0, 10))).toEqual([
      "2026-11-24",
      "2026-11-25",
      "2026-11-26",
    ]);
    expect(iso(seoul.withoutDates().next({ from }))).toEqual(["2026-11-22T11:00:00.000Z"]);
  });

  it("counts a rate from its start", () => {
    const rate = Schedule.rate(2, "hours", { startDate: new Date("2026-11-24T11:30:00Z") });
    expect(iso(rate.next({ from, count: 2 }))).toEqual([
      "2026-11-24T11:30:00.000Z",
      "2026-11-24T13:30:00.000Z",
    ]);
    expect(iso(rate.next({ from: new Date("2026-11-24T13:30:00Z") }))).toEqual(["2026-11-24T13:30:00.000Z"]);
    expect(iso(rate.next({ from: new Date("2026-11-24T13:30:01Z") }))).toEqual(["2026-11-24T15:30:00.000Z"]);
  });

  it("tells no clock change beyond them, and is like no other week", () => {
    const options = { timezone: "America/New_York" };
    const year = { from, until: new Date("2027-11-22T00:00:00Z") };
    const skipped = (more: object) =>
      Schedule.parse("cron(30 2 ? * * *)", { ...options, ...more }).clockChangeEffects(year).length;
    expect([skipped({}), skipped(dates), skipped({ endDate: new Date("2027-06-01T00:00:00Z") })]).toEqual([
      1, 0, 1,
    ]);
    expect([seoul.isWeekly, seoul.withoutDates().isWeekly]).toEqual([false, true]);
  });

  it("says them, and has no form as a rule", () => {
    expect(seoul.describe()).toBe("At 20:00, from 2026-11-24 20:00 until 2026-11-27 20:00");
    expect(Schedule.rate(1, "day", { endDate: dates.endDate }).describe()).toMatch(
      /, until 2026-11-27 11:00$/,
    );
    expect(seoul.toUtc()).toEqual({
      expressions: null,
      reason: "EventBridge rules have neither a start nor an end date",
    });
  });

  it("refuses dates that cannot be meant", () => {
    expect(problemOf(() => Schedule.at("2027-01-04T08:00:00", dates))).toBe(
      "startDate: expected none, since at(...) fires once: EventBridge Scheduler ignores its dates, got 2026-11-24T11:00:00.000Z",
    );
    const { startDate } = dates;
    expect(problemOf(() => Schedule.rate(1, "day", { startDate, endDate: startDate }))).toBe(
      "endDate: expected a time after the startDate, 2026-11-24T11:00:00.000Z, got 2026-11-24T11:00:00.000Z",
    );
    expect(problemOf(() => Schedule.rate(1, "day", { endDate: new Date("never") }))).toBe(
      "endDate: expected a valid date, got an invalid Date",
    );
  });
});

describe("a schedule", () => {
  it("knows its kind, expression and zone, and prints as the expression", () => {
    const schedule = Schedule.parse("cron(0 20 ? * MON-FRI *)", { timezone: "Asia/Seoul" });
    expect(schedule.kind).toBe("cron");
    expect(schedule.expression).toBe("cron(0 20 ? * MON-FRI *)");
    expect(schedule.timezone).toBe("Asia/Seoul");
    expect(String(schedule)).toBe("cron(0 20 ? * MON-FRI *)");
    expect(Schedule.rate(5, "minutes").timezone).toBe("UTC");
  });

  it("refuses what is no expression, with the nearest form", () => {
    const expected = "expression: expected cron(...), rate(...) or at(...), got ";
    expect(problemOf(() => Schedule.parse("0 20 ? * MON-FRI *"))).toBe(
      `${expected}"0 20 ? * MON-FRI *" (did you mean cron(0 20 ? * MON-FRI *)?)`,
    );
    expect(problemOf(() => Schedule.parse("0 20 * * 1-5"))).toBe(
      `${expected}"0 20 * * 1-5" (AWS wants cron(...) with six fields, the year last)`,
    );
    expect(problemOf(() => Schedule.parse("Rate(1 day)"))).toBe(
      `${expected}"Rate(1 day)" (did you mean rate(...)?)`,
    );
    expect(problemOf(() => Schedule.parse(" rate(1 day)"))).toBe(
      `${expected}" rate(1 day)" (did you mean rate(...)?)`,
    );
    for (const text of [
      "",
      "__proto__",
      "cron",
      "cron()(",
      "every day",
      "rate(1 day",
      "cron(cron(0 0 * * ? *))",
    ]) {
      expect(problemOf(() => Schedule.parse(text))).not.toBe("");
    }
  });

  it("gives the parts of a refusal one by one", () => {
    try {
      Schedule.parse("cron(0 24 * * ? *)");
    } catch (error) {
      expect(error).toBeInstanceOf(ScheduleError);
      expect(error).toMatchObject({ field: "hours", expected: "0-23 with , - * /", got: '"24"' });
    }
    expect.assertions(2);
  });

  it("refuses more than 256 characters, megabytes too, at once", () => {
    const years = Array.from({ length: 60 }, (_, index) => 2030 + index).join(",");
    expect(problemOf(() => Schedule.parse(`cron(0 0 1 1 ? ${years})`))).toBe(
      "expression: expected at most 256 characters, got 315 characters",
    );
    const long = "cron(".repeat(2_000_000);
    const tries = () => [
      problemOf(() => Schedule.parse(long)),
      problemOf(() => Schedule.parse("rate(1 day)", { timezone: long })),
    ];
    expect(shortestMs(tries)).toBeLessThan(50);
  });

  it("refuses values that are no texts, from untyped callers", () => {
    for (const value of [undefined, null, 5, {}, ["cron(0 0 * * ? *)"]]) {
      expect(problemOf(() => Schedule.parse(value as unknown as string))).toMatch(
        /^expression: expected cron/,
      );
    }
  });
});

describe("next", () => {
  const schedule = Schedule.cron("0 20 ? * MON-FRI *", { timezone: "Asia/Seoul" });

  it("gives one firing from now on by default", () => {
    const [first, ...more] = Schedule.rate(1, "day").next();
    expect(more).toEqual([]);
    expect(Math.abs((first?.getTime() ?? 0) - Date.now() - 86_400_000)).toBeLessThan(5_000);
  });

  it("includes a firing at `from` itself, and none at `until`", () => {
    const first = new Date("2026-11-23T11:00:00Z");
    expect(iso(schedule.next({ from: first }))).toEqual(["2026-11-23T11:00:00.000Z"]);
    expect(iso(schedule.next({ from: new Date(first.getTime() + 1) }))).toEqual(["2026-11-24T11:00:00.000Z"]);
    expect(iso(schedule.next({ from, until: first }))).toEqual([]);
    expect(schedule.next({ from, until: new Date("2026-12-21T00:00:00Z") })).toHaveLength(20);
    expect(schedule.next({ from, until: new Date("2026-12-21T00:00:00Z"), count: 3 })).toHaveLength(3);
    expect(schedule.next({ from, count: 0 })).toEqual([]);
  });

  it("refuses a count or a date that is none", () => {
    expect(problemOf(() => schedule.next({ count: 1.5 }))).toBe(
      "count: expected a whole number from 0 on, got 1.5",
    );
    expect(problemOf(() => schedule.next({ count: -1 }))).toBe(
      "count: expected a whole number from 0 on, got -1",
    );
    expect(problemOf(() => schedule.next({ from: new Date("soon") }))).toBe(
      "from: expected a valid date, got an invalid Date",
    );
  });

  it("answers for a rare expression in under 10 ms and refuses one that never fires in under 50 ms", () => {
    const rare = Schedule.cron("0 0 ? 2 2#5 *");
    expect(iso(rare.next({ from, count: 2 }))).toEqual([
      "2044-02-29T00:00:00.000Z",
      "2072-02-29T00:00:00.000Z",
    ]);
    expect(shortestMs(() => rare.next({ from }))).toBeLessThan(10);
    const never = () => problemOf(() => Schedule.cron("0 0 31 2,4,6,9,11 ? *"));
    expect(shortestMs(never)).toBeLessThan(50);
  });

  it("shows the local time of each firing", () => {
    expect(schedule.firings({ from })).toEqual([
      { at: new Date("2026-11-23T11:00:00Z"), local: "2026-11-23T20:00:00+09:00" },
    ]);
  });
});

describe("a rate", () => {
  it("counts whole periods from `from`, 24 hours a day, over clock changes too", () => {
    const rate = Schedule.parse("rate(1 day)", { timezone: "America/New_York" });
    const firings = rate.firings({ from: new Date("2027-03-13T17:00:00Z"), count: 2 });
    expect(firings.map(({ local }) => local)).toEqual([
      "2027-03-14T13:00:00-04:00",
      "2027-03-15T13:00:00-04:00",
    ]);
    expect(iso(Schedule.rate(90, "minutes").next({ from, count: 2 }))).toEqual([
      "2026-11-22T01:30:00.000Z",
      "2026-11-22T03:00:00.000Z",
    ]);
  });

  it("ends where dates end", () => {
    expect(Schedule.rate(99_999_999, "days").next({ from })).toEqual([]);
  });

  it.each([
    [
      "rate(1 minutes)",
      'rate: expected minute, hour or day after 1, got "minutes" (did you mean rate(1 minute)?)',
    ],
    [
      "rate(5 minute)",
      'rate: expected minutes, hours or days after 5, got "minute" (did you mean rate(5 minutes)?)',
    ],
    ["rate(5 Minutes)", '"Minutes" (did you mean rate(5 minutes)?)'],
    ["rate(30 seconds)", '"seconds" (a minute is the shortest unit)'],
    ["rate(2 weeks)", 'rate: expected minutes, hours or days after 2, got "weeks"'],
    ["rate(5 constructor)", 'got "constructor"'],
    ["rate(0 days)", 'rate: expected a whole number from 1 to 99999999, one space, and a unit, got "0 days"'],
    ["rate(-1 days)", 'got "-1 days"'],
    ["rate(1.5 days)", 'got "1.5 days"'],
    ["rate(05 days)", 'got "05 days"'],
    ["rate(5  days)", 'got "5  days"'],
    ["rate(5days)", 'got "5days"'],
    ["rate(5)", 'got ""'],
    ["rate()", 'got ""'],
  ])("is refused as %s", (expression, message) => {
    expect(problemOf(() => Schedule.parse(expression))).toContain(message);
  });
});

describe("a one-time schedule", () => {
  it("fires once, at its local time", () => {
    const once = Schedule.at("2027-01-01T08:00:30", { timezone: "Asia/Seoul" });
    expect(once.expression).toBe("at(2027-01-01T08:00:30)");
    expect(once.firings({ from, count: 5 })).toEqual([
      { at: new Date("2026-12-31T23:00:30Z"), local: "2027-01-01T08:00:30+09:00" },
    ]);
    expect(once.next({ from: new Date("2027-01-01T00:00:00Z") })).toEqual([]);
  });

  it.each([
    ["at(2027-01-01T08:00:00Z)", "(leave the offset out: the time is read in the schedule's timezone)"],
    ["at(2027-01-01T08:00:00+09:00)", "(leave the offset out"],
    [
      "at(2027-01-01 08:00:00)",
      "at: expected a local date and time as yyyy-mm-ddThh:mm:ss, years 1970 to 2199, got",
    ],
    ["at(2027-01-01T08:00)", "as yyyy-mm-ddThh:mm:ss"],
    ["at(2027-02-29T08:00:00)", "(there is no such date or time)"],
    ["at(2027-01-01T24:00:00)", "(there is no such date or time)"],
    ["at(2027-13-01T00:00:00)", "(there is no such date or time)"],
    ["at(2200-01-01T00:00:00)", "(there is no such date or time)"],
  ])("is refused as %s", (expression, message) => {
    expect(problemOf(() => Schedule.parse(expression))).toContain(message);
  });

  it("is refused at a time that its zone's clocks jump over", () => {
    expect(problemOf(() => Schedule.at("2027-03-14T02:30:00", { timezone: "America/New_York" }))).toBe(
      'at: expected a local time that clocks in America/New_York show, got "2027-03-14T02:30:00" (they are put forward and go on at 2027-03-14T03:00:00)',
    );
  });
});

describe("describe", () => {
  it.each([
    ["cron(0 20 ? * MON-FRI *)", "At 20:00, Monday through Friday"],
    ["cron(0 20 ? * 2-6 *)", "At 20:00, Monday through Friday"],
    ["cron(0 9 ? * 2#1 *)", "At 09:00, on the first Monday of the month"],
    ["cron(0 9 ? * FRIL *)", "At 09:00, on the last Friday of the month"],
    ["cron(0 9 L * ? *)", "At 09:00, on the last day of the month"],
    ["cron(0/15 8-18 * * ? *)", "Every 15 minutes, between 08:00 and 18:59"],
    ["rate(1 day)", "Every day"],
    ["rate(5 minutes)", "Every 5 minutes"],
    ["at(2027-01-01T08:00:00)", "Once, on 2027-01-01 at 08:00:00"],
  ])("puts %s into words", (expression, words) => {
    expect(Schedule.parse(expression).describe()).toBe(words);
  });
});

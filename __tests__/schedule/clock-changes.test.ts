import { describe, expect, it } from "@jest/globals";
import { Schedule } from "../../schedule";

interface Day {
  readonly timezone: string;
  readonly fields: string;
  /** The UTC day or days around the clock change. */
  readonly from: string;
  readonly until: string;
}

function localFirings({ timezone, fields, from, until }: Day): string[] {
  const period = { from: new Date(from), until: new Date(until) };
  return Schedule.cron(fields, { timezone })
    .firings(period)
    .map(({ local, repeated }) => (repeated ? `${local} repeated` : local));
}

describe("in a zone that never changes its clocks, firings keep their offset", () => {
  it.each([
    ["Asia/Seoul", "2026-11-23T20:00:00+09:00", "2026-11-23T11:00:00.000Z"],
    ["Asia/Kolkata", "2026-11-23T20:00:00+05:30", "2026-11-23T14:30:00.000Z"],
    ["Asia/Kathmandu", "2026-11-23T20:00:00+05:45", "2026-11-23T14:15:00.000Z"],
    ["Pacific/Kiritimati", "2026-11-23T20:00:00+14:00", "2026-11-23T06:00:00.000Z"],
    ["America/Sao_Paulo", "2026-11-23T20:00:00-03:00", "2026-11-23T23:00:00.000Z"],
    ["UTC", "2026-11-23T20:00:00+00:00", "2026-11-23T20:00:00.000Z"],
  ])("%s", (timezone, local, instant) => {
    const schedule = Schedule.cron("0 20 ? * MON *", { timezone });
    const firings = schedule.firings({ from: new Date("2026-11-22T20:00:00Z"), count: 1 });
    expect(firings).toEqual([{ at: new Date(instant), local }]);
  });
});

describe("a local time that clocks jump over is skipped", () => {
  it.each([
    [
      "America/New_York, 14 March 2027",
      "America/New_York",
      "30 1-3 14 3 ? 2027",
      ["2027-03-14T01:30:00-05:00", "2027-03-14T03:30:00-04:00"],
    ],
    [
      "Europe/Dublin, where winter is the exception",
      "Europe/Dublin",
      "30 0-2 28 3 ? 2027",
      ["2027-03-28T00:30:00+00:00", "2027-03-28T02:30:00+01:00"],
    ],
    [
      "Pacific/Chatham, at 02:45",
      "Pacific/Chatham",
      "50 1-3 26 9 ? 2027",
      ["2027-09-26T01:50:00+12:45", "2027-09-26T03:50:00+13:45"],
    ],
    [
      "Australia/Lord_Howe, by 30 minutes",
      "Australia/Lord_Howe",
      "15,45 1-2 3 10 ? 2027",
      ["2027-10-03T01:15:00+10:30", "2027-10-03T01:45:00+10:30", "2027-10-03T02:45:00+11:00"],
    ],
    [
      "Africa/Casablanca, after Ramadan",
      "Africa/Casablanca",
      // Past: what is ahead differs between releases of the time zone data.
      "30 1-3 6 4 ? 2025",
      ["2025-04-06T01:30:00+00:00", "2025-04-06T03:30:00+01:00"],
    ],
    [
      "America/Sao_Paulo, at midnight in 2018",
      "America/Sao_Paulo",
      "30 0,1,23 3-4 11 ? 2018",
      [
        "2018-11-03T00:30:00-03:00",
        "2018-11-03T01:30:00-03:00",
        "2018-11-03T23:30:00-03:00",
        "2018-11-04T01:30:00-02:00",
        "2018-11-04T23:30:00-02:00",
      ],
    ],
    [
      "Pacific/Apia, a whole day in 2011",
      "Pacific/Apia",
      "0 12 29-31 12 ? 2011",
      ["2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"],
    ],
  ])("%s", (_, timezone, fields, expected) => {
    const year = Number(fields.slice(-4));
    expect(localFirings({ timezone, fields, from: `${year}-01-01`, until: `${year + 1}-01-02` })).toEqual(
      expected,
    );
  });
});

describe("a local time that clocks show twice runs once, at the first", () => {
  it.each([
    [
      "America/New_York, 7 November 2027",
      "America/New_York",
      "30 0-2 7 11 ? 2027",
      ["2027-11-07T00:30:00-04:00", "2027-11-07T01:30:00-04:00 repeated", "2027-11-07T02:30:00-05:00"],
    ],
    [
      "Europe/Dublin",
      "Europe/Dublin",
      "30 0-2 31 10 ? 2027",
      ["2027-10-31T00:30:00+01:00", "2027-10-31T01:30:00+01:00 repeated", "2027-10-31T02:30:00+00:00"],
    ],
    [
      "Pacific/Chatham, from 03:45 back to 02:45",
      "Pacific/Chatham",
      "50 1-3 4 4 ? 2027",
      ["2027-04-04T01:50:00+13:45", "2027-04-04T02:50:00+13:45 repeated", "2027-04-04T03:50:00+12:45"],
    ],
    [
      "Australia/Lord_Howe, by 30 minutes",
      "Australia/Lord_Howe",
      "15,45 1-2 4 4 ? 2027",
      [
        "2027-04-04T01:15:00+11:00",
        "2027-04-04T01:45:00+11:00 repeated",
        "2027-04-04T02:15:00+10:30",
        "2027-04-04T02:45:00+10:30",
      ],
    ],
    [
      "Africa/Casablanca, before Ramadan",
      "Africa/Casablanca",
      "30 1-3 23 2 ? 2025",
      ["2025-02-23T01:30:00+01:00", "2025-02-23T02:30:00+01:00 repeated", "2025-02-23T03:30:00+00:00"],
    ],
    [
      "America/Sao_Paulo, at midnight in 2019",
      "America/Sao_Paulo",
      "30 23 16 2 ? 2019",
      ["2019-02-16T23:30:00-02:00 repeated"],
    ],
  ])("%s", (_, timezone, fields, expected) => {
    const year = Number(fields.slice(-4));
    expect(localFirings({ timezone, fields, from: `${year}-01-01`, until: `${year + 1}-01-02` })).toEqual(
      expected,
    );
  });

  it("and not again when asked for what comes after the first", () => {
    const schedule = Schedule.cron("30 1 ? * SUN *", { timezone: "America/New_York" });
    const between = new Date("2027-11-07T06:00:00Z");
    expect(schedule.firings({ from: between }).map(({ local }) => local)).toEqual([
      "2027-11-14T01:30:00-05:00",
    ]);
  });
});

describe("clockChangeEffects", () => {
  const schedule = Schedule.cron("30 1-2 * * ? *", { timezone: "America/New_York" });

  it("lists the firings that clock changes in the period skip or would repeat", () => {
    const year = { from: new Date("2027-01-01"), until: new Date("2028-01-01") };
    expect(schedule.clockChangeEffects(year)).toEqual([
      { kind: "skipped", local: "2027-03-14T02:30:00", at: new Date("2027-03-14T07:00:00Z") },
      { kind: "repeated", local: "2027-11-07T01:30:00", at: new Date("2027-11-07T05:30:00Z") },
    ]);
  });

  it("lists a skipped day's firing", () => {
    const noon = Schedule.cron("0 12 * * ? *", { timezone: "Pacific/Apia" });
    const days = { from: new Date("2011-12-01"), until: new Date("2012-01-31") };
    expect(noon.clockChangeEffects(days)).toEqual([
      { kind: "skipped", local: "2011-12-30T12:00:00", at: new Date("2011-12-30T10:00:00Z") },
    ]);
  });

  it("lists what lies in the period only", () => {
    const at = (from: string, until: string) =>
      schedule.clockChangeEffects({ from: new Date(from), until: new Date(until) }).map(({ kind }) => kind);
    expect(at("2027-03-14T07:00:00Z", "2027-03-14T07:00:01Z")).toEqual(["skipped"]);
    expect(at("2027-03-14T07:00:01Z", "2027-11-07T05:30:00Z")).toEqual([]);
    expect(at("2027-11-07T05:30:00Z", "2027-11-07T05:31:00Z")).toEqual(["repeated"]);
    expect(at("2027-11-07T05:31:00Z", "2027-12-01T00:00:00Z")).toEqual([]);
  });

  it("is empty for a rate, for firings next to the change and where clocks never change", () => {
    const year = { from: new Date("2027-01-01"), until: new Date("2028-01-01") };
    const timezone = "America/New_York";
    expect(Schedule.parse("rate(30 minutes)", { timezone }).clockChangeEffects(year)).toEqual([]);
    expect(Schedule.cron("0 3 * * ? *", { timezone }).clockChangeEffects(year)).toEqual([]);
    expect(Schedule.cron("0 2 * * ? *", { timezone: "Asia/Seoul" }).clockChangeEffects(year)).toEqual([]);
  });
});

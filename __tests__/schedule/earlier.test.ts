import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { Schedule } from "../../schedule";
import { earlierTimes } from "../../schedule/earlier";
import { cronFields } from "../support/cron-arbitrary";
import { printedSeed, propertyRuns } from "../support/property";

const FROM = new Date("2026-11-22T00:00:00Z");
const MINUTE_MS = 60_000;

function earlier(expression: string, minutes: number, timezone = "UTC"): readonly string[] | string {
  const found = earlierTimes(Schedule.parse(expression, { timezone }), minutes, FROM);
  return found.expressions ?? found.reason;
}

describe("times before a schedule's", () => {
  it.each([
    ["in the same hour", "cron(45 20 ? * MON-FRI *)", 30, ["cron(15 20 ? * MON-FRI *)"]],
    ["in an earlier hour", "cron(0 20 ? * MON-FRI *)", 90, ["cron(30 18 ? * MON-FRI *)"]],
    ["on the day before", "cron(0 0 ? * SAT *)", 30, ["cron(30 23 ? * FRI *)"]],
    ["in the month before", "cron(10 0 1 * ? *)", 15, ["cron(55 23 L * ? *)"]],
    ["a whole day before", "cron(0 20 ? * MON *)", 1440, ["cron(0 20 ? * SUN *)"]],
    ["once", "at(2027-03-01T00:10:00)", 20, ["at(2027-02-28T23:50:00)"]],
  ])("are expressions in its own zone: %s", (_, expression, minutes, expected) => {
    expect(earlier(expression, minutes, "Asia/Seoul")).toEqual(expected);
  });

  it.each([
    ["rate(1 hour)", 30, "UTC", "a rate counts from its deployment"],
    ["cron(0 0 ? * 2#1 *)", 30, "UTC", "no cron expression fires exactly so much earlier"],
    ["cron(0 4 * * ? *)", 180, "Europe/Berlin", "clocks in Europe/Berlin change in between (on 2027-03-28)"],
    [
      "at(2027-03-28T04:00:00)",
      90,
      "Europe/Berlin",
      "clocks in Europe/Berlin change in between (on 2027-03-28)",
    ],
    [
      "at(2031-03-30T04:00:00)",
      180,
      "Europe/Berlin",
      "clocks in Europe/Berlin change in between (on 2031-03-30)",
    ],
  ])("are refused where there are none: %s, %i minutes, in %s", (expression, minutes, timezone, reason) => {
    expect(earlier(expression, minutes, timezone)).toBe(reason);
  });

  it("may lie in a zone that changes its clocks at another time of day", () => {
    expect(earlier("cron(0 20 ? * MON-FRI *)", 30, "Europe/Berlin")).toEqual(["cron(30 19 ? * MON-FRI *)"]);
  });

  it("are exactly so many minutes before each firing, wherever there are any", () => {
    const begin = +new Date("2027-01-01T00:00:00Z");
    const timezones = fc.constantFrom("UTC", "Asia/Seoul", "Europe/Berlin", "America/New_York");
    let found = 0;
    fc.assert(
      fc.property(cronFields, fc.integer({ min: 1, max: 1440 }), timezones, (fields, minutes, timezone) => {
        const schedule = Schedule.cron(fields, { timezone });
        const { expressions } = earlierTimes(schedule, minutes, FROM);
        if (expressions === null) return;
        found++;
        const until = begin + 500 * 24 * 60 * MINUTE_MS;
        const stops = schedule.next({ from: new Date(begin), until: new Date(until), count: 300 });
        const last = +(stops.length === 300 ? (stops.at(-1) ?? 0) : until - 1);
        const warned = expressions
          .flatMap((each) =>
            Schedule.parse(each, { timezone }).next({
              from: new Date(begin - minutes * MINUTE_MS),
              until: new Date(last + 1 - minutes * MINUTE_MS),
            }),
          )
          .map((at) => +at + minutes * MINUTE_MS)
          .sort((a, b) => a - b);
        expect(warned).toEqual(stops.map((at) => +at));
      }),
      { seed: printedSeed("times before a schedule's"), numRuns: propertyRuns(300) },
    );
    expect(found).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from "@jest/globals";
import { Schedule } from "../../schedule";

const from = new Date("2026-11-22T00:00:00Z");

function utc(expression: string, timezone: string): readonly string[] | string {
  const conversion = Schedule.parse(expression, { timezone }).toUtc({ from });
  return conversion.expressions ?? conversion.reason;
}

describe("toUtc shifts", () => {
  it.each([
    ["hours within the day", "Asia/Seoul", "cron(0 20 ? * MON-FRI *)", ["cron(0 11 ? * MON-FRI *)"]],
    [
      "days of the week to the day before",
      "Asia/Seoul",
      "cron(0 8 ? * MON-FRI *)",
      ["cron(0 23 ? * SUN-THU *)"],
    ],
    [
      "days of the week to the day after",
      "America/Bogota",
      "cron(0 20 ? * SAT,SUN *)",
      ["cron(0 1 ? * SUN,MON *)"],
    ],
    ["the first day to the last one", "Asia/Seoul", "cron(0 8 1 * ? *)", ["cron(0 23 L * ? *)"]],
    ["the last day to the first one", "America/Bogota", "cron(0 20 L * ? *)", ["cron(0 1 1 * ? *)"]],
    ["1 March to the last of February", "Asia/Seoul", "cron(0 8 1 3 ? *)", ["cron(0 23 L FEB ? *)"]],
    [
      "1 January to the year before",
      "Asia/Seoul",
      "cron(0 8 1 1 ? 2027,2029)",
      ["cron(0 23 31 DEC ? 2026,2028)"],
    ],
    [
      "31 December to the year after",
      "America/Bogota",
      "cron(0 20 31 12 ? 2027)",
      ["cron(0 1 1 JAN ? 2028)"],
    ],
    [
      "dates with their months",
      "Asia/Seoul",
      "cron(0 8 31 * ? *)",
      ["cron(0 23 30 JAN,MAR,MAY,JUL,AUG,OCT,DEC ? *)"],
    ],
    [
      "the first days of months",
      "Asia/Seoul",
      "cron(0 8 1-5 * ? *)",
      ["cron(0 23 L * ? *)", "cron(0 23 1-4 * ? *)"],
    ],
    [
      "29 February in years that have it",
      "Asia/Seoul",
      "cron(0 8 29 2 ? 2028,2032)",
      ["cron(0 23 28 FEB ? 2028,2032)"],
    ],
    [
      "whole months",
      "Asia/Seoul",
      "cron(0 8 * JUN-AUG ? *)",
      ["cron(0 23 31 MAY ? *)", "cron(0 23 * JUN,JUL ? *)", "cron(0 23 1-30 AUG ? *)"],
    ],
    ["every day to every day", "Asia/Seoul", "cron(0 8 * * ? *)", ["cron(0 23 * * ? *)"]],
    ["every hour to every hour", "Asia/Seoul", "cron(0 * * * ? *)", ["cron(0 * * * ? *)"]],
    [
      "hours over midnight by splitting",
      "Asia/Seoul",
      "cron(0/30 8-18 ? * MON-FRI *)",
      ["cron(0/30 23 ? * SUN-THU *)", "cron(0/30 0-9 ? * MON-FRI *)"],
    ],
    ["minutes by half an hour", "Asia/Kolkata", "cron(0 20 ? * MON-FRI *)", ["cron(30 14 ? * MON-FRI *)"]],
    [
      "minutes over the hour by splitting",
      "Asia/Kolkata",
      "cron(0/30 8-18 ? * MON-FRI *)",
      ["cron(30 2-12 ? * MON-FRI *)", "cron(0 3-13 ? * MON-FRI *)"],
    ],
    ["minutes by a quarter of an hour", "Asia/Kathmandu", "cron(0 5 ? * MON *)", ["cron(15 23 ? * SUN *)"]],
    [
      "by 14 hours",
      "Pacific/Kiritimati",
      "cron(0 13,14 ? * MON *)",
      ["cron(0 23 ? * SUN *)", "cron(0 0 ? * MON *)"],
    ],
    ["an nth weekday within the day", "Asia/Seoul", "cron(0 12 ? * 2#1 *)", ["cron(0 3 ? * 2#1 *)"]],
    ["nothing in UTC", "UTC", "cron(0 20 ? * MON *)", ["cron(0 20 ? * MON *)"]],
    [
      "nothing in a zone that has become UTC's",
      "Africa/Abidjan",
      "cron(5/20 20 15W * ? *)",
      ["cron(5/20 20 15W * ? *)"],
    ],
    ["nothing for a rate", "America/New_York", "rate(5 minutes)", ["rate(5 minutes)"]],
  ])("%s", (_, timezone, expression, expected) => {
    expect(utc(expression, timezone)).toEqual(expected);
  });
});

describe("toUtc refuses, with the reason,", () => {
  it.each([
    [
      "a zone that changes its clocks",
      "America/New_York",
      "cron(0 20 ? * MON-FRI *)",
      "clocks in America/New_York change (next on 2027-03-14), and UTC's do not",
    ],
    [
      "a moved nth weekday",
      "Asia/Seoul",
      "cron(0 8 ? * 2#1 *)",
      "in UTC it falls on the day before the nth weekday of a month (2#1), which has no cron form",
    ],
    [
      "a moved last weekday",
      "Asia/Seoul",
      "cron(0 8 ? * 6L *)",
      "in UTC it falls on the day before the last weekday of a month (6L), which has no cron form",
    ],
    [
      "a moved nearest weekday",
      "Asia/Seoul",
      "cron(0 8 15W * ? *)",
      "in UTC it falls on the day before the weekday nearest to a date (15W), which has no cron form",
    ],
    [
      "moved weekdays of a month",
      "Asia/Seoul",
      "cron(0 8 ? JAN MON *)",
      "in UTC the days of the week move to the day before, which at the edge of a month falls into another month",
    ],
    [
      "moved weekdays of a year",
      "America/Bogota",
      "cron(0 20 ? * MON 2027)",
      "in UTC the days of the week move to the day after, which at the edge of a year falls into another year",
    ],
    [
      "the day before the last one",
      "Asia/Seoul",
      "cron(0 8 L * ? *)",
      "in UTC it moves over the end of February, which differs in leap years",
    ],
    [
      "29 February among common years",
      "Asia/Seoul",
      "cron(0 8 29 2 ? *)",
      "in UTC it moves over the end of February, which differs in leap years",
    ],
    [
      "a firing after the year 2199",
      "America/Bogota",
      "cron(0 20 31 12 ? 2199)",
      "in UTC it would fire in 2200, and AWS takes 1970-2199 only",
    ],
    [
      "what would take more than 256 characters",
      "America/Bogota",
      "cron(0 20 L * ? */2,2025/4)",
      "in UTC it would take expressions longer than AWS allows, or too many",
    ],
    [
      "a one-time schedule",
      "Asia/Seoul",
      "at(2027-01-01T08:00:00)",
      "EventBridge rules have no one-time at(...) expressions",
    ],
  ])("%s", (_, timezone, expression, reason) => {
    expect(utc(expression, timezone)).toBe(reason);
  });
});

describe("toUtc depends on the zone's rules from `from` on only", () => {
  it("takes a zone that has stopped changing its clocks", () => {
    const schedule = Schedule.cron("0 20 ? * MON *", { timezone: "America/Sao_Paulo" });
    expect(schedule.toUtc({ from })).toEqual({ expressions: ["cron(0 23 ? * MON *)"] });
    expect(schedule.toUtc({ from: new Date("2018-06-01") })).toEqual({
      expressions: null,
      reason: "clocks in America/Sao_Paulo change (next on 2018-11-04), and UTC's do not",
    });
  });

  it("gives the same on every day where clocks never change", () => {
    const schedule = Schedule.cron("0 8 31 * ? *", { timezone: "Asia/Seoul" });
    const later = schedule.toUtc({ from: new Date("2031-05-05T05:05:05Z") });
    expect(schedule.toUtc({ from })).toEqual(later);
  });
});

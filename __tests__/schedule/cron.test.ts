import { describe, expect, it } from "@jest/globals";
import { Schedule } from "../../schedule";
import { problemOf } from "./problem-of";

const from = new Date("2026-11-22T00:00:00Z");

function next(fields: string, count = 3): string[] {
  return Schedule.cron(fields)
    .next({ from, count })
    .map((date) => date.toISOString().slice(0, 16));
}

describe("a cron expression fires", () => {
  it.each([
    [
      "at a time on days of the week",
      "0 20 ? * MON-FRI *",
      ["2026-11-23T20:00", "2026-11-24T20:00", "2026-11-25T20:00"],
    ],
    [
      "on numbered days of the week, 1 being Sunday",
      "0 20 ? * 1,7 *",
      ["2026-11-22T20:00", "2026-11-28T20:00", "2026-11-29T20:00"],
    ],
    [
      "on steps from a minute",
      "10/25 0 * * ? *",
      ["2026-11-22T00:10", "2026-11-22T00:35", "2026-11-23T00:10"],
    ],
    [
      "on steps through all values",
      "*/30 * * * ? *",
      ["2026-11-22T00:00", "2026-11-22T00:30", "2026-11-22T01:00"],
    ],
    [
      "on steps within a range",
      "0 8-12/2 * * ? *",
      ["2026-11-22T08:00", "2026-11-22T10:00", "2026-11-22T12:00"],
    ],
    ["on steps of months", "0 0 1 2/5 ? *", ["2026-12-01T00:00", "2027-02-01T00:00", "2027-07-01T00:00"]],
    [
      "on lists of months by name",
      "0 0 1 JAN,MAR ? *",
      ["2027-01-01T00:00", "2027-03-01T00:00", "2028-01-01T00:00"],
    ],
    [
      "on the last day of the month",
      "0 9 L * ? *",
      ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-31T09:00"],
    ],
    ["on the last day of a leap February", "0 9 L 2 ? 2028", ["2028-02-29T09:00"]],
    [
      "on the weekday nearest a Sunday",
      "0 9 15W * ? *",
      ["2026-12-15T09:00", "2027-01-15T09:00", "2027-02-15T09:00"],
    ],
    [
      "on Monday the 3rd where the 1st is a Saturday",
      "0 9 1W 5 ? *",
      ["2027-05-03T09:00", "2028-05-01T09:00", "2029-05-01T09:00"],
    ],
    [
      "on Friday where the last day of the month is a Sunday",
      "0 9 31W 1,10 ? *",
      ["2027-01-29T09:00", "2027-10-29T09:00", "2028-01-31T09:00"],
    ],
    [
      "on the nearest weekday in the months that have the date",
      "0 9 31W * ? *",
      ["2026-12-31T09:00", "2027-01-29T09:00", "2027-03-31T09:00"],
    ],
    [
      "on the last Friday of the month, by number",
      "0 9 ? * 6L *",
      ["2026-11-27T09:00", "2026-12-25T09:00", "2027-01-29T09:00"],
    ],
    [
      "on the last Friday of the month, by name",
      "0 9 ? * FRIL *",
      ["2026-11-27T09:00", "2026-12-25T09:00", "2027-01-29T09:00"],
    ],
    [
      "on the first Monday of the month",
      "0 9 ? * 2#1 *",
      ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"],
    ],
    [
      "on the first Monday of the month, by name",
      "0 9 ? * MON#1 *",
      ["2026-12-07T09:00", "2027-01-04T09:00", "2027-02-01T09:00"],
    ],
    [
      "in months with a fifth Friday only",
      "0 9 ? * 6#5 *",
      ["2027-01-29T09:00", "2027-04-30T09:00", "2027-07-30T09:00"],
    ],
    [
      "on the last day of the week, which is Saturday",
      "0 9 ? * L *",
      ["2026-11-28T09:00", "2026-12-05T09:00", "2026-12-12T09:00"],
    ],
    ["in the years named", "0 0 1 1 ? 2027-2029/2", ["2027-01-01T00:00", "2029-01-01T00:00"]],
    [
      "with two-digit numbers",
      "00 08 01 01 ? *",
      ["2027-01-01T08:00", "2028-01-01T08:00", "2029-01-01T08:00"],
    ],
    ["on no date before the first of its years", "0 0 1 1 ? 2199", ["2199-01-01T00:00"]],
    ["never again once its years are over", "0 0 1 1 ? 2020", []],
  ])("%s", (_, fields, expected) => {
    expect(next(fields)).toEqual(expected);
  });

  it("only on 29 February for a rare one", () => {
    expect(next("0 0 29 2 ? *")).toEqual(["2028-02-29T00:00", "2032-02-29T00:00", "2036-02-29T00:00"]);
    expect(next("0 0 29 2 ? 2097-2107")).toEqual(["2104-02-29T00:00"]);
  });
});

describe("names in any case", () => {
  it.each([
    ["0 20 ? * mon-fri *", "0 20 ? * MON-FRI *"],
    ["0 20 ? * Mon-Fri *", "0 20 ? * MON-FRI *"],
    ["0 20 ? aug,Dec sAt,sun *", "0 20 ? AUG,DEC SAT,SUN *"],
    ["0 20 1 jan-mar ? *", "0 20 1 JAN-MAR ? *"],
    ["0 20 ? * fril *", "0 20 ? * FRIL *"],
    ["0 20 ? * mon#1 *", "0 20 ? * MON#1 *"],
    ["0 20 ? * l *", "0 20 ? * L *"],
    ["0 20 l * ? *", "0 20 L * ? *"],
    ["0 20 15w * ? *", "0 20 15W * ? *"],
  ])("cron(%s) is cron(%s)", (written, capitals) => {
    const [schedule, expected] = [Schedule.cron(written), Schedule.cron(capitals)];
    expect(schedule.expression).toBe(`cron(${written})`);
    expect(schedule.toUtc()).toEqual({ expressions: [`cron(${written})`] });
    expect(schedule.describe()).toBe(expected.describe());
    expect(schedule.isWeekly).toBe(expected.isWeekly);
    expect(next(written, 20)).toEqual(next(capitals, 20));
  });

  it("convert to UTC as their capitals do, and stay as written where the days do", () => {
    const utc = (fields: string) => Schedule.cron(fields, { timezone: "Asia/Seoul" }).toUtc();
    expect(utc("0 8 ? * mon-fri *")).toEqual({ expressions: ["cron(0 23 ? * SUN-THU *)"] });
    expect(utc("0 20 ? * Mon-fri *")).toEqual({ expressions: ["cron(0 11 ? * Mon-fri *)"] });
  });
});

describe("fields given one by one", () => {
  it("get * and ? where they are left out", () => {
    expect(Schedule.cron({ minutes: 0, hours: 20 }).expression).toBe("cron(0 20 * * ? *)");
    expect(Schedule.cron({ minutes: 0, hours: 20, dayOfWeek: "MON-FRI" }).expression).toBe(
      "cron(0 20 ? * MON-FRI *)",
    );
    expect(
      Schedule.cron({ minutes: "0/5", hours: 8, dayOfMonth: "L", month: "JUN", year: 2027 }).expression,
    ).toBe("cron(0/5 8 L JUN ? 2027)");
  });

  it("are checked like a text", () => {
    expect(problemOf(() => Schedule.cron({ minutes: 60, hours: 0 }))).toBe(
      'minutes: expected 0-59 with , - * /, got "60"',
    );
  });
});

describe("a cron expression is refused, naming the field, the token and what is allowed, for", () => {
  it.each([
    [
      "a name with a typo",
      "0 11 ? * MON-FRIN *",
      'day-of-week: expected 1-7 (1 is SUN) or SUN-SAT with , - *, or ?, L, a last day such as 6L, or an nth day such as 2#1, got "MON-FRIN" (did you mean MON-FRI?)',
    ],
    [
      "names in full",
      "0 11 ? JANUARY MON *",
      'month: expected 1-12 or JAN-DEC with , - * /, got "JANUARY" (did you mean JAN?)',
    ],
    ["a minute that is too large", "71 * * * ? *", 'minutes: expected 0-59 with , - * /, got "71"'],
    ["one wrong value in a list", "0,15,75 * * * ? *", 'minutes: expected 0-59 with , - * /, got "75"'],
    ["an hour of 24", "0 24 * * ? *", 'hours: expected 0-23 with , - * /, got "24"'],
    [
      "a step of the whole range",
      "*/60 * * * ? *",
      'minutes: expected 0-59 with , - * /, got "*/60" (a step is 1 to 59)',
    ],
    ["a step of zero", "0 */0 * * ? *", 'hours: expected 0-23 with , - * /, got "*/0" (a step is 1 to 23)'],
    ["two steps", "0/5/5 * * * ? *", 'minutes: expected 0-59 with , - * /, got "0/5/5"'],
    [
      "a step of days of the week",
      "0 0 ? * 2/2 *",
      'got "2/2" (AWS takes no / in day-of-week: list the values)',
    ],
    [
      "a step after a name",
      "0 0 1 MAR/4 ? *",
      'month: expected 1-12 or JAN-DEC with , - * /, got "MAR/4" (write 3/4)',
    ],
    [
      "a range that wraps, of days",
      "0 0 ? * FRI-MON *",
      'got "FRI-MON" (ranges must not wrap: write FRI,SAT,SUN,MON)',
    ],
    ["a range that wraps, of hours", "0 22-2 * * ? *", 'got "22-2" (ranges must not wrap: write 22-23,0-2)'],
    ["a range of a name and a number", "0 0 ? * MON-6 *", 'got "MON-6" (write both ends as numbers: 2-6)'],
    ["a year before 1970", "0 0 1 1 ? 1969", 'year: expected 1970-2199 with , - * /, got "1969"'],
    ["years in the wrong order", "0 0 1 1 ? 2030-2027", 'got "2030-2027" (the first year is after the last)'],
    ["the day of the week 0", "0 0 ? * 0 *", 'got "0"'],
    ["an eighth day of the week", "0 0 ? * 8#2 *", 'got "8#2"'],
    ["a sixth week", "0 0 ? * 2#6 *", 'got "2#6"'],
    ["two nth days", "0 0 ? * 2#1,3#2 *", 'got "2#1,3#2" (L and # must stand alone, not in a list)'],
    ["LW", "0 0 LW * ? *", 'got "LW" (AWS documents L and 15W only, not LW or L-3)'],
    ["L-3", "0 0 L-3 * ? *", 'got "L-3" (AWS documents L and 15W only, not LW or L-3)'],
    [
      "L in a list of dates",
      "0 0 1,L * ? *",
      'day-of-month: expected 1-31 with , - * /, or ?, L, or a day with W such as 15W, got "1,L" (L and W must stand alone, not in a list)',
    ],
    ["a nearest weekday in a month without the date", "0 0 31W 4 ? *", "(no date fits"],
    ["a name in full in small letters", "0 11 ? * monday *", 'got "monday" (did you mean MON?)'],
    ["a step after a name in small letters", "0 0 1 mar/4 ? *", 'got "mar/4" (write 3/4)'],
    [
      "a range that wraps, in small letters",
      "0 0 ? * fri-Mon *",
      "(ranges must not wrap: write FRI,SAT,SUN,MON)",
    ],
    ["letters with a capital in ASCII", "0 0 ? * fr\u0131 *", 'got "fr\u0131"'],
    ["a last day of the week in a list, in small letters", "0 0 ? * fril,2 *", "(L and # must stand alone"],
    [
      "neither day field being ?",
      "0 0 * * * *",
      'day-of-month and day-of-week: expected exactly one of them to be ?, got "*" and "*" (AWS takes days by month or by week, not both)',
    ],
    ["both day fields being ?", "0 0 ? * ? *", 'got "?" and "?" (write * in one of them for every day)'],
    ["? in another field", "? 0 * * ? *", 'minutes: expected 0-59 with , - * /, got "?"'],
    ["* in a list", "0,* 0 * * ? *", 'got "*" (write * alone, not in a list)'],
    ["an empty part", "0, 0 * * ? *", 'minutes: expected 0-59 with , - * /, got ""'],
    ["signs", "+5 0 * * ? *", 'got "+5"'],
    [
      "five fields",
      "0 20 * * MON-FRI",
      'cron: expected six fields: minutes hours day-of-month month day-of-week year, one space between them, got "0 20 * * MON-FRI" (these are five fields; AWS wants the year too, * for every year)',
    ],
    ["seven fields", "0 0 20 ? * MON-FRI *", "(these are 7 fields)"],
    ["no fields", "", "(these are 0 fields)"],
    ["two spaces", "0  20 ? * MON-FRI *", "(remove the extra white space)"],
    ["a tab", "0\t20 ? * MON-FRI *", "(remove the extra white space)"],
    [
      "a date that no month has",
      "0 0 31 2 ? *",
      'cron: expected at least one firing, got "0 0 31 2 ? *" (no date fits its day-of-month, month, day-of-week and year)',
    ],
    [
      "29 February in a common year",
      "0 0 29 2 ? 2027",
      "(no date fits its day-of-month, month, day-of-week and year)",
    ],
    ["29 February 2100", "0 0 29 2 ? 2100", "(no date fits"],
    ["a fifth Monday in a common February", "0 0 ? 2 2#5 2027", "(no date fits"],
    ["letters that only look right", "0 0 ? * \u041cON *", 'got "\u041cON"'],
    ["hidden characters", "0 0 ? * \u202eMON *", 'got "\\u202eMON"'],
  ])("%s", (_, fields, message) => {
    expect(problemOf(() => Schedule.cron(fields))).toContain(message);
  });
});

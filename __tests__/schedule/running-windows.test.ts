import { describe, expect, it } from "@jest/globals";
import { runningWindows, WorkingWindow } from "../../schedule";
import { problemOf } from "./problem-of";

function schedules(running: string | string[]): string[] {
  return runningWindows(running).schedules.map(
    ({ suffix, expression, dayOffset }) =>
      `${suffix} ${expression}${dayOffset === 0 ? "" : ` +${dayOffset}`}`,
  );
}

describe("running windows become a start and a stop schedule", () => {
  it.each<[string, string | string[], string[]]>([
    [
      "for one window",
      "MON-FRI 08:00-20:00",
      ["start cron(0 8 ? * MON-FRI *)", "stop cron(0 20 ? * MON-FRI *)"],
    ],
    [
      "for single days",
      "MON,WED 08:30-12:15",
      ["start cron(30 8 ? * MON,WED *)", "stop cron(15 12 ? * MON,WED *)"],
    ],
    ["for every day", "daily 08:00-20:00", ["start cron(0 8 * * ? *)", "stop cron(0 20 * * ? *)"]],
    [
      "over night, stopping on the next day",
      "SUN-THU 22:00-06:00",
      ["start cron(0 22 ? * SUN-THU *)", "stop cron(0 6 ? * MON-FRI *) +1"],
    ],
    ["over every night", "daily 20:00-08:00", ["start cron(0 20 * * ? *)", "stop cron(0 8 * * ? *) +1"]],
    ["until midnight", "SAT 08:00-24:00", ["start cron(0 8 ? * SAT *)", "stop cron(0 0 ? * SUN *) +1"]],
    [
      "for days that wrap round the week, without a range that wraps",
      "FRI-MON 08:00-20:00",
      ["start cron(0 8 ? * SUN,MON,FRI,SAT *)", "stop cron(0 20 ? * SUN,MON,FRI,SAT *)"],
    ],
    [
      "each, for several windows",
      ["SAT,SUN 10:00-16:00", "MON-FRI 08:00-20:00"],
      [
        "start-mon-fri cron(0 8 ? * MON-FRI *)",
        "stop-mon-fri cron(0 20 ? * MON-FRI *)",
        "start-sat-sun cron(0 10 ? * SUN,SAT *)",
        "stop-sat-sun cron(0 16 ? * SUN,SAT *)",
      ],
    ],
    [
      "named by time too, where windows share their days",
      ["MON-FRI 13:00-18:00", "MON-FRI 08:00-12:00"],
      [
        "start-mon-fri-0800 cron(0 8 ? * MON-FRI *)",
        "stop-mon-fri-0800 cron(0 12 ? * MON-FRI *)",
        "start-mon-fri-1300 cron(0 13 ? * MON-FRI *)",
        "stop-mon-fri-1300 cron(0 18 ? * MON-FRI *)",
      ],
    ],
    [
      "with names that distinguish two days from three",
      ["MON,WED 08:00-12:00", "MON-WED 13:00-14:00"],
      [
        "start-mon_wed cron(0 8 ? * MON,WED *)",
        "stop-mon_wed cron(0 12 ? * MON,WED *)",
        "start-mon-wed cron(0 13 ? * MON-WED *)",
        "stop-mon-wed cron(0 14 ? * MON-WED *)",
      ],
    ],
  ])("%s", (_, running, expected) => {
    expect(schedules(running)).toEqual(expected);
  });
});

describe("windows that overlap or adjoin are one", () => {
  it.each<[string, string[], string]>([
    ["adjoining", ["MON-FRI 08:00-12:00", "MON-FRI 12:00-18:00"], "MON-FRI 08:00-18:00"],
    ["overlapping", ["MON-FRI 12:00-18:00", "MON-FRI 08:00-13:00"], "MON-FRI 08:00-18:00"],
    ["one within the other", ["MON-FRI 08:00-18:00", "WED 10:00-11:00"], "MON-FRI 08:00-18:00"],
    ["the same twice", ["MON-FRI 08:00-18:00", "MON-FRI 08:00-18:00"], "MON-FRI 08:00-18:00"],
    ["the same on other days", ["MON-WED 08:00-18:00", "THU,FRI 08:00-18:00"], "MON-FRI 08:00-18:00"],
    ["over midnight", ["MON-THU 20:00-24:00", "TUE-FRI 00:00-04:00"], "MON-THU 20:00-04:00"],
    ["over several days", ["MON-FRI 00:00-24:00"], "MON 00:00 for 120 h"],
    [
      "over the end of the week",
      ["SAT 12:00-24:00", "SUN 00:00-24:00", "MON 00:00-08:30"],
      "SAT 12:00 for 44 h 30 min",
    ],
    [
      "over a night, on one day longer",
      ["MON-FRI 08:00-24:00", "TUE 00:00-06:00"],
      "MON 08:00-06:00; TUE-FRI 08:00-24:00",
    ],
  ])("%s", (_, running, expected) => {
    expect(runningWindows(running).windows.join("; ")).toBe(expected);
  });

  it("with a stop whose distance from the window's own day is known", () => {
    expect(schedules(["SAT 00:00-24:00", "SUN 00:00-24:00"])).toEqual([
      "start cron(0 0 ? * SAT *)",
      "stop cron(0 0 ? * MON *) +2",
    ]);
  });
});

describe("running windows are refused", () => {
  it.each<[string, string | string[], string]>([
    [
      "without time to stop",
      "daily 00:00-24:00",
      "running: expected windows that leave some time to stop, got windows that together cover all 168 hours of the week (targets that always run need no schedule)",
    ],
    [
      "without time to stop, put together",
      ["MON-FRI 00:00-24:00", "FRI 12:00-12:01", "SAT 00:00-24:00", "SUN 00:00-24:00"],
      "cover all 168 hours",
    ],
    ["without time to stop, over night", ["daily 20:00-08:00", "daily 08:00-20:00"], "cover all 168 hours"],
    [
      "without an end",
      "MON-FRI 08:00",
      'running: expected DAYS HH:MM-HH:MM, such as MON-FRI 08:00-20:00, got "MON-FRI 08:00"',
    ],
    ["without days", "08:00-20:00", "expected DAYS HH:MM-HH:MM"],
    [
      "with an end equal to the start",
      "MON 08:00-08:00",
      'running: expected an end that differs from the start, got "MON 08:00-08:00" (a whole day is 00:00-24:00)',
    ],
    ["with 24:00 as a start", "MON 24:00-06:00", 'running: expected a time from 00:00 to 23:59, got "24:00"'],
    [
      "with a time after 24:00",
      "MON 08:00-24:01",
      'running: expected a time from 00:00 to 24:00, got "24:01"',
    ],
    ["with a tilde between times", "MON-FRI 08:00~20:00", "(did you mean MON-FRI 08:00-20:00?)"],
    ["with tildes", "MON~FRI 08:00 ~ 20:00", "(did you mean MON-FRI 08:00-20:00?)"],
    ["with full-width signs", "MON～FRI ０８：００－２０：００", "(did you mean MON-FRI 08:00-20:00?)"],
    ["with dashes", "MON–FRI 08:00—20:00", "(did you mean MON-FRI 08:00-20:00?)"],
    ["with spaces", " MON-FRI  08:00 - 20:00", "(did you mean MON-FRI 08:00-20:00?)"],
    ["with one digit for the hour", "MON 8:00-20:00", '"8:00" (did you mean 08:00?)'],
    [
      "with days in small letters",
      "mon-fri 08:00-20:00",
      'running: expected days as MON-FRI, FRI-MON, MON,WED or daily, got "mon-fri" (did you mean MON-FRI?)',
    ],
    ["with days in full", "MONDAY 08:00-20:00", '"MONDAY" (did you mean MON?)'],
    ["with a typo", "MON-FRIN 08:00-20:00", '"MON-FRIN" (did you mean MON-FRI?)'],
    ["with numbers as days", "2-6 08:00-20:00", 'got "2-6"'],
    ["with an empty day", "MON, 08:00-20:00", 'got ""'],
    ["with two spaces", "MON  08:00-20:00", "expected DAYS HH:MM-HH:MM"],
    ["as an empty list", [], "running: expected 1 to 50 windows, got 0"],
    [
      "as a very long list",
      Array.from({ length: 100_000 }, () => "MON 08:00-20:00"),
      "expected 1 to 50 windows, got 100000",
    ],
    ["as megabytes", "MON ".repeat(1_000_000), "expected DAYS HH:MM-HH:MM"],
  ])("%s", (_, running, message) => {
    expect(problemOf(() => runningWindows(running))).toContain(message);
  });
});

describe("a working window", () => {
  it("knows its days from Monday on, its times and its length", () => {
    const window = WorkingWindow.parse("FRI-MON 22:30-06:00");
    expect(window.days).toEqual(["MON", "FRI", "SAT", "SUN"]);
    expect(window).toMatchObject({ start: "22:30", end: "06:00", lengthMinutes: 450, endDayOffset: 1 });
    expect(String(window)).toBe("FRI-MON 22:30-06:00");
  });

  it.each([
    "MON-FRI 08:00-20:00",
    "MON,WED 08:00-24:00",
    "daily 20:00-08:00",
    "SAT 00:00-24:00",
    "TUE,FRI-SUN 07:00-07:01",
  ])("reads what it prints: %s", (text) => {
    expect(String(WorkingWindow.parse(text))).toBe(text);
  });
});

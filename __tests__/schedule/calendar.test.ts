import { describe, expect, it } from "@jest/globals";
import {
  calendarDates,
  calendarWarnings,
  countryHolidays,
  icsHolidays,
  isHoliday,
  ScheduleError,
} from "../../schedule";
import { problemOf } from "./problem-of";

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((reason: unknown) => reason);
  if (error instanceof ScheduleError) return error.message;
  throw new Error(`expected a ScheduleError, got ${error}`);
}

describe("calendarDates", () => {
  it("gives each date once, in order, without the workdays", () => {
    const holidays = ["2027-02-08", "2027-01-01", "2027-02-08", "2027-05-05"];
    expect(calendarDates({ holidays, workdays: ["2027-05-05", "2027-12-31"] })).toEqual([
      "2027-01-01",
      "2027-02-08",
    ]);
  });

  it("refuses a date that is none", () => {
    expect(problemOf(() => calendarDates({ holidays: ["2027-02-29"] }))).toBe(
      'holidays: expected a date as yyyy-mm-dd, years 1970 to 2199, got "2027-02-29" (there is no such date)',
    );
    expect(problemOf(() => calendarDates({ holidays: [], workdays: ["1.5.2027"] }))).toBe(
      'workdays: expected a date as yyyy-mm-dd, years 1970 to 2199, got "1.5.2027"',
    );
    expect(
      problemOf(() => calendarDates({ holidays: Array.from({ length: 6_000 }, () => "2027-01-01") })),
    ).toBe("holidays: expected at most 5000 dates, got 6000");
  });
});

describe("isHoliday", () => {
  it("goes by the date in the zone", () => {
    const instant = new Date("2026-12-31T23:00:00Z");
    expect(isHoliday(instant, "Asia/Seoul", ["2027-01-01"])).toBe(true);
    expect(isHoliday(instant, "UTC", ["2027-01-01"])).toBe(false);
    expect(isHoliday(instant, "America/New_York", ["2026-12-31"])).toBe(true);
  });
});

describe("calendarWarnings", () => {
  const now = new Date("2026-11-22T20:00:00Z");

  it("say that a calendar's last date is near, or past", () => {
    expect(calendarWarnings(["2027-01-21", "2026-12-25"], now)).toEqual([
      { kind: "ends-soon", message: "its last date is 2027-01-21, 60 days from 2026-11-22" },
    ]);
    expect(calendarWarnings(["2026-10-03", "2026-11-21"], now)).toEqual([
      { kind: "ended", message: "its last date was 2026-11-21: no coming holiday is known" },
    ]);
  });

  it("count from today's date in the zone", () => {
    expect(calendarWarnings(["2026-11-22"], now)).toMatchObject([{ kind: "ends-soon" }]);
    expect(calendarWarnings(["2026-11-22"], now, "Asia/Seoul")).toMatchObject([{ kind: "ended" }]);
  });

  it("are none for a calendar that goes on, and for one that is empty", () => {
    expect(calendarWarnings(["2027-01-22"], now)).toEqual([]);
    expect(calendarWarnings([], now)).toEqual([]);
  });
});

describe("countryHolidays", () => {
  it("knows a country's public holidays, with holidays of several days and their substitutes", async () => {
    const dates = await countryHolidays({ country: "KR", years: [2027] });
    expect(dates).toEqual(
      expect.arrayContaining(["2027-01-01", "2027-02-07", "2027-02-08", "2027-02-09", "2027-12-25"]),
    );
    expect(dates).toEqual([...dates].sort());
    expect(dates.every((date) => date.startsWith("2027-"))).toBe(true);
  });

  it("knows those of a part of a country", async () => {
    const all = await countryHolidays({ country: "DE", years: [2027] });
    const bavaria = await countryHolidays({ country: "DE", state: "BY", years: [2027] });
    expect(all).not.toContain("2027-01-06");
    expect(bavaria).toContain("2027-01-06");
  });

  it("takes days that begin at sunset by their date, and leaves half days out", async () => {
    expect(await countryHolidays({ country: "IL", years: [2027] })).toContain("2027-10-11");
    expect(await countryHolidays({ country: "CN", years: [2027] })).not.toContain("2027-03-08");
  });

  it("covers the years asked for", async () => {
    const dates = await countryHolidays({ country: "US", years: [2026, 2028] });
    expect(new Set(dates.map((date) => date.slice(0, 4)))).toEqual(new Set(["2026", "2028"]));
  });

  it("refuses places and years that it does not know", async () => {
    expect(await refusal(countryHolidays({ country: "kr", years: [2027] }))).toBe(
      'country: expected a country code that date-holidays knows, such as KR, got "kr" (did you mean KR?)',
    );
    for (const [written, meant] of [
      ["KOR", "KR"],
      ["USA", "US"],
      ["South Korea", "KR"],
      ["Germany", "DE"],
    ] as const) {
      expect(await refusal(countryHolidays({ country: written, years: [2027] }))).toContain(
        `"${written}" (did you mean ${meant}?)`,
      );
    }
    expect(await refusal(countryHolidays({ country: "DE", state: "XX", years: [2027] }))).toMatch(
      /^state: expected a code such as BB, BE, .* got "XX"/,
    );
    expect(await refusal(countryHolidays({ country: "KR", state: "11", years: [2027] }))).toBe(
      'state: expected no state, since none is known there, got "11"',
    );
    expect(await refusal(countryHolidays({ country: "__proto__", years: [2027] }))).toMatch(
      /^country: expected/,
    );
    expect(await refusal(countryHolidays({ country: "KR", years: [] }))).toBe(
      "years: expected 1 to 20 years, got 0",
    );
    expect(await refusal(countryHolidays({ country: "KR", years: [27] }))).toBe(
      "years: expected years from 1970 to 2199, got 27",
    );
  });
});

function ics(...events: string[][]): string {
  const lines = events.flatMap((event, index) => [
    "BEGIN:VEVENT",
    ...(event.some((line) => line.startsWith("UID")) ? [] : [`UID:${index}`]),
    ...event,
    "END:VEVENT",
  ]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

describe("icsHolidays", () => {
  it("takes all-day events, each of their days", async () => {
    const text = ics(
      ["SUMMARY:New Year", "DTSTART;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20270102"],
      ["SUMMARY:Seollal", "DTSTART;VALUE=DATE:20270206", "DTEND;VALUE=DATE:20270210"],
      ["SUMMARY:No end", "DTSTART;VALUE=DATE:20270301"],
      ["SUMMARY:By duration", "DTSTART;VALUE=DATE:20270505", "DURATION:P2D"],
    );
    expect(await icsHolidays(text)).toEqual(
      "2027-01-01 2027-02-06 2027-02-07 2027-02-08 2027-02-09 2027-03-01 2027-05-05 2027-05-06".split(" "),
    );
  });

  it("leaves out events with a time and cancelled ones", async () => {
    const text = ics(
      ["SUMMARY:Meeting", "DTSTART:20270104T090000Z", "DTEND:20270104T100000Z"],
      ["SUMMARY:Called off", "STATUS:CANCELLED", "DTSTART;VALUE=DATE:20270105"],
      ["SUMMARY:Day off", "DTSTART;VALUE=DATE:20270106"],
    );
    expect(await icsHolidays(text)).toEqual(["2027-01-06"]);
  });

  it("takes events that recur, with their exceptions, in the years asked for", async () => {
    const text = ics(
      [
        "UID:a",
        "SUMMARY:Foundation day",
        "DTSTART;VALUE=DATE:20200603",
        "RRULE:FREQ=YEARLY",
        "EXDATE;VALUE=DATE:20270603",
      ],
      [
        "UID:a",
        "SUMMARY:Moved",
        "RECURRENCE-ID;VALUE=DATE:20280603",
        "DTSTART;VALUE=DATE:20280605",
        "DTEND;VALUE=DATE:20280606",
      ],
      ["UID:b", "SUMMARY:Twice", "DTSTART;VALUE=DATE:20270701", "RRULE:FREQ=MONTHLY;COUNT=2"],
    );
    expect(await icsHolidays(text, { years: [2026, 2027, 2028] })).toEqual([
      "2026-06-03",
      "2027-07-01",
      "2027-08-01",
      "2028-06-05",
    ]);
    expect(await refusal(icsHolidays(text))).toBe(
      'ics: expected years, since an event recurs without an end, got "Foundation day"',
    );
  });

  it("refuses what is no calendar, has no all-day event, or goes on without measure", async () => {
    expect(await refusal(icsHolidays("BEGIN:NOTHING"))).toMatch(/^ics: expected an iCalendar file, got "/);
    expect(await refusal(icsHolidays("no calendar at all"))).toMatch(
      /^ics: expected an iCalendar file, got "/,
    );
    expect(await refusal(icsHolidays(""))).toMatch(/^ics: expected/);
    expect(await refusal(icsHolidays(ics()))).toBe("ics: expected at least one all-day event, got none");
    expect(await refusal(icsHolidays("x".repeat(5_000_001)))).toBe(
      "ics: expected at most 5 MB, got 5000001 characters",
    );
    const endless = ics(["SUMMARY:Always", "DTSTART;VALUE=DATE:19700101", "DTEND;VALUE=DATE:21990101"]);
    expect(await refusal(icsHolidays(endless))).toBe("ics: expected at most 5000 dates, got more");
    const daily = ics(["SUMMARY:Daily", "DTSTART;VALUE=DATE:19700101", "RRULE:FREQ=DAILY;UNTIL=21990101"]);
    expect(await refusal(icsHolidays(daily, { years: [2198] }))).toBe(
      'ics: expected events with at most 20000 occurrences, got "Daily"',
    );
  });
});

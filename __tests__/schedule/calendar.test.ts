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

  it("say 1 day, not 1 days", () => {
    expect(calendarWarnings(["2026-11-23"], now)).toMatchObject([
      { message: "its last date is 2026-11-23, 1 day from 2026-11-22" },
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
      "ics: expected years, since an event recurs without an end, got event 1 of the file",
    );
  });

  it("refuses what is no calendar, has no all-day event, or has too many dates, without quoting it", async () => {
    for (const text of ["BEGIN:NOTHING", "secret", ""]) {
      expect(await refusal(icsHolidays(text))).toBe(
        "ics: expected an iCalendar file, got a text without BEGIN:VCALENDAR in its first line",
      );
    }
    expect(await refusal(icsHolidays("BEGIN:VCALENDAR\nsecret\nEND:VCALENDAR"))).toBe(
      "ics: expected an iCalendar file, got one that cannot be parsed",
    );
    expect(await refusal(icsHolidays(ics()))).toBe("ics: expected at least one all-day event, got none");
    expect(await refusal(icsHolidays("x".repeat(5_000_001)))).toBe(
      "ics: expected at most 5 MB, got 5000001 characters",
    );
    const long = ics(["SUMMARY:Always", "DTSTART;VALUE=DATE:19700101", "DTEND;VALUE=DATE:21990101"]);
    expect(await refusal(icsHolidays(long))).toBe("ics: expected at most 5000 dates, got more");
    expect(await refusal(icsHolidays(ics(["DTSTART;VALUE=DATE:20270230"])))).toBe(
      "ics: expected dates that exist in dtstart, got another in event 1 of the file",
    );
  });

  it("reads a file that begins with a byte order mark", async () => {
    const text = ics(["DTSTART;VALUE=DATE:20270101"]);
    expect(await icsHolidays(`\ufeff${text}`)).toEqual(["2027-01-01"]);
  });

  it("refuses a rule of exceptions, which would be days of the event", async () => {
    const rules = ["RRULE:FREQ=DAILY;COUNT=5", "EXRULE:FREQ=DAILY;COUNT=2"];
    expect(await refusal(icsHolidays(ics(["DTSTART;VALUE=DATE:20270101", ...rules])))).toBe(
      "ics: expected exceptions by EXDATE (RFC 5545), not by EXRULE, got another in event 1 of the file",
    );
    const timed = ics(["DTSTART:20270101T090000Z", ...rules], ["DTSTART;VALUE=DATE:20270301"]);
    expect(await icsHolidays(timed)).toEqual(["2027-03-01"]);
  });

  it("takes dates of the years asked for from events of any length and age", async () => {
    const long = ics(["DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:99991231"]);
    expect(await icsHolidays(long, { years: [2027] })).toHaveLength(365);
    expect(await icsHolidays(daily("UNTIL=21990101"), { years: [2198] })).toHaveLength(365);
    expect(
      await icsHolidays(ics(["DTSTART;VALUE=DATE:16040229", "RRULE:FREQ=YEARLY"]), { years: [2027, 2028] }),
    ).toEqual(["2028-02-29"]);
    const old = ics(["DTSTART;VALUE=DATE:19001225"], ["DTSTART;VALUE=DATE:20271225"]);
    expect(await icsHolidays(old)).toEqual(["2027-12-25"]);
    const overNewYear = ["DTSTART;VALUE=DATE:20201230", "DTEND;VALUE=DATE:20210103", "RRULE:FREQ=YEARLY"];
    expect(await icsHolidays(ics(overNewYear), { years: [2027] })).toEqual([
      "2027-01-01",
      "2027-01-02",
      "2027-12-30",
      "2027-12-31",
    ]);
  });

  it("takes occurrences that are moved, into the years and out of them, and the ones after them", async () => {
    const rule = ["UID:a", "DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31"];
    const moved = (day: string, to: string, range = "") => [
      "UID:a",
      `RECURRENCE-ID;VALUE=DATE${range}:${day}`,
      `DTSTART;VALUE=DATE:${to}`,
    ];
    const one = ics(rule, moved("20261231", "20270102"), moved("20270131", "20260130"));
    expect((await icsHolidays(one, { years: [2027] })).slice(0, 2)).toEqual(["2027-01-02", "2027-03-31"]);
    const later = ics(rule, moved("20270501", "20270502", ";RANGE=THISANDFUTURE"));
    expect((await icsHolidays(later, { years: [2027] })).slice(0, 4)).toEqual([
      "2027-01-31",
      "2027-03-31",
      "2027-06-01",
      "2027-08-01",
    ]);
    const timed = ics(rule, ["UID:a", "RECURRENCE-ID;VALUE=DATE:20270131", "DTSTART:20270131T090000Z"]);
    expect((await icsHolidays(timed, { years: [2027] }))[0]).toBe("2027-03-31");
  });

  it("takes the start and the extra dates of an event without a rule", async () => {
    const text = ics([
      "DTSTART;VALUE=DATE:20270101",
      "RDATE;VALUE=DATE:20270301,20270201",
      "RDATE;VALUE=PERIOD:20270401T000000Z/P1D",
      "EXDATE:20270201T000000Z",
    ]);
    expect(await icsHolidays(text)).toEqual(["2027-01-01", "2027-03-01", "2027-04-01"]);
  });
});

// The examples of RFC 5545, 3.8.5.3, that all-day events can have: start, rule, and the first dates.
describe("a rule recurs as in RFC 5545", () => {
  it.each([
    ["19970902", "FREQ=DAILY;COUNT=3", "1997-09-02 1997-09-03 1997-09-04"],
    ["19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12"],
    ["19980101", "FREQ=DAILY;UNTIL=20000131;BYMONTH=1", "1998-01-01 1998-01-02 1998-01-03"],
    ["19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3", "1997-09-02 1997-09-16 1997-09-30"],
    ["19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02 1997-09-04 1997-09-16"],
    [
      "19970805",
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
      "1997-08-05 1997-08-10 1997-08-19 1997-08-24",
    ],
    [
      "19970805",
      "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
      "1997-08-05 1997-08-17 1997-08-19 1997-08-31",
    ],
    ["19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05 1997-10-03 1997-11-07"],
    [
      "19970907",
      "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
      "1997-09-07 1997-09-28 1997-11-02 1997-11-30",
    ],
    ["19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22 1997-10-20 1997-11-17"],
    ["19970928", "FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=6", "1997-09-28 1997-10-29 1997-11-28"],
    ["19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30 1997-10-01 1997-10-31 1997-11-01"],
    [
      "19970910",
      "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12",
      "1997-09-10 1997-09-11 1997-09-12 1999-03-10",
    ],
    ["19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1997-06-10 1997-07-10 1998-06-10"],
    ["19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", "1997-03-10 1999-01-10 1999-02-10"],
    [
      "19970101",
      "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
      "1997-01-01 1997-04-10 1997-07-19 2000-01-01 2000-04-09",
    ],
    ["19970519", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19 1998-05-18 1999-05-17"],
    ["19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "1997-05-12 1998-05-11 1999-05-17"],
    ["19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH;COUNT=9", "1997-03-13 1997-03-20 1997-03-27 1998-03-05"],
    [
      "19980213",
      "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=5",
      "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13",
    ],
    [
      "19961105",
      "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;COUNT=3",
      "1996-11-05 2000-11-07 2004-11-02",
    ],
    ["19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04 1997-10-07 1997-11-06"],
    [
      "19970929",
      "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4",
      "1997-09-29 1997-10-30 1997-11-27 1997-12-30",
    ],
    [
      "20070115",
      "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
      "2007-01-15 2007-01-30 2007-02-15 2007-03-15 2007-03-30",
    ],
  ])("%s %s", async (start, rule, first) => {
    const dates = await icsHolidays(ics([`DTSTART;VALUE=DATE:${start}`, `RRULE:${rule}`]));
    const expected = first.split(" ");
    expect(dates.slice(0, expected.length)).toEqual(expected);
  });
});

function daily(parts: string): string {
  return ics(["DTSTART;VALUE=DATE:19700101", `RRULE:FREQ=DAILY;${parts}`]);
}

// Each of these once ran for minutes, or ended in an error of another kind.
describe("icsHolidays answers within seconds", () => {
  const years = { years: [2026, 2027] };
  const many = (count: number, ...lines: string[]) =>
    ics(...Array.from({ length: count }, (_, index) => [`UID:u${index}`, ...lines]));
  const start = "DTSTART;VALUE=DATE:20200101";
  const cases: [string, () => string, string | number][] = [
    ["a date that never comes", () => daily("BYMONTH=2;BYMONTHDAY=30"), 0],
    ["a date that never comes, counted", () => daily("BYMONTH=2;BYMONTHDAY=30;COUNT=3"), 0],
    [
      "every second",
      () => ics([start, "RRULE:FREQ=SECONDLY"]),
      "ics: expected an RRULE of days, weeks, months or years",
    ],
    [
      "every second, counted",
      () => ics([start, "RRULE:FREQ=SECONDLY;COUNT=9"]),
      "ics: expected an RRULE of days",
    ],
    ["every minute", () => ics([start, "RRULE:FREQ=MINUTELY"]), "ics: expected an RRULE of days"],
    ["every hour", () => ics([start, "RRULE:FREQ=HOURLY;INTERVAL=24"]), "ics: expected an RRULE of days"],
    [
      "another calendar",
      () => ics([start, "RRULE:RSCALE=CHINESE;FREQ=YEARLY"]),
      "ics: expected an RRULE of days",
    ],
    ["an interval without end", () => ics([start, "RRULE:FREQ=DAILY;INTERVAL=99999999999"]), 0],
    ["an interval without end, of years", () => ics([start, "RRULE:FREQ=YEARLY;INTERVAL=99999999999"]), 0],
    ["a count without end", () => ics([start, "RRULE:FREQ=DAILY;COUNT=99999999999"]), 730],
    ["a rule from year 1", () => ics(["DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY;COUNT=9999999"]), 730],
    ["a rule until year 9999", () => ics([start, "RRULE:FREQ=WEEKLY;UNTIL=99991231"]), 104],
    ["a fifth week that never comes", () => ics([start, "RRULE:FREQ=MONTHLY;BYDAY=6MO"]), 0],
    [
      "many events with exceptions",
      () => many(20_000, start, "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20260101"),
      1,
    ],
    [
      "many events with changed occurrences",
      () =>
        ics(
          ...Array.from({ length: 10_000 }, (_, index) => [`UID:u${index}`, start, "RRULE:FREQ=YEARLY"]),
          ...Array.from({ length: 10_000 }, (_, index) => [
            `UID:u${index}`,
            "RECURRENCE-ID;VALUE=DATE:20270101",
            "DTSTART;VALUE=DATE:20270104",
          ]),
        ),
      2,
    ],
    [
      "many daily events",
      () => many(20_000, "DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY;COUNT=99999"),
      "ics: expected fewer events",
    ],
    [
      "many long events",
      () => many(20_000, "DTSTART;VALUE=DATE:20200101", "DTEND;VALUE=DATE:20300101"),
      "ics: expected fewer events",
    ],
    [
      "many yearly events",
      () => many(40_000, "DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=YEARLY;BYMONTH=3;COUNT=9999"),
      "ics: expected fewer events",
    ],
    [
      "many days to choose from by position",
      () =>
        many(
          8,
          "DTSTART;VALUE=DATE:00010101",
          "RRULE:FREQ=YEARLY;COUNT=9999;BYSETPOS=1;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        ),
      "ics: expected fewer events",
    ],
    ["a count of none", () => ics([start, "RRULE:FREQ=DAILY;COUNT=0"]), "ics: expected an RRULE of days"],
    ["a count below none", () => ics([start, "RRULE:FREQ=DAILY;COUNT=-1"]), "ics: expected an RRULE of days"],
    [
      "many exceptions",
      () => ics([start, "RRULE:FREQ=DAILY", `EXDATE;VALUE=DATE:${"20270101,".repeat(400_000)}20270102`]),
      728,
    ],
    ["many extra dates", () => ics([start, `RDATE;VALUE=DATE:${"20270101,".repeat(400_000)}20270102`]), 2],
    [
      "many rules",
      () => ics([start, ...Array<string>(100_000).fill("RRULE:FREQ=YEARLY;COUNT=20")]),
      "ics: expected fewer events",
    ],
    [
      "many days of a rule",
      () => ics([start, `RRULE:FREQ=YEARLY;BYMONTHDAY=${"1,".repeat(1_000_000)}2`]),
      48,
    ],
    [
      "many positions",
      () => ics([start, `RRULE:FREQ=YEARLY;BYDAY=MO;BYSETPOS=${"1,".repeat(1_000_000)}2`]),
      4,
    ],
    [
      "many time zones",
      () =>
        ics([start]).replace(
          "BEGIN:VEVENT",
          `${"BEGIN:VTIMEZONE\r\nEND:VTIMEZONE\r\n".repeat(100_000)}BEGIN:VEVENT`,
        ),
      0,
    ],
    [
      "many parameters",
      () => ics([start, `SUMMARY${";X=y".repeat(1_000_000)}:z`]),
      "ics: expected at most 1000 parameters, got more in the property that begins in line 7",
    ],
    [
      "many parameters in folded lines",
      () => ics([start, `SUMMARY;X="a:b"${"\r\n ;X=y".repeat(500_000)}:z`]),
      "ics: expected at most 1000 parameters",
    ],
    ["a line of megabytes", () => ics([start, `SUMMARY:${"x".repeat(4_000_000)}`]), 0],
    [
      "components within components",
      () =>
        ics([
          start,
          ..."BEGIN:X ".repeat(100_000).trim().split(" "),
          ..."END:X ".repeat(100_000).trim().split(" "),
        ]),
      0,
    ],
  ];
  it.each(cases)("%s", async (_, text, expected) => {
    const content = text();
    const began = process.cpuUsage();
    const answer = await icsHolidays(content, years).then(
      (dates) => dates.length,
      (error: Error) => {
        expect(error).toBeInstanceOf(ScheduleError);
        return error.message;
      },
    );
    // The time of the processor, since other tests run at the same time.
    const seconds = process.cpuUsage(began).user / 1_000_000;
    if (typeof expected === "number") expect(answer).toBe(expected);
    else expect(answer).toContain(expected);
    // About one on a machine that does nothing else, and three beside deployments.
    expect(seconds).toBeLessThan(8);
  });
});

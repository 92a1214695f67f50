import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { ConfigError, parseConfig, readConfig } from "../../config";
import { problemsOf, VALID } from "../support/problems-of";

const ICS = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", "UID:1"];
const FOUNDATION = ["DTSTART;VALUE=DATE:20270701", "DTEND;VALUE=DATE:20270703", "SUMMARY:Foundation"];
const END = ["END:VEVENT", "END:VCALENDAR", ""];

let folder: string;
let config: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "calendars-"));
  config = join(folder, "config.yaml");
  writeFileSync(join(folder, "company.ics"), [...ICS, ...FOUNDATION, ...END].join("\r\n"));
  writeFileSync(
    join(folder, "yearly.ics"),
    [...ICS, ...FOUNDATION, "RRULE:FREQ=YEARLY", ...END].join("\r\n"),
  );
  writeFileSync(join(folder, "words.ics"), "no calendar\n");
  writeFileSync(join(folder, "latin.ics"), Buffer.from([0x42, 0xe4, 0xff]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const withCalendar = (calendar: string) => `${VALID}holidays:\n  kr: ${calendar}\n`;

/** Dates of the calendar in a config file in the folder of the .ics files. */
async function datesOf(calendar: string): Promise<readonly string[] | undefined> {
  return (await parseConfig(withCalendar(calendar), config)).holidays?.["kr"];
}

async function refusalOf(calendar: string): Promise<string[]> {
  try {
    await parseConfig(withCalendar(calendar), config);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.replaceAll(config, "f.yaml").split("\n");
    throw error;
  }
  return [];
}

describe("a calendar", () => {
  it("may be a plain list, which stays as it is written", async () => {
    expect(await datesOf("[2027-03-01, 2027-01-01]")).toEqual(["2027-03-01", "2027-01-01"]);
  });

  it("gives its dates in order, each once, without the workdays", async () => {
    const dates = "[2027-03-01, 2027-01-01, 2027-01-01, 2027-05-05]";
    expect(await datesOf(`{ dates: ${dates}, workdays: [2027-05-05, 2027-12-31] }`)).toEqual([
      "2027-01-01",
      "2027-03-01",
    ]);
  });

  it("reads all-day events from a file relative to the config, not to the working folder", async () => {
    expect(await datesOf("{ ics: company.ics }")).toEqual(["2027-07-01", "2027-07-02"]);
    expect(await datesOf(`{ ics: ${JSON.stringify(join(folder, "company.ics"))} }`)).toHaveLength(2);
    writeFileSync(config, withCalendar("{ ics: ./company.ics }"));
    expect((await readConfig(config)).holidays).toEqual({ kr: ["2027-07-01", "2027-07-02"] });
  });

  it("takes an event that recurs without end in the given years only", async () => {
    expect(await datesOf("{ ics: yearly.ics, years: [2028, 2030] }")).toEqual([
      "2028-07-01",
      "2028-07-02",
      "2030-07-01",
      "2030-07-02",
    ]);
  });

  it("takes the public holidays of a country, or of a part of it, in the given years", async () => {
    const korea = await datesOf("{ country: KR, years: [2027] }");
    expect(korea).toEqual(expect.arrayContaining(["2027-01-01", "2027-02-07", "2027-03-01", "2027-12-25"]));
    expect(korea?.every((date) => date.startsWith("2027-"))).toBe(true);
    const germany = await datesOf("{ country: DE, years: [2027] }");
    const bavaria = await datesOf("{ country: DE, region: BY, years: [2027] }");
    const augsburg = await datesOf("{ country: DE, region: BY-A, years: [2027] }");
    const added = (more: typeof germany, to: typeof germany) => more?.filter((date) => !to?.includes(date));
    expect(added(bavaria, germany)).toEqual(["2027-01-06", "2027-05-27", "2027-11-01"]);
    expect(added(augsburg, bavaria)).toEqual(["2027-08-08", "2027-08-15"]);
  });

  it("combines dates, files and countries", async () => {
    const dates = await datesOf(
      "{ dates: [2027-08-02], ics: company.ics, country: KR, years: [2027], workdays: [2027-05-05, 2027-07-02] }",
    );
    expect(dates).toEqual(expect.arrayContaining(["2027-01-01", "2027-07-01", "2027-08-02"]));
    expect(dates).not.toContain("2027-05-05");
    expect(dates).not.toContain("2027-07-02");
  });
});

describe("a calendar that cannot be looked up", () => {
  it.each([
    ["{ dates: [2027-02-29] }", '.dates[0]`: expected a date that exists, got "2027-02-29"'],
    ["{ dates: [1969-12-31] }", '.dates[0]`: expected a date in the years 1970 to 2199, got "1969-12-31"'],
    ["{ dates: [], workdays: [x] }", '.workdays[0]`: expected a date as `yyyy-mm-dd`, got "x"'],
    ["{ ics: none.ics }", '.ics`: expected an iCalendar file, got "none.ics": no such file'],
    ["{ ics: . }", '.ics`: expected an iCalendar file, got ".": a folder'],
    [
      "{ ics: words.ics }",
      '.ics`: expected an iCalendar file, got "words.ics": a text without BEGIN:VCALENDAR in its first line',
    ],
    ["{ ics: latin.ics }", '.ics`: expected text encoded as UTF-8, got "latin.ics": bytes that are not'],
    [
      "{ ics: yearly.ics }",
      '.ics`: expected years, since an event recurs without an end, got "yearly.ics": event 1 of the file',
    ],
    [
      "{ country: KOR, years: [2027] }",
      '.country`: expected a country code that date-holidays knows, such as KR, got "KOR" (did you mean KR?)',
    ],
    [
      "{ country: KR, region: Seoul, years: [2027] }",
      '.region`: expected no state, since none is known there, got "Seoul"',
    ],
    [
      "{ country: KR }",
      ".years`: expected the years to take, such as [2026, 2027], for a plan to be the same on any day, got none",
    ],
    ["{ country: KR, ics: company.ics, years: [] }", ".years`: expected 1 to 20 years, got 0"],
    ["{ country: KR, years: [27] }", ".years`: expected years from 1970 to 2199, got 27"],
    [
      "{ country: KR, years: 2027 }",
      ".years`: expected a list of years, such as [2026, 2027], got the number 2027",
    ],
    ["{ ics: company.ics, region: BY }", ".region`: expected a `country` that it is a part of, got none"],
    ["{ workdays: [2027-01-01] }", "`: expected `dates`, `ics` or `country`, got workdays"],
    [
      "{ country: KR, years: [2027], year: 1 }",
      '.year`: expected a known key, got the unknown key "year" (did you mean years?)',
    ],
    [
      "5",
      "`: expected a list of dates as yyyy-mm-dd, or a mapping with dates, ics or country, got the number 5",
    ],
  ])("is reported with its path: %s", async (calendar, message) => {
    expect(await refusalOf(calendar)).toEqual([`f.yaml:7: \`holidays.kr${message}`]);
  });

  it("does not hide other problems", async () => {
    const text = withCalendar("{ country: KOR, years: [2027] }").replace(
      "targets: dev",
      "targets: dve, holidays: kr",
    );
    expect(await problemsOf(text)).toEqual([
      expect.stringContaining("`schedules.dev-stop.targets`: expected the name of a target"),
      expect.stringContaining("`holidays.kr.country`"),
    ]);
  });
});

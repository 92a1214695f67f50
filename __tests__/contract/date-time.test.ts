import { describe, expect, it, test } from "@jest/globals";
import { offsetAt, readEnd, readInstant } from "../../contract/date-time";
import { isDate } from "../../contract/patterns";
import { Zone } from "../../schedule/zone";

/** Texts in the form of a date-time that name no instant, or in a form that is no ISO 8601 date-time in full. */
const NONE = [
  "2026-02-30T10:00:00Z",
  "2027-02-29T10:00:00Z",
  "2026-13-01T00:00Z",
  "2026-00-10T00:00Z",
  "2026-04-31T00:00:00+09:00",
  "2026-11-27T24:00:00Z",
  "2026-11-27T25:00Z",
  "2026-11-27T20:60Z",
  "2026-11-27T20:00:60Z",
  "0000-01-01T00:00:00Z",
  "2026-11-27T20:00+99:00",
  "2026-11-27T20:00+09:60",
  "2026-11-27T20:00+9",
  "2026-11-27t20:00z",
  "2026-11-27T20:00z",
  "2026-11-27 20:00Z",
  "2026-11-27T20Z",
  "2026-11-27T20:00.5Z",
  "+002026-11-27T20:00Z",
  " 2026-11-27T20:00Z",
  "2026-11-27T20:00Z\n",
  "2026-W48-5T20:00Z",
  "１２３４-11-27T20:00Z",
  "",
];

test.each(NONE)("%j is no date-time", (text) => {
  expect(readInstant(text)).toBeUndefined();
  expect(readEnd(text, "UTC")).toBeUndefined();
  expect(readEnd(text.replace(/Z$/, ""), "Asia/Seoul")).toBeUndefined();
});

test.each([
  ["2026-11-27T20:00Z", "2026-11-27T20:00:00.000Z"],
  ["2026-11-27T20:00:30.5Z", "2026-11-27T20:00:30.500Z"],
  ["2026-11-27T20:00:30.1239999Z", "2026-11-27T20:00:30.123Z"],
  ["2026-11-27T20:00+09:00", "2026-11-27T11:00:00.000Z"],
  ["2026-11-27T20:00-0330", "2026-11-27T23:30:00.000Z"],
  ["2028-02-29T23:59:59+14:00", "2028-02-29T09:59:59.000Z"],
  ["0001-01-01T00:00Z", "0001-01-01T00:00:00.000Z"],
])("%s is %s", (text, instant) => {
  expect(readInstant(text)).toBe(Date.parse(instant));
  expect(readEnd(text, "Asia/Seoul")).toBe(Date.parse(instant));
});

test("an instant needs a zone", () => {
  expect(readInstant("2026-11-27T20:00")).toBeUndefined();
  expect(readInstant("2026-11-27")).toBeUndefined();
});

describe("without a zone, read in that of the schedule", () => {
  test.each([
    ["a date, to the end of the day", "2026-11-27", "Asia/Seoul", "2026-11-27T15:00:00.000Z"],
    ["a date west of UTC", "2026-11-27", "America/New_York", "2026-11-28T05:00:00.000Z"],
    ["the last day of a year", "2026-12-31", "UTC", "2027-01-01T00:00:00.000Z"],
    ["a day of 23 hours", "2026-03-08", "America/New_York", "2026-03-09T04:00:00.000Z"],
    ["a day whose end clocks jump over", "2018-11-03", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
    ["a day whose end clocks show twice", "2026-10-31", "America/Havana", "2026-11-01T04:00:00.000Z"],
    ["a day that clocks jump over", "2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00.000Z"],
    ["a time", "2026-11-27T20:00", "Asia/Seoul", "2026-11-27T11:00:00.000Z"],
    ["a time that clocks show twice", "2026-11-01T01:30", "America/New_York", "2026-11-01T06:30:00.000Z"],
    ["a time that clocks jump over", "2026-03-08T02:30", "America/New_York", "2026-03-08T07:30:00.000Z"],
    ["a time before such a jump", "2026-03-08T01:59:59", "America/New_York", "2026-03-08T06:59:59.000Z"],
    ["a time after such a jump", "2026-03-08T03:00", "America/New_York", "2026-03-08T07:00:00.000Z"],
    ["a time of a zone with half an hour", "2026-11-27T20:00", "Asia/Kolkata", "2026-11-27T14:30:00.000Z"],
  ])("%s", (_case, text, zone, end) => {
    expect(new Date(readEnd(text, zone) ?? Number.NaN).toISOString()).toBe(end);
  });
});

it("has the offsets that the schedules have", () => {
  for (const zone of ["UTC", "Asia/Seoul", "America/New_York", "Europe/London", "Australia/Lord_Howe"]) {
    for (
      let at = Date.parse("2026-01-01T00:00:00Z");
      at < Date.parse("2028-01-01T00:00:00Z");
      at += 40_000_000
    ) {
      expect(offsetAt(at, zone)).toBe(Zone.of(zone).offsetAt(at));
    }
  }
});

test.each(["2026-02-30", "2027-02-29", "0000-01-01", "2026-11-27T", " 2026-11-27"])(
  "%j is no date",
  (text) => {
    expect(isDate(text)).toBe(false);
  },
);

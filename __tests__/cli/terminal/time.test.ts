import { describe, expect, it } from "@jest/globals";
import {
  addLocalDays,
  formatIso,
  formatMoment,
  parseInstant,
  startOfDay,
  startOfWeek,
} from "../../../cli/terminal/time";

function read(text: string, timezone = "Asia/Seoul"): string {
  return formatIso(parseInstant(text, timezone, "--from"));
}

describe("a time given as an option", () => {
  it.each([
    ["a date is midnight in the zone", "2026-11-23", "2026-11-22T15:00:00Z"],
    ["a time without offset is in the zone", "2026-11-23T08:30", "2026-11-22T23:30:00Z"],
    ["seconds may be given", "2026-11-23T08:30:15", "2026-11-22T23:30:15Z"],
    ["Z is UTC", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z"],
    ["fractions of a second are dropped", "2026-11-22T00:00:00.123Z", "2026-11-22T00:00:00Z"],
    ["an offset counts", "2026-11-22T00:00:00-05:30", "2026-11-22T05:30:00Z"],
    ["a leap day exists", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z"],
  ])("%s", (_, text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it("that a clock change jumps over is the moment of that change", () => {
    expect(read("2027-03-14T02:30", "America/New_York")).toBe("2027-03-14T07:00:00Z");
  });

  it.each([
    ["", "a date or time like 2026-11-23"],
    ["tomorrow", "a date or time like 2026-11-23"],
    ["23.11.2026", "a date or time like 2026-11-23"],
    ["2026-11-23 08:00", "a date or time like 2026-11-23"],
    ["2027-02-29", "a date and time that exist"],
    ["2026-13-01", "a date and time that exist"],
    ["2026-11-23T24:00", "a date and time that exist"],
    ["2026-11-23T08:60", "a date and time that exist"],
    ["0099-01-01", "a date and time that exist"],
    ["1969-12-31", "a year from 1970 to 2199"],
    ["9999-01-01", "a year from 1970 to 2199"],
    ["2026-11-23T08:00+15:00", "an offset from -14:00 to +14:00"],
  ])("%j is refused", (text, expected) => {
    expect(() => read(text)).toThrow(`--from: expected ${expected}`);
  });
});

describe("days", () => {
  it("begin at midnight in the zone, weeks on Monday", () => {
    const sundayEvening = new Date("2026-11-22T14:59:00Z");
    expect(formatIso(startOfDay(sundayEvening, "Asia/Seoul"))).toBe("2026-11-21T15:00:00Z");
    expect(formatIso(startOfWeek(sundayEvening, "Asia/Seoul"))).toBe("2026-11-15T15:00:00Z");
    expect(formatIso(startOfWeek(new Date("2026-11-22T15:00:00Z"), "Asia/Seoul"))).toBe(
      "2026-11-22T15:00:00Z",
    );
  });

  it("are longer or shorter where clocks change", () => {
    const midnight = new Date("2027-03-14T05:00:00Z");
    expect(formatIso(addLocalDays(midnight, 1, "America/New_York"))).toBe("2027-03-15T04:00:00Z");
  });
});

describe("a moment near now", () => {
  // 20:12 in Seoul.
  const now = new Date("2026-11-23T11:12:05Z");

  it.each([
    ["2026-11-22T15:00:00Z", "00:00"],
    ["2026-11-23T14:59:00Z", "23:59"],
    ["2026-11-22T14:59:00Z", "Sun 23:59"],
    ["2026-11-16T15:00:00Z", "Tue 00:00"],
    ["2026-11-16T14:59:00Z", "2026-11-16"],
    ["2026-11-29T11:00:00Z", "Sun 20:00"],
    ["2026-11-30T11:00:00Z", "2026-11-30"],
  ])("%s is told as %s", (at, text) => {
    expect(formatMoment(new Date(at), now, "Asia/Seoul")).toBe(text);
  });
});

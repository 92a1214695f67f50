import { describe, expect, it } from "@jest/globals";
import { parseTimezone } from "../../schedule";
import { timezoneNames } from "../../schedule/timezone";
import { Zone } from "../../schedule/zone";
import { problemOf } from "./problem-of";

describe("a timezone", () => {
  it.each([
    "UTC",
    "Asia/Seoul",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
    "America/Argentina/Buenos_Aires",
    "America/Port-au-Prince",
    "Europe/Kyiv",
  ])("is taken as IANA spells it: %s", (name) => {
    expect(parseTimezone(name)).toBe(name);
  });

  it.each([
    ["KST", "did you mean Asia/Seoul?"],
    ["PST", "did you mean America/Los_Angeles?"],
    ["EST", "did you mean America/New_York?"],
    ["GMT", "did you mean UTC?"],
    ["utc", "did you mean UTC?"],
    ["Etc/UTC", "did you mean UTC?"],
    ["asia/seoul", "did you mean Asia/Seoul?"],
    ["ASIA/SEOUL", "did you mean Asia/Seoul?"],
    ["Asia/Soul", "did you mean Asia/Seoul?"],
    ["Asia/Seoul ", "did you mean Asia/Seoul?"],
    ["Seoul", "did you mean Asia/Seoul?"],
    ["America/New York", "did you mean America/New_York?"],
    ["US/Pacific", "did you mean America/Los_Angeles?"],
    ["Japan", "did you mean Asia/Tokyo?"],
    ["+09:00", "a zone with this offset is Asia/Seoul"],
    ["UTC+5:30", "a zone with this offset is Asia/Kolkata"],
    ["GMT-3", "a zone with this offset is America/Sao_Paulo"],
    ["Etc/GMT+9", "Etc/GMT names have their sign turned round"],
  ])("is refused as %s, with a hint", (name, hint) => {
    expect(problemOf(() => parseTimezone(name))).toBe(
      `timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got ${JSON.stringify(name)} (${hint})`,
    );
  });

  it.each([
    "",
    "__proto__",
    "constructor/constructor",
    "Asia",
    "Asia/",
    "/Seoul",
    "Asia/Seoul/",
    "Mars/Phobos",
    "Asia/Aden Almaty",
  ])("is refused as %j", (name) => {
    expect(problemOf(() => parseTimezone(name))).toContain("timezone: expected UTC or an IANA zone");
  });

  it("is refused where it is no text, from untyped callers", () => {
    expect(problemOf(() => parseTimezone(9 as unknown as string))).toContain("got number");
  });

  it("is one of more than 400 names, all of which a current Node.js can compute with", () => {
    const names = timezoneNames();
    expect(names.length).toBeGreaterThan(400);
    expect(new Set(names).size).toBe(names.length);
    const unknown = names.filter((name) => {
      try {
        Zone.of(name).offsetAt(Date.UTC(2026, 10, 22));
        return false;
      } catch {
        return true;
      }
    });
    // Zones that IANA added after the oldest release of Node.js that is supported.
    expect(unknown.filter((name) => !/Ciudad_Juarez|Coyhaique/.test(name))).toEqual([]);
  });
});

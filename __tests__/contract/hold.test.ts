import { describe, expect, it } from "@jest/globals";
import { holdOf } from "../../contract/tags";

const NOW = Date.parse("2026-11-23T11:00:00Z");

describe("the value of an opt-out tag", () => {
  it("holds for ever if it is empty", () => {
    expect(holdOf("", NOW)).toEqual({});
    expect(holdOf(" ", NOW)).toEqual({});
  });

  it.each([
    ["2026-11-23T11:00:01Z", "2026-11-23T11:00:01Z"],
    ["2026-11-23T20:30+09:00", "2026-11-23T11:30:00Z"],
    ["2026-11-23T11:30", "2026-11-23T11:30:00Z"],
  ])("holds until %s, which is UTC unless it names a zone", (value, until) => {
    expect(holdOf(value, NOW)).toEqual({ until: new Date(until) });
  });

  it.each(["2026-11-23T11:00:00Z", "2026-11-23T19:59+09:00"])("no longer holds after %s", (value) => {
    expect(holdOf(value, NOW)).toBeUndefined();
  });

  it.each(["2026-12-01", "next week", "2026-13-01T00:00Z"])("holds for ever if it is %j", (value) => {
    expect(holdOf(value, NOW)).toEqual({ unreadable: true });
  });
});

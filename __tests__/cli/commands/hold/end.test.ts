import { describe, expect, it } from "@jest/globals";
import { chooseEnd, parseDuration } from "../../../../cli/commands/hold/end";

const NOW = new Date("2026-11-23T09:00:30Z");
const end = (options: Parameters<typeof chooseEnd>[0], timezone = "Asia/Seoul", now = NOW) =>
  chooseEnd(options, { now, timezone }, []).toISOString();

describe("the end of a hold", () => {
  it.each([
    ["22:00", "2026-11-23T13:00:00.000Z"],
    ["8:00", "2026-11-23T23:00:00.000Z"],
    ["18:00", "2026-11-24T09:00:00.000Z"],
    ["24:00", "2026-11-23T15:00:00.000Z"],
    ["2026-11-25", "2026-11-25T15:00:00.000Z"],
    ["2026-11-25T08:00", "2026-11-24T23:00:00.000Z"],
    ["2026-11-25T08:00Z", "2026-11-25T08:00:00.000Z"],
  ])("--until %s is the next such time in the zone", (until, expected) => {
    expect(end({ until })).toBe(expected);
  });

  it("never comes before a time that clocks jump over", () => {
    expect(end({ until: "02:30" }, "Europe/Berlin", new Date("2026-03-28T20:00:00Z"))).toBe(
      "2026-03-29T01:30:00.000Z",
    );
  });

  it("is rounded up to a minute", () => {
    expect(end({ for: "2h" })).toBe("2026-11-23T11:01:00.000Z");
  });

  it.each([
    [{ until: "2026-11-22" }, "--until: expected an end after now, got Mon 2026-11-23 00:00 +09:00"],
    [{ until: "2028-01-01" }, "--until: expected an end within a year"],
    [{ for: "400d" }, "--for: expected an end within a year"],
    [{ until: "25:00" }, "--until: expected a time such as 22:00"],
    [{ until: "tomorrow" }, "--until: expected a time such as 22:00"],
  ])("refuses %j", (options, message) => {
    expect(() => end(options)).toThrow(message);
  });
});

it.each([
  ["90m", 90],
  ["2h", 120],
  ["1h30m", 90],
  ["2d", 2880],
])("%s is %i minutes", (text, minutes) => {
  expect(parseDuration(text, "--for")).toBe(minutes * 60_000);
});

it.each(["", "0m", "2", "h", "1.5h", "-1h", "30m1h", "1w"])("%j is no duration", (text) => {
  expect(() => parseDuration(text, "--for")).toThrow("--for: expected a duration such as 90m");
});

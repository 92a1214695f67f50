import { describe, expect, it } from "@jest/globals";
import { holdOf, holdValue, readHold } from "../../contract/holds";

const NOW = Date.parse("2026-11-23T11:00:00Z");

describe("the value of a hold tag", () => {
  it("holds for ever if it is empty", () => {
    expect(holdOf("", NOW)).toEqual({});
    expect(holdOf(" ", NOW)).toEqual({});
  });

  it.each([
    ["2026-11-23T11:00:01Z", "2026-11-23T11:00:01Z"],
    ["2026-11-23T20:30+09:00", "2026-11-23T11:30:00Z"],
    ["2026-11-23T11:30", "2026-11-23T11:30:00Z"],
    [" 2026-11-23T11:30Z ", "2026-11-23T11:30:00Z"],
    ["2026-11-23", "2026-11-24T00:00:00Z"],
  ])("holds until %s, which is UTC unless it or the schedule names a zone", (value, until) => {
    expect(holdOf(value, NOW)).toEqual({ until: new Date(until) });
  });

  it.each([
    ["2026-11-23T20:30", "Asia/Seoul", "2026-11-23T11:30:00Z"],
    ["2026-11-23", "Asia/Seoul", "2026-11-23T15:00:00Z"],
    ["2026-11-22", "Pacific/Pago_Pago", "2026-11-23T11:00:00Z"],
  ])("without a zone, %s is in that of the schedule, %s", (value, timezone, until) => {
    expect(holdOf(value, Date.parse(until) - 1, timezone)).toMatchObject({ until: new Date(until) });
    expect(holdOf(value, Date.parse(until), timezone)).toBeUndefined();
  });

  it.each(["2026-11-23T11:00:00Z", "2026-11-23T19:59+09:00", "2026-11-23T10:59", "2026-11-22"])(
    "no longer holds after %s",
    (value) => {
      expect(holdOf(value, NOW)).toBeUndefined();
    },
  );

  it.each([
    ["2026-11-23T10:00Z/2026-11-23T12:00Z", "2026-11-23T12:00:00Z"],
    ["2026-11-23T20:00+09:00/2026-11-24 by jane", "2026-11-25T00:00:00Z"],
  ])("holds from the begin of an interval to its end: %s", (value, until) => {
    expect(holdOf(value, NOW)).toMatchObject({ until: new Date(until) });
    expect(holdOf(value, Date.parse("2026-11-23T09:59Z"))).toBeUndefined();
    expect(holdOf(value, Date.parse(until))).toBeUndefined();
  });

  it.each([
    ["2026-11-24/2026-11-25", "Asia/Seoul", "2026-11-23T15:00:00Z", "2026-11-25T15:00:00Z"],
    ["2026-11-24/2026-11-24", "UTC", "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z"],
    ["2026-11-24T08:00/2026-11-24T20:00", "Asia/Seoul", "2026-11-23T23:00:00Z", "2026-11-24T11:00:00Z"],
    // Clocks show 01:30 twice, and jump over 02:30.
    ["2026-11-01T01:30/2026-11-01T01:30", "America/New_York", "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"],
    ["2027-03-14T02:30/2027-03-14T02:30", "America/New_York", "2027-03-14T06:30:00Z", "2027-03-14T07:30:00Z"],
  ])("holds from the begin of %s in %s to its end, in doubt for longer", (value, timezone, from, until) => {
    expect(readHold(value, timezone)).toEqual({ from: new Date(from), until: new Date(until) });
  });

  it.each([
    ["2026-11-23T22:00Z by jane", { until: new Date("2026-11-23T22:00Z"), by: "jane" }],
    ["by jane doe", { by: "jane doe" }],
    ["soon by jane", { unreadable: true, by: "jane" }],
  ])("may name its author: %s", (value, hold) => {
    expect(holdOf(value, NOW)).toEqual(hold);
  });

  it.each([
    { until: new Date("2026-11-23T13:00:00Z") },
    { from: new Date("2026-11-23T11:00:30Z"), until: new Date("2026-11-23T13:00:00Z"), by: "jane" },
    { by: "jane" },
    {},
  ])("is written as it is read: %j", (hold) => {
    expect(readHold(holdValue(hold))).toEqual(hold);
  });

  it.each([
    "next week",
    "2026-11-23T10:00Z/",
    "/2026-11-23T12:00Z",
    "2026-11-23/P1D",
    "2026-11-25/2026-11-24",
    "2026-11-23T12:00Z/2026-11-23T12:00Z",
    "2026-11-23T10:00Z/2026-11-23T11:30Z/2026-11-23T12:00Z",
    "2026-13-01T00:00Z",
    "2026-02-30T10:00:00Z",
    "2026-02-30",
    "2026-11-22T24:00",
    "2026-11-22t10:00z",
    "0000-01-01",
    "2026-11-22T10:00+99:00",
  ])("holds for ever if it is %j", (value) => {
    expect(holdOf(value, NOW)).toEqual({ unreadable: true });
  });
});

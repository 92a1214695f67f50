import { describe, expect, it } from "@jest/globals";
import { runningHours, totalHours } from "./running-hours";

const MONDAY = new Date("2026-11-22T15:00:00Z");
const OFF = "........................";

describe("runningHours", () => {
  it("draws the hours between a start and a stop, also overnight", () => {
    const hours = runningHours(
      MONDAY,
      [
        { from: MONDAY, states: { "i-1": "stopped" } },
        { from: new Date("2026-11-22T23:00:00Z"), states: { "i-1": "running" } },
        { from: new Date("2026-11-23T16:00:00Z"), states: { "i-1": "stopped" } },
      ],
      "i-1",
    );
    expect(hours).toEqual({
      MON: "........################",
      TUE: "#.......................",
      WED: OFF,
      THU: OFF,
      FRI: OFF,
      SAT: OFF,
      SUN: OFF,
    });
    expect(totalHours(hours)).toBe(17);
  });

  it("refuses a change within an hour, which its table could not show", () => {
    const observations = [{ from: new Date("2026-11-22T23:30:00Z"), states: {} }];
    expect(() => runningHours(MONDAY, observations, "i-1")).toThrow("is not a full hour");
  });
});

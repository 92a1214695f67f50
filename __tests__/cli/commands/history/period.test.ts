import { describe, expect, it } from "@jest/globals";
import { parseHistoryPeriod } from "../../../../cli/commands/history/run";
import { InputError } from "../../../../cli/context";

const NOW = new Date("2026-11-23T12:00:00Z");
const from = (since: string) => parseHistoryPeriod(since, NOW, "Asia/Seoul").from.toISOString();

describe("the period of a history", () => {
  it.each([
    ["7d", "2026-11-16T12:00:00.000Z"],
    ["90m", "2026-11-23T10:30:00.000Z"],
    ["2w", "2026-11-09T12:00:00.000Z"],
    ["2026-11-20", "2026-11-19T15:00:00.000Z"],
    ["2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000Z"],
  ])("begins, for %s, at %s, and ends now", (since, expected) => {
    expect(from(since)).toBe(expected);
    expect(parseHistoryPeriod(since, NOW, "Asia/Seoul").to).toEqual(NOW);
  });

  it("goes back 90 days, but for the minute that passes until CloudTrail is asked", () => {
    expect(from("90d")).toBe("2026-08-25T12:01:00.000Z");
  });

  it.each(["91d", "13w", "2026-08-25T11:59:59Z", "2161h"])(
    "says why it goes back no further (%s)",
    (since) => {
      expect(() => from(since)).toThrow(InputError);
      expect(() => from(since)).toThrow(
        `--since: expected at most 90 days ago, as CloudTrail's event history keeps no more, got "${since}"`,
      );
    },
  );
});

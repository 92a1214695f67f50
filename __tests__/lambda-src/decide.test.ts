import { describe, expect, it } from "@jest/globals";
import type { StartStopRequest } from "../../contract/request";
import { decide } from "../../lambda-src/decide";

const NOW = Date.parse("2026-12-31T15:30:00Z");
const request = (parts: Partial<StartStopRequest>): StartStopRequest => ({
  schedule: "dev-stop",
  action: "stop",
  targets: [{ region: "ap-northeast-2", instanceIds: ["i-0123456789abcdef0"] }],
  ...parts,
});

describe("age", () => {
  it.each([
    ["without a time, which means now", undefined, undefined],
    ["exactly as old as the default allows", "2026-12-31T14:30:00Z", undefined],
    ["exactly as old as latestMinutes allows", "2026-12-31T15:20:00Z", 10],
    ["five minutes ahead, as clocks may disagree", "2026-12-31T15:35:00Z", undefined],
    ["with its time in another zone", "2027-01-01T00:29:00+09:00", 2],
  ])("carries out a request %s", (_name, scheduledTime, latestMinutes) => {
    const parts = {
      ...(scheduledTime ? { scheduledTime } : {}),
      ...(latestMinutes ? { latestMinutes } : {}),
    };
    expect(decide(request(parts), NOW)).toEqual({ proceed: true });
  });

  it("skips one that is too old, and says that it is late", () => {
    expect(decide(request({ scheduledTime: "2026-12-31T14:29:00Z" }), NOW)).toEqual({
      proceed: false,
      late: true,
      reason: "too late: due at 2026-12-31T14:29:00Z, 61 minutes ago, latest 60",
    });
  });

  it("refuses one from the future", () => {
    expect(() => decide(request({ scheduledTime: "2026-12-31T15:35:01Z" }), NOW)).toThrow(
      /at most 5 minutes/,
    );
  });
});

describe("holidays", () => {
  it("are judged by the firing's date in the schedule's zone", () => {
    const parts = { holidays: ["2027-01-01"], scheduledTime: "2026-12-31T15:30:00Z" };
    expect(decide(request(parts), NOW)).toEqual({ proceed: true });
    expect(decide(request({ ...parts, timezone: "Asia/Seoul" }), NOW)).toEqual({
      proceed: false,
      late: false,
      reason: "holiday: 2027-01-01 in Asia/Seoul",
    });
  });

  it("are judged by the firing, not by the time of a retry", () => {
    const parts = { holidays: ["2027-01-01"], timezone: "Asia/Seoul", scheduledTime: "2026-12-31T14:59:00Z" };
    expect(decide(request(parts), NOW)).toEqual({ proceed: true });
  });
});

import { describe, expect, it } from "@jest/globals";
import { findLastDueFiring, plannedFirings } from "../../../cli/deployment/past-firings";
import { type PlannedSchedule, planSchedules } from "../../../model/plan";
import type { ScheduleProps } from "../../../model/props";

/** Monday is a holiday. */
function planOf(schedules: Readonly<Record<string, Partial<ScheduleProps>>>): readonly PlannedSchedule[] {
  return planSchedules({
    region: "ap-northeast-2",
    timezone: "Asia/Seoul",
    targets: { dev: { instanceIds: ["i-0123456789abcdef0"] } },
    holidays: { kr: ["2026-11-23"] },
    schedules: Object.fromEntries(
      Object.entries(schedules).map(([name, props]) => [
        name,
        { action: "stop", targets: ["dev"], expression: "cron(0 20 ? * MON-FRI *)", ...props },
      ]),
    ),
  });
}

const MONDAY = new Date("2026-11-23T13:00:00Z");
const since = (from: string) => ({ from: new Date(from), to: MONDAY });

describe("the last firing that was due", () => {
  it("is the last of all schedules, not one on a holiday", () => {
    const plan = planOf({
      "dev-stop": { holidays: "kr", stopOnHolidays: false },
      "dev-start": {
        action: "start",
        expression: "cron(0 8 ? * MON-FRI *)",
        holidays: "kr",
        stopOnHolidays: false,
      },
    });
    const last = findLastDueFiring(plan, since("2026-11-20T00:00:00Z"));
    expect(last).toMatchObject({ of: { name: "dev-stop" }, at: new Date("2026-11-20T11:00:00Z") });
  });

  it("is none where the last one is before the period", () => {
    const plan = planOf({ "dev-stop": { holidays: "kr", stopOnHolidays: false } });
    expect(findLastDueFiring(plan, since("2026-11-20T11:00:01Z"))).toBeUndefined();
  });

  it("is found where it was months ago", () => {
    const plan = planOf({ yearly: { expression: "cron(0 20 1 1 ? *)" } });
    expect(findLastDueFiring(plan, since("2025-12-01T00:00:00Z"))?.at).toEqual(
      new Date("2026-01-01T11:00:00Z"),
    );
  });

  it("is none of a disabled schedule, or of a rate, which counts from its deployment", () => {
    const plan = planOf({ off: { enabled: false }, often: { expression: "rate(1 hour)" } });
    expect(findLastDueFiring(plan, since("2026-11-01T00:00:00Z"))).toBeUndefined();
  });
});

describe("the firings of a schedule in a period", () => {
  it("are those on holidays too, marked", () => {
    const [planned] = planOf({ "dev-stop": { holidays: "kr", stopOnHolidays: false } });
    if (planned === undefined) throw new Error("no schedule");
    const firings = plannedFirings(planned, { from: new Date("2026-11-20T00:00:00Z"), until: MONDAY });
    expect(firings.map(({ at, skipped }) => [at.toISOString().slice(0, 10), skipped])).toEqual([
      ["2026-11-20", undefined],
      ["2026-11-23", "holiday"],
    ]);
  });
});

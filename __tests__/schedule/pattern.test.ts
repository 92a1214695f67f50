import { describe, expect, it } from "@jest/globals";
import { Schedule } from "../../schedule";

describe("the parsed expression of a schedule", () => {
  it.each([
    ["cron(0 20 ? * MON-FRI *)", true, 1200],
    ["cron(30 8 * * ? *)", true, 510],
    ["cron(08 08 ? * MON *)", true, 488],
    ["cron(0 8,20 ? * MON *)", true, undefined],
    ["cron(0/30 8 ? * MON *)", true, undefined],
    ["cron(0 20 ? * FRI#2 *)", false, 1200],
    ["cron(0 20 ? * FRIL *)", false, 1200],
    ["cron(0 20 L * ? *)", false, 1200],
    ["cron(0 20 ? JUL MON *)", false, 1200],
    ["cron(0 20 ? * MON 2027-2030)", false, 1200],
    ["rate(7 days)", false, undefined],
    ["at(2027-01-01T20:00:00)", false, undefined],
  ])(
    "knows of %s whether its weeks are alike (%s), and its minute of the day (%s)",
    (expression, weekly, minute) => {
      const schedule = Schedule.parse(expression);
      expect(schedule.isWeekly).toBe(weekly);
      expect(schedule.minuteOfDay).toBe(minute);
    },
  );

  it("is there for cron alone", () => {
    expect(Schedule.parse("cron(5 4 ? * MON *)").pattern).toMatchObject({
      text: { minutes: "5", hours: "4", dayOfWeek: "MON" },
      minutes: [5],
      hours: [4],
    });
    expect(Schedule.rate(1, "day").pattern).toBeUndefined();
    expect(Schedule.at("2027-01-01T20:00:00").pattern).toBeUndefined();
  });
});

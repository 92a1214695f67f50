import { describe, expect, it } from "@jest/globals";
import { convertFromUtc } from "../../../../cli/commands/adopt/schedules";
import { NOW } from "../../../support/fake-aws";

/** Thursday, 18:00 in Seoul. */

describe("a UTC expression", () => {
  it.each([
    ["cron(0 11 ? * MON-FRI *)", "Asia/Seoul", "cron(0 20 ? * MON-FRI *)", true],
    ["cron(0 23 ? * SUN-THU *)", "Asia/Seoul", "cron(0 8 ? * MON-FRI *)", true],
    ["cron(30 2 ? * MON-FRI *)", "Asia/Kolkata", "cron(0 8 ? * MON-FRI *)", true],
    ["cron(0 11 ? * MON-FRI *)", "UTC", "cron(0 11 ? * MON-FRI *)", true],
    ["rate(1 day)", "Asia/Seoul", "rate(1 day)", true],
    ["cron(0 13 ? * MON-FRI *)", "America/New_York", "cron(0 8 ? * MON-FRI *)", false],
    ["cron(0 20 ? * 6L *)", "Asia/Seoul", undefined, true],
  ])("%s stands in %s for %s", (utc, timezone, expression, exact) => {
    const told = convertFromUtc(utc, timezone, NOW);
    expect({ expression: told.expression, exact: told.exact }).toEqual({ expression, exact });
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { computeExpectedState } from "../../../../cli/commands/status/expected-state";
import { toTimelineSchedule } from "../../../../cli/deployment/past-firings";
import type { Config } from "../../../../config";
import { buildTimeline } from "../../../../schedule/timeline";
import { printedSeed, propertyRuns } from "../../../support/property";
import { OFFICE, pastOf, planOf } from "./scene";

const at = (now: string, schedules: Config["schedules"] = OFFICE, more: Partial<Config> = {}) => {
  const expected = computeExpectedState(
    planOf(schedules, more),
    pastOf(now),
    more.functions?.timeoutSeconds ?? 60,
  );
  return expected.state === "any"
    ? expected
    : {
        state: expected.state,
        since: expected.since.at.toISOString(),
        by: expected.since.of.name,
        fresh: expected.fresh,
      };
};

// 2026-11-23 is a Monday. In Seoul it is nine hours later than in UTC.
describe("what an instance should be by office hours", () => {
  it.each([
    ["2026-11-22T22:59:59Z", "stopped", "2026-11-20T11:00:00.000Z"],
    ["2026-11-22T23:00:00Z", "running", "2026-11-22T23:00:00.000Z"],
    ["2026-11-23T10:59:59Z", "running", "2026-11-22T23:00:00.000Z"],
    ["2026-11-23T11:00:00Z", "stopped", "2026-11-23T11:00:00.000Z"],
    ["2026-11-28T12:00:00Z", "stopped", "2026-11-27T11:00:00.000Z"],
  ])("is at %s %s, since %s", (now, state, since) => {
    expect(at(now)).toMatchObject({ state, since });
  });

  it("is fresh for as long as the function may be at it", () => {
    const fresh = (now: string, more: Partial<Config> = {}) => {
      const expected = at(now, OFFICE, more);
      return "fresh" in expected && expected.fresh;
    };
    expect(fresh("2026-11-23T11:05:59Z")).toBe(true);
    expect(fresh("2026-11-23T11:06:00Z")).toBe(false);
    expect(fresh("2026-11-23T11:19:59Z", { functions: { timeoutSeconds: 900 } })).toBe(true);
    expect(fresh("2026-11-23T11:20:00Z", { functions: { timeoutSeconds: 900 } })).toBe(false);
  });

  it("is no longer fresh than the firing may change anything", () => {
    const short = { dev: { running: "MON-FRI 08:00-20:00", targets: "dev", latestMinutes: 3 } };
    expect(at("2026-11-23T11:02:59Z", short)).toMatchObject({ fresh: true });
    expect(at("2026-11-23T11:03:00Z", short)).toMatchObject({ fresh: false });
  });
});

describe("what an instance should be", () => {
  it("follows holidays: no start, and the stop before it still holds", () => {
    const hours = { dev: { running: "MON-FRI 08:00-20:00", targets: "dev", holidays: "kr" } };
    const holidays = { holidays: { kr: ["2026-11-23"] } };
    expect(at("2026-11-23T03:00:00Z", hours)).toMatchObject({ state: "running" });
    expect(at("2026-11-23T03:00:00Z", hours, holidays)).toMatchObject({
      state: "stopped",
      since: "2026-11-20T11:00:00.000Z",
    });
  });

  it("follows a stop that is skipped on holidays, too", () => {
    const hours = {
      dev: { running: "MON-FRI 08:00-20:00", targets: "dev", holidays: "kr", stopOnHolidays: false },
    };
    expect(at("2026-11-24T15:00:00Z", hours, { holidays: { kr: ["2026-11-24"] } })).toMatchObject({
      state: "stopped",
      since: "2026-11-23T11:00:00.000Z",
    });
  });

  it("follows windows over midnight", () => {
    const nights = { dev: { running: "FRI 22:00-06:00", targets: "dev" } };
    expect(at("2026-11-27T20:00:00Z", nights)).toMatchObject({ state: "running", by: "dev-start" });
    expect(at("2026-11-27T21:00:00Z", nights)).toMatchObject({ state: "stopped", by: "dev-stop" });
  });

  it("does not follow disabled schedules", () => {
    const schedules = {
      ...OFFICE,
      early: { action: "stop", targets: "dev", expression: "cron(0 12 * * ? *)", enabled: false },
    } as const;
    expect(at("2026-11-23T04:00:00Z", schedules)).toMatchObject({ state: "running" });
    expect(at("2026-11-23T04:00:00Z", { early: schedules.early })).toEqual({
      state: "any",
      why: "no schedule in use",
    });
  });

  it("is since the first of several stops in a row, so that a later one is no excuse", () => {
    const often = {
      ...OFFICE,
      again: { action: "stop", targets: "dev", expression: "cron(0/30 * ? * SAT,SUN *)" },
    } as const;
    expect(at("2026-11-22T06:01:00Z", often)).toMatchObject({
      state: "stopped",
      since: "2026-11-20T11:00:00.000Z",
      fresh: false,
    });
  });

  it("is found however long ago the last firing was, up to 400 days", () => {
    const yearly = {
      on: { action: "start", targets: "dev", expression: "cron(0 0 1 1 ? *)" },
      off: { action: "stop", targets: "dev", expression: "cron(0 0 1 2 ? *)" },
    } as const;
    expect(at("2026-12-31T00:00:00Z", yearly, { timezone: "UTC" })).toMatchObject({
      state: "stopped",
      since: "2026-02-01T00:00:00.000Z",
    });
  });

  it("is decided by one-time schedules once they have fired", () => {
    const once = {
      on: { action: "start", targets: "dev", expression: "at(2026-11-20T08:00:00)" },
      off: { action: "stop", targets: "dev", expression: "at(2026-12-24T08:00:00)" },
    } as const;
    expect(at("2026-11-23T00:00:00Z", once)).toMatchObject({ state: "running", by: "on" });
    expect(at("2026-11-10T00:00:00Z", once)).toEqual({ state: "any", why: "no schedule has fired yet" });
  });

  it("is stopped where a start and a stop fire at once, as previews have it", () => {
    const both = {
      on: { action: "start", targets: "dev", expression: "cron(0 8 * * ? *)" },
      off: { action: "stop", targets: "dev", expression: "cron(0 8 * * ? *)" },
    } as const;
    expect(at("2026-11-23T01:00:00Z", both)).toMatchObject({ state: "stopped", by: "off" });
  });

  it.each([
    ["stops only", { off: OFFICE["dev-stop"] }, "stops only: nothing here starts it"],
    [
      "a rate",
      { ...OFFICE, often: { action: "start", targets: "dev", expression: "rate(1 hour)" } },
      "a rate counts from its deployment, which is not known here",
    ],
    ["no schedule", {}, "no schedule in use"],
  ])("is anything with %s", (_, schedules, why) => {
    expect(at("2026-11-23T03:00:00Z", schedules as Config["schedules"])).toEqual({ state: "any", why });
  });

  it("is running with starts only, as previews have it", () => {
    expect(at("2026-11-23T13:00:00Z", { on: OFFICE["dev-start"] as never })).toMatchObject({
      state: "running",
    });
  });
});

it("is at any time what the timeline of a preview says", () => {
  const day = fc.constantFrom("MON-FRI", "*", "SAT,SUN", "WED", "2#1");
  const cron = fc
    .tuple(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 23 }), day)
    .map(([minute, hour, days]) => `cron(${minute} ${hour} ? * ${days} *)`);
  const schedule = fc.record({
    action: fc.constantFrom("start" as const, "stop" as const),
    targets: fc.constant("dev"),
    expression: cron,
    timezone: fc.constantFrom("Asia/Seoul", "America/New_York", "UTC"),
    enabled: fc.boolean(),
    holidays: fc.constant("some"),
  });
  const minutes = fc.integer({ min: 0, max: 400 * 1440 });
  fc.assert(
    fc.property(fc.array(schedule, { minLength: 1, maxLength: 4 }), minutes, (schedules, minute) => {
      const now = new Date(Date.parse("2026-01-01T00:00:00Z") + minute * 60_000);
      const config = Object.fromEntries(schedules.map((each, index) => [`s${index}`, each]));
      const plan = planOf(config, { holidays: { some: ["2026-03-08", "2026-06-03", "2026-11-26"] } });
      const period = { from: new Date(+now + 1), until: new Date(+now + 2) };
      const [target] = buildTimeline(plan.map(toTimelineSchedule), ["dev"], period).targets;
      const expected = target?.spans[0]?.state;
      const { state } = computeExpectedState(plan, pastOf(now.toISOString()), 60);
      expect(state).toBe(expected === "unknown" ? "any" : expected);
    }),
    { seed: printedSeed("what an instance should be"), numRuns: propertyRuns(60) },
  );
});

import { describe, expect, it } from "@jest/globals";
import { type Ec2StartStopProps, planSchedules } from "../../constructs";
import { planOf } from "../../model/plan";
import { OFFICE, PAIR } from "../support/props";

function planned(props: Ec2StartStopProps, name: string) {
  const found = planSchedules(props).find((schedule) => schedule.name === name);
  if (found === undefined) throw new Error(`Expected a schedule ${name}`);
  return found;
}

function withSchedule(schedule: Ec2StartStopProps["schedules"][string]): Ec2StartStopProps {
  return { ...OFFICE, schedules: { one: schedule } };
}

describe("the plan of schedules", () => {
  it("keeps the order of the config and expands windows", () => {
    const names = planSchedules(OFFICE).map(({ name, key, action }) => [name, key, action]);
    expect(names).toEqual([
      ["dev-stop", "dev-stop", "stop"],
      ["dev-start", "dev-start", "start"],
      ["staging-hours-start", "staging-hours", "start"],
      ["staging-hours-stop", "staging-hours", "stop"],
      ["month-end", "month-end", "stop"],
    ]);
  });

  it("converts to UTC for rules, not for EventBridge Scheduler", () => {
    expect(planned(PAIR, "dev-start").utcExpressions).toEqual(["cron(0 23 ? * SUN-THU *)"]);
    expect(planned({ ...PAIR, trigger: "scheduler" }, "dev-start").utcExpressions).toEqual([]);
  });

  it("describes a schedule in words, in its zone", () => {
    expect(planned(PAIR, "dev-stop").description).toBe(
      "Stop dev: At 20:00, Monday through Friday (Asia/Seoul)",
    );
    expect(planned(OFFICE, "month-end").description).toBe("By hand only");
  });

  it("contains the request that the function gets", () => {
    expect(planned(OFFICE, "staging-hours-start").request).toEqual({
      schedule: "staging-hours-start",
      action: "start",
      targets: ["ap-northeast-2", "us-east-1"].map((region) => ({
        region,
        tags: { Environment: ["staging", "qa"], Team: ["web"] },
        exclude: { KeepRunning: ["true"] },
      })),
      timezone: "Asia/Seoul",
      holidays: ["2027-01-01", "2027-02-08"],
      latestMinutes: 60,
    });
  });

  it("merges ids of one region and counts the same id once", () => {
    const props = withSchedule({
      action: "stop",
      targets: ["a", "b", "c"],
      expression: "cron(0 20 * * ? *)",
    });
    const targets = {
      a: { instanceIds: ["i-00000001", "i-00000002"] },
      b: { instanceIds: ["i-00000002", "i-00000003"] },
      c: { instanceIds: ["i-00000001"], regions: ["us-east-1"] },
    };
    expect(planned({ ...props, targets }, "one").request.targets).toEqual([
      { region: "ap-northeast-2", instanceIds: ["i-00000001", "i-00000002", "i-00000003"] },
      { region: "us-east-1", instanceIds: ["i-00000001"] },
    ]);
  });

  it("gives checks to starts only, and merges ids with the same checks", () => {
    const targets = {
      a: { instanceIds: ["i-00000001"], checks: { tcp: [80], systemd: ["nginx"] } },
      b: { instanceIds: ["i-00000002"], checks: { systemd: ["nginx"], tcp: [80] } },
      c: { instanceIds: ["i-00000003"], checks: { command: "true" } },
      d: { instanceIds: ["i-00000004"] },
    };
    const schedules = {
      stop: { ...PAIR.schedules["dev-stop"], targets: Object.keys(targets) },
      start: { ...PAIR.schedules["dev-start"], targets: Object.keys(targets) },
    };
    const props = { ...PAIR, targets, schedules };
    const region = "ap-northeast-2";
    const checked = [
      { region, instanceIds: ["i-00000001", "i-00000002"], checks: { systemd: ["nginx"], tcp: [80] } },
      { region, instanceIds: ["i-00000003"], checks: { command: "true" } },
      { region, instanceIds: ["i-00000004"] },
    ];
    const unchecked = [{ region, instanceIds: [1, 2, 3, 4].map((digit) => `i-0000000${digit}`) }];
    expect(planned(props, "start").request.targets).toEqual([
      { region, instanceIds: ["i-00000001", "i-00000002", "i-00000003"], checks: true },
      { region, instanceIds: ["i-00000004"] },
    ]);
    expect(planned(props, "stop").request.targets).toEqual(unchecked);
    expect(planOf(props).targets).toEqual({ start: checked, stop: unchecked });
  });

  it("does not merge ids with exclusions", () => {
    const props = withSchedule({ action: "stop", targets: ["a", "b"], expression: "cron(0 20 * * ? *)" });
    const targets = {
      a: { instanceIds: ["i-00000001"], exclude: { Keep: "yes" } },
      b: { instanceIds: ["i-00000001"] },
    };
    expect(planned({ ...props, targets }, "one").request.targets).toEqual([
      { region: "ap-northeast-2", instanceIds: ["i-00000001"], exclude: { Keep: ["yes"] } },
      { region: "ap-northeast-2", instanceIds: ["i-00000001"] },
    ]);
  });

  it("hibernates stops only", () => {
    const window = { running: "MON-FRI 08:00-20:00", targets: "dev", hibernate: true };
    expect(planned(withSchedule(window), "one-stop").request.hibernate).toBe(true);
    expect(planned(withSchedule(window), "one-start").request.hibernate).toBeUndefined();
  });
});

describe("holidays", () => {
  const overnight = { running: "SUN-THU 22:00-06:00", targets: "dev", holidays: "kr" };

  it("skip starts, not stops", () => {
    expect(planned(withSchedule(overnight), "one-start").request.holidays).toEqual([
      "2027-01-01",
      "2027-02-08",
    ]);
    expect(planned(withSchedule(overnight), "one-stop").request.holidays).toBeUndefined();
  });

  it("skip stops too with stopOnHolidays: false, by the day on which the window started", () => {
    const props = withSchedule({ ...overnight, stopOnHolidays: false });
    expect(planned(props, "one-stop").request.holidays).toEqual(["2027-01-02", "2027-02-09"]);
  });

  it("are not those of Object.prototype", () => {
    const props = withSchedule({ ...overnight, holidays: "constructor" });
    expect(planned(props, "one-start").request.holidays).toBeUndefined();
  });
});

describe("the default of latestMinutes", () => {
  const stop = { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" } as const;
  const latest = (
    schedules: Ec2StartStopProps["schedules"],
    name: string,
    more: Partial<Ec2StartStopProps> = {},
  ) => planned({ ...OFFICE, trigger: "scheduler", ...more, schedules }, name).latestMinutes;

  it("is an hour if no opposite action follows sooner", () => {
    expect(
      latest({ stop, start: { ...stop, action: "start", expression: "cron(0 8 ? * MON-FRI *)" } }, "stop"),
    ).toBe(60);
  });

  it("is less if the opposite action on the same target follows sooner", () => {
    const start = { ...stop, action: "start", expression: "cron(30 20 ? * * *)" } as const;
    expect(latest({ stop, start }, "stop")).toBe(29);
    expect(latest({ stop, start }, "start")).toBe(60);
  });

  it("considers days, not only times of day", () => {
    const start = { ...stop, action: "start", expression: "cron(30 20 ? * SAT *)" } as const;
    expect(latest({ stop, start }, "stop")).toBe(60);
  });

  it("considers the opposite action after midnight", () => {
    const late = { ...stop, expression: "cron(50 23 ? * SUN *)" } as const;
    const start = { ...stop, action: "start", expression: "cron(10 0 ? * MON *)" } as const;
    expect(latest({ stop: late, start }, "stop")).toBe(19);
  });

  it("considers the opposite action in another zone", () => {
    const start = {
      ...stop,
      action: "start",
      timezone: "UTC",
      expression: "cron(40 11 ? * MON-FRI *)",
    } as const;
    expect(latest({ stop, start }, "stop")).toBe(39);
  });

  it("considers the opposite action after a rare firing", () => {
    const yearly = { ...stop, expression: "cron(0 20 31 12 ? *)" } as const;
    const start = { ...stop, action: "start", timezone: "UTC", expression: "cron(0/15 * * * ? *)" } as const;
    expect(latest({ stop: yearly, start }, "stop")).toBe(14);
    expect(
      latest({ stop: { ...yearly, action: "start" }, start: { ...start, action: "stop" } }, "start"),
    ).toBe(14);
  });

  it.each([
    ["at(2031-06-02T20:00:00)", "at(2031-06-02T20:30:00)", 29],
    ["at(2199-12-31T20:00:00)", "cron(20 20 31 12 ? *)", 19],
    ["cron(0 20 ? * MON-FRI *)", "at(2040-03-05T20:10:00)", 9],
    ["cron(0/1 * * * ? *)", "at(2040-03-05T20:10:00)", 2],
    ["cron(0 20 ? * MON-FRI 2031)", "cron(25 20 ? * MON 2030-2040)", 24],
    ["cron(0 20 * * ? 2027,2035)", "cron(15 20 * * ? 2028,2035)", 14],
    ["cron(* * * * ? 2031)", "cron(0/7 8 * * ? 2031)", 2],
    ["cron(50 23 31 12 ? 2098)", "cron(10 0 1 1 ? 2099)", 19],
    ["cron(0 20 29 2 ? *)", "cron(30 20 ? * * *)", 29],
    ["cron(0 20 ? MAR,DEC * *)", "cron(40 20 ? FEB,DEC * *)", 39],
    ["cron(0 20 ? * MON-FRI 2031)", "cron(25 20 ? * MON 2032)", 60],
    ["at(2031-06-02T20:00:00)", "at(2031-06-02T21:30:00)", 60],
  ])("considers every year: %s, then %s", (stops, starts, expected) => {
    for (const timezone of ["UTC", "Asia/Seoul", "America/New_York"]) {
      const schedules = {
        stop: { ...stop, timezone, expression: stops },
        start: { ...stop, timezone, action: "start" as const, expression: starts },
      };
      expect(latest(schedules, "stop")).toBe(expected);
    }
  });

  it("considers gaps that a clock change shortens", () => {
    const zone = { timezone: "America/New_York" };
    const stop0130 = { ...stop, ...zone, expression: "cron(30 1 * * ? *)" } as const;
    const start0330 = { ...stop, ...zone, action: "start", expression: "cron(10 3 * * ? *)" } as const;
    expect(latest({ stop: stop0130, start: start0330 }, "stop")).toBe(39);
  });

  it.each(["Australia/Sydney", "Africa/Cairo", "America/Santiago"])(
    "considers gaps that a clock change shortens later in the year: %s",
    (timezone) => {
      // Clocks go forward at 02:00, and at 00:00 in Cairo and Santiago.
      const [early, late] = timezone.startsWith("Australia") ? ["30 1", "10 3"] : ["30 23", "10 1"];
      const before = { ...stop, timezone, expression: `cron(${early} * * ? *)` } as const;
      const after = { ...stop, timezone, action: "start", expression: `cron(${late} * * ? *)` } as const;
      expect(latest({ stop: before, start: after }, "stop")).toBe(39);
    },
  );

  it("considers the same instance in another target", () => {
    const targets = {
      dev: { instanceIds: ["i-00000001"] },
      other: { instanceIds: ["i-00000002", "i-00000001"] },
    };
    const start = { ...stop, targets: "other", action: "start", expression: "cron(30 20 ? * * *)" } as const;
    expect(latest({ stop, start }, "stop", { targets })).toBe(29);
    const elsewhere = { ...targets, other: { ...targets.other, regions: ["us-east-1"] } };
    expect(latest({ stop, start }, "stop", { targets: elsewhere })).toBe(60);
  });

  it("ignores disabled schedules, and rates, whose firings are unknown before deployment", () => {
    const start = { ...stop, action: "start", expression: "cron(30 20 ? * * *)" } as const;
    expect(latest({ stop, start: { ...start, enabled: false } }, "stop")).toBe(60);
    expect(latest({ stop, start: { ...start, expression: "rate(10 minutes)" } }, "stop")).toBe(60);
  });

  it("is at least the sum of the least event ages that AWS allows", () => {
    const start = { ...stop, action: "start", expression: "cron(2 20 ? * MON-FRI *)" } as const;
    expect(latest({ stop, start }, "stop")).toBe(2);
  });
});

describe("the targets that a deployment knows", () => {
  const region = "ap-northeast-2";
  const ids = ["i-0123456789abcdef0", "i-08ce9b2d7eccf6d26"];
  const Stop = PAIR.schedules["dev-stop"];

  it("are those of the schedules of the action", () => {
    expect(planOf(OFFICE).targets.start).toEqual([
      { region, instanceIds: ids },
      expect.objectContaining({ region, exclude: { KeepRunning: ["true"] } }),
      expect.objectContaining({ region: "us-east-1" }),
    ]);
    expect(planOf({ ...PAIR, schedules: { "dev-stop": Stop } }).targets.start).toBeUndefined();
  });

  it("are no part of the default request if only disabled schedules have them, and name each id once", () => {
    const targets = {
      ...PAIR.targets,
      more: { instanceIds: [...ids, "i-0fedcba9876543210"] },
      same: { instanceIds: ids },
      qa: { tags: { Environment: "qa" } },
    };
    const off = { ...Stop, targets: ["more", "same", "qa"], enabled: false };
    expect(planOf({ ...PAIR, targets, schedules: { stop: Stop, off } }).targets.stop).toEqual([
      { region, instanceIds: ids },
      { region, instanceIds: ["i-0fedcba9876543210"], default: false },
      { region, tags: { Environment: ["qa"] }, default: false },
    ]);
    const twins = { stop: { ...Stop, targets: "qa" }, off: { ...Stop, targets: "qa2", enabled: false } };
    const qa2 = { tags: { Environment: "qa" } };
    expect(planOf({ ...PAIR, targets: { ...targets, qa2 }, schedules: twins }).targets.stop).toEqual([
      { region, tags: { Environment: ["qa"] } },
    ]);
  });
});

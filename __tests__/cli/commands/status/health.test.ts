import { describe, expect, it } from "@jest/globals";
import { countInstances } from "../../../../cli/commands/status/health";
import type { Config } from "../../../../config";
import { instance, REGION, target } from "../../../support/builders";
import { configWith, OFFICE, run, runsRead, statusIn } from "./scene";

const TWO: Config = configWith(
  {
    ...OFFICE,
    "late-start": { action: "start", targets: "late", expression: "cron(0 9 * * ? *)" },
    "late-stop": { action: "stop", targets: "late", expression: "cron(0 23 * * ? *)" },
  },
  { targets: { dev: { instanceIds: ["i-1"] }, late: { instanceIds: ["i-1"] } } },
);

describe("an instance of two targets", () => {
  it("should be what the last firing of both says", () => {
    // At 20:12 dev has been stopped; late runs until 23:00, but its last firing was that of the morning.
    const both = instance({ state: "stopped" });
    const { targets } = statusIn({
      config: TWO,
      targets: [target([both]), target([both], { name: "late" })],
    });
    expect(targets.map(({ expectedState }) => expectedState.state)).toEqual(["stopped", "running"]);
    expect(targets.map(({ instances }) => instances[0])).toMatchObject([
      { expectedState: { state: "stopped" }, verdict: "ok" },
      { expectedState: { state: "stopped" }, verdict: "ok" },
    ]);
  });

  it("is judged by one alone where the other excludes it", () => {
    const targets = [target([instance({ excludedBy: "Keep=1" })]), target([instance()], { name: "late" })];
    const status = statusIn({ config: TWO, targets });
    expect(status.targets.map(({ instances }) => instances[0]?.verdict)).toEqual(["skipped", "ok"]);
    expect(countInstances(status)).toEqual({ total: 1, wrong: 0 });
  });

  it("is judged by both where only one target is asked for, and counted once", () => {
    const both = instance({ state: "running" });
    const targets = [target([both]), target([both], { name: "late" })];
    const status = statusIn({ config: TWO, targets, targetNames: ["late"] });
    expect(status.targets.map(({ name }) => name)).toEqual(["late"]);
    expect(status.targets[0]?.instances[0]).toMatchObject({ verdict: "wrong" });
    expect(countInstances(statusIn({ config: TWO, targets }))).toEqual({ total: 1, wrong: 1 });
  });
});

describe("a target", () => {
  it("counts its instances by verdict, with ids that EC2 does not know", () => {
    const [dev] = statusIn({
      targets: [
        target(
          [
            instance({ instanceId: "i-1", state: "stopped" }),
            instance({ instanceId: "i-2" }),
            instance({ instanceId: "i-3", state: "stopping" }),
            instance({ instanceId: "i-4", autoScalingGroup: "web" }),
          ],
          { missing: [{ instanceId: "i-5", region: REGION }] },
        ),
      ],
    }).targets;
    expect(dev?.counts).toEqual({ ok: 1, wrong: 2, changing: 1, skipped: 1 });
    expect(dev?.instances[0]).toMatchObject({ instanceId: "i-5", state: "missing", verdict: "wrong" });
  });

  it("has what its instances run by the tag key that the config names", () => {
    const config = configWith(OFFICE, { holdTag: "keep" });
    const [dev] = statusIn({ config, targets: [target([instance({ tags: { keep: "" } })])] }).targets;
    expect(dev?.instances[0]).toMatchObject({
      verdict: "skipped",
      obstacle: { kind: "held", tag: "keep" },
    });
  });
});

describe("an instance that is held until an end", () => {
  const afterHold = (until: string, more: object) => {
    const tags = { "ec2-start-stop:hold": until };
    const config = configWith(OFFICE, more);
    const [dev] = statusIn({ config, targets: [target([instance({ tags })])] }).targets;
    return dev?.instances[0]?.afterHold;
  };

  it("has what a follow-up does then", () => {
    const followUps = { followUps: true };
    expect(afterHold("2026-11-23T13:00Z", followUps)).toBe("stops at Mon 2026-11-23 22:01 +09:00");
    expect(afterHold("2026-11-24T01:00Z", followUps)).toBe(
      "stays on: dev-start, until Tue 2026-11-24 20:00 +09:00",
    );
  });

  it("has nothing then without follow-ups, or without an end", () => {
    expect(afterHold("2026-11-23T13:00Z", {})).toBeUndefined();
    expect(afterHold("", { followUps: true })).toBeUndefined();
  });
});

describe("a schedule", () => {
  const schedulesIn = (more: Omit<Parameters<typeof statusIn>[0], "targets">) =>
    statusIn({ targets: [target([])], ...more }).targets[0]?.schedules ?? [];

  it("has its last run and its next firing", () => {
    const runs = [run("dev-start", "2026-11-22T23:00:12Z"), run("dev-stop", "2026-11-23T11:00:12Z")];
    expect(schedulesIn({ runs: runsRead(runs) })).toMatchObject([
      { lastRun: runs[0], missed: false, next: { at: new Date("2026-11-23T23:00:00Z") } },
      { lastRun: runs[1], missed: false, next: { local: "2026-11-24T20:00:00+09:00" } },
    ]);
  });

  it("has missed its firing where that left no run, five minutes later", () => {
    const missedAt = (now: string) => schedulesIn({ now: new Date(now) }).map(({ missed }) => missed);
    expect(missedAt("2026-11-23T11:05:00Z")).toEqual([true, false]);
    expect(missedAt("2026-11-23T11:05:01Z")).toEqual([true, true]);
  });

  it("is not said to have missed what was not read", () => {
    const missed = (more: Parameters<typeof runsRead>[1]) =>
      schedulesIn({ runs: runsRead([], more) }).map((schedule) => schedule.missed);
    expect(missed({ problem: "AWS refused" })).toEqual([false, false]);
    expect(missed({ from: new Date("2026-11-23T10:00:00Z") })).toEqual([false, true]);
  });

  it("fires next when that does something: not on a holiday", () => {
    const config = configWith(
      { dev: { running: "MON-FRI 08:00-20:00", targets: "dev", holidays: "kr" } },
      { holidays: { kr: ["2026-11-24", "2026-11-25"] } },
    );
    const [start] = schedulesIn({ config });
    expect(start?.next?.local).toBe("2026-11-26T08:00:00+09:00");
  });

  it("is warned of next so many minutes before, which may be before the firing after the next", () => {
    const warned = (now: string) => {
      const stop = { ...OFFICE["dev-stop"], warnMinutes: 30 } as Config["schedules"][string];
      const config = configWith({ ...OFFICE, "dev-stop": stop }, { alerts: { email: "ops@example.com" } });
      return schedulesIn({ config, now: new Date(now) }).map(({ nextWarning }) => nextWarning?.local);
    };
    expect(warned("2026-11-23T10:29:59Z")).toEqual([undefined, "2026-11-23T19:30:00+09:00"]);
    expect(warned("2026-11-23T10:30:00Z")).toEqual([undefined, "2026-11-24T19:30:00+09:00"]);
  });

  it("has no next firing where it is disabled, over, or a rate", () => {
    const config = configWith({
      off: { action: "stop", targets: "dev", expression: "cron(0 20 * * ? *)", enabled: false },
      once: { action: "start", targets: "dev", expression: "at(2026-11-20T08:00:00)" },
      often: { action: "stop", targets: "dev", expression: "rate(1 hour)" },
    });
    expect(schedulesIn({ config }).map(({ next }) => next)).toEqual([undefined, undefined, undefined]);
  });
});

describe("an instance with services that do not run", () => {
  const failed = { status: "failed", failing: [{ check: "tcp 80", found: "nothing listens" }] } as const;
  const runs = runsRead([run("dev-start", "2026-11-22T23:00:12Z", [{ services: failed }])]);
  const now = new Date("2026-11-23T03:00:00Z");
  const launchedAt = new Date("2026-11-22T23:00:13Z");

  it("is wrong, though it runs", () => {
    const [dev] = statusIn({ targets: [target([instance({ launchedAt })])], runs, now }).targets;
    expect(dev?.instances[0]).toMatchObject({ verdict: "wrong", services: failed });
  });

  it("is not told to have them while it is stopped", () => {
    const [dev] = statusIn({ targets: [target([instance({ launchedAt, state: "stopped" })])], runs }).targets;
    expect(dev?.instances[0]).toMatchObject({ verdict: "ok" });
    expect(dev?.instances[0]).not.toHaveProperty("services");
  });
});

import { describe, expect, it } from "@jest/globals";
import { LastRuns } from "../../../../cli/commands/status/last-runs";
import { summarizeInstance, summarizeRun } from "../../../../cli/runs/render";
import type { FunctionRun } from "../../../../cli/runs/run";
import { namesOf } from "../../../../model/names";
import { configWith, OFFICE, pastOf, planOf, run, unreported } from "./scene";

const NOW = "2026-11-23T11:30:00Z";
const schedules = {
  ...OFFICE,
  "db-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
} as const;
const plan = planOf(schedules);
const { functions } = namesOf(configWith(schedules));
const lastRuns = (runs: readonly FunctionRun[]) => new LastRuns(runs, functions, plan, pastOf(NOW));

describe("the last run of a schedule", () => {
  it("is the last that was for it, and no dry run", () => {
    const runs = [
      run("dev-stop", "2026-11-20T11:00:10Z"),
      run("dev-stop", "2026-11-23T11:00:10Z"),
      run("dev-stop", "2026-11-23T11:20:00Z", [], { dryRun: true }),
      run("db-stop", "2026-11-23T11:00:20Z"),
    ];
    expect(lastRuns(runs).ofSchedule("dev-stop")).toBe(runs[1]);
    expect(lastRuns(runs).ofSchedule("dev-start")).toBeUndefined();
  });

  it("is one that timed out just after the firing, of every schedule that has no other run since", () => {
    const runs = [
      run("dev-stop", "2026-11-23T11:00:10Z"),
      unreported("stop", "2026-11-23T11:00:12Z", "timed-out"),
    ];
    expect(lastRuns(runs).ofSchedule("db-stop")).toBe(runs[1]);
    expect(lastRuns(runs).ofSchedule("dev-stop")).toBe(runs[0]);
  });

  it("is a retry that timed out, which the first attempt's report names", () => {
    const first = run("dev-stop", "2026-11-23T11:00:10Z", [{ outcome: "failed" }]);
    const retry = unreported("stop", "2026-11-23T11:01:15Z", "timed-out", {
      requestId: first.requestId,
      attempt: 2,
    });
    const last = lastRuns([first, retry]);
    expect(last.ofSchedule("dev-stop")).toBe(retry);
    expect(last.ofSchedule("db-stop")).toBeUndefined();
    expect(summarizeRun(retry)).toEqual({ text: "timed out, attempt 2", tone: "bad" });
  });

  it.each([
    ["before its firing", "2026-11-23T10:30:00Z"],
    ["later than it may change anything", "2026-11-23T12:10:00Z"],
  ])("is none without a report %s", (_, startedAt) => {
    expect(lastRuns([unreported("stop", startedAt, "crashed")]).ofSchedule("dev-stop")).toBeUndefined();
  });

  it("is none of the other function's", () => {
    expect(
      lastRuns([unreported("start", "2026-11-23T11:00:12Z", "crashed")]).ofSchedule("dev-stop"),
    ).toBeUndefined();
  });
});

describe("the last run for an instance", () => {
  it("is that of the schedules which act on it, with what it did", () => {
    const runs = [
      run("dev-start", "2026-11-22T23:00:10Z", [{ instanceId: "i-1", outcome: "done" }]),
      run("dev-stop", "2026-11-23T11:00:10Z", [{ instanceId: "i-1", outcome: "failed", reason: "no" }]),
      run("db-stop", "2026-11-23T11:00:20Z", [{ instanceId: "i-2" }]),
    ];
    const last = lastRuns(runs);
    const dev = plan.filter(({ name }) => name.startsWith("dev"));
    expect(last.ofInstance("i-1", dev)).toMatchObject({ run: runs[1], entry: { outcome: "failed" } });
    expect(last.ofInstance("i-1", plan)).toEqual({ run: runs[2] });
    expect(last.ofInstance("i-1", [])).toBeUndefined();
  });

  it("is that of the default request, where that came last", () => {
    const runs = [
      run("dev-stop", "2026-11-23T11:00:10Z"),
      run("default", "2026-11-23T11:10:00Z", [{}], { action: "start" }),
    ];
    expect(lastRuns(runs).ofInstance("i-1", plan)?.run).toBe(runs[1]);
    const stopOnly = plan.filter(({ action }) => action === "stop");
    expect(lastRuns(runs).ofInstance("i-1", stopOnly)?.run).toBe(runs[0]);
  });
});

describe("how a run went", () => {
  it("is told by counts, failures first", () => {
    const entries = [{ outcome: "done" }, { outcome: "done" }, { outcome: "failed" }] as const;
    expect(summarizeRun(run("dev-stop", NOW, entries))).toEqual({ text: "1 failed, 2 done", tone: "bad" });
    expect(summarizeRun(run("dev-stop", NOW, []))).toEqual({ text: "no instances", tone: "good" });
  });

  it("is told in a word where nothing was done", () => {
    const skipped = run("dev-stop", NOW, [], {
      status: "skipped",
      reason: "holiday: 2026-11-23 in Asia/Seoul",
    });
    expect(summarizeRun(skipped)).toEqual({ text: "skipped: holiday", tone: "idle" });
    expect(summarizeInstance(skipped, undefined)).toEqual({ text: "skipped", tone: "idle" });
    const refused = run("dev-stop", NOW, [], { status: "refused", reason: "Expected `action`" });
    expect(summarizeRun(refused)).toEqual({ text: "refused", tone: "bad" });
  });

  it.each([
    ["timed-out", "timed out", "bad"],
    ["crashed", "crashed", "bad"],
    ["unreported", "no report", "idle"],
    ["running", "running", "active"],
  ] as const)("is told of one without a report (%s)", (ending, text, tone) => {
    const ended = unreported("stop", NOW, ending);
    expect(summarizeRun(ended)).toEqual({ text, tone });
    expect(summarizeInstance(ended, undefined)).toEqual({ text, tone });
  });

  it("is not told of an instance that was not among those of the run", () => {
    expect(summarizeInstance(run("dev-stop", NOW), undefined)).toBeUndefined();
  });
});

describe("services of an instance", () => {
  const failed = { status: "failed", failing: [{ check: "tcp 80", found: "nothing listens" }] } as const;
  const start = run("dev-start", "2026-11-22T23:00:10Z", [{ services: failed }]);

  it("are what the last look inside it found, by whatever asked for it", () => {
    const checked = run("services dev", "2026-11-23T01:00:00Z", [{ services: { status: "passed" } }], {
      action: "start",
    });
    const stop = run("dev-stop", "2026-11-23T11:00:10Z", [{}]);
    expect(lastRuns([start, stop]).servicesOf("i-1", new Date("2026-11-22T23:00:11Z"))).toEqual(failed);
    expect(lastRuns([start, checked, stop]).servicesOf("i-1", undefined)).toEqual({ status: "passed" });
    expect(lastRuns([start]).servicesOf("i-2", undefined)).toBeUndefined();
  });

  it("are history once it was started again", () => {
    expect(lastRuns([start]).servicesOf("i-1", new Date("2026-11-23T02:00:00Z"))).toBeUndefined();
  });
});

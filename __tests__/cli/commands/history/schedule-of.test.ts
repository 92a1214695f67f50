import { describe, expect, it } from "@jest/globals";
import type { InstanceChange } from "../../../../cli/commands/history/change";
import { findScheduleOfCall, isDefaultRequest } from "../../../../cli/commands/history/schedule-of";
import type { FunctionRun } from "../../../../cli/runs/run";
import type { Outcome, RunReport } from "../../../../contract/report";
import { planSchedules } from "../../../../model/plan";
import type { ScheduleProps } from "../../../../model/props";
import { reportOf } from "../../../support/builders";

const WEB = "i-0123456789abcdef0";
const QA = "i-0aaaaaaaaaaaaaaa1";
const STOPPER = "dev-StopEC2Instances";

const DAILY = "cron(0 20 ? * MON-FRI *)";
function planOf(schedules: Readonly<Record<string, ScheduleProps>>) {
  return planSchedules({
    region: "ap-northeast-2",
    timezone: "Asia/Seoul",
    targets: { dev: { instanceIds: [WEB] }, qa: { instanceIds: [QA] } },
    holidays: { kr: ["2026-11-23"] },
    schedules,
  });
}
const PLAN = planOf({
  "dev-stop": { action: "stop", targets: ["dev"], expression: DAILY },
  "qa-stop": { action: "stop", targets: ["qa"], expression: DAILY },
  "dev-start": { action: "start", targets: ["dev"], expression: "cron(0 8 ? * MON-FRI *)" },
});
const TARGETS: Readonly<Record<string, string>> = { [WEB]: "dev", [QA]: "qa" };

/** A stop at 20:00:03 in Seoul. */
function change(changes: Partial<InstanceChange> = {}): InstanceChange {
  return {
    eventId: "e",
    at: new Date("2026-11-23T11:00:03Z"),
    region: "ap-northeast-2",
    call: "StopInstances",
    outcome: "accepted",
    caller: { kind: "function", name: STOPPER },
    fromConsole: false,
    hibernate: false,
    force: false,
    instances: [{ instanceId: WEB }],
    ...changes,
  };
}

function run(
  schedule: string,
  instanceIds: readonly string[],
  changes: Partial<FunctionRun> = {},
): FunctionRun {
  const instances = instanceIds.map((instanceId) => ({
    instanceId,
    region: "ap-northeast-2",
    outcome: "done" as const,
  }));
  return {
    functionName: STOPPER,
    requestId: schedule,
    attempt: 1,
    startedAt: new Date("2026-11-23T11:00:02.500Z"),
    durationMs: 20_000,
    ending: "reported",
    report: reportOf(schedule, { schedule, instances }),
    ...changes,
  };
}

function outcomeOf({ report }: FunctionRun, outcome: Outcome): RunReport {
  if (report === undefined) throw new Error("Expected a run with a report");
  return { ...report, instances: report.instances.map((entry) => ({ ...entry, outcome })) };
}

const find = (of: InstanceChange, runs: readonly FunctionRun[] = [], plan = PLAN) =>
  findScheduleOfCall(of, { plan, runs, targetsOf: (id) => [TARGETS[id]].flatMap((name) => name ?? []) });

describe("the schedule for which a function called", () => {
  it("is what the report of the run says, whatever was due", () => {
    expect(find(change(), [run("by-hand", [WEB])])).toEqual({ names: ["by-hand"], by: "report" });
  });

  it("is that of the run which names the instance, of two at the same time", () => {
    const runs = [run("qa-stop", [QA]), run("dev-stop", [WEB])];
    expect(find(change(), runs)?.names).toEqual(["dev-stop"]);
  });

  it("is one of several where their runs name the same instance", () => {
    const runs = [run("qa-stop", [WEB]), run("dev-stop", [WEB])];
    expect(find(change(), runs)?.names).toEqual(["qa-stop", "dev-stop"]);
  });

  it("is not that of a run which only looked, or only asked whether it could", () => {
    const looked = run("services dev", [WEB]);
    const asked = run("tried", [WEB]);
    const runs = [
      { ...looked, report: outcomeOf(looked, "already") },
      { ...asked, report: { ...outcomeOf(asked, "skipped"), dryRun: true } },
      run("dev-stop", [WEB]),
    ];
    expect(find(change(), runs)?.names).toEqual(["dev-stop"]);
    expect(find(change({ outcome: "dry-run" }), runs)?.names).toEqual(["tried"]);
  });

  it("is that of the run at the time where a long report leaves the instance out", () => {
    expect(find(change(), [run("dev-stop", [])])).toEqual({ names: ["dev-stop"], by: "report" });
  });

  it.each([
    ["of the other function", { functionName: "dev-StartEC2Instances" }],
    ["that had ended", { startedAt: new Date("2026-11-23T10:59:00Z") }],
    ["that began later", { startedAt: new Date("2026-11-23T11:00:06Z") }],
  ])("is not told by a run %s", (_, changes) => {
    expect(find(change(), [run("by-hand", [WEB], changes)])).toEqual({ names: ["dev-stop"], by: "firing" });
  });

  it("is guessed by what was due where the run timed out without a report", () => {
    const { report: _, ...timedOut } = run("dev-stop", [WEB], { ending: "timed-out" });
    expect(find(change(), [timedOut])).toEqual({ names: ["dev-stop"], by: "firing" });
  });

  it("is guessed among those whose targets have the instance", () => {
    expect(find(change({ instances: [{ instanceId: QA }] }))?.names).toEqual(["qa-stop"]);
  });

  it("is guessed among all that were due where the instance is in no target any more", () => {
    const gone = change({ instances: [{ instanceId: "i-0bbbbbbbbbbbbbbb2" }] });
    expect(find(gone)).toEqual({ names: ["dev-stop", "qa-stop"], by: "firing" });
  });

  it("is guessed for a retry within the time in which the schedule may still change something", () => {
    expect(find(change({ at: new Date("2026-11-23T11:59:00Z") }))?.names).toEqual(["dev-stop"]);
    expect(find(change({ at: new Date("2026-11-23T13:00:00Z") }))).toBeUndefined();
  });

  it.each<[string, ScheduleProps]>([
    ["the other action", { action: "start", targets: ["dev"], expression: DAILY }],
    ["a disabled one", { action: "stop", targets: ["dev"], expression: DAILY, enabled: false }],
    ["a rate, whose beginning is unknown", { action: "stop", targets: ["dev"], expression: "rate(1 hour)" }],
    [
      "a stop whose holiday it was",
      { action: "stop", targets: ["dev"], expression: DAILY, holidays: "kr", stopOnHolidays: false },
    ],
  ])("is never guessed to be %s", (_, schedule) => {
    expect(find(change(), [], planOf({ one: schedule }))).toBeUndefined();
  });

  it("is none where a run was of all targets, as the console's Test button makes it", () => {
    const found = find(change(), [run("default", [WEB])]);
    expect(found && isDefaultRequest(found)).toBe(true);
  });
});

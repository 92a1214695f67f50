import { describe, expect, it } from "@jest/globals";
import { isSuccessful } from "../../../../cli/commands/invoke/run";
import { finalStatesText, type InvokeRun, renderInvoke } from "../../../../cli/commands/invoke/text";
import type { WaitResult } from "../../../../cli/commands/invoke/wait-for-state";
import { createColors } from "../../../../cli/terminal/tone";
import type { InstanceReport, RunReport } from "../../../../contract/report";
import type { PlannedSchedule } from "../../../../model/plan";

const REGION = "ap-northeast-2";
const LONG_NAME = "a-server-with-quite-a-long-name-as-some-teams-like-them";
const PLANNED: Partial<PlannedSchedule> = {
  name: "dev-start",
  action: "start",
  targetNames: ["dev"],
  enabled: true,
};

const started = (number: number, more: Partial<InstanceReport> = {}): InstanceReport => ({
  instanceId: `i-${String(number).padStart(17, "0")}`,
  region: REGION,
  stateBefore: "stopped",
  stateAfter: "running",
  outcome: "done",
  ...more,
});

function runOf(report: Partial<RunReport>, names: readonly (readonly [string, string])[] = []): InvokeRun {
  return {
    planned: PLANNED as PlannedSchedule,
    applied: true,
    names: new Map(names),
    function: { name: "dev-StartEC2Instances" } as InvokeRun["function"],
    requestId: "6d19e1c4-7801-4d63-b716-e654e8b03ab0",
    report: {
      schedule: "dev-start",
      action: "start",
      requestId: "6d19e1c4-7801-4d63-b716-e654e8b03ab0",
      dryRun: false,
      status: "ok",
      counts: { done: 1, already: 0, skipped: 0, failed: 0, unconfirmed: 0, deferred: 0 },
      errors: [],
      warnings: [],
      instances: [started(1)],
      durationSeconds: 12.34,
      ...report,
    },
  };
}

function linesOf(run: InvokeRun, columns: number): string[] {
  return renderInvoke(run, REGION, { columns, colors: createColors(false) }).split("\n");
}

const FAILING = runOf(
  {
    status: "failed",
    counts: { done: 2, already: 0, skipped: 1, failed: 2, unconfirmed: 0, deferred: 0 },
    services: { passed: 1, failed: 0, unchecked: 1, pending: 0 },
    errors: [{ region: "us-east-1", reason: "AuthFailure: AWS was not able to validate the credentials" }],
    warnings: ["ap-northeast-2: no instance carries Environment=staging"],
    instances: [
      started(1, { services: { status: "passed" } }),
      started(2, {
        services: { status: "unchecked", reason: "its SSM agent is not online: ConnectionLost" },
      }),
      started(3, { stateAfter: "stopped", outcome: "skipped", reason: "held by its tag until 2026-12-01" }),
      started(4, {
        stateAfter: "stopped",
        outcome: "failed",
        reason: `Server.InsufficientInstanceCapacity: ${"There is no capacity of this type. ".repeat(4)}`,
      }),
    ],
  },
  [
    [`i-${"1".padStart(17, "0")}`, LONG_NAME],
    [`i-${"4".padStart(17, "0")}`, "db\u001b[31m"],
  ],
);

describe("the text of a test", () => {
  it.each([80, 160])("keeps to %i columns, names cut and reasons wrapped where they must be", (columns) => {
    const lines = linesOf(FAILING, columns);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(lines.join("\n")).toMatchSnapshot();
  });

  it("lists failures first, and counts those of a region as failed", () => {
    const text = linesOf(FAILING, 160).join("\n");
    expect(text.indexOf("failed ")).toBeLessThan(text.indexOf("done "));
    expect(text).toContain("Failed in us-east-1: AuthFailure: AWS was not able to validate the credentials");
    expect(text).toContain("2 failed, 2 done, 1 skipped; services: 1 unchecked, 1 passed; the function took");
  });

  it("spells out what a terminal would act upon", () => {
    expect(linesOf(FAILING, 160).join("\n")).toContain("db\\u001b[31m");
  });

  it("says how many a report does not list", () => {
    expect(linesOf(runOf({ instancesOmitted: 40 }), 80)).toContain(
      "  and 40 more, which the report does not list",
    );
  });

  it("says that nothing matched where nothing did", () => {
    const none = {
      counts: { done: 0, already: 0, skipped: 0, failed: 0, unconfirmed: 0, deferred: 0 },
      instances: [],
    };
    expect(linesOf(runOf(none), 80)).toContain("No instances; the function took 12.3 s");
  });

  it("says of a refusal by an older function to deploy again", () => {
    const reason = "The request was refused, nothing was changed: Unknown key `checkOnly`";
    const run = runOf({ status: "refused", reason, instances: [] });
    expect(linesOf(run, 160)).toEqual(
      expect.arrayContaining([
        reason,
        "The deployed function is older than this command: deploy the config again.",
      ]),
    );
    expect(isSuccessful(run)).toBe(false);
  });
});

describe("the text of the final states", () => {
  const terminal = { columns: 80, colors: createColors(false) };
  const settlement = (more: Partial<WaitResult>): WaitResult => ({
    complete: true,
    seconds: 24,
    instances: [
      { instanceId: "i-1", region: REGION, state: "running", asExpected: true },
      {
        instanceId: "i-2",
        region: REGION,
        state: "stopped",
        asExpected: false,
        stateReason: { code: "Server.InternalError", message: "Server.InternalError: key not usable" },
      },
    ],
    ...more,
  });

  it("names first, and why, what is not as expected", () => {
    const run = runOf({});
    const settled = settlement({});
    expect(finalStatesText(settled, run, terminal)).toBe(`
Instances now, 24 s later
  i-2  stopped  not running  Server.InternalError: key not usable
  i-1  running
`);
    expect(isSuccessful(run, settled)).toBe(false);
  });

  it("says that it has waited long enough", () => {
    const settled = settlement({ complete: false });
    expect(finalStatesText(settled, runOf({}), terminal)).toContain(
      "Not all are in a final state after 24 s: `status` shows them later.",
    );
  });
});

import { describe, expect, it } from "@jest/globals";
import {
  changeVerdictOf,
  formatOutcomes,
  formatServiceReport,
  type InstanceReportsOptions,
  renderInstanceReports,
} from "../../../cli/runs/render";
import { createColors } from "../../../cli/terminal/tone";
import type { Outcome, RunReport } from "../../../contract/report";
import { instanceReport, NO_COUNTS, REGION, reportOf } from "../../support/builders";

const wouldBe = (number: number, reason: string) =>
  instanceReport(number, { stateAfter: "running", outcome: "skipped", reason });
/** Two that would be stopped, and one that is held. */
const DRY_RUN: Partial<RunReport> = {
  dryRun: true,
  counts: { ...NO_COUNTS, skipped: 3 },
  instances: [
    wouldBe(1, "dry run: EC2 would stop it"),
    wouldBe(2, "dry run: EC2 would stop it"),
    wouldBe(3, "held by its tag"),
  ],
};

function linesOf(
  report: RunReport,
  columns: number,
  options: Partial<InstanceReportsOptions> = {},
): string[] {
  const terminal = { columns, colors: createColors(false) };
  return renderInstanceReports(report, {
    terminal,
    region: REGION,
    verdict: changeVerdictOf(report),
    ...options,
  });
}

describe("the instances of a run", () => {
  it("are a line each, as deep as they are wanted, with what a dry run would do", () => {
    expect(linesOf(reportOf("r", DRY_RUN), 80, { indent: 12 })).toEqual([
      "            would stop  i-00000000000000001  running",
      "            would stop  i-00000000000000002  running",
      "            skipped     i-00000000000000003  running",
      "                held by its tag",
    ]);
  });

  it("stay within the columns where much is to be said of them", () => {
    const services = { status: "unchecked", reason: "its SSM agent is not online" } as const;
    const report = reportOf("r", {
      instances: [
        instanceReport(1, { region: "us-east-1", services }),
        instanceReport(2, {
          outcome: "unconfirmed",
          reason: "EC2 had not shown it as stopping when time ran out",
        }),
      ],
      instancesOmitted: 7,
    });
    expect(linesOf(report, 80, { indent: 12 })).toEqual([
      "            unconfirmed  i-00000000000000002  running -> stopping",
      "                EC2 had not shown it as stopping when time ran out",
      "            done         i-00000000000000001  running -> stopping",
      "                         services unchecked  us-east-1",
      "                its SSM agent is not online",
      "            and 7 more, which the report does not list",
    ]);
  });
});

describe("the outcomes of a run", () => {
  it("are counted, failures first", () => {
    const counts = { ...NO_COUNTS, done: 2, failed: 1, skipped: 1 };
    expect(formatOutcomes(reportOf("r", { counts }))).toBe("1 failed, 2 done, 1 skipped");
    expect(formatOutcomes(reportOf("r", { counts: NO_COUNTS, instances: [] }))).toBe("");
  });

  it("are shown as they are where a function of another version has more", () => {
    const counts = { ...NO_COUNTS, failed: 1, delayed: 2 };
    expect(formatOutcomes(reportOf("r", { counts }))).toBe("1 failed, 2 delayed");
    const entry = { instanceId: "i-1", region: "us-east-1", outcome: "delayed" as Outcome };
    const report = reportOf("r", { counts, instances: [entry] });
    expect(changeVerdictOf(report)(entry)).toMatchObject({ text: "delayed", tone: "doubtful" });
  });

  it("are, of a dry run, what would be done", () => {
    expect(formatOutcomes(reportOf("r", DRY_RUN))).toBe("2 would stop, 1 skipped");
  });

  it("are those that are counted where not all instances are listed", () => {
    expect(formatOutcomes(reportOf("r", { ...DRY_RUN, instancesOmitted: 1 }))).toBe("3 skipped");
  });
});

describe("services", () => {
  it("are told with every check that did not pass", () => {
    const failing = [
      { check: "systemd nginx", found: "inactive" },
      { check: "tcp 5432", found: "nothing listens" },
    ];
    expect(formatServiceReport({ status: "failed", failing })).toBe(
      "services failed: systemd nginx: inactive; tcp 5432: nothing listens",
    );
    expect(formatServiceReport({ status: "passed" })).toBe("services passed");
  });
});

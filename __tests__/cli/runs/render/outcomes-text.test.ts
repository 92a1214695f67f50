import { describe, expect, it } from "@jest/globals";
import { formatOutcomes } from "../../../../cli/runs/render";
import { reportOf } from "../recorded";
import { DRY_RUN, NONE } from "./reported";

describe("the outcomes of a run", () => {
  it("are counted, failures first", () => {
    const counts = { ...NONE, done: 2, failed: 1, skipped: 1 };
    expect(formatOutcomes(reportOf("r", { counts }))).toBe("1 failed, 2 done, 1 skipped");
    expect(formatOutcomes(reportOf("r", { counts: NONE, instances: [] }))).toBe("");
  });

  it("are, of a dry run, what would be done", () => {
    expect(formatOutcomes(reportOf("r", DRY_RUN))).toBe("2 would stop, 1 skipped");
  });

  it("are those that are counted where not all instances are listed", () => {
    expect(formatOutcomes(reportOf("r", { ...DRY_RUN, instancesOmitted: 1 }))).toBe("3 skipped");
  });
});

import type { InstanceReport, RunReport } from "../../../contract/report";

export const REGION = "ap-northeast-2";
export const instance = (number: number, changes: Partial<InstanceReport> = {}): InstanceReport => ({
  instanceId: `i-${String(number).padStart(17, "0")}`,
  region: REGION,
  stateBefore: "running",
  stateAfter: "stopping",
  outcome: "done",
  ...changes,
});
export const NONE = { done: 0, already: 0, skipped: 0, failed: 0, unconfirmed: 0 };
/** Two that would be stopped, and one that is held. */
export const DRY_RUN: Partial<RunReport> = {
  dryRun: true,
  counts: { ...NONE, skipped: 3 },
  instances: [
    instance(1, { stateAfter: "running", outcome: "skipped", reason: "dry run: EC2 would stop it" }),
    instance(2, { stateAfter: "running", outcome: "skipped", reason: "dry run: EC2 would stop it" }),
    instance(3, { stateAfter: "running", outcome: "skipped", reason: "held by its tag" }),
  ],
};

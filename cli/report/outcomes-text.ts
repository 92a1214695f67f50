import type { RunReport } from "../../schedule/report";
import { countsText } from "../tally";
import { wouldChange } from "./instance-verdict";

/** What became of the instances, by number, failures first: `1 failed, 2 would stop`; empty where there were none. */
export function outcomesText(report: RunReport): string {
  const { action, counts, instances, instancesOmitted } = report;
  // What a dry run comes to is in the reasons alone, and those of instances that are not listed are not known.
  const would = instancesOmitted ? 0 : instances.filter((instance) => wouldChange(instance, report)).length;
  return countsText([
    ["failed", counts.failed],
    ["unconfirmed", counts.unconfirmed],
    ["done", counts.done],
    [`would ${action}`, would],
    ["already", counts.already],
    ["skipped", counts.skipped - would],
  ]);
}

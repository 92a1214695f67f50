import type { InstanceReport, Outcome, RunReport } from "../../schedule/report";
import type { Verdict } from "./instance-lines";

const KINDS: Readonly<Record<Outcome, Verdict["kind"]>> = {
  failed: "bad",
  unconfirmed: "bad",
  done: "good",
  already: "idle",
  skipped: "idle",
};

/** How the function says of an instance that a dry run went well for it. */
const WOULD = /^dry run: EC2 would (?:start|stop) it$/;

/** Whether a dry run found that the instance would be started or stopped. */
export function wouldChange({ reason = "" }: InstanceReport, { dryRun }: Pick<RunReport, "dryRun">): boolean {
  return dryRun && WOULD.test(reason);
}

/** What a run that starts or stops did to an instance, or would do in a dry run. */
export function changeVerdict(report: RunReport): (instance: InstanceReport) => Verdict {
  return (instance) => {
    const { outcome, reason = "", services } = instance;
    if (wouldChange(instance, report)) return { text: `would ${report.action}`, kind: "good" };
    const kind =
      services && services.status !== "passed" && KINDS[outcome] !== "bad" ? "doubtful" : undefined;
    return { text: outcome, kind: kind ?? KINDS[outcome], reason };
  };
}

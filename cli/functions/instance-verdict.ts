import type { InstanceReport, Outcome, RunReport, ServiceStatus } from "../../schedule/report";
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

/** What a run that starts or stops did to an instance, or would do in a dry run. */
export function changeVerdict({ action, dryRun }: RunReport): (instance: InstanceReport) => Verdict {
  return ({ outcome, reason = "", services }) => {
    if (dryRun && WOULD.test(reason)) return { text: `would ${action}`, kind: "good" };
    const kind =
      services && services.status !== "passed" && KINDS[outcome] !== "bad" ? "doubtful" : undefined;
    return { text: outcome, kind: kind ?? KINDS[outcome], reason };
  };
}

/** What became of the instances, by number: `2 would stop, 1 failed`. */
export function countsText(report: RunReport, verdict: (instance: InstanceReport) => Verdict): string {
  const { counts, instances, instancesOmitted } = report;
  const would = instancesOmitted
    ? 0
    : instances.filter((instance) => verdict(instance).text.startsWith("would ")).length;
  const parts: [string, number][] = [
    ["failed", counts.failed],
    ["unconfirmed", counts.unconfirmed],
    ["done", counts.done],
    [`would ${report.action}`, would],
    ["already", counts.already],
    ["skipped", counts.skipped - would],
  ];
  const told = parts.filter(([, count]) => count > 0).map(([what, count]) => `${count} ${what}`);
  return (told.length === 0 ? "No instances" : told.join(", ")) + servicesText(report);
}

/** `; services: 1 failed, 2 passed`. */
function servicesText({ services }: RunReport): string {
  if (services === undefined) return "";
  const told = SERVICE_STATUSES.filter((status) => services[status] > 0).map(
    (status) => `${services[status]} ${status}`,
  );
  return told.length === 0 ? "" : `; services: ${told.join(", ")}`;
}

const SERVICE_STATUSES: readonly ServiceStatus[] = ["failed", "pending", "unchecked", "passed"];

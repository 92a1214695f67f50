import type { InstanceReport, RunReport } from "../../schedule/report";
import { outcomesText } from "../report/outcomes-text";
import { servicesCounted, serviceText } from "../report/service-text";
import type { ShownRun } from "./shown-run";

/** What a run did, or why it did not: `2 done, 1 failed`. */
export function detailText({ report, error, outcome, attempt }: ShownRun): string {
  const again = attempt > 1 ? [`attempt ${attempt}`] : [];
  return [...again, ...whatText(report, error, outcome)].join("; ");
}

function whatText(report: RunReport | undefined, error: string | undefined, outcome: string): string[] {
  if (outcome === "no report") return ["no error either: older code, or somebody else's"];
  if (outcome === "running") return ["no end is logged yet"];
  // The outcome stands before it: `timed out`, and then `after 60 s`.
  const how = error?.replace(/^timed out /, "");
  if (report === undefined) return [how === undefined ? "no report" : `${how}, no report`];
  const ended = how === undefined ? [] : [`${how}, with its report already written`];
  if (report.reason !== undefined) return [...ended, report.reason];
  const outcomes = outcomesText(report) || "no instances";
  return [...ended, `${report.dryRun ? "dry run: " : ""}${outcomes}`, ...besides(report)];
}

function besides(report: RunReport): string[] {
  const { warnings } = report;
  const services = servicesCounted(report, ["failed", "pending", "unchecked"]);
  return [
    ...(services === "" ? [] : [`services ${services}`]),
    ...(warnings.length > 0 ? [`${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`] : []),
  ];
}

/** The first thing that went wrong, and how many more there are; undefined where nothing did. */
export function firstFailure({ report }: ShownRun): string | undefined {
  if (report === undefined) return undefined;
  const bad = report.instances.filter(isBad);
  const [first, ...others] = [
    ...report.errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...bad.map((instance) => `${instance.instanceId}: ${failureText(instance)}`),
  ];
  if (first === undefined) return undefined;
  const more = others.length + omittedFailures(report, bad.length);
  return more > 0 ? `${first} (and ${more} more: --verbose)` : first;
}

function isBad({ outcome, services }: InstanceReport): boolean {
  const ofServices = services?.status === "failed" || services?.status === "pending";
  return outcome === "failed" || outcome === "unconfirmed" || ofServices;
}

function omittedFailures({ counts, errors, instancesOmitted = 0 }: RunReport, listed: number): number {
  // Failures are listed first, so only where none else is left could some be missing.
  const missing = counts.failed + counts.unconfirmed - errors.length - listed;
  return Math.min(instancesOmitted, Math.max(0, missing));
}

function failureText({ outcome, reason, services }: InstanceReport): string {
  if (outcome === "failed" || outcome === "unconfirmed") return reason ?? outcome;
  return services === undefined ? outcome : serviceText(services);
}

import type { RunReport } from "../../schedule/report";
import { instanceLines, type Verdict } from "../functions/instance-lines";
import { functionLines, paragraph, sectionsText, tookText, wholeRunLines } from "../functions/report-lines";
import type { Terminal } from "../terminal";
import { type CheckRun, type CheckVerdict, checkVerdict } from "./check-run";

/** What the look inside came to, to be read in a terminal. */
export function checkText(run: CheckRun, region: string, terminal: Terminal): string {
  const { target, checks, answer } = run;
  const { bold } = terminal.colors;
  const sections = [
    [
      ...paragraph(`${target}: ${checks.join(", ")}`, terminal, bold),
      ...functionLines(answer, region, terminal),
    ],
    wholeRunLines(answer, terminal),
    ...(answer.report === undefined ? [] : reportSections(answer.report, run, region, terminal)),
  ];
  return sectionsText(sections);
}

function reportSections(
  report: RunReport,
  { names }: CheckRun,
  region: string,
  terminal: Terminal,
): string[][] {
  if (report.status !== "ok" && report.status !== "failed") return [];
  const options = { terminal, region, names, verdict, withServices: false };
  return [
    instanceLines(report, options),
    [
      ...paragraph(`${countsText(report)}; ${tookText(report)}`, terminal),
      ...paragraph(advice(report), terminal, terminal.colors.dim),
    ],
  ];
}

function verdict(instance: RunReport["instances"][number]): Verdict {
  const found = checkVerdict(instance);
  const says = instance.reason !== undefined && found !== "not running";
  return { text: found, kind: KINDS[found], ...(says ? { reason: instance.reason } : {}) };
}

const KINDS: Readonly<Record<CheckVerdict, Verdict["kind"]>> = {
  failed: "bad",
  unchecked: "doubtful",
  passed: "good",
  skipped: "idle",
  "not running": "idle",
};

function countsText({ instances }: RunReport): string {
  const verdicts = instances.map(checkVerdict);
  const counts = (Object.keys(KINDS) as CheckVerdict[]).map(
    (each) => [each, verdicts.filter((found) => found === each).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0).map(([each, count]) => `${count} ${each}`);
  return told.length === 0 ? "No instances" : told.join(", ");
}

function advice({ instances }: RunReport): string {
  const verdicts = instances.map(checkVerdict);
  if (verdicts.includes("unchecked")) {
    return "To be looked into, an instance needs the SSM agent and an instance profile with AmazonSSMManagedInstanceCore.";
  }
  return verdicts.every((each) => each === "not running" || each === "skipped")
    ? "Nothing was looked at: no instance of the target runs."
    : "";
}

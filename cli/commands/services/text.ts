import type { RunReport } from "../../../contract/report";
import type { Terminal } from "../../context";
import {
  formatRunTime,
  type InstanceVerdict,
  renderInstanceReports,
  renderInvocation,
} from "../../runs/render";
import { countWords, formatCounts, wrapParagraph } from "../../terminal/text";
import type { Tone } from "../../terminal/tone";
import { judgeServices, type ServicesRun, type ServicesVerdict } from "./check";

/** The results of the checks, to be read in a terminal. */
export function renderServices(run: ServicesRun, region: string, terminal: Terminal): string {
  const heading = wrapParagraph(`${run.target}: ${run.checks.join(", ")}`, terminal.columns, {
    paint: terminal.colors.bold,
  });
  const differs = run.configChecks
    ? `The config has other checks, which are not deployed: ${describeOthers(run.configChecks, run.checks)}. Deploy it first to run those.`
    : "";
  const note = wrapParagraph(differs, terminal.columns, { paint: terminal.colors.yellow });
  return renderInvocation([...heading, ...note], run, { region, terminal }, (report) =>
    renderReport(report, run, region, terminal),
  );
}

/** Names of commands are alike where their texts differ. */
function describeOthers(configured: readonly string[], deployed: readonly string[]): string {
  return configured.join() === deployed.join() ? "another command" : configured.join(", ") || "none";
}

function renderReport(
  report: RunReport,
  { names }: ServicesRun,
  region: string,
  terminal: Terminal,
): string[][] {
  if (report.status !== "ok" && report.status !== "failed") return [];
  const { columns, colors } = terminal;
  const options = { terminal, region, names, verdict: toInstanceVerdict, withServices: false };
  return [
    renderInstanceReports(report, options),
    [
      ...wrapParagraph(`${formatVerdicts(report)}; ${formatRunTime(report)}`, columns),
      ...wrapParagraph(describeAdvice(report), columns, { paint: colors.dim }),
    ],
  ];
}

function toInstanceVerdict(instance: RunReport["instances"][number]): InstanceVerdict {
  const found = judgeServices(instance);
  const says = instance.reason !== undefined && found !== "not running";
  return { text: found, tone: VERDICT_TONES[found], ...(says ? { reason: instance.reason } : {}) };
}

const VERDICT_TONES: Readonly<Record<ServicesVerdict, Tone>> = {
  failed: "bad",
  unchecked: "doubtful",
  passed: "good",
  skipped: "idle",
  "not running": "idle",
};

function formatVerdicts({ instances }: RunReport): string {
  return formatCounts(countWords(instances.map(judgeServices), Object.keys(VERDICT_TONES))) || "No instances";
}

function describeAdvice({ instances }: RunReport): string {
  const verdicts = instances.map(judgeServices);
  if (verdicts.includes("unchecked")) {
    return "Checked instances need the SSM agent and an instance profile with AmazonSSMManagedInstanceCore.";
  }
  return verdicts.every((each) => each === "not running" || each === "skipped")
    ? "Nothing was checked: no instance of the target runs."
    : "";
}

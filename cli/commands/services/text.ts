import type { RunReport } from "../../../contract/report";
import type { Terminal } from "../../context";
import { type AnswerJson, answerJson, functionLines, tookText, wholeRunLines } from "../../runs/invoke";
import { instanceLines, type Verdict } from "../../runs/render";
import { countsText, paragraph, sectionsText, tally } from "../../terminal/text";
import type { Tone } from "../../terminal/tone";
import { type CheckRun, type CheckVerdict, checkVerdict } from "./run";

/** What the look inside came to, to be read in a terminal. */
export function checkText(run: CheckRun, region: string, terminal: Terminal): string {
  const { target, checks, answer } = run;
  const { bold } = terminal.colors;
  const sections = [
    [
      ...paragraph(`${target}: ${checks.join(", ")}`, terminal.columns, { paint: bold }),
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
  const { columns, colors } = terminal;
  const options = { terminal, region, names, verdict, withServices: false };
  return [
    instanceLines(report, options),
    [
      ...paragraph(`${verdictsText(report)}; ${tookText(report)}`, columns),
      ...paragraph(advice(report), columns, { paint: colors.dim }),
    ],
  ];
}

function verdict(instance: RunReport["instances"][number]): Verdict {
  const found = checkVerdict(instance);
  const says = instance.reason !== undefined && found !== "not running";
  return { text: found, tone: VERDICT_TONES[found], ...(says ? { reason: instance.reason } : {}) };
}

const VERDICT_TONES: Readonly<Record<CheckVerdict, Tone>> = {
  failed: "bad",
  unchecked: "doubtful",
  passed: "good",
  skipped: "idle",
  "not running": "idle",
};

function verdictsText({ instances }: RunReport): string {
  return countsText(tally(instances.map(checkVerdict), Object.keys(VERDICT_TONES))) || "No instances";
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

/** What `check --json` prints: of the report, the `services` of its instances are what was looked for. */
export interface CheckJson extends AnswerJson {
  readonly target: string;
  /** What was looked at: `systemd nginx`, `tcp 5432`, `command`. */
  readonly checks: readonly string[];
}

export function checkJson({ target, checks, answer }: CheckRun): CheckJson {
  return { target, checks, ...answerJson(answer) };
}

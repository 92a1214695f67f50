import { STATE_AFTER } from "../../../contract/actions";
import type { RunReport } from "../../../contract/report";
import type { Terminal } from "../../context";
import { functionLines, tookText, wholeRunLines } from "../../runs/invoke";
import { changeVerdict, instanceLines, outcomesText, servicesCounted } from "../../runs/render";
import { filledColumns, table } from "../../terminal/table";
import { paragraph, sectionsText } from "../../terminal/text";
import { type Cell, plain } from "../../terminal/tone";
import type { Settled, SettledInstance, Settlement, TestRun } from "./run";

/** What the function reports, to be read in a terminal. */
export function testText(run: TestRun, region: string, terminal: Terminal): string {
  const { planned, applied, answer } = run;
  const { bold } = terminal.colors;
  const { name, action, targetNames, enabled } = planned;
  const notes = [...(enabled ? [] : ["disabled"]), ...(applied ? [] : ["dry run"])];
  const sections = [
    [
      bold(name) + [`  ${action} ${targetNames.join(", ")}`, ...notes].join(", "),
      ...functionLines(answer, region, terminal),
    ],
    wholeRunLines(answer, terminal),
    ...(answer.report === undefined ? [] : reportSections(answer.report, run, region, terminal)),
  ];
  return sectionsText(sections);
}

/** The instances' states once the wait is over. */
export function settledText(settled: Settled, { names, answer }: TestRun, terminal: Terminal): string {
  const lines =
    "unknown" in settled
      ? paragraph(`What the instances came to is not known: ${settled.unknown}`, terminal.columns, {
          paint: terminal.colors.red,
        })
      : settlementLines(settled, names, answer.report?.action ?? "stop", terminal);
  return `\n${lines.join("\n")}\n`;
}

function reportSections(
  report: RunReport,
  { names, applied }: TestRun,
  region: string,
  terminal: Terminal,
): string[][] {
  const { columns, colors } = terminal;
  return [
    instanceLines(report, { terminal, region, names, verdict: changeVerdict(report) }),
    [
      ...(report.status === "ok" || report.status === "failed"
        ? paragraph(`${countsText(report)}; ${tookText(report)}`, columns)
        : []),
      ...paragraph(whatItMeans(report, applied), columns, { paint: colors.dim }),
    ],
  ];
}

/** `1 failed, 2 done; services: 1 failed, 2 passed`. */
function countsText(report: RunReport): string {
  const services = servicesCounted(report);
  return `${outcomesText(report) || "No instances"}${services === "" ? "" : `; services: ${services}`}`;
}

function whatItMeans({ status, reason = "", instances }: RunReport, applied: boolean): string {
  if (status === "skipped") {
    return reason.startsWith("holiday")
      ? "The schedule's holidays hold for a test, too: no instance was looked at, nothing was changed."
      : "No instance was looked at, nothing was changed.";
  }
  if (status === "refused") return "";
  if (!applied) return "Nothing was changed: that takes --apply.";
  return instances.some(({ services }) => services?.status === "pending")
    ? "Pending services may need a moment more: look again with `check` (a scheduled start does so by itself)."
    : "";
}

function settlementLines(
  { complete, seconds, instances }: Settlement,
  names: ReadonlyMap<string, string>,
  action: RunReport["action"],
  terminal: Terminal,
): string[] {
  const { bold, red } = terminal.colors;
  const wanted = [...instances].sort((a, b) => Number(a.asWanted) - Number(b.asWanted));
  const rows = wanted.map((each): Cell[] => [
    each.instanceId,
    { text: names.get(each.instanceId) ?? "", paint: plain, mayBeCut: true },
    ...stateCells(each, action, terminal),
  ]);
  return [
    `${bold("Instances now")}${seconds > 0 ? `, ${seconds} s later` : ""}`,
    ...table(filledColumns(rows), { width: terminal.columns }),
    ...(complete
      ? []
      : paragraph(
          `Not all have settled${seconds > 0 ? ` after ${seconds} s` : ""}: \`status\` shows them later.`,
          terminal.columns,
          { paint: red },
        )),
  ];
}

function stateCells(
  { state, stateReason, asWanted }: SettledInstance,
  action: RunReport["action"],
  { colors }: Terminal,
): Cell[] {
  const why = asWanted || stateReason === undefined ? "" : stateReason.message;
  return [
    { text: state, paint: asWanted ? colors.green : colors.red },
    asWanted ? "" : { text: `not ${STATE_AFTER[action]}`, paint: colors.red },
    why,
  ];
}

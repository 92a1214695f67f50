import { STATE_AFTER } from "../../../contract/actions";
import type { RunReport } from "../../../contract/report";
import type { PlannedSchedule } from "../../../model/plan";
import type { Terminal } from "../../context";
import type { InvocationResult } from "../../runs/invoke";
import {
  changeVerdictOf,
  formatOutcomes,
  formatRunTime,
  formatServices,
  renderInstanceReports,
  renderInvocation,
} from "../../runs/render";
import { dropEmptyColumns, renderTable } from "../../terminal/table";
import { wrapParagraph } from "../../terminal/text";
import { type Cell, unpainted } from "../../terminal/tone";
import type { FinalState, WaitResult } from "./wait-for-state";

/** One run of a schedule's function by hand. */
export interface InvokeRun extends InvocationResult {
  readonly planned: PlannedSchedule;
  /** Whether instances were really to be stopped or started. */
  readonly applied: boolean;
}

/** The states of the instances after a run, or why they are not known. */
export type FinalStates = WaitResult | { readonly unknown: string };

/** Renders the function's report for a terminal. */
export function renderInvoke(run: InvokeRun, region: string, terminal: Terminal): string {
  const { planned, applied } = run;
  const { name, action, targetNames, enabled } = planned;
  const notes = [...(enabled ? [] : ["disabled"]), ...(applied ? [] : ["dry run"])];
  const asked = [`  ${action} ${targetNames.join(", ")}`, ...notes].join(", ");
  return renderInvocation([terminal.colors.bold(name) + asked], run, { region, terminal }, (report) =>
    renderReport(report, run, region, terminal),
  );
}

/** The instances' states once the wait is over. */
export function finalStatesText(
  states: FinalStates,
  { names, report }: InvokeRun,
  terminal: Terminal,
): string {
  const lines =
    "unknown" in states
      ? wrapParagraph(`The final states are not known: ${states.unknown}`, terminal.columns, {
          paint: terminal.colors.red,
        })
      : renderStates(states, names, report?.action ?? "stop", terminal);
  return `\n${lines.join("\n")}\n`;
}

function renderReport(
  report: RunReport,
  { names, applied }: InvokeRun,
  region: string,
  terminal: Terminal,
): string[][] {
  const { columns, colors } = terminal;
  return [
    renderInstanceReports(report, { terminal, region, names, verdict: changeVerdictOf(report) }),
    [
      ...(report.status === "ok" || report.status === "failed"
        ? wrapParagraph(`${formatResults(report)}; ${formatRunTime(report)}`, columns)
        : []),
      ...wrapParagraph(explain(report, applied), columns, { paint: colors.dim }),
    ],
  ];
}

/** `1 failed, 2 done; services: 1 failed, 2 passed`. */
function formatResults(report: RunReport): string {
  const services = formatServices(report);
  return `${formatOutcomes(report) || "No instances"}${services === "" ? "" : `; services: ${services}`}`;
}

function explain({ status, reason = "", instances }: RunReport, applied: boolean): string {
  if (status === "skipped") {
    return reason.startsWith("holiday")
      ? "The schedule's holidays hold for a run by hand, too: no instance was read, nothing was changed."
      : "No instance was read, nothing was changed.";
  }
  if (status === "refused") return "";
  if (!applied) return "Nothing was changed: that takes --apply.";
  return instances.some(({ services }) => services?.status === "pending")
    ? "Pending services may need a moment more: check them with `services` (a scheduled start does so by itself)."
    : "";
}

function renderStates(
  { complete, seconds, instances }: WaitResult,
  names: ReadonlyMap<string, string>,
  action: RunReport["action"],
  terminal: Terminal,
): string[] {
  const { bold, red } = terminal.colors;
  const wanted = [...instances].sort((a, b) => Number(a.asExpected) - Number(b.asExpected));
  const rows = wanted.map((each): Cell[] => [
    each.instanceId,
    { text: names.get(each.instanceId) ?? "", paint: unpainted, mayBeCut: true },
    ...renderState(each, action, terminal),
  ]);
  return [
    `${bold("Instances now")}${seconds > 0 ? `, ${seconds} s later` : ""}`,
    ...renderTable(dropEmptyColumns(rows), { width: terminal.columns }),
    ...(complete
      ? []
      : wrapParagraph(
          `Not all are in a final state${seconds > 0 ? ` after ${seconds} s` : ""}: \`status\` shows them later.`,
          terminal.columns,
          { paint: red },
        )),
  ];
}

function renderState(
  { state, stateReason, asExpected }: FinalState,
  action: RunReport["action"],
  { colors }: Terminal,
): Cell[] {
  const why = asExpected || stateReason === undefined ? "" : stateReason.message;
  return [
    { text: state, paint: asExpected ? colors.green : colors.red },
    asExpected ? "" : { text: `not ${STATE_AFTER[action]}`, paint: colors.red },
    why,
  ];
}

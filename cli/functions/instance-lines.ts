import type { InstanceReport, RunReport, ServiceReport } from "../../schedule/report";
import { columnsOf, printable } from "../printable";
import { type Cell, type Paint, table } from "../table";
import type { Terminal } from "../terminal";
import { wrapWords } from "../wrap";

export interface InstanceLinesOptions {
  readonly terminal: Terminal;
  /** The functions' region: that of an instance is shown where it is another. */
  readonly region: string;
  /** Names by instance id. */
  readonly names: ReadonlyMap<string, string>;
  /** What is said of an instance first, in a word or two. */
  readonly verdict: (instance: InstanceReport) => Verdict;
  /**
   * Whether there is a column of what `checks` came to.
   * @default true
   */
  readonly withServices?: boolean;
}

export interface Verdict {
  readonly text: string;
  readonly kind: "bad" | "doubtful" | "good" | "idle";
  /** What else there is to say. */
  readonly reason?: string;
}

const INDENT = 2;
/** Between two columns of a table. */
const GAP = 2;
const NOTE_INDENT = 6;
/** Names are cut to this where the terminal is narrow. */
const MIN_NAME_COLUMNS = 8;

/** A line for each instance of a report, failures first, with the reasons below it. */
export function instanceLines(report: RunReport, options: InstanceLinesOptions): string[] {
  const { terminal, verdict } = options;
  const instances = [...report.instances].sort(
    (a, b) => KINDS.indexOf(verdict(a).kind) - KINDS.indexOf(verdict(b).kind),
  );
  // One line a row, so that notes can go between: where the terminal is narrow, names give way.
  const lines = table(rowsOf(instances, options), { width: Number.POSITIVE_INFINITY, indent: INDENT });
  const listed = instances.flatMap((instance, index) => [
    lines[index] ?? "",
    ...noteLines(instance, verdict(instance), terminal),
  ]);
  const { instancesOmitted = 0 } = report;
  return instancesOmitted === 0
    ? listed
    : [...listed, `${" ".repeat(INDENT)}and ${instancesOmitted} more, which the report does not list`];
}

/** What a service report says beyond its status. */
export function serviceNotes({ reason, failing = [] }: ServiceReport): string[] {
  return [...failing.map(({ check, found }) => `${check}: ${found}`), ...(reason ? [reason] : [])];
}

const KINDS: readonly Verdict["kind"][] = ["bad", "doubtful", "good", "idle"];

/** Columns that no row fills are left out. */
function rowsOf(
  instances: readonly InstanceReport[],
  { terminal, region, names, verdict, withServices = true }: InstanceLinesOptions,
): Cell[][] {
  const nameOf = ({ instanceId }: InstanceReport) => printable(names.get(instanceId) ?? "");
  const columns: ((instance: InstanceReport) => Cell)[] = [
    (instance) => ({ text: verdict(instance).text, paint: paintOf(verdict(instance).kind, terminal) }),
    ({ instanceId }) => instanceId,
    nameOf,
    statesText,
    ({ services }) =>
      services && withServices
        ? { text: `services ${services.status}`, paint: servicePaint(services, terminal) }
        : "",
    (instance) => (instance.region === region ? "" : instance.region),
  ];
  const used = columns.filter((cell) => instances.some((instance) => textOf(cell(instance)) !== ""));
  const widths = used.map((cell) =>
    Math.max(...instances.map((instance) => columnsOf(textOf(cell(instance))))),
  );
  const over = INDENT - GAP + widths.reduce((sum, width) => sum + width + GAP, 0) - terminal.columns;
  const nameColumns = Math.max(MIN_NAME_COLUMNS, (widths[used.indexOf(nameOf)] ?? 0) - Math.max(over, 0));
  return instances.map((instance) =>
    used.map((cell) => (cell === nameOf ? cutText(nameOf(instance), nameColumns) : cell(instance))),
  );
}

/** `running -> stopped`. */
function statesText({ stateBefore, stateAfter }: InstanceReport): string {
  if (stateBefore === undefined) return stateAfter ?? "";
  return stateAfter === undefined || stateAfter === stateBefore
    ? stateBefore
    : `${stateBefore} -> ${stateAfter}`;
}

/** What there is to say below an instance, in lines that fit. */
function noteLines(
  { services }: InstanceReport,
  { kind, reason }: Verdict,
  { columns, colors }: Terminal,
): string[] {
  const notes = [...(reason ? [reason] : []), ...(services ? serviceNotes(services) : [])];
  const space = " ".repeat(NOTE_INDENT);
  const paint: Paint = kind === "bad" ? (same) => same : colors.dim;
  return notes.flatMap((note) =>
    wrapWords(printable(note), columns - NOTE_INDENT).map((line) => space + paint(line)),
  );
}

function paintOf(kind: Verdict["kind"], { colors }: Terminal): Paint {
  return { bad: colors.red, doubtful: colors.yellow, good: colors.green, idle: colors.dim }[kind];
}

function servicePaint({ status }: ServiceReport, { colors }: Terminal): Paint {
  return status === "passed" ? colors.green : status === "failed" ? colors.red : colors.yellow;
}

function cutText(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = text;
  while (columnsOf(cut) > columns - 1) cut = [...cut].slice(0, -1).join("");
  return `${cut}…`;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

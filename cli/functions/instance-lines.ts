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
}

export interface Verdict {
  readonly text: string;
  readonly kind: "bad" | "doubtful" | "good" | "idle";
}

const INDENT = 2;
const NOTE_INDENT = 6;
/** Names are cut to this where the terminal is narrow. */
const MIN_NAME_COLUMNS = 8;

/** A line for each instance of a report, failures first, with the reasons below it. */
export function instanceLines(report: RunReport, options: InstanceLinesOptions): string[] {
  const { terminal, verdict } = options;
  const instances = [...report.instances].sort(
    (a, b) => KINDS.indexOf(verdict(a).kind) - KINDS.indexOf(verdict(b).kind),
  );
  const rows = instances.map((instance) => cellsOf(instance, options));
  // A table of one line a row, so that notes can go between: names give way.
  const cut = cutNames(rows, terminal.columns);
  const lines = table(cut, { width: Number.POSITIVE_INFINITY, indent: INDENT });
  const listed = instances.flatMap((instance, index) => [
    lines[index] ?? "",
    ...noteLines(notesOf(instance, verdict(instance)), terminal),
  ]);
  const { instancesOmitted = 0 } = report;
  return instancesOmitted === 0
    ? listed
    : [...listed, `${" ".repeat(INDENT)}and ${instancesOmitted} more, which the report does not list`];
}

/** Text below something, in lines that fit. */
export function noteLines(notes: readonly string[], { columns, colors }: Terminal): string[] {
  const space = " ".repeat(NOTE_INDENT);
  return notes.flatMap((note) =>
    wrapWords(printable(note), columns - NOTE_INDENT).map((line) => space + colors.dim(line)),
  );
}

/** What a service report says beyond its status. */
export function serviceNotes({ reason, failing = [] }: ServiceReport): string[] {
  return [...failing.map(({ check, found }) => `${check}: ${found}`), ...(reason ? [reason] : [])];
}

const KINDS: readonly Verdict["kind"][] = ["bad", "doubtful", "good", "idle"];
const NAME_COLUMN = 2;

function cellsOf(instance: InstanceReport, options: InstanceLinesOptions): Cell[] {
  const { terminal, region, names, verdict } = options;
  const { text, kind } = verdict(instance);
  const { services } = instance;
  return [
    { text, paint: paintOf(kind, terminal) },
    instance.instanceId,
    printable(names.get(instance.instanceId) ?? ""),
    statesText(instance),
    services ? { text: `services ${services.status}`, paint: servicePaint(services, terminal) } : "",
    instance.region === region ? "" : instance.region,
  ];
}

/** `running -> stopped`. */
function statesText({ stateBefore, stateAfter }: InstanceReport): string {
  if (stateBefore === undefined) return stateAfter ?? "";
  return stateAfter === undefined || stateAfter === stateBefore
    ? stateBefore
    : `${stateBefore} -> ${stateAfter}`;
}

function notesOf({ reason, services }: InstanceReport, { text }: Verdict): string[] {
  const shown = reason === undefined || reason === text ? [] : [reason];
  return [...shown, ...(services ? serviceNotes(services) : [])];
}

function paintOf(kind: Verdict["kind"], { colors }: Terminal): Paint {
  return { bad: colors.red, doubtful: colors.yellow, good: colors.green, idle: colors.dim }[kind];
}

function servicePaint({ status }: ServiceReport, { colors }: Terminal): Paint {
  return status === "passed" ? colors.green : status === "failed" ? colors.red : colors.yellow;
}

function cutNames(rows: readonly Cell[][], columns: number): Cell[][] {
  const over = widthOf(rows) - columns;
  const names = rows.map((row) => textOf(row[NAME_COLUMN] ?? ""));
  const longest = Math.max(0, ...names.map(columnsOf));
  if (over <= 0 || longest <= MIN_NAME_COLUMNS) return rows.map((row) => [...row]);
  const most = Math.max(MIN_NAME_COLUMNS, longest - over);
  return rows.map((row, index) => row.with(NAME_COLUMN, cutText(names[index] ?? "", most)));
}

function cutText(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = text;
  while (columnsOf(cut) > columns - 1) cut = [...cut].slice(0, -1).join("");
  return `${cut}…`;
}

function widthOf(rows: readonly Cell[][]): number {
  return Math.max(...table(rows, { width: Number.POSITIVE_INFINITY, indent: INDENT }).map(plainColumns), 0);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the table has its colours in it
const COLORS = /\u001b\[\d+m/g;

function plainColumns(line: string): number {
  return columnsOf(line.replace(COLORS, ""));
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

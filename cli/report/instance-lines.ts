import type { InstanceReport, RunReport, ServiceReport } from "../../schedule/report";
import { type Cell, filledColumns, type Paint, plain, rowLines } from "../table";
import type { Terminal } from "../terminal";
import { paragraph } from "../wrap";
import { serviceNotes } from "./service-text";

export interface InstanceLinesOptions {
  readonly terminal: Terminal;
  /** The functions' region: that of an instance is shown where it is another. */
  readonly region: string;
  /**
   * Names by instance id.
   * @default none
   */
  readonly names?: ReadonlyMap<string, string>;
  /** What is said of an instance first, in a word or two. */
  readonly verdict: (instance: InstanceReport) => Verdict;
  /**
   * Whether there is a column of what `checks` came to.
   * @default true
   */
  readonly withServices?: boolean;
  /**
   * Columns before each line.
   * @default 2
   */
  readonly indent?: number;
}

export interface Verdict {
  readonly text: string;
  readonly kind: "bad" | "doubtful" | "good" | "idle";
  /** What else there is to say. */
  readonly reason?: string;
}

/** Of notes, below the line that they are about. */
const NOTE_INDENT = 4;
const KINDS: readonly Verdict["kind"][] = ["bad", "doubtful", "good", "idle"];

/** A line for each instance of a report, failures first, with the reasons below it. */
export function instanceLines(
  { instances, instancesOmitted = 0 }: RunReport,
  options: InstanceLinesOptions,
): string[] {
  const { terminal, verdict, indent = 2 } = options;
  const sorted = [...instances].sort(
    (a, b) => KINDS.indexOf(verdict(a).kind) - KINDS.indexOf(verdict(b).kind),
  );
  const rows = filledColumns(sorted.map((instance) => rowOf(instance, options)));
  const lines = rowLines(rows, { width: terminal.columns, indent });
  return [
    ...sorted.flatMap((instance, index) => [
      ...(lines[index] ?? []),
      ...noteLines(instance, verdict(instance), indent + NOTE_INDENT, terminal),
    ]),
    ...(instancesOmitted === 0
      ? []
      : [`${" ".repeat(indent)}and ${instancesOmitted} more, which the report does not list`]),
  ];
}

function rowOf(
  instance: InstanceReport,
  { terminal, region, names, verdict, withServices = true }: InstanceLinesOptions,
): Cell[] {
  const { instanceId, services } = instance;
  const { text, kind } = verdict(instance);
  return [
    { text, paint: paintOf(kind, terminal) },
    instanceId,
    { text: names?.get(instanceId) ?? "", paint: plain, mayBeCut: true },
    statesText(instance),
    services && withServices
      ? { text: `services ${services.status}`, paint: servicePaint(services, terminal) }
      : "",
    instance.region === region ? "" : instance.region,
  ];
}

/** `running -> stopped`, or the one state that it stayed in. */
function statesText({ stateBefore, stateAfter }: InstanceReport): string {
  return [...new Set([stateBefore, stateAfter])].filter(Boolean).join(" -> ");
}

function noteLines(
  { services }: InstanceReport,
  { kind, reason }: Verdict,
  indent: number,
  { columns, colors }: Terminal,
): string[] {
  const notes = [...(reason ? [reason] : []), ...(services ? serviceNotes(services) : [])];
  const paint = kind === "bad" ? plain : colors.dim;
  return notes.flatMap((note) => paragraph(note, columns, { indent, paint }));
}

function paintOf(kind: Verdict["kind"], { colors }: Terminal): Paint {
  return { bad: colors.red, doubtful: colors.yellow, good: colors.green, idle: colors.dim }[kind];
}

function servicePaint({ status }: ServiceReport, { colors }: Terminal): Paint {
  return status === "passed" ? colors.green : status === "failed" ? colors.red : colors.yellow;
}

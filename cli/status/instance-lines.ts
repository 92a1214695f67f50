import { columnsOf, printable } from "../printable";
import { type Cell, type Paint, rowLines } from "../table";
import type { Terminal } from "../terminal";
import { wrapWords } from "../wrap";
import { instanceNotes, type NotesContext } from "./instance-notes";
import { momentText } from "./moment-text";
import { instanceOutcome } from "./run-text";
import type { InstanceStatus } from "./status";
import type { Verdict } from "./verdict";

/** What stands before an instance, for those who see no colours too. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  off: "!",
  changing: "~",
  "left-alone": "-",
  ok: " ",
};

const NOTE_INDENT = 6;
/** Between two columns of a table. */
const GAP = 2;
const NAME = "Name";
/** Names are cut to this where the terminal is narrow. */
const MIN_NAME_COLUMNS = 8;

/** A line for each instance, with notes below it; those of several regions apart. */
export function instanceLines(
  instances: readonly InstanceStatus[],
  context: NotesContext,
  terminal: Terminal,
): string[] {
  const { columns, colors } = terminal;
  const heading = ["  Instance", NAME, "State", "Since", "Should be", "Last run"];
  const rows = instances.map((instance) => instanceRow(instance, context, terminal));
  const fitted = withNames(
    withoutEmpty([heading.map((text) => ({ text, paint: colors.dim })), ...rows]),
    columns,
  );
  const [headingLines = [], ...lines] = rowLines(fitted, { width: columns, indent: 0 });
  const regions = new Set(instances.map(({ region }) => region));
  return [
    ...headingLines,
    ...instances.flatMap((instance, index) => [
      ...(regions.size > 1 && instances[index - 1]?.region !== instance.region
        ? [colors.dim(`  ${instance.region}`)]
        : []),
      ...(lines[index] ?? []),
      ...noteLines(instanceNotes(instance, context), columns, paintOf(instance.verdict, colors)),
    ]),
  ];
}

/** What paints a verdict. */
export function paintOf(verdict: Verdict, colors: Terminal["colors"]): Paint {
  return { off: colors.red, changing: colors.yellow, "left-alone": colors.dim, ok: colors.green }[verdict];
}

function instanceRow(
  instance: InstanceStatus,
  { timezone, now }: NotesContext,
  { colors }: Terminal,
): Cell[] {
  const { instanceId, name = "", state, since, shouldBe, verdict, lastRun } = instance;
  const paint = paintOf(verdict, colors);
  const outcome = lastRun && instanceOutcome(lastRun);
  const bad = outcome?.kind === "bad" ? colors.red : colors.dim;
  return [
    { text: `${MARKS[verdict]} ${instanceId}`, paint: verdict === "ok" ? (text) => text : paint },
    name,
    { text: state, paint },
    since === undefined ? "" : momentText(since, now, timezone),
    { text: shouldBe.state, paint: verdict === "off" ? paint : colors.dim },
    { text: outcome?.text ?? "", paint: bad },
  ];
}

/** Without the columns that no instance fills. */
function withoutEmpty([heading = [], ...rows]: readonly Cell[][]): Cell[][] {
  const filled = (column: number) => rows.some((row) => textOf(row[column] ?? "") !== "");
  return [heading, ...rows].map((row) => row.filter((_, column) => filled(column)));
}

/** Where the rows are too wide, names give way. */
function withNames(rows: readonly Cell[][], columns: number): Cell[][] {
  const name = rows[0]?.findIndex((cell) => textOf(cell) === NAME) ?? -1;
  const widths = rows.reduce<number[]>(
    (widest, row) =>
      row.map((cell, index) => Math.max(widest[index] ?? 0, columnsOf(printable(textOf(cell))))),
    [],
  );
  const over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - columns;
  if (over <= 0 || name < 0) return [...rows];
  const room = Math.max(MIN_NAME_COLUMNS, (widths[name] ?? 0) - over);
  return rows.map((row, index) =>
    index === 0 ? row : row.with(name, cutText(textOf(row[name] ?? ""), room)),
  );
}

function cutText(text: string, columns: number): string {
  const shown = printable(text);
  if (columnsOf(shown) <= columns) return shown;
  let cut = shown;
  while (columnsOf(cut) > columns - 1) cut = [...cut].slice(0, -1).join("");
  return `${cut}…`;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function noteLines(notes: readonly string[], columns: number, paint: Paint): string[] {
  const space = " ".repeat(NOTE_INDENT);
  return notes.flatMap((note) =>
    wrapWords(printable(note), columns - NOTE_INDENT).map((line) => space + paint(line)),
  );
}

import { columnsOf, printable } from "./printable";

/** Colours a piece of text, or leaves it as it is. */
export type Paint = (text: string) => string;

export type Cell = string | { readonly text: string; readonly paint: Paint };

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly indent?: number;
}

const GAP = 2;

/**
 * Rows of text with their columns lined up. Where the width does not hold all columns, the last ones go on a line of
 * their own below the second column; one that does not fit even there runs over.
 */
export function table(rows: readonly (readonly Cell[])[], options: TableOptions): string[] {
  return rowLines(rows, options).flat();
}

/** The same, the lines of each row apart: for a row that has something of its own below it. */
export function rowLines(
  rows: readonly (readonly Cell[])[],
  { width, indent = 2 }: TableOptions,
): string[][] {
  const cells = rows.map((row) => row.map(toCell));
  const widths = columnWidths(cells);
  const below = indent + (widths[0] ?? 0) + GAP;
  const lines = breakColumns(widths, width, indent, below);
  return cells.map((row) =>
    lines.flatMap(({ first, end }) => {
      const start = first === 0 ? indent : below;
      const text = layLine(row.slice(first, end), widths.slice(first, end));
      return text === "" ? [] : [" ".repeat(start) + text];
    }),
  );
}

/** Whether each row needs one line only. */
export function fits(rows: readonly (readonly Cell[])[], width: number, indent = 2): boolean {
  const widths = columnWidths(rows.map((row) => row.map(toCell)));
  return widths.reduce((sum, columns) => sum + columns + GAP, indent - GAP) <= width;
}

interface PaintedCell {
  readonly text: string;
  readonly columns: number;
  readonly paint: Paint;
}

function toCell(cell: Cell): PaintedCell {
  const { text, paint } = typeof cell === "string" ? { text: cell, paint: (same: string) => same } : cell;
  const shown = printable(text);
  return { text: shown, columns: columnsOf(shown), paint };
}

function columnWidths(rows: readonly (readonly PaintedCell[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, { columns }] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, columns);
  }
  return widths;
}

function breakColumns(widths: readonly number[], width: number, indent: number, below: number) {
  const lines = [{ first: 0, end: 0 }];
  let used = indent;
  for (const [index, columns] of widths.entries()) {
    const line = lines.at(-1);
    if (line !== undefined && line.end > line.first && used + columns > width && index > 1) {
      lines.push({ first: index, end: index });
      used = below;
    }
    used += columns + GAP;
    const current = lines.at(-1);
    if (current !== undefined) current.end = index + 1;
  }
  return lines;
}

function layLine(cells: readonly PaintedCell[], widths: readonly number[]): string {
  const last = cells.findLastIndex(({ text }) => text !== "");
  return cells
    .slice(0, last + 1)
    .map(({ text, columns, paint }, index) => {
      const padding = index === last ? 0 : (widths[index] ?? 0) - columns + GAP;
      return (text === "" ? "" : paint(text)) + " ".repeat(padding);
    })
    .join("");
}

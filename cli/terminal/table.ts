import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { toPrintable, truncateToColumns } from "./text";
import { type Cell, type PaintedText, toPaintedText } from "./tone";

export interface TableOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly indent?: number;
}

const GAP = 2;
/** Cells are never cut to less than this. */
const MIN_CUT_COLUMNS = 8;

/**
 * Renders rows with aligned columns. Where they exceed the width, cells that may be cut are; then the last columns
 * move to a line of their own below the second column, and what is longer than such a line is wrapped.
 */
export function renderTable(rows: readonly (readonly Cell[])[], options: TableOptions): string[] {
  return renderRows(rows, options).flat();
}

/** Renders the same rows, grouped by row, so that a caller can print notes below each. */
export function renderRows(
  rows: readonly (readonly Cell[])[],
  { width, indent = 2 }: TableOptions,
): string[][] {
  const cells = cutToFit(
    rows.map((row) => row.map(toCell)),
    width - indent,
  );
  const widths = measureColumns(cells);
  const below = indent + (widths[0] ?? 0) + GAP;
  const lines = breakColumns(widths, width, indent, below);
  return cells.map((row) =>
    lines.flatMap(({ first, end }) => {
      const start = first === 0 ? indent : below;
      const line = row.slice(first, end);
      // What is alone on its line, and longer than it, is free text.
      const parts = first > 0 && line.length === 1 ? wrapCells(line, width - start) : [line];
      return parts.flatMap((part) => {
        const text = renderLine(part, widths.slice(first, end));
        return text === "" ? [] : [" ".repeat(start) + text];
      });
    }),
  );
}

/** Whether each row needs one line only. */
export function fitsWidth(rows: readonly (readonly Cell[])[], width: number, indent = 2): boolean {
  return sumColumns(measureColumns(rows.map((row) => row.map(toCell)))) <= width - indent;
}

/**
 * Removes the columns that are empty in every row.
 * @param headings how many rows at the top do not count
 */
export function dropEmptyColumns(rows: readonly (readonly Cell[])[], headings = 0): Cell[][] {
  const filled = (column: number) =>
    rows.slice(headings).some((row) => toPaintedText(row[column]).text !== "");
  return rows.map((row) => row.filter((_, column) => filled(column)));
}

/** Its text is printable. */
interface MeasuredCell extends PaintedText {
  readonly columns: number;
}

function toCell(cell: Cell): MeasuredCell {
  const painted = toPaintedText(cell);
  return measureCell(painted, toPrintable(painted.text));
}

function measureCell(cell: PaintedText, text: string): MeasuredCell {
  return { ...cell, text, columns: stringWidth(text) };
}

function cutToFit(rows: readonly MeasuredCell[][], room: number): readonly MeasuredCell[][] {
  const widths = measureColumns(rows);
  const over = sumColumns(widths) - room;
  if (over <= 0) return rows;
  return rows.map((row) =>
    row.map((cell, column) => {
      const columns = Math.max(MIN_CUT_COLUMNS, (widths[column] ?? 0) - over);
      return cell.mayBeCut ? measureCell(cell, truncateToColumns(cell.text, columns)) : cell;
    }),
  );
}

function sumColumns(widths: readonly number[]): number {
  return widths.reduce((sum, columns) => sum + columns + GAP, -GAP);
}

function measureColumns(rows: readonly (readonly MeasuredCell[])[]): number[] {
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

function wrapCells(cells: readonly MeasuredCell[], columns: number): MeasuredCell[][] {
  return cells.flatMap((cell) =>
    wrapAnsi(cell.text, columns, { hard: true })
      .split("\n")
      .map((text) => [measureCell(cell, text)]),
  );
}

function renderLine(cells: readonly MeasuredCell[], widths: readonly number[]): string {
  const last = cells.findLastIndex(({ text }) => text !== "");
  return cells
    .slice(0, last + 1)
    .map(({ text, columns, paint }, index) => {
      const padding = index === last ? 0 : (widths[index] ?? 0) - columns + GAP;
      return (text === "" ? "" : paint(text)) + " ".repeat(padding);
    })
    .join("");
}

import { columnsOf, printable } from "../printable";
import { type Cell, paintedText } from "../table";

export interface FlowOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Of the first line. */
  readonly indent: number;
  /** Of the lines after it. */
  readonly hanging: number;
  /** Columns between two pieces. */
  readonly gap: number;
}

/** Pieces of text side by side, in as many lines as they take; no piece is broken. */
export function flow(pieces: readonly Cell[], { width, indent, hanging, gap }: FlowOptions): string[] {
  const lines: string[] = [];
  let [line, used] = ["", 0];
  for (const piece of pieces) {
    const { text, paint } = paintedText(piece);
    const shown = printable(text);
    const columns = columnsOf(shown);
    if (columns === 0) continue;
    if (line !== "" && used + gap + columns > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    const before = line === "" ? (lines.length === 0 ? indent : hanging) : gap;
    used = (line === "" ? 0 : used) + before + columns;
    line += " ".repeat(before) + paint(shown);
  }
  return line === "" ? lines : [...lines, line.trimEnd()];
}

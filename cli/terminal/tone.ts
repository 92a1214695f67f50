import { styleText } from "node:util";

/** Colours a piece of text, or leaves it as it is. */
export type Paint = (text: string) => string;

export const unpainted: Paint = (text) => text;

const STYLES = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;

export type Colors = Readonly<Record<(typeof STYLES)[number], Paint>>;

/** @param enabled without it, every style leaves text as it is */
export function createColors(enabled: boolean): Colors {
  // Whether the stream takes colours is decided by the caller, so Node.js need not check it again.
  const styled = (style: (typeof STYLES)[number]): Paint =>
    enabled ? (text) => styleText(style, text, { validateStream: false }) : unpainted;
  return {
    bold: styled("bold"),
    dim: styled("dim"),
    red: styled("red"),
    green: styled("green"),
    yellow: styled("yellow"),
    cyan: styled("cyan"),
  };
}

/** How a run, an instance or a check is doing: decides the colour in which it is printed. Worst first. */
export const TONES = ["bad", "doubtful", "good", "active", "idle", "plain"] as const;

export type Tone = (typeof TONES)[number];

/** The colour of a tone. */
export function paintOf(tone: Tone, { red, yellow, green, cyan, dim }: Colors): Paint {
  return { bad: red, doubtful: yellow, good: green, active: cyan, idle: dim, plain: unpainted }[tone];
}

/** Text of a table or a line, with its colour. */
export type Cell = string | PaintedText;

export interface PaintedText {
  readonly text: string;
  readonly paint: Paint;
  /** Whether it is cut before columns go on another line, as names may be. */
  readonly mayBeCut?: boolean;
}

export function toPaintedText(cell: Cell = ""): PaintedText {
  return typeof cell === "string" ? { text: cell, paint: unpainted } : cell;
}

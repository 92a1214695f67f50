import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { type Cell, type Paint, toPaintedText, unpainted } from "./tone";

/** Joins emoji to one, such as a family. */
const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F)\u200D(?=\p{Extended_Pictographic})/u;
/** Chooses the coloured or the plain form of the emoji before it. */
const EMOJI_STYLE = /(?<=\p{Emoji})(?:\uFE0E|\uFE0F)/u;
/**
 * Invisible characters, and those that steer a terminal or turn the direction of writing: control and format characters,
 * line separators, and what Unicode shows as nothing (Default_Ignorable_Code_Point of its DerivedCoreProperties.txt).
 */
const UNPRINTABLE = new RegExp(
  `(?!${EMOJI_JOINER.source}|${EMOJI_STYLE.source})[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
  "gu",
);

/** Escapes the characters that a terminal would act upon, or that a reader would not see. Names are free text. */
export function toPrintable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : escapeUnits(character);
  });
}

/** Does the same to the text of a JSON document, which stays the same document. */
export function toPrintableJson(json: string): string {
  return json.replace(UNPRINTABLE, (character) => (character === "\n" ? character : escapeUnits(character)));
}

/** Escapes each UTF-16 unit. */
function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

const ESCAPE = "\u001b";
/** The sequences of this program: colours, and the cleared screen of `status --watch`. */
const OWN_SEQUENCES = new RegExp(`(${ESCAPE}\\[(?:\\d{1,2}m|H|[23]J)|[\\n\\t])`);

/**
 * Escapes text on its way to an output, as the last step before it. Each text was escaped before it was painted; this
 * catches what nothing painted.
 * @param isTerminal whether colours may be in it
 */
export function toPrintableOutput(text: string, isTerminal: boolean): string {
  return text
    .split(OWN_SEQUENCES)
    .map((part, index) =>
      index % 2 === 0 || (part.startsWith(ESCAPE) && !isTerminal) ? toPrintable(part) : part,
    )
    .join("");
}

/** Does the same for several lines, and keeps the line breaks. */
export function toPrintableLines(text: string): string {
  return text.split("\n").map(toPrintable).join("\n");
}

/** Cuts printable text to a number of columns, marked by an ellipsis. */
export function truncateToColumns(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  // Not cli-truncate: 5 cuts wide characters a column too late, 6 needs Node.js 22.
  const [start] = wrapAnsi(text, columns - 1, { hard: true, wordWrap: false, trim: false }).split("\n");
  return `${start}…`;
}

/**
 * Wraps printable text between words; a longer word is on a line of its own. Empty text gives no line.
 * @param firstColumns of the first line, where it has more or less room
 */
export function wrapWords(text: string, columns: number, firstColumns = columns): string[] {
  // wrap-ansi composes characters too: done first, the lines are parts of this text.
  const words = text.normalize().split(" ").filter(Boolean).join(" ");
  const [first = ""] = wrapAnsi(words, firstColumns).split("\n");
  const rest = words.slice(first.length).trimStart();
  return [first, ...(rest === "" ? [] : wrapAnsi(rest, columns).split("\n"))].filter(Boolean);
}

export interface ParagraphOptions {
  /**
   * Columns before the text.
   * @default 0
   */
  readonly indent?: number;
  /**
   * Columns before the lines after the first.
   * @default those of `indent`
   */
  readonly hanging?: number;
  /** @default as it is */
  readonly paint?: Paint;
}

/** Escapes text for a terminal and wraps it to a number of columns. */
export function wrapParagraph(
  text: string,
  columns: number,
  { indent = 0, hanging = indent, paint = unpainted }: ParagraphOptions = {},
): string[] {
  return wrapWords(toPrintable(text), columns - hanging, columns - indent).map(
    (line, index) => " ".repeat(index === 0 ? indent : hanging) + paint(line),
  );
}

/** One entry of a list. */
export function formatListItem(text: string, columns: number): string[] {
  return wrapParagraph(`- ${text}`, columns, { indent: 2, hanging: 4 });
}

export interface InlineOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Indent of the first line. */
  readonly indent: number;
  /** Indent of the other lines. */
  readonly hanging: number;
  /** Columns between two pieces. */
  readonly gap: number;
}

/** Joins pieces of text in as few lines as they fit into; no piece is broken. */
export function joinInline(
  pieces: readonly Cell[],
  { width, indent, hanging, gap }: InlineOptions,
): string[] {
  const lines: string[] = [];
  let [line, used] = ["", 0];
  for (const piece of pieces) {
    const { text, paint } = toPaintedText(piece);
    const shown = toPrintable(text);
    const columns = stringWidth(shown);
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

/** Joins non-empty sections with a blank line. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

/** Formats the counts above zero: `2 failed, 1 done`. */
export function formatCounts(counts: Iterable<readonly [what: string, count: number]>): string {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(", ");
}

/**
 * Counts each word.
 * @param order of the words; by default as they come
 */
export function countWords(words: readonly string[], order: readonly string[] = []): Map<string, number> {
  const counts = new Map(order.map((word) => [word, 0]));
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

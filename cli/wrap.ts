import { columnsOf, printable } from "./printable";
import { type Paint, plain } from "./table";

/**
 * Printable text in lines of at most so many columns, broken between words; a longer word is on a line of its own. No
 * text is no line.
 * @param firstColumns of the first line, where it has more or less room
 */
export function wrapWords(text: string, columns: number, firstColumns = columns): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    const room = lines.length > 1 ? columns : firstColumns;
    if (line === undefined || columnsOf(longer) > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
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

/** Any text, spelled out as far as a terminal would act upon it, in lines that fit so many columns. */
export function paragraph(
  text: string,
  columns: number,
  { indent = 0, hanging = indent, paint = plain }: ParagraphOptions = {},
): string[] {
  return wrapWords(printable(text), columns - hanging, columns - indent).map(
    (line, index) => " ".repeat(index === 0 ? indent : hanging) + paint(line),
  );
}

/** One entry of a list. */
export function listItem(text: string, columns: number): string[] {
  return paragraph(`- ${text}`, columns, { indent: 2, hanging: 4 });
}

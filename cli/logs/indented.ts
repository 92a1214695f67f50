import { printable } from "../printable";
import { wrapWords } from "../wrap";

/**
 * A sentence in lines that fit.
 * @param hanging indent of the lines after the first
 */
export function indented(text: string, width: number, indent = 0, hanging = indent): string[] {
  return wrapWords(printable(text), width - Math.max(indent, hanging)).map(
    (line, index) => " ".repeat(index === 0 ? indent : hanging) + line,
  );
}

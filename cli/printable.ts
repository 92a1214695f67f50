import { eastAsianWidth } from "get-east-asian-width";

// Invisible characters and those that steer a terminal or turn the direction of writing. Names are free text.
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text with whatever a terminal would act upon spelled out. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Printable text cut to so many columns, which an ellipsis shows. */
export function cutText(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let cut = text;
  while (columnsOf(cut) > columns - 1) cut = [...cut].slice(0, -1).join("");
  return `${cut}…`;
}

/** Columns that printable text takes in a terminal. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (!/\p{M}/u.test(character)) columns += eastAsianWidth(character.codePointAt(0) ?? 0);
  }
  return columns;
}

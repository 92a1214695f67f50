import { eastAsianWidth } from "get-east-asian-width";

// Parts of the font size, of the widest among the usual sans-serif fonts: whoever looks at the picture has any of them.
const NARROW = 0.34;
const USUAL = 0.6;
const CAPITAL = 0.72;
const WIDEST = 0.95;
/** Scripts from here on (Greek, Cyrillic, ...) are not told apart. */
const AFTER_LATIN = 0x250;

/** How wide text is at most, in units of the picture, whatever font it is shown in. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * fontSize;
}

/** The text, or as much of its beginning and its end as fits: names often differ in their last part. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  const characters = [...text];
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const end = Math.floor(kept / 3);
    const shorter = `${characters
      .slice(0, kept - end)
      .join("")
      .trimEnd()}…${characters.slice(characters.length - end).join("")}`;
    if (textWidth(shorter, fontSize) <= width) return shorter;
  }
  return "…";
}

/** The text in lines that fit, broken between words. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && textWidth(longer, fontSize) <= width) lines[lines.length - 1] = longer;
    else lines.push(fitText(word, fontSize, width));
  }
  return lines;
}

function widthOf(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const code = character.codePointAt(0) ?? 0;
  if (eastAsianWidth(code) === 2) return 1;
  if (/[ijl.,:;'|! ()]/.test(character)) return NARROW;
  if (/[mwMW@%]/.test(character) || code >= AFTER_LATIN) return WIDEST;
  return /[A-Z]/.test(character) ? CAPITAL : USUAL;
}

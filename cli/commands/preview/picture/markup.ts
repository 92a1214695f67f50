import stringWidth from "string-width";

/** Colours of one appearance. */
interface Palette {
  readonly ground: string;
  readonly frame: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly idle: string;
  readonly running: string;
  readonly start: string;
  readonly stop: string;
  readonly saved: string;
  readonly holiday: string;
  readonly change: string;
}

export const LIGHT: Palette = {
  ground: "#ffffff",
  frame: "#d1d9e0",
  text: "#1f2328",
  muted: "#59636e",
  grid: "#e6eaef",
  idle: "#c4ccd6",
  running: "#79b8f7",
  start: "#116329",
  stop: "#b3261e",
  saved: "#1a7f37",
  holiday: "#7a3fc4",
  change: "#9a6700",
};

export const DARK: Palette = {
  ground: "#0d1117",
  frame: "#3d444d",
  text: "#f0f6fc",
  muted: "#a0aab5",
  grid: "#21272f",
  idle: "#444c56",
  running: "#2f6bb3",
  start: "#5fd975",
  stop: "#ff8077",
  saved: "#4ac26b",
  holiday: "#bc94f8",
  change: "#e3b341",
};

/**
 * The picture's style sheet. It follows the reader's choice of light or dark wherever the picture is shown, as an
 * `<img>` too, and brings its own ground, since a page may be dark where the reader's system is not. Colours are
 * written out in each rule: programs other than browsers know no custom properties.
 */
export function renderStyleSheet(): Markup {
  const rules = [
    'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums}',
    ".title{font-size:18px;font-weight:600}.day{font-size:12.5px;font-weight:600}.name,.hours{font-size:13.5px;font-weight:600}",
    ".small{font-size:11px}.time{font-size:10.5px}.scale{font-size:10.5px}.middle{text-anchor:middle}.end{text-anchor:end}",
    ".skipped-time{text-decoration:line-through}.idle,.unknown,.grid,.hour,.tick{fill:none}",
    ".unknown{stroke-width:2;stroke-dasharray:2 4}.tick{stroke-width:2}.fine{stroke-width:.75}.skipped-tick{stroke-width:1.5;stroke-dasharray:2 2;fill:none}",
    ".hatch{stroke-width:1.5;stroke-opacity:.45}.band{fill-opacity:.28}",
    renderColors(LIGHT),
    `@media (prefers-color-scheme:dark){${renderColors(DARK)}}`,
  ];
  return new Markup(rules.join("\n"));
}

function renderColors(palette: Palette): string {
  return [
    `.ground{fill:${palette.ground};stroke:${palette.frame}}`,
    `.title,.day,.name,.hours{fill:${palette.text}}`,
    `.small,.time,.scale{fill:${palette.muted}}`,
    `.grid{stroke:${palette.frame}}.hour{stroke:${palette.grid}}`,
    `.idle,.unknown{stroke:${palette.idle}}`,
    `.running{fill:${palette.running}}`,
    `.start{fill:${palette.start}}.start-tick{stroke:${palette.start}}`,
    `.stop{fill:${palette.stop}}.stop-tick{stroke:${palette.stop}}`,
    `.saved{fill:${palette.saved}}`,
    `.skipped-time{fill:${palette.muted}}.skipped-tick{stroke:${palette.muted}}`,
    `.holiday{fill:${palette.holiday}}.hatch{stroke:${palette.holiday}}`,
    `.change,.band{fill:${palette.change}}`,
  ].join("");
}

/** Text that is markup already, and is not escaped again. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Markup[];

/** SVG or HTML: values are escaped, markup within markup is kept, numbers get at most two decimals. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(
    strings.reduce((text, string, index) => text + writeValue(values[index - 1] ?? "") + string),
  );
}

export const EMPTY_MARKUP = new Markup("");

function writeValue(value: Value): string {
  if (typeof value === "number") return String(Number(value.toFixed(2)));
  if (typeof value === "string") return escapeText(value);
  if (value instanceof Markup) return value.text;
  return value.map(({ text }) => text).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// XML has no way to write most control characters, and half a surrogate pair is no character at all.
const unwritable = /(?![\t\n])[\p{Cc}\p{Cs}\ufffe\uffff]/gu;

function escapeText(text: string): string {
  return text
    .replace(unwritable, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

// Parts of the font size, of the widest among the usual sans-serif fonts, since the reader may have any of them.
const NARROW = 0.34;
const USUAL = 0.6;
const CAPITAL = 0.72;
const WIDEST = 0.95;
/** Scripts from here on (Greek, Cyrillic, ...) all count as widest. */
const AFTER_LATIN = 0x250;

/** Estimates the greatest width of text, in units of the picture, in any usual font. */
export function measureText(text: string, fontSize: number): number {
  let width = 0;
  for (const character of splitCharacters(text)) width += measureCharacter(character);
  return width * fontSize;
}

/** The text, or as much of its beginning and its end as fits: names often differ in their last part. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (measureText(text, fontSize) <= width) return text;
  const characters = splitCharacters(text);
  for (let kept = characters.length - 1; kept > 1; kept--) {
    const end = Math.floor(kept / 3);
    const shorter = `${characters
      .slice(0, kept - end)
      .join("")
      .trimEnd()}…${characters.slice(characters.length - end).join("")}`;
    if (measureText(shorter, fontSize) <= width) return shorter;
  }
  return "…";
}

/** The text in lines that fit, broken between words. */
export function wrapText(text: string, fontSize: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trimStart();
    if (lines.length > 0 && measureText(longer, fontSize) <= width) lines[lines.length - 1] = longer;
    else lines.push(fitText(word, fontSize, width));
  }
  return lines;
}

const segmenter = new Intl.Segmenter();

/** As people count them: an emoji or a letter with its marks is one. */
function splitCharacters(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

function measureCharacter(character: string): number {
  const columns = stringWidth(character);
  if (columns === 0) return 0;
  if (columns > 1) return columns / 2;
  const code = character.codePointAt(0) ?? 0;
  if (/[ijl.,:;'|! ()]/.test(character)) return NARROW;
  if (/[mwMW@%]/.test(character) || code >= AFTER_LATIN) return WIDEST;
  return /[A-Z]/.test(character) ? CAPITAL : USUAL;
}

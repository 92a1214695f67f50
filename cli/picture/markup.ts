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
  return new Markup(strings.reduce((text, string, index) => text + write(values[index - 1] ?? "") + string));
}

export const nothing = new Markup("");

function write(value: Value): string {
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

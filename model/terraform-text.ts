/**
 * Text of the user as Terraform will hand it on unchanged: `${` and `%{` would be evaluated as templates. Tokens of
 * cdktf stay, to be resolved as ever.
 */
export function escapeTemplate(text: string): string {
  return text.includes("{") ? text.replace(TEMPLATE_OPENERS, "$1$&") : text;
}

/** Whether the value is, or holds, something that only Terraform will know. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${TfToken[") || value.includes("#{TfToken[");
  if (typeof value === "number") return value < MIN_PLAIN_NUMBER;
  return false;
}

/** Whether a list is one token that stands for a list of unknown length. */
export function isUnresolvedList(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "string" && value[0].includes("#{TfToken[");
}

/** Whether a mapping is one token that stands for a mapping of unknown keys. */
export function isUnresolvedMap(value: object): boolean {
  return Object.keys(value).some((key) => key.includes("&{TfToken["));
}

const TEMPLATE_OPENERS = /([$%])\{(?!TfToken\[)/g;

// cdktf encodes numbers that are not known yet as huge negative ones.
const MIN_PLAIN_NUMBER = -1e200;

/** Writes a token (a string that holds one, or a list that is one) so that its value is JSON once it is known. */
export type TokenWriter = (token: string | readonly string[]) => string;

/**
 * The value as JSON that survives Terraform and the triggers: no template is opened by the user's text, and no `<`
 * or `>` of it can be taken for a placeholder of an input transformer or of EventBridge Scheduler.
 */
export function toJson(value: unknown, writeToken: TokenWriter = writeAsPlainJson): string {
  const text = JSON.stringify(value);
  return text.includes("{TfToken[") ? writeWithTokens(value, writeToken) : escapeText(text);
}

/** How the texts of a blueprint are written. */
export interface TextWriter {
  /** A text of the user's. */
  text(value: string): string;
  /** A document, as JSON in which no `<` or `>` of the user's can be taken for a placeholder of the triggers. */
  json(value: unknown): string;
}

/** Just as AWS has them. */
export const PLAIN_TEXT: TextWriter = {
  text: (value) => value,
  json: (value) => escapePlaceholders(JSON.stringify(value)),
};

/** As Terraform reads them. */
export function terraformText(writeToken: TokenWriter): TextWriter {
  return { text: escapeTemplate, json: (value) => toJson(value, writeToken) };
}

/** The same for a string that is known to hold tokens which bring no quotes, such as an ARN. */
export function quoteWithTokens(text: string): string {
  return escapeText(JSON.stringify(text));
}

function writeWithTokens(value: unknown, writeToken: TokenWriter): string {
  if (isUnresolvedList(value)) return writeToken(value as readonly string[]);
  if (Array.isArray(value)) return `[${value.map((item) => writeWithTokens(item, writeToken)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${writeKey(key)}:${writeWithTokens(member, writeToken)}`).join(",")}}`;
  }
  if (typeof value === "string" && isUnresolved(value)) return writeToken(value);
  return escapeText(JSON.stringify(value));
}

function writeKey(key: string): string {
  return escapeText(JSON.stringify(key));
}

function escapeText(json: string): string {
  return escapeTemplate(escapePlaceholders(json));
}

function escapePlaceholders(json: string): string {
  return json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

function writeAsPlainJson(token: string | readonly string[]): string {
  return JSON.stringify(token);
}

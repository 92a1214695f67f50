/**
 * Escapes `${` and `%{`, which Terraform would evaluate as templates. Tokens of cdktf are left for cdktf to resolve.
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeTemplate(text: string): string {
  if (!text.includes("{")) return text;
  return isUnresolved(text) ? escapeBesideTokens(text) : text.replace(/[$%](?=\{)/g, "$&$&");
}

/**
 * Escapes a text that has tokens, or stands in one. A dollar sign becomes an interpolation of its own: doubled, it would escape
 * the interpolation of a token after it, and cdktf would take the token to be inside an expression.
 */
function escapeBesideTokens(text: string): string {
  return text.replace(/%(?=\{)|\$+(?=\{(?!TfToken\[)|\$\{TfToken\[)/g, (signs) =>
    signs === "%" ? "%%" : `\${"${signs}"}`,
  );
}

/** Writes a text without tokens as a string literal of Terraform's language, which has all escapes of JSON. */
export function quoteForExpression(text: string): string {
  return escapeTemplate(JSON.stringify(text));
}

/** Escapes all keys and texts of a value, at any depth. */
export function escapeTemplates(value: unknown): unknown {
  if (typeof value === "string") return escapeTemplate(value);
  if (Array.isArray(value)) return value.map(escapeTemplates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [escapeTemplate(key), escapeTemplates(inner)]),
  );
}

/**
 * Returns what Terraform would change in a text, as what is expected of it: it normalizes every text to NFC, and reads
 * lone surrogates of UTF-16 as U+FFFD. Control characters are in no text that AWS shows.
 * @see https://pkg.go.dev/github.com/zclconf/go-cty/cty#StringVal
 */
export function expectedOfText(text: string): string | undefined {
  if (/^[\t\n -~]*$/.test(text)) return undefined;
  if (/\p{Cs}/u.test(text)) return "text in Unicode, in which surrogates are in pairs";
  if (/[^\P{Cc}\t\n]/u.test(text)) return "text without control characters";
  if (text !== text.normalize("NFC"))
    return "text of composed characters (NFC), to which Terraform converts it";
  return undefined;
}

/** Whether the value is or contains a token, whose value only Terraform knows. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${TfToken[") || value.includes("#{TfToken[");
  if (typeof value === "number") return value < MIN_PLAIN_NUMBER && Number.isFinite(value);
  return false;
}

/** Whether a text holds a number token, as a template literal of JavaScript writes it: cdktf finds none in a text. */
export function holdsNumberToken(text: string): boolean {
  return (text.match(/-\d(?:\.\d+)?e\+\d{3}/g) ?? []).some((number) => isUnresolved(Number(number)));
}

/** Whether a list is one token that stands for a list of unknown length. */
export function isUnresolvedList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 1 &&
    typeof value[0] === "string" &&
    value[0].includes("#{TfToken[")
  );
}

/** Whether a mapping is one token that stands for a mapping with unknown keys. */
export function isUnresolvedMap(value: object): boolean {
  return Object.keys(value).some((key) => key.includes("&{TfToken["));
}

// cdktf encodes number tokens as huge negative numbers.
const MIN_PLAIN_NUMBER = -1e200;

/** Writes a token (a string that contains one, or a list token) so that Terraform turns its value into JSON. */
export type TokenWriter = (token: string | readonly string[]) => string;

/**
 * Serializes a value as JSON that Terraform and the triggers pass on unchanged: `${` and `%{` are escaped for Terraform,
 * `<` and `>` so that EventBridge reads no placeholder of an input transformer or of EventBridge Scheduler in user text.
 */
export function toJson(value: unknown, writeToken: TokenWriter = writeAsPlainJson): string {
  const text = JSON.stringify(value);
  return /[$#]\{TfToken\[/.test(text)
    ? writeWithTokens(value, writeToken)
    : escapeTemplate(escapePlaceholders(text));
}

/** Writes the texts of a blueprint for one reader. */
export interface TextWriter {
  /** A text from the config. */
  text(value: string): string;
  /** A document as JSON with escaped `<` and `>`, which would be placeholders to EventBridge. */
  json(value: unknown): string;
}

/** Writes texts as AWS stores them. */
export const PLAIN_TEXT: TextWriter = {
  text: (value) => value,
  json: (value) => escapePlaceholders(JSON.stringify(value)),
};

/** Writes texts for Terraform JSON. */
export function terraformText(writeToken: TokenWriter): TextWriter {
  return { text: escapeTemplate, json: (value) => toJson(value, writeToken) };
}

/** Quotes a string whose tokens need no escaping in JSON, such as an ARN. */
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
  return escapeBesideTokens(escapePlaceholders(json));
}

function escapePlaceholders(json: string): string {
  return json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

function writeAsPlainJson(token: string | readonly string[]): string {
  return JSON.stringify(token);
}

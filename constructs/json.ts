import { isUnresolved, isUnresolvedList, literal } from "./literal";

/** Writes a token (a string that holds one, or a list that is one) so that its value is JSON once it is known. */
export type TokenWriter = (token: string | readonly string[]) => string;

/**
 * The value as JSON that survives Terraform and the triggers: no template is opened by the user's text, and no `<`
 * or `>` of it can be taken for a placeholder of an input transformer or of EventBridge Scheduler.
 */
export function toJson(value: unknown, writeToken: TokenWriter = withoutTokens): string {
  const text = JSON.stringify(value);
  return text.includes("{TfToken[") ? writeParts(value, writeToken) : escapeText(text);
}

/** The same for a string that is known to hold tokens which bring no quotes, such as an ARN. */
export function quoteWithTokens(text: string): string {
  return escapeText(JSON.stringify(text));
}

function writeParts(value: unknown, writeToken: TokenWriter): string {
  if (isUnresolvedList(value)) return writeToken(value as readonly string[]);
  if (Array.isArray(value)) return `[${value.map((item) => writeParts(item, writeToken)).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${writeKey(key)}:${writeParts(member, writeToken)}`).join(",")}}`;
  }
  if (typeof value === "string" && isUnresolved(value)) return writeToken(value);
  return escapeText(JSON.stringify(value));
}

function writeKey(key: string): string {
  return escapeText(JSON.stringify(key));
}

function escapeText(json: string): string {
  return literal(json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"));
}

function withoutTokens(token: string | readonly string[]): string {
  return JSON.stringify(token);
}

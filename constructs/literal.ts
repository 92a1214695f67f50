/**
 * Text of the user as Terraform will hand it on unchanged: `${` and `%{` would be evaluated as templates. Tokens of
 * cdktf stay, to be resolved as ever.
 */
export function literal(text: string): string {
  return text.includes("{") ? text.replace(TEMPLATE_OPENERS, "$1$&") : text;
}

/** What Terraform makes of a literal: the text as the user, and AWS, has it. */
export function unescaped(text: string): string {
  return text.replace(ESCAPED_OPENERS, "$1{");
}

/** Both keys and values of a map, as literals. */
export function literalMap(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [literal(key), literal(value)]));
}

/** Whether the value is, or holds, something that only Terraform will know. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("${TfToken[") || value.includes("#{TfToken[");
  if (typeof value === "number") return value < SMALLEST_PLAIN_NUMBER;
  return false;
}

/** Whether a list is one token that stands for a list of unknown length. */
export function isUnresolvedList(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "string" && value[0].includes("#{TfToken[");
}

const TEMPLATE_OPENERS = /([$%])\{(?!TfToken\[)/g;
const ESCAPED_OPENERS = /([$%])\1\{/g;

// cdktf encodes numbers that are not known yet as huge negative ones.
const SMALLEST_PLAIN_NUMBER = -1e200;

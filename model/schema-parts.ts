import * as z from "zod/mini";

// Building blocks of the schemas of the props and of the config file. Each `expected` completes "expected ..., got ..."
// in a problem.

type Schema = z.core.$ZodType;

/** Keywords of JSON Schema that only editors use. */
type Hints = Readonly<Record<string, unknown>>;

export const pattern = ({ source }: RegExp): Hints => ({ pattern: source });
export const itemPattern = (regExp: RegExp): Hints => ({ items: { type: "string", ...pattern(regExp) } });

export const text = (expected: string) => z.string({ error: expected });
export const flag = () => z.boolean({ error: "true or false" });
export const onlyTrue = () => z.literal(true, { error: "true" });
export const wholeNumber = (expected: string) => z.int({ error: expected });
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: values.join(" or ") });
export const anyValue = () => z.unknown();
export const listOf = <Item extends Schema>(item: Item, expected: string) =>
  z.array(item, { error: expected });
export const mapOf = <Value extends Schema>(value: Value, expected: string) =>
  z.record(z.string(), value, { error: expected });
export const oneOrMany = <Item extends Schema>(item: Item, expected: string) =>
  z.union([item, listOf(item, expected)], { error: expected });
export const either = <const Options extends readonly Schema[]>(options: Options, expected: string) =>
  z.union(options, { error: expected });

/** A mapping with these keys only. The error of an unknown key lists the known ones, of which the nearest is suggested. */
export function block<Shape extends z.core.$ZodShape>(shape: Shape, expected: string) {
  const known = Object.keys(shape).join(" ");
  return z.strictObject(shape, {
    error: ({ code }) => (code === "unrecognized_keys" ? known : expected),
  });
}

/** A required key, with a description for editors. */
export function required<Of extends Schema>(schema: Of, description: string, hints: Hints = {}): Of {
  z.globalRegistry.add(schema, { description, ...hints });
  return schema;
}

/** An optional key, with a description for editors. */
export function optional<Of extends Schema>(schema: Of, description: string, hints: Hints = {}) {
  return required(z.exactOptional(schema), description, hints);
}

const ACCEPTS_TOKENS = new WeakSet<Schema>();

/**
 * Marks a schema as one that accepts a Terraform token: in place of a text, list or whole number, or as a key of a
 * mapping. All other tokens are refused.
 */
export function mayBeToken<Of extends Schema>(schema: Of): Of {
  ACCEPTS_TOKENS.add(schema);
  return schema;
}

export function acceptsTokens(schema: Schema): boolean {
  return ACCEPTS_TOKENS.has(schema);
}

import * as z from "zod/mini";
import { isRecord } from "../contract/collections";
import { closestName, type Problem, pathAndParents, pathTo, show } from "./problem";
import { acceptsTokens } from "./schema-parts";
import { isUnresolved, isUnresolvedList, isUnresolvedMap } from "./terraform-text";

type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

/** A scalar's own characters in the file, by its path: what was written says more than what was read (012 is 12). */
type Sources = (path: string) => string | undefined;

interface ShapeOptions {
  /** Whether Terraform tokens are taken where the schema accepts them. */
  readonly tokens: boolean;
  readonly sources?: Sources;
}

/** A value as far as it has the shape of `T`: what is missing or of a wrong type is undefined. */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

interface Parsed<T> {
  readonly problems: readonly Problem[];
  /** A copy, without members that are undefined. */
  readonly valid: DeepPartial<T>;
}

/**
 * Compares a value with a schema: all keys and types that are wrong, and what is right of the value. A block is judged
 * as a whole when its keys are right.
 */
export function parseShape<Of extends Schema>(
  schema: Of,
  value: unknown,
  { tokens, sources = () => undefined }: ShapeOptions,
): Parsed<z.infer<Of>> {
  const walker = new SchemaWalker(tokens);
  const copy = walker.copy(schema, value, []);
  const issues = [...(z.safeParse(schema, copy).error?.issues ?? []), ...walker.issues];
  const sameBlock = (a: z.core.$ZodIssue, b: z.core.$ZodIssue) => formatPath(a.path) === formatPath(b.path);
  const found = issues
    .filter(
      (issue) =>
        issue.code !== "custom" || !issues.some((other) => other !== issue && sameBlock(other, issue)),
    )
    .flatMap((issue) => problemsOf(issue, issue.path, { value: copy, sources }))
    .filter(
      ({ path }) =>
        walker.handledPaths.size === 0 ||
        !pathAndParents(path).some((parent) => walker.handledPaths.has(parent)),
    );
  const located = [...found, ...walker.refused];
  const isWhole = isRecord(copy) && !located.some(({ at }) => at.length === 0);
  for (const { at } of located) remove(copy, at);
  return {
    problems: located.map(({ path, expected, got }) => ({ path, expected, got })),
    valid: (isWhole ? copy : {}) as DeepPartial<z.infer<Of>>,
  };
}

/** A problem with the keys that lead to it. */
interface LocatedProblem extends Problem {
  readonly at: Path;
}

/** Copies a value along its schema, and finds what zod does not see: Terraform tokens, circles, and objects of another kind. */
class SchemaWalker {
  /** Of these, whatever zod says of the copy is no news. */
  readonly handledPaths = new Set<string>();
  readonly refused: LocatedProblem[] = [];
  /** Of members called `__proto__`, which zod leaves out. */
  readonly issues: z.core.$ZodIssue[] = [];
  readonly #tokens: boolean;
  readonly #parents = new Set<unknown>();

  /** @param tokens whether tokens are taken at all */
  constructor(tokens: boolean) {
    this.#tokens = tokens;
  }

  copy(optional: Schema, value: unknown, at: Path): unknown {
    const schema = alternativeFor(value, withoutOptional(optional));
    if (isToken(value)) {
      this.#token(at, acceptsTokens(schema) && canStandFor(value, schema));
      return value;
    }
    if (typeof value !== "object" || value === null) return value;
    if (this.#parents.has(value))
      return this.#refuse(at, "a value that does not hold itself", "one that does");
    this.#parents.add(value);
    const copy = this.#members(schema, value, at);
    this.#parents.delete(value);
    return copy;
  }

  #members(schema: Schema, value: object, at: Path): unknown {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === "array" && Array.isArray(value)) {
      return Array.from(value, (item, index) => this.copy(def.element, item, [...at, index]));
    }
    if (!isRecord(value)) return value;
    const kind = typeTag(value);
    if (kind !== "Object") return this.#refuse(at, "a plain object", `an object of type ${kind}`);
    const members = Object.entries(value);
    if (def.type === "object") {
      const present = members.filter(([, member]) => member !== undefined);
      return Object.fromEntries(
        present.map(([key, member]) => {
          const known = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
          return [key, known === undefined ? member : this.copy(known, member, [...at, key])];
        }),
      );
    }
    // A name without a value is a mistake: a tag left out would widen a target.
    if (def.type === "record") {
      return Object.fromEntries(
        members.map(([key, member]) => [key, this.#member(schema, def.valueType, key, member, at)]),
      );
    }
    return value;
  }

  #member(map: Schema, valueType: Schema, key: string, member: unknown, at: Path): unknown {
    const path = [...at, key];
    if (isUnresolved(key) && !(this.#tokens && acceptsTokens(map))) {
      this.#token(path, false);
      return member;
    }
    const copy = this.copy(valueType, member, path);
    if (key === "__proto__") {
      const issues = z.safeParse(valueType, copy).error?.issues ?? [];
      this.issues.push(...issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] })));
    }
    return copy;
  }

  #token(at: Path, accepted: boolean): void {
    if (this.#tokens && accepted) this.handledPaths.add(formatPath(at));
    else this.#refuse(at, "a value that is known at synth", "a Terraform token");
  }

  #refuse(at: Path, expected: string, got: string): undefined {
    const path = formatPath(at);
    this.handledPaths.add(path);
    this.refused.push({ at, path, expected, got });
    return undefined;
  }
}

/** `Object` for plain objects and those of classes; `Map`, `Date`, `String` and the like have their members elsewhere. */
function typeTag(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function withoutOptional(schema: Schema): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "optional" ? withoutOptional(def.innerType) : schema;
}

/** Of one value or a list, and of two kinds of blocks: the one that the value is most like. */
function alternativeFor(value: unknown, schema: Schema): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== "union") return schema;
  const [first = schema] = def.options;
  const fits = (option: Schema): boolean => {
    const { def: inner } = (option as z.core.$ZodTypes)._zod;
    if (inner.type === "array") return Array.isArray(value);
    if (inner.type !== "object") return !Array.isArray(value);
    return isRecord(value) && Object.keys(inner.shape).some((key) => Object.hasOwn(value, key));
  };
  const ofType = isRecord(value) ? def.options.find(isBlock) : undefined;
  return def.options.find(fits) ?? ofType ?? first;
}

function isBlock(schema: Schema): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === "object";
}

/** Whether the value as a whole is known to Terraform only. cdktf encodes booleans and others as objects that resolve. */
function isToken(value: unknown): boolean {
  if (isRecord(value)) return isUnresolvedMap(value) || typeof value["resolve"] === "function";
  return isUnresolved(value) || isUnresolvedList(value);
}

/** Whether a token has the encoding of the schema's type. */
function canStandFor(value: unknown, schema: Schema): boolean {
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  if (Array.isArray(value)) return type === "array";
  if (typeof value === "number") return type === "number";
  return typeof value === "string" && (type === "string" || type === "enum");
}

/** Makes what stands at a path of a copy undefined. Its key stays, since others may name it. */
function remove(copy: unknown, at: Path): void {
  const key = at.at(-1);
  const parent = valueAt(copy, at.slice(0, -1)) as Record<PropertyKey, unknown> | undefined;
  if (key === undefined || parent === undefined || !Object.hasOwn(parent, key)) return;
  Object.defineProperty(parent, key, { value: undefined, enumerable: true });
}

interface ReadValue {
  readonly value: unknown;
  readonly sources: Sources;
}

function problemsOf(issue: z.core.$ZodIssue, at: Path, read: ReadValue): LocatedProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(" ");
    return issue.keys.map((key) => unknownKey([...at, key], key, known, read));
  }
  if (issue.code === "invalid_union") {
    // A list where one value or a list may stand: its items are wrong, not the list.
    const inside =
      issue.errors.find((branch) => branch.every(({ path }) => path.length > 0)) ?? onlyOfType(issue);
    if (inside) return inside.flatMap((nested) => problemsOf(nested, [...at, ...nested.path], read));
  }
  const value = valueAt(read.value, at);
  const path = formatPath(at);
  const got = describe(value, read.sources(path), expectsText(issue)) + suggestion(value, valuesOf(issue));
  return [{ at, path, expected: issue.message, got }];
}

/** The issues of the one alternative whose type is right: of a mapping where a list or a mapping may stand. */
function onlyOfType({ errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const ofType = errors.filter(
    (branch) => !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  return ofType.length === 1 ? ofType[0] : undefined;
}

function unknownKey(at: Path, key: string, known: readonly string[], read: ReadValue): LocatedProblem {
  const suggested = suggestion(key, known);
  const choices = suggested === "" ? `one of the keys ${known.join(", ")}` : "a known key";
  const expected = isUnquotedComma(key, valueAt(read.value, at))
    ? "quotes around a value that holds a comma"
    : choices;
  return { at, path: formatPath(at), expected, got: `the unknown key ${show(key)}${suggested}` };
}

function suggestion(got: unknown, candidates: readonly string[]): string {
  const near = typeof got === "string" ? closestName(got, candidates) : undefined;
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function valuesOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === "invalid_value" ? issue.values.map(String) : [];
}

// { expression: cron(0 20 ? * MON,TUE *) } is read as the keys `expression` and `TUE *)`.
function isUnquotedComma(key: string, value: unknown): boolean {
  return value === null && key.endsWith(")");
}

function expectsText(issue: z.core.$ZodIssue): boolean {
  if (issue.code === "invalid_union") return issue.errors.flat().some(expectsText);
  return issue.code === "invalid_type" && issue.expected === "string";
}

function describe(value: unknown, source: string | undefined, textExpected: boolean): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (typeof value === "string") return `the text ${show(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    if (keys.length === 0) return "an empty mapping";
    return `a mapping with the key${keys.length === 1 ? "" : "s"} ${shorten(keys.join(", "))}`;
  }
  const written = shorten(source ?? String(value));
  return `${typeof value === "number" ? "the number " : ""}${written}${textExpected ? " without quotes" : ""}`;
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

function formatPath(path: Path): string {
  return path.reduce<string>(
    (parent, key) => pathTo(parent, typeof key === "number" ? key : String(key)),
    "",
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, key) =>
      typeof parent === "object" && parent !== null && Object.hasOwn(parent, key)
        ? parent[key as keyof typeof parent]
        : undefined,
    value,
  );
}

import * as z from "zod/mini";
import { isRecord } from "../contract/collections";
import { closestName, type Problem, pathAndParents, pathTo, show } from "./problem";
import { acceptsTokens } from "./schema-parts";
import {
  expectedOfText,
  holdsNumberToken,
  isUnresolved,
  isUnresolvedList,
  isUnresolvedMap,
} from "./terraform-text";

type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

/** Returns the characters of a scalar as written in the file: `012` is clearer in a message than the number 12. */
type Sources = (path: string) => string | undefined;

interface ShapeOptions {
  /** Whether Terraform tokens are accepted where the schema allows them. */
  readonly tokens: boolean;
  readonly sources?: Sources;
}

/** A value of type `T` in which members that are missing or of a wrong type are undefined. */
export type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly (DeepPartial<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: DeepPartial<T[Key]> | undefined }
    : T;

interface Parsed<T> {
  readonly problems: readonly Problem[];
  /** A copy of the value in which members of a wrong type are undefined. */
  readonly valid: DeepPartial<T>;
}

/**
 * Compares a value with a schema. Returns all wrong keys and types, and the valid part of the value. Rules about a block
 * as a whole apply only if its keys are valid.
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
        ![...pathAndParents(path), ""].some((parent) => walker.handledPaths.has(parent)),
    );
  const located = [...found, ...walker.refused];
  const isWhole = isRecord(copy) && !located.some(({ at }) => at.length === 0);
  for (const { at } of located) removeAt(copy, at);
  return {
    problems: located.map(({ at: _, ...problem }) => problem),
    valid: (isWhole ? copy : {}) as DeepPartial<z.infer<Of>>,
  };
}

/** A problem with the keys of its path. */
interface LocatedProblem extends Problem {
  readonly at: Path;
}

/** Copies a value along its schema. Finds what zod misses: Terraform tokens, circular references, and unusual objects. */
class SchemaWalker {
  /** Paths that are reported or accepted here: zod's issues at these are ignored. */
  readonly handledPaths = new Set<string>();
  readonly refused: LocatedProblem[] = [];
  /** Issues of members named `__proto__`, which zod skips. */
  readonly issues: z.core.$ZodIssue[] = [];
  readonly #tokens: boolean;
  readonly #parents = new Set<unknown>();

  /** @param tokens whether tokens are accepted where the schema allows them */
  constructor(tokens: boolean) {
    this.#tokens = tokens;
  }

  copy(optional: Schema, value: unknown, at: Path): unknown {
    if (typeof value === "string" && this.#text(value, at) === undefined) return undefined;
    const kind = this.#read(at, () => kindOf(value, withoutOptional(optional)));
    if (kind === undefined) return undefined;
    const { schema } = kind;
    if (kind.isToken) {
      if (this.#tokens && typeof value === "string" && isUnresolvedList([value])) {
        return this.#refuse(at, "a text: a list token must be the whole list", "a list token");
      }
      this.#token(at, acceptsTokens(schema) && canStandFor(value, schema));
      return value;
    }
    if (typeof value !== "object" || value === null) return value;
    if (this.#parents.has(value))
      return this.#refuse(at, "a value that does not hold itself", "one that does");
    if (kind.type !== "Object" && kind.type !== "Array")
      return this.#refuse(at, "a plain object", `an object of type ${kind.type}`);
    this.#parents.add(value);
    const copy = this.#members(schema, value, at);
    this.#parents.delete(value);
    return copy;
  }

  #members(schema: Schema, value: object, at: Path): unknown {
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (Array.isArray(value)) {
      if (def.type !== "array" && def.type !== "unknown") return value;
      const item = def.type === "array" ? def.element : schema;
      return Array.from({ length: value.length }, (_, index) => {
        const path = [...at, index];
        return this.copy(
          item,
          this.#read(path, () => value[index]),
          path,
        );
      });
    }
    const members = Object.keys(value).map(
      (key) => [key, this.#read([...at, key], () => value[key as keyof typeof value])] as const,
    );
    if (def.type === "object") {
      const present = members.filter(([, member]) => member !== undefined);
      return Object.fromEntries(
        present.map(([key, member]) => {
          const known = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
          return [key, known === undefined ? member : this.copy(known, member, [...at, key])];
        }),
      );
    }
    // A key with an undefined value is an error here: omitting a tag would select more instances.
    if (def.type === "record" || def.type === "unknown") {
      const valueType = def.type === "record" ? def.valueType : schema;
      return Object.fromEntries(
        members.map(([key, member]) => [key, this.#member(schema, valueType, key, member, at)]),
      );
    }
    return value;
  }

  /** Returns what `read` reads of the value at a path. An error, such as that of a getter, is a problem of the value. */
  #read<T>(at: Path, read: () => T): T | undefined {
    try {
      return read();
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      return this.#refuse(at, "a value that can be read", `an error: ${message}`, cause);
    }
  }

  /** Refuses a text that Terraform would change, or that does not hold what was meant. */
  #text(value: string, at: Path): string | undefined {
    const expected = expectedOfText(value);
    if (expected !== undefined) return this.#refuse(at, expected, show(value));
    if (!this.#tokens || !holdsNumberToken(value)) return value;
    return this.#refuse(at, "a text: Token.asString makes one of a number token", "a number token in a text");
  }

  #member(map: Schema, valueType: Schema, key: string, member: unknown, at: Path): unknown {
    const path = [...at, key];
    if (this.#text(key, path) === undefined) return undefined;
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

  #refuse(at: Path, expected: string, got: string, cause?: unknown): undefined {
    const path = formatPath(at);
    this.handledPaths.add(path);
    this.refused.push({ at, path, expected, got, ...(cause === undefined ? {} : { cause }) });
    return undefined;
  }
}

/** What the walker reads of a value, which may be an object with getters of its own. */
function kindOf(value: unknown, schema: Schema) {
  if (typeof value === "object" && value !== null) Object.keys(value);
  return { schema: alternativeFor(value, schema), isToken: isToken(value), type: typeTag(value) };
}

/** Returns `Object` for plain objects and instances of classes, else the built-in type, such as `Map` or `Date`. */
function typeTag(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

function withoutOptional(schema: Schema): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "optional" ? withoutOptional(def.innerType) : schema;
}

/** Returns the alternative of a union that the value most resembles. */
function alternativeFor(value: unknown, schema: Schema): Schema {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type !== "union") return schema;
  const [first = schema] = def.options;
  const fits = (option: Schema): boolean => {
    const { def: inner } = (option as z.core.$ZodTypes)._zod;
    if (inner.type === "array") return Array.isArray(value);
    if (inner.type === "string") return typeof value !== "object";
    if (inner.type !== "object") return !Array.isArray(value);
    return isRecord(value) && Object.keys(inner.shape).some((key) => Object.hasOwn(value, key));
  };
  const ofType = isRecord(value) ? def.options.find(isBlock) : undefined;
  return def.options.find(fits) ?? ofType ?? first;
}

function isBlock(schema: Schema): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === "object";
}

/** Whether the whole value is a token. cdktf encodes tokens of other types, such as booleans, as objects with `resolve`. */
function isToken(value: unknown): boolean {
  if (isRecord(value)) return isUnresolvedMap(value) || typeof value["resolve"] === "function";
  return isUnresolved(value) || isUnresolvedList(value);
}

/** Whether a token is encoded as the type of the schema. */
function canStandFor(value: unknown, schema: Schema): boolean {
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  if (Array.isArray(value)) return type === "array";
  if (typeof value === "number") return type === "number";
  return typeof value === "string" && (type === "string" || type === "enum");
}

/** Sets the value at a path of a copy to undefined. The key stays, because other values may refer to it. */
function removeAt(copy: unknown, at: Path): void {
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
    // For a list where one value or a list is allowed, the items are wrong, not the list.
    const inside =
      issue.errors.find((branch) => branch.every(({ path }) => path.length > 0)) ?? onlyOfType(issue);
    if (inside) return inside.flatMap((nested) => problemsOf(nested, [...at, ...nested.path], read));
  }
  const value = valueAt(read.value, at);
  const path = formatPath(at);
  const got = describe(value, read.sources(path), expectsText(issue)) + suggestion(value, valuesOf(issue));
  return [{ at, path, expected: issue.message, got }];
}

/** Returns the issues of the only alternative that has the type of the value, such as a mapping. */
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
  const near = typeof got === "string" ? nearestOf(got, candidates) : undefined;
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

/** Another name of a candidate counts more than letters: `amd64` is `x86_64`, though it looks like `arm64`. */
function nearestOf(got: string, candidates: readonly string[]): string | undefined {
  const meant = OTHER_NAMES.get(got.toLowerCase());
  return meant !== undefined && candidates.includes(meant) ? meant : closestName(got, candidates);
}

/** What other systems call a value of a setting, such as Docker an architecture. */
const OTHER_NAMES = new Map([
  ...["amd64", "x64", "x86", "x86-64", "x86_64", "intel"].map((name) => [name, "x86_64"] as const),
  ...["aarch64", "arm", "armv8", "arm64v8", "graviton", "graviton2"].map((name) => [name, "arm64"] as const),
  ...["rule", "rules", "events", "eventbridge", "cloudwatch"].map((name) => [name, "event-rule"] as const),
  ...["eventbridge-scheduler", "schedule"].map((name) => [name, "scheduler"] as const),
  ...["up", "on"].map((name) => [name, "start"] as const),
  ...["down", "off", "shutdown"].map((name) => [name, "stop"] as const),
]);

function valuesOf(issue: z.core.$ZodIssue): string[] {
  return issue.code === "invalid_value" ? issue.values.map(String) : [];
}

// YAML parses { expression: cron(0 20 ? * MON,TUE *) } as the keys `expression` and `TUE *)`.
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

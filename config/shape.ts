import type { core } from "zod/mini";
import { nearest, type Problem, pathTo, show } from "../model/problem";
import { configSchema } from "./schema";

/** A scalar's own characters in the file, by its path: what was written says more than what was read (012 is 12). */
export type Sources = (path: string) => string | undefined;

/** What is wrong with the keys and types of a config's value. A block is judged as a whole when its keys are right. */
export function findShapeProblems(value: unknown, sources: Sources): Problem[] {
  const issues = configSchema.safeParse(value).error?.issues ?? [];
  const sameBlock = (a: core.$ZodIssue, b: core.$ZodIssue) => formatPath(a.path) === formatPath(b.path);
  return issues
    .filter(
      (issue) =>
        issue.code !== "custom" || !issues.some((other) => other !== issue && sameBlock(other, issue)),
    )
    .flatMap((issue) => problemsOf(issue, issue.path, { value, sources }));
}

interface Read {
  readonly value: unknown;
  readonly sources: Sources;
}

type Path = readonly PropertyKey[];

function problemsOf(issue: core.$ZodIssue, at: Path, read: Read): Problem[] {
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
  const got = describe(value, read.sources(path), wantsText(issue)) + suggestion(value, valuesOf(issue));
  return [{ path, expected: issue.message, got }];
}

/** The issues of the one alternative whose type is right: of a mapping where a list or a mapping may stand. */
function onlyOfType({ errors }: core.$ZodIssueInvalidUnion): core.$ZodIssue[] | undefined {
  const ofType = errors.filter(
    (branch) => !branch.some(({ code, path }) => code === "invalid_type" && path.length === 0),
  );
  return ofType.length === 1 ? ofType[0] : undefined;
}

function unknownKey(at: Path, key: string, known: readonly string[], read: Read): Problem {
  const suggested = suggestion(key, known);
  const choices = suggested === "" ? `one of the keys ${known.join(", ")}` : "a known key";
  const expected = unquoted(key, valueAt(read.value, at))
    ? "quotes around a value that holds a comma"
    : choices;
  return { path: formatPath(at), expected, got: `the unknown key ${show(key)}${suggested}` };
}

function suggestion(got: unknown, candidates: readonly string[]): string {
  const near = typeof got === "string" ? nearest(got, candidates) : undefined;
  return near === undefined ? "" : ` (did you mean ${near}?)`;
}

function valuesOf(issue: core.$ZodIssue): string[] {
  return issue.code === "invalid_value" ? issue.values.map(String) : [];
}

// { expression: cron(0 20 ? * MON,TUE *) } is read as the keys `expression` and `TUE *)`.
function unquoted(key: string, value: unknown): boolean {
  return value === null && key.endsWith(")");
}

function wantsText(issue: core.$ZodIssue): boolean {
  if (issue.code === "invalid_union") return issue.errors.flat().some(wantsText);
  return issue.code === "invalid_type" && issue.expected === "string";
}

function describe(value: unknown, source: string | undefined, textWanted: boolean): string {
  if (value === undefined) return "nothing";
  if (value === null) return "an empty value";
  if (typeof value === "string") return `the text ${show(value)}`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : `a list of ${value.length}`;
  if (typeof value === "object") {
    const keys = Object.keys(value);
    if (keys.length === 0) return "an empty mapping";
    return `a mapping with the key${keys.length === 1 ? "" : "s"} ${cut(keys.join(", "))}`;
  }
  const written = cut(source ?? String(value));
  return `${typeof value === "number" ? "the number " : ""}${written}${textWanted ? " without quotes" : ""}`;
}

function cut(text: string): string {
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

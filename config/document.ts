import { Composer, LineCounter, Parser, type YAMLError } from "yaml";
import type { ConfigProblem } from "./error";
import { findExcess } from "./excess";
import { type Place, ValueReader } from "./values";

/** A YAML text as plain values, with the place of each by its path. */
export interface ConfigDocument {
  /** Strings, numbers, booleans, null, arrays and plain objects. */
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Place>;
  readonly problems: readonly ConfigProblem[];
  /** Paths of values that are left out: of them the problems have said all there is to say. */
  readonly unread: readonly string[];
  /** First line that is not valid YAML: what follows it may be misread. */
  readonly brokenFrom?: number;
}

// YAML 1.2's core schema whatever the file's own %YAML line says, so that `yes`, `2027-01-01` and `20:00` stay text.
// Duplicate keys are looked for here (the library compares each with each).
const OPTIONS = {
  schema: "core",
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Reads a YAML text. Never throws: what is wrong is in `problems`. */
export function parseDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const excess = findExcess(tokens);
  if (excess) return { value: undefined, places: new Map(), problems: [excess], unread: [], brokenFrom: 1 };

  const documents = [...new Composer(OPTIONS).compose(tokens, true, text.length)];
  const [document] = documents;
  const errors = documents.flatMap((each) => each.errors).map((error) => syntaxProblem(error, lines));
  const warnings = documents.flatMap((each) => each.warnings).map((error) => syntaxProblem(error, lines));
  if (documents.length > 1) errors.push(manyDocuments(documents.length));

  const reader = new ValueReader(lines);
  const value = reader.read(document?.contents ?? null);
  const problems = [...errors, ...warnings, ...reader.problems];
  const brokenFrom = errors.reduce((first, { line = 1 }) => Math.min(first, line), Number.POSITIVE_INFINITY);
  return {
    value,
    places: reader.places,
    problems,
    unread: reader.unread,
    ...(errors.length > 0 && { brokenFrom }),
  };
}

function syntaxProblem({ message, pos }: YAMLError, lines: LineCounter): ConfigProblem {
  const { line, col } = lines.linePos(pos[0]);
  return { path: "", expected: "valid YAML", got: `a syntax error: ${message}`, line, column: col };
}

function manyDocuments(count: number): ConfigProblem {
  return { path: "", expected: "one YAML document", got: `${count}, divided by \`---\`` };
}

import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type Pair,
  type ParsedNode,
  Parser,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { type Problem, pathTo, show } from "../model/problem";
import type { ConfigProblem } from "./error";

/** A YAML text as plain values, with their locations. */
export interface ConfigDocument {
  /** Strings, numbers, booleans, null, arrays and plain objects. */
  readonly value: unknown;
  /** Locations of the values by path. */
  readonly locations: ReadonlyMap<string, SourceLocation>;
  readonly problems: readonly ConfigProblem[];
  /** Paths of values that are left out because of a problem. */
  readonly unparsedPaths: readonly string[];
  /** First line that is not valid YAML. Values below it may be misread. */
  readonly firstErrorLine?: number;
}

// Always the core schema of YAML 1.2, even if a %YAML line asks for another, so that `yes`, `2027-01-01` and `20:00` are
// text. Duplicate keys are found by ValueReader, because the library compares every key with every other.
const OPTIONS = {
  schema: "core",
  resolveKnownTags: false,
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

/** Parses a YAML text. Never throws: errors are in `problems`. */
export function parseDocument(text: string): ConfigDocument {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const oversized = findOversized(tokens);
  if (oversized)
    return {
      value: undefined,
      locations: new Map(),
      problems: [oversized],
      unparsedPaths: [],
      firstErrorLine: 1,
    };

  const documents = [...new Composer(OPTIONS).compose(tokens, true, text.length)];
  const [document] = documents;
  const errors = documents.flatMap((each) => each.errors).map((error) => syntaxProblem(error, lines));
  const warnings = documents.flatMap((each) => each.warnings).map((error) => syntaxProblem(error, lines));
  if (documents.length > 1) errors.push(multipleDocuments(documents.length));

  const reader = new ValueReader(lines);
  const value = reader.read(document?.contents ?? null);
  const problems = [...errors, ...warnings, ...reader.problems];
  const firstErrorLine = errors.reduce(
    (first, { line = 1 }) => Math.min(first, line),
    Number.POSITIVE_INFINITY,
  );
  return {
    value,
    locations: reader.locations,
    problems,
    unparsedPaths: reader.unparsedPaths,
    ...(errors.length > 0 && { firstErrorLine }),
  };
}

function syntaxProblem({ message, pos }: YAMLError, lines: LineCounter): ConfigProblem {
  const { line, col } = lines.linePos(pos[0]);
  return { path: "", expected: "valid YAML", got: `a syntax error: ${message}`, line, column: col };
}

function multipleDocuments(count: number): ConfigProblem {
  return { path: "", expected: "one YAML document", got: `${count}, divided by \`---\`` };
}

/** Location of a value in the file, and its spelling. */
interface SourceLocation {
  readonly line: number;
  /** Characters of a scalar as written, such as `012` for the number 12. */
  readonly source?: string;
}

class TooManyValuesError extends Error {}

/** Converts YAML nodes to values, and collects their locations. */
class ValueReader {
  readonly locations = new Map<string, SourceLocation>();
  /** Paths of values that are left out because of a problem. */
  readonly unparsedPaths: string[] = [];
  /** Problems with keys and aliases. */
  readonly problems: ConfigProblem[] = [];
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #open = new Set<ParsedNode>();
  #count = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  read(node: ParsedNode | null): unknown {
    try {
      return this.#value(node, "", undefined);
    } catch (error) {
      if (!(error instanceof TooManyValuesError)) throw error;
      this.problems.push(tooManyValues());
      return undefined;
    }
  }

  /** @param aliasLine line of the alias through which this node is reached */
  #value(node: ParsedNode | null, path: string, aliasLine: number | undefined): unknown {
    this.#count += 1;
    if (this.#count > MAX_VALUES) throw new TooManyValuesError();
    if (node === null) return null;
    const line = aliasLine ?? this.#lines.linePos(node.range[0]).line;
    if (isAlias(node)) return this.#alias(node.source, path, line);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) {
      this.locations.set(path, { line, source: node.source });
      return node.value;
    }
    this.locations.set(path, { line });
    this.#open.add(node);
    const value = isMap(node)
      ? this.#map(node, path, aliasLine)
      : node.items.map((item, index) => this.#value(item, pathTo(path, index), aliasLine));
    this.#open.delete(node);
    // Frozen, so that the construct need not validate it again.
    return Object.freeze(value);
  }

  #alias(anchor: string, path: string, line: number): unknown {
    const node = this.#anchors.get(anchor);
    if (node && !this.#open.has(node)) return this.#value(node, path, line);
    this.locations.set(path, { line });
    this.unparsedPaths.push(path);
    const expected = node
      ? "an alias of a value that it is no part of"
      : `an anchor \`&${anchor}\` before its alias`;
    this.problems.push({ path, expected, got: `\`*${anchor}\``, line });
    return undefined;
  }

  #map(node: YAMLMap.Parsed, path: string, aliasLine: number | undefined): Record<string, unknown> {
    const firstLines = new Map<string, number>();
    const map: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = keyOf(pair);
      const keyPath = pathTo(path, key);
      const line = aliasLine ?? this.#lines.linePos(pair.key.range[0]).line;
      const value = this.#value(pair.value, keyPath, aliasLine);
      const firstLine = firstLines.get(key);
      const problem = firstLine === undefined ? invalidKey(key) : duplicateKey(firstLine);
      if (problem) {
        this.problems.push({ path: keyPath, ...problem, line });
        if (firstLine === undefined) this.unparsedPaths.push(keyPath);
        continue;
      }
      firstLines.set(key, line);
      map[key] = value;
      // The line of the key, because a value may begin several lines below it.
      this.locations.set(keyPath, { ...this.locations.get(keyPath), line });
    }
    return map;
  }
}

function keyOf({ key }: Pair<ParsedNode, ParsedNode | null>): string {
  return isScalar(key) ? String(key.value ?? "") : String(key);
}

interface KeyProblem {
  readonly expected: string;
  readonly got: string;
}

function duplicateKey(firstLine: number): KeyProblem {
  return { expected: `each key once (first on line ${firstLine})`, got: "it again" };
}

function invalidKey(key: string): KeyProblem | undefined {
  if (key === "__proto__") {
    return { expected: "another name (JavaScript gives this one a meaning)", got: show(key) };
  }
  if (key === "<<") return { expected: "keys written out (YAML 1.2 merges none)", got: "the merge key `<<`" };
  return undefined;
}

/** Deepest nesting that is read. A config needs five levels, and the parser's recursion would overflow the stack. */
const MAX_DEPTH = 50;
/** Most values that are read, counting an alias as all values that it stands for (a "billion laughs" attack has more). */
const MAX_VALUES = 100_000;
// Spaces, commas, colons and other tokens around one value.
const TOKENS_PER_VALUE = 5;

/**
 * Returns a problem if a text is too deep or too long to be composed. Counts its tokens, which are parsed quickly and
 * without recursion.
 */
function findOversized(tokens: readonly CST.Token[]): Problem | undefined {
  let count = 0;
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) {
      return { path: "", expected: `values nested at most ${MAX_DEPTH} deep`, got: "deeper ones" };
    }
    for (const child of children(token)) open.push({ token: child, depth: depth + 1 });
    count += 1;
    if (count + open.length > MAX_VALUES * TOKENS_PER_VALUE) return tooManyValues();
  }
  return undefined;
}

function tooManyValues(): Problem {
  const expected = `at most ${MAX_VALUES.toLocaleString("en")} values, counting an alias as all it stands for`;
  return { path: "", expected, got: "more" };
}

function children(token: CST.Token): CST.Token[] {
  const around = [
    "start" in token && token.start,
    "props" in token && token.props,
    "end" in token && token.end,
  ];
  const items = "items" in token ? token.items : [];
  const value = token.type === "document" && token.value;
  return [...around, ...items.flatMap((item) => [item.start, item.key, item.sep, item.value]), value]
    .flat()
    .filter((child) => typeof child === "object" && child !== null);
}

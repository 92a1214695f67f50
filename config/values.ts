import { isAlias, isMap, isScalar, type LineCounter, type Pair, type ParsedNode, type YAMLMap } from "yaml";
import { pathTo, show } from "../constructs/problem";
import type { ConfigProblem } from "./error";
import { MAX_VALUES, tooManyValues } from "./excess";

/** Where a value stands in the file, and how it is written there. */
export interface Place {
  readonly line: number;
  /** A scalar's own characters, such as `012` for the number 12. */
  readonly source?: string;
}

class TooManyValues extends Error {}

/** Turns YAML nodes into values, noting where each stands. */
export class ValueReader {
  readonly places = new Map<string, Place>();
  /** Paths of values that are left out. */
  readonly unread: string[] = [];
  /** Keys and aliases that stand for nothing that can be kept. */
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
      if (!(error instanceof TooManyValues)) throw error;
      this.problems.push(tooManyValues());
      return undefined;
    }
  }

  /** @param aliasLine where the alias stands through which this node is reached */
  #value(node: ParsedNode | null, path: string, aliasLine: number | undefined): unknown {
    this.#count += 1;
    if (this.#count > MAX_VALUES) throw new TooManyValues();
    if (node === null) return null;
    const line = aliasLine ?? this.#lines.linePos(node.range[0]).line;
    if (isAlias(node)) return this.#aliased(node.source, path, line);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) {
      this.places.set(path, { line, source: node.source });
      return node.value;
    }
    this.places.set(path, { line });
    this.#open.add(node);
    const value = isMap(node)
      ? this.#map(node, path, aliasLine)
      : node.items.map((item, index) => this.#value(item, pathTo(path, index), aliasLine));
    this.#open.delete(node);
    // The construct need not check again what cannot have changed since it was read.
    return Object.freeze(value);
  }

  #aliased(anchor: string, path: string, line: number): unknown {
    const node = this.#anchors.get(anchor);
    if (node && !this.#open.has(node)) return this.#value(node, path, line);
    this.places.set(path, { line });
    this.unread.push(path);
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
      const refused = firstLine === undefined ? refusal(key) : again(firstLine);
      if (refused) {
        this.problems.push({ path: keyPath, ...refused, line });
        if (firstLine === undefined) this.unread.push(keyPath);
        continue;
      }
      firstLines.set(key, line);
      map[key] = value;
      // A value may begin lines below its key, which is where a reader looks.
      this.places.set(keyPath, { ...this.places.get(keyPath), line });
    }
    return map;
  }
}

function keyOf({ key }: Pair<ParsedNode, ParsedNode | null>): string {
  return isScalar(key) ? String(key.value ?? "") : String(key);
}

interface Refusal {
  readonly expected: string;
  readonly got: string;
}

function again(firstLine: number): Refusal {
  return { expected: `each key once (first on line ${firstLine})`, got: "it again" };
}

function refusal(key: string): Refusal | undefined {
  if (key === "__proto__") {
    return { expected: "another name (JavaScript gives this one a meaning)", got: show(key) };
  }
  if (key === "<<") return { expected: "keys written out (YAML 1.2 merges none)", got: "the merge key `<<`" };
  return undefined;
}

import type { CST } from "yaml";
import type { Problem } from "../constructs/problem";

/** Deepest nesting that is read; the config itself needs five. A parser's own recursion would end in a crash. */
const MAX_DEPTH = 50;
/** Most values that are read, an alias counting as all it stands for: more is a slip or an attack ("billion laughs"). */
export const MAX_VALUES = 100_000;
// Spaces, commas, colons and the like around one value.
const TOKENS_PER_VALUE = 5;

/**
 * What a text has too much of to be composed: its tokens are made without recursion, in little time, and so can be
 * looked at first.
 */
export function findExcess(tokens: readonly CST.Token[]): Problem | undefined {
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

export function tooManyValues(): Problem {
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

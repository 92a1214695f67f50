import { nearestName } from "../schedule/nearest-name";

/** One error in the props or the config file. */
export interface Problem {
  /** Path of the value: `schedules.dev-stop.expression`, `targets.dev.instanceIds[1]`. Empty for the config as a whole. */
  readonly path: string;
  /** Completes "expected ...": the requirement, and how to meet it where that is not obvious. */
  readonly expected: string;
  /** Completes "got ...": the actual value. */
  readonly got: string;
  /**
   * Error that the value itself threw when it was read.
   * @default none
   */
  readonly cause?: unknown;
}

/**
 * Formats a problem as one line.
 * @example
 * import { findProblems, formatProblem } from "ec2-start-stop";
 *
 * const problems = findProblems({
 *   region: "ap-northeast-2",
 *   targets: { dev: { tags: { Environment: "dev" } } },
 *   schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dve" } },
 * });
 * problems.map(formatProblem);
 * // ['`schedules.office.targets`: expected the name of a target (dev), got "dve" (did you mean dev?)']
 */
export function formatProblem({ path, expected, got }: Problem): string {
  const message = `expected ${expected}, got ${got}`;
  return path === "" ? message : `\`${path}\`: ${message}`;
}

/** Thrown for invalid props. Its message lists all problems, one per line. */
export class InvalidPropsError extends Error {
  override readonly name = "InvalidPropsError";
  /** All problems, in the order in which they were found. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      ["Ec2StartStop cannot be built:", ...problems.map((problem) => `- ${formatProblem(problem)}`)].join(
        "\n",
      ),
      problems.find(({ cause }) => cause !== undefined),
    );
    this.problems = problems;
  }
}

/** Returns the path of `key` below `parent`: `parent.key`, `parent[0]`, or `parent["a key"]` if the key has other characters. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** Returns a path and its ancestors, nearest first: `a.b[0]` gives `a.b[0]`, `a.b`, `a`. */
export function pathAndParents(path: string): string[] {
  const paths: string[] = [];
  for (let rest = path; rest !== ""; ) {
    paths.push(rest);
    const parent = rest.replace(LAST_KEY, "");
    rest = parent === rest ? "" : parent;
  }
  return paths;
}

// A plain key, an index, or a quoted key in brackets.
const LAST_KEY = /(^|\.)[\w-]+$|\[(\d+|"(\\.|[^"\\])*")\]$/;

/** Returns the problems that are not at, above or below one of the paths, where they would report the same error again. */
export function exclude<Of extends Problem>(paths: readonly string[], problems: readonly Of[]): Of[] {
  const wrong = new Set(paths);
  const aboveWrong = new Set(paths.flatMap(pathAndParents));
  return problems.filter(
    ({ path }) => !aboveWrong.has(path) && !pathAndParents(path).some((parent) => wrong.has(parent)),
  );
}

/** Formats a value for a problem: as JSON, shortened if it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_LENGTH
    ? `${text.slice(0, MAX_SHOWN_LENGTH)}... (${text.length} characters)`
    : text;
}

/** Returns the candidate that a misspelled name most likely stands for, if one is similar enough to suggest. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  // Two swapped letters, the most common slip, count as two edits, which is too many for a short name.
  return (
    nearestName(name, candidates) ??
    candidates.find((candidate) => sortedLetters(candidate) === sortedLetters(name))
  );
}

function sortedLetters(name: string): string {
  return [...name.slice(0, MAX_SHOWN_LENGTH).toLowerCase()].sort().join("");
}

const MAX_SHOWN_LENGTH = 120;

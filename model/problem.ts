import { nearestName } from "../schedule/nearest-name";

/** One thing that is wrong with the props or the config file. */
export interface Problem {
  /** Where, as a config path: `schedules.dev-stop.expression`, `targets.dev.instanceIds[1]`. Empty for the whole. */
  readonly path: string;
  /** What must hold, completing "expected ...", with advice where there is a way out. */
  readonly expected: string;
  /** What is there instead, completing "got ...". */
  readonly got: string;
}

/** A problem as one line: "`schedules.dev-stop.targets`: expected the name of a target, got "dve"". */
export function formatProblem({ path, expected, got }: Problem): string {
  const message = `expected ${expected}, got ${got}`;
  return path === "" ? message : `\`${path}\`: ${message}`;
}

/** The props do not hold: every problem found is in `problems` and in the message, one a line. */
export class InvalidPropsError extends Error {
  override readonly name = "InvalidPropsError";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      ["Ec2StartStop cannot be built:", ...problems.map((problem) => `- ${formatProblem(problem)}`)].join(
        "\n",
      ),
    );
    this.problems = problems;
  }
}

/** The path of `key` below `parent`: dotted where the key is plain, quoted in brackets where it is not. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === "number") return `${parent}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/** A config path and those it hangs on, without the whole: `a.b[0]` gives `a.b[0]`, `a.b`, `a`. */
export function pathAndParents(path: string): string[] {
  const paths: string[] = [];
  for (let rest = path; rest !== ""; ) {
    paths.push(rest);
    const parent = rest.replace(LAST_KEY, "");
    rest = parent === rest ? "" : parent;
  }
  return paths;
}

// A plain key, an index, or a key quoted in brackets.
const LAST_KEY = /(^|\.)[\w-]+$|\[(\d+|"(\\.|[^"\\])*")\]$/;

/** The problems that are not at, above or below one of the paths: one mistake shows at all of these. */
export function exclude<Of extends Problem>(paths: readonly string[], problems: readonly Of[]): Of[] {
  const wrong = new Set(paths);
  const aboveWrong = new Set(paths.flatMap(pathAndParents));
  return problems.filter(
    ({ path }) => !aboveWrong.has(path) && !pathAndParents(path).some((parent) => wrong.has(parent)),
  );
}

/** How a value is shown in a problem: as JSON, cut where it is long. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_LENGTH
    ? `${text.slice(0, MAX_SHOWN_LENGTH)}... (${text.length} characters)`
    : text;
}

/** The candidate that a name is most likely a slip of, if one is near enough to suggest. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  // Two letters swapped count as two slips, too many for a short name, and are the most common of all.
  return (
    nearestName(name, candidates) ?? candidates.find((candidate) => letters(candidate) === letters(name))
  );
}

function letters(name: string): string {
  return [...name.slice(0, MAX_SHOWN_LENGTH).toLowerCase()].sort().join("");
}

const MAX_SHOWN_LENGTH = 120;

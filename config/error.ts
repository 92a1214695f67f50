import { formatProblem, type Problem } from "../model/problem";
import type { Warning } from "../model/warnings";

/** One thing that is wrong in a config file, and where. */
export interface ConfigProblem extends Problem {
  /**
   * Line in the file, from 1.
   * @default unknown: the problem is about the file as a whole
   */
  readonly line?: number;
  /**
   * Column in the line, from 1.
   * @default the whole line
   */
  readonly column?: number;
}

// More than this many lines help nobody; a wrong file (a picture, a log) yields thousands.
const MAX_PROBLEMS = 50;

/** A config file that cannot be used: all problems found, in the order of its lines. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** The file as it was named by the caller. */
  readonly file: string;
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const ordered = [...problems].sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
    super(describeProblems(file, ordered), options);
    this.file = file;
    this.problems = ordered;
  }
}

function describeProblems(file: string, problems: readonly ConfigProblem[]): string {
  const lines = problems
    .slice(0, MAX_PROBLEMS)
    .map((problem) => `${location(file, problem)}: ${formatProblem(problem)}`);
  if (problems.length > MAX_PROBLEMS) lines.push(`and ${problems.length - MAX_PROBLEMS} more`);
  return lines.join("\n");
}

// As compilers write it, so that editors and terminals make it a link.
function location(file: string, { line, column }: ConfigProblem): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/**
 * Refuses a config for what is odd about it: errors always, warnings where strictness is asked for.
 * @param file what to call the config in messages
 * @throws ConfigError
 */
export function refuseWarnings(file: string, warnings: readonly Warning[], strict: boolean): void {
  const refused = warnings.filter(
    ({ severity }) => severity === "error" || (strict && severity === "warning"),
  );
  if (refused.length === 0) return;
  const problems = refused.map(({ severity, path, message }) => ({
    path,
    expected: severity === "error" ? "start and stop at different times" : "no warning, as --strict asks",
    got: message,
  }));
  throw new ConfigError(file, problems);
}

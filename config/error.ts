import { formatProblem, type Problem } from "../model/problem";
import type { Warning } from "../model/warnings";

/** One error in a config file, with its position. */
export interface ConfigProblem extends Problem {
  /**
   * Line in the file, starting at 1.
   * @default none: the problem concerns the whole file
   */
  readonly line?: number;
  /**
   * Column in the line, starting at 1.
   * @default none: the problem concerns the whole line
   */
  readonly column?: number;
}

// Cap: a file that is not YAML at all would produce thousands of lines.
const MAX_PROBLEMS = 50;

/** Thrown for an invalid config. Its message lists the problems as `file:line:column: ...`, one per line. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** File name, as given by the caller. */
  readonly file: string;
  /** All problems, in the order of the lines. */
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
    .map((problem) => `${formatLocation(file, problem)}: ${formatProblem(problem)}`);
  if (problems.length > MAX_PROBLEMS) lines.push(`and ${problems.length - MAX_PROBLEMS} more`);
  return lines.join("\n");
}

// In the form of compilers, which editors and terminals turn into links.
function formatLocation(file: string, { line, column }: ConfigProblem): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/**
 * Refuses a config with warnings: those of severity `error` always, those of severity `warning` in strict mode.
 * @param file name of the config in messages
 * @throws ConfigError with the refused warnings
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

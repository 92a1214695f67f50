import type { Warning } from "../constructs/warnings";
import { ConfigError } from "./error";

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

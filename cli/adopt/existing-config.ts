import { existsSync } from "node:fs";
import { type Config, ConfigError, parseConfig } from "../../config";
import { parseDocument } from "../../config/document";
import { readText } from "../../config/file";

/** The config file that adopting adds to. */
export interface ExistingConfig {
  readonly file: string;
  /** None where there is no such file yet. */
  readonly text?: string;
  /** What it says, which may lack parts that adopting fills in. */
  readonly given: Partial<Config>;
  /** Set where it is a whole config already. */
  readonly whole?: Config;
}

/**
 * Reads a config that may still lack its region, targets and schedules.
 * @throws ConfigError with everything else that is wrong with it
 */
export async function readExisting(file: string): Promise<ExistingConfig> {
  if (!existsSync(file)) return { file, given: {} };
  const text = readText(file);
  try {
    const whole = await parseConfig(text, file);
    return { file, text, given: whole, whole };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const given = parseDocument(text).value ?? {};
    const isMissing = ({ path }: { path: string }) =>
      path === "" ? Object.keys(given).length === 0 : FILLED_IN.has(path) && !Object.hasOwn(given, path);
    if (!error.problems.every(isMissing)) throw error;
    return { file, text, given };
  }
}

const FILLED_IN = new Set(["region", "targets", "schedules"]);

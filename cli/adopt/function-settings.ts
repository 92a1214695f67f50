import type { FunctionSettings } from "../../constructs/props";
import type { FoundFunction } from "./inventory";

/** The longest that CloudWatch Logs keeps logs, short of for ever, in days. */
const LONGEST_RETENTION = 3653;
const DEFAULT_RETENTION = 30;
const DEFAULT_ARCHITECTURE = "arm64";

export interface KeptSettings {
  /** What the config has to say for things to stay as they are. */
  readonly settings: FunctionSettings;
  readonly notes: readonly string[];
}

/** Settings of adopted functions whose defaults would change more than the code: their processor, and what becomes of their logs. */
export function settingsToKeep(functions: readonly FoundFunction[], given: FunctionSettings): KeptSettings {
  const notes: string[] = [];
  const settings: { architecture?: "arm64" | "x86_64"; logRetentionDays?: number } = {};
  const architectures = new Set(functions.map(({ architecture }) => architecture));
  const [architecture] = architectures;
  if (given.architecture === undefined && architecture !== undefined) {
    if (architectures.size > 1) {
      notes.push(`functions.architecture: the functions differ, and both become ${DEFAULT_ARCHITECTURE}`);
    } else if (architecture !== DEFAULT_ARCHITECTURE) settings.architecture = architecture;
  }
  const groups = functions.flatMap(({ ownLogGroup }) => ownLogGroup ?? []);
  const longest = Math.max(0, ...groups.map(({ retentionDays }) => retentionDays ?? LONGEST_RETENTION));
  if (given.logRetentionDays === undefined) {
    // The default would delete all older logs.
    if (longest > DEFAULT_RETENTION) settings.logRetentionDays = longest;
  } else if (longest > given.logRetentionDays) {
    notes.push(
      `functions.logRetentionDays: logs older than ${given.logRetentionDays} days are deleted; they were kept for ${longest === LONGEST_RETENTION ? "ever" : `${longest} days`} so far`,
    );
  }
  return { settings, notes };
}

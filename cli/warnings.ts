import type { Config } from "../config";
import type { Conflict, ConflictTarget } from "../schedule/conflicts";
import { findConflicts } from "../schedule/conflicts";
import { InputError } from "./input-error";
import { isoText } from "./instant";
import type { Preview } from "./preview-model";

/** Something about a valid config that its owner should know. */
export interface Warning extends Omit<Conflict, "at" | "severity"> {
  /** A `note` is for information and never refused. */
  readonly severity: "warning" | "note";
  /** The first moment, where there is one: ISO 8601 in UTC. */
  readonly at?: string;
}

/**
 * What is odd about the schedules, though each of them is valid. With `strict`, warnings are errors.
 *
 * @throws InputError with every error, if there is one
 */
export function findWarnings(
  { timeline }: Preview,
  config: Config,
  { file, strict }: { readonly file: string; readonly strict: boolean },
): Warning[] {
  const conflicts = findConflicts(timeline.schedules, conflictTargets(config), timeline.from);
  const refused = conflicts.filter(
    ({ severity }) => severity === "error" || (strict && severity === "warning"),
  );
  if (refused.length > 0)
    throw new InputError(refused.map(({ message }) => `${file}: ${message}`).join("\n"));
  return conflicts.flatMap(({ at, severity, ...conflict }) =>
    severity === "error" ? [] : { ...conflict, severity, ...(at !== undefined && { at: isoText(at) }) },
  );
}

function conflictTargets({ targets, region }: Config): ConflictTarget[] {
  return Object.entries(targets).map(([name, { instanceIds = [], tags, regions = [] }]) => ({
    name,
    instanceIds: instanceIds.map((id) => `${regions[0] ?? region} ${id}`),
    byTags: Object.keys(tags ?? {}).length > 0,
  }));
}

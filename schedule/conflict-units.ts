import type { Action } from "./request";
import type { Schedule } from "./schedule";

/** A schedule as far as conflicts need it; a planned one has the same shape. */
export interface ConflictSchedule {
  readonly name: string;
  /**
   * What it comes from: schedules with a key that is not their name are the starts and stops of the same windows.
   * @default the name
   */
  readonly key?: string;
  readonly action: Action;
  readonly schedule: Schedule;
  readonly enabled: boolean;
  readonly targetNames: readonly string[];
  /**
   * Dates (`yyyy-mm-dd`, in the schedule's zone) on which a firing does nothing.
   * @default none
   */
  readonly skipDates?: readonly string[];
}

/** What a target is known to hold before anything is deployed. */
export interface ConflictTarget {
  readonly name: string;
  /** Instances named by id; equal texts are one instance, so put the region before the id where there are several. */
  readonly instanceIds: readonly string[];
  /** Whether it finds instances by tags too, which nobody knows yet. */
  readonly byTags: boolean;
}

/** Instances that the same schedules act on. */
export interface ConflictUnit {
  readonly targetNames: readonly string[];
  readonly schedules: readonly ConflictSchedule[];
}

/** Each target, and each set of targets that name one instance: with the enabled schedules that act on it. */
export function conflictUnits(
  schedules: readonly ConflictSchedule[],
  targets: readonly ConflictTarget[],
): readonly ConflictUnit[] {
  const schedulesOf = new Map<string, ConflictSchedule[]>();
  for (const schedule of schedules) {
    if (!schedule.enabled) continue;
    for (const name of new Set(schedule.targetNames)) append(schedulesOf, name, schedule);
  }
  return targetSets(targets).map((targetNames) => ({
    targetNames,
    schedules: [...new Set(targetNames.flatMap((name) => schedulesOf.get(name) ?? []))],
  }));
}

function targetSets(targets: readonly ConflictTarget[]): readonly (readonly string[])[] {
  const namesOfId = new Map<string, string[]>();
  for (const { name, instanceIds } of targets) {
    for (const id of new Set(instanceIds)) append(namesOfId, id, name);
  }
  const sets = new Map<string, readonly string[]>(
    targets.map(({ name }) => [JSON.stringify([name]), [name]]),
  );
  for (const names of namesOfId.values()) sets.set(JSON.stringify(names), names);
  return [...sets.values()];
}

/** Schedules that belong together: those of the same windows, or single actions on the same targets. */
export function groupOf({ name, key = name, targetNames }: ConflictSchedule): string {
  return JSON.stringify(key === name ? ["targets", ...[...targetNames].sort()] : ["windows", key]);
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

import { DAY_MS } from "../contract/units";
import {
  type ConflictSchedule,
  type ConflictTarget,
  type ConflictUnit,
  conflictUnits,
  type SameMinute,
  type StopInWindow,
  sweep,
} from "./conflict-sweep";
import type { ClockChangeEffect, Schedule } from "./schedule";
import { Zone } from "./zone";

export type { ConflictSchedule, ConflictTarget } from "./conflict-sweep";

/** Kind of a conflict between schedules. */
export type ConflictKind =
  /** A start and a stop of the same instances in the same minute: AWS does not order them. */
  | "same-minute"
  /** A stop inside a window in which another schedule keeps the instances running. */
  | "contradiction"
  /** An enabled schedule without a firing still to come. */
  | "never-fires"
  /** A stop of instances that no schedule starts again. */
  | "never-started"
  /** A firing that a clock change skips, or whose local time it moves; or a local time shown twice. */
  | "clock-change"
  /** Targets that may share instances by tags, which is known only after deployment. */
  | "tag-overlap";

/** A combination of valid schedules that is probably a mistake. */
export interface Conflict {
  /** What contradicts what, for programs. */
  readonly kind: ConflictKind;
  /** `error`: AWS could not do both. `warning`: probably a mistake. `note`: for information. */
  readonly severity: "error" | "warning" | "note";
  /** One sentence that names the schedules and the moment. */
  readonly message: string;
  /** Names of the schedules; the last one causes the conflict. */
  readonly schedules: readonly string[];
  /** Names of the targets. */
  readonly targets: readonly string[];
  /**
   * The first instant of the conflict.
   * @default none, where it is about no instant
   */
  readonly at?: Date;
}

const LEAP_YEAR_MS = 366 * DAY_MS;

/**
 * Finds conflicts of schedules, and the effects of clock changes on them, in the year from `from` on. Schedules that are
 * not enabled are ignored.
 *
 * @returns errors first, then warnings, then notes
 * @example
 * const nightly = { name: "nightly", action: "stop", schedule, enabled: true, targetNames: ["dev"] } as const;
 * findConflicts([nightly], [{ name: "dev", instanceIds: [], tagSets: ["Env=dev"] }], new Date("2026-11-22T00:00:00Z"));
 * // [{ kind: "never-started", severity: "note", message: "nightly stops target dev, and no schedule ever starts ..." }]
 */
export function findConflicts(
  schedules: readonly ConflictSchedule[],
  targets: readonly ConflictTarget[],
  from: Date,
): readonly Conflict[] {
  const enabled = schedules.filter((schedule) => schedule.enabled);
  const firing = enabled.filter(
    ({ schedule }) => firesForever(schedule) || schedule.next({ from }).length > 0,
  );
  const isFiring = new Set(firing);
  const units = conflictUnits(firing, targets);
  const found = [
    ...pairConflicts(units, from),
    ...enabled.filter((schedule) => !isFiring.has(schedule)).map(neverFires),
    ...neverStarted(firing, targets),
    ...firing.flatMap((schedule) => clockChange(schedule, from)),
    ...sharedByTags(firing, targets),
  ];
  const order = ["error", "warning", "note"];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** A rate, or a cron expression for every year: parsing it already found a firing. */
function firesForever({ kind, pattern, endDate }: Schedule): boolean {
  if (endDate) return false;
  return kind === "rate" || pattern?.text.year === "*";
}

function pairConflicts(units: readonly ConflictUnit[], from: Date): Conflict[] {
  const first = new Map<string, Conflict>();
  for (const unit of units) {
    for (const finding of sweep(unit, from.getTime())) {
      const key = JSON.stringify([finding.kind, finding.start.name, finding.stop.name]);
      if (!first.has(key)) first.set(key, pairConflict(finding, unit));
    }
  }
  return [...first.values()];
}

function pairConflict(finding: SameMinute | StopInWindow, { targetNames }: ConflictUnit): Conflict {
  const { kind, start, stop, local } = finding;
  const what = { kind, targets: targetNames, at: new Date(finding.at) };
  const instances =
    targetNames.length === 1
      ? `target ${targetNames[0]}`
      : `an instance of ${joined(targetNames, " and ", "targets")}`;
  const schedules = [start.name, stop.name];
  if (kind === "same-minute") {
    const message = `${start.name} starts and ${stop.name} stops ${instances} in the same minute, first at ${local}`;
    return { ...what, severity: "error", message, schedules };
  }
  const until = finding.until === undefined ? "" : ` until ${finding.until}`;
  const message = `${stop.name} stops ${instances} at ${local}, while ${start.name} wants it to run${until}`;
  return { ...what, severity: "warning", message, schedules };
}

function neverFires({ name, schedule, targetNames }: ConflictSchedule): Conflict {
  const ended = schedule.endDate ? `, until ${schedule.endDate.toISOString()}` : "";
  const message = `${name} has no firing still to come: ${schedule}${ended}`;
  return { kind: "never-fires", severity: "warning", message, schedules: [name], targets: targetNames };
}

function neverStarted(
  schedules: readonly ConflictSchedule[],
  targets: readonly ConflictTarget[],
): Conflict[] {
  const namesOf = (action: string) =>
    new Set(schedules.flatMap((schedule) => (schedule.action === action ? schedule.targetNames : [])));
  const started = namesOf("start");
  const all = ({ instanceIds, tagSets }: ConflictTarget) => [...instanceIds, ...tagSets];
  const startedInstances = new Set(
    targets.flatMap((target) => (started.has(target.name) ? all(target) : [])),
  );
  const stopped = namesOf("stop");
  return targets.flatMap((target) => {
    const { name } = target;
    if (!stopped.has(name) || started.has(name)) return [];
    const instances = all(target);
    if (instances.length > 0 && instances.every((instance) => startedInstances.has(instance))) return [];
    const stops = schedules
      .filter(({ action, targetNames }) => action === "stop" && targetNames.includes(name))
      .map((schedule) => schedule.name);
    const verb = stops.length === 1 ? "stops" : "stop";
    const message = `${joined(stops, " and ", "schedules")} ${verb} target ${name}, and no schedule ever starts it again`;
    return [{ kind: "never-started", severity: "note", message, schedules: stops, targets: [name] }];
  });
}

function clockChange({ name, schedule, targetNames }: ConflictSchedule, from: Date): Conflict[] {
  const note = { kind: "clock-change", severity: "note", schedules: [name], targets: targetNames } as const;
  const until = new Date(from.getTime() + LEAP_YEAR_MS);
  if (/^rate\(\d+ days?\)$/.test(schedule.expression)) {
    const change = Zone.of(schedule.timezone).nextChange(from.getTime());
    if (change === undefined || change >= until.getTime()) return [];
    const message =
      `${name} counts days of 24 hours: its local time moves when clocks in ${schedule.timezone} change, ` +
      `next on ${new Date(change).toISOString().slice(0, 10)}`;
    return [{ ...note, message, at: new Date(change) }];
  }
  const effects = schedule.clockChangeEffects({ from, until });
  return (["skipped", "repeated"] as const).flatMap((kind) => {
    const [first, ...more] = effects.filter((effect) => effect.kind === kind);
    if (first === undefined) return [];
    const others = more.length === 0 ? "" : ` (and ${more.length} more within a year)`;
    return [{ ...note, message: `${effectText(name, schedule.timezone, first)}${others}`, at: first.at }];
  });
}

function effectText(name: string, timezone: string, { kind, local }: ClockChangeEffect): string {
  return kind === "skipped"
    ? `${name} skips ${local}: clocks in ${timezone} jump over it`
    : `${name} runs once at ${local}, the first of two times that clocks in ${timezone} show it`;
}

function sharedByTags(
  schedules: readonly ConflictSchedule[],
  targets: readonly ConflictTarget[],
): Conflict[] {
  const used = new Set(schedules.flatMap(({ targetNames }) => targetNames));
  const names = targets.filter(({ name }) => used.has(name)).map(({ name }) => name);
  const byTags = targets
    .filter(({ name, tagSets }) => tagSets.length > 0 && used.has(name))
    .map(({ name }) => name);
  if (byTags.length === 0 || names.length < 2) return [];
  const message = `what ${listed(byTags)} will find by tags may be instances of other targets too: that is not checked`;
  return [{ kind: "tag-overlap", severity: "note", message, schedules: [], targets: byTags }];
}

function listed(names: readonly string[]): string {
  return `${names.length > MAX_LISTED ? "" : "target "}${joined(names, ", ", "targets")}`;
}

/** The most names in a message. */
const MAX_LISTED = 5;

function joined(names: readonly string[], separator: string, plural: string): string {
  const more = names.length - MAX_LISTED;
  const shown = names.slice(0, MAX_LISTED).join(more > 0 ? ", " : separator);
  return more > 0 ? `${shown} and ${more} more ${plural}` : shown;
}

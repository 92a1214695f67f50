import type { Action } from "../contract/actions";
import { DAY_MS, MINUTE_MS } from "../contract/units";
import { timesOf } from "./cron";
import type { Schedule } from "./schedule";

/** A schedule as input of the search for conflicts; a planned schedule has the same shape. */
export interface ConflictSchedule {
  /** Name in messages, unique among the schedules. */
  readonly name: string;
  /**
   * Key of its config entry. Schedules whose key differs from their name are the starts and stops of one entry's windows.
   * @default the name
   */
  readonly key?: string;
  /** `start` or `stop`. */
  readonly action: Action;
  /** Times of the action. */
  readonly schedule: Schedule;
  /** A schedule that is not enabled has no conflicts. */
  readonly enabled: boolean;
  /** Names of the targets that it starts or stops. */
  readonly targetNames: readonly string[];
  /**
   * Dates (`yyyy-mm-dd`, in the schedule's zone) on which a firing does nothing.
   * @default none
   */
  readonly skipDates?: readonly string[];
}

/** A target as known before deployment. */
export interface ConflictTarget {
  /** Name by which schedules refer to it. */
  readonly name: string;
  /** Instances named by id. Equal texts are one instance: with several regions, put the region before the id. */
  readonly instanceIds: readonly string[];
  /**
   * Sets of instances that it finds by tags. Equal texts are one set, so a target that finds all instances of a narrower one
   * has the text of that one too.
   */
  readonly tagSets: readonly string[];
}

/** Instances that the same schedules act on. */
export interface ConflictUnit {
  readonly targetNames: readonly string[];
  readonly schedules: readonly ConflictSchedule[];
}

/**
 * Returns each target, and each set of targets that share an instance, with the enabled schedules that act on it. Of those
 * with the same schedules, and so the same conflicts, only the first.
 */
export function conflictUnits(
  schedules: readonly ConflictSchedule[],
  targets: readonly ConflictTarget[],
): readonly ConflictUnit[] {
  const schedulesOf = new Map<string, ConflictSchedule[]>();
  for (const schedule of schedules) {
    if (!schedule.enabled) continue;
    for (const name of new Set(schedule.targetNames)) append(schedulesOf, name, schedule);
  }
  const numberOf = new Map(schedules.map((schedule, index) => [schedule, index]));
  const units = new Map<string, ConflictUnit>();
  for (const targetNames of targetSets(targets)) {
    const own = [...new Set(targetNames.flatMap((name) => schedulesOf.get(name) ?? []))];
    const key = own.map((schedule) => numberOf.get(schedule)).join();
    if (!units.has(key)) units.set(key, { targetNames, schedules: own });
  }
  return [...units.values()];
}

function targetSets(targets: readonly ConflictTarget[]): readonly (readonly string[])[] {
  const namesOfId = new Map<string, string[]>();
  for (const { name, instanceIds, tagSets } of targets) {
    for (const id of new Set([...instanceIds, ...tagSets])) append(namesOfId, id, name);
  }
  const sets = new Map<string, readonly string[]>(
    targets.map(({ name }) => [JSON.stringify([name]), [name]]),
  );
  for (const names of namesOfId.values()) sets.set(JSON.stringify(names), names);
  return [...sets.values()];
}

/** Schedules that belong together: those of the same windows, or single actions on the same targets. */
function groupOf({ name, key = name, targetNames }: ConflictSchedule): string {
  return JSON.stringify(key === name ? ["targets", ...[...targetNames].sort()] : ["windows", key]);
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** A firing on a date that is not skipped. */
interface Event {
  readonly at: number;
  readonly local: string;
  readonly of: ConflictSchedule;
  readonly group: string;
}

/** A start and a stop in the same minute. */
export interface SameMinute {
  readonly kind: "same-minute";
  readonly start: ConflictSchedule;
  readonly stop: ConflictSchedule;
  readonly at: number;
  readonly local: string;
}

/** A stop while windows of another schedule want the instances to run. */
export interface StopInWindow {
  readonly kind: "contradiction";
  readonly stop: ConflictSchedule;
  /** The start that opened the window. */
  readonly start: ConflictSchedule;
  readonly at: number;
  readonly local: string;
  /** Local time at which the window would end, where it is near enough to be known. */
  readonly until: string | undefined;
}

/** Two weeks hold every weekly pattern; other patterns are swept for a year where MAX_EVENTS allows it. */
const SHORT_SWEEP_DAYS = 14;
const LONG_SWEEP_DAYS = 400;
const MAX_EVENTS = 50_000;
const MAX_FIRINGS_PER_SCHEDULE = 20_000;
const MAX_FINDINGS = 50;

/** Finds the first conflict of each two schedules of a unit. */
export function sweep(unit: ConflictUnit, from: number): readonly (SameMinute | StopInWindow)[] {
  // A rate counts from its deployment, so its firings are unknown here.
  const schedules = unit.schedules.filter(({ schedule }) => schedule.kind !== "rate");
  if (!mayMeet(schedules)) return [];
  const events = eventsOf(schedules, from, SHORT_SWEEP_DAYS);
  const repeats = schedules.every(({ schedule }) => schedule.isWeekly);
  if (repeats || (events.length * LONG_SWEEP_DAYS) / SHORT_SWEEP_DAYS > MAX_EVENTS)
    return findings(events, from);
  return findings(eventsOf(schedules, from, LONG_SWEEP_DAYS), from);
}

/** Whether the firings have to be compared at all, which is the slow part. */
function mayMeet(schedules: readonly ConflictSchedule[]): boolean {
  const starts = schedules.filter(({ action }) => action === "start");
  const stops = schedules.filter(({ action }) => action === "stop");
  if (starts.length === 0 || stops.length === 0) return false;
  if (new Set(schedules.map(groupOf)).size > 1) return true;
  const zones = new Set(schedules.map(({ schedule }) => schedule.timezone));
  if (zones.size > 1 || schedules.some(({ schedule }) => schedule.kind !== "cron")) return true;
  const startTimes = new Set(starts.flatMap(timesOfDay));
  return stops.some((stop) => timesOfDay(stop).some((time) => startTimes.has(time)));
}

function timesOfDay({ schedule: { pattern } }: ConflictSchedule): number[] {
  return pattern === undefined ? [] : timesOf(pattern);
}

function eventsOf(schedules: readonly ConflictSchedule[], from: number, days: number): readonly Event[] {
  // A window that is open at `from` began before it.
  const period = {
    from: new Date(from - 8 * DAY_MS),
    until: new Date(from + days * DAY_MS),
    count: MAX_FIRINGS_PER_SCHEDULE,
  };
  let end = Number.POSITIVE_INFINITY;
  const events = schedules.flatMap((of) => {
    const group = groupOf(of);
    const skipped = new Set(of.skipDates);
    const firings = of.schedule.firings(period);
    if (firings.length === MAX_FIRINGS_PER_SCHEDULE) end = Math.min(end, firings.at(-1)?.at.getTime() ?? end);
    return firings
      .filter(({ local }) => !skipped.has(local.slice(0, 10)))
      .map(({ at, local }) => ({ at: at.getTime(), local, of, group }));
  });
  return events.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
}

function findings(events: readonly Event[], from: number): readonly (SameMinute | StopInWindow)[] {
  const found = new Map<string, SameMinute | StopInWindow>();
  const opened = new Map<string, Event>();
  const stopping = new Set(events.filter(({ of }) => of.action === "stop").map(({ group }) => group));
  for (let index = 0; index < events.length && found.size < MAX_FINDINGS; ) {
    const minute = minuteOf(events[index]);
    const together: Event[] = [];
    for (let event = events[index]; event && minuteOf(event) === minute; event = events[++index])
      together.push(event);
    const starts = together.filter(({ of }) => of.action === "start");
    const stops = together.filter(({ of }) => of.action === "stop");
    for (const { group } of stops) opened.delete(group);
    for (const stop of stops) {
      if (stop.at < from) continue;
      for (const start of starts) addFirst(found, sameMinute(start, stop));
      for (const start of opened.values()) {
        if (found.size < MAX_FINDINGS) addFirst(found, stopInWindow(start, stop, events, index));
      }
    }
    for (const start of starts) if (stopping.has(start.group)) opened.set(start.group, start);
  }
  return [...found.values()];
}

function minuteOf(event: Event | undefined): number {
  return Math.floor((event?.at ?? Number.NaN) / MINUTE_MS);
}

function addFirst(found: Map<string, SameMinute | StopInWindow>, finding: SameMinute | StopInWindow): void {
  const key = JSON.stringify([finding.kind, finding.start.name, finding.stop.name]);
  if (!found.has(key)) found.set(key, finding);
}

function sameMinute(start: Event, stop: Event): SameMinute {
  return { kind: "same-minute", start: start.of, stop: stop.of, at: stop.at, local: stop.local };
}

function stopInWindow(start: Event, stop: Event, events: readonly Event[], following: number): StopInWindow {
  const { at, local } = stop;
  let end = following;
  while (end < events.length && !(events[end]?.group === start.group && events[end]?.of.action === "stop"))
    end++;
  return { kind: "contradiction", stop: stop.of, start: start.of, at, local, until: events[end]?.local };
}

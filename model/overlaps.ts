import { oppositeOf } from "../contract/actions";
import { comparedFirings, FiringSample, shortestGap } from "./firing-gaps";
import type { ParsedSchedule } from "./parsed-schedule";
import type { Ec2StartStopProps } from "./props";
import { coverageOfTargets } from "./shared-instances";

/** The nearest opposite action on some of the same instances. */
export interface OppositeAction {
  readonly schedule: ParsedSchedule;
  /** Minutes between it and the firing. */
  readonly minutes: number;
}

/** Index of schedules by the targets that they share. Finds how soon the opposite action follows a firing, or comes before it. */
export class OverlapIndex {
  /** The places of each target: its name, and what it shares with other targets by ids or tags. */
  readonly #placesOf: ReadonlyMap<string, readonly string[]>;
  /** Enabled schedules by action and place: of those with one expression, zone and dates, the first. */
  readonly #enabled = new Map<string, Map<string, ParsedSchedule>>();

  constructor(props: Pick<Ec2StartStopProps, "region" | "targets">, schedules: readonly ParsedSchedule[]) {
    this.#placesOf = placesOfTargets(props);
    for (const parsed of schedules) {
      if (parsed.props.enabled === false) continue;
      const { expression, timezone, startDate, endDate } = parsed.schedule;
      const times = JSON.stringify([expression, timezone, startDate, endDate]);
      for (const place of this.#places(parsed)) {
        const key = `${parsed.action} ${place}`;
        const others = this.#enabled.get(key) ?? new Map<string, ParsedSchedule>();
        this.#enabled.set(key, others);
        if (!others.has(times)) others.set(times, parsed);
      }
    }
  }

  /** Returns the soonest opposite action within `horizonMinutes` of a firing. */
  soonestAfter(parsed: ParsedSchedule, horizonMinutes: number): OppositeAction | undefined {
    return this.#nearest(parsed, (own, other) => shortestGap(own, other, horizonMinutes));
  }

  /** Returns the latest opposite action within `horizonMinutes` before a firing. */
  latestBefore(parsed: ParsedSchedule, horizonMinutes: number): OppositeAction | undefined {
    return this.#nearest(parsed, (own, other) => shortestGap(other, own, horizonMinutes));
  }

  /** Counts the firings of starts and stops that have to be compared one by one, until they are more than `max`. */
  comparedFirings(schedules: readonly ParsedSchedule[], horizonMinutes: number, max: number): number {
    let count = 0;
    for (const start of schedules) {
      if (start.action === "stop" || start.props.enabled === false) continue;
      const own = FiringSample.of(start.schedule);
      for (const { schedule } of this.#opposites(start)) {
        const other = FiringSample.of(schedule);
        count += comparedFirings(own, other, horizonMinutes) || comparedFirings(other, own, horizonMinutes);
        if (count > max) return count;
      }
    }
    return count;
  }

  #nearest(
    parsed: ParsedSchedule,
    gap: (own: FiringSample, other: FiringSample) => number,
  ): OppositeAction | undefined {
    const own = FiringSample.of(parsed.schedule);
    let nearest: OppositeAction | undefined;
    for (const schedule of this.#opposites(parsed)) {
      const minutes = gap(own, FiringSample.of(schedule.schedule));
      if (minutes < (nearest?.minutes ?? Number.POSITIVE_INFINITY)) nearest = { schedule, minutes };
    }
    return nearest;
  }

  #opposites(parsed: ParsedSchedule): ReadonlySet<ParsedSchedule> {
    const opposite = oppositeOf(parsed.action);
    const found = new Set<ParsedSchedule>();
    for (const place of this.#places(parsed)) {
      for (const schedule of this.#enabled.get(`${opposite} ${place}`)?.values() ?? []) found.add(schedule);
    }
    return found;
  }

  #places({ targetNames }: ParsedSchedule): ReadonlySet<string> {
    return new Set(targetNames.flatMap((name) => this.#placesOf.get(name) ?? [name]));
  }
}

function placesOfTargets(props: Pick<Ec2StartStopProps, "region" | "targets">) {
  const namesAt = new Map<string, Set<string>>();
  for (const [name, { ids, tagSets }] of coverageOfTargets(props)) {
    for (const place of [...ids, ...tagSets]) {
      const names = namesAt.get(place) ?? new Set();
      namesAt.set(place, names.add(name));
    }
  }
  const placesOf = new Map(Object.keys(props.targets).map((name) => [name, [name]]));
  for (const [place, names] of namesAt) {
    if (names.size > 1) for (const name of names) placesOf.get(name)?.push(place);
  }
  return placesOf;
}

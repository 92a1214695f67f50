import { oppositeOf } from "../contract/actions";
import { FiringSample, shortestGap } from "./firing-gaps";
import type { ParsedSchedule } from "./parsed-schedule";
import type { Ec2StartStopProps } from "./props";

/** The next opposite action on some of the same instances. */
export interface FollowingAction {
  readonly schedule: ParsedSchedule;
  /** Minutes after the firing. */
  readonly minutes: number;
}

/** Index of schedules by the targets that they share. Finds how soon the opposite action follows a firing. */
export class OverlapIndex {
  readonly #overlapping: ReadonlyMap<string, ReadonlySet<string>>;
  /** Enabled schedules by action and target. */
  readonly #enabled = new Map<string, ParsedSchedule[]>();

  constructor(props: Pick<Ec2StartStopProps, "region" | "targets">, schedules: readonly ParsedSchedule[]) {
    this.#overlapping = overlappingTargets(props);
    for (const parsed of schedules) {
      if (parsed.props.enabled === false) continue;
      for (const target of parsed.targetNames) {
        const key = `${parsed.action} ${target}`;
        const others = this.#enabled.get(key);
        if (others) others.push(parsed);
        else this.#enabled.set(key, [parsed]);
      }
    }
  }

  /** Returns the soonest opposite action within `horizonMinutes` of a firing. Does not consider overlaps by tags. */
  soonestAfter(parsed: ParsedSchedule, horizonMinutes: number): FollowingAction | undefined {
    const own = FiringSample.of(parsed.schedule);
    let soonest: FollowingAction | undefined;
    for (const schedule of this.#opposites(parsed)) {
      const minutes = shortestGap(own, FiringSample.of(schedule.schedule), horizonMinutes);
      if (minutes < (soonest?.minutes ?? Number.POSITIVE_INFINITY)) soonest = { schedule, minutes };
    }
    return soonest;
  }

  /** A schedule that shares several targets is returned several times; callers take the minimum. */
  #opposites(parsed: ParsedSchedule): ParsedSchedule[] {
    const opposite = oppositeOf(parsed.action);
    const [first, ...others] = parsed.targetNames.flatMap((name) => [
      ...(this.#overlapping.get(name) ?? [name]),
    ]);
    if (first === undefined) return [];
    const found = this.#enabled.get(`${opposite} ${first}`) ?? [];
    return others.length === 0
      ? found
      : found.concat(...others.map((target) => this.#enabled.get(`${opposite} ${target}`) ?? []));
  }
}

/** Maps each target to itself and to the targets that list one of its instance ids. */
function overlappingTargets({ targets, region }: Pick<Ec2StartStopProps, "region" | "targets">) {
  const targetsOfId = new Map<string, Set<string>>();
  for (const [name, target] of Object.entries(targets)) {
    for (const id of target.instanceIds ?? []) {
      const place = `${target.regions?.[0] ?? region} ${id}`;
      targetsOfId.set(place, (targetsOfId.get(place) ?? new Set()).add(name));
    }
  }
  const overlapping = new Map(Object.keys(targets).map((name) => [name, new Set([name])]));
  for (const names of targetsOfId.values()) {
    if (names.size === 1) continue;
    for (const name of names) for (const other of names) overlapping.get(name)?.add(other);
  }
  return overlapping;
}

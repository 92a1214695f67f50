import { oppositeOf } from "../contract/actions";
import { soonestFollowing, Timed } from "./firing-gaps";
import type { ReadSchedule } from "./plan";
import type { Ec2StartStopProps } from "./props";

/** An opposite action that follows a firing on some of the same instances. */
export interface FollowingAction {
  readonly schedule: ReadSchedule;
  readonly minutes: number;
}

interface Entry {
  readonly read: ReadSchedule;
  readonly timed: Timed;
}

/** Finds, for each schedule, how soon the opposite action follows on the same targets or instance ids. */
export class OppositeActions {
  readonly #overlapping: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #enabled = new Map<string, Entry[]>();
  readonly #timed = new Map<ReadSchedule, Timed>();

  constructor(props: Pick<Ec2StartStopProps, "region" | "targets">, schedules: readonly ReadSchedule[]) {
    this.#overlapping = overlappingTargets(props);
    for (const read of schedules) {
      const entry = { read, timed: new Timed(read.schedule) };
      this.#timed.set(read, entry.timed);
      if (read.props.enabled === false) continue;
      for (const target of read.targetNames) {
        const key = `${read.action} ${target}`;
        const entries = this.#enabled.get(key);
        if (entries) entries.push(entry);
        else this.#enabled.set(key, [entry]);
      }
    }
  }

  /** The soonest opposite action within `horizonMinutes` of a firing, if there is one; overlap by tags is not known. */
  soonestAfter(read: ReadSchedule, horizonMinutes: number): FollowingAction | undefined {
    const own = this.#timed.get(read) ?? new Timed(read.schedule);
    let soonest: FollowingAction | undefined;
    for (const { read: schedule, timed } of this.#opposites(read)) {
      const minutes = soonestFollowing(own, timed, horizonMinutes);
      if (minutes < (soonest?.minutes ?? Number.POSITIVE_INFINITY)) soonest = { schedule, minutes };
    }
    return soonest;
  }

  /** One that shares several targets comes several times, which does no harm. */
  #opposites(read: ReadSchedule): Entry[] {
    const opposite = oppositeOf(read.action);
    const [first, ...others] = read.targetNames.flatMap((name) => [
      ...(this.#overlapping.get(name) ?? [name]),
    ]);
    if (first === undefined) return [];
    const entries = this.#enabled.get(`${opposite} ${first}`) ?? [];
    return others.length === 0
      ? entries
      : entries.concat(...others.map((target) => this.#enabled.get(`${opposite} ${target}`) ?? []));
  }
}

/** For each target: itself and those that name an instance of it too. */
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

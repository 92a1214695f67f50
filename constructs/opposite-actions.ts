import type { ReadSchedule } from "./plan";
import type { Ec2StartStopProps } from "./props";
import { soonestFollowing, Timed } from "./spacing";

/** An opposite action that follows a firing on some of the same instances. */
export interface FollowingAction {
  readonly schedule: ReadSchedule;
  readonly minutes: number;
}

/** Finds, for each schedule, how soon the opposite action follows on the same targets or instance ids. */
export class OppositeActions {
  readonly #overlapping: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #byTargetAndAction = new Map<string, ReadSchedule[]>();
  readonly #timed = new Map<ReadSchedule, Timed>();

  constructor(props: Pick<Ec2StartStopProps, "region" | "targets">, schedules: readonly ReadSchedule[]) {
    this.#overlapping = overlappingTargets(props);
    for (const read of schedules) {
      if (read.props.enabled === false) continue;
      for (const target of read.targetNames) {
        const key = `${read.action} ${target}`;
        const list = this.#byTargetAndAction.get(key);
        if (list) list.push(read);
        else this.#byTargetAndAction.set(key, [read]);
      }
    }
  }

  /** The soonest opposite action within `horizonMinutes` of a firing, if there is one; overlap by tags is not known. */
  soonestAfter(read: ReadSchedule, horizonMinutes: number): FollowingAction | undefined {
    let soonest: FollowingAction | undefined;
    for (const schedule of this.#opposites(read)) {
      const minutes = soonestFollowing(this.timed(read), this.timed(schedule), horizonMinutes);
      if (minutes !== undefined && minutes < (soonest?.minutes ?? Number.POSITIVE_INFINITY)) {
        soonest = { schedule, minutes };
      }
    }
    return soonest;
  }

  timed(read: ReadSchedule): Timed {
    const known = this.#timed.get(read) ?? new Timed(read.schedule);
    this.#timed.set(read, known);
    return known;
  }

  *#opposites(read: ReadSchedule): Iterable<ReadSchedule> {
    const opposite = read.action === "stop" ? "start" : "stop";
    for (const own of read.targetNames) {
      for (const target of this.#overlapping.get(own) ?? [own]) {
        yield* this.#byTargetAndAction.get(`${opposite} ${target}`) ?? [];
      }
    }
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

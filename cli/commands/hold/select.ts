import { defined } from "../../../contract/collections";
import { type Hold, readHold } from "../../../contract/holds";
import { HOLD_TAG, TIMEZONE } from "../../../contract/limits";
import type { PlannedSchedule } from "../../../model/plan";
import { InputError } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import type { InstanceReader, TargetInstance } from "../../instances/instance";
import { describeObstacle, findObstacle, longestHold, timezonesOf } from "../../instances/obstacle";

/** An instance of the deployment, with its schedules and its hold. */
export interface Holdable {
  readonly instance: TargetInstance;
  /** Enabled ones whose targets have it. */
  readonly schedules: readonly PlannedSchedule[];
  /** Names of its targets. */
  readonly targetNames: readonly string[];
  /** The hold that its tag describes, if that has not ended. */
  readonly hold?: Hold;
  /** Whether the hold holds now. */
  readonly held: boolean;
  /** Why no schedule acts on it, apart from its hold. */
  readonly obstacle?: string;
}

export function holdTagOf({ config }: Pick<Deployment, "config">): string {
  return config.holdTag ?? HOLD_TAG.default;
}

/** Reads all instances of the deployment, each once. */
export async function readHoldable(
  { config, plan }: Pick<Deployment, "config" | "plan">,
  reader: Pick<InstanceReader, "targets">,
  now: Date,
): Promise<readonly Holdable[]> {
  const targets = await reader.targets(config);
  const byId = new Map<string, { instance: TargetInstance; targetNames: string[] }>();
  for (const { name, instances } of targets) {
    for (const instance of instances) {
      const known = byId.get(instance.instanceId);
      // One target may exclude what another has.
      const included = known?.instance.excludedBy === undefined ? (known?.instance ?? instance) : instance;
      const own = instance.excludedBy === undefined ? [name] : [];
      byId.set(instance.instanceId, {
        instance: included,
        targetNames: [...(known?.targetNames ?? []), ...own],
      });
    }
  }
  const tag = holdTagOf({ config });
  return [...byId.values()].map(({ instance, targetNames }) => {
    const schedules = plan.filter(
      (planned) => planned.enabled && planned.targetNames.some((name) => targetNames.includes(name)),
    );
    const { [tag]: value, ...tags } = instance.tags;
    const zones = timezonesOf(schedules, config);
    const current = value === undefined ? undefined : longestHold(value, now, zones);
    const later = value === undefined ? undefined : readHold(value, zones[0]);
    const hold = current ?? (later?.from !== undefined && later.from > now ? later : undefined);
    const obstacle = findObstacle({ ...instance, tags }, tag, now);
    return {
      instance,
      schedules,
      targetNames,
      held: current !== undefined,
      ...defined({
        hold,
        obstacle: obstacle && describeObstacle(obstacle, config.timezone ?? TIMEZONE.default),
      }),
    };
  });
}

/** The instances that a command changes, and those of its targets that it leaves alone. */
export interface Selection {
  readonly chosen: readonly Holdable[];
  readonly left: readonly { readonly instanceId: string; readonly reason: string }[];
}

/**
 * Selects instances by the names of their targets and by their ids.
 * @param names of targets that the config has, and ids
 * @throws {InputError} for an id that no target has or on which no schedule acts, and where nothing is left
 */
export function selectHoldable(
  { config, file }: Pick<Deployment, "config" | "file">,
  all: readonly Holdable[],
  names: readonly string[],
): Selection {
  const found = names.flatMap((name) => {
    if (Object.hasOwn(config.targets, name)) {
      return all.filter(({ targetNames }) => targetNames.includes(name));
    }
    const one = all.find(({ instance }) => instance.instanceId === name);
    if (one === undefined) {
      throw new InputError(
        `Expected an instance of ${file}, got "${name}": EC2 does not know it, or no target of the config has it`,
      );
    }
    if (one.obstacle !== undefined) {
      throw new InputError(
        `Expected an instance that schedules act on, got ${name}: ${one.obstacle.replace(/: take it out of the config$/, "")}`,
      );
    }
    return [one];
  });
  const unique = [...new Set(found)];
  const chosen = unique.filter(({ obstacle }) => obstacle === undefined);
  if (chosen.length === 0) {
    const [first] = unique;
    const why = first === undefined ? "" : `: ${first.instance.instanceId}: ${first.obstacle}`;
    throw new InputError(`Expected instances that schedules act on in ${names.join(", ")}, got none${why}`);
  }
  return {
    chosen,
    left: unique.flatMap(({ instance: { instanceId }, obstacle }) =>
      obstacle === undefined ? [] : [{ instanceId, reason: obstacle }],
    ),
  };
}

/** Returns the zone of times that name none: the one of all the schedules, or else the config's. */
export function timezoneOf(
  { config }: Pick<Deployment, "config">,
  chosen: readonly Pick<Holdable, "schedules">[],
): string {
  const zones = new Set(
    chosen.flatMap(({ schedules }) => schedules.map(({ schedule }) => schedule.timezone)),
  );
  const [zone] = zones;
  return zone !== undefined && zones.size === 1 ? zone : (config.timezone ?? TIMEZONE.default);
}

/** The schedules of instances, each once. */
export function schedulesOf(chosen: readonly Pick<Holdable, "schedules">[]): readonly PlannedSchedule[] {
  return [...new Set(chosen.flatMap(({ schedules }) => schedules))];
}

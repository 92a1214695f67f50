import type { Config } from "../../config";
import { type RequestTarget, searchedTags } from "../../contract/request";
import { excludingTag, type Manager } from "../../contract/tags";

/** Reads the instances of a config's targets. */
export interface InstanceReader {
  /**
   * Resolves targets as the functions do: by the same ids, tags, exclusions and regions.
   * @param names all targets of the config unless given
   * @throws {AwsError}
   */
  targets(config: Config, names?: readonly string[]): Promise<ResolvedTarget[]>;
  /**
   * Their states now, in the same order.
   * @throws {AwsError}
   */
  states(instances: readonly InstancePlace[]): Promise<InstanceState[]>;
}

/** One target of the config. An instance that two targets have is in both. */
export interface ResolvedTarget {
  readonly name: string;
  /** The regions that were searched. */
  readonly regions: readonly string[];
  /** By region, then by `Name` and id; excluded ones too, marked. */
  readonly instances: readonly TargetInstance[];
  /** Configured ids that EC2 does not know: never launched, in another region, or terminated an hour ago. */
  readonly missing: readonly InstancePlace[];
  /** Regions in which the search for its tags, or for all instances, finds none. */
  readonly emptyRegions: readonly string[];
}

export interface InstancePlace {
  readonly instanceId: string;
  readonly region: string;
}

export interface InstanceState extends InstancePlace {
  /** EC2's name of it (pending, running, stopping, stopped, shutting-down, terminated), or `missing`. */
  readonly state: string;
  /**
   * Since when it is in that state: of running ones their launch (EC2 moves it with every start), of others where EC2
   * dates their `StateTransitionReason`. Absent if EC2 gives none.
   */
  readonly since?: Date;
  /** EC2's reason of the last state change, verbatim: `User initiated (2026-11-20 11:00:12 GMT)`. */
  readonly transitionReason?: string;
  /** Why: `Client.UserInitiatedShutdown`, `Server.InsufficientInstanceCapacity`, with EC2's words for it. */
  readonly stateReason?: { readonly code: string; readonly message: string };
}

export interface TargetInstance extends InstanceState {
  /** Its tag `Name`. */
  readonly name?: string;
  /** The last launch or start. */
  readonly launchedAt?: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** `key=value` of the tag by which the target excludes it. */
  readonly excludedBy?: string;
  readonly autoScalingGroup?: string;
  /** What manages it, other than an Auto Scaling group. */
  readonly manager?: Manager;
  /** Kind of its spot request, which decides whether it can be stopped; absent for on-demand instances. */
  readonly spot?: "one-time" | "persistent" | "unknown";
  /** `ebs` or `instance-store`. */
  readonly rootDeviceType?: string;
  /** ARN, where it has an instance profile. */
  readonly instanceProfile?: string;
  readonly instanceType?: string;
  /** Ids of its EBS volumes. */
  readonly volumeIds: readonly string[];
}

/** The instances of all targets together. */
export interface FoundInstances {
  readonly instances: ReadonlyMap<string, TargetInstance>;
  /** Instance ids by search key. */
  readonly tagged: ReadonlyMap<string, readonly string[]>;
}

export function toTagMap(tags: TargetInstance["tags"]): ReadonlyMap<string, string> {
  return new Map(Object.entries(tags));
}

/** Equal for targets that search for the same tags in the same region. */
export function searchKeyOf(target: Pick<RequestTarget, "region" | "tags" | "all">): string {
  return JSON.stringify([target.region, searchedTags(target) ?? null]);
}

/**
 * Selects the instances of one target.
 * @param parts the target, a region each
 */
export function resolveTarget(
  name: string,
  parts: readonly RequestTarget[],
  found: FoundInstances,
): ResolvedTarget {
  const instances = new Map<string, TargetInstance>();
  for (const part of parts) {
    for (const id of idsOf(part, found)) {
      const instance = findInRegion(part.region, id, found);
      if (instance === undefined) continue;
      const excludedBy = part.exclude && excludingTag(toTagMap(instance.tags), part.exclude);
      instances.set(id, excludedBy === undefined ? instance : { ...instance, excludedBy });
    }
  }
  const regions = [...new Set(parts.map(({ region }) => region))];
  return {
    name,
    regions,
    instances: [...instances.values()].sort(
      (a, b) => regions.indexOf(a.region) - regions.indexOf(b.region) || compareByName(a, b),
    ),
    missing: parts.flatMap(({ region, instanceIds = [] }) =>
      instanceIds
        .filter((id) => !findInRegion(region, id, found))
        .map((instanceId) => ({ instanceId, region })),
    ),
    emptyRegions: parts
      .filter((part) => searchedTags(part) !== undefined && !found.tagged.get(searchKeyOf(part))?.length)
      .map(({ region }) => region),
  };
}

/** Returns only instances of this region: another target may have found the id elsewhere. */
function findInRegion(region: string, id: string, { instances }: FoundInstances): TargetInstance | undefined {
  const instance = instances.get(id);
  return instance?.region === region ? instance : undefined;
}

function idsOf(part: RequestTarget, { tagged }: FoundInstances): string[] {
  return [...(part.instanceIds ?? []), ...(tagged.get(searchKeyOf(part)) ?? [])];
}

// `web-2` before `web-10`.
const { compare } = new Intl.Collator("en", { numeric: true });

function compareByName(a: TargetInstance, b: TargetInstance): number {
  return compare(a.name ?? "", b.name ?? "") || compare(a.instanceId, b.instanceId);
}

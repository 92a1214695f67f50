import type { RequestTarget } from "../../schedule/request";
import { excludingTag } from "../../schedule/tag-match";
import type { FleetInstance, FleetTarget } from "./fleet";
import { tagMap } from "./read-instance";

/** What was found of all targets together. */
export interface Found {
  readonly instances: ReadonlyMap<string, FleetInstance>;
  /** Ids by what was searched for. */
  readonly tagged: ReadonlyMap<string, readonly string[]>;
}

/** The same for targets that search for the same tags in the same region. */
export function searchKey({ region, tags }: Pick<RequestTarget, "region" | "tags">): string {
  return JSON.stringify([region, tags ?? null]);
}

/**
 * A target's share of what was found.
 * @param parts the target, a region each
 */
export function targetOf(name: string, parts: readonly RequestTarget[], found: Found): FleetTarget {
  const instances = new Map<string, FleetInstance>();
  for (const part of parts) {
    for (const id of idsOf(part, found)) {
      const instance = instanceIn(part.region, id, found);
      if (instance === undefined) continue;
      const excludedBy = part.exclude && excludingTag(tagMap(instance.tags), part.exclude);
      instances.set(id, excludedBy === undefined ? instance : { ...instance, excludedBy });
    }
  }
  const regions = [...new Set(parts.map(({ region }) => region))];
  return {
    name,
    regions,
    instances: [...instances.values()].sort(
      (a, b) => regions.indexOf(a.region) - regions.indexOf(b.region) || byName(a, b),
    ),
    missing: parts.flatMap(({ region, instanceIds = [] }) =>
      instanceIds
        .filter((id) => !instanceIn(region, id, found))
        .map((instanceId) => ({ instanceId, region })),
    ),
    emptyRegions: parts
      .filter((part) => part.tags !== undefined && !found.tagged.get(searchKey(part))?.length)
      .map(({ region }) => region),
  };
}

/** Another target may have found the id in a region in which this one does not look for it. */
function instanceIn(region: string, id: string, { instances }: Found): FleetInstance | undefined {
  const instance = instances.get(id);
  return instance?.region === region ? instance : undefined;
}

function idsOf(part: RequestTarget, { tagged }: Found): string[] {
  return [...(part.instanceIds ?? []), ...(part.tags ? (tagged.get(searchKey(part)) ?? []) : [])];
}

// `web-2` before `web-10`.
const { compare } = new Intl.Collator("en", { numeric: true });

function byName(a: FleetInstance, b: FleetInstance): number {
  return compare(a.name ?? "", b.name ?? "") || compare(a.instanceId, b.instanceId);
}

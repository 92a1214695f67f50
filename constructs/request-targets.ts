import type { RequestTarget } from "../schedule/request";
import { isUnresolvedList } from "./literal";
import type { Ec2StartStopProps, TargetProps } from "./props";

type TagMap = Readonly<Record<string, readonly string[]>>;

/** The named targets as a request carries them: one entry a region, the same instance once. */
export function requestTargets(props: Ec2StartStopProps, targetNames: readonly string[]): RequestTarget[] {
  const parts = targetNames.flatMap((name) =>
    Object.hasOwn(props.targets, name) ? expand(props.targets[name], props.region) : [],
  );
  return withoutRepeats(mergePlainIds(parts));
}

/** Tags or exclusions with each value as a list; undefined where there are none. */
export function tagLists(tags: TargetProps["tags"]): TagMap | undefined {
  const entries = Object.entries(tags ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? [value] : [...value]]),
  );
}

function expand(target: TargetProps | undefined, defaultRegion: string): RequestTarget[] {
  if (target === undefined) return [];
  const tags = tagLists(target.tags);
  const exclude = tagLists(target.exclude);
  const regions = target.regions?.length ? target.regions : [defaultRegion];
  return regions.map((region) => ({
    region,
    ...(target.instanceIds?.length ? { instanceIds: [...new Set(target.instanceIds)] } : {}),
    ...(tags ? { tags } : {}),
    ...(exclude ? { exclude } : {}),
  }));
}

/** Targets that are nothing but ids of one region become one, which keeps the input short. */
function mergePlainIds(parts: readonly RequestTarget[]): RequestTarget[] {
  const merged: RequestTarget[] = [];
  const placeOfRegion = new Map<string, number>();
  for (const part of parts) {
    const place = placeOfRegion.get(part.region);
    const earlier = place === undefined ? undefined : merged[place];
    if (!isPlainIds(part)) merged.push(part);
    else if (place === undefined || earlier === undefined)
      placeOfRegion.set(part.region, merged.push(part) - 1);
    else {
      const instanceIds = [...new Set([...(earlier.instanceIds ?? []), ...(part.instanceIds ?? [])])];
      merged[place] = { region: part.region, instanceIds };
    }
  }
  return merged;
}

/** A list token stands for an unknown number of ids and cannot be merged with others. */
function isPlainIds({ instanceIds, tags, exclude }: RequestTarget): boolean {
  return (
    instanceIds !== undefined && !isUnresolvedList(instanceIds) && tags === undefined && exclude === undefined
  );
}

function withoutRepeats(parts: readonly RequestTarget[]): RequestTarget[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

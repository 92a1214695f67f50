import type { Action, RequestTarget, ServiceChecks } from "../schedule/request";
import { isUnresolvedList } from "./literal";
import type { Ec2StartStopProps, TargetProps } from "./props";

type TagMap = Readonly<Record<string, readonly string[]>>;

/**
 * The named targets as a request for an action carries them: one entry a region, the same instance once. What must run
 * on them is of use after a start only.
 */
export function requestTargets(
  props: Ec2StartStopProps,
  targetNames: readonly string[],
  action: Action,
): RequestTarget[] {
  const parts = targetNames.flatMap((name) =>
    Object.hasOwn(props.targets, name) ? expand(props.targets[name], props.region, action) : [],
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

function expand(target: TargetProps | undefined, defaultRegion: string, action: Action): RequestTarget[] {
  if (target === undefined) return [];
  const tags = tagLists(target.tags);
  const exclude = tagLists(target.exclude);
  const checks = action === "start" ? inOrder(target.checks) : undefined;
  const regions = target.regions?.length ? target.regions : [defaultRegion];
  return regions.map((region) => ({
    region,
    ...(target.instanceIds?.length ? { instanceIds: [...new Set(target.instanceIds)] } : {}),
    ...(tags ? { tags } : {}),
    ...(exclude ? { exclude } : {}),
    ...(checks ? { checks } : {}),
  }));
}

/** In one order of keys, so that equal ones look equal. */
function inOrder(checks: ServiceChecks | undefined): ServiceChecks | undefined {
  if (checks === undefined) return undefined;
  const { systemd, tcp, command } = checks;
  return {
    ...(systemd ? { systemd: [...systemd] } : {}),
    ...(tcp ? { tcp: [...tcp] } : {}),
    ...(command === undefined ? {} : { command }),
  };
}

/** Targets that are nothing but ids of one region, with the same checks, become one, which keeps the input short. */
function mergePlainIds(parts: readonly RequestTarget[]): RequestTarget[] {
  const merged: RequestTarget[] = [];
  const places = new Map<string, number>();
  for (const part of parts) {
    const { region, checks } = part;
    const key = JSON.stringify([region, checks]);
    const place = places.get(key);
    const earlier = place === undefined ? undefined : merged[place];
    if (!isPlainIds(part)) merged.push(part);
    else if (place === undefined || earlier === undefined) places.set(key, merged.push(part) - 1);
    else {
      const instanceIds = [...new Set([...(earlier.instanceIds ?? []), ...(part.instanceIds ?? [])])];
      merged[place] = { region, instanceIds, ...(checks ? { checks } : {}) };
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

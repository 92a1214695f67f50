import type { Instance } from "@aws-sdk/client-ec2";
import { awsErrorKind } from "../contract/aws-errors";
import { chunksOf } from "../contract/collections";
import { IDS_PER_CALL, INSTANCES_PER_PAGE, idFilters, tagFilters } from "../contract/instance-search";
import type { TagValues } from "../contract/tags";
import type { Ec2Calls } from "./ec2-calls";
import { namedIds, readFault } from "./faults";

export interface InstancesById {
  readonly found: readonly InstanceSnapshot[];
  /** Why EC2 knows no such instance, by id. */
  readonly missing: ReadonlyMap<string, string>;
}

/** The instances of these ids. Ids that EC2 does not know are set apart, they never spoil the rest. */
export async function describeByIds(calls: Ec2Calls, ids: readonly string[]): Promise<InstancesById> {
  const found: InstanceSnapshot[] = [];
  const missing = new Map<string, string>();
  for (const part of chunksOf(ids, IDS_PER_CALL)) {
    const seen = await describeKnownIds(calls, part, missing);
    found.push(...seen);
    const seenIds = new Set(seen.map(({ instanceId }) => instanceId));
    for (const id of part) {
      if (!seenIds.has(id) && !missing.has(id)) missing.set(id, "EC2 knows no such instance");
    }
  }
  return { found, missing };
}

async function describeKnownIds(
  calls: Ec2Calls,
  ids: readonly string[],
  missing: Map<string, string>,
): Promise<readonly InstanceSnapshot[]> {
  let rest = ids;
  while (rest.length > 0) {
    try {
      // No MaxResults: EC2 refuses it together with ids, and returns all of them at once.
      return await describeAllPages(calls, { InstanceIds: [...rest] });
    } catch (error) {
      const { code, message } = readFault(error);
      if (awsErrorKind(code) !== "absent") throw error;
      const named = new Set(namedIds(message, rest));
      // A filter on ids is slower, but does not mind unknown ones.
      if (named.size === 0) return describeByIdFilter(calls, rest);
      for (const id of named) missing.set(id, `${code}: EC2 knows no such instance`);
      rest = rest.filter((id) => !named.has(id));
    }
  }
  return [];
}

async function describeByIdFilter(calls: Ec2Calls, ids: readonly string[]): Promise<InstanceSnapshot[]> {
  const found: InstanceSnapshot[] = [];
  for (const Filters of idFilters(ids)) {
    found.push(...(await describeAllPages(calls, { Filters, MaxResults: INSTANCES_PER_PAGE })));
  }
  return found;
}

/** The living instances that carry all of these tag keys, each with one of its literal values. */
export async function describeByTags(calls: Ec2Calls, tags: TagValues): Promise<readonly InstanceSnapshot[]> {
  const found = new Map<string, InstanceSnapshot>();
  for (const Filters of tagFilters(tags)) {
    for (const snapshot of await describeAllPages(calls, { Filters, MaxResults: INSTANCES_PER_PAGE }))
      found.set(snapshot.instanceId, snapshot);
  }
  return [...found.values()];
}

async function describeAllPages(
  calls: Ec2Calls,
  input: Parameters<Ec2Calls["describe"]>[0],
): Promise<InstanceSnapshot[]> {
  const found: InstanceSnapshot[] = [];
  let nextToken: string | undefined;
  do {
    const page = await calls.describe(nextToken ? { ...input, NextToken: nextToken } : input);
    found.push(...page.instances.map(readSnapshot));
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

/** What the function needs to know of an instance: a fraction of what DescribeInstances says. */
export interface InstanceSnapshot {
  readonly instanceId: string;
  /** EC2's name of the state: pending, running, stopping, stopped, shutting-down or terminated. */
  readonly state: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly spot: boolean;
  readonly rootDeviceType: string | undefined;
  /** Set when the instance was launched: false means that it can't hibernate. */
  readonly hibernationConfigured: boolean | undefined;
  readonly instanceType: string | undefined;
  readonly availabilityZone: string | undefined;
  /** When EC2 last launched it, which every start does: milliseconds since 1970. */
  readonly launchedAt: number | undefined;
  /** Why EC2 last changed the state. */
  readonly stateReason: { readonly code: string; readonly message: string } | undefined;
}

function readSnapshot(instance: Instance): InstanceSnapshot {
  const { StateReason } = instance;
  return {
    instanceId: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "unknown",
    tags: new Map((instance.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""])),
    spot: instance.InstanceLifecycle === "spot",
    rootDeviceType: instance.RootDeviceType,
    hibernationConfigured: instance.HibernationOptions?.Configured,
    instanceType: instance.InstanceType,
    availabilityZone: instance.Placement?.AvailabilityZone,
    launchedAt: instance.LaunchTime?.getTime(),
    stateReason: StateReason
      ? { code: StateReason.Code ?? "", message: StateReason.Message ?? "" }
      : undefined,
  };
}

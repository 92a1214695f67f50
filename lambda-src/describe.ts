import type { DescribeInstancesCommandInput, Instance } from "@aws-sdk/client-ec2";
import { awsErrorKind } from "../contract/aws-errors";
import { chunksOf } from "../contract/collections";
import { readTransitionTime } from "../contract/date-time";
import { IDS_PER_CALL, INSTANCES_PER_PAGE, idFilters, tagFilters } from "../contract/instance-search";
import { type Manager, managerOf, type TagValues } from "../contract/tags";
import type { Ec2Calls } from "./ec2-calls";
import { namedIds, readFault } from "./faults";

export interface InstancesById {
  readonly found: readonly InstanceSnapshot[];
  /** EC2's reason, by id, for the ids that it does not know. */
  readonly missing: ReadonlyMap<string, string>;
}

/**
 * The states of an instance that a poll asks for: all but pending, which says nothing new. So an instance that takes long
 * to start costs no time at each poll, where the reading of its answer would.
 */
const SETTLED_STATES = ["running", "stopping", "stopped", "shutting-down", "terminated"];

/** Reads those of at most IDS_PER_CALL instances that are not pending; of the others, `missing` has the unknown ones. */
export async function describeSettled(calls: Ec2Calls, ids: readonly string[]): Promise<InstancesById> {
  const missing = new Map<string, string>();
  const Filters = [{ Name: "instance-state-name", Values: SETTLED_STATES }];
  return { found: await describeKnownIds(calls, ids, missing, { Filters }), missing };
}

/** Reads the instances with these ids. Unknown ids are returned as missing and do not fail the others. */
export async function describeByIds(calls: Ec2Calls, ids: readonly string[]): Promise<InstancesById> {
  const found: InstanceSnapshot[] = [];
  const missing = new Map<string, string>();
  for (const part of chunksOf(ids, IDS_PER_CALL)) {
    const seen = await describeKnownIds(calls, part, missing);
    found.push(...seen);
    addUnseen(missing, part, seen);
  }
  return { found, missing };
}

function addUnseen(
  missing: Map<string, string>,
  ids: readonly string[],
  seen: readonly InstanceSnapshot[],
): void {
  const seenIds = new Set(seen.map(({ instanceId }) => instanceId));
  for (const id of ids) {
    if (!seenIds.has(id) && !missing.has(id)) missing.set(id, "no such instance");
  }
}

async function describeKnownIds(
  calls: Ec2Calls,
  ids: readonly string[],
  missing: Map<string, string>,
  filters: Pick<DescribeInstancesCommandInput, "Filters"> = {},
): Promise<readonly InstanceSnapshot[]> {
  let rest = ids;
  while (rest.length > 0) {
    try {
      // No MaxResults: EC2 rejects it together with ids, and returns all of them on one page.
      return await describeAllPages(calls, { InstanceIds: [...rest], ...filters });
    } catch (error) {
      const { code, text } = readFault(error);
      if (awsErrorKind(code) !== "absent") throw error;
      const named = new Set(namedIds(text, rest));
      // A filter on ids is slower, but accepts unknown ones.
      if (named.size === 0) {
        const seen = await describeByIdFilter(calls, rest);
        addUnseen(missing, rest, seen);
        return seen;
      }
      for (const id of named) missing.set(id, `no such instance (${code})`);
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

/** Reads, page by page, what the filters of these tags find: see tagFilters. */
export async function* describeByTags(
  calls: Ec2Calls,
  tags: TagValues,
): AsyncGenerator<readonly InstanceSnapshot[]> {
  for (const Filters of tagFilters(tags))
    yield* describePages(calls, { Filters, MaxResults: INSTANCES_PER_PAGE });
}

async function describeAllPages(
  calls: Ec2Calls,
  input: DescribeInstancesCommandInput,
): Promise<InstanceSnapshot[]> {
  const found: InstanceSnapshot[] = [];
  for await (const page of describePages(calls, input)) found.push(...page);
  return found;
}

async function* describePages(
  calls: Ec2Calls,
  input: DescribeInstancesCommandInput,
): AsyncGenerator<readonly InstanceSnapshot[]> {
  let nextToken: string | undefined;
  do {
    const page = await calls.describe(nextToken ? { ...input, NextToken: nextToken } : input);
    yield page.instances.filter(({ InstanceId }) => InstanceId).map(readSnapshot);
    nextToken = page.nextToken;
  } while (nextToken);
}

/** The attributes of an instance that the function reads from DescribeInstances. */
export interface InstanceSnapshot {
  readonly instanceId: string;
  /** EC2's name of the state: pending, running, stopping, stopped, shutting-down or terminated. */
  readonly state: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly manager: Manager | undefined;
  readonly spot: boolean;
  readonly rootDeviceType: string | undefined;
  /** Whether it was launched with hibernation configured; if not, it can't hibernate. */
  readonly hibernationConfigured: boolean | undefined;
  /**
   * What EC2 places it by, and can be short of: zone, type, tenancy, host, placement group, Capacity Reservation, Outpost,
   * platform and market, in this order. Instances with equal ones draw on the same capacity.
   */
  readonly placement: readonly (string | undefined)[];
  /** The image, product codes and license configurations that its start needs. */
  readonly entitlements: readonly string[];
  /** When EC2 last launched it, as every start does, in milliseconds since 1970. */
  readonly launchedAt: number | undefined;
  /** When a call of EC2 last stopped it, in milliseconds since 1970, as far as EC2 says so. */
  readonly stoppedAt: number | undefined;
  /** Why EC2 last changed the state. */
  readonly stateReason: { readonly code: string; readonly message: string } | undefined;
}

function readSnapshot(instance: Instance): InstanceSnapshot {
  const { Placement, StateReason, StateTransitionReason = "" } = instance;
  const reservation = instance.CapacityReservationSpecification?.CapacityReservationTarget;
  const tags = new Map((instance.Tags ?? []).map((tag) => [tag.Key ?? "", tag.Value ?? ""]));
  return {
    instanceId: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "unknown",
    tags,
    manager: managerOf(tags, instance.Operator),
    spot: instance.InstanceLifecycle === "spot",
    rootDeviceType: instance.RootDeviceType,
    hibernationConfigured: instance.HibernationOptions?.Configured,
    placement: [
      Placement?.AvailabilityZone,
      instance.InstanceType,
      // The word default says nothing in an error message.
      Placement?.Tenancy === "default" ? undefined : Placement?.Tenancy,
      Placement?.HostId,
      Placement?.GroupName || undefined,
      reservation?.CapacityReservationId ?? reservation?.CapacityReservationResourceGroupArn,
      instance.OutpostArn,
      instance.Platform,
      instance.InstanceLifecycle,
    ],
    entitlements: [
      ...(instance.ImageId ? [instance.ImageId] : []),
      ...(instance.ProductCodes ?? []).map(({ ProductCodeId = "" }) => ProductCodeId),
      ...(instance.Licenses ?? []).map(({ LicenseConfigurationArn = "" }) => LicenseConfigurationArn),
    ],
    launchedAt: instance.LaunchTime?.getTime(),
    stoppedAt: StateTransitionReason.startsWith("User initiated")
      ? readTransitionTime(StateTransitionReason)
      : undefined,
    stateReason: StateReason
      ? { code: StateReason.Code ?? "", message: StateReason.Message ?? "" }
      : undefined,
  };
}

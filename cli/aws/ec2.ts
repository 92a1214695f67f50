import {
  CreateTagsCommand,
  type DescribeInstancesCommandInput,
  DescribeSpotInstanceRequestsCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  type SpotInstanceRequest,
} from "@aws-sdk/client-ec2";
import type { Config } from "../../config";
import { chunksOf, defined } from "../../contract/collections";
import { readTransitionTime } from "../../contract/date-time";
import {
  IDS_PER_CALL,
  INSTANCES_PER_PAGE,
  type InstanceFilter,
  idFilters,
  tagFilters,
  VALUES_PER_FILTER,
} from "../../contract/instance-search";
import { type RequestTarget, searchedTags } from "../../contract/request";
import { AUTO_SCALING_TAG, managerOf, matchesAllTags, type TagValues } from "../../contract/tags";
import { requestTargets } from "../../model/requests";
import {
  type FoundInstances,
  type InstancePlace,
  type InstanceReader,
  type InstanceState,
  type ResolvedTarget,
  resolveTarget,
  searchKeyOf,
  type TargetInstance,
  toTagMap,
} from "../instances/instance";
import {
  AwsError,
  type AwsSettings,
  callAws,
  createAwsClient,
  isAbsent,
  mapConcurrently,
  memoizeByRegion,
  readAllPages,
} from "./call";

/** The client of one region. */
type ClientOf = (region: string) => EC2Client;

/** Clients of the SDK, one a region. */
export function createEc2Clients(settings: Omit<AwsSettings, "region">): ClientOf {
  return memoizeByRegion((region) => createAwsClient(EC2Client, { ...settings, region }));
}

/** Writes one tag of instances. */
export interface TagWriter {
  /**
   * @param options with `dryRun`, EC2 only says whether it would
   * @throws {AwsError}
   */
  writeTag(
    place: { readonly region: string; readonly instanceIds: readonly string[] },
    tag: { readonly key: string; readonly value: string },
    options?: { readonly dryRun?: boolean },
  ): Promise<void>;
}

/** EC2's answer to a dry run of a call that it would perform. */
const WOULD_SUCCEED = "DryRunOperation";

export function createTagWriter(settings: Omit<AwsSettings, "region">): TagWriter {
  const clientOf = createEc2Clients(settings);
  return {
    async writeTag({ region, instanceIds }, { key, value }, { dryRun = false } = {}) {
      for (const Resources of chunksOf(instanceIds, IDS_PER_CALL)) {
        const command = new CreateTagsCommand({
          Resources,
          Tags: [{ Key: key, Value: value }],
          ...(dryRun ? { DryRun: true } : {}),
        });
        await callAws("ec2:CreateTags", async () => {
          try {
            await clientOf(region).send(command);
          } catch (error) {
            if (!(dryRun && error instanceof Error && error.name === WOULD_SUCCEED)) throw error;
          }
        });
      }
    },
  };
}

export function createInstanceReader(settings: Omit<AwsSettings, "region">): Ec2Instances {
  return new Ec2Instances(createEc2Clients(settings));
}

/** Reads EBS volumes. */
export interface VolumeReader {
  /** KMS keys of those volumes that are encrypted. */
  volumeKeys(region: string, volumeIds: readonly string[]): Promise<readonly VolumeKey[]>;
}

export interface VolumeKey {
  readonly volumeId: string;
  readonly keyArn: string;
}

/** Reads instances and volumes through the AWS SDK. */
export class Ec2Instances implements InstanceReader, VolumeReader {
  readonly #clientOf: ClientOf;

  constructor(clientOf: ClientOf) {
    this.#clientOf = clientOf;
  }

  async targets(
    config: Config,
    names: readonly string[] = Object.keys(config.targets),
  ): Promise<ResolvedTarget[]> {
    // The action matters for service checks alone, which are not read here.
    const parts = new Map(names.map((name) => [name, requestTargets(config, [name], "stop")]));
    const found = await this.#find([...parts.values()].flat());
    return names.map((name) => resolveTarget(name, parts.get(name) ?? [], found));
  }

  async states(instances: readonly InstancePlace[]): Promise<InstanceState[]> {
    const regions = distinct(instances.map(({ region }) => region));
    const states = await mapConcurrently(regions, async (region) => {
      const ids = instances.filter((place) => place.region === region).map(({ instanceId }) => instanceId);
      const known = await describeIds(this.#clientOf(region), distinct(ids));
      return known.map((instance) => readState(region, instance));
    });
    const byId = new Map(states.flat().map((state) => [state.instanceId, state]));
    return instances.map(
      ({ instanceId, region }) => byId.get(instanceId) ?? { instanceId, region, state: "missing" },
    );
  }

  async volumeKeys(region: string, volumeIds: readonly string[]): Promise<VolumeKey[]> {
    const volumes = await mapConcurrently(chunksOf(volumeIds, VALUES_PER_FILTER), (Values) =>
      callAws("ec2:DescribeVolumes", () =>
        // By a filter: of ids, one volume that was just deleted would fail them all.
        readAllPages(
          paginateDescribeVolumes(
            { client: this.#clientOf(region) },
            { Filters: [{ Name: "volume-id", Values }] },
          ),
        ),
      ),
    );
    return volumes
      .flat()
      .flatMap(({ Volumes = [] }) => Volumes)
      .flatMap(({ VolumeId = "", Encrypted, KmsKeyId }) =>
        Encrypted && KmsKeyId ? [{ volumeId: VolumeId, keyArn: KmsKeyId }] : [],
      );
  }

  /** Looks up each region's ids and each set of tags once, however many targets name them. */
  async #find(parts: readonly RequestTarget[]): Promise<FoundInstances> {
    const instances = new Map<string, TargetInstance>();
    const tagged = new Map<string, readonly string[]>();
    await mapConcurrently(distinct(parts.map(({ region }) => region)), async (region) => {
      const ids = parts.flatMap((part) => (part.region === region ? (part.instanceIds ?? []) : []));
      const known = ids.length === 0 ? [] : await describeIds(this.#clientOf(region), distinct(ids));
      for (const instance of known) instances.set(instance.InstanceId ?? "", readInstance(region, instance));
    });
    const searches = new Map(parts.map((part) => [searchKeyOf(part), part]));
    await mapConcurrently([...searches], async ([key, part]) => {
      const { region } = part;
      const tags = searchedTags(part);
      if (tags === undefined) return;
      const matching = (await describeTagged(this.#clientOf(region), tags))
        .map((instance) => readInstance(region, instance))
        // Checked once more here, as the functions do: no reading of a filter by EC2 may widen a target.
        .filter((instance) => matchesAllTags(toTagMap(instance.tags), tags));
      for (const instance of matching) instances.set(instance.instanceId, instance);
      tagged.set(
        key,
        matching.map(({ instanceId }) => instanceId),
      );
    });
    await this.#addSpotKinds(instances);
    return { instances, tagged };
  }

  async #addSpotKinds(instances: Map<string, TargetInstance>): Promise<void> {
    const spot = [...instances.values()].filter((instance) => instance.spot !== undefined);
    await mapConcurrently(distinct(spot.map(({ region }) => region)), async (region) => {
      const own = spot.filter((instance) => instance.region === region);
      const kinds = await readSpotKinds(
        this.#clientOf(region),
        own.map(({ instanceId }) => instanceId),
      );
      for (const instance of own) {
        instances.set(instance.instanceId, {
          ...instance,
          spot: kinds.get(instance.instanceId) ?? "unknown",
        });
      }
    });
  }
}

function distinct<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

/** Describes those of the instances that EC2 knows. */
async function describeIds(client: EC2Client, ids: readonly string[]): Promise<Instance[]> {
  const parts = await mapConcurrently(chunksOf(ids, IDS_PER_CALL), (InstanceIds) =>
    callAws("ec2:DescribeInstances", async () => {
      try {
        return await describeInstances(client, { InstanceIds });
      } catch (error) {
        // A single unknown id makes EC2 return none of the others.
        if (isAbsent(error)) return undefined;
        throw error;
      }
    }).then((found) => found ?? describeByIdFilter(client, InstanceIds)),
  );
  return parts.flat();
}

/** A filter on ids is slower than a list of ids, but accepts unknown ones. */
async function describeByIdFilter(client: EC2Client, ids: readonly string[]): Promise<Instance[]> {
  const parts = await mapConcurrently(idFilters(ids), (filters) => describeFiltered(client, filters));
  return parts.flat();
}

/** What the filters of these tags find: see tagFilters. */
async function describeTagged(client: EC2Client, tags: TagValues): Promise<Instance[]> {
  const parts = await mapConcurrently(tagFilters(tags), (filters) => describeFiltered(client, filters));
  return parts.flat();
}

function describeFiltered(client: EC2Client, Filters: InstanceFilter[]): Promise<Instance[]> {
  return callAws("ec2:DescribeInstances", () =>
    describeInstances(client, { Filters, MaxResults: INSTANCES_PER_PAGE }),
  );
}

async function describeInstances(
  client: EC2Client,
  input: DescribeInstancesCommandInput,
): Promise<Instance[]> {
  const pages = await readAllPages(paginateDescribeInstances({ client }, input));
  return pages.flatMap(({ Reservations = [] }) => Reservations).flatMap(({ Instances = [] }) => Instances);
}

/** Reads what the commands need of an instance, apart from the kind of its spot request. */
export function readInstance(region: string, instance: Instance): TargetInstance {
  const tags = Object.fromEntries((instance.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const { LaunchTime, RootDeviceType, IamInstanceProfile, InstanceType } = instance;
  return {
    ...readState(region, instance),
    ...(tags["Name"] ? { name: tags["Name"] } : {}),
    ...defined({ launchedAt: LaunchTime }),
    tags,
    ...readManager(tags, instance),
    ...(instance.InstanceLifecycle === "spot" ? { spot: "unknown" as const } : {}),
    ...defined({ rootDeviceType: RootDeviceType }),
    ...(IamInstanceProfile?.Arn === undefined ? {} : { instanceProfile: IamInstanceProfile.Arn }),
    ...defined({ instanceType: InstanceType }),
    volumeIds: (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
  };
}

/** EC2's operator of a managed instance comes before its Auto Scaling group, and that before other managers. */
function readManager(
  tags: TargetInstance["tags"],
  { Operator }: Instance,
): Pick<TargetInstance, "autoScalingGroup" | "manager"> {
  const autoScalingGroup = Operator?.Managed ? undefined : tags[AUTO_SCALING_TAG];
  if (autoScalingGroup !== undefined) return { autoScalingGroup };
  return defined({ manager: managerOf(toTagMap(tags), Operator) });
}

export function readState(region: string, instance: Instance): InstanceState {
  const { InstanceId = "", StateTransitionReason, StateReason } = instance;
  const state = instance.State?.Name ?? "unknown";
  const since = stateSince(state, instance);
  return {
    instanceId: InstanceId,
    region,
    state,
    ...defined({ since }),
    ...(StateTransitionReason ? { transitionReason: StateTransitionReason } : {}),
    // A reason without a code and a message is none.
    ...(StateReason?.Code || StateReason?.Message
      ? { stateReason: { code: StateReason.Code ?? "", message: StateReason.Message ?? "" } }
      : {}),
  };
}

/** EC2 records no time of a change of state, but a launch has one, and so does the reason of most stops. */
function stateSince(state: string, { LaunchTime, StateTransitionReason }: Instance): Date | undefined {
  if (state === "running" || state === "pending") return LaunchTime;
  const since = readTransitionTime(StateTransitionReason ?? "");
  return since === undefined ? undefined : new Date(since);
}

type SpotKind = "one-time" | "persistent" | "unknown";

/** Reads the kind of request that each spot instance comes from. */
async function readSpotKinds(
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, SpotKind>> {
  const parts = await mapConcurrently(chunksOf(instanceIds, VALUES_PER_FILTER), async (Values) => {
    try {
      return await callAws("ec2:DescribeSpotInstanceRequests", () => readSpotRequests(client, Values));
    } catch (error) {
      if (error instanceof AwsError && error.missingPermission !== undefined) return [];
      throw error;
    }
  });
  return new Map(parts.flat().map(({ InstanceId = "", Type }) => [InstanceId, spotKindOf(Type)]));
}

async function readSpotRequests(client: EC2Client, instanceIds: string[]): Promise<SpotInstanceRequest[]> {
  const Filters = [{ Name: "instance-id", Values: instanceIds }];
  const answer = await client.send(new DescribeSpotInstanceRequestsCommand({ Filters }));
  return answer.SpotInstanceRequests ?? [];
}

function spotKindOf(type: SpotInstanceRequest["Type"]): SpotKind {
  return type === "one-time" || type === "persistent" ? type : "unknown";
}

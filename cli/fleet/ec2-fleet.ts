import { EC2Client } from "@aws-sdk/client-ec2";
import type { Config } from "../../config";
import { requestTargets } from "../../constructs/request-targets";
import type { RequestTarget } from "../../schedule/request";
import { carriesAll } from "../../schedule/tag-match";
import { eachOf } from "../aws/calling";
import type { AwsSettings } from "../aws/settings";
import { DESCRIBE_INSTANCES, describeIds, describeTagged } from "./describe-instances";
import type { FleetInstance, FleetReader, FleetTarget, InstancePlace, InstanceState } from "./fleet";
import { type Found, searchKey, targetOf } from "./found";
import { readInstance, readState, tagMap } from "./read-instance";
import { DESCRIBE_SPOT_REQUESTS, spotKinds } from "./spot-requests";

/** What an `Ec2Fleet` needs in IAM; the second only where there are spot instances, and it is no error to lack it. */
export const FLEET_PERMISSIONS = [DESCRIBE_INSTANCES, DESCRIBE_SPOT_REQUESTS] as const;

/** The client of one region. */
export type ClientOf = (region: string) => EC2Client;

/** Clients of the SDK, one a region. */
export function ec2Clients({ profile }: Pick<AwsSettings, "profile">): ClientOf {
  const clients = new Map<string, EC2Client>();
  return (region) => {
    const client = clients.get(region) ?? new EC2Client({ region, ...(profile ? { profile } : {}) });
    clients.set(region, client);
    return client;
  };
}

export function openFleet(settings: Pick<AwsSettings, "profile">): FleetReader {
  return new Ec2Fleet(ec2Clients(settings));
}

/** Reads instances through the AWS SDK. It changes nothing. */
export class Ec2Fleet implements FleetReader {
  readonly #clientOf: ClientOf;

  constructor(clientOf: ClientOf) {
    this.#clientOf = clientOf;
  }

  async targets(
    config: Config,
    names: readonly string[] = Object.keys(config.targets),
  ): Promise<FleetTarget[]> {
    // What an action adds to the targets is about services, which nobody looks at here.
    const parts = new Map(names.map((name) => [name, requestTargets(config, [name], "stop")]));
    const found = await this.#look([...parts.values()].flat());
    return names.map((name) => targetOf(name, parts.get(name) ?? [], found));
  }

  async states(instances: readonly InstancePlace[]): Promise<InstanceState[]> {
    const regions = unique(instances.map(({ region }) => region));
    const states = await eachOf(regions, async (region) => {
      const ids = instances.filter((place) => place.region === region).map(({ instanceId }) => instanceId);
      const known = await describeIds(this.#clientOf(region), unique(ids));
      return known.map((instance) => readState(region, instance));
    });
    const byId = new Map(states.flat().map((state) => [state.instanceId, state]));
    return instances.map(
      ({ instanceId, region }) => byId.get(instanceId) ?? { instanceId, region, state: "missing" },
    );
  }

  /** Each region's ids and each set of tags are looked up once, however many targets name them. */
  async #look(parts: readonly RequestTarget[]): Promise<Found> {
    const instances = new Map<string, FleetInstance>();
    const tagged = new Map<string, readonly string[]>();
    await eachOf(unique(parts.map(({ region }) => region)), async (region) => {
      const ids = parts.flatMap((part) => (part.region === region ? (part.instanceIds ?? []) : []));
      const known = ids.length === 0 ? [] : await describeIds(this.#clientOf(region), unique(ids));
      for (const instance of known) instances.set(instance.InstanceId ?? "", readInstance(region, instance));
    });
    const searches = new Map(parts.map((part) => [searchKey(part), part]));
    await eachOf([...searches], async ([key, { region, tags }]) => {
      if (tags === undefined) return;
      const matching = (await describeTagged(this.#clientOf(region), tags))
        .map((instance) => readInstance(region, instance))
        // Checked once more here, as the functions do: no reading of a filter by EC2 may widen a target.
        .filter((instance) => carriesAll(tagMap(instance.tags), tags));
      for (const instance of matching) instances.set(instance.instanceId, instance);
      tagged.set(
        key,
        matching.map(({ instanceId }) => instanceId),
      );
    });
    await this.#addSpotKinds(instances);
    return { instances, tagged };
  }

  async #addSpotKinds(instances: Map<string, FleetInstance>): Promise<void> {
    const spot = [...instances.values()].filter((instance) => instance.spot !== undefined);
    await eachOf(unique(spot.map(({ region }) => region)), async (region) => {
      const own = spot.filter((instance) => instance.region === region);
      const kinds = await spotKinds(
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

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}

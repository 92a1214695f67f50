import type { Config } from "../../config";

/** The instances of a config's targets, as EC2 knows them. */
export interface FleetReader {
  /**
   * What the targets come to, found as the functions find it: the same ids, tags, exclusions and regions.
   * @param names all targets of the config unless given
   * @throws {AwsError}
   */
  targets(config: Config, names?: readonly string[]): Promise<FleetTarget[]>;
  /**
   * Their states now, in the same order: for looking again.
   * @throws {AwsError}
   */
  states(instances: readonly InstancePlace[]): Promise<InstanceState[]>;
}

/** One target of the config. An instance that two targets have is in both. */
export interface FleetTarget {
  readonly name: string;
  /** The regions in which it was looked for. */
  readonly regions: readonly string[];
  /** By region, then by `Name` and id; excluded ones too, marked. */
  readonly instances: readonly FleetInstance[];
  /** Ids of the config that EC2 does not know: never launched, in another region, or terminated an hour ago. */
  readonly missing: readonly InstancePlace[];
  /** Regions in which no instance carries the target's tags. */
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
   * dates their `StateTransitionReason`. Absent where EC2 does not tell.
   */
  readonly since?: Date;
  /** What EC2 says of the last change: `User initiated (2026-11-20 11:00:12 GMT)`, as it stands. */
  readonly transitionReason?: string;
  /** Why: `Client.UserInitiatedShutdown`, `Server.InsufficientInstanceCapacity`, with EC2's words for it. */
  readonly stateReason?: { readonly code: string; readonly message: string };
}

export interface FleetInstance extends InstanceState {
  /** Its tag `Name`. */
  readonly name?: string;
  /** The last launch or start. */
  readonly launchedAt?: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** `key=value` of the tag by which the target excludes it. */
  readonly excludedBy?: string;
  readonly autoScalingGroup?: string;
  /** What kind of spot request it comes from, which decides whether it can be stopped; absent for on-demand ones. */
  readonly spot?: "one-time" | "persistent" | "unknown";
  /** `ebs` or `instance-store`. */
  readonly rootDeviceType?: string;
  /** ARN, where it has an instance profile. */
  readonly instanceProfile?: string;
  readonly instanceType?: string;
  /** Ids of its EBS volumes. */
  readonly volumeIds: readonly string[];
}

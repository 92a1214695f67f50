import type { Instance } from "@aws-sdk/client-ec2";

/** What the function needs to know of an instance: a fraction of what DescribeInstances says. */
export interface InstanceFacts {
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

export function readFacts(instance: Instance): InstanceFacts {
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

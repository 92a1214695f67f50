import type { Instance } from "@aws-sdk/client-ec2";
import type { FleetInstance, InstanceState } from "./fleet";

/** The tag that Auto Scaling puts on the instances of a group. */
const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** What the commands need of an instance; `spot` is not known from it alone. */
export function readInstance(region: string, instance: Instance): FleetInstance {
  const tags = Object.fromEntries((instance.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const { LaunchTime, RootDeviceType, IamInstanceProfile, InstanceType } = instance;
  return {
    ...readState(region, instance),
    ...(tags["Name"] ? { name: tags["Name"] } : {}),
    ...(LaunchTime === undefined ? {} : { launchedAt: LaunchTime }),
    tags,
    ...(tags[AUTO_SCALING_TAG] === undefined ? {} : { autoScalingGroup: tags[AUTO_SCALING_TAG] }),
    ...(instance.InstanceLifecycle === "spot" ? { spot: "unknown" as const } : {}),
    ...(RootDeviceType === undefined ? {} : { rootDeviceType: RootDeviceType }),
    ...(IamInstanceProfile?.Arn === undefined ? {} : { instanceProfile: IamInstanceProfile.Arn }),
    ...(InstanceType === undefined ? {} : { instanceType: InstanceType }),
    volumeIds: (instance.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeId ?? []),
  };
}

export function readState(region: string, instance: Instance): InstanceState {
  const { InstanceId = "", StateTransitionReason, StateReason } = instance;
  const state = instance.State?.Name ?? "unknown";
  const since = sinceWhen(state, instance);
  return {
    instanceId: InstanceId,
    region,
    state,
    ...(since === undefined ? {} : { since }),
    ...(StateTransitionReason ? { transitionReason: StateTransitionReason } : {}),
    ...(StateReason
      ? { stateReason: { code: StateReason.Code ?? "", message: StateReason.Message ?? "" } }
      : {}),
  };
}

export function tagMap(tags: FleetInstance["tags"]): ReadonlyMap<string, string> {
  return new Map(Object.entries(tags));
}

/** EC2 writes GMT; UTC is the same. */
const DATED_REASON = /\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (?:GMT|UTC)\)/;

/** EC2 keeps no time of a change of state: a launch tells of one, and the reason of a stop mostly has its own. */
function sinceWhen(state: string, { LaunchTime, StateTransitionReason }: Instance): Date | undefined {
  if (state === "running" || state === "pending") return LaunchTime;
  const [, date, time] = DATED_REASON.exec(StateTransitionReason ?? "") ?? [];
  const since = new Date(`${date}T${time}Z`);
  return Number.isNaN(+since) ? undefined : since;
}

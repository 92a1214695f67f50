import { holdOf } from "../../schedule/hold";
import type { FleetInstance } from "./fleet";

/** Why the schedules do nothing to an instance. */
export type Obstacle =
  | { readonly kind: "terminated" }
  | { readonly kind: "held"; readonly tag: string; readonly until?: Date; readonly unreadable?: string }
  | { readonly kind: "excluded"; readonly tag: string }
  | { readonly kind: "auto-scaling"; readonly group: string }
  | { readonly kind: "instance-store" }
  | { readonly kind: "spot-one-time" };

/** Where several stand in the way, the one that the functions would name. */
export function obstacleOf(instance: FleetInstance, holdTag: string, now: Date): Obstacle | undefined {
  const { state, excludedBy, autoScalingGroup, rootDeviceType, spot, tags } = instance;
  if (excludedBy !== undefined) return { kind: "excluded", tag: excludedBy };
  if (state === "terminated" || state === "shutting-down") return { kind: "terminated" };
  const value = Object.hasOwn(tags, holdTag) ? tags[holdTag] : undefined;
  const hold = value === undefined ? undefined : holdOf(value, +now);
  if (hold !== undefined) {
    return {
      kind: "held",
      tag: holdTag,
      ...(hold.until === undefined ? {} : { until: hold.until }),
      ...(hold.unreadable && value !== undefined ? { unreadable: value } : {}),
    };
  }
  if (autoScalingGroup !== undefined) return { kind: "auto-scaling", group: autoScalingGroup };
  if (rootDeviceType === "instance-store") return { kind: "instance-store" };
  return spot === "one-time" ? { kind: "spot-one-time" } : undefined;
}

import { defined } from "../../contract/collections";
import { holdOf } from "../../contract/tags";
import { formatMinute } from "../terminal/time";
import type { TargetInstance } from "./instance";

/** Why schedules leave an instance alone. */
export type Obstacle =
  | { readonly kind: "terminated" }
  | { readonly kind: "held"; readonly tag: string; readonly until?: Date; readonly unreadable?: string }
  | { readonly kind: "excluded"; readonly tag: string }
  | { readonly kind: "auto-scaling"; readonly group: string }
  | { readonly kind: "instance-store" }
  | { readonly kind: "spot-one-time" };

/** The obstacle that the functions would report, where there are several. */
export function findObstacle(instance: TargetInstance, holdTag: string, now: Date): Obstacle | undefined {
  const { state, excludedBy, autoScalingGroup, rootDeviceType, spot, tags } = instance;
  if (excludedBy !== undefined) return { kind: "excluded", tag: excludedBy };
  if (state === "terminated" || state === "shutting-down") return { kind: "terminated" };
  const value = Object.hasOwn(tags, holdTag) ? tags[holdTag] : undefined;
  const hold = value === undefined ? undefined : holdOf(value, +now);
  if (hold !== undefined) {
    return {
      kind: "held",
      tag: holdTag,
      ...defined({ until: hold.until }),
      ...(hold.unreadable && value !== undefined ? { unreadable: value } : {}),
    };
  }
  if (autoScalingGroup !== undefined) return { kind: "auto-scaling", group: autoScalingGroup };
  if (rootDeviceType === "instance-store") return { kind: "instance-store" };
  return spot === "one-time" ? { kind: "spot-one-time" } : undefined;
}

/** Describes an obstacle. */
export function describeObstacle(obstacle: Obstacle, timezone: string): string {
  switch (obstacle.kind) {
    case "terminated":
      return "it is terminated: take it out of the config";
    case "held":
      return describeHold(obstacle, timezone);
    case "excluded":
      return `excluded by tag ${obstacle.tag}`;
    case "auto-scaling":
      return `member of the Auto Scaling group ${obstacle.group}, which would replace it`;
    case "instance-store":
      return "its root device is an instance store, which can't be stopped";
    case "spot-one-time":
      return "spot instance of a one-time request, which can't be stopped";
  }
}

function describeHold(
  { tag, until, unreadable }: Extract<Obstacle, { kind: "held" }>,
  timezone: string,
): string {
  if (until !== undefined) return `held by tag ${tag} until ${formatMinute(until, timezone)}`;
  if (unreadable === undefined) return `held by tag ${tag}, for ever`;
  return `held by tag ${tag}, for ever: its value ${JSON.stringify(unreadable)} is no ISO 8601 date-time`;
}

import type { Config } from "../../config";
import { defined } from "../../contract/collections";
import { HOLD_VALUE, type Hold, holdOf } from "../../contract/holds";
import { TIMEZONE } from "../../contract/limits";
import { AUTO_SCALING_TAG, type Manager, managerOf } from "../../contract/tags";
import type { PlannedSchedule } from "../../model/plan";
import { formatMinute } from "../terminal/time";
import type { TargetInstance } from "./instance";

/** Why schedules leave an instance alone. */
export type Obstacle =
  | { readonly kind: "terminated" }
  | {
      readonly kind: "held";
      readonly tag: string;
      readonly from?: Date;
      readonly until?: Date;
      readonly by?: string;
      readonly unreadable?: string;
    }
  | { readonly kind: "excluded"; readonly tag: string }
  | { readonly kind: "auto-scaling"; readonly group: string }
  | { readonly kind: "managed"; readonly manager: Manager }
  | { readonly kind: "instance-store" }
  | { readonly kind: "spot-one-time" };

/**
 * The obstacle that the functions would report, where there are several.
 *
 * @param timezones of the schedules of the instance
 */
export function findObstacle(
  instance: TargetInstance,
  holdTag: string,
  now: Date,
  timezones: readonly string[] = [TIMEZONE.default],
): Obstacle | undefined {
  const { state, excludedBy, autoScalingGroup, manager, rootDeviceType, spot, tags } = instance;
  if (excludedBy !== undefined) return { kind: "excluded", tag: excludedBy };
  if (state === "terminated" || state === "shutting-down") return { kind: "terminated" };
  const value = Object.hasOwn(tags, holdTag) ? tags[holdTag] : undefined;
  const hold = value === undefined ? undefined : longestHold(value, now, timezones);
  if (hold !== undefined) {
    return {
      kind: "held",
      tag: holdTag,
      ...defined({ from: hold.from, until: hold.until, by: hold.by }),
      ...(hold.unreadable && value !== undefined ? { unreadable: value } : {}),
    };
  }
  if (autoScalingGroup !== undefined) return { kind: "auto-scaling", group: autoScalingGroup };
  if (manager !== undefined) return { kind: "managed", manager };
  if (rootDeviceType === "instance-store") return { kind: "instance-store" };
  return spot === "one-time" ? { kind: "spot-one-time" } : undefined;
}

/** The zones in which the schedules of an instance read a hold that names none; the config's where it has no schedule. */
export function timezonesOf(
  schedules: readonly PlannedSchedule[],
  { timezone = TIMEZONE.default }: Pick<Config, "timezone">,
): readonly string[] {
  return schedules.length === 0
    ? [timezone]
    : [...new Set(schedules.map(({ schedule }) => schedule.timezone))];
}

/** The hold by the schedule that it keeps off longest, since until then not all schedules act. */
export function longestHold(value: string, now: Date, timezones: readonly string[]): Hold | undefined {
  return timezones
    .flatMap((timezone) => holdOf(value, +now, timezone) ?? [])
    .reduce<Hold | undefined>((a, b) => (a?.until && b.until && +b.until <= +a.until ? a : b), undefined);
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
      return managerOf(new Map([[AUTO_SCALING_TAG, obstacle.group]]))?.reason ?? obstacle.group;
    case "managed":
      return obstacle.manager.reason;
    case "instance-store":
      return "its root device is an instance store, which can't be stopped";
    case "spot-one-time":
      return "spot instance of a one-time request, which can't be stopped";
  }
}

function describeHold(
  { tag, until, by, unreadable }: Extract<Obstacle, { kind: "held" }>,
  timezone: string,
): string {
  const author = by === undefined ? "" : `, set by ${by}`;
  if (until !== undefined) return `held by tag ${tag} until ${formatMinute(until, timezone)}${author}`;
  if (unreadable === undefined) return `held by tag ${tag}, for ever${author}`;
  return `held by tag ${tag}, for ever: its value ${JSON.stringify(unreadable)} is no ${HOLD_VALUE}`;
}

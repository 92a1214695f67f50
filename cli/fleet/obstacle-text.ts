import { minuteInZone } from "../time-text";
import type { Obstacle } from "./obstacle";

/** What stands in the way, in words. */
export function obstacleText(obstacle: Obstacle, timezone: string): string {
  switch (obstacle.kind) {
    case "terminated":
      return "it is terminated: take it out of the config";
    case "held":
      return heldText(obstacle, timezone);
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

function heldText({ tag, until, unreadable }: Extract<Obstacle, { kind: "held" }>, timezone: string): string {
  if (until !== undefined) return `held by tag ${tag} until ${minuteInZone(until, timezone)}`;
  if (unreadable === undefined) return `held by tag ${tag}, for ever`;
  return `held by tag ${tag}, for ever: its value ${JSON.stringify(unreadable)} is no ISO 8601 date-time`;
}

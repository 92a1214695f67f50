import type { PlannedSchedule } from "../../constructs/plan";
import { type Deployment, schedulesNamed } from "../deployment/deployment";
import { InputError } from "../input-error";

/**
 * The one schedule that is meant.
 * @throws {InputError} for a name that the config does not have, and for one that stands for several schedules
 */
export function chosenSchedule(deployment: Deployment, name: string): PlannedSchedule {
  const [planned, ...others] = schedulesNamed(deployment, name);
  if (planned === undefined || others.length > 0) {
    const names = [planned, ...others].flatMap((each) => each?.name ?? []);
    throw new InputError(`Expected one schedule, got "${name}", which is several: choose ${listed(names)}`);
  }
  return planned;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

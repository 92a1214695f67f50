import { STATE_AFTER } from "../../../contract/actions";
import { MINUTE_MS } from "../../../contract/units";
import type { PlannedSchedule } from "../../../model/plan";
import type { NearFirings } from "../../../schedule/near-firings";
import type { TimelineFiring } from "../../../schedule/timeline";
import { toTimelineSchedule } from "../../deployment/past-firings";

/** The state that the schedules want an instance to be in now. */
export type ExpectedState =
  | {
      readonly state: "running" | "stopped";
      /** The firing since which it should be so: the first after the last opposite one. */
      readonly since: TimelineFiring;
      /** The last firing of that action, which may be one of several in a row. */
      readonly last: TimelineFiring;
      /** Whether that began so recently that the function may still be running. */
      readonly fresh: boolean;
    }
  | { readonly state: "any"; readonly why: string };

/** A trigger fires within its minute, and Lambda's retries come one and three minutes after the first try. */
const TRIGGER_AND_RETRY_MINUTES = 5;

/**
 * @param schedules those that act on the instance
 * @param timeoutSeconds the functions' timeout, i.e. how long a run may still be in progress
 */
export function computeExpectedState(
  schedules: readonly PlannedSchedule[],
  past: NearFirings,
  timeoutSeconds: number,
): ExpectedState {
  const enabled = schedules.filter((planned) => planned.enabled);
  if (enabled.length === 0) return anyState("no schedule in use");
  if (enabled.some(({ schedule }) => schedule.kind === "rate")) {
    return anyState("a rate counts from its deployment, which is not known here");
  }
  if (enabled.every(({ action }) => action === "stop")) return anyState("stops only: nothing here starts it");
  const change = past.lastChange(enabled.map(toTimelineSchedule));
  if (change === undefined) return anyState("no schedule has fired yet");
  const { action, since, last } = change;
  const graceMinutes = Math.min(
    latestMinutesOf(since, enabled),
    TRIGGER_AND_RETRY_MINUTES + timeoutSeconds / 60,
  );
  return {
    state: STATE_AFTER[action],
    since,
    last,
    fresh: +past.now - +since.at < graceMinutes * MINUTE_MS,
  };
}

function latestMinutesOf({ of }: TimelineFiring, schedules: readonly PlannedSchedule[]): number {
  return schedules.find(({ name }) => name === of.name)?.latestMinutes ?? Number.POSITIVE_INFINITY;
}

function anyState(why: string): ExpectedState {
  return { state: "any", why };
}

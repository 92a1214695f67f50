import type { Schedule } from "../schedule";
import type { Action, StartStopRequest } from "../schedule/request";
import type { Ec2StartStopProps } from "./props";

/** One schedule as it will be deployed; a schedule of `running` windows gives several. */
export interface PlannedSchedule {
  /** Unique; what requests and reports call it: `dev-stop`, or `staging-hours-start` for a window's start. */
  readonly name: string;
  /** The key in `schedules` that it comes from. */
  readonly key: string;
  readonly action: Action;
  readonly schedule: Schedule;
  readonly enabled: boolean;
  readonly description: string;
  /** Names of its targets, each once. */
  readonly targetNames: readonly string[];
  /** Days between the start of a `running` window and this firing: 1 for the stop of an overnight window, else 0. */
  readonly dayOffset: number;
  /** What its trigger hands to the function, but for `scheduledTime`, which the trigger fills in. */
  readonly request: StartStopRequest;
  readonly latestMinutes: number;
  /** For trigger `event-rule`: the UTC expressions, one rule each. For `scheduler`: none. */
  readonly utcExpressions: readonly string[];
}

/** The schedules of valid props, in the order of the config, windows expanded. */
export function planSchedules(_props: Ec2StartStopProps): PlannedSchedule[] {
  return [];
}

/** What a function does with an event that is no request: all targets of its enabled schedules, or nothing. */
export function defaultRequest(_props: Ec2StartStopProps, _action: Action): StartStopRequest | undefined {
  return undefined;
}

import type { Action } from "./actions";
import type { Outcome, RunReport, ServiceReport } from "./report";

/** The `source` of the events that a function puts on the default event bus of its region. */
export const EVENT_SOURCE = "ec2-start-stop";

/** The `detail-type` of an event about one instance, and of one about a whole run or a region of it. */
export const DETAIL_TYPES = {
  instance: "EC2 Start/Stop Outcome",
  run: "EC2 Start/Stop Run",
} as const;

/** The IAM action on the default event bus. */
export const EVENT_PERMISSION = "events:PutEvents";

/** The keys that all details have. A retry by Lambda sends its own events, with the request id of the first attempt. */
interface RunOfEvent {
  readonly schedule: string;
  readonly action: Action;
  /** When the firing was due; absent for a request by hand without it. */
  readonly scheduledTime?: string;
  /** Lambda's request id, as in the report. */
  readonly requestId: string;
}

/** The detail of an event about one instance. */
export interface InstanceEventDetail extends RunOfEvent {
  readonly region: string;
  readonly instance: string;
  readonly outcome: Outcome;
  readonly reason?: string;
  /** Absent, as `stateAfter`, if the instance does not exist or could not be read. */
  readonly stateBefore?: string;
  readonly stateAfter?: string;
  /** Present for a running instance whose target has `checks`. */
  readonly services?: ServiceReport;
  /** When the next follow-up of its region is due, as ISO 8601 in UTC, if the outcome is `deferred`. */
  readonly due?: string;
}

/** The detail of an event about a run that was skipped or refused as a whole or has failed, or about an error of one region. */
export interface RunEventDetail extends RunOfEvent {
  readonly status: RunReport["status"];
  /** Absent if it concerns the whole run. */
  readonly region?: string;
  readonly reason: string;
}

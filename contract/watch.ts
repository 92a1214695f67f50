import type { Action } from "./actions";
import type { ScheduleTimes } from "./request";
import { MINUTE_MS } from "./units";

/**
 * The event of the watch, by which the alarms on missed firings know when schedules fire: every half hour a function logs
 * which firings come, and which should have been. A firing was missed only if it was announced and found due: one that a
 * deployment has moved in between is one of these alone.
 */
export interface WatchRequest {
  /** Name of the watch, in metrics as that of a schedule. */
  readonly watch: string;
  /** When the firing of the watch was due: ISO 8601 with a zone, filled in by the trigger. */
  readonly scheduledTime: string;
  /** Names of the functions by action: dimensions of the metrics that they log themselves. */
  readonly functionNames: Readonly<Partial<Record<Action, string>>>;
  /** The enabled schedules whose firings are known: each but a rate, which counts from its deployment. */
  readonly schedules: readonly ScheduleTimes[];
}

/** Name of the watch: of its trigger, as that of a schedule, and of its alarm. */
export const WATCH_NAME = "watch";
/** Not on the hour and half hour, when most schedules fire. */
export const WATCH_EXPRESSION = "cron(10,40 * * * ? *)";
export const WATCH_PERIOD_MS = 30 * MINUTE_MS;

/**
 * The periods whose firings the watch announces and finds due, in milliseconds after its own firing, end excluded. Both are
 * at least half an hour away from it, so that a deployment that is half done, or a late run, does not matter.
 */
export const WATCH_WINDOWS = {
  announced: { from: WATCH_PERIOD_MS, until: 2 * WATCH_PERIOD_MS },
  due: { from: -2 * WATCH_PERIOD_MS, until: -WATCH_PERIOD_MS },
} as const;

/** Minutes after which a firing of the watch is of no use: the next one is there. */
export const WATCH_LATEST_MINUTES = WATCH_PERIOD_MS / MINUTE_MS;

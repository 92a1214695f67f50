import type { Config } from "../../../config";
import { MAX_INSTANCES, TIMEZONE, TRIGGER } from "../../../contract/limits";
import { namesOf } from "../../../model/names";
import { type PlannedSchedule, planSchedules } from "../../../model/plan";
import {
  buildTimeline,
  nextFirings,
  shortenPeriod,
  type Timeline,
  type TimelineFiring,
} from "../../../schedule/timeline";
import { toTimelineSchedule } from "../../deployment/past-firings";
import { type WarningFiring, warningFiringsOf } from "../../deployment/warning-firings";
import { addLocalDays } from "../../terminal/time";

/** The firings and running times of a config in a period. */
export interface Preview {
  /** The prefix of all names. */
  readonly name: string;
  readonly trigger: "event-rule" | "scheduler";
  /** The config's own zone. */
  readonly timezone: string;
  /** The most instances that a run may find by tags or `all`. */
  readonly maxInstances: number;
  readonly schedules: readonly PlannedSchedule[];
  readonly timeline: Timeline;
  /** The firings to list: all of the timeline, or the first `count`. */
  readonly firings: readonly TimelineFiring[];
  /** The warnings before stops in the same period, soonest first. */
  readonly stopWarnings: readonly WarningFiring[];
  /** Whether the period ends with the last listed firing, so that its hours say little. */
  readonly counted: boolean;
  /** The end that was asked for, where the period is shortened to {@link MAX_FIRINGS} firings. */
  readonly requestedUntil: Date | undefined;
}

/** Firings of all schedules that a preview shows. An every-minute schedule has 10,080 in a week. */
export const MAX_FIRINGS = 20_000;

const DEFAULT_DAYS = 7;

export interface PreviewLength {
  readonly days?: number | undefined;
  readonly count?: number | undefined;
}

/** Computes what a valid config does from an instant on. */
export function computePreview(config: Config, from: Date, { days, count }: PreviewLength): Preview {
  const plan = planSchedules(config);
  const schedules = plan.map(toTimelineSchedule);
  const timezone = config.timezone ?? TIMEZONE.default;
  const next = count === undefined ? undefined : nextFirings(schedules, { from, count });
  const last = next?.at(-1);
  const until = last ? new Date(+last.at + 1000) : addLocalDays(from, days ?? DEFAULT_DAYS, timezone);
  const period = shortenPeriod(schedules, { from, until }, MAX_FIRINGS);
  const timeline = buildTimeline(schedules, Object.keys(config.targets), period);
  return {
    name: namesOf(config).prefix,
    trigger: config.trigger ?? TRIGGER.default,
    timezone,
    maxInstances: config.maxInstances ?? MAX_INSTANCES.default,
    schedules: plan,
    timeline,
    firings: next ?? timeline.firings,
    stopWarnings: plan.flatMap((planned) => warningFiringsOf(planned, period)).sort((a, b) => +a.at - +b.at),
    counted: count !== undefined,
    requestedUntil: +period.until < +until ? until : undefined,
  };
}

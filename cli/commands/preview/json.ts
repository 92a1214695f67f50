import type { PlannedSchedule } from "../../../model/plan";
import type { Warning } from "../../../model/warnings";
import { offsetText } from "../../../schedule/text";
import type { ClockChange, RunningTime, TargetTimeline, TimelineFiring } from "../../../schedule/timeline";
import { Zone } from "../../../schedule/zone";
import { isoText } from "../../terminal/time";
import type { Preview } from "./model";

/** The preview as JSON, for programs. Instants are ISO 8601 in UTC, hours and shares numbers. */
export function previewJson(preview: Preview, warnings: readonly Warning[]): string {
  const { name, trigger, timezone, timeline, schedules, firings } = preview;
  const answer = {
    name,
    trigger,
    timezone,
    from: isoText(timeline.from),
    until: isoText(timeline.until),
    schedules: schedules.map((planned) => scheduleJson(planned, trigger)),
    firings: firings.map(firingJson),
    clockChanges: timeline.clockChanges.map(clockChangeJson),
    targets: timeline.targets.map(targetJson),
    warnings: warnings.map(warningJson),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function scheduleJson(planned: PlannedSchedule, trigger: Preview["trigger"]) {
  const { name, action, schedule, enabled, targetNames, utcExpressions } = planned;
  return {
    name,
    action,
    expression: schedule.expression,
    timezone: schedule.timezone,
    description: schedule.describe(),
    enabled,
    targets: targetNames,
    ...(trigger === "event-rule" && { utc: utcExpressions }),
  };
}

function firingJson({ of, at, local, skipped, repeated }: TimelineFiring) {
  return {
    at: isoText(at),
    local,
    timezone: of.schedule.timezone,
    schedule: of.name,
    action: of.action,
    targets: of.targetNames,
    ...(skipped !== undefined && { skipped }),
    ...(repeated && { repeated }),
  };
}

function clockChangeJson({ at, timezone, minutes, effects }: ClockChange) {
  const zone = Zone.of(timezone);
  return {
    at: isoText(at),
    timezone,
    minutes,
    offsetBefore: offsetText(zone.offsetAt(+at - 1)),
    offsetAfter: offsetText(zone.offsetAt(+at)),
    effects: effects.map((effect) => ({
      schedule: effect.of.name,
      kind: effect.kind,
      local: effect.local,
      at: isoText(effect.at),
    })),
  };
}

function warningJson({ severity, kind, path, message, schedules, targets, at }: Warning) {
  return { severity, kind, path, message, schedules, targets, ...(at !== undefined && { at: isoText(at) }) };
}

function targetJson({ name, spans, shown, week, weekIs }: TargetTimeline) {
  return {
    name,
    running: spans
      .filter(({ state }) => state === "running")
      .map(({ from, until }) => ({ from: isoText(from), until: isoText(until) })),
    inPeriod: runningTimeJson(shown),
    week: week === undefined ? null : { ...runningTimeJson(week), is: weekIs },
  };
}

function runningTimeJson(time: RunningTime | undefined) {
  if (time === undefined) return null;
  return {
    runningHours: Number(time.runningHours.toFixed(2)),
    savedShare: Number(time.savedShare.toFixed(4)),
  };
}

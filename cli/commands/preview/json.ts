import { offsetText } from "../../../contract/date-time";
import type { PlannedSchedule } from "../../../model/plan";
import type { Warning } from "../../../model/warnings";
import type { Schedule, UtcConversion } from "../../../schedule";
import type { ClockChange, RunningTime, TargetTimeline, TimelineFiring } from "../../../schedule/timeline";
import { Zone } from "../../../schedule/zone";
import type { WarningFiring } from "../../deployment/warning-firings";
import { formatInstant, formatInstantOrNull, scheduleJson } from "../../json";
import { MAX_FIRINGS, type Preview } from "./model";

/** What `preview --json` prints. */
export function previewJson(preview: Preview, warnings: readonly Warning[]) {
  const { name, trigger, timezone, timeline, schedules, firings, stopWarnings, requestedUntil } = preview;
  return {
    name,
    trigger,
    timezone,
    from: formatInstant(timeline.from),
    until: formatInstant(timeline.until),
    shortened:
      requestedUntil === undefined ? null : { from: formatInstant(requestedUntil), maxFirings: MAX_FIRINGS },
    schedules: schedules.map((planned) => plannedJson(planned, trigger)),
    firings: firings.map(firingJson),
    stopWarnings: stopWarnings.map(stopWarningJson),
    clockChanges: timeline.clockChanges.map(clockChangeJson),
    targets: timeline.targets.map(targetJson),
    warnings: warnings.map(warningJson),
  };
}

/** What `preview --expression --json` prints. */
export function expressionJson(
  schedule: Schedule,
  next: readonly Date[],
  utc: UtcConversion,
  isCapped: boolean,
) {
  const { expression, timezone, kind } = schedule;
  return {
    expression,
    timezone,
    kind,
    description: schedule.describe(),
    next: next.map(formatInstant),
    shortened: isCapped ? { maxFirings: MAX_FIRINGS } : null,
    utc: utc.expressions,
    reason: utc.expressions === null ? utc.reason : null,
  };
}

function plannedJson(planned: PlannedSchedule, trigger: Preview["trigger"]) {
  return {
    ...scheduleJson(planned),
    description: planned.schedule.describe(),
    utc: trigger === "event-rule" ? planned.utcExpressions : null,
  };
}

function firingJson({ of, at, local, skipped, repeated }: TimelineFiring) {
  return {
    at: formatInstant(at),
    local,
    timezone: of.schedule.timezone,
    schedule: of.name,
    action: of.action,
    targets: of.targetNames,
    skipped: skipped ?? null,
    repeated: repeated === true,
  };
}

function stopWarningJson({ name, at, local, stop }: WarningFiring) {
  const { of } = stop;
  return {
    at: formatInstant(at),
    local,
    timezone: of.schedule.timezone,
    schedule: name,
    warnsOf: of.name,
    stopAt: formatInstant(stop.at),
    targets: of.targetNames,
  };
}

function clockChangeJson({ at, timezone, minutes, effects }: ClockChange) {
  const zone = Zone.of(timezone);
  return {
    at: formatInstant(at),
    timezone,
    seconds: minutes * 60,
    offsetBefore: offsetText(zone.offsetAt(+at - 1)),
    offsetAfter: offsetText(zone.offsetAt(+at)),
    effects: effects.map((effect) => ({
      schedule: effect.of.name,
      kind: effect.kind,
      local: effect.local,
      at: formatInstant(effect.at),
    })),
  };
}

function warningJson({ severity, kind, path, message, schedules, targets, at }: Warning) {
  return { severity, kind, path, message, schedules, targets, at: formatInstantOrNull(at) };
}

function targetJson({ name, spans, inPeriod, week, weekBasis }: TargetTimeline) {
  return {
    name,
    running: spans
      .filter(({ state }) => state === "running")
      .map(({ from, until }) => ({ from: formatInstant(from), until: formatInstant(until) })),
    inPeriod: runningTimeJson(inPeriod),
    week: week === undefined ? null : { ...runningTimeJson(week), basis: weekBasis },
  };
}

function runningTimeJson(time: RunningTime | undefined) {
  if (time === undefined) return null;
  return {
    runningSeconds: Math.round(time.runningHours * 3600),
    savedShare: Number(time.savedShare.toFixed(4)),
  };
}

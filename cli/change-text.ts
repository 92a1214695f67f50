import type { ClockChange, TargetTimeline } from "../schedule/timeline";
import { durationText, localMinute, shortLocal } from "./time-text";

/** `Sun 2026-03-08 02:00 America/New_York: clocks go forward 1 h, to 03:00`. */
export function clockChangeTitle({ localBefore, localAfter, minutes, timezone }: ClockChange): string {
  const direction = minutes > 0 ? "forward" : "back";
  const shown = shortLocal(localAfter, localBefore);
  return `${localMinute(localBefore)} ${timezone}: clocks go ${direction} ${durationText(Math.abs(minutes))}, to ${shown}`;
}

/** What becomes of each affected firing. */
export function clockChangeEffects({ effects, localBefore }: ClockChange): string[] {
  if (effects.length === 0) return ["no firing is affected"];
  return effects.map(({ of, kind, local }) =>
    kind === "skipped"
      ? `${of.name} at ${shortLocal(local, localBefore)} does not run: clocks never show that time`
      : `${of.name} at ${shortLocal(local, localBefore)} runs once, though clocks show that time twice: at the first`,
  );
}

/** Why a target's hours are what they are, where that needs a word. */
export function targetNote({ actions, week, weekIs }: TargetTimeline): string {
  if (actions.length === 0) return "no schedule in use";
  if (!actions.includes("start")) return "stops only: nothing here starts it";
  if (!actions.includes("stop")) return "starts only: nothing here stops it";
  if (week === undefined) return "not known before its first firing";
  return weekIs === "mean" ? "mean of 52 weeks" : "";
}

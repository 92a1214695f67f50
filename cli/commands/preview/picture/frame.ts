import type { TargetTimeline } from "../../../../schedule/timeline";
import { addLocalDays } from "../../../terminal/time";
import type { Preview } from "../model";
import { describeHours } from "../text";
import { measureText } from "./markup";

export const WIDTH = 1000;
export const MARGIN = 24;
export const ROW_HEIGHT = 46;
/** Where the rows begin, below the title and the days. */
export const ROWS_TOP = 108;
export const NAME_SIZE = 13.5;
export const SMALL_SIZE = 11;

const HOURS_WIDTH = 92;
const GAP = 18;
const MIN_NAME_WIDTH = 90;
const MAX_NAME_WIDTH = 220;
/** Room on each side of the days for a time that stands at midnight. */
const SIDE = 14;

/** Coordinates of the picture. */
export interface Frame {
  readonly nameWidth: number;
  /** Left and right end of the days. */
  readonly left: number;
  readonly right: number;
  /** Below the last row. */
  readonly bottom: number;
  /** Beginnings of the days in the config's zone, and the end of the last one. */
  readonly midnights: readonly Date[];
  readonly x: (instant: Date) => number;
}

export function layOutFrame(preview: Preview): Frame {
  const { timeline, timezone } = preview;
  const { from, until, targets } = timeline;
  const nameWidth = measureNames(preview);
  const left = MARGIN + nameWidth + GAP + SIDE;
  const right = WIDTH - MARGIN - HOURS_WIDTH - SIDE;
  const scale = (right - left) / (+until - +from);
  return {
    nameWidth,
    left,
    right,
    bottom: ROWS_TOP + targets.length * ROW_HEIGHT,
    midnights: listMidnights(from, until, timezone),
    x: (instant) => left + (Math.min(Math.max(+instant, +from), +until) - +from) * scale,
  };
}

/** Describes a target below its name: zones that differ from the axis, and a note on its hours. */
export function describeTarget(target: TargetTimeline, { timeline, timezone }: Preview): string {
  const own = timeline.schedules.filter(
    ({ enabled, targetNames }) => enabled && targetNames.includes(target.name),
  );
  const zones = new Set(own.map(({ schedule }) => schedule.timezone));
  zones.delete(timezone);
  const [note = ""] = describeHours(target).split(":");
  return [...zones, note].filter(Boolean).join(", ");
}

function measureNames(preview: Preview): number {
  const widths = preview.timeline.targets.map((target) =>
    Math.max(measureText(target.name, NAME_SIZE), measureText(describeTarget(target, preview), SMALL_SIZE)),
  );
  return Math.min(Math.max(MIN_NAME_WIDTH, ...widths), MAX_NAME_WIDTH);
}

function listMidnights(from: Date, until: Date, timezone: string): Date[] {
  const midnights: Date[] = [];
  for (let days = 0; ; days++) {
    const midnight = addLocalDays(from, days, timezone);
    midnights.push(midnight);
    if (midnight >= until) return midnights;
  }
}

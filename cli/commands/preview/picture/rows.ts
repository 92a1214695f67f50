import type { TargetTimeline, TimelineFiring } from "../../../../schedule/timeline";
import { addLocalDays, formatHours, formatShare, parseInstant, toLocalMs } from "../../../terminal/time";
import type { Preview } from "../model";
import { describeClockChange, describeEffects } from "../text";
import {
  describeTarget,
  type Frame,
  MARGIN,
  NAME_SIZE,
  ROW_HEIGHT,
  ROWS_TOP,
  SMALL_SIZE,
  WIDTH,
} from "./frame";
import { placeLabels } from "./labels";
import { EMPTY_MARKUP, fitText, type Markup, markup, measureText, wrapText } from "./markup";

const TIME_SIZE = 10.5;
const BAR_TOP = 16;
const BAR_HEIGHT = 14;
const TIME_WIDTH = measureText("00:00", TIME_SIZE);
/** More ticks than this in a row are drawn finer. */
const MANY_TICKS = 60;

/** One target: its name, when it runs, its firings and its hours. */
export function renderTargetRow(
  target: TargetTimeline,
  index: number,
  preview: Preview,
  frame: Frame,
): Markup {
  const top = ROWS_TOP + index * ROW_HEIGHT;
  const firings = preview.timeline.firings.filter(({ of }) => of.targetNames.includes(target.name));
  return markup`<g>
${renderName(target, top, preview, frame)}
${renderHolidays(target, top, preview, frame)}
${renderSpans(target, top + BAR_TOP, frame)}
${renderTicks(firings, top + BAR_TOP, frame)}
${renderTimes(firings, top, preview, frame)}
${renderHours(target, top, frame.midnights.length === 8)}
<path class="grid" d="M${MARGIN} ${top + ROW_HEIGHT}H${WIDTH - MARGIN}"/>
</g>`;
}

function renderName(target: TargetTimeline, top: number, preview: Preview, frame: Frame): Markup {
  const below = describeTarget(target, preview);
  const middle = top + BAR_TOP + BAR_HEIGHT / 2;
  const name = fitText(target.name, NAME_SIZE, frame.nameWidth);
  return markup`<text class="name" x="${MARGIN}" y="${below === "" ? middle + 5 : middle - 1}"><title>${target.name}</title>${name}</text>${
    below === ""
      ? EMPTY_MARKUP
      : markup`<text class="small" x="${MARGIN}" y="${middle + 14}"><title>${below}</title>${fitText(below, SMALL_SIZE, frame.nameWidth)}</text>`
  }`;
}

/** Days on which it is not started, or, for what is never started, not stopped. */
function renderHolidays(target: TargetTimeline, top: number, { timeline }: Preview, frame: Frame): Markup[] {
  const own = timeline.schedules.filter(
    ({ enabled, targetNames }) => enabled && targetNames.includes(target.name),
  );
  const starts = own.filter(({ action }) => action === "start");
  const days = new Map<string, { from: Date; until: Date }>();
  for (const { schedule, skipDates = [] } of starts.length > 0 ? starts : own) {
    for (const date of skipDates) {
      const from = parseInstant(date, schedule.timezone, date);
      const until = addLocalDays(from, 1, schedule.timezone);
      if (until > timeline.from && from < timeline.until) days.set(`${+from}`, { from, until });
    }
  }
  return [...days.values()].map(({ from, until }) => {
    const [left, right] = [frame.x(from), frame.x(until)];
    return markup`<rect fill="url(#holiday)" x="${left}" y="${top + 1}" width="${right - left}" height="${ROW_HEIGHT - 2}"/>`;
  });
}

function renderSpans({ spans: all }: TargetTimeline, top: number, { x }: Frame): Markup[] {
  return all.map(({ from, until, state }) => {
    const [left, right] = [x(from), x(until)];
    if (state === "running") {
      return markup`<rect class="running" x="${left}" y="${top}" width="${Math.max(right - left, 1)}" height="${BAR_HEIGHT}" rx="2"/>`;
    }
    return markup`<path class="${state === "stopped" ? "idle" : "unknown"}" d="M${left} ${top + BAR_HEIGHT / 2}H${right}"/>`;
  });
}

/** Starts reach up to their times, stops down to theirs. Ticks nearer than half a unit are one. */
function renderTicks(firings: readonly TimelineFiring[], top: number, { x }: Frame): Markup[] {
  const paths = new Map<string, Map<number, Markup>>();
  for (const { at, of, skipped } of firings) {
    const kind = skipped === undefined ? `tick ${of.action}-tick` : "skipped-tick";
    const place = Math.round(x(at) * 2) / 2;
    const [from, to] = of.action === "start" ? [top - 3, top + BAR_HEIGHT] : [top, top + BAR_HEIGHT + 3];
    const path = paths.get(kind) ?? new Map<number, Markup>();
    path.set(place, markup`M${place} ${from}V${to}`);
    paths.set(kind, path);
  }
  return [...paths].map(([kind, path]) => {
    const fine = path.size > MANY_TICKS ? " fine" : "";
    return markup`<path class="${kind}${fine}" d="${[...path.values()]}"/>`;
  });
}

/** Times of starts above the bars, of stops below, each as near to its tick as its neighbours let it. */
function renderTimes(
  firings: readonly TimelineFiring[],
  top: number,
  { timezone }: Preview,
  { x }: Frame,
): Markup[] {
  return (["start", "stop"] as const).flatMap((action) => {
    const lane = firings.filter(({ of }) => of.action === action);
    const y = action === "start" ? top + BAR_TOP - 4.5 : top + BAR_TOP + BAR_HEIGHT + 12;
    const places = placeLabels(
      lane.map(({ at }) => x(at)),
      TIME_WIDTH,
    );
    return lane.map(({ at, local, skipped }, index) => {
      const place = places[index];
      if (place === undefined) return EMPTY_MARKUP;
      const shown = skipped === "clock-change" ? local : new Date(toLocalMs(at, timezone)).toISOString();
      const kind = skipped === undefined ? action : "skipped-time";
      return markup`<text class="time middle ${kind}" x="${place}" y="${y}">${shown.slice(11, 16)}</text>`;
    });
  });
}

function renderHours({ inPeriod, week }: TargetTimeline, top: number, isWeek: boolean): Markup {
  const right = WIDTH - MARGIN;
  if (inPeriod === undefined)
    return markup`<text class="small end" x="${right}" y="${top + 27}">not known</text>`;
  // A week that a clock change makes shorter or longer is no reason yet.
  const normal = week && Math.abs(week.savedShare - inPeriod.savedShare) >= 0.005 ? week : undefined;
  const lines = markup`<text class="hours end" x="${right}" y="${top + (normal ? 14 : 21)}">${formatHours(inPeriod.runningHours)}</text><text class="small saved end" x="${right}" y="${top + (normal ? 27 : 35)}">${formatShare(inPeriod.savedShare)} saved</text>`;
  if (normal === undefined) return lines;
  const perWeek = formatHours(normal.runningHours);
  const text = isWeek ? `normally ${perWeek}` : `${perWeek} a week`;
  return markup`${lines}<text class="small end" x="${right}" y="${top + 40}">${text}</text>`;
}

const LINE = 17;
const TOP_GAP = 24;
const BOTTOM_GAP = 16;

export interface Footer {
  readonly markup: Markup;
  readonly height: number;
}

/** Renders the legend and the effects of clock changes. */
export function renderFooter(preview: Preview, top: number): Footer {
  const notes = preview.timeline.clockChanges.flatMap((change) =>
    wrapText(
      `${describeClockChange(change)}: ${describeEffects(change).join("; ")}.`,
      SMALL_SIZE,
      WIDTH - 2 * MARGIN,
    ),
  );
  const lines = notes.map(
    (note, index) =>
      markup`<text class="small change" x="${MARGIN}" y="${top + TOP_GAP + (index + 1) * LINE}">${note}</text>`,
  );
  return {
    markup: markup`${renderLegend(preview, top + TOP_GAP)}${lines}`,
    height: TOP_GAP + notes.length * LINE + BOTTOM_GAP,
  };
}

interface Sign {
  readonly text: string;
  readonly draw: (x: number, y: number) => Markup;
}

function renderLegend({ timeline }: Preview, y: number): Markup[] {
  const { firings, targets, clockChanges } = timeline;
  const signs: Sign[] = [
    {
      text: "runs",
      draw: (x) => markup`<rect class="running" x="${x}" y="${y - 9}" width="16" height="10" rx="2"/>`,
    },
    {
      text: "start, time above",
      draw: (x) => markup`<path class="tick start-tick" d="M${x + 8} ${y - 11}V${y + 1}"/>`,
    },
    {
      text: "stop, time below",
      draw: (x) => markup`<path class="tick stop-tick" d="M${x + 8} ${y - 9}V${y + 3}"/>`,
    },
  ];
  if (firings.some(({ skipped }) => skipped)) {
    signs.push({
      text: "skipped",
      draw: (x) => markup`<path class="skipped-tick" d="M${x + 8} ${y - 10}V${y + 2}"/>`,
    });
  }
  if (firings.some(({ skipped }) => skipped === "holiday")) {
    signs.push({
      text: "holiday",
      draw: (x) => markup`<rect fill="url(#holiday)" x="${x}" y="${y - 11}" width="16" height="14"/>`,
    });
  }
  if (targets.some(({ spans }) => spans.some(({ state }) => state === "unknown"))) {
    signs.push({
      text: "not known",
      draw: (x) => markup`<path class="unknown" d="M${x} ${y - 4}H${x + 16}"/>`,
    });
  }
  if (clockChanges.length > 0) {
    signs.push({
      text: "clock change",
      draw: (x) => markup`<rect class="band" x="${x + 4}" y="${y - 11}" width="8" height="14"/>`,
    });
  }
  let x = MARGIN;
  return signs.map(({ text, draw }) => {
    const drawn = markup`${draw(x, y)}<text class="small" x="${x + 21}" y="${y}">${text}</text>`;
    x += 21 + measureText(text, SMALL_SIZE) + 14;
    return drawn;
  });
}

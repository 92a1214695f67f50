import { HOUR_MS } from "../../../../contract/units";
import type { ClockChange } from "../../../../schedule/timeline";
import { formatDuration, toLocalMs, WEEKDAYS } from "../../../terminal/time";
import type { Preview } from "../model";
import { type Frame, ROW_HEIGHT, ROWS_TOP } from "./frame";
import { EMPTY_MARKUP, type Markup, markup } from "./markup";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Days narrower than this have no room for 6, 12 and 18. */
const SIX_HOURS_WIDTH = 70;

/** The days and hours across the top, and their lines behind the rows. */
export function renderAxis({ timezone }: Preview, frame: Frame): Markup {
  return markup`${renderDayNames(frame, timezone)}${renderHourScale(frame, timezone)}${renderDayLines(frame)}`;
}

/** `28 Dec 2026 to 3 Jan 2027`, of a first and a last day as local times. */
export function formatDateRange(first: number, last: number): string {
  const [a, b] = [new Date(first), new Date(last)];
  const year = a.getUTCFullYear() === b.getUTCFullYear() ? "" : ` ${a.getUTCFullYear()}`;
  const month = year === "" && a.getUTCMonth() === b.getUTCMonth() ? "" : ` ${MONTHS[a.getUTCMonth()]}`;
  return `${a.getUTCDate()}${month}${year} to ${formatDayMonth(b)} ${b.getUTCFullYear()}`;
}

/** Soft bands where the clocks change: through all rows for the axis's own zone, else through the rows it concerns. */
export function renderChangeBands({ timeline, timezone }: Preview, frame: Frame): Markup[] {
  return timeline.clockChanges.map((change) => {
    if (change.timezone === timezone)
      return markup`${renderChangeLabel(change, frame)}${renderBand(change, frame, ROWS_TOP, frame.bottom)}`;
    const rows = timeline.targets.map((target, row) => {
      const concerned = timeline.schedules.some(
        ({ targetNames, schedule }) =>
          schedule.timezone === change.timezone && targetNames.includes(target.name),
      );
      const top = ROWS_TOP + row * ROW_HEIGHT;
      return concerned ? renderBand(change, frame, top, top + ROW_HEIGHT) : EMPTY_MARKUP;
    });
    return markup`${rows}`;
  });
}

function renderDayNames({ midnights, x }: Frame, timezone: string): Markup[] {
  return midnights.slice(0, -1).map((midnight, index) => {
    const day = new Date(toLocalMs(midnight, timezone));
    const date = day.getUTCDate() === 1 ? formatDayMonth(day) : String(day.getUTCDate());
    const middle = (x(midnight) + x(midnights[index + 1] ?? midnight)) / 2;
    return markup`<text class="day middle" x="${middle}" y="${ROWS_TOP - 26}">${WEEKDAYS[day.getUTCDay()] ?? ""} ${date}</text>`;
  });
}

function renderHourScale({ midnights, x, bottom }: Frame, timezone: string): Markup[] {
  return midnights.slice(0, -1).flatMap((midnight, index) => {
    const next = midnights[index + 1] ?? midnight;
    const hours = x(next) - x(midnight) < SIX_HOURS_WIDTH ? [12] : [6, 12, 18];
    return hours.flatMap((hour) => {
      const at = findHour(midnight, next, hour, timezone);
      if (at === undefined) return [];
      return markup`<path class="hour" d="M${x(at)} ${ROWS_TOP}V${bottom}"/><text class="scale middle" x="${x(at)}" y="${ROWS_TOP - 7}">${hour}</text>`;
    });
  });
}

/** The instant in a day at which clocks show a full hour, if they do. */
function findHour(midnight: Date, next: Date, hour: number, timezone: string): Date | undefined {
  const wanted = toLocalMs(midnight, timezone) + hour * HOUR_MS;
  for (const shift of [0, -1, 1, -0.5, 0.5]) {
    const at = new Date(+midnight + (hour + shift) * HOUR_MS);
    if (at < next && toLocalMs(at, timezone) === wanted) return at;
  }
  return undefined;
}

function renderDayLines({ midnights, x, bottom }: Frame): Markup {
  const lines = midnights.map((midnight) => markup`M${x(midnight)} ${ROWS_TOP - 14}V${bottom}`);
  return markup`<path class="grid" d="${lines}"/>`;
}

function renderBand({ at, minutes }: ClockChange, { x }: Frame, top: number, bottom: number): Markup {
  const reach = Math.max(Math.abs(minutes) / 60, 1) * HOUR_MS;
  const [left, right] = [x(new Date(+at - reach)), x(new Date(+at + reach))];
  return markup`<rect class="band" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/>`;
}

function renderChangeLabel({ at, minutes }: ClockChange, { x }: Frame): Markup {
  const text = `${minutes > 0 ? "+" : "−"}${formatDuration(Math.abs(minutes))}`;
  return markup`<text class="scale change middle" x="${x(at)}" y="${ROWS_TOP - 7}">${text}</text>`;
}

function formatDayMonth(day: Date): string {
  return `${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
}

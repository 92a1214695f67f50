import type { Action } from "../contract/actions";
import { MINUTES_PER_DAY, MINUTES_PER_WEEK } from "../contract/units";
import { dayOfWeekRule, numbersText } from "./cron-field";
import { ScheduleError } from "./error";
import { daysText, type Weekday, WorkingWindow, weekdays } from "./window";

/** The start or stop of a window as a schedule. */
export interface WindowSchedule {
  /** `start` at the beginning of the window, `stop` at its end. */
  readonly action: Action;
  /** The part of the schedule's name after `<config key>-`, such as `start` or `stop-mon-fri`. */
  readonly suffix: string;
  /** A `cron(...)` expression in the schedule's zone. */
  readonly expression: string;
  /** Days from the date on which the window starts to the date of the firing: 1 for the stop of an overnight window. */
  readonly dayOffset: number;
}

/** The merged windows of a `running` setting and their schedules. */
export interface WindowSchedules {
  /** The merged windows, in the order of the week from Monday on. */
  readonly windows: readonly WorkingWindow[];
  /** A start and a stop of each window. */
  readonly schedules: readonly WindowSchedule[];
}

const MAX_WINDOWS = 50;

/**
 * Returns the start and stop schedules of weekly windows, after merging those that overlap or adjoin.
 *
 * @param running 1 to 50 windows, each `DAYS HH:MM-HH:MM` as {@link WorkingWindow.parse} takes it
 * @throws ScheduleError for an invalid window, for none, and for windows that together cover the whole week
 * @example
 * runningWindows("MON-FRI 08:00-20:00").schedules.map(({ expression }) => expression);
 * // ["cron(0 8 ? * MON-FRI *)", "cron(0 20 ? * MON-FRI *)"]
 */
export function runningWindows(running: string | readonly string[]): WindowSchedules {
  const texts = typeof running === "string" ? [running] : running;
  if (texts.length === 0 || texts.length > MAX_WINDOWS) {
    throw new ScheduleError({
      field: "running",
      expected: `1 to ${MAX_WINDOWS} windows`,
      got: String(texts.length),
    });
  }
  const windows = merge(texts.map((text) => WorkingWindow.parse(text)));
  const schedules = windows.flatMap((window) => {
    const suffix = suffixOf(window, windows);
    const { startMinute: start, lengthMinutes, endDayOffset: dayOffset } = window;
    const end = start + lengthMinutes;
    return [
      {
        action: "start" as const,
        suffix: `start${suffix}`,
        expression: weekly(window.days, start),
        dayOffset: 0,
      },
      { action: "stop" as const, suffix: `stop${suffix}`, expression: weekly(window.days, end), dayOffset },
    ];
  });
  return { windows, schedules };
}

function merge(windows: readonly WorkingWindow[]): readonly WorkingWindow[] {
  // Windows that begin at the same time of day and last as long are one, on several days.
  const merged = new Map<string, { days: Weekday[]; start: number; length: number }>();
  for (const [from, to] of weeklyIntervals(windows)) {
    const start = from % MINUTES_PER_DAY;
    const length = to - from;
    const day = weekdays[Math.floor(from / MINUTES_PER_DAY)] ?? "SUN";
    const known = merged.get(`${start} ${length}`);
    if (known === undefined) merged.set(`${start} ${length}`, { days: [day], start, length });
    else known.days.push(day);
  }
  return [...merged.values()]
    .map(({ days, start, length }) => WorkingWindow.of(days, start, length))
    .sort((a, b) => firstStart(a) - firstStart(b));
}

/** Disjoint intervals that the windows cover, in minutes from Sunday 00:00; the last may reach into the next week. */
function weeklyIntervals(windows: readonly WorkingWindow[]): readonly [number, number][] {
  const intervals: [number, number][] = [];
  const single = windows.flatMap(({ days, startMinute, lengthMinutes }) =>
    days.map((day): [number, number] => {
      const from = weekdays.indexOf(day) * MINUTES_PER_DAY + startMinute;
      return [from, from + lengthMinutes];
    }),
  );
  for (const [from, to] of single.sort(([a], [b]) => a - b)) {
    const last = intervals.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else intervals.push([from, to]);
  }
  // The last interval may reach the first ones, a week later: they become one with it.
  const last = intervals.at(-1);
  let first = intervals[0];
  while (first !== undefined && last !== undefined && last[1] >= first[0] + MINUTES_PER_WEEK) {
    if (first === last) throw alwaysOn();
    last[1] = Math.max(last[1], first[1] + MINUTES_PER_WEEK);
    intervals.shift();
    first = intervals[0];
  }
  return intervals;
}

function alwaysOn(): ScheduleError {
  return new ScheduleError({
    field: "running",
    expected: "windows that leave some time to stop",
    got: "windows that together cover all 168 hours of the week",
    hint: "targets that always run need no schedule",
  });
}

function firstStart({ days, startMinute }: WorkingWindow): number {
  const day = weekdays.indexOf(days[0] ?? "MON");
  return ((day + 6) % 7) * MINUTES_PER_DAY + startMinute;
}

// `_` between days that do not follow each other: mon_wed are two days, mon-wed are three.
function suffixOf(window: WorkingWindow, windows: readonly WorkingWindow[]): string {
  if (windows.length === 1) return "";
  const days = daysText(window.days, "_").toLowerCase();
  const shared = windows.filter((other) => other.days.join() === window.days.join()).length > 1;
  return shared ? `-${days}-${window.start.replace(":", "")}` : `-${days}`;
}

/** Formats a cron expression for a time on some days; `minute` may lie beyond the day. */
function weekly(days: readonly Weekday[], minute: number): string {
  const shift = Math.floor(minute / MINUTES_PER_DAY);
  const time = `${minute % 60} ${Math.floor(minute / 60) % 24}`;
  const numbers = days.map((day) => ((weekdays.indexOf(day) + shift) % 7) + 1).sort((a, b) => a - b);
  return numbers.length === 7
    ? `cron(${time} * * ? *)`
    : `cron(${time} ? * ${numbersText(numbers, dayOfWeekRule)} *)`;
}

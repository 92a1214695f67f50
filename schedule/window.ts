import { MINUTES_PER_DAY } from "../contract/units";
import { dayOfWeekRule } from "./cron-field";
import { quote, ScheduleError } from "./error";
import { nearestName } from "./nearest-name";

/** A day of the week, as in AWS's cron expressions and in the config. */
export type Weekday = "SUN" | "MON" | "TUE" | "WED" | "THU" | "FRI" | "SAT";

export const weekdays: readonly Weekday[] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const form = "DAYS HH:MM-HH:MM, such as MON-FRI 08:00-20:00";

/**
 * A weekly window in which targets run. It belongs to the days on which it starts, and may end on a later day.
 *
 * @example
 * WorkingWindow.parse("SUN-THU 22:00-06:00").lengthMinutes; // 480
 */
export class WorkingWindow {
  /** Days on which the window starts, from Monday on. */
  readonly days: readonly Weekday[];
  /** Minutes from midnight to its start. */
  readonly startMinute: number;
  /** Length in minutes; more than 1440 where merged windows last longer than a day. */
  readonly lengthMinutes: number;

  private constructor(days: Iterable<Weekday>, startMinute: number, lengthMinutes: number) {
    const set = new Set(days);
    this.days = fromMonday.filter((day) => set.has(day));
    this.startMinute = startMinute;
    this.lengthMinutes = lengthMinutes;
  }

  /** Makes a window from its days, the minute of the day at which it starts, and its length in minutes. */
  static of(days: Iterable<Weekday>, startMinute: number, lengthMinutes: number): WorkingWindow {
    return new WorkingWindow(days, startMinute, lengthMinutes);
  }

  /**
   * Parses `DAYS HH:MM-HH:MM`. DAYS: `MON-FRI`, `FRI-MON` (wraps), `MON,WED` or `daily`. `24:00` is an end only; an
   * end before its start means the next day.
   *
   * @throws ScheduleError for any other text
   */
  static parse(text: string): WorkingWindow {
    try {
      return WorkingWindow.#parse(text);
    } catch (error) {
      const corrected = correctSigns(text);
      if (!(error instanceof ScheduleError) || corrected === undefined) throw error;
      throw new ScheduleError({
        field: "running",
        expected: form,
        got: quote(text),
        hint: `did you mean ${corrected}?`,
      });
    }
  }

  static #parse(text: string): WorkingWindow {
    const match = typeof text === "string" && text.length <= 64 ? /^(\S+) (\S+)-(\S+)$/.exec(text) : null;
    if (match === null) throw new ScheduleError({ field: "running", expected: form, got: quote(text) });
    const [, days = "", from = "", to = ""] = match;
    const start = minuteOf(from, "23:59");
    const end = minuteOf(to, "24:00");
    if (start === end) {
      throw new ScheduleError({
        field: "running",
        expected: "an end that differs from the start",
        got: quote(text),
        hint: "a whole day is 00:00-24:00",
      });
    }
    return new WorkingWindow(
      parseDays(days),
      start,
      end > start ? end - start : end - start + MINUTES_PER_DAY,
    );
  }

  /** Local start, such as `08:00`. */
  get start(): string {
    return timeText(this.startMinute);
  }

  /** Local end, such as `20:00`; `24:00` for midnight at the end of the day. */
  get end(): string {
    const minute = (this.startMinute + this.lengthMinutes) % MINUTES_PER_DAY;
    return minute === 0 ? "24:00" : timeText(minute);
  }

  /** Days from the window's own day to the day on which it ends; midnight belongs to the day that it begins. */
  get endDayOffset(): number {
    return Math.floor((this.startMinute + this.lengthMinutes) / MINUTES_PER_DAY);
  }

  /** Formats the window as in the config. A merged window longer than a day shows its length instead of its end. */
  toString(): string {
    const days = daysText(this.days, ",");
    if (this.lengthMinutes <= MINUTES_PER_DAY) return `${days} ${this.start}-${this.end}`;
    const [hours, minutes] = [Math.floor(this.lengthMinutes / 60), this.lengthMinutes % 60];
    return `${days} ${this.start} for ${hours} h${minutes === 0 ? "" : ` ${minutes} min`}`;
  }
}

const fromMonday: readonly Weekday[] = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** `MON-FRI`, `FRI-MON`, `MON,WED` or `daily`, of days in the order from Monday on. */
export function daysText(days: readonly Weekday[], separator: string): string {
  if (days.length === 7) return "daily";
  const has = (day: Weekday) => days.includes(day);
  const runs: string[] = [];
  for (const [index, day] of fromMonday.entries()) {
    if (!has(day) || has(fromMonday[(index + 6) % 7] ?? day)) continue;
    let length = 1;
    while (has(fromMonday[(index + length) % 7] ?? day)) length++;
    const last = fromMonday[(index + length - 1) % 7];
    runs.push(length === 1 ? day : `${day}-${last}`);
  }
  return runs.join(separator);
}

function parseDays(text: string): Weekday[] {
  if (text === "daily") return [...weekdays];
  return text.split(",").flatMap((token) => {
    const [first = "", last = first, ...more] = token.split("-");
    const [from, to] = [weekdays.indexOf(first as Weekday), weekdays.indexOf(last as Weekday)];
    if (from < 0 || to < 0 || more.length > 0) {
      throw new ScheduleError({
        field: "running",
        expected: "days as MON-FRI, FRI-MON, MON,WED or daily",
        got: quote(token),
        hint: daysHint(token),
      });
    }
    const length = ((to - from + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => weekdays[(from + index) % 7] ?? "SUN");
  });
}

function daysHint(token: string): string | undefined {
  if (/^(daily|everyday|all)$/i.test(token)) return "did you mean daily?";
  const corrected = token.replace(/[A-Za-z]+/g, (word) => {
    const name = word.slice(0, 3).toUpperCase();
    return dayOfWeekRule.names?.includes(name) ? name : (nearestName(word, weekdays) ?? word);
  });
  const valid = corrected.split("-").every((day) => weekdays.includes(day as Weekday));
  return valid && corrected !== token ? `did you mean ${corrected}?` : undefined;
}

/** The window that is meant where only its signs are others: `MON~FRI 08:00～20:00`, full-width digits and colons. */
function correctSigns(text: unknown): string | undefined {
  if (typeof text !== "string" || text.length > 64) return undefined;
  const corrected = text
    .normalize("NFKC")
    .trim()
    .replace(/\s*[~\u301c\u223c\u2010-\u2015\u2212-]\s*/g, "-")
    .replace(/\s+/g, " ");
  if (corrected === text) return undefined;
  try {
    WorkingWindow.parse(corrected);
    return corrected;
  } catch {
    return undefined;
  }
}

function minuteOf(text: string, latest: "23:59" | "24:00"): number {
  const match = /^(\d{2}):([0-5]\d)$/.exec(text);
  if (match !== null && text <= latest) return Number(match[1]) * 60 + Number(match[2]);
  throw new ScheduleError({
    field: "running",
    expected: `a time from 00:00 to ${latest}`,
    got: quote(text),
    hint: /^\d:[0-5]\d$/.test(text) ? `did you mean 0${text}?` : undefined,
  });
}

function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

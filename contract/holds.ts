import { readBegin, readEnd } from "./date-time";
import { TIMEZONE } from "./limits";

/** A period in which the functions leave an instance alone, as its hold tag says. */
export interface Hold {
  /** Absent if it has always held. */
  readonly from?: Date;
  /** Absent if it holds for ever. */
  readonly until?: Date;
  /** The person or program that the value names, if any. */
  readonly by?: string;
  /** Set if it holds for ever because the value is of no known form. */
  readonly unreadable?: true;
}

/** What the value of a hold tag should be, in messages about one that cannot be read. */
export const HOLD_VALUE = "ISO 8601 date-time, date or interval (begin/end)";

/** The author of a hold follows its times: `2026-11-23T22:00+09:00 by jane`. */
const AUTHOR = /^(.*?)\s*\bby (\S.*)$/;

/**
 * Reads the value of a hold tag, whether it holds now or not. An ISO 8601 date holds to the end of that day, a date-time
 * until then, as `readEnd` reads both, and an interval `begin/end` from the first, as `readBegin` reads it, to the second. An
 * empty value holds for ever, and so does any other, to be safe, such as an interval that ends before it begins. Each may be
 * followed by ` by ` and a name.
 *
 * @param timezone IANA zone of a value that names none: that of the schedule
 */
export function readHold(value: string, timezone: string = TIMEZONE.default): Hold {
  const [, times = value.trim(), by] = AUTHOR.exec(value.trim()) ?? [];
  const author = by === undefined ? {} : { by };
  if (times === "") return author;
  const parts = times.split("/");
  const until = readEnd(parts.at(-1) ?? "", timezone);
  if (until === undefined || parts.length > 2) return { unreadable: true, ...author };
  if (parts.length === 1) return { until: new Date(until), ...author };
  const from = readBegin(parts[0] ?? "", timezone);
  return from === undefined || from >= until
    ? { unreadable: true, ...author }
    : { from: new Date(from), until: new Date(until), ...author };
}

/**
 * Returns the hold that the value of a hold tag means now; undefined if it has not begun or is over.
 *
 * @param now in milliseconds since the epoch
 * @param timezone IANA zone of a value that names none: that of the schedule
 */
export function holdOf(value: string, now: number, timezone?: string): Hold | undefined {
  const hold = readHold(value, timezone);
  const { from, until } = hold;
  return (from !== undefined && +from > now) || (until !== undefined && +until <= now) ? undefined : hold;
}

/** Returns the value of a hold tag for a hold, as `readHold` reads it. */
export function holdValue({ from, until, by }: Omit<Hold, "unreadable">): string {
  const instant = (date: Date) => date.toISOString().replace(/(?::00)?\.000Z$/, "Z");
  const times = [from, until].flatMap((date) => (date ? [instant(date)] : [])).join("/");
  return [times, ...(by === undefined ? [] : [`by ${by}`])].filter(Boolean).join(" ");
}

import { readEnd } from "./date-time";
import { TIMEZONE } from "./limits";

/** Matching values by tag key. */
export type TagValues = Readonly<Record<string, readonly string[]>>;

/** Whether an instance is in a target: it has all of these keys, each with one of its literal values. */
export function matchesAllTags(tags: ReadonlyMap<string, string>, wanted: TagValues): boolean {
  return Object.entries(wanted).every(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && values.includes(value);
  });
}

/** Returns the first tag, as `key=value`, that excludes an instance from a target: any one is enough. */
export function excludingTag(tags: ReadonlyMap<string, string>, exclude: TagValues): string | undefined {
  for (const [key, values] of Object.entries(exclude)) {
    const value = tags.get(key);
    if (value !== undefined && values.includes(value)) return `${key}=${value}`;
  }
  return undefined;
}

/** The tag that Auto Scaling puts on the instances of a group, with the group's name as its value. */
export const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** An instance's opt-out from being started and stopped. */
export interface Hold {
  /** Absent if it holds for ever. */
  readonly until?: Date;
  /** Set if it holds for ever because the value is no date and no date-time. */
  readonly unreadable?: true;
}

/** What the value of an opt-out tag should be, in a message about one that is not. */
export const HOLD_VALUE = "ISO 8601 date-time or date";

/**
 * Reads the value of an opt-out tag; returns undefined if it no longer holds. An ISO 8601 date holds to the end of that day,
 * a date-time until then, as `readEnd` reads both. An empty value holds for ever, and so does any other, to be safe.
 *
 * @param now in milliseconds since the epoch
 * @param timezone IANA zone of a value that names none: that of the schedule
 */
export function holdOf(value: string, now: number, timezone: string = TIMEZONE.default): Hold | undefined {
  const text = value.trim();
  if (text === "") return {};
  const until = readEnd(text, timezone);
  if (until === undefined) return { unreadable: true };
  return until > now ? { until: new Date(until) } : undefined;
}

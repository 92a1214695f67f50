import { DATE_TIME, DATE_TIME_ZONE } from "./patterns";

/** Values that count, by tag key. */
export type TagValues = Readonly<Record<string, readonly string[]>>;

/** Whether an instance carries all of these keys, each with one of its literal values: then it is part of the target. */
export function carriesAll(tags: ReadonlyMap<string, string>, wanted: TagValues): boolean {
  return Object.entries(wanted).every(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && values.includes(value);
  });
}

/** The first tag, as `key=value`, by which an instance is excluded from a target: any one of them is enough. */
export function excludingTag(tags: ReadonlyMap<string, string>, exclude: TagValues): string | undefined {
  for (const [key, values] of Object.entries(exclude)) {
    const value = tags.get(key);
    if (value !== undefined && values.includes(value)) return `${key}=${value}`;
  }
  return undefined;
}

/** The tag by which Auto Scaling marks the instances of a group, with the group's name. */
export const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** That an instance is to be left alone. */
export interface Hold {
  /** Absent where it holds for ever. */
  readonly until?: Date;
  /** Set where it holds for ever because the value is no date-time. */
  readonly unreadable?: true;
}

/**
 * What the value of an instance's opt-out tag means now, or undefined when it no longer holds. An empty value holds for
 * ever, an ISO 8601 date-time until then (UTC unless it names a zone), and any other value holds for ever, to be safe.
 *
 * @param now in milliseconds since the epoch
 */
export function holdOf(value: string, now: number): Hold | undefined {
  const text = value.trim();
  if (text === "") return {};
  const until = DATE_TIME.test(text) ? Date.parse(DATE_TIME_ZONE.test(text) ? text : `${text}Z`) : Number.NaN;
  if (Number.isNaN(until)) return { unreadable: true };
  return until > now ? { until: new Date(until) } : undefined;
}

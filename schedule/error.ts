/** Details of an invalid time expression, zone, window or calendar. */
export interface ScheduleErrorDetails {
  /** Which part is wrong, such as `day-of-week`. */
  readonly field: string;
  /** What is allowed there, such as `1-7 or SUN-SAT`. */
  readonly expected: string;
  /** What was written, quoted. */
  readonly got: string;
  /**
   * A near miss that would be valid, or how to write it.
   * @default none
   */
  readonly hint?: string | undefined;
}

/**
 * Thrown for a time expression, zone, window or calendar that is not valid. The message holds all details:
 * `<field>: expected <expected>, got <got> (<hint>)`.
 *
 * @example
 * try {
 *   Schedule.parse("cron(0 20 ? * MON-FRIN *)");
 * } catch (error) {
 *   if (error instanceof ScheduleError) console.error(error.field, error.expected); // day-of-week 1-7 (1 is SUN) ...
 * }
 */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
  /** Which part is wrong, such as `day-of-week`. */
  readonly field: string;
  /** What is allowed there. */
  readonly expected: string;
  /** What was written, quoted, with the hint if there is one. */
  readonly got: string;

  constructor({ field, expected, got, hint }: ScheduleErrorDetails, options?: ErrorOptions) {
    const found = hint === undefined ? got : `${got} (${hint})`;
    super(`${field}: expected ${expected}, got ${found}`, options);
    this.field = field;
    this.expected = expected;
    this.got = found;
  }
}

const MAX_QUOTE_LENGTH = 60;

/** Formats a value for a message: one line, escaped, cut to a readable length. */
export function quote(value: unknown): string {
  if (typeof value !== "string") return value === null ? "null" : typeof value;
  const text = value.length > MAX_QUOTE_LENGTH ? `${value.slice(0, MAX_QUOTE_LENGTH)}...` : value;
  // JSON leaves these as they are; in a terminal they would hide or reorder what follows.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

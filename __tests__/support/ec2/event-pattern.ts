/** A rule's event pattern: each key has a list of values, or a pattern of its own. */
export interface EventPattern {
  readonly [key: string]:
    | readonly (string | { readonly "anything-but": { readonly prefix: string } })[]
    | EventPattern;
}

/**
 * Whether EventBridge matches an event: every key of the pattern, with any of its values: an exact one, or any text but with a prefix.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([key, expected]) => {
    const value = (event as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(expected)) return matchesPattern(expected as EventPattern, value);
    return expected.some((one) =>
      typeof one === "string"
        ? one === value
        : typeof value === "string" && !value.startsWith(one["anything-but"].prefix),
    );
  });
}

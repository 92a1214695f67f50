/** At most this many retries, for the trigger that invokes a function and for the function itself. */
export const MAX_RETRIES = 2;

const MIN_AGE_SECONDS = 60;
/** What Lambda does with asynchronous events unless told otherwise; also the longest age that it takes. */
export const LAMBDA_RETRY_DEFAULTS = { maxRetries: 2, maxEventAgeSeconds: 21_600 } as const;
/** What EventBridge does with a target unless told otherwise; also the longest age that it takes. */
export const EVENTBRIDGE_RETRY_DEFAULTS = { maxRetries: 185, maxEventAgeSeconds: 86_400 } as const;

/**
 * How long, in seconds, a function may hold an event before it gives it up: half of what the most urgent of its
 * schedules allows, so that the other half is left for the trigger.
 */
export function functionEventAgeSeconds(latestMinutes: readonly number[]): number {
  const half = Math.floor((Math.min(...latestMinutes) * 60) / 2);
  return Math.max(MIN_AGE_SECONDS, Math.min(half, LAMBDA_RETRY_DEFAULTS.maxEventAgeSeconds));
}

/** How long, in seconds, the trigger may try: with the function's own age at most `latestMinutes`. */
export function triggerEventAgeSeconds(latestMinutes: number, functionAgeSeconds: number): number {
  return Math.max(
    MIN_AGE_SECONDS,
    Math.min(latestMinutes * 60 - functionAgeSeconds, EVENTBRIDGE_RETRY_DEFAULTS.maxEventAgeSeconds),
  );
}

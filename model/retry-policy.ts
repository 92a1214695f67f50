/** At most this many retries, for the trigger that invokes a function and for the function itself. */
export const MAX_RETRIES = 2;

/** How late, in minutes, a firing may still change anything where nothing else is said. */
export const DEFAULT_LATEST_MINUTES = 60;

/** AWS allows no event age below a minute, and a firing may wait twice: at its trigger, then at the function. */
export const MIN_LATEST_MINUTES = 2;
export const MAX_LATEST_MINUTES = 1440;

const MIN_AGE_SECONDS = 60;
/** Lambda's limit for asynchronous events (PutFunctionEventInvokeConfig). */
const MAX_FUNCTION_AGE_SECONDS = 21_600;
/** EventBridge's limit for rule targets and schedules (RetryPolicy). */
const MAX_TRIGGER_AGE_SECONDS = 86_400;

/**
 * How long, in seconds, a function may hold an event before it gives it up: half of what the most urgent of its
 * schedules allows, so that the other half is left for the trigger.
 */
export function functionEventAgeSeconds(latestMinutes: readonly number[]): number {
  const half = Math.floor((Math.min(...latestMinutes) * 60) / 2);
  return Math.max(MIN_AGE_SECONDS, Math.min(half, MAX_FUNCTION_AGE_SECONDS));
}

/** How long, in seconds, the trigger may try: with the function's own age at most `latestMinutes`. */
export function triggerEventAgeSeconds(latestMinutes: number, functionAgeSeconds: number): number {
  return Math.max(
    MIN_AGE_SECONDS,
    Math.min(latestMinutes * 60 - functionAgeSeconds, MAX_TRIGGER_AGE_SECONDS),
  );
}

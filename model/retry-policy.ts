/** Most retries, both of the trigger and of asynchronous invocations of the function. */
export const MAX_RETRIES = 2;

const MIN_AGE_SECONDS = 60;
/**
 * Lambda's defaults for asynchronous invocations; this age is also its maximum.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const LAMBDA_RETRY_DEFAULTS = { maxRetries: 2, maxEventAgeSeconds: 21_600 } as const;
/**
 * EventBridge's defaults for a target; this age is also its maximum.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export const EVENTBRIDGE_RETRY_DEFAULTS = { maxRetries: 185, maxEventAgeSeconds: 86_400 } as const;

/**
 * Returns the maximum event age, in seconds, of a function's asynchronous invocations: half of the least `latestMinutes`
 * of its schedules, so that the trigger has the other half.
 */
export function functionEventAgeSeconds(latestMinutes: readonly number[]): number {
  const half = Math.floor((Math.min(...latestMinutes) * 60) / 2);
  return Math.max(MIN_AGE_SECONDS, Math.min(half, LAMBDA_RETRY_DEFAULTS.maxEventAgeSeconds));
}

/** Returns the maximum event age, in seconds, of a trigger: with the function's own age at most `latestMinutes`. */
export function triggerEventAgeSeconds(latestMinutes: number, functionAgeSeconds: number): number {
  return Math.max(
    MIN_AGE_SECONDS,
    Math.min(latestMinutes * 60 - functionAgeSeconds, EVENTBRIDGE_RETRY_DEFAULTS.maxEventAgeSeconds),
  );
}

import { AwsError } from "./aws-error";

// Of AWS's services and of Node.js's connections.
const PASSING =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable|InternalFailure|InternalServer|TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/;

/** Whether the same call may well be answered a little later: AWS throttles, or the connection is gone. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof AwsError) || !(error.cause instanceof Error)) return false;
  const { name } = error.cause;
  return PASSING.test(name) || ("code" in error.cause && PASSING.test(String(error.cause.code)));
}

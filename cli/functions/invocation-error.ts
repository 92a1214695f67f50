import { AwsError, awsError } from "../aws/aws-error";
import { notDeployed } from "./not-deployed";

const THROTTLED = /TooManyRequests|Throttl/;
/** The connection broke once the request was on its way; the SDK calls that a TimeoutError, too. */
const BROKEN = /ECONNRESET|EPIPE|ETIMEDOUT|socket hang up/;
/** Nobody answered in time. */
const LATE = /TimeoutError|AbortError/;
/** There never was a connection, so nothing has run. */
const NEVER_CONNECTED = /^connect |getaddrinfo/;

/** Why Lambda did not run a function, or why nobody knows whether it did. */
export function invocationError(
  cause: unknown,
  functionName: string,
  region: string,
  waitedSeconds: number,
): AwsError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = "code" in error ? String(error.code) : "";
  if (error.name === "ResourceNotFoundException") return notDeployed(functionName, region);
  if (THROTTLED.test(error.name)) {
    return new AwsError(
      `Lambda throttled ${functionName}: it did not run (${error.message}). Other runs use up the concurrency of the function or the account: try again in a minute`,
      { cause },
    );
  }
  const told = [error.name, code, error.message].join(" ");
  const lost = BROKEN.test(told)
    ? "lost its connection"
    : LATE.test(told) && `gave no answer within ${waitedSeconds} s`;
  if (lost && !NEVER_CONNECTED.test(error.message)) {
    return new AwsError(
      `The invocation of ${functionName} ${lost} (${error.message}). It may have run all the same: look at its log before you invoke it again`,
      { cause },
    );
  }
  return awsError("lambda:InvokeFunction", cause);
}

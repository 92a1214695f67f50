import { AwsError, awsError } from "../aws/aws-error";
import { notDeployed } from "./not-deployed";

/** Nobody answered in time. */
const LATE = /TimeoutError|AbortError/;
/** The connection broke once the request was on its way. */
const BROKEN = /ECONNRESET|EPIPE|ETIMEDOUT|socket hang up/;

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
  if (error.name === "TooManyRequestsException") {
    return new AwsError(
      `Lambda throttled ${functionName}: it did not run (${error.message}). Other runs use up the concurrency of the function or the account: try again in a minute`,
      { cause },
    );
  }
  const told = [error.name, code, error.message].join(" ");
  const lost = LATE.test(told)
    ? `gave no answer within ${waitedSeconds} s`
    : BROKEN.test(told) && "lost its connection";
  if (lost) {
    return new AwsError(
      `The invocation of ${functionName} ${lost} (${error.message}). It may have run all the same: look at its log before you invoke it again`,
      { cause },
    );
  }
  return awsError("lambda:InvokeFunction", cause);
}

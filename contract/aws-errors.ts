/**
 * What an error of AWS means to its caller.
 * - `denied`: the permission is missing. `expired`, `no-credentials`, `bad-credentials`: AWS does not know who asks.
 *   `account`: AWS has blocked the account, or it has not signed up. No other call of the same caller fares better.
 * - `throttled`: AWS refused the call for its rate; it changed nothing.
 * - `connection`: the connection broke, or no answer came in time. `unavailable`: a fault of AWS's own. Whether the call
 *   took effect is unknown.
 * - `absent`: the resource does not exist.
 */
export type AwsErrorKind =
  | "denied"
  | "expired"
  | "no-credentials"
  | "bad-credentials"
  | "account"
  | "throttled"
  | "connection"
  | "unavailable"
  | "absent";

// The codes are those of AWS's services and of its SDK: each service has its own for the same thing.
const CODES: readonly (readonly [AwsErrorKind, RegExp])[] = [
  ["denied", /AccessDenied|UnauthorizedOperation|NotAuthorized/],
  ["expired", /ExpiredToken|RequestExpired|TokenRefreshRequired/],
  ["no-credentials", /CredentialsProviderError|TokenProviderError|MissingAuthenticationToken/],
  [
    "bad-credentials",
    /UnrecognizedClient|InvalidClientTokenId|AuthFailure|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId/,
  ],
  ["account", /^(?:Blocked|OptInRequired|PendingVerification)$/],
  ["throttled", /Throttl|TooManyRequests|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown/],
  // Node's codes of sockets and name servers, but not those of files, and the names that HTTP clients give.
  [
    "connection",
    /^(?:E(?!NOENT|ACCES|PERM|ISDIR)[A-Z_]{3,}|UND_ERR_.+|TimeoutError|AbortError|RequestAbortedError|SocketError)$/,
  ],
  ["unavailable", /ServiceUnavailable|InternalFailure|InternalServer/],
  [
    "absent",
    /^(?:ResourceNotFoundException|NotFound(?:Exception)?|NoSuchEntity(?:Exception)?|.*NonExistentQueue|QueueDoesNotExist|InvalidInstanceID.*)$/,
  ],
];

/** @param codes the name of the error, and the code of its connection where it has one */
export function awsErrorKind(...codes: readonly string[]): AwsErrorKind | undefined {
  return CODES.find(([, pattern]) => codes.some((code) => pattern.test(code)))?.[0];
}

const DENIALS: readonly (AwsErrorKind | undefined)[] = [
  "denied",
  "expired",
  "no-credentials",
  "bad-credentials",
  "account",
];

/** Whether the caller's permissions, credentials or account do not suffice. */
export function isDenial(kind: AwsErrorKind | undefined): boolean {
  return DENIALS.includes(kind);
}

/** Whether the same call may be answered a little later. */
export function isTransientKind(kind: AwsErrorKind | undefined): boolean {
  return kind === "throttled" || kind === "connection" || kind === "unavailable";
}

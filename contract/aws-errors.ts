/**
 * The kinds of AWS errors.
 * - `denied`: the permission is missing. `expired`, `no-credentials`, `bad-credentials`: the credentials are not valid.
 *   `account`: AWS has blocked the account, or it has not signed up. Other calls of the same caller fail as well.
 * - `throttled`: AWS rejected the call for its rate; it changed nothing.
 * - `connection`: the connection broke, or no answer came in time. `unavailable`: an error inside AWS. The call may have
 *   taken effect.
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

// The codes of AWS's services and its SDK: each service has its own for the same kind.
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
  // Node's codes for sockets and DNS (not those for files), and the error names of HTTP clients.
  [
    "connection",
    /^(?:E(?!NOENT|ACCES|PERM|ISDIR)[A-Z_]{3,}|UND_ERR_.+|TimeoutError|AbortError|RequestAbortedError|SocketError)$/,
  ],
  ["unavailable", /ServiceUnavailable|InternalFailure|InternalServer|^InternalError$|^Unavailable$/],
  [
    "absent",
    /^(?:ResourceNotFoundException|NotFound(?:Exception)?|NoSuchEntity(?:Exception)?|.*NonExistentQueue|QueueDoesNotExist|InvalidInstanceID.*)$/,
  ],
];

/** @param codes the name of the error, and the code of its connection if it has one */
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

/** Whether the caller's permissions, credentials or account do not allow the call. */
export function isDenial(kind: AwsErrorKind | undefined): boolean {
  return DENIALS.includes(kind);
}

/** Whether the same call may succeed a little later. */
export function isTransientKind(kind: AwsErrorKind | undefined): boolean {
  return kind === "throttled" || kind === "connection" || kind === "unavailable";
}

/** What credentials that one region refuses can mean: a region that is not enabled answers as if they were wrong. */
export const REGION_HINT = "where other regions accept them, this one may not be enabled for the account";

/**
 * Returns the cause that an error message of AWS states. The caller is left out, and so are further lines, which are the
 * SDK's advice, and the details that only sts:DecodeAuthorizationMessage can read. The forms are those of the IAM User
 * Guide, "Troubleshoot access denied error messages".
 */
export function causeOf(message: string): string {
  const [line = ""] = message.split("\n");
  const text = line.replace(/\s*Encoded authorization failure message: \S+/, "").trim();
  const denial =
    /\bUser: \S+ is not authorized to perform: \S+(?: on resource: (\S+?))?,? (?:because|with an?) (.+?)\.?$/.exec(
      text,
    );
  if (!denial) return text;
  const [, resource = "", cause = ""] = denial;
  // The report names an instance itself; what follows the account in another ARN names the resource.
  const name = resource.split(":").slice(5).join(":");
  return name === "" || name.startsWith("instance/") ? cause : `${cause} (on ${name})`;
}

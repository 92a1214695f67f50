/** An error of an EC2 call, as far as the function tells errors apart. */
export interface Fault {
  /** EC2's error code, such as `InvalidInstanceID.NotFound`, or the name of the network's error. */
  readonly code: string;
  readonly message: string;
  /** EC2 refused the call for its rate: it changed nothing. */
  readonly throttled: boolean;
  /** Trying again may help; whether the call took effect is unknown unless it was throttled. */
  readonly transient: boolean;
  /** The role or its credentials do not suffice: no other call will fare better. */
  readonly denied: boolean;
}

const THROTTLED = new Set([
  "RequestLimitExceeded",
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "SlowDown",
]);

const DENIED = new Set([
  "UnauthorizedOperation",
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "Blocked",
  "OptInRequired",
  "PendingVerification",
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "MissingAuthenticationToken",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
]);

/** No code of EC2's, and no HTTP answer at all: the connection broke, or nothing came in time. */
const NETWORK = /^(E[A-Z]{3,}|UND_ERR_.+|TimeoutError|AbortError|RequestAbortedError|SocketError)$/;

export function readFault(error: unknown): Fault {
  const { name, code, message, status } = parts(error);
  const throttled = THROTTLED.has(name) || status === 429;
  const refused = DENIED.has(name) || isCapacity(name);
  const network = NETWORK.test(code) || NETWORK.test(name);
  // A success that could not be read to its end, or an error of EC2's own.
  const unreadable = status !== undefined && status < 300;
  const broken = status !== undefined && status >= 500;
  return {
    code: unreadable ? "UnreadableAnswer" : name === "Error" && code ? code : name,
    message,
    throttled,
    transient: throttled || (!refused && (broken || unreadable || network)),
    denied: DENIED.has(name),
  };
}

/** EC2 has no room for the instances: an HTTP 500 (or 503), and yet an answer. */
export function isCapacity(code: string): boolean {
  return /^Insufficient\w*Capacity(OnHost)?$/.test(code);
}

function parts(error: unknown) {
  const fields = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const metadata = fields["$metadata"] as { httpStatusCode?: number } | undefined;
  const response = fields["$response"] as { statusCode?: number } | undefined;
  return {
    name: typeof fields["name"] === "string" ? fields["name"] : "Error",
    code: typeof fields["code"] === "string" ? fields["code"] : "",
    message: clean(typeof fields["message"] === "string" ? fields["message"] : String(error)),
    status: metadata?.httpStatusCode ?? response?.statusCode,
  };
}

/** Without the SDK's advice on further lines, and without the blob that only sts:DecodeAuthorizationMessage reads. */
function clean(message: string): string {
  const [line = ""] = message.split("\n");
  return line.replace(/\s*Encoded authorization failure message: \S+/, "");
}

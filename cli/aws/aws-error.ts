/** AWS could not be asked: no credentials, no permission, no connection. The message is for whoever asked. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The IAM action that AWS refused these credentials, where that is what went wrong. */
  readonly missingPermission: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly missingPermission?: string | undefined }) {
    super(message, options);
    this.missingPermission = options?.missingPermission;
  }
}

/**
 * What went wrong with a call, in one line.
 * @param permission the IAM action that the call needs
 */
export function awsError(permission: string, cause: unknown): AwsError {
  const { name, message } = cause instanceof Error ? cause : { name: "Error", message: String(cause) };
  const text = message.replace(/\s+/g, " ").trim();
  const kind = KINDS.find(({ is }) => is.test(name) || is.test(codeOf(cause)));
  return new AwsError(kind?.say(permission, text) ?? `AWS did not answer ${permission}: ${name}: ${text}`, {
    cause,
    missingPermission: kind?.isRefusal ? permission : undefined,
  });
}

interface Kind {
  /** Of the error's name or its connection's code. */
  readonly is: RegExp;
  readonly say: (permission: string, text: string) => string;
  readonly isRefusal?: true;
}

// The names are those of AWS's services and of its SDK; each service has its own for the same thing.
const KINDS: readonly Kind[] = [
  {
    is: /AccessDenied|UnauthorizedOperation|NotAuthorized/,
    say: (permission, text) => `AWS refused: these credentials need the permission ${permission} (${text})`,
    isRefusal: true,
  },
  {
    is: /ExpiredToken|RequestExpired|TokenRefreshRequired/,
    say: (_, text) => `The AWS credentials have expired: log in again, or renew the session token (${text})`,
  },
  {
    is: /CredentialsProviderError|TokenProviderError|MissingAuthenticationToken/,
    say: (_, text) => `No AWS credentials: set --profile or AWS_PROFILE, or log in (${text})`,
  },
  {
    is: /UnrecognizedClient|InvalidClientTokenId|AuthFailure|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId/,
    say: (_, text) => `AWS does not know these credentials, or the region is not enabled for them (${text})`,
  },
  {
    is: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/,
    say: (permission, text) =>
      `AWS throttled ${permission}, after several tries: wait a minute and try again (${text})`,
  },
  {
    is: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError/,
    say: (permission, text) =>
      `No connection to AWS for ${permission}: is the region right, and the network up? (${text})`,
  },
];

function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

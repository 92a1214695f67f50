/** Where a client of the AWS SDK asks, and as whom; the rest is the SDK's own chain. */
export interface AwsSettings {
  readonly region: string;
  /** Named profile of the shared AWS config files. */
  readonly profile?: string;
}

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

/** Reading is not urgent; AWS throttles whoever asks for everything at once. */
const AT_ONCE = 5;

/**
 * Work that asks AWS, with whatever goes wrong told in one line.
 * @param permission the IAM action that it needs
 * @throws {AwsError}
 */
export async function calling<T>(permission: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw awsError(permission, error);
  }
}

/** How most of AWS's services say that there is no such thing. */
const NO_SUCH_RESOURCE = /^ResourceNotFoundException$/;

/**
 * As {@link calling}, for a thing that may not be there: undefined then.
 * @param absent the name of the error that says so
 * @throws {AwsError}
 */
export async function callingFor<T>(
  permission: string,
  work: () => Promise<T>,
  absent: RegExp = NO_SUCH_RESOURCE,
): Promise<T | undefined> {
  return await calling(permission, async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && absent.test(error.name)) return undefined;
      throw error;
    }
  });
}

/** All pages of a paginator of the AWS SDK. */
export async function allPages<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

/** The result for each item, in their order, a few at a time. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(read))));
  }
  return results;
}

// Of AWS's services and of Node.js's connections.
const PASSING =
  /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable|InternalFailure|InternalServer|TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/;

/** Whether the same call may well be answered a little later: AWS throttles, or the connection is gone. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof AwsError) || !(error.cause instanceof Error)) return false;
  const { name } = error.cause;
  return PASSING.test(name) || ("code" in error.cause && PASSING.test(String(error.cause.code)));
}

import type { DeserializeMiddleware, MiddlewareStack } from "@smithy/types";
import type { Permission } from "./permissions";

/** Where a client of the AWS SDK asks, and as whom; the rest is the SDK's own chain. */
export interface AwsSettings {
  readonly region: string;
  /** Named profile of the shared AWS config files. */
  readonly profile?: string | undefined;
  /** Takes a line about each request. */
  readonly trace?: Trace | undefined;
}

export type Trace = (line: string) => unknown;

/** What a client needs beyond its region and profile. */
export interface ClientOptions {
  readonly maxAttempts?: number;
  readonly requestHandler?: { readonly requestTimeout: number; readonly socketTimeout: number };
  readonly useQueueUrlAsEndpoint?: boolean;
}

/** Makes a client of the AWS SDK. Every client of the commands is made here. */
export function awsClient<Client extends { readonly middlewareStack: AnyMiddlewareStack }>(
  Service: new (settings: { region: string; profile?: string } & ClientOptions) => Client,
  { region, profile, trace }: AwsSettings,
  options: ClientOptions = {},
): Client {
  const client = new Service({ region, ...(profile ? { profile } : {}), ...options });
  if (trace !== undefined) {
    // The step around one request and its answer: a call that is tried again is traced again.
    client.middlewareStack.add(tracing(region, trace), {
      step: "deserialize",
      priority: "high",
      name: "trace",
    });
  }
  return client;
}

// biome-ignore lint/suspicious/noExplicitAny: each client has types of its own for what only passes through.
type AnyMiddlewareStack = Pick<MiddlewareStack<any, any>, "add">;

/** Writes one line per request: no body and no header, which may hold secrets. */
function tracing(region: string, trace: Trace): DeserializeMiddleware<object, object> {
  return (next, { clientName = "", commandName = "" }) =>
    async (args) => {
      const started = performance.now();
      const report = (answered: unknown, code = "") => {
        const milliseconds = Math.round(performance.now() - started);
        const call = `${clientName.replace(/Client$/, "")} ${commandName.replace(/Command$/, "")}`;
        const failed = code === "" ? "" : ` ${code}`;
        trace(`aws: ${call} ${region} ${milliseconds} ms, request ${requestIdOf(answered)}${failed}`);
      };
      try {
        const result = await next(args);
        report(result.output);
        return result;
      } catch (error) {
        report(error, errorCodeOf(error));
        throw error;
      }
    };
}

function requestIdOf(answered: unknown): string {
  const { requestId } = Object(Object(answered)["$metadata"]);
  return typeof requestId === "string" ? requestId : "without id";
}

/** The name of a service's error, or the code of a connection's. */
function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return "Error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** One client per region, made when it is first needed. */
export function regionalClients<Client>(open: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? open(region);
    clients.set(region, client);
    return client;
  };
}

/** AWS could not be asked: no credentials, no permission, no connection. The message is shown to the user as is. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The IAM action that AWS refused these credentials, where that is what went wrong. */
  readonly missingPermission: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly missingPermission?: string | undefined }) {
    super(message, options);
    this.missingPermission = options?.missingPermission;
  }
}

/** A way in which a call fails, told by the error's name or by the code of its connection. */
interface FailureKind {
  readonly pattern: RegExp;
  /** None: the error's own name and words. */
  readonly say?: (permission: string, text: string) => string;
  readonly isDenied?: true;
  /** The same call may well succeed a little later. */
  readonly isTransient?: true;
}

const THROTTLED: FailureKind = {
  pattern: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/,
  say: (permission, text) =>
    `AWS throttled ${permission}, after several tries: wait a minute and try again (${text})`,
  isTransient: true,
};

// The names are those of AWS's services and of its SDK; each service has its own for the same thing.
const FAILURE_KINDS: readonly FailureKind[] = [
  {
    pattern: /AccessDenied|UnauthorizedOperation|NotAuthorized/,
    say: (permission, text) => `AWS refused: these credentials need the permission ${permission} (${text})`,
    isDenied: true,
  },
  {
    pattern: /ExpiredToken|RequestExpired|TokenRefreshRequired/,
    say: (_, text) => `The AWS credentials have expired: log in again, or renew the session token (${text})`,
  },
  {
    pattern: /CredentialsProviderError|TokenProviderError|MissingAuthenticationToken/,
    say: (_, text) => `No AWS credentials: set --profile or AWS_PROFILE, or log in (${text})`,
  },
  {
    pattern:
      /UnrecognizedClient|InvalidClientTokenId|AuthFailure|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId/,
    say: (_, text) => `AWS does not know these credentials, or the region is not enabled for them (${text})`,
  },
  THROTTLED,
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError/,
    say: (permission, text) =>
      `No connection to AWS for ${permission}: is the region right, and the network up? (${text})`,
    isTransient: true,
  },
  { pattern: /ServiceUnavailable|InternalFailure|InternalServer/, isTransient: true },
];

/** How AWS's services say that there is no such thing. */
const ABSENT =
  /^(?:ResourceNotFoundException|NotFound(?:Exception)?|NoSuchEntity(?:Exception)?|.*NonExistentQueue|QueueDoesNotExist)$/;

/** Describes a failed call in one line. */
export function awsError(permission: Permission, cause: unknown): AwsError {
  const { name, message } = cause instanceof Error ? cause : { name: "Error", message: String(cause) };
  const text = oneLine(message);
  const kind = FAILURE_KINDS.find((each) => isOf(each, cause));
  return new AwsError(kind?.say?.(permission, text) ?? `AWS did not answer ${permission}: ${name}: ${text}`, {
    cause,
    missingPermission: kind?.isDenied ? permission : undefined,
  });
}

/** Whether the same call may well be answered a little later: AWS throttles, or the connection is gone. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof AwsError)) return false;
  return FAILURE_KINDS.some((kind) => kind.isTransient === true && isOf(kind, error.cause));
}

/** Whether an error of the AWS SDK says that a service is asked too often. */
export function isThrottled(error: unknown): boolean {
  return isOf(THROTTLED, error);
}

function isOf({ pattern }: FailureKind, cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  return pattern.test(cause.name) || ("code" in cause && pattern.test(String(cause.code)));
}

/**
 * Makes a call, or several of one kind, and describes what goes wrong in one line.
 * @param permission the IAM action that it needs
 * @throws {AwsError}
 */
export async function awsCall<T>(permission: Permission, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(permission, error);
  }
}

/**
 * The same for a thing that may not exist: undefined then.
 * @throws {AwsError}
 */
export async function awsCallOrUndefined<T>(
  permission: Permission,
  call: () => Promise<T>,
): Promise<T | undefined> {
  return await awsCall(permission, async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof Error && ABSENT.test(error.name)) return undefined;
      throw error;
    }
  });
}

export function oneLine(text: string): string {
  return String(text).replace(/\s+/g, " ").trim();
}

/** All pages of a paginator of the AWS SDK. */
export async function allPages<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

/** AWS throttles callers that ask for everything at once, and reading is not urgent. */
const MAX_CONCURRENT_CALLS = 5;

/** The result for each item, in their order, a few at a time. */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const batch of chunksOf(items, MAX_CONCURRENT_CALLS)) {
    results.push(...(await Promise.all(batch.map(read))));
  }
  return results;
}

/** The list in parts of at most `size`, in order. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
  return parts;
}

/** The region that an ARN names; none for what is not regional. */
export function regionOfArn(arn: string): string | undefined {
  return arn.split(":")[3] || undefined;
}

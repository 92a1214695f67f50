import type { DeserializeMiddleware } from "@smithy/types";
import { type AwsErrorKind, awsErrorKind, causeOf, isTransientKind } from "../../contract/aws-errors";
import { chunksOf } from "../../contract/collections";
import { type AnyMiddlewareStack, addClientErrors, ClientError } from "./client-errors";
import type { Permission } from "./permissions";

/** Region and profile of a client; everything else follows the SDK's own chain. */
export interface AwsSettings {
  readonly region: string;
  /** Named profile of the shared AWS config files. */
  readonly profile?: string | undefined;
  /** Takes a line about each request. */
  readonly trace?: Trace | undefined;
  /** Takes the time of AWS at each answer that names it. */
  readonly answered?: ((at: Date) => unknown) | undefined;
}

export type Trace = (line: string) => unknown;

/** Options of a client beyond its region and profile. */
interface ClientOptions {
  readonly maxAttempts?: number;
  readonly requestHandler?: { readonly requestTimeout: number; readonly socketTimeout: number };
  readonly useQueueUrlAsEndpoint?: boolean;
}

/** Makes a client of the AWS SDK. Every client of the commands is made here. */
export function createAwsClient<Client extends { readonly middlewareStack: AnyMiddlewareStack }>(
  Service: new (settings: { region: string; profile?: string } & ClientOptions) => Client,
  { region, profile, trace, answered }: AwsSettings,
  options: ClientOptions = {},
): Client {
  const client = new Service({ region, ...(profile ? { profile } : {}), ...options });
  addClientErrors(client.middlewareStack, profile);
  if (trace !== undefined) {
    // This step surrounds one request, so each retry is traced too.
    client.middlewareStack.add(createTraceMiddleware(region, trace), {
      step: "deserialize",
      priority: "high",
      name: "trace",
    });
  }
  if (answered !== undefined) {
    const middleware = createDateMiddleware(answered);
    client.middlewareStack.add(middleware, { step: "deserialize", priority: "low", name: "answered" });
  }
  return client;
}

function createDateMiddleware(
  answered: NonNullable<AwsSettings["answered"]>,
): DeserializeMiddleware<object, object> {
  return (next) => async (args) => {
    const result = await next(args);
    const { date } = Object(Object(result.response)["headers"]);
    const at = typeof date === "string" ? new Date(date) : undefined;
    if (at !== undefined && !Number.isNaN(+at)) answered(at);
    return result;
  };
}

/** Writes one line per request: no body and no header, which may hold secrets. */
function createTraceMiddleware(region: string, trace: Trace): DeserializeMiddleware<object, object> {
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
export function memoizeByRegion<Client>(open: (region: string) => Client): (region: string) => Client {
  const clients = new Map<string, Client>();
  return (region) => {
    const client = clients.get(region) ?? open(region);
    clients.set(region, client);
    return client;
  };
}

/** A failed call to AWS: no credentials, no permission, no connection. Its message is printed as it is. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  /** The IAM action that AWS denied, if that is the cause. */
  readonly missingPermission: string | undefined;

  constructor(message: string, options?: ErrorOptions & { readonly missingPermission?: string | undefined }) {
    super(message, options);
    this.missingPermission = options?.missingPermission;
  }
}

/** Messages by kind of error; any other error is reported with its own name and message. */
const MESSAGES: Readonly<Partial<Record<AwsErrorKind, (permission: string, text: string) => string>>> = {
  denied: (permission, text) => `AWS refused: these credentials need the permission ${permission} (${text})`,
  expired: (_, text) =>
    `The AWS credentials have expired: log in again, or renew the session token (${text})`,
  "no-credentials": (_, text) => `No AWS credentials: set --profile or AWS_PROFILE, or log in (${text})`,
  "bad-credentials": (_, text) =>
    `AWS does not know these credentials, or the region is not enabled for them (${text})`,
  throttled: (permission, text) =>
    `AWS throttled ${permission}, after several tries: wait a minute and try again (${text})`,
  connection: (permission, text) =>
    `No connection to AWS for ${permission}: is the region right, and the network up? (${text})`,
};

/** Describes a failed call in one line. */
export function describeAwsError(permission: Permission, cause: unknown): AwsError {
  if (cause instanceof ClientError) return new AwsError(cause.message, { cause });
  const { name, message } = cause instanceof Error ? cause : { name: "Error", message: String(cause) };
  const text = causeOf(toOneLine(message));
  const kind = errorKindOf(cause);
  const say = kind && MESSAGES[kind];
  return new AwsError(say?.(permission, text) ?? `AWS did not answer ${permission}: ${name}: ${text}`, {
    cause,
    missingPermission: kind === "denied" ? permission : undefined,
  });
}

/** Whether a retry may succeed: AWS throttles, or the connection is gone. */
export function isTransient(error: unknown): boolean {
  return error instanceof AwsError && isTransientKind(errorKindOf(error.cause));
}

/** Whether an error of the AWS SDK is throttling. */
export function isThrottled(error: unknown): boolean {
  return errorKindOf(error) === "throttled";
}

/** Whether an error of the AWS SDK means that the resource does not exist. */
export function isAbsent(error: unknown): boolean {
  return errorKindOf(error) === "absent";
}

function errorKindOf(error: unknown): AwsErrorKind | undefined {
  if (!(error instanceof Error)) return undefined;
  return awsErrorKind(error.name, ...("code" in error ? [String(error.code)] : []));
}

/**
 * Makes a call, or several of one kind, and describes what goes wrong in one line.
 * @param permission the IAM action that it needs
 * @throws {AwsError}
 */
export async function callAws<T>(permission: Permission, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw describeAwsError(permission, error);
  }
}

/**
 * Makes a call that reads something that may not exist: undefined if it does not.
 * @throws {AwsError}
 */
export async function callAwsOrUndefined<T>(
  permission: Permission,
  call: () => Promise<T>,
): Promise<T | undefined> {
  return await callAws(permission, async () => {
    try {
      return await call();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
}

export function toOneLine(text: string): string {
  return String(text).replace(/\s+/g, " ").trim();
}

/** All pages of a paginator of the AWS SDK. */
export async function readAllPages<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  const read: Page[] = [];
  for await (const page of pages) read.push(page);
  return read;
}

/** Reads are not urgent, and AWS throttles many calls at once. */
const MAX_CONCURRENT_CALLS = 5;

/** Maps the items a few at a time, and keeps their order. */
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

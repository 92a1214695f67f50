import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { StartStopRequest } from "../../contract/request";
import type { Clock } from "../context";
import { endingOf, notDeployed } from "../runs/invoke";
import { AwsError, type AwsSettings, awsCallOrUndefined, awsClient, awsError, isThrottled } from "./call";

/** What is read of Lambda. */
export interface FunctionReader {
  /** undefined: there is no function of that name. */
  describe(name: string): Promise<DeployedFunction | undefined>;
}

/** Runs functions, once each: an invocation that may have run is never tried again. */
export interface FunctionInvoker {
  /** Waits for its end, however long the function may run. */
  invoke(deployed: DeployedFunction, request: StartStopRequest): Promise<Invocation>;
}

/** A function as Lambda has it. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** `$LATEST`, since nothing of this project's publishes versions. */
  readonly version: string;
  /** Base64 of the SHA-256 of the zip that it runs. */
  readonly codeSha256: string;
  readonly lastModified: Date;
  /** `Active`, or why it cannot be invoked yet or any more: `Pending`, `Inactive`, `Failed`. */
  readonly state: string;
  readonly stateReason?: string;
  /** Of its last change: `Successful`, `InProgress`, `Failed`. */
  readonly lastUpdateStatus?: string;
  readonly lastUpdateReason?: string;
  readonly roleArn: string;
  /** Such as `nodejs22.x`. */
  readonly runtime: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** Its environment variables, ACTION among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where it logs. */
  readonly logGroup: string;
  /** `JSON` or `Text`. */
  readonly logFormat?: string;
  /** `arm64` or `x86_64`. */
  readonly architecture?: string;
  /** ARN of its own queue for events that it gave up. */
  readonly deadLetterArn?: string;
}

/** What became of one invocation. */
export interface Invocation {
  /** Lambda's id of it, as its log lines have it. */
  readonly requestId: string;
  /** When it was asked for, by the clock of this machine. */
  readonly invokedAt: Date;
  readonly ending: InvocationEnding;
  /** The last 4 KB of its log. */
  readonly logTail: string;
}

/**
 * `returned`: with a result. `threw`: as a run with a failure does, and a refused one. `timed-out` and `crashed`: Lambda
 * ended it, and nobody knows how far it came.
 */
export type InvocationEnding =
  | { readonly kind: "returned"; readonly result: unknown }
  | {
      readonly kind: "threw" | "timed-out" | "crashed";
      readonly errorType: string;
      readonly message: string;
    };

/** Lambda adds its own start-up and the way there and back to the time that a function may take. */
const MARGIN_SECONDS = 60;

/** Lambda through the AWS SDK. */
export class LambdaFunctions implements FunctionReader, FunctionInvoker {
  readonly #settings: AwsSettings;
  readonly #clock: Clock;
  readonly #client: LambdaClient;

  constructor(settings: AwsSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#client = awsClient(LambdaClient, settings);
  }

  async describe(name: string): Promise<DeployedFunction | undefined> {
    const found = await awsCallOrUndefined("lambda:GetFunctionConfiguration", () =>
      this.#client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    );
    return found === undefined ? undefined : readConfiguration(name, found);
  }

  async invoke(deployed: DeployedFunction, request: StartStopRequest): Promise<Invocation> {
    const seconds = deployed.timeoutSeconds + MARGIN_SECONDS;
    // A client of its own: whoever tries a second time may stop what was just started.
    const client = awsClient(LambdaClient, this.#settings, {
      maxAttempts: 1,
      requestHandler: { requestTimeout: 0, socketTimeout: 0 },
    });
    const invokedAt = this.#clock.now();
    const command = new InvokeCommand({
      FunctionName: deployed.name,
      InvocationType: "RequestResponse",
      LogType: "Tail",
      Payload: Buffer.from(JSON.stringify(request)),
    });
    try {
      const answer = await client.send(command, { abortSignal: AbortSignal.timeout(seconds * 1000) });
      return {
        requestId: answer.$metadata.requestId ?? "",
        invokedAt,
        ending: endingOf(Buffer.from(answer.Payload ?? []).toString("utf8"), answer.FunctionError),
        logTail: Buffer.from(answer.LogResult ?? "", "base64").toString("utf8"),
      };
    } catch (error) {
      throw invocationError(error, deployed.name, this.#settings.region, seconds);
    } finally {
      client.destroy();
    }
  }
}

function readConfiguration(
  name: string,
  configuration: GetFunctionConfigurationCommandOutput,
): DeployedFunction {
  const { StateReason, LastUpdateStatus, LastUpdateStatusReason, Architectures, LoggingConfig } =
    configuration;
  const deadLetterArn = configuration.DeadLetterConfig?.TargetArn;
  return {
    name: configuration.FunctionName ?? name,
    arn: configuration.FunctionArn ?? "",
    version: configuration.Version ?? "$LATEST",
    codeSha256: configuration.CodeSha256 ?? "",
    lastModified: new Date(configuration.LastModified ?? 0),
    state: configuration.State ?? "Active",
    ...(StateReason ? { stateReason: StateReason } : {}),
    ...(LastUpdateStatus ? { lastUpdateStatus: LastUpdateStatus } : {}),
    ...(LastUpdateStatusReason ? { lastUpdateReason: LastUpdateStatusReason } : {}),
    roleArn: configuration.Role ?? "",
    runtime: configuration.Runtime ?? "",
    handler: configuration.Handler ?? "",
    timeoutSeconds: configuration.Timeout ?? 3,
    memoryMb: configuration.MemorySize ?? 128,
    variables: configuration.Environment?.Variables ?? {},
    logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    ...(LoggingConfig?.LogFormat ? { logFormat: LoggingConfig.LogFormat } : {}),
    ...(Architectures?.[0] ? { architecture: Architectures[0] } : {}),
    ...(deadLetterArn ? { deadLetterArn } : {}),
  };
}

const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 20_000;

/** Why the code of a function cannot be read. */
export interface UnreadableCode {
  readonly unreadable: string;
}

/** What is read of a function's zip, from the address that Lambda gives for ten minutes. */
export async function readArchive<Code>(
  location: string,
  read: (zip: Uint8Array) => Code,
  get: typeof fetch = fetch,
): Promise<Code | UnreadableCode> {
  try {
    const answer = await get(location, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) return { unreadable: `its address answers ${answer.status}` };
    if (Number(answer.headers.get("content-length")) > MAX_BYTES) return { unreadable: "it is too large" };
    return read(new Uint8Array(await answer.arrayBuffer()));
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

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
  if (isThrottled(error)) {
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

import {
  type FunctionConfiguration,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  LambdaClient,
  ListTagsCommand,
  paginateListFunctions,
} from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import { defined } from "../../contract/collections";
import type { Architecture } from "../../contract/limits";
import type { StartStopRequest } from "../../contract/request";
import { logGroupName } from "../../model/names";
import type { VpcSettings } from "../../model/props";
import type { Clock } from "../context";
import {
  AwsError,
  type AwsSettings,
  callAws,
  callAwsOrUndefined,
  createAwsClient,
  describeAwsError,
  isAbsent,
  isThrottled,
  readAllPages,
  toOneLine,
} from "./call";
import { type IamStatement, statementsOf } from "./policy";

/** Reads one function. */
export interface FunctionReader {
  /** undefined: there is no function of that name. */
  describe(name: string): Promise<DeployedFunction | undefined>;
}

/** Reads Lambda. */
export interface LambdaReader extends FunctionReader {
  /** All functions of the region. */
  functions(): Promise<readonly DeployedFunction[]>;
  /**
   * The files that a function was deployed from, or why they cannot be read.
   * @param wanted all files unless given
   */
  code(name: string, wanted?: FileFilter): Promise<FunctionFiles | UnreadableCode>;
  /** How many runs at a time are reserved for it, if any are. */
  reservedConcurrency(name: string): Promise<number | undefined>;
  /** How often and how long an asynchronous event is tried. */
  eventInvokeConfig(name: string): Promise<EventInvokeConfig | undefined>;
  /** Statements of its resource policy: who may invoke it. */
  functionPolicy(name: string): Promise<readonly IamStatement[]>;
  functionTags(arn: string): Promise<Readonly<Record<string, string>>>;
}

export type FileFilter = (file: { readonly name: string; readonly originalSize: number }) => boolean;

export interface FunctionFiles {
  /** By their names in the zip. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Why the code of a function cannot be read. */
export interface UnreadableCode {
  readonly unreadable: string;
}

interface EventInvokeConfig {
  readonly maxRetries?: number;
  readonly maxEventAgeSeconds?: number;
  readonly onFailureArn?: string;
}

/** Runs functions, once each: an invocation that may have run is never tried again. */
export interface FunctionInvoker {
  /** Waits until the function ends, up to its timeout. */
  invoke(deployed: DeployedFunction, request: StartStopRequest): Promise<Invocation>;
}

/** A function as Lambda has it. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  /** Always `$LATEST`: this project publishes no versions. */
  readonly version: string;
  /** Base64 of the SHA-256 of the zip that it runs. */
  readonly codeSha256: string;
  readonly lastModified: Date;
  /** `Active`, or why it cannot be invoked yet or any more: `Pending`, `Inactive`, `Failed`. */
  readonly state: string;
  readonly stateReason?: string;
  /** State of its last update: `Successful`, `InProgress`, `Failed`. */
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
  readonly architecture: Architecture;
  /** `Zip` or `Image`. */
  readonly packageType: string;
  readonly vpc?: VpcSettings;
  /** Whether X-Ray traces the runs. */
  readonly traces: boolean;
  /** Lowest level of the lines that Lambda keeps, if it is set. */
  readonly logLevel?: string;
}

/** One invocation, ended. */
export interface Invocation {
  /** Lambda's id of it, as its log lines have it. */
  readonly requestId: string;
  /** When it was sent, by the clock of this machine. */
  readonly invokedAt: Date;
  readonly ending: InvocationEnding;
  /** The last 4 KB of its log. */
  readonly logTail: string;
}

/**
 * `returned`: with a result. `threw`: as a run with a failure does, and a refused one. `timed-out` and `crashed`: Lambda
 * ended it, and how far it got is unknown.
 */
export type InvocationEnding =
  | { readonly kind: "returned"; readonly result: unknown }
  | {
      readonly kind: "threw" | "timed-out" | "crashed";
      readonly errorType: string;
      readonly message: string;
    };

export function createLambdaReader(settings: AwsSettings): LambdaReader {
  const client = createAwsClient(LambdaClient, settings);
  return {
    async describe(name) {
      const found = await callAwsOrUndefined("lambda:GetFunctionConfiguration", () =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
      );
      return found && readConfiguration(name, found);
    },

    async functions() {
      const pages = await callAws("lambda:ListFunctions", () =>
        readAllPages(paginateListFunctions({ client }, {})),
      );
      return pages
        .flatMap(({ Functions = [] }) => Functions)
        .map((each) => readConfiguration(each.FunctionName ?? "", each));
    },

    async code(FunctionName, wanted) {
      const { Code } = await callAws("lambda:GetFunction", () =>
        client.send(new GetFunctionCommand({ FunctionName })),
      );
      if (!Code?.Location) return { unreadable: "Lambda gives no address of it" };
      return await readArchive(Code.Location, wanted);
    },

    async reservedConcurrency(FunctionName) {
      const { Concurrency } = await callAws("lambda:GetFunction", () =>
        client.send(new GetFunctionCommand({ FunctionName })),
      );
      return Concurrency?.ReservedConcurrentExecutions;
    },

    async eventInvokeConfig(FunctionName) {
      const found = await callAwsOrUndefined("lambda:GetFunctionEventInvokeConfig", () =>
        client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })),
      );
      if (found === undefined) return undefined;
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = found;
      const onFailureArn = DestinationConfig?.OnFailure?.Destination;
      return {
        ...defined({ maxRetries: MaximumRetryAttempts, maxEventAgeSeconds: MaximumEventAgeInSeconds }),
        ...(onFailureArn ? { onFailureArn } : {}),
      };
    },

    async functionPolicy(FunctionName) {
      const found = await callAwsOrUndefined("lambda:GetPolicy", () =>
        client.send(new GetPolicyCommand({ FunctionName })),
      );
      return statementsOf(JSON.parse(found?.Policy ?? "{}"));
    },

    async functionTags(Resource) {
      const { Tags = {} } = await callAws("lambda:ListTags", () =>
        client.send(new ListTagsCommand({ Resource })),
      );
      return Tags;
    },
  };
}

function readConfiguration(name: string, configuration: FunctionConfiguration): DeployedFunction {
  const { StateReason, LastUpdateStatus, LastUpdateStatusReason, Architectures, LoggingConfig, VpcConfig } =
    configuration;
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
    logGroup: LoggingConfig?.LogGroup ?? logGroupName(name),
    ...(LoggingConfig?.LogFormat ? { logFormat: LoggingConfig.LogFormat } : {}),
    architecture: Architectures?.[0] ?? "x86_64",
    packageType: configuration.PackageType ?? "Zip",
    ...(VpcConfig?.SubnetIds?.length
      ? { vpc: { subnetIds: VpcConfig.SubnetIds, securityGroupIds: VpcConfig.SecurityGroupIds ?? [] } }
      : {}),
    traces: configuration.TracingConfig?.Mode === "Active",
    ...defined({ logLevel: LoggingConfig?.ApplicationLogLevel }),
  };
}

const MAX_ARCHIVE_BYTES = 20_000_000;
const DOWNLOAD_TIMEOUT_MS = 20_000;

/** Reads a function's zip from the address that Lambda gives for ten minutes. */
export async function readArchive(
  location: string,
  wanted: FileFilter = () => true,
  get: typeof fetch = fetch,
): Promise<FunctionFiles | UnreadableCode> {
  try {
    const answer = await get(location, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
    if (!answer.ok) return { unreadable: `its address answers ${answer.status}` };
    if (Number(answer.headers.get("content-length")) > MAX_ARCHIVE_BYTES)
      return { unreadable: "it is too large" };
    return { files: unzipSync(new Uint8Array(await answer.arrayBuffer()), { filter: wanted }) };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** Added to the timeout of a function for its cold start and the network. */
const MARGIN_SECONDS = 60;

export function createLambdaInvoker(settings: AwsSettings, clock: Clock): FunctionInvoker {
  return {
    async invoke(deployed, request) {
      const seconds = deployed.timeoutSeconds + MARGIN_SECONDS;
      // A client of its own, without retries: a second try may stop what was just started.
      const client = createAwsClient(LambdaClient, settings, {
        maxAttempts: 1,
        requestHandler: { requestTimeout: 0, socketTimeout: 0 },
      });
      const invokedAt = clock.now();
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
          ending: parseEnding(Buffer.from(answer.Payload ?? []).toString("utf8"), answer.FunctionError),
          logTail: Buffer.from(answer.LogResult ?? "", "base64").toString("utf8"),
        };
      } catch (error) {
        throw describeInvocationError(error, deployed.name, settings.region, seconds);
      } finally {
        client.destroy();
      }
    },
  };
}

/** Lambda's message for a function that it stopped at its timeout. */
const TIMED_OUT = /Task timed out after/;
/** Errors of the runtime and the sandbox, not of the code: the process died, or never got as far as the handler. */
const CRASHED = /^(Runtime|Sandbox|Extension|Function)\.|^Error: Runtime exited/;

/**
 * Reads the payload of an invocation.
 * @param functionError Lambda's header: set where the payload is an error, `Handled` or `Unhandled`
 */
export function parseEnding(payload: string, functionError: string | undefined): InvocationEnding {
  const value = parseJson(payload);
  if (functionError === undefined) return { kind: "returned", result: value };
  const { errorType = "", errorMessage = payload } = (value ?? {}) as Partial<Record<string, string>>;
  const message = toOneLine(errorMessage);
  if (TIMED_OUT.test(message)) return { kind: "timed-out", errorType, message };
  return { kind: CRASHED.test(errorType) ? "crashed" : "threw", errorType, message };
}

function parseJson(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

/** The connection broke after the request was sent; the SDK calls that a TimeoutError too. */
const BROKEN = /ECONNRESET|EPIPE|ETIMEDOUT|socket hang up/;
/** No answer came in time. */
const LATE = /TimeoutError|AbortError/;
/** No connection was made, so the function has not run. */
const NEVER_CONNECTED = /^connect |getaddrinfo/;

/** Describes why Lambda did not run a function, or why it may have run. */
export function describeInvocationError(
  cause: unknown,
  functionName: string,
  region: string,
  waitedSeconds: number,
): AwsError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  const code = "code" in error ? String(error.code) : "";
  if (isAbsent(error)) return notDeployedError(functionName, region);
  if (isThrottled(error)) {
    return new AwsError(
      `Lambda throttled ${functionName}: it did not run (${error.message}). Other runs use up the concurrency of the function or the account: try again in a minute`,
      { cause },
    );
  }
  const text = [error.name, code, error.message].join(" ");
  const lost = BROKEN.test(text)
    ? "lost its connection"
    : LATE.test(text) && `gave no answer within ${waitedSeconds} s`;
  if (lost && !NEVER_CONNECTED.test(error.message)) {
    return new AwsError(
      `The invocation of ${functionName} ${lost} (${error.message}). It may have run all the same: look at its log before you invoke it again`,
      { cause },
    );
  }
  return describeAwsError("lambda:InvokeFunction", cause);
}

/** The error for a function that does not exist, the same in every command. */
export function notDeployedError(functionName: string, region: string): AwsError {
  return new AwsError(
    `The function ${functionName} is not deployed in ${region}: deploy this config first, or set --profile to the account that has it`,
  );
}

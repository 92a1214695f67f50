import {
  GetFunctionConfigurationCommand,
  type GetFunctionConfigurationCommandOutput,
  InvokeCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import type { StartStopRequest } from "../../schedule/request";
import { callingFor } from "../aws/calling";
import type { AwsSettings } from "../aws/settings";
import type { Clock } from "../command-environment";
import type { DeployedFunction, FunctionInvoker, FunctionReader, Invocation } from "./functions";
import { endingOf } from "./invocation-ending";
import { invocationError } from "./invocation-error";

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
    this.#client = new LambdaClient(settings);
  }

  async describe(name: string): Promise<DeployedFunction | undefined> {
    const found = await callingFor("lambda:GetFunctionConfiguration", () =>
      this.#client.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    );
    return found === undefined ? undefined : readConfiguration(name, found);
  }

  async invoke(deployed: DeployedFunction, request: StartStopRequest): Promise<Invocation> {
    const seconds = deployed.timeoutSeconds + MARGIN_SECONDS;
    // A client of its own: whoever tries a second time may stop what was just started.
    const client = new LambdaClient({
      ...this.#settings,
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

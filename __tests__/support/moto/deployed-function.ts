import {
  type FunctionConfiguration,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { Aws, Credentials } from "./aws";

/** A function as AWS holds it. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  readonly runtime: string;
  readonly roleArn: string;
  /** Base64 of the SHA-256 of the deployed zip. */
  readonly codeSha256: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly logGroup: string;
}

function required<Key extends keyof FunctionConfiguration>(
  configuration: FunctionConfiguration,
  key: Key,
): NonNullable<FunctionConfiguration[Key]> {
  const value = configuration[key];
  if (value === undefined || value === null) {
    throw new Error(`The function ${configuration.FunctionName} has no ${key}`);
  }
  return value;
}

export async function readFunction(aws: Pick<Aws, "lambda">, name: string): Promise<DeployedFunction> {
  const { Configuration } = await aws.lambda.send(new GetFunctionCommand({ FunctionName: name }));
  const configuration = await aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
  return {
    name,
    arn: required(configuration, "FunctionArn"),
    handler: required(configuration, "Handler"),
    runtime: required(configuration, "Runtime"),
    roleArn: required(configuration, "Role"),
    codeSha256: Configuration?.CodeSha256 ?? "",
    variables: configuration.Environment?.Variables ?? {},
    timeoutSeconds: required(configuration, "Timeout"),
    memoryMb: required(configuration, "MemorySize"),
    logGroup: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
  };
}

export async function readFunctions(aws: Aws): Promise<readonly DeployedFunction[]> {
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  return Promise.all(
    Functions.map((configuration) => readFunction(aws, required(configuration, "FunctionName"))),
  );
}

/** The function that may do `action`. */
export function functionFor(functions: readonly DeployedFunction[], action: string): DeployedFunction {
  const found = functions.find(({ variables }) => variables["ACTION"] === action);
  if (found === undefined) throw new Error(`No function is deployed with ACTION=${action}`);
  return found;
}

/** Credentials as Lambda would give them to the function. */
export async function roleCredentials(aws: Aws, { roleArn, name }: DeployedFunction): Promise<Credentials> {
  const { Credentials: given } = await aws.sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name }),
  );
  if (!given?.AccessKeyId || !given.SecretAccessKey || !given.SessionToken) {
    throw new Error(`No credentials for ${roleArn}`);
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
  };
}

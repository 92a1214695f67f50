import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { awsVariables, type Credentials, REGION } from "./aws";
import type { DeployedFunction } from "./deployed-function";
import { HARNESS } from "./paths";

/** Result of one run of the function. */
export interface Invocation {
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  /** What it logged. */
  readonly lines: readonly string[];
}

interface InvokeOptions {
  readonly requestId?: string;
  /** Values of the function's variables other than the deployed ones, for this event. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** A child process that plays Lambda for one deployed function. */
export interface LambdaRuntime {
  /** Runs one event, with the function's clock set to `clock`. */
  invoke(event: unknown, clock: Date, options?: InvokeOptions): Promise<Invocation>;
  stop(): Promise<void>;
}

export interface LambdaRuntimeOptions {
  readonly deployed: DeployedFunction;
  /** Folder of the unpacked bundle. */
  readonly bundle: string;
  readonly endpoint: string;
  /** The role's own. */
  readonly credentials: Credentials;
}

/** The variables Lambda sets by itself, and those the function was deployed with; nothing else. */
function environment({ deployed, endpoint, credentials, bundle }: LambdaRuntimeOptions): NodeJS.ProcessEnv {
  return {
    ...deployed.variables,
    ...awsVariables(endpoint, credentials),
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${deployed.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: deployed.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(deployed.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: deployed.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: "e2e",
    LAMBDA_TASK_ROOT: bundle,
    // These run where Node may be older than the function's runtime, of which the SDK would tell the log.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    TZ: ":UTC",
    _HANDLER: deployed.handler,
  };
}

const context = ({ name, arn, memoryMb, logGroup }: DeployedFunction, awsRequestId: string) => ({
  awsRequestId,
  callbackWaitsForEmptyEventLoop: true,
  functionName: name,
  functionVersion: "$LATEST",
  invokedFunctionArn: arn,
  logGroupName: logGroup,
  logStreamName: "e2e",
  memoryLimitInMB: String(memoryMb),
});

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const stopWaiting = new AbortController();
  const { signal } = stopWaiting;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([message]) => message as unknown),
      once(child, "exit", { signal }).then(([code]) => {
        throw new Error(`The function's process ended with ${code}`);
      }),
    ]);
  } finally {
    stopWaiting.abort();
  }
}

export async function startLambdaRuntime(options: LambdaRuntimeOptions): Promise<LambdaRuntime> {
  const { deployed, bundle } = options;
  const child = fork(join(HARNESS, "lambda-child.cjs"), [bundle, deployed.handler], {
    cwd: bundle,
    env: environment(options),
    execArgv: [],
  });
  await nextMessage(child);
  let runs = 0;
  return {
    invoke: async (event, clock, options = {}) => {
      runs += 1;
      const variables = { ...deployed.variables, ...options.variables };
      const id = options.requestId ?? `00000000-0000-4000-8000-${String(runs).padStart(12, "0")}`;
      const { timeoutSeconds } = deployed;
      const reply = nextMessage(child);
      child.send({
        event,
        context: context(deployed, id),
        clock: clock.getTime(),
        timeoutSeconds,
        variables,
      });
      return (await reply) as Invocation;
    },
    stop: async () => {
      const ended = once(child, "exit");
      if (child.exitCode === null && child.kill("SIGKILL")) await ended;
    },
  };
}

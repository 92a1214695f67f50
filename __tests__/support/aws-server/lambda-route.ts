import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { OPERATOR, REGION } from "../moto/aws";
import { type DeployedFunction, readFunction } from "../moto/deployed-function";
import { type Invocation, type LambdaRuntime, startLambdaRuntime } from "../moto/lambda-runtime";
import { PROJECT } from "../moto/paths";
import { type AwsAnswer, type AwsCall, awsFault, type Route } from "./aws-server";
import { FunctionLog, logTail, type RunLog, runEvents } from "./function-log";

export interface LambdaRouteOptions {
  /** Where the functions are deployed and log: moto's endpoint. */
  readonly upstream: string;
  /** Where the functions themselves ask AWS: that of the server with this route. */
  readonly endpoint: () => string;
  /**
   * Folder of what a function runs, by its name.
   * @default the bundle as built, in dist/lambda
   */
  readonly bundle?: (functionName: string) => string;
  /**
   * The clock of the functions and of their logs.
   * @default the machine's
   */
  readonly now?: () => Date;
}

/** Lambda's Invoke, which moto does not run: hands each event to what is deployed, in a process of its own. */
export interface LambdaRoute {
  readonly route: Route;
  /** All that was invoked, in order. */
  readonly invocations: readonly RecordedInvocation[];
  /** Once all asynchronous invocations have ended. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface RecordedInvocation {
  readonly functionName: string;
  readonly requestId: string;
  readonly event: unknown;
}

export function lambdaRoute(options: LambdaRouteOptions): LambdaRoute {
  const sandbox = new Sandbox(options);
  const underWay = new Set<Promise<unknown>>();
  const route: Route = async (call) => {
    const [, encoded] = /^\/2015-03-31\/functions\/([^/]+)\/invocations/.exec(call.path) ?? [];
    if (encoded === undefined || call.method !== "POST") return undefined;
    const name = decodeURIComponent(encoded).replace(/^arn:.*:function:/, "");
    const deployed = await sandbox.find(name);
    if (deployed === undefined) {
      return awsFault("ResourceNotFoundException", `Function not found: ${name}`, 404);
    }
    const requestId = randomUUID();
    const run = sandbox.run(deployed, JSON.parse(call.body.toString("utf8") || "{}"), requestId);
    if (call.headers["x-amz-invocation-type"] === "Event") {
      underWay.add(run);
      void run.finally(() => underWay.delete(run));
      return { status: 202, headers: { "x-amzn-requestid": requestId }, body: "" };
    }
    return answer(call, await run);
  };
  return {
    route,
    invocations: sandbox.invocations,
    settled: async () => void (await Promise.all(underWay)),
    close: () => sandbox.close(),
  };
}

/** Result of a run: the payload, and the log. */
interface Outcome {
  readonly payload: unknown;
  readonly failed: boolean;
  readonly log: RunLog;
}

function answer(call: AwsCall, { payload, failed, log }: Outcome): AwsAnswer {
  const wantsTail = call.headers["x-amz-log-type"] === "Tail";
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": log.requestId,
      "x-amz-executed-version": "$LATEST",
      ...(failed ? { "x-amz-function-error": "Unhandled" } : {}),
      ...(wantsTail ? { "x-amz-log-result": logTail(runEvents(log)) } : {}),
    },
    body: JSON.stringify(payload ?? null),
  };
}

/** The execution environments of all functions: one each, which takes one event after another. */
class Sandbox {
  readonly invocations: RecordedInvocation[] = [];
  readonly #options: LambdaRouteOptions;
  readonly #lambda: LambdaClient;
  readonly #log: FunctionLog;
  readonly #environments = new Map<string, Environment>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(options: LambdaRouteOptions) {
    this.#options = options;
    this.#lambda = new LambdaClient({
      endpoint: options.upstream,
      region: REGION,
      credentials: OPERATOR,
    });
    this.#log = new FunctionLog(options.upstream, REGION);
  }

  async find(name: string): Promise<DeployedFunction | undefined> {
    try {
      return await readFunction({ lambda: this.#lambda }, name);
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
      throw error;
    }
  }

  run(deployed: DeployedFunction, event: unknown, requestId: string): Promise<Outcome> {
    this.invocations.push({ functionName: deployed.name, requestId, event });
    const before = this.#queues.get(deployed.name) ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => this.#runNow(deployed, event, requestId));
    this.#queues.set(deployed.name, run);
    return run;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#environments.keys()].map((name) => this.#end(name)));
  }

  async #runNow(deployed: DeployedFunction, event: unknown, requestId: string): Promise<Outcome> {
    const { now = () => new Date() } = this.#options;
    const environment = await this.#environment(deployed);
    const startedAt = now();
    const begun = performance.now();
    const ending = await this.#ending(environment, deployed, event, startedAt, requestId);
    const durationMs = Math.round((performance.now() - begun) * 100) / 100;
    const { lines, payload, thrown, status, errorType } = ending;
    const log: RunLog = {
      requestId,
      startedAt,
      endedAt: new Date(+startedAt + durationMs),
      lines,
      ...(thrown ? { thrown } : {}),
      end: { status, ...(errorType ? { errorType } : {}), durationMs, memoryMb: deployed.memoryMb },
    };
    await this.#log.write(deployed.logGroup, environment.id, runEvents(log));
    return { payload, failed: status !== "success", log };
  }

  /** Ends the process of a function that takes too long, or has died, as Lambda would. */
  async #ending(
    { runtime }: Environment,
    deployed: DeployedFunction,
    event: unknown,
    clock: Date,
    requestId: string,
  ): Promise<Ending> {
    const timer = new AbortController();
    const late = sleep(deployed.timeoutSeconds * 1000, "late" as const, { signal: timer.signal });
    late.catch(() => undefined);
    try {
      const result = await Promise.race([runtime.invoke(event, clock, { requestId }), late]);
      if (result !== "late") return ofInvocation(result);
      await this.#end(deployed.name);
      const message = `Task timed out after ${deployed.timeoutSeconds.toFixed(2)} seconds`;
      return sandboxError("timeout", "Sandbox.Timedout", requestId, message);
    } catch (error) {
      await this.#end(deployed.name);
      const [, code = "1"] = /ended with (\S+)/.exec(String(error)) ?? [];
      const message = `Runtime exited with error: exit status ${code}`;
      return sandboxError("error", "Runtime.ExitError", requestId, message);
    } finally {
      timer.abort();
    }
  }

  async #environment(deployed: DeployedFunction): Promise<Environment> {
    const { bundle: bundleOf = () => join(PROJECT, "dist", "lambda"), endpoint } = this.#options;
    const bundle = bundleOf(deployed.name);
    const runs = JSON.stringify([bundle, deployed.variables]);
    const known = this.#environments.get(deployed.name);
    if (known?.runs === runs) return known;
    if (known !== undefined) await this.#end(deployed.name);
    const runtime = await startLambdaRuntime({
      deployed,
      bundle,
      endpoint: endpoint(),
      credentials: OPERATOR,
    });
    const environment = { id: randomUUID().replaceAll("-", ""), runtime, runs };
    this.#environments.set(deployed.name, environment);
    return environment;
  }

  async #end(name: string): Promise<void> {
    const environment = this.#environments.get(name);
    this.#environments.delete(name);
    await environment?.runtime.stop();
  }
}

interface Environment {
  /** What its log stream is called. */
  readonly id: string;
  readonly runtime: LambdaRuntime;
  /** Its code and its variables: where they change, the function gets a new one. */
  readonly runs: string;
}

interface Ending extends Pick<RunLog, "lines" | "thrown"> {
  readonly payload: unknown;
  readonly status: RunLog["end"]["status"];
  readonly errorType?: string;
}

function ofInvocation({ result, error, lines }: Invocation): Ending {
  if (error === undefined) return { lines, payload: result, status: "success" };
  const payload = { errorType: error.name, errorMessage: error.message, trace: [] };
  return { lines, payload, thrown: error, status: "error", errorType: error.name };
}

function sandboxError(
  status: "timeout" | "error",
  errorType: string,
  requestId: string,
  message: string,
): Ending {
  const payload = { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` };
  return { lines: [], payload, status, ...(status === "error" ? { errorType } : {}) };
}

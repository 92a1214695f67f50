import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  createLambdaInvoker,
  createLambdaReader,
  type DeployedFunction,
  describeInvocationError,
  type FunctionInvoker,
  type LambdaReader,
  parseEnding,
} from "../../../cli/aws/lambda";
import { systemClock } from "../../../cli/context";
import {
  type AwsAnswer,
  type AwsServer,
  awsFault,
  startAwsServer,
} from "../../support/aws-server/aws-server";

const REQUEST = { schedule: "s", action: "stop", targets: [] } as const;

describe("functions in Lambda", () => {
  let server: AwsServer;
  let answer: () => Promise<AwsAnswer> | AwsAnswer;
  let functions: LambdaReader & FunctionInvoker;
  const before = { ...process.env };

  beforeAll(async () => {
    server = await startAwsServer([() => answer()]);
    process.env["AWS_ENDPOINT_URL"] = server.endpoint;
    process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
    process.env["AWS_SECRET_ACCESS_KEY"] = "an-example-secret";
    process.env["AWS_MAX_ATTEMPTS"] = "5";
  });
  afterAll(async () => {
    process.env = before;
    await server.close();
  });
  beforeEach(() => {
    const settings = { region: "eu-west-1" };
    functions = { ...createLambdaReader(settings), ...createLambdaInvoker(settings, systemClock) };
  });

  const callsDuring = async (work: () => Promise<unknown>) => {
    const first = server.calls.length;
    await work();
    return server.calls.slice(first);
  };
  const deployed = (timeoutSeconds: number) =>
    ({ name: "dev-StopEC2Instances", timeoutSeconds }) as DeployedFunction;

  it("are described as Lambda has them", async () => {
    answer = () => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        FunctionName: "f",
        FunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:f",
        CodeSha256: "abc=",
        LastModified: "2026-11-20T10:00:00.000+0000",
        Role: "arn:aws:iam::123456789012:role/r",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 60,
        MemorySize: 256,
        Version: "$LATEST",
        State: "Failed",
        StateReason: "The key is disabled",
        Environment: { Variables: { ACTION: "stop" } },
        LoggingConfig: { LogFormat: "JSON", LogGroup: "/of/others" },
      }),
    });
    expect(await functions.describe("f")).toEqual({
      name: "f",
      arn: "arn:aws:lambda:eu-west-1:123456789012:function:f",
      version: "$LATEST",
      codeSha256: "abc=",
      lastModified: new Date("2026-11-20T10:00:00Z"),
      state: "Failed",
      stateReason: "The key is disabled",
      roleArn: "arn:aws:iam::123456789012:role/r",
      runtime: "nodejs22.x",
      handler: "index.handler",
      timeoutSeconds: 60,
      memoryMb: 256,
      variables: { ACTION: "stop" },
      logGroup: "/of/others",
      logFormat: "JSON",
      architecture: "x86_64",
      packageType: "Zip",
      traces: false,
    });
  });

  it("are undefined where there are none of that name", async () => {
    answer = () => awsFault("ResourceNotFoundException", "Function not found", 404);
    expect(await functions.describe("f")).toBeUndefined();
  });

  it("run once, with the request as it is and the end of the log asked for", async () => {
    answer = () => ({
      status: 200,
      headers: {
        "x-amzn-requestid": "1-2",
        "x-amz-function-error": "Unhandled",
        "x-amz-log-result": Buffer.from("a log\n").toString("base64"),
      },
      body: JSON.stringify({ errorType: "StartStopError", errorMessage: "1 failed" }),
    });
    const [call] = await callsDuring(async () => {
      expect(await functions.invoke(deployed(60), REQUEST)).toMatchObject({
        requestId: "1-2",
        ending: { kind: "threw", errorType: "StartStopError", message: "1 failed" },
        logTail: "a log\n",
      });
    });
    expect(JSON.parse(call?.body.toString() ?? "")).toEqual(REQUEST);
    expect(call?.headers).toMatchObject({
      "x-amz-invocation-type": "RequestResponse",
      "x-amz-log-type": "Tail",
    });
  });

  it.each([500, 503, 429])(
    "are never run a second time, whatever AWS_MAX_ATTEMPTS says, after an HTTP %i",
    async (status) => {
      answer = () => awsFault(status === 429 ? "TooManyRequestsException" : "ServiceException", "no", status);
      const calls = await callsDuring(() =>
        expect(functions.invoke(deployed(60), REQUEST)).rejects.toMatchObject({ name: "AwsError" }),
      );
      expect(calls).toHaveLength(1);
    },
  );

  it("are waited for as long as they may run, and a minute more", async () => {
    answer = async () => {
      await sleep(300);
      return { status: 200, headers: { "x-amzn-requestid": "1-2" }, body: "null" };
    };
    expect(await functions.invoke(deployed(-59), REQUEST)).toMatchObject({ ending: { kind: "returned" } });
    await expect(functions.invoke(deployed(-59.75), REQUEST)).rejects.toThrow("gave no answer within");
  });
});

/** Payloads as Lambda has given them back. */

const payload = (errorType: string | undefined, errorMessage: string) =>
  JSON.stringify({ errorMessage, ...(errorType === undefined ? {} : { errorType }) });

describe("how an invocation ended", () => {
  it("is its result where Lambda tells of no error, even if that looks like one", () => {
    expect(parseEnding('{"errorMessage":"x"}', undefined)).toEqual({
      kind: "returned",
      result: { errorMessage: "x" },
    });
    expect(parseEnding("", undefined)).toEqual({ kind: "returned", result: undefined });
  });

  it("is what the function threw, on one line", () => {
    expect(parseEnding(payload("StartStopError", "1 failed.\n i-1"), "Unhandled")).toEqual({
      kind: "threw",
      errorType: "StartStopError",
      message: "1 failed. i-1",
    });
  });

  it.each([
    ["Sandbox.Timedout", "RequestId: 1-2 Error: Task timed out after 60.00 seconds"],
    [undefined, "2026-11-23T11:00:00.000Z 1-2 Task timed out after 60.06 seconds"],
  ])("is a time-out, however Lambda tells it (%s)", (type, message) => {
    expect(parseEnding(payload(type, message), "Unhandled").kind).toBe("timed-out");
  });

  it.each([
    ["Runtime.ExitError", "RequestId: 1-2 Error: Runtime exited with error: signal: killed"],
    ["Runtime.ImportModuleError", "Error: Cannot find module 'index'"],
    ["Runtime.OutOfMemory", "RequestId: 1-2 Process exited before completing request"],
    ["Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size"],
  ])("is a crash where the runtime says so, not the function (%s)", (type, message) => {
    expect(parseEnding(payload(type, message), "Unhandled").kind).toBe("crashed");
  });
});

function told(name: string, message: string, code?: string): string {
  const cause = Object.assign(new Error(message), { name, ...(code ? { code } : {}) });
  return describeInvocationError(cause, "dev-StopEC2Instances", "eu-west-1", 120).message;
}

describe("an invocation that Lambda does not answer", () => {
  it.each([
    ["TimeoutError", "read ECONNRESET", "ECONNRESET"],
    ["Error", "socket hang up", "ECONNRESET"],
    ["Error", "write EPIPE", "EPIPE"],
  ])("may have run where the connection broke (%s %s)", (name, message, code) => {
    expect(told(name, message, code)).toBe(
      `The invocation of dev-StopEC2Instances lost its connection (${message}). It may have run all the same: look at its log before you invoke it again`,
    );
  });

  it("may have run where no answer came in time", () => {
    expect(told("AbortError", "Request aborted")).toMatch(
      /^The invocation of dev-StopEC2Instances gave no answer within 120 s \(Request aborted\)\. It may have run/,
    );
  });

  it.each([
    ["Error", "connect ECONNREFUSED 127.0.0.1:9", "ECONNREFUSED"],
    ["TimeoutError", "connect ETIMEDOUT 10.0.0.1:443", "ETIMEDOUT"],
    ["Error", "getaddrinfo ENOTFOUND lambda.eu-west-1.amazonaws.com", "ENOTFOUND"],
  ])("has not run where there was no connection (%s %s)", (name, message, code) => {
    expect(told(name, message, code)).toMatch(
      /^No connection to AWS for lambda:InvokeFunction: is the region/,
    );
  });

  it("has not run where Lambda throttled it", () => {
    expect(told("TooManyRequestsException", "Rate Exceeded.")).toMatch(
      /^Lambda throttled dev-StopEC2Instances: it did not run \(Rate Exceeded\.\)\. Other runs use up/,
    );
  });

  it("has nothing to run where the function was deleted meanwhile", () => {
    expect(told("ResourceNotFoundException", "Function not found")).toMatch(
      /^The function dev-StopEC2Instances is not deployed in eu-west-1/,
    );
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import {
  type DeployedFunction,
  type FunctionInvoker,
  type LambdaReader,
  lambdaInvoker,
  lambdaReader,
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
    functions = { ...lambdaReader(settings), ...lambdaInvoker(settings, systemClock) };
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
      inVpc: false,
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

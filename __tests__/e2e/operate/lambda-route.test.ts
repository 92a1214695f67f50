import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, type InvokeCommandInput } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { awsAt, REGION } from "../../support/moto/aws";
import { describeEndToEnd } from "../../support/moto/suite";
import { type Deployed, launch, operateOn } from "../../support/operating/deployed";

const STOP = "dev-StopEC2Instances";
const START = "dev-StartEC2Instances";

describeEndToEnd("Lambda's Invoke, in front of the simulator", {}, (tools) => {
  let deployed: Deployed;
  let ids: readonly string[];
  const broken = () => join(deployed.folder, "broken");

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        ids = await launch(aws, { count: 2 });
        return {
          name: "dev",
          region: REGION,
          functions: { timeoutSeconds: 2 },
          targets: { dev: { instanceIds: ids } },
          schedules: { hours: { running: "MON-FRI 08:00-20:00", targets: "dev" } },
        };
      },
      bundle: (name) => (name === START ? broken() : join(__dirname, "../../../dist/lambda")),
    });
  });
  afterAll(() => deployed?.close());

  const invoke = (input: Partial<InvokeCommandInput>) =>
    awsAt(deployed.server.endpoint).lambda.send(
      new InvokeCommand({ FunctionName: STOP, LogType: "Tail", ...input }),
    );
  const logged = async (name: string) => {
    const { events = [] } = await deployed.aws.logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }),
    );
    return events.map(({ message = "" }) => message);
  };
  const startRuns = async (code: string) => {
    await mkdir(broken(), { recursive: true });
    await writeFile(join(broken(), "index.js"), `exports.handler = ${code};`);
  };

  it("runs the function as built, and gives its result and its log", async () => {
    const answer = await invoke({ Payload: Buffer.from("{}") });
    expect(answer.FunctionError).toBeUndefined();
    const result = JSON.parse(Buffer.from(answer.Payload ?? []).toString());
    expect(result).toMatchObject({
      schedule: "default",
      status: "ok",
      counts: { done: 2 },
      requestId: answer.$metadata.requestId,
    });
    const tail = Buffer.from(answer.LogResult ?? "", "base64")
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(tail.map(({ type, schedule }) => type ?? schedule)).toEqual([
      "platform.start",
      "default",
      "platform.report",
    ]);
    expect((await logged(STOP)).map((line) => JSON.parse(line))).toEqual(tail);
  });

  it("runs it in the background for an asynchronous call", async () => {
    const before = (await logged(STOP)).length;
    const answer = await invoke({ InvocationType: "Event" });
    expect(answer.StatusCode).toBe(202);
    await deployed.lambda.settled();
    expect((await logged(STOP)).length).toBe(before + 3);
  });

  it("tells of an error as Lambda does", async () => {
    const answer = await invoke({ Payload: Buffer.from(JSON.stringify({ schedule: "x" })) });
    expect(answer.FunctionError).toBe("Unhandled");
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toMatchObject({
      errorType: "RequestError",
      errorMessage: expect.stringContaining("was refused"),
    });
    expect((await logged(STOP)).at(-1)).toMatch(/"status":"error","errorType":"RequestError"/);
  });

  it("ends what takes too long", async () => {
    await startRuns("() => new Promise(() => setInterval(() => undefined, 1000))");
    const answer = await invoke({ FunctionName: START });
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: `RequestId: ${answer.$metadata.requestId} Error: Task timed out after 2.00 seconds`,
    });
    const lines = await logged(START);
    expect(lines.at(-2)).toMatch(/Task timed out after 2\.\d\d seconds/);
    expect(lines.at(-1)).toMatch(/"status":"timeout"/);
  });

  it("tells of a process that dies", async () => {
    await startRuns("() => process.exit(7)");
    const answer = await invoke({ FunctionName: START });
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Runtime exited with error: exit status 7"),
    });
  });

  it("knows no function that is not deployed", async () => {
    await expect(invoke({ FunctionName: "missing" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});

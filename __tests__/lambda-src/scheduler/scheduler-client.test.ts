import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connectScheduler } from "../../../lambda-src/scheduler";
import type { SchedulerApi } from "../../../lambda-src/scheduler/scheduler-client";

let answer = "";
const server = createServer((request, response) => {
  request
    .resume()
    .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(answer));
});
let scheduler: SchedulerApi;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  process.env["AWS_ENDPOINT_URL_SCHEDULER"] = `http://127.0.0.1:${port}`;
  process.env["AWS_ACCESS_KEY_ID"] = "AKIDEXAMPLE";
  process.env["AWS_SECRET_ACCESS_KEY"] = "an-example-secret";
  scheduler = connectScheduler("ap-northeast-2");
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const create = () =>
  scheduler.createSchedule(
    {
      Name: "resume-dev-start",
      ScheduleExpression: "at(2026-11-23T11:10:00)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: "arn:aws:lambda:ap-northeast-2:123456789012:function:f",
        RoleArn: "arn:aws:iam::1:role/r",
      },
    },
    new AbortController().signal,
  );

it("a follow-up is written once EventBridge Scheduler answers with its ARN", async () => {
  answer = JSON.stringify({ ScheduleArn: "arn:aws:scheduler:ap-northeast-2:123456789012:schedule/g/s" });
  await expect(create()).resolves.toBeUndefined();
});

it.each(["", "{}", "<html>Sign in</html>"])("a success with the body %j is no answer", async (body) => {
  answer = body;
  await expect(create()).rejects.toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

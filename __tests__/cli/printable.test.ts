import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type AwsServer, awsFault, startAwsServer } from "../support/aws-server/aws-server";
import { runCli } from "../support/run-cli";

const ID = "i-0123456789abcdef0";
const CONFIG = `region: ap-northeast-2
targets: { dev: { instanceIds: [${ID}] } }
schedules: { night: { action: stop, targets: dev, expression: "cron(0 11 * * ? *)" } }
`;
/** Clears the screen in two ways, turns the writing around, hides a character, and is readable otherwise. */
const HOSTILE = "A\u001b[2J\u0007B\u009b2JC\u202eD\u2066E\u200bF\u{e0041}G 서버 👩‍👩‍👧";
const ESCAPED = "A\\u001b[2J\\u0007B\\u009b2JC\\u202eD\\u2066E\\u200bF\\u{e0041}G 서버 👩‍👩‍👧";
/** What XML can hold of it. */
const HOSTILE_NAME = HOSTILE.replace("\u001b[2J\u0007", "");
/** Control and format characters but line breaks, and what joins emoji. */
const RAW = /(?!\n|\u200d)\p{C}/u;

let folder: string;
let aws: AwsServer;
let isDenied = false;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "printable-"));
  writeFileSync(join(folder, "c.yaml"), CONFIG);
  const instance = `<item><instanceId>${ID}</instanceId><instanceState><code>16</code><name>running</name></instanceState><tagSet><item><key>Name</key><value>${HOSTILE_NAME}</value></item></tagSet></item>`;
  const now = Date.now();
  const lines = [
    { time: new Date(now).toISOString(), type: "platform.start", record: { requestId: "1-2" } },
    {
      ...{ timestamp: new Date(now).toISOString(), level: "ERROR", requestId: "1-2", message: HOSTILE },
      ...{ errorType: "Error", errorMessage: HOSTILE },
    },
    {
      time: new Date(now).toISOString(),
      type: "platform.report",
      record: { requestId: "1-2", status: "error", errorType: HOSTILE, metrics: { durationMs: 1 } },
    },
  ];
  aws = await startAwsServer([
    ({ service }) =>
      service === "ec2"
        ? {
            status: 200,
            headers: { "content-type": "text/xml" },
            body: `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instance}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
          }
        : undefined,
    ({ operation }) => {
      if (operation !== "FilterLogEvents") return undefined;
      if (isDenied) return awsFault("AccessDeniedException", HOSTILE);
      const events = lines.map((line, index) => ({
        ...{ eventId: String(index), logStreamName: "s", timestamp: now + index, ingestionTime: now },
        message: JSON.stringify(line),
      }));
      return {
        status: 200,
        headers: { "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify({ events }),
      };
    },
  ]);
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) =>
  runCli([...args, "--config", join(folder, "c.yaml")], {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    COLUMNS: "200",
  });

describe("text from AWS that would steer a terminal", () => {
  it.each([
    ["status"],
    ["status", "--json"],
    ["logs"],
    ["logs", "--json"],
    ["history"],
    ["doctor"],
    ["doctor", "--json"],
    ["adopt"],
  ])("is never raw in what `%s %s` prints", async (...args) => {
    for (const denied of [false, true]) {
      isDenied = denied;
      const { stdout, stderr } = await run(...args.filter(Boolean), "--debug");
      expect(stdout + stderr).not.toMatch(RAW);
      expect(stdout + stderr).not.toBe("");
    }
  });

  it("is escaped in a name and in an error, where letters and emoji stay readable", async () => {
    isDenied = false;
    expect((await run("status")).stdout).toContain(ESCAPED.replace("\\u001b[2J\\u0007", ""));
    isDenied = true;
    expect((await run("logs")).stderr).toContain(`(${ESCAPED})`);
  });

  it("is the same text in JSON, once that is read", async () => {
    isDenied = false;
    const { stdout } = await run("status", "--json");
    expect(stdout).toContain("B\\u009b2JC\\u202eD\\u2066E\\u200bF\\udb40\\udc41G 서버 👩‍👩‍👧".slice(1));
    expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(HOSTILE_NAME).slice(1, -1));
  });
});

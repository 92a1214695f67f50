import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type AwsServer, awsFault, startAwsServer } from "../support/aws-server/aws-server";
import { CLI, runCli } from "../support/run-cli";

const CONFIG = `region: ap-northeast-2
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules: { stop: { action: stop, targets: dev, expression: "cron(0 11 * * ? *)" } }
`;
const SECRET = "a-secret-access-key";

it("--version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
  expect(await runCli(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
});

it("no message names a command that only a clone of the repository has", () => {
  const folder = join(__dirname, "../../cli");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const lines = files.flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .map((line) => `${file}: ${line.trim()}`),
  );
  const isComment = (line: string) => /: (?:\/\/|\/?\*)/.test(line);
  // A package without its build is a clone.
  const ofClone = /npm run (?!build\b)|npx cdktf/;
  expect(lines.filter((line) => ofClone.test(line) && !isComment(line))).toEqual([]);
});

// Linux has a device that is a full disk.
(existsSync("/dev/full") ? it : it.skip)("ends with one line where a full disk takes no output", () => {
  const full = openSync("/dev/full", "w");
  const run = spawnSync(process.execPath, [CLI, "--version"], {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  expect(run).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^Standard output takes no more: ENOSPC.*\n$/),
  });
});

describe.each([
  ["test", "invoke"],
  ["check", "services"],
])("the former command %s", (was, is) => {
  const stderr = `error: \`${was}\` is now \`${is}\`: ec2-start-stop ${is} ...\n`;

  it.each([
    { args: [] },
    { args: ["dev-stop"] },
    { args: ["dev-stop", "--apply", "--json"] },
    { args: ["--help"] },
  ])("names its successor, with $args", async ({ args }) => {
    expect(await runCli([was, ...args])).toEqual({ code: 2, stdout: "", stderr });
  });

  it("names its successor in its help", async () => {
    const { code, stdout } = await runCli(["help", was]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`Is now \`${is}\`.`) });
  });

  it("is not listed in the help", async () => {
    expect((await runCli(["--help"])).stdout).not.toMatch(new RegExp(`^ +${was}\\b`, "m"));
  });
});

describe("--debug", () => {
  let folder: string;
  let aws: AwsServer;
  let throttled = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "debug-"));
    writeFileSync(join(folder, "c.yaml"), CONFIG);
    aws = await startAwsServer([
      ({ service }) =>
        service === "ec2"
          ? {
              status: 200,
              headers: { "content-type": "text/xml", "x-amzn-requestid": "ec2-request" },
              body: `<DescribeInstancesResponse><requestId>ec2-request</requestId><reservationSet/></DescribeInstancesResponse>`,
            }
          : undefined,
      ({ operation }) => {
        if (operation !== "FilterLogEvents") return undefined;
        throttled++;
        const fault = throttled === 1 ? "ThrottlingException" : "AccessDeniedException";
        const answer = awsFault(fault, "no");
        return { ...answer, headers: { ...answer.headers, "x-amzn-requestid": `logs-request-${throttled}` } };
      },
    ]);
  });
  afterAll(async () => {
    await aws.close();
    rmSync(folder, { recursive: true });
  });

  const status = (...args: string[]) =>
    runCli([...args, "--config", join(folder, "c.yaml")], {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_SESSION_TOKEN: "a-session-token",
    });

  it("traces each request on standard error, tries and faults among them, and nothing else of it", async () => {
    throttled = 0;
    const { stdout, stderr, code } = await status("status", "--json", "--debug");
    const lines = stderr.split("\n").filter((line) => line.startsWith("aws: "));
    expect(lines.map((line) => line.replace(/ \d+ ms/, " N ms")).sort()).toEqual([
      "aws: CloudWatchLogs FilterLogEvents ap-northeast-2 N ms, request logs-request-1 ThrottlingException",
      "aws: CloudWatchLogs FilterLogEvents ap-northeast-2 N ms, request logs-request-2 AccessDeniedException",
      "aws: EC2 DescribeInstances ap-northeast-2 N ms, request ec2-request",
    ]);
    expect(aws.calls).toHaveLength(lines.length);
    expect(stderr).not.toContain(SECRET);
    expect(stderr).not.toContain("a-session-token");
    expect([code, stdout]).toEqual([1, expect.not.stringContaining("aws: ")]);
  });

  it("may come before the command, and is said by its help", async () => {
    expect((await status("--debug", "status")).stderr).toContain("aws: EC2 DescribeInstances");
    expect((await status("status")).stderr).not.toContain("aws: ");
    expect((await runCli(["doctor", "--help"])).stdout).toMatch(/Global Options:[\s\S]*--debug/);
  });

  it("names what happened to a request that got no answer", async () => {
    const { stderr } = await runCli(["status", "--debug", "--config", join(folder, "c.yaml")], {
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: SECRET,
    });
    expect(stderr).toMatch(
      /^aws: EC2 DescribeInstances ap-northeast-2 \d+ ms, request without id ECONNREFUSED$/m,
    );
  });
});

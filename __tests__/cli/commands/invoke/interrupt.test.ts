import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { RunReport } from "../../../../contract/report";
import { type AwsServer, type Route, startAwsServer } from "../../../support/aws-server/aws-server";
import { CLI, type CliRun } from "../../../support/run-cli";

const ID = "i-0123456789abcdef0";
const CONFIG = `region: ap-northeast-2
name: dev
targets: { dev: { instanceIds: [${ID}], checks: { tcp: [22] } } }
schedules:
  night: { action: stop, targets: dev, expression: "cron(0 11 * * ? *)" }
  morning: { action: start, targets: dev, expression: "cron(0 1 * * ? *)" }
`;
const REPORT: RunReport = {
  ...{ schedule: "night", action: "stop", requestId: "1-2", dryRun: false, status: "ok" },
  counts: { done: 1, already: 0, skipped: 0, failed: 0, unconfirmed: 0, deferred: 0 },
  ...{ errors: [], warnings: [], durationSeconds: 1 },
  instances: [
    {
      ...{ instanceId: ID, region: "ap-northeast-2", outcome: "done" },
      ...{ stateBefore: "running", stateAfter: "stopping" },
    },
  ],
};

const JSON_ANSWER = { "content-type": "application/json", "x-amzn-requestid": "1-2" };

let folder: string;
let aws: AwsServer;
/** What Lambda answers to an invocation: nothing, while the function runs. */
let report: RunReport | undefined;
let onInvocation: () => void = () => undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "interrupt-"));
  writeFileSync(join(folder, "c.yaml"), CONFIG);
  const lambda: Route = ({ path }) => {
    const [, name, what] = /functions\/([^/]+)\/(configuration|invocations)/.exec(path) ?? [];
    if (what === "configuration") {
      const FunctionArn = `arn:aws:lambda:ap-northeast-2:123456789012:function:${name}`;
      const body = JSON.stringify({ FunctionName: name, FunctionArn, Timeout: 60 });
      return { status: 200, headers: JSON_ANSWER, body };
    }
    if (what !== "invocations") return undefined;
    onInvocation();
    if (report === undefined) return new Promise(() => undefined);
    return { status: 200, headers: JSON_ANSWER, body: JSON.stringify(report) };
  };
  const instance = `<item><instanceId>${ID}</instanceId><instanceState><code>64</code><name>stopping</name></instanceState></item>`;
  const ec2: Route = ({ service }) =>
    service !== "ec2"
      ? undefined
      : {
          status: 200,
          headers: { "content-type": "text/xml" },
          body: `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instance}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
        };
  aws = await startAwsServer([lambda, ec2]);
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

/** Runs the CLI, and interrupts it once `when` resolves. */
async function interrupt(args: readonly string[], when: "invoked" | "printed"): Promise<CliRun> {
  const child = spawn(process.execPath, [CLI, ...args, "--config", join(folder, "c.yaml")], {
    env: {
      ...{ PATH: process.env["PATH"], HOME: folder, AWS_ENDPOINT_URL: aws.endpoint },
      ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  onInvocation = () => {
    if (when === "invoked") child.kill("SIGINT");
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    if (when === "printed" && stdout === "") child.kill("SIGINT");
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

it.each([
  ["invoke night --apply", "dev-StopEC2Instances goes on in Lambda, and may stop more instances."],
  ["invoke morning --apply --json", "dev-StartEC2Instances goes on in Lambda, and may start more instances."],
  ["invoke night", "dev-StopEC2Instances goes on in Lambda, and changes nothing, as a dry run."],
  ["services dev", "dev-StartEC2Instances goes on in Lambda, and checks services, and changes nothing."],
])(
  "Ctrl-C during `%s` says what goes on and how to follow it, with exit code 130",
  async (command, goesOn) => {
    report = undefined;
    expect(await interrupt(command.split(" "), "invoked")).toEqual({
      code: 130,
      stdout: "",
      stderr: `Interrupted: ${goesOn} \`logs\` shows its report once it ends, \`status\` the instances.\n`,
    });
  },
);

it("Ctrl-C while `invoke --apply` waits for the instances prints their states, with exit code 130", async () => {
  report = REPORT;
  const { code, stdout, stderr } = await interrupt(["invoke", "night", "--apply"], "printed");
  expect(stdout).toMatch(/Instances now.*\n +i-0123456789abcdef0 +stopping/);
  expect({ code, stderr }).toEqual({
    code: 130,
    stderr: "Interrupted: EC2 goes on to stop the instances. `status` shows their states.\n",
  });
});

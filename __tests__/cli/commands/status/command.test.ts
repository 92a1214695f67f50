import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWrongUse, expectOneLine } from "../../../support/operating/wrong-use";
import { runCli } from "../../../support/run-cli";

describeWrongUse({ args: ["status"], permission: "ec2:DescribeInstances", protocol: "ec2" });
describeWrongUse({
  args: ["status", "--watch"],
  permission: "ec2:DescribeInstances",
  protocol: "ec2",
  // What passes by itself is waited for, but not before there was anything to show.
  everyError: true,
});

describe("`status`, asked for what cannot be", () => {
  let folder: string;
  let config: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "status-"));
    config = join(folder, "c.yaml");
    writeFileSync(
      config,
      `region: ap-northeast-2
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules: { stop: { action: stop, targets: dev, expression: "cron(0 11 * * ? *)" } }
`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [["--target", "deb"], 'Expected a target of CONFIG, got "deb" (did you mean dev?)'],
    [["--target", "dev", "--target", "x"], 'Expected a target of CONFIG, got "x" (it has dev)'],
    [["--interval", "5"], "--interval: expected with --watch only"],
    [["--watch", "--json"], "--json: expected without --watch"],
    [
      ["--watch", "--interval", "1"],
      "error: option '--interval <seconds>' argument '1' is invalid. Expected a whole number of seconds from 2 to 3600.",
    ],
    [["--watch", "--interval", "2.5"], "error: option '--interval <seconds>' argument '2.5' is invalid."],
    [["dev"], "error: too many arguments for 'status'"],
  ])("is told so in a line: %j", async (args, line) => {
    const ended = await runCli(["status", "--config", config, ...args]);
    expectOneLine(ended, 2, line.replace("CONFIG", config));
  });

  it("says in its help what it needs in IAM", async () => {
    expect((await runCli(["status", "--help"])).stdout).toContain(
      "Needs in IAM: ec2:DescribeInstances, ec2:DescribeSpotInstanceRequests, logs:FilterLogEvents, scheduler:ListSchedules, scheduler:GetSchedule\n",
    );
  });
});

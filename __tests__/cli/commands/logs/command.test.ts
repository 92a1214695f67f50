import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { LogEvent } from "../../../../cli/aws/logs";
import { PERMISSIONS } from "../../../../cli/aws/permissions";
import { type AwsServer, type Route, startAwsServer } from "../../../support/aws-server/aws-server";
import { type LogGroups, logRoute } from "../../../support/aws-server/log-route";
import { describeWrongUse, expectOneLine } from "../../../support/operating/wrong-use";
import { A, B, platform, reportLine } from "../../../support/recorded-runs";
import { CLI, runCli } from "../../../support/run-cli";

const CONFIG = `name: dev
region: ap-northeast-2
timezone: Asia/Seoul
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  dev-start: { action: start, targets: dev, expression: "cron(0 8 ? * MON-FRI *)" }
`;
const STOP = "/aws/lambda/dev-StopEC2Instances";
const START = "/aws/lambda/dev-StartEC2Instances";

let folder: string;
let config: string;
let server: AwsServer;
let groups: LogGroups;
/** Called by a request that is never answered; all are answered where it is undefined. */
let onUnanswered: (() => void) | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "logs-"));
  config = join(folder, "c.yaml");
  writeFileSync(config, CONFIG);
  const silence: Route = () => {
    onUnanswered?.();
    return onUnanswered && new Promise(() => undefined);
  };
  server = await startAwsServer([silence, logRoute(() => groups, 2)]);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  onUnanswered = undefined;
  groups = { [STOP]: [], [START]: [] };
});

/** Lines written so many seconds ago. */
const ago = (name: string, lines: readonly (readonly [number, string])[]): LogEvent[] =>
  lines.map(([seconds, message], index) => ({
    id: `${name}${index}`,
    timestamp: Date.now() - seconds * 1000,
    streamName: name,
    message,
  }));
const fine = ago("fine", [
  [600, platform.start(A)],
  [599, reportLine(A)],
  [598, platform.report(A)],
]);
const timedOut = ago("slow", [
  [500, platform.start(B)],
  [440, platform.report(B, { status: "timeout", durationMs: 60_000 })],
]);

const environment = () => ({
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "an-example-secret",
  AWS_MAX_ATTEMPTS: "1",
});
const logs = (...args: string[]) => runCli(["logs", "--config", config, ...args], environment());

describeWrongUse({ args: ["logs"], permission: "logs:FilterLogEvents", everyError: true });

describe("`logs`", () => {
  it("shows the runs of both functions, page after page, and exits 0 where none failed", async () => {
    groups = { [STOP]: fine, [START]: [] };
    const { code, stdout, stderr } = await logs();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/\n {2}\d\d:\d\d:\d\d {2}dev-stop {3}stop {4}1\.4 s {2}ok {9}2 done, 1 already\n/);
    expect(stdout).toMatch(/\n1 run: 1 ok\.\n$/);
  });

  it("exits 1 where a run that it shows failed", async () => {
    groups = { [STOP]: fine, [START]: timedOut };
    const { code, stdout } = await logs();
    expect(code).toBe(1);
    expect(stdout).toContain("start  60.0 s  timed out  after 60 s, no report\n");
    expect((await logs("dev-stop")).code).toBe(0);
  });

  it("prints one JSON document", async () => {
    groups = { [STOP]: fine, [START]: timedOut };
    const { code, stdout } = await logs("--json");
    const { functions, runs, timezone } = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(timezone).toBe("Asia/Seoul");
    expect(functions).toEqual([
      {
        name: "dev-StopEC2Instances",
        action: "stop",
        region: "ap-northeast-2",
        logGroup: STOP,
        hasLogGroup: true,
      },
      {
        name: "dev-StartEC2Instances",
        action: "start",
        region: "ap-northeast-2",
        logGroup: START,
        hasLogGroup: true,
      },
    ]);
    expect(runs).toMatchObject([
      { requestId: A, schedule: "dev-stop", outcome: "ok", failed: false, error: null },
      {
        requestId: B,
        schedule: null,
        outcome: "timed-out",
        failed: true,
        error: "timed out after 60 s",
        report: null,
      },
    ]);
  });

  it("calls nothing but what it says that it needs", async () => {
    groups = { [STOP]: fine, [START]: timedOut };
    const before = server.calls.length;
    await logs("--verbose");
    const made = new Set(
      server.calls.slice(before).map(({ service, operation }) => `${service}:${operation}`),
    );
    expect([...made]).toEqual([...PERMISSIONS.logs]);
    expect((await runCli(["logs", "--help"])).stdout).toContain("Needs in IAM: logs:FilterLogEvents");
  });

  it("names the schedule that was probably meant", async () => {
    expectOneLine(
      await logs("dev-stpo"),
      2,
      `Expected a schedule of ${config}, got "dev-stpo" (did you mean dev-stop?)`,
    );
  });

  it.each([
    ["yesterday", "--since: expected "],
    ["2999-01-01", "--since: expected "],
    ["2026-02-30", "--since: expected a date and time that exist"],
  ])("refuses --since %s", async (since, message) => {
    expectOneLine(await logs("--since", since), 2, message);
  });

  it("says that a function is not deployed, where none has a log group", async () => {
    groups = {};
    expectOneLine(
      await logs(),
      1,
      `dev-StopEC2Instances has no log group ${STOP} in ap-northeast-2: it is not deployed there`,
    );
  });

  it("shows the runs of the one function that has a log group, and says so of the other", async () => {
    groups = { [STOP]: fine };
    const { code, stdout } = await logs();
    expect(code).toBe(0);
    expect(stdout).toContain("dev-stop");
    expect(stdout).toContain("dev-StartEC2Instances has no log group");
  });
});

describe("`logs --follow`", () => {
  let child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  const follow = (...args: string[]) => {
    const started = spawn(process.execPath, [CLI, "logs", "--follow", "--config", config, ...args], {
      env: { PATH: process.env["PATH"], ...environment() },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = started;
    return started;
  };
  // One that should have ended and did not would go on for ever.
  afterEach(() => {
    child?.kill("SIGKILL");
  });

  it("prints a run a line as JSON, and ends with exit code 0 when it is interrupted", async () => {
    groups = { [STOP]: fine, [START]: timedOut };
    const following = follow("--json");
    const ended = once(following, "close");
    const lines: string[] = [];
    for await (const chunk of following.stdout.setEncoding("utf8")) {
      lines.push(...String(chunk).trimEnd().split("\n"));
      if (lines.length >= 2) following.kill("SIGINT");
    }
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual([A, B]);
    expect(await ended).toEqual([0, null]);
  });

  it("ends at once when it is interrupted while AWS does not answer", async () => {
    onUnanswered = () => child?.kill("SIGINT");
    expect(await once(follow("dev-stop", "--json"), "close")).toEqual([0, null]);
  });

  it("ends when its reader is gone", async () => {
    groups = { [STOP]: fine, [START]: [] };
    const following = follow("--json");
    following.stdout.destroy();
    expect(await once(following, "close")).toEqual([0, null]);
  });

  it("says at once what does not pass by itself", async () => {
    groups = { [STOP]: [], [START]: [] };
    const { code, stdout, stderr } = await runCli(["logs", "--follow", "--json", "--config", config], {
      ...environment(),
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
    });
    expectOneLine({ code, stdout, stderr }, 1, "No AWS credentials");
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { PERMISSIONS } from "../../../cli/aws/permissions";
import { REGION } from "../../support/moto/aws";
import { LAMBDA_ZIP } from "../../support/moto/paths";
import { describeEndToEnd } from "../../support/moto/suite";
import { COMMAND_KEY, type Deployed, launch, operateOn } from "../../support/operating/deployed";
import { actionsOf } from "../../support/operating/iam-actions";
import { CLI } from "../../support/run-cli";

const MINUTES = 60_000;
const MISSING = "i-0123456789abcdef0";
const BUNDLE = join(LAMBDA_ZIP, "../lambda");

describeEndToEnd("`logs`", {}, (tools) => {
  let deployed: Deployed;
  let web = "";
  /** What the start function runs in place of its bundle. */
  let broken: string | undefined;
  let following: ChildProcess | undefined;

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        [web = ""] = await launch(aws, { tags: { Name: "web-1" } });
        return {
          name: "dev",
          region: REGION,
          timezone: "Asia/Seoul",
          functions: { timeoutSeconds: 4 },
          targets: { dev: { instanceIds: [web] }, gone: { instanceIds: [web, MISSING] } },
          schedules: {
            "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
            "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
            "gone-stop": { action: "stop", targets: "gone", expression: "cron(0 21 ? * MON-FRI *)" },
          },
        };
      },
      bundle: (name) => (name === "dev-StartEC2Instances" ? (broken ?? BUNDLE) : BUNDLE),
    });
  }, 2 * MINUTES);
  afterAll(async () => {
    // Where it should have ended and did not, it would go on for ever.
    following?.kill("SIGKILL");
    await deployed?.close();
  }, MINUTES);

  const logs = (...args: string[]) => deployed.cli(["logs", ...args], { COLUMNS: "120" });
  const run = (schedule: string) => deployed.cli(["invoke", schedule, "--apply", "--no-wait"]);
  /** The start function runs this instead. */
  const runBroken = async (name: string, code: string) => {
    broken = join(deployed.folder, name);
    await mkdir(broken);
    await writeFile(join(broken, "index.js"), `exports.handler = ${code};`);
    await run("dev-start");
    broken = undefined;
  };

  it("says that nothing ran yet, and what to look at", async () => {
    const { code, stdout } = await logs();
    expect(code).toBe(0);
    expect(stdout).toContain("No runs of dev-StopEC2Instances and dev-StartEC2Instances since ");
    expect(stdout).toContain("What to check next:");
  });

  it(
    "shows runs that went well, failed, timed out and crashed, and those of other code",
    async () => {
      await run("dev-stop");
      await run("gone-stop");
      await runBroken("slow", "() => new Promise(() => setInterval(() => undefined, 1000))");
      await runBroken("crash", "() => process.exit(7)");
      await runBroken("foreign", "async () => 'started your instances'");
      await run("dev-start");
      const { code, stdout, stderr } = await logs();
      expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
      expect(told(stdout)).toEqual([
        "TIME  dev-stop   stop  TOOK  ok         1 done",
        "TIME  gone-stop  stop  TOOK  failed     1 failed, 1 already",
        `${MISSING}: no such instance (InvalidInstanceID.NotFound)`,
        "TIME  ?          start  TOOK  timed out  after 4 s, no report",
        "TIME  ?          start  TOOK  crashed    ended with Runtime.ExitError (no reason logged), no report",
        "TIME  ?          start  TOOK  no report  no error either: older code, or other code",
        "TIME  dev-start  start  TOOK  ok         1 done",
        "6 runs: 2 ok, 1 failed, 1 timed out, 1 crashed, 1 no report.",
      ]);
    },
    MINUTES,
  );

  it("shows one schedule's, with its instances", async () => {
    const { code, stdout } = await logs("dev-stop", "--verbose");
    expect(code).toBe(0);
    expect(told(stdout)).toEqual([
      "TIME  dev-stop  stop  TOOK  ok         1 done",
      expect.stringMatching(/^request [0-9a-f-]{36}$/),
      `done  ${web}  running -> stopping`,
      "1 run: 1 ok.",
    ]);
  });

  it("has what failed in JSON, and whole reports", async () => {
    const { runs } = JSON.parse((await logs("--failed", "--json")).stdout);
    expect(runs).toMatchObject([
      { schedule: "gone-stop", outcome: "failed", report: { counts: { failed: 1, already: 1 } } },
      { schedule: null, outcome: "timed-out", error: expect.stringMatching(/^timed out after 4(\.\d)? s$/) },
      { schedule: null, outcome: "crashed" },
    ]);
    expect(Object.keys(runs[0].report)).not.toContain("_aws");
  });

  it(
    "follows: a run that ends meanwhile comes, once",
    async () => {
      const child = spawn(
        process.execPath,
        [CLI, "logs", "--follow", "--json", "--since", "1m", "dev-start"],
        {
          env: { PATH: process.env["PATH"], ...deployed.environment },
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
      following = child;
      const ended = once(child, "close");
      const before = JSON.parse((await logs("--json", "--since", "1m", "dev-start")).stdout).runs.length;
      const ids: string[] = [];
      let invoked = false;
      for await (const chunk of child.stdout.setEncoding("utf8")) {
        for (const line of String(chunk).trim().split("\n")) ids.push(JSON.parse(line).requestId);
        if (ids.length >= before && !invoked) {
          invoked = true;
          await run("dev-start");
        }
        if (ids.length > before) child.kill("SIGINT");
      }
      expect(await ended).toEqual([0, null]);
      expect(ids).toHaveLength(before + 1);
      expect(new Set(ids).size).toBe(before + 1);
    },
    MINUTES,
  );

  it("asks AWS for nothing but what its help names", async () => {
    const before = deployed.server.calls.length;
    await logs("--verbose");
    expect(actionsOf(deployed.server.calls.slice(before), COMMAND_KEY)).toEqual([...PERMISSIONS.logs]);
  });
});

/** The lines below the day, without what differs from run to run. */
function told(text: string): string[] {
  return text
    .split("\n")
    .slice(1)
    .filter((line) => /^ {2,}|^\d+ runs?:/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\d\d:\d\d:\d\d {2}\d\d:\d\d:\d\dZ/, "TIME")
        .replace(/ +\d+\.\d s {2}/, "  TOOK  ")
        .replace(/after 4\.\d s/, "after 4 s"),
    );
}

import { type ChildProcess, spawn } from "node:child_process";
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { StatusJson } from "../../../cli/commands/status/json";
import { awsFault, type Route } from "../../support/aws-server/aws-server";
import { ssmRoute } from "../../support/aws-server/ssm-route";
import type { SsmSpec } from "../../support/ec2/ssm";
import { OTHER_REGION, REGION } from "../../support/moto/aws";
import { describeEndToEnd } from "../../support/moto/suite";
import { COMMAND_KEY, type Deployed, launch, operateOn } from "../../support/operating/deployed";
import { actionsOf, neededActions } from "../../support/operating/iam-actions";
import { CLI } from "../../support/run-cli";

const MINUTES = 60_000;
const HOLD = "ec2-start-stop:hold";
const MISSING = "i-0123456789abcdef0";

/** Daily, so many hours from the time at which the test begins: the commands' clock is the machine's. */
const begun = Date.now();
const daily = (hours: number): string => {
  const at = new Date(begun + hours * 3_600_000);
  return `cron(${at.getUTCMinutes()} ${at.getUTCHours()} * * ? *)`;
};

describeEndToEnd("`status`", {}, (tools) => {
  let deployed: Deployed;
  let [web, held, scaled, gone, qa, kept, far] = ["", "", "", "", "", "", ""];
  const managed: Record<string, SsmSpec> = {};
  let inTheWay: Route | undefined;

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        [web = ""] = await launch(aws, { tags: { Name: "web-1" } });
        [held = ""] = await launch(aws, { tags: { Name: "demo", [HOLD]: "2199-01-01T00:00:00Z" } });
        [scaled = ""] = await launch(aws, { tags: { "aws:autoscaling:groupName": "web" } });
        [gone = ""] = await launch(aws, { tags: { Name: "old" } });
        [qa = ""] = await launch(aws, { tags: { Name: "qa-1", Environment: "qa" } });
        [kept = ""] = await launch(aws, {
          tags: { Name: "qa-2", Environment: "qa", KeepRunning: "true" },
          state: "stopped",
        });
        [far = ""] = await launch(aws, {
          tags: { Name: "far", Environment: "staging" },
          region: OTHER_REGION,
        });
        await aws.ec2[REGION]?.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
        return {
          name: "dev",
          region: REGION,
          timezone: "UTC",
          trigger: "scheduler",
          followUps: true,
          targets: {
            nights: { instanceIds: [web, held, scaled] },
            days: {
              tags: { Environment: ["qa", "staging"] },
              exclude: { KeepRunning: "true" },
              regions: [REGION, OTHER_REGION],
              checks: { systemd: ["nginx"] },
            },
            lost: { instanceIds: [gone, MISSING] },
          },
          schedules: {
            "nights-start": { action: "start", targets: "nights", expression: daily(-3) },
            "nights-stop": { action: "stop", targets: "nights", expression: daily(-1) },
            "days-stop": { action: "stop", targets: "days", expression: daily(-3) },
            "days-start": { action: "start", targets: "days", expression: daily(-1) },
            "lost-stop": { action: "stop", targets: "lost", expression: daily(-2), enabled: false },
          },
        };
      },
      routes: [
        (call) =>
          call.headers["authorization"]?.includes(COMMAND_KEY) === true ? inTheWay?.(call) : undefined,
        ssmRoute(managed),
      ],
    });
  }, 2 * MINUTES);
  afterAll(() => deployed?.close(), MINUTES);

  beforeEach(() => {
    inTheWay = undefined;
  });

  const ec2 = () => {
    const client = deployed.aws.ec2[REGION];
    if (client === undefined) throw new Error("No client");
    return client;
  };
  const status = (...args: string[]) => deployed.cli(["status", ...args], { COLUMNS: "80" });
  const read = async (...args: string[]) => {
    const run = await status("--json", ...args);
    expect(run.stderr).toBe("");
    return { code: run.code, json: JSON.parse(run.stdout) as StatusJson };
  };
  const told = ({ targets }: StatusJson) =>
    Object.fromEntries(
      targets.map(({ name, instances }) => [
        name,
        Object.fromEntries(
          instances.map(({ instanceId, state, expectedState, verdict }) => [
            instanceId,
            `${state}, should be ${expectedState.state}: ${verdict}`,
          ]),
        ),
      ]),
    );

  it("tells of every instance whether it is as it should be, and ends with 1 where one is not", async () => {
    const { code, json } = await read();
    expect(code).toBe(1);
    expect(json).toMatchObject({
      name: "dev",
      region: REGION,
      healthy: false,
      instances: { total: 8, wrong: 3 },
    });
    expect(told(json)).toEqual({
      nights: {
        [web]: "running, should be stopped: wrong",
        [held]: "running, should be stopped: skipped",
        [scaled]: "running, should be stopped: skipped",
      },
      days: {
        [qa]: "running, should be running: ok",
        [kept]: "stopped, should be any: skipped",
        [far]: "running, should be running: ok",
      },
      lost: {
        [MISSING]: "missing, should be any: wrong",
        [gone]: "terminated, should be any: wrong",
      },
    });
    const [nights, days] = json.targets;
    expect(nights?.instances.find(({ instanceId }) => instanceId === held)?.skipReason).toEqual({
      kind: "held",
      tag: HOLD,
      until: "2199-01-01T00:00:00Z",
      by: null,
      group: null,
    });
    expect(nights?.instances.find(({ instanceId }) => instanceId === scaled)?.skipReason).toEqual({
      kind: "auto-scaling",
      tag: null,
      until: null,
      by: null,
      group: "web",
    });
    expect(days?.instances.map(({ region, skipReason }) => [region, skipReason?.tag])).toEqual([
      [REGION, undefined],
      [REGION, "KeepRunning=true"],
      [OTHER_REGION, undefined],
    ]);
    expect(nights?.schedules.map(({ missed }) => missed)).toEqual([true, true]);
  });

  it("ends with 0 where the targets asked for are as they should be, held ones left alone", async () => {
    const run = await status("--target", "days");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(new RegExp(`^- ${kept} +qa-2 +stopped`, "m"));
    expect(run.stdout).toContain("excluded by tag KeepRunning=true");
    expect(run.stdout).toContain(`  ${OTHER_REGION}\n  ${far}`);
    expect(run.stdout).not.toContain(web);
    expect(run.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("follows the functions: their runs, what they did, and since when that holds", async () => {
    expect((await deployed.cli(["invoke", "nights-stop", "--apply"])).code).toBe(0);
    const { json } = await read("--target", "nights");
    const [nights] = json.targets;
    const stop = nights?.schedules.find(({ name }) => name === "nights-stop");
    expect(stop).toMatchObject({
      missed: false,
      lastRun: { schedule: "nights-stop", outcome: "ok", counts: { done: 1, skipped: 2 } },
    });
    const stopped = nights?.instances.find(({ instanceId }) => instanceId === web);
    expect(stopped).toMatchObject({
      state: "stopped",
      verdict: "ok",
      lastRun: { schedule: "nights-stop", instance: { outcome: "done" } },
    });
    expect(Math.abs(Date.parse(stopped?.since ?? "") - Date.now())).toBeLessThan(MINUTES);
  });

  it("says of an instance that was started by hand which run left it stopped", async () => {
    await ec2().send(new StartInstancesCommand({ InstanceIds: [web] }));
    const run = await status("--target", "nights");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^ {6}nights-stop at \S+ left it stopped: changed since$/m);
    expect(run.stdout).toMatch(
      /1 of 3 instances is not as it should be\.\nWho started or stopped one: ec2-start-stop history/,
    );
  });

  it("tells of services that the last look did not find running, until another does", async () => {
    Object.assign(managed, { [qa]: { units: { nginx: "failed" } }, [far]: { units: { nginx: "active" } } });
    expect((await deployed.cli(["services", "days"])).code).toBe(1);
    const failing = await status("--target", "days");
    expect(failing.code).toBe(1);
    expect(failing.stdout).toMatch(
      new RegExp(`^! ${qa} +qa-1 +running .*\\n +services failed: systemd nginx: failed$`, "m"),
    );
    Object.assign(managed, { [qa]: { units: { nginx: "active" } } });
    expect((await deployed.cli(["services", "days"])).code).toBe(0);
    expect((await status("--target", "days")).code).toBe(0);
  });

  it("no longer holds an instance back once its tag's time is over", async () => {
    const tag = (Value: string) =>
      ec2().send(new CreateTagsCommand({ Resources: [held], Tags: [{ Key: HOLD, Value }] }));
    await tag("2020-01-01T00:00:00Z");
    expect(told((await read("--target", "nights")).json)["nights"]?.[held]).toBe(
      "running, should be stopped: wrong",
    );
    await tag("2199-01-01T00:00:00Z");
  });

  it("shows the states where logs may not be read, and names the missing permission", async () => {
    inTheWay = ({ operation }) =>
      operation === "FilterLogEvents" ? awsFault("AccessDeniedException", "not authorized") : undefined;
    const run = await status("--target", "days");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout.replace(/\s+/g, " ")).toContain(
      "The last runs are not known. AWS refused: these credentials need the permission logs:FilterLogEvents (not authorized)",
    );
    const { code, json } = await read("--target", "nights");
    expect(code).toBe(1);
    expect(json.runsError).toContain("logs:FilterLogEvents");
  });

  it("lists what the functions have left for later, while it waits", async () => {
    expect((await read("--target", "days")).json.followUps).toEqual([]);
    expect((await deployed.cli(["hold", qa, "--for", "1h"])).code).toBe(0);
    const { json } = await read("--target", "days");
    const same = { kind: "hold", schedule: "hold", attempt: 2, regions: [REGION], instanceIds: [qa] };
    expect(json.followUps).toMatchObject([
      { ...same, action: "start" },
      { ...same, action: "stop" },
    ]);
    const [due] = json.followUps ?? [];
    expect(Date.parse(due?.at ?? "") - Date.now()).toBeGreaterThan(55 * MINUTES);
    const run = await status("--target", "days");
    expect(run.stdout).toMatch(/^Follow-ups\n {2}Due [\s\S]*\n {2}\S.* start if due after a hold +hold +1$/m);
    expect(run.code).toBe(0);
  });

  it("says that it may not look for them, and goes on", async () => {
    inTheWay = ({ service }) =>
      service === "scheduler" ? awsFault("AccessDeniedException", "not authorized") : undefined;
    const run = await status("--target", "days");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout.replace(/\s+/g, " ")).toContain(
      "The follow-ups are not known. AWS refused: these credentials need the permission scheduler:ListSchedules (not authorized)",
    );
    expect((await read("--target", "days")).json).toMatchObject({
      followUps: null,
      followUpsError: expect.stringContaining("scheduler:ListSchedules"),
    });
  });

  it("makes the calls that its help says, and no other", async () => {
    const before = deployed.server.calls.length;
    await status();
    const asked = actionsOf(deployed.server.calls.slice(before), COMMAND_KEY);
    const needed = neededActions((await status("--help")).stdout);
    expect(asked).toEqual([
      "ec2:DescribeInstances",
      "logs:FilterLogEvents",
      "scheduler:GetSchedule",
      "scheduler:ListSchedules",
    ]);
    // Only where there are spot instances.
    expect(needed.filter((action) => !asked.includes(action))).toEqual(["ec2:DescribeSpotInstanceRequests"]);
  });

  describe("--watch", () => {
    let child: ChildProcess | undefined;
    let output = "";
    const start = (...args: string[]) => {
      output = "";
      child = spawn(process.execPath, [CLI, "status", "--watch", "--interval", "2", ...args], {
        env: { ...process.env, ...deployed.environment, COLUMNS: "80" },
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      return child;
    };
    const until = async (text: string | RegExp) => {
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
        if (output.match(text)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`Expected ${text} within 30 s, got:\n${output}`);
    };
    const interrupt = (watching: ChildProcess) =>
      new Promise<number | null>((resolve) => {
        watching.once("close", (code) => resolve(code));
        watching.kill("SIGINT");
      });
    afterEach(() => {
      if (child?.exitCode === null) child.kill("SIGKILL");
    });

    it(
      "adds what changes, until Ctrl-C, and ends with the code of the last look",
      async () => {
        const watching = start("--target", "nights");
        await until("1 of 3 instances is not as it should be.");
        await ec2().send(new StopInstancesCommand({ InstanceIds: [web] }));
        await until(new RegExp(`nights: ${web} web-1 running -> stopped, as it should be\n`));
        expect(await interrupt(watching)).toBe(0);
        expect(output).not.toContain("\u001b");
      },
      MINUTES,
    );

    it(
      "ends with 1 where the last look found something wrong",
      async () => {
        const watching = start("--target", "nights");
        await until("All others are as they should be.");
        await ec2().send(new DeleteTagsCommand({ Resources: [held], Tags: [{ Key: HOLD }] }));
        await until(new RegExp(`nights: ${held} demo running, not as it should be\n`));
        expect(await interrupt(watching)).toBe(1);
      },
      MINUTES,
    );
  });
});

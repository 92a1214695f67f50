import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StartInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { awsFault, type Route } from "../../support/aws-server/aws-server";
import { OTHER_REGION, REGION } from "../../support/moto/aws";
import { readStates } from "../../support/moto/fleet";
import { LAMBDA_ZIP } from "../../support/moto/paths";
import { describeEndToEnd } from "../../support/moto/suite";
import { COMMAND_KEY, type Deployed, launch, operateOn } from "../../support/operating/deployed";
import { actionsOf, neededActions } from "../../support/operating/iam-actions";

const MINUTES = 60_000;
const MISSING = "i-0123456789abcdef0";
/** More of them than the 4 KB of log that Lambda gives back can tell of. */
const MANY_MISSING = Array.from({ length: 60 }, (_, number) => `i-${String(number).padStart(17, "0")}`);
const BUNDLE = join(LAMBDA_ZIP, "../lambda");

/** Today's date, where the functions' clock is the machine's. */
const today = () => new Date().toISOString().slice(0, 10);

describeEndToEnd("`invoke`", {}, (tools) => {
  let deployed: Deployed;
  let [web, database, other] = ["", "", ""];
  /** Answers the command's calls in place of AWS. */
  let inTheWay: Route | undefined;
  /** What the start function runs in place of its bundle. */
  let broken: string | undefined;

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        [web = ""] = await launch(aws, { tags: { Name: "web-1" } });
        [database = ""] = await launch(aws, { tags: { Name: "db" }, state: "stopped" });
        [other = ""] = await launch(aws, { region: OTHER_REGION, tags: { Environment: "staging" } });
        return {
          name: "dev",
          region: REGION,
          functions: { timeoutSeconds: 4 },
          targets: {
            dev: { instanceIds: [web, database] },
            gone: { instanceIds: [web, MISSING] },
            many: { instanceIds: MANY_MISSING },
            staging: { tags: { Environment: "staging" }, regions: [REGION, OTHER_REGION] },
          },
          schedules: {
            "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
            "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
            "gone-stop": { action: "stop", targets: "gone", expression: "cron(0 21 ? * MON-FRI *)" },
            "many-stop": { action: "stop", targets: "many", expression: "cron(0 22 ? * MON-FRI *)" },
            "holiday-stop": {
              action: "stop",
              targets: "dev",
              expression: "cron(0 23 ? * MON-FRI *)",
              enabled: false,
              holidays: "all",
              stopOnHolidays: false,
            },
            office: { running: "MON-FRI 09:00-18:00", targets: ["staging"] },
          },
          holidays: { all: [today()] },
        };
      },
      routes: [
        (call) =>
          call.headers["authorization"]?.includes(COMMAND_KEY) === true ? inTheWay?.(call) : undefined,
      ],
      bundle: (name) => (name === "dev-StartEC2Instances" ? (broken ?? BUNDLE) : BUNDLE),
    });
  }, 2 * MINUTES);
  afterAll(() => deployed?.close(), MINUTES);

  beforeEach(async () => {
    inTheWay = undefined;
    await deployed.aws.ec2[REGION]?.send(new StartInstancesCommand({ InstanceIds: [web] }));
  });

  const states = () => readStates(deployed.aws);
  const invoke = (...args: string[]) => deployed.cli(["invoke", ...args], { COLUMNS: "100" });
  const calls = () => deployed.lambda.invocations.length;

  describe("without --apply", () => {
    it("asks the function what it would do, and changes nothing", async () => {
      const before = await states();
      const run = await invoke("dev-stop");
      expect(run).toMatchObject({ code: 0, stderr: "" });
      expect(withoutIds(run.stdout)).toBe(`dev-stop  stop dev, dry run
dev-StopEC2Instances in ap-northeast-2, request ID

  would stop  ${web}  web-1  running
  already     ${database}  db     stopped

1 would stop, 1 already; the function took TIME
Nothing was changed: that takes --apply.
`);
      expect(await states()).toEqual(before);
      expect(deployed.lambda.invocations.at(-1)).toMatchObject({
        functionName: "dev-StopEC2Instances",
        event: { schedule: "dev-stop", dryRun: true },
      });
      expect(deployed.lambda.invocations.at(-1)?.event).not.toHaveProperty("scheduledTime");
    });

    it("says where an instance is in another region", async () => {
      const { stdout } = await invoke("office-stop");
      expect(stdout).toContain("Warning: ap-northeast-2: no instance carries Environment=staging\n");
      expect(stdout).toContain(`  would stop  ${other}  running  us-east-1\n`);
    });

    it("says plainly that a holiday holds for a run by hand, too, and of a schedule that it is disabled", async () => {
      const run = await invoke("holiday-stop");
      expect(run.code).toBe(0);
      expect(withoutIds(run.stdout)).toBe(`holiday-stop  stop dev, disabled, dry run
dev-StopEC2Instances in ap-northeast-2, request ID

Skipped: holiday: ${today()} in UTC

The schedule's holidays hold for a run by hand, too: no instance was read, nothing was changed.
`);
    });
  });

  describe("with --apply", () => {
    it("stops the instances, waits, and prints their final states", async () => {
      const run = await invoke("dev-stop", "--apply");
      expect(run.code).toBe(0);
      expect(withoutIds(run.stdout)).toBe(`dev-stop  stop dev
dev-StopEC2Instances in ap-northeast-2, request ID

  done     ${web}  web-1  running -> stopping
  already  ${database}  db     stopped

1 done, 1 already; the function took TIME

Instances now
  ${web}  web-1  stopped
  ${database}  db     stopped
`);
      expect(await states()).toMatchObject({ [web]: "stopped", [database]: "stopped" });
    });

    it("starts them, in JSON for programs", async () => {
      await invoke("dev-stop", "--apply", "--no-wait");
      const run = await invoke("dev-start", "--apply", "--json");
      expect(run.code).toBe(0);
      const json = JSON.parse(run.stdout);
      expect(Object.keys(json)).toEqual([
        "schedule",
        "applied",
        "function",
        "requestId",
        "report",
        "error",
        "finalStates",
      ]);
      expect(json).toMatchObject({
        schedule: "dev-start",
        function: "dev-StartEC2Instances",
        applied: true,
        report: { status: "ok", dryRun: false, counts: { done: 2 }, requestId: json.requestId },
        finalStates: {
          complete: true,
          instances: [
            { instanceId: web, region: REGION, name: "web-1", state: "running", asExpected: true },
            { instanceId: database, region: REGION, name: "db", state: "running", asExpected: true },
          ],
        },
      });
      await invoke("dev-stop", "--apply", "--no-wait");
    });

    it("does not wait with --no-wait", async () => {
      const run = await invoke("dev-stop", "--apply", "--no-wait");
      expect(run.code).toBe(0);
      expect(run.stdout).not.toContain("Instances now");
    });

    it("prints failures first, and ends with 1", async () => {
      const run = await invoke("gone-stop", "--apply");
      expect(run.code).toBe(1);
      expect(withoutIds(run.stdout)).toBe(`gone-stop  stop gone
dev-StopEC2Instances in ap-northeast-2, request ID

  failed  ${MISSING}
      no such instance (InvalidInstanceID.NotFound)
  done    ${web}  web-1  running -> stopping

1 failed, 1 done; the function took TIME

Instances now
  ${web}  web-1  stopped
`);
    });

    it("shows the report where these credentials may not look at instances", async () => {
      inTheWay = ({ service }) =>
        service === "ec2"
          ? {
              status: 403,
              body: "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>",
            }
          : undefined;
      const run = await invoke("dev-stop", "--apply");
      expect(run.code).toBe(1);
      expect(run.stdout).toContain(`  done     ${web}  running -> stopping\n`);
      expect(run.stdout).toContain("The final states are not known: AWS refused");
      expect(run.stdout).toContain("ec2:DescribeInstances");
    });
  });

  describe("of a run that fails", () => {
    it("finds a report that is longer than what Lambda gives back in the log", async () => {
      const run = await invoke("many-stop", "--json");
      expect(run.code).toBe(1);
      const { report } = JSON.parse(run.stdout);
      expect(report).toMatchObject({ status: "failed", counts: { failed: MANY_MISSING.length } });
      expect(report.instances).toHaveLength(MANY_MISSING.length);
      expect(actionsOf(deployed.server.calls, COMMAND_KEY)).toContain("logs:FilterLogEvents");
    });

    it("tells what was thrown where these credentials may not read the log", async () => {
      inTheWay = ({ service }) =>
        service === "logs" ? awsFault("AccessDeniedException", "no", 403) : undefined;
      const run = await invoke("many-stop");
      expect(run.code).toBe(1);
      const text = run.stdout.replace(/\s+/g, " ");
      expect(text).toContain(
        "dev-StopEC2Instances threw StartStopError: Schedule many-stop, stop: 60 failed",
      );
      expect(text).toContain("which could not be read: AWS refused: these credentials need the permission");
      const json = JSON.parse((await invoke("many-stop", "--json")).stdout);
      expect(json).toMatchObject({ report: null, error: expect.stringContaining("60 failed") });
    });
  });

  describe("of a function that does not come to an end", () => {
    const startRuns = async (name: string, code: string) => {
      broken = join(deployed.folder, name.replaceAll(/\W/g, "-"));
      await mkdir(broken);
      await writeFile(join(broken, "index.js"), `exports.handler = ${code};`);
    };
    afterAll(() => {
      broken = undefined;
    });

    it.each([
      [
        "crashes",
        "() => process.exit(7)",
        /^dev-StartEC2Instances crashed, and which instances it had changed by then is not known: Runtime\.ExitError: RequestId: ID Error: Runtime exited with error: exit status \d+\. Its log is in \/aws\/lambda\/dev-StartEC2Instances$/,
      ],
      [
        "takes too long",
        "() => new Promise(() => setInterval(() => undefined, 1000))",
        /^dev-StartEC2Instances timed out: Lambda ended it after 4 s, and which instances it had changed by then is not known\. `status` shows them/,
      ],
      [
        "is other code",
        "async () => 'Stopped your instances: ' + Date.now()",
        /^dev-StartEC2Instances answered, but with no report: it does not run this project's code\. Deploy this config again$/,
      ],
    ])("tells of one that %s", async (name, code, expected) => {
      await startRuns(name, code);
      const run = await invoke("dev-start", "--apply");
      expect(run).toMatchObject({ code: 1, stdout: expect.not.stringContaining("Instances now") });
      const [, told = ""] = withoutIds(run.stdout).split("\n\n");
      expect(told.replace(/\s+/g, " ").trim()).toMatch(expected);
    });
  });

  describe("used wrongly", () => {
    it("wants one of the schedules of a window", async () => {
      expect(await invoke("office")).toEqual({
        code: 2,
        stdout: "",
        stderr: 'Expected one schedule, got "office", which is several: choose office-start or office-stop\n',
      });
    });

    it("says of a function that is not deployed what to do", async () => {
      const config = join(deployed.folder, "other.yaml");
      await writeFile(
        config,
        (await readFile(deployed.configFile, "utf8")).replace("name: dev", "name: prod"),
      );
      expect(await invoke("dev-stop", "--config", config)).toEqual({
        code: 1,
        stdout: "",
        stderr:
          "The function prod-StopEC2Instances is not deployed in ap-northeast-2: deploy this config first, or set --profile to the account that has it\n",
      });
    });

    it.each([
      [
        "AccessDeniedException",
        403,
        "AWS refused: these credentials need the permission lambda:InvokeFunction (no)\n",
      ],
      [
        "TooManyRequestsException",
        429,
        "Lambda throttled dev-StopEC2Instances: it did not run (no). Other runs use up the concurrency of the function or the account: try again in a minute\n",
      ],
      ["ServiceException", 500, "AWS did not answer lambda:InvokeFunction: ServiceException: no\n"],
    ])("invokes once where Lambda answers %s", async (fault, status, stderr) => {
      const before = calls();
      let asked = 0;
      inTheWay = ({ path }) => {
        if (!path.includes("/invocations")) return undefined;
        asked++;
        return awsFault(fault, "no", status);
      };
      expect(await invoke("dev-stop", "--apply")).toEqual({ code: 1, stdout: "", stderr });
      expect(asked).toBe(1);
      expect(calls()).toBe(before);
    });
  });

  it("asks AWS for nothing but what its help names", async () => {
    const { stdout } = await invoke("--help");
    expect(neededActions(stdout)).toEqual(
      expect.arrayContaining(actionsOf(deployed.server.calls, COMMAND_KEY)),
    );
  });
});

function withoutIds(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/the function took .* s$/gm, "the function took TIME")
    .replace(/Instances now, \d+ s later/, "Instances now");
}

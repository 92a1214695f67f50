import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StopInstancesCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { awsFault, type Route } from "../../support/aws-server/aws-server";
import { ssmRoute } from "../../support/aws-server/ssm-route";
import type { SsmSpec } from "../../support/ec2/ssm";
import { REGION } from "../../support/moto/aws";
import { readStates } from "../../support/moto/fleet";
import { describeEndToEnd } from "../../support/moto/suite";
import { COMMAND_KEY, type Deployed, launch, operateOn } from "../../support/operating/deployed";
import { actionsOf, neededActions } from "../../support/operating/iam-actions";

const MINUTES = 60_000;
const WELL: SsmSpec = { units: { nginx: "active" }, ports: [5432] };

describeEndToEnd("`services`", {}, (tools) => {
  let deployed: Deployed;
  let [web1, web2, web3, off] = ["", "", "", ""];
  let inTheWay: Route | undefined;
  const managed: Record<string, SsmSpec> = {};

  beforeAll(async () => {
    deployed = await operateOn(tools, {
      config: async (aws) => {
        [web1 = ""] = await launch(aws, { tags: { Name: "web-1", Role: "web" } });
        [web2 = ""] = await launch(aws, { tags: { Name: "web-2", Role: "web" } });
        [web3 = ""] = await launch(aws, { tags: { Name: "web-3", Role: "web" } });
        [off = ""] = await launch(aws, { tags: { Name: "spare", Role: "web" }, state: "stopped" });
        return {
          name: "dev",
          region: REGION,
          targets: {
            web: {
              tags: { Role: "web" },
              checks: { systemd: ["nginx"], tcp: [5432], command: "test -e /ready" },
            },
            bare: { instanceIds: [web1] },
            "stop-only": { instanceIds: [web1], checks: { tcp: [22] } },
          },
          schedules: {
            hours: { running: "MON-FRI 08:00-20:00", targets: ["web", "bare"] },
            night: { action: "stop", targets: "stop-only", expression: "cron(0 22 ? * MON-FRI *)" },
          },
        };
      },
      routes: [(call) => inTheWay?.(call), ssmRoute(managed)],
    });
  }, 2 * MINUTES);
  afterAll(() => deployed?.close(), MINUTES);

  const services = (...args: string[]) => deployed.cli(["services", ...args], { COLUMNS: "80" });
  const manage = (specs: Readonly<Record<string, SsmSpec>>) => {
    for (const id of Object.keys(managed)) delete managed[id];
    Object.assign(managed, specs);
  };

  it("ends with 0 where all that runs passes, and changes nothing", async () => {
    manage({ [web1]: WELL, [web2]: WELL, [web3]: WELL });
    const before = await readStates(deployed.aws);
    const run = await services("web");
    expect(run.code).toBe(0);
    expect(withoutIds(run.stdout)).toBe(`web: systemd nginx, tcp 5432, command
dev-StartEC2Instances in ap-northeast-2
request ID

  passed       ${web1}  web-1  running
  passed       ${web2}  web-2  running
  passed       ${web3}  web-3  running
  not running  ${off}  spare  stopped

3 passed, 1 not running; the function took TIME
`);
    expect(await readStates(deployed.aws)).toEqual(before);
    expect(deployed.lambda.invocations.at(-1)?.event).toMatchObject({
      schedule: "services web",
      action: "start",
      checkOnly: true,
    });
  });

  it("says what fails, and what could not be checked and why", async () => {
    manage({
      [web1]: WELL,
      [web2]: { units: { nginx: "failed" }, commands: { "test -e /ready": [1, "no such file"] } },
    });
    const run = await services("web");
    expect(run.code).toBe(1);
    expect(withoutIds(run.stdout)).toBe(`web: systemd nginx, tcp 5432, command
dev-StartEC2Instances in ap-northeast-2
request ID

  failed       ${web2}  web-2  running
      systemd nginx: failed
      tcp 5432: nothing listens
      command: exit code 1: no such file
  unchecked    ${web3}  web-3  running
      it is not managed by SSM: its agent has not registered
  passed       ${web1}  web-1  running
  not running  ${off}  spare  stopped

1 failed, 1 unchecked, 1 passed, 1 not running; the function took TIME
Checked instances need the SSM agent and an instance profile with
AmazonSSMManagedInstanceCore.
`);
  });

  it("prints JSON for programs", async () => {
    manage({ [web1]: WELL, [web2]: { ...WELL, units: {} }, [web3]: WELL });
    const run = await services("web", "--json");
    expect(run.code).toBe(1);
    const json = JSON.parse(run.stdout);
    expect(Object.keys(json)).toEqual([
      "target",
      "checks",
      "configChecks",
      "function",
      "requestId",
      "report",
      "error",
    ]);
    expect(json).toMatchObject({
      target: "web",
      configChecks: null,
      checks: ["systemd nginx", "tcp 5432", "command"],
      function: "dev-StartEC2Instances",
      report: { services: { passed: 2, failed: 1, unchecked: 0, pending: 0 } },
    });
    expect(json.report.instances[0]).toMatchObject({
      instanceId: web2,
      services: { status: "failed", failing: [{ check: "systemd nginx", found: "inactive" }] },
    });
  });

  describe("with a config that is not deployed", () => {
    const changed = async (name: string, from: string, to: string) => {
      const file = join(deployed.folder, `${name}.yaml`);
      const text = await readFile(deployed.configFile, "utf8");
      expect(text).toContain(from);
      await writeFile(file, text.replace(from, to));
      return file;
    };

    it("runs the deployed checks, and says that the config has others", async () => {
      manage({ [web1]: WELL, [web2]: WELL, [web3]: WELL });
      const file = await changed("ports", "- 5432", "- 80");
      const { code, stdout } = await services("web", "--config", file);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^web: systemd nginx, tcp 5432, command\n/);
      expect(stdout.replaceAll("\n", " ")).toContain(
        "The config has other checks, which are not deployed: systemd nginx, tcp 80, command. Deploy it first to run those.",
      );
      expect(JSON.parse((await services("web", "--config", file, "--json")).stdout)).toMatchObject({
        checks: ["systemd nginx", "tcp 5432", "command"],
        configChecks: ["systemd nginx", "tcp 80", "command"],
      });
    });

    it("runs the deployed command, not that of the file", async () => {
      const file = await changed("command", "test -e /ready", "test -e /other");
      const { stdout } = await services("web", "--config", file);
      expect(stdout.replaceAll("\n", " ")).toContain("which are not deployed: another command.");
    });

    it("explains that the function does not know a target", async () => {
      const file = await changed("target", "Role: web", "Role: other");
      const { code, stdout } = await services("web", "--config", file);
      expect(code).toBe(1);
      expect(stdout.replaceAll("\n", " ")).toContain(
        "Expected `targets[0].tags` to be tags of this deployment",
      );
      expect(stdout.replaceAll("\n", " ")).toContain("deploy the config first.");
    });
  });

  it("ends with 1 where SSM denies the function to look", async () => {
    inTheWay = ({ service }) =>
      service === "ssm" ? awsFault("AccessDeniedException", "not authorized: ssm", 403) : undefined;
    const run = await services("web");
    inTheWay = undefined;
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("3 unchecked, 1 not running");
    expect(run.stdout).toContain("AccessDeniedException");
  });

  it("asks AWS for nothing but what its help names", async () => {
    const { stdout } = await services("--help");
    const calls = actionsOf(deployed.server.calls, COMMAND_KEY);
    expect(calls).toContain("lambda:InvokeFunction");
    expect(neededActions(stdout)).toEqual(expect.arrayContaining(calls));
  });

  describe("used wrongly", () => {
    it("says how a target gets checks", async () => {
      const { code, stdout, stderr } = await services("bare");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toBe(
        `Expected \`targets.bare\` of ${deployed.configFile} to have checks, got none: say what must run there, such as \`checks: { systemd: [nginx], tcp: [5432] }\`, and deploy it\n`,
      );
    });

    it("says that only what is started can be looked into", async () => {
      const { code, stderr } = await services("stop-only");
      expect(code).toBe(2);
      expect(stderr).toBe(
        `Expected a schedule of ${deployed.configFile} that starts stop-only, got none: only the start function may run commands inside them\n`,
      );
    });
  });

  it("ends with 1 where nothing runs that could be looked into", async () => {
    await deployed.aws.ec2[REGION]?.send(new StopInstancesCommand({ InstanceIds: [web1, web2, web3] }));
    const run = await services("web");
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("4 not running");
    expect(run.stdout).toContain("Nothing was checked: no instance of the target runs.");
  });
});

function withoutIds(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID")
    .replace(/the function took .* s$/gm, "the function took TIME");
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { type Aws, awsAt, awsVariables, type Credentials, REGION } from "../support/moto/aws";
import { type CommandResult, tryCommand } from "../support/moto/command";
import { PROJECT } from "../support/moto/paths";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { makeStack } from "../support/moto/stack";
import { describeEndToEnd } from "../support/moto/suite";
import { type Account, openAccount } from "./adopting";
import { makeRules, makeSchedules } from "./hand-made";

const USER = "auditor";

describeEndToEnd("adopting with permissions of its own", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  let auditor: Credentials;
  let documented: readonly string[];
  beforeAll(async () => {
    documented = await documentedPermissions();
    simulator = await startSimulator(tools.python);
    const aws = awsAt(simulator.endpoint);
    // Rules and schedules: what reads them has permissions of its own.
    account = await openAccount(await makeStack(tools, simulator.endpoint, {}), aws, async (made, pieces) => {
      await makeRules(made, pieces);
      await makeSchedules(made, pieces);
    });
    auditor = await makeUser(aws);
  });
  afterAll(() => simulator?.stop());

  it("needs no other than those that are documented, for the code too", async () => {
    expect(documented.length).toBeGreaterThan(10);
    const { code, output } = await adoptWith(documented);
    expect({ code, output }).toMatchObject({ code: 0 });
    for (const id of account.fleet.byId) expect(output).toContain(id);
  });

  it("names the one that is missing, whichever it is, and prints nothing else", async () => {
    for (const missing of documented) {
      const { code, stdout, output } = await adoptWith(documented.filter((each) => each !== missing));
      expect({ missing, code, stdout, output }).toEqual({
        missing,
        code: 1,
        stdout: "",
        output: expect.stringContaining(`AWS refused: these credentials need the permission ${missing} (`),
      });
    }
  });

  /** Runs the command as it is shipped, as a user who may do just this, while AWS refuses anything else. */
  async function adoptWith(permissions: readonly string[]): Promise<CommandResult> {
    await allow(account.aws, permissions);
    const args = ["adopt", "--region", REGION, "--module-address", "module.office_hours"];
    await simulator.enforceIam();
    try {
      return await tryCommand(process.execPath, [join(PROJECT, "dist/cli.js"), ...args], {
        cwd: account.stack.folder,
        env: { ...account.stack.environment, ...awsVariables(simulator.endpoint, auditor) },
      });
    } finally {
      await simulator.relaxIam();
    }
  }
});

/** Those that docs/adopting.md lists. */
async function documentedPermissions(): Promise<string[]> {
  const text = await readFile(join(PROJECT, "docs/adopting.md"), "utf8");
  const [, list = ""] = /Reading takes ([\s\S]+?)\. /.exec(text) ?? [];
  return [...list.matchAll(/`(\w+:\w+)`/g)].map(([, permission = ""]) => permission);
}

async function makeUser(aws: Aws): Promise<Credentials> {
  await aws.iam.send(new CreateUserCommand({ UserName: USER }));
  const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: USER }));
  return { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
}

async function allow(aws: Aws, permissions: readonly string[]): Promise<void> {
  const Statement = [{ Effect: "Allow", Action: permissions, Resource: "*" }];
  await aws.iam.send(
    new PutUserPolicyCommand({
      UserName: USER,
      PolicyName: "reading",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
    }),
  );
}

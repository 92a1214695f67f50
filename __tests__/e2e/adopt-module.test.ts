import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DeletePolicyCommand } from "@aws-sdk/client-iam";
import { RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { awsAt, REGION } from "../support/moto/aws";
import { log } from "../support/moto/log";
import { unexpectedChanges } from "../support/moto/plan-changes";
import { type Simulator, startSimulator } from "../support/moto/simulator";
import { makeStack } from "../support/moto/stack";
import { describeEndToEnd } from "../support/moto/suite";
import { expectTakeover, itTakesOver } from "./adopted";
import { type Account, openAccount } from "./adopting";
import { makeRules, makeSchedules, RULE_IMPORTS, SCHEDULE_IMPORTS } from "./hand-made";
import { makeTerraformRoot, type TerraformRoot } from "./module/terraform-root";

const VARIANTS = [
  {
    name: "two rules",
    makeTriggers: makeRules,
    imports: RULE_IMPORTS,
    /** Permissions that were given by hand. */
    permissions: [
      { FunctionName: "StartEC2Instances", StatementId: "lambda-MorningStart" },
      { FunctionName: "StopEC2Instances", StatementId: "lambda-NightlyStop" },
    ],
  },
  {
    name: "two schedules of the default group",
    makeTriggers: makeSchedules,
    imports: SCHEDULE_IMPORTS,
    permissions: [],
  },
];

for (const { name, makeTriggers, imports, permissions } of VARIANTS) {
  describeEndToEnd(`adopting ${name} into the plain Terraform module`, {}, (tools) => {
    jest.setTimeout(300_000);
    let simulator: Simulator;
    let account: Account;
    let root: TerraformRoot;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      const { endpoint } = simulator;
      account = await openAccount(await makeStack(tools, endpoint, {}), awsAt(endpoint), makeTriggers);
      root = await makeTerraformRoot(tools, { at: "adopting", endpoint });
    });
    afterAll(() => simulator?.stop());

    const adopt = async () => {
      const args = ["adopt", "--region", REGION, "--module-address", "module.office_hours"];
      const { code, stdout } = await account.run(...args);
      log(stdout);
      expect(code).toBe(0);
      return stdout;
    };

    it("prints Terraform in which only the source is missing, as Terraform would format it", async () => {
      const stdout = await adopt();
      for (const id of account.fleet.byId) expect(stdout).toContain(id);
      const main = join(root.folder, "main.tf");
      await writeFile(main, stdout.replace("# source = ...", 'source = "../"\n'));
      expect((await root.run("fmt", "-check", "-diff", main)).output).toBe("");
    });

    it("plans imports and changes in place only", async () => {
      await root.init();
      expectTakeover(await root.plan(), imports);
    });

    itTakesOver(() => ({
      account,
      folder: root.folder,
      apply: root.apply,
      plan: root.plan,
      zip: async () => join(root.module, "lambda.zip"),
    }));

    it("has nothing more to import the next time, and tells what to remove, just that", async () => {
      const stdout = await adopt();
      expect(stdout).toMatch(/^(?:#.*\n)+$/);
      expect(stdout).toContain("# StopEC2Instances and StartEC2Instances run this project's code already");
      expect(commandsIn(stdout).sort()).toEqual([
        `aws iam delete-policy --policy-arn ${account.handMade.policyArn}`,
        ...permissions.map(
          ({ FunctionName, StatementId }) =>
            `aws lambda remove-permission --function-name ${FunctionName} --statement-id ${StatementId} --region ${REGION}`,
        ),
      ]);
    });

    it("tells of no more once that is removed, and the module misses none of it", async () => {
      const { aws, handMade } = account;
      for (const each of permissions) await aws.lambda.send(new RemovePermissionCommand(each));
      await aws.iam.send(new DeletePolicyCommand({ PolicyArn: handMade.policyArn }));
      expect(commandsIn(await adopt())).toEqual([]);
      expect(unexpectedChanges(await root.plan())).toEqual([]);
    });
  });
}

function commandsIn(text: string): string[] {
  return [...text.matchAll(/^# +(aws .+)$/gm)].map(([, command = ""]) => command);
}

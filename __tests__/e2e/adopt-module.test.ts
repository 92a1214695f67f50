import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { expectTakeover, itTakesOver } from "./adopted";
import { type Account, openAccount } from "./adopting";
import { makeRules, makeSchedules, RULE_IMPORTS, SCHEDULE_IMPORTS } from "./hand-made";
import { awsAt, REGION } from "./harness/aws";
import { log } from "./harness/log";
import { type Simulator, startSimulator } from "./harness/simulator";
import { makeStack } from "./harness/stack";
import { describeEndToEnd } from "./harness/suite";
import { makeTerraformRoot, type TerraformRoot } from "./module/terraform-root";

const VARIANTS = [
  { name: "two rules", makeTriggers: makeRules, imports: RULE_IMPORTS },
  { name: "two schedules of the default group", makeTriggers: makeSchedules, imports: SCHEDULE_IMPORTS },
];

for (const { name, makeTriggers, imports } of VARIANTS) {
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

    it("prints Terraform in which only the source is missing, as Terraform would format it", async () => {
      const args = ["adopt", "--region", REGION, "--module-address", "module.office_hours"];
      const { code, stdout } = await account.run(...args);
      log(stdout);
      expect(code).toBe(0);
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
  });
}

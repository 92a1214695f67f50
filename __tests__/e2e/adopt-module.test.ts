import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { type Account, type Change, destructive, importsOf, openAccount } from "./adopting";
import { makeRules } from "./hand-made";
import { awsAt, REGION } from "./harness/aws";
import { log } from "./harness/log";
import { unexpectedChanges } from "./harness/plan-changes";
import { type Simulator, startSimulator } from "./harness/simulator";
import { makeStack } from "./harness/stack";
import { describeEndToEnd } from "./harness/suite";
import { makeTerraformRoot, type TerraformRoot } from "./module/terraform-root";

describeEndToEnd("adopting into the plain Terraform module", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  let account: Account;
  let root: TerraformRoot;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    const { endpoint } = simulator;
    account = await openAccount(await makeStack(tools, endpoint, {}), awsAt(endpoint), makeRules);
    root = await makeTerraformRoot(tools, { at: "adopting", endpoint });
  });
  afterAll(() => simulator?.stop());

  it("prints Terraform in which only the source and the instance ids are missing", async () => {
    const args = ["adopt", "--region", REGION, "--module-address", "module.office_hours"];
    const { code, stdout } = await account.run(...args);
    log(stdout);
    expect(code).toBe(0);
    const filledIn = stdout
      .replace("# source = ...", 'source = "../"')
      .replaceAll(
        /instance_ids( *)= \[\] # fill in/g,
        `instance_ids$1= ${JSON.stringify(account.fleet.byId)}`,
      );
    await writeFile(join(root.folder, "main.tf"), filledIn);
  });

  it("plans imports and changes in place only, and has nothing left to change once applied", async () => {
    await root.init();
    const { resource_changes: changes } = (await root.plan()) as { resource_changes: Change[] };
    expect(importsOf(changes)).toEqual([
      "aws_cloudwatch_log_group /aws/lambda/StopEC2Instances",
      "aws_lambda_function StartEC2Instances",
      "aws_lambda_function StopEC2Instances",
    ]);
    expect(destructive(changes)).toEqual([]);
    await root.apply();
    expect(unexpectedChanges(await root.plan())).toEqual([]);
  });
});

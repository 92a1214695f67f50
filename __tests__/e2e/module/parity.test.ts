import { createHash } from "node:crypto";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { AccountArns, type ResourceKey } from "../../../model/arns";
import { type Blueprint, blueprint } from "../../../model/blueprint";
import { findBundle } from "../../../model/bundle";
import { planOf } from "../../../model/plan";
import type { Ec2StartStopProps } from "../../../model/props";
import { REGION } from "../../support/moto/aws";
import { log } from "../../support/moto/log";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import type { Tools } from "../../support/moto/tools";
import { ACCOUNT } from "../../support/operating/deploy";
import { comparable, UNKNOWN } from "../../support/terraform/attributes";
import { blueprintResources } from "../../support/terraform/blueprint-resources";
import { EXAMPLE_CONFIGS } from "../../support/terraform/example-configs";
import { plannedResources } from "../../support/terraform/planned-resources";
import { moduleArguments } from "./module-arguments";
import { makeTerraformRoot } from "./terraform-root";

const { zipFile } = findBundle();

describeEndToEnd("the module", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
  });
  afterAll(() => simulator?.stop());

  it("plans each resource of the blueprint and no other, with just its attributes", async () => {
    const blueprints = Object.values(EXAMPLE_CONFIGS).map(plannedBlueprint);
    const sourceCodeHash = createHash("sha256")
      .update(await readFile(zipFile))
      .digest("base64");
    const expected = comparable(blueprints.flatMap((each) => blueprintResources(each, { sourceCodeHash })));
    const planned = comparable(plannedResources(await planModule(tools, simulator.endpoint)));
    log(`compared ${Object.values(expected).flat().length} resources`);

    expect(planned).toEqual(expected);
  });
});

const MOTO_ACCOUNT = { id: ACCOUNT, partition: "aws" };

/** The blueprint before anything is made. The module puts all ARNs in an environment together, so that a plan can tell its size. */
function plannedBlueprint(props: Ec2StartStopProps): Blueprint {
  const plan = planOf(props);
  const { functions } = blueprint(plan, new AccountArns(MOTO_ACCOUNT));
  const planned = blueprint(plan, new PlannedArns(MOTO_ACCOUNT));
  return {
    ...planned,
    functions: planned.functions.map((each, index) => ({
      ...each,
      variables: functions[index]?.variables ?? {},
    })),
  };
}

/** Before anything is made, Terraform knows names, and the ARNs that the module puts together, but no ARN that it reads from a resource. */
class PlannedArns extends AccountArns {
  override attribute(_resource: ResourceKey, name: "arn" | "name", predicted: string): string {
    return name === "arn" ? UNKNOWN : predicted;
  }
}

/** All configs as calls of the module in one root. */
async function planModule(tools: Tools, endpoint: string): Promise<unknown> {
  const root = await makeTerraformRoot(tools, { at: "root", endpoint });
  // The same bytes on both sides, also where module/lambda.zip is behind: another test is about that.
  await copyFile(zipFile, join(root.module, "lambda.zip"));
  const calls = Object.entries(EXAMPLE_CONFIGS).map(([id, props]) => {
    return [id, { source: "../", ...literalArguments(moduleArguments(props)) }];
  });
  await writeFile(
    join(root.folder, "main.tf.json"),
    JSON.stringify({ provider: { aws: { region: REGION } }, module: Object.fromEntries(calls) }),
  );
  await root.init();
  return root.plan();
}

/** Terraform reads the strings of its JSON as templates. */
function literalArguments(values: unknown): object {
  return JSON.parse(JSON.stringify(values).replace(/[$%](?=\{)/g, "$&$&"));
}

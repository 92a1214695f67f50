import { createHash } from "node:crypto";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { parseConfig } from "../../../config";
import { propsOf } from "../../../config/config";
import { AccountArns, type ResourceKey } from "../../../model/arns";
import { type Blueprint, blueprint } from "../../../model/blueprint";
import { findBundle } from "../../../model/bundle";
import { planOf } from "../../../model/plan";
import type { Ec2StartStopProps } from "../../../model/props";
import { codeBlocks } from "../../support/documents";
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
    const planned = comparable(plannedResources(await planModule(tools, simulator.endpoint, blueprints)));
    log(`compared ${Object.values(expected).flat().length} resources`);

    expect(planned).toEqual(expected);
  });

  it("plans from arguments, and from the config file itself, what the app plans from the file", async () => {
    const sourceCodeHash = createHash("sha256")
      .update(await readFile(zipFile))
      .digest("base64");
    const [yaml = "", typescript = "", hcl = ""] = ["yaml", "ts", "hcl"].map((language) => {
      return codeBlocks("docs/faces.md", language)[0];
    });
    const props = propsOf(await parseConfig(yaml));
    const [, literal] = /new Ec2StartStop\(stack, "StartStop", (\{.*?\n\})\);/s.exec(typescript) ?? [];
    // Of another realm, whose prototypes differ.
    expect(JSON.parse(JSON.stringify(runInNewContext(`(${literal})`)))).toEqual(props);

    const expected = comparable(blueprintResources(plannedBlueprint(props), { sourceCodeHash }));
    const file =
      'module "dev" {\n  source = "../"\n  config = yamldecode(file("${path.module}/ec2-start-stop.yaml"))\n}\n';
    for (const main of [hcl, file]) {
      const root = await makeTerraformRoot(tools, { at: "face", endpoint: simulator.endpoint });
      await copyFile(zipFile, join(root.module, "lambda.zip"));
      await writeFile(join(root.folder, "ec2-start-stop.yaml"), yaml);
      const provider = `provider "aws" {\n  region = "${REGION}"\n}\n`;
      await writeFile(join(root.folder, "main.tf"), `${provider}${main.replace(/"git::[^"]+"/, '"../"')}`);
      await root.init();
      expect(comparable(plannedResources(await root.plan()))).toEqual(expected);
    }
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
async function planModule(
  tools: Tools,
  endpoint: string,
  blueprints: readonly Blueprint[],
): Promise<unknown> {
  const root = await makeTerraformRoot(tools, { at: "root", endpoint });
  // The same bytes on both sides, also where module/lambda.zip is behind: another test is about that.
  await copyFile(zipFile, join(root.module, "lambda.zip"));
  const calls = Object.entries(EXAMPLE_CONFIGS).map(([id, props], index) => {
    return [
      id,
      { source: "../", ...literalArguments(withWhatIsSaid(moduleArguments(props), blueprints[index])) },
    ];
  });
  await root.write({ provider: { aws: { region: REGION } }, module: Object.fromEntries(calls) });
  await root.init();
  return root.plan();
}

/** Terraform reads the strings of its JSON as templates. */
function literalArguments(values: unknown): object {
  return JSON.parse(JSON.stringify(values).replace(/[$%](?=\{)/g, "$&$&"));
}

/** Times that the module does not describe in words. */
const NOT_SIMPLE = /#|\/| L /;

/** Gives the module the descriptions that it cannot make itself. */
function withWhatIsSaid(
  { schedules, ...others }: Record<string, unknown>,
  { scheduler, rules }: Blueprint = { functions: [], rules: [] } as unknown as Blueprint,
): Record<string, unknown> {
  const said = Object.entries(schedules as Record<string, Record<string, unknown>>).map(
    ([name, schedule]) => {
      if (!NOT_SIMPLE.test(String(schedule["expression"]))) return [name, schedule];
      const { description } =
        [...(scheduler?.schedules ?? []), ...rules].find(({ key }) => key === name) ?? {};
      return [name, { description, ...schedule }];
    },
  );
  return { ...others, schedules: Object.fromEntries(said) };
}

import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { App, TerraformStack } from "cdktf";
import { Ec2StartStop } from "../../../constructs";
import { findBundle } from "../../../model/bundle";
import { REGION } from "../../support/moto/aws";
import { log } from "../../support/moto/log";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import type { Tools } from "../../support/moto/tools";
import { moduleArguments } from "./module-arguments";
import { PARITY_CONFIGS } from "./parity-configs";
import { type PlannedResources, plannedResources } from "./planned-resources";
import { makeTerraformRoot } from "./terraform-root";

describeEndToEnd("the module and the constructs", {}, (tools) => {
  jest.setTimeout(300_000);
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
  });
  afterAll(() => simulator?.stop());

  it("plan the same resources with the same attributes from the same config", async () => {
    const constructs = await planConstructs(tools, simulator.endpoint);
    const module = await planModule(tools, simulator.endpoint, missedAfterHours(constructs));
    const count = (made: PlannedResources) =>
      Object.fromEntries(Object.entries(made).map(([type, { length }]) => [type, length]));
    log(`compared ${Object.values(constructs).flat().length} resources`);
    expect(count(module)).toEqual(count(constructs));
    expect(module).toEqual(constructs);
  });
});

/** All configs as constructs of one stack. */
async function planConstructs(tools: Tools, endpoint: string): Promise<PlannedResources> {
  const root = await makeTerraformRoot(tools, { at: "cdktf.out/stacks/parity", endpoint });
  const app = new App({ outdir: join(root.module, "cdktf.out") });
  const stack = new TerraformStack(app, "parity");
  new AwsProvider(stack, "aws", { region: REGION });
  for (const [id, props] of Object.entries(PARITY_CONFIGS)) {
    new Ec2StartStop(stack, id, { ...props, code: "zip" });
  }
  app.synth();
  await withoutImports(join(root.folder, "cdk.tf.json"));
  await root.init();
  return plannedResources(await root.plan());
}

/** What is adopted is planned as if it were made: there is nothing to import here, and import blocks are the caller's. */
async function withoutImports(file: string): Promise<void> {
  const { import: _, ...rest } = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(rest));
}

/** All configs as calls of the module in one root. */
async function planModule(
  tools: Tools,
  endpoint: string,
  hours: ReadonlyMap<string, number>,
): Promise<PlannedResources> {
  const root = await makeTerraformRoot(tools, { at: "root", endpoint });
  // The same bytes on both sides, also where module/lambda.zip is behind: another test is about that.
  await copyFile(findBundle().zipFile, join(root.module, "lambda.zip"));
  const calls = Object.entries(PARITY_CONFIGS).map(([id, props]) => {
    return [id, { source: "../", ...literalArguments(moduleArguments(props, hours)) }];
  });
  await writeFile(
    join(root.folder, "main.tf.json"),
    JSON.stringify({ provider: { aws: { region: REGION } }, module: Object.fromEntries(calls) }),
  );
  await root.init();
  return plannedResources(await root.plan());
}

/** Terraform reads the strings of its JSON as templates. */
function literalArguments(values: unknown): object {
  return JSON.parse(JSON.stringify(values).replace(/[$%](?=\{)/g, "$&$&"));
}

/** How long each alarm on missed firings waits, by its name, as the constructs worked it out. */
function missedAfterHours({
  aws_cloudwatch_metric_alarm: alarms = [],
}: PlannedResources): Map<string, number> {
  const all = alarms as readonly { readonly alarm_name: string; readonly evaluation_periods: number }[];
  return new Map(all.map(({ alarm_name, evaluation_periods }) => [alarm_name, evaluation_periods]));
}

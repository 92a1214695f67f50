import { mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { App } from "cdktf";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../config";
import { ConfigStack } from "../../config/stack";
import { runCommand, tryCommand } from "../support/moto/command";
import { PROJECT } from "../support/moto/paths";
import { describeEndToEnd } from "../support/moto/suite";
import { pluginCacheVariables, type Tools } from "../support/moto/tools";
import { makeTerraformRoot } from "./module/terraform-root";

const VALID = { valid: true, error_count: 0, warning_count: 0 };

describeEndToEnd("terraform validate", {}, (tools) => {
  jest.setTimeout(120_000);

  it.each(["event-rule", "scheduler"])("takes the example with trigger: %s and alerts", async (trigger) => {
    const folder = await synthExample(tools, trigger);
    const env = { ...process.env, ...pluginCacheVariables(tools.pluginCache) };
    await runCommand("terraform", ["init", "-backend=false", "-input=false"], { cwd: folder, env });
    const { stdout } = await tryCommand("terraform", ["validate", "-json"], { cwd: folder, env });
    expect(JSON.parse(stdout)).toMatchObject(VALID);
  });

  it("takes the module", async () => {
    const root = await makeTerraformRoot(tools, { at: "." });
    await root.init();
    const { stdout } = await root.run("validate", "-json");
    expect(JSON.parse(stdout)).toMatchObject(VALID);
  });
});

async function synthExample(tools: Tools, trigger: string): Promise<string> {
  const example = parse(await readFile(join(PROJECT, "ec2-start-stop.yaml"), "utf8"));
  const alerts = { email: "on-call@example.com" };
  const app = new App({ outdir: await mkdtemp(join(tools.folder, "validate-")) });
  const config = await parseConfig(stringify({ ...example, trigger, alerts, code: "zip" }));
  new ConfigStack(app, config);
  app.synth();
  return join(app.outdir, "stacks", config.name ?? "");
}

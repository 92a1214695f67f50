import { spawnSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { describeFound } from "../../support/describe-found";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import type { Tools } from "../../support/moto/tools";
import { comparable } from "../../support/terraform/attributes";
import { plannedResources } from "../../support/terraform/planned-resources";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

const missing = spawnSync("tofu", ["version"]).status === 0 ? undefined : "tofu (OpenTofu) on the PATH";

describeFound("the module under OpenTofu", { missing, installedByCi: false }, () => {
  describeEndToEnd("with the provider that Terraform got", {}, (tools) => {
    jest.setTimeout(300_000);
    let simulator: Simulator;
    let environment: NodeJS.ProcessEnv;
    beforeAll(async () => {
      simulator = await startSimulator(tools.python);
      environment = await providersForTofu(tools);
    });
    afterAll(() => simulator?.stop());

    it("passes its own tests", async () => {
      const root = await makeTerraformRoot(tools, { at: ".", program: "tofu", environment });
      await root.init();
      const { code, output } = await root.run("test", "-no-color");
      expect(output).toMatch(/Success! \d\d+ passed, 0 failed\./);
      expect(code).toBe(0);
    });

    it.each(["office-hours", "alerts"])("plans of the example %s what Terraform plans", async (example) => {
      const at = `examples/${example}`;
      const { endpoint } = simulator;
      const planned = async (root: TerraformRoot) => {
        await root.init();
        return comparable(plannedResources(await root.plan()));
      };
      const first = await planned(await makeTerraformRoot(tools, { at, endpoint }));
      const second = await planned(
        await makeTerraformRoot(tools, { at, endpoint, program: "tofu", environment }),
      );
      expect(second).toEqual(first);
    });
  });
});

/** The same provider, by the name of OpenTofu's registry, so that nothing is downloaded twice. */
async function providersForTofu({ folder, pluginCache }: Tools): Promise<NodeJS.ProcessEnv> {
  const mirror = join(folder, "tofu-mirror");
  const aws = join("hashicorp", "aws");
  await mkdir(join(mirror, "registry.opentofu.org", "hashicorp"), { recursive: true });
  await cp(join(pluginCache, "registry.terraform.io", aws), join(mirror, "registry.opentofu.org", aws), {
    recursive: true,
    verbatimSymlinks: true,
  });
  const file = join(folder, "tofurc");
  const path = JSON.stringify(mirror);
  await writeFile(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
  return { TF_CLI_CONFIG_FILE: file, TF_PLUGIN_CACHE_DIR: "" };
}

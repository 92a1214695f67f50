import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { runCommand } from "../support/moto/command";

const PROJECT = resolve(__dirname, "../..");
const own = join(PROJECT, ".venv/judges/bin/tflint");
const tflint = existsSync(own) ? own : "tflint";

// The version that .ci/run compiles; other versions have other findings.
const [install = "", pin = ""] =
  /go install \S+tflint@v([\d.]+)/.exec(readFileSync(join(PROJECT, ".ci/run"), "utf8")) ?? [];
const [, found = "none"] =
  /version ([\d.]+)/.exec(spawnSync(tflint, ["--version"], { encoding: "utf8" }).stdout ?? "") ?? [];
const missing = found === pin ? undefined : `tflint ${pin} (${tflint} has ${found}; ${install})`;

const MODULE = join(PROJECT, "module");
const EXAMPLES = readdirSync(join(MODULE, "examples"));

async function lint(folder: string, ...options: readonly string[]): Promise<unknown> {
  const config = join(__dirname, "tflint.hcl");
  const { stdout } = await runCommand(tflint, [
    `--chdir=${folder}`,
    "--format=json",
    `--config=${config}`,
    ...options,
  ]);
  return JSON.parse(stdout);
}

describeFound("tflint has nothing to say of", { missing, installedByCi: false }, () => {
  it("the module", async () => {
    expect(await lint(MODULE)).toEqual({ issues: [], errors: [] });
  }, 60_000);

  // Examples without variables or outputs need no empty files for them.
  it.each(EXAMPLES)(
    "the example %s",
    async (example) => {
      const folder = join(MODULE, "examples", example);
      const made = await lint(folder, "--disable-rule=terraform_standard_module_structure");
      expect(made).toEqual({ issues: [], errors: [] });
    },
    60_000,
  );
});

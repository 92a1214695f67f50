import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { describeEndToEnd } from "../../support/moto/suite";
import { makeTerraformRoot } from "./terraform-root";

describeEndToEnd("the module's own tests", {}, (tools) => {
  jest.setTimeout(600_000);

  it("all pass, without AWS", async () => {
    const root = await makeTerraformRoot(tools, { at: "." });
    await root.init();
    const { code, output } = await root.run("test", "-no-color");
    expect(output.split("\n").filter((line) => /\.\.\. (fail|skip)|^Error/.test(line))).toEqual([]);
    expect(output).toContain(`${await countRuns(join(root.module, "tests"))} passed, 0 failed.`);
    expect(code).toBe(0);
  });
});

async function countRuns(folder: string): Promise<number> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".tftest.hcl"));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
  return texts.join("\n").match(/^run "/gm)?.length ?? 0;
}

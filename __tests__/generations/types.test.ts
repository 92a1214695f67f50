import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { tryCommand } from "../support/moto/command";
import { CDKTN, missingOf, PROJECT, versionOf } from "./generation";

describeFound("the sources with cdktn and the newest bindings", { missing: missingOf(CDKTN) }, () => {
  it("are of the generation that they are to be", () => {
    expect(versionOf(CDKTN, "cdktf")).toMatch(/^0\.24\./);
    expect(versionOf(CDKTN, "@cdktf/provider-aws")).toMatch(/^21\./);
  });

  it("type-check, with the project's own strictness", async () => {
    const compiler = join(PROJECT, "node_modules", "typescript", "bin", "tsc");
    const project = join(CDKTN.folder, "tsconfig.json");
    const { output, code } = await tryCommand(process.execPath, [compiler, "--project", project]);
    expect(output).toBe("");
    expect(code).toBe(0);
  }, 120_000);
});

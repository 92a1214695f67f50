import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { CDKTN, PROJECT } from "./generation";

it("docs/constructs.md shows users of cdktn the packages and overrides that are tested", () => {
  const page = readFileSync(join(PROJECT, "docs/constructs.md"), "utf8");
  const blocks = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => JSON.parse(text ?? ""));
  const { dependencies, overrides } = blocks.find((block) => "overrides" in block);
  const tested = JSON.parse(readFileSync(join(CDKTN.folder, "package.json"), "utf8"));
  expect(dependencies).toEqual({ ...tested.dependencies, "ec2-start-stop": expect.any(String) });
  expect(overrides).toEqual(tested.overrides);
});

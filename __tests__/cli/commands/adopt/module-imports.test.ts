import { describe, expect, it } from "@jest/globals";
import { renderArguments, renderHcl, renderHclName } from "../../../../cli/commands/adopt/module-imports";

describe("a value in HCL", () => {
  it.each([
    ["text that looks like a template", "${a} %{b} $c", '"$${a} %%{b} $c"'],
    ["text with quotes and line breaks", 'say "no"\n', String.raw`"say \"no\"\n"`],
    ["a list", ["a", 1, true], '["a", 1, true]'],
    ["an object", { b: { c: 1 }, "d.e": [] }, '{\n  b = {\n    c = 1\n  }\n  "d.e" = []\n}'],
  ])("is what Terraform reads back: %s", (_, value, text) => {
    expect(renderHcl(value)).toBe(text);
  });

  it.each([
    ["dev-stop", "dev-stop"],
    ["dev.stop", '"dev.stop"'],
    ["2nd", '"2nd"'],
    ["for", '"for"'],
  ])("has its name in quotes only where it needs them: %s", (name, text) => {
    expect(renderHclName(name)).toBe(text);
  });

  it("stands below others with their equals signs aligned, but for what takes several lines", () => {
    const entries = [
      ["a", 1],
      ["long", 2],
      ["left_out", undefined],
      ["block", { x: 1 }],
      ["b", 3],
    ] as const;
    expect(renderArguments(entries, "  ", { long: "why" })).toEqual([
      "  a    = 1",
      "  long = 2 # why",
      "  block = {\n    x = 1\n  }",
      "  b = 3",
    ]);
  });
});

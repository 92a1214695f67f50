import { parse as parseHcl } from "@cdktf/hcl2json";
import { describe, expect, it } from "@jest/globals";
import { repository, version } from "../../package.json";
import { codeBlocks, documentNames, readDocument } from "../support/documents";

const SOURCE = `${repository.url.replace(/^git\+/, "git::")}//module?ref=v${version}`;
/** The registry's form, which a test of the module's README reads, and what stands for either. */
const OTHERS = [/^[\w-]+\/ec2-start-stop\/aws$/, /^\.\.\.$/];

const calls = documentNames().flatMap((name) =>
  codeBlocks(name, "hcl")
    .filter((block) => /^module /m.test(block))
    .map((block) => ({ name, block })),
);

describe("the calls of the module on the pages", () => {
  it.each(calls)("in $name have variables and a source of this version: $block", async ({ block }) => {
    const { module } = await parseHcl("main.tf", block);
    const { variable } = await parseHcl("variables.tf", readDocument("module/variables.tf"));
    const [call] = Object.values<readonly Record<string, unknown>[]>(module).flat();
    const { source, version: _, ...variables } = call ?? {};
    if (!OTHERS.some((form) => form.test(String(source)))) expect(source).toBe(SOURCE);
    expect(Object.keys(variable)).toEqual(expect.arrayContaining(Object.keys(variables)));
  });

  it("are named in CONTRIBUTING.md, since each release changes their source", () => {
    const pages = [...new Set(calls.filter(({ block }) => block.includes(SOURCE)).map(({ name }) => name))];
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.filter((name) => !readDocument("CONTRIBUTING.md").includes(`\`${name}\``))).toEqual([]);
  });
});

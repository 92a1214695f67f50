import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { moduleTables, withTables } from "../../scripts/module-tables.mjs";

const read = (file: string): string => readFileSync(file, "utf8");

describe("the module's README", () => {
  it("has the tables of its variables and outputs; if not: npm run build:module", async () => {
    const readme = read("module/README.md");
    const schema = JSON.parse(read("config/ec2-start-stop.schema.json"));
    expect(readme).toBe(withTables(readme, await moduleTables("module", schema)));
  });

  it("names each key of a schedule", () => {
    const { schedules } = JSON.parse(read("config/ec2-start-stop.schema.json")).properties;
    const [, rows = ""] = /### `schedules\.<name>`\n(.*?)\n###/s.exec(read("module/README.md")) ?? [];
    const named = [...rows.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    const keys = Object.keys(schedules.additionalProperties.properties);
    const snakeCase = keys.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    expect(named).toEqual([...snakeCase, "warn_expression"]);
  });

  it("describes each example, and no other", () => {
    const named = [...read("module/README.md").matchAll(/\(examples\/([\w-]+)\)/g)].map(([, name]) => name);
    expect(named.sort()).toEqual(readdirSync("module/examples").sort());
  });

  it("and those of its examples link to what is there", () => {
    const readmes = [
      "README.md",
      ...readdirSync("module/examples").map((name) => `examples/${name}/README.md`),
    ];
    for (const file of readmes.map((name) => join("module", name))) {
      for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        expect({ file, target, exists: existsSync(join(dirname(file), target)) }).toEqual({
          file,
          target,
          exists: true,
        });
      }
    }
  });

  it("says the versions that versions.tf says", () => {
    const versions = read("module/versions.tf");
    const [, terraform] = versions.match(/required_version = ">= (\d+\.\d+)\.0"/) ?? [];
    const [, aws, below] = versions.match(/version = ">= (\d+\.\d+)\.0, < (\d+)\.0\.0"/) ?? [];
    expect(read("module/README.md")).toContain(`Terraform ${terraform} or later`);
    expect(read("module/README.md")).toContain(`AWS provider from ${aws}`);
    expect(read("module/README.md")).toContain(`to ${Number(below) - 1}.x`);
  });
});

it("the source that the smallest example names is this package's repository and version", () => {
  const { repository, version } = JSON.parse(read("package.json"));
  const url = repository.url.replace(/^git\+/, "git::");
  expect(read("module/examples/minimal/main.tf")).toContain(`source = "${url}//module?ref=v${version}"`);
});

it("the registry's source that the module's README names is this package's owner and minor version", () => {
  const { repository, version } = JSON.parse(read("package.json"));
  const [, owner] = /github\.com\/([^/]+)/.exec(repository.url) ?? [];
  const [major, minor] = version.split(".");
  expect(read("module/README.md")).toContain(
    `  source  = "${owner}/ec2-start-stop/aws"\n  version = "~> ${major}.${minor}"\n`,
  );
});

describe("the module's examples", () => {
  it.each(readdirSync("module/examples"))("%s: asks for the versions that the module asks for", (name) => {
    const withoutComments = (text: string) => text.replace(/^\s*#.*\n/gm, "").replace(/ +/g, " ");
    expect(withoutComments(read(`module/examples/${name}/versions.tf`))).toBe(
      withoutComments(read("module/versions.tf")),
    );
  });
});

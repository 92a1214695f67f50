import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { bundledPackages, licenseTexts, NOTICES, PROJECT } from "./notices";

/** Licenses that require their text to be included, and nothing more. */
const ALLOWED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

describe.each(NOTICES.map((file) => ({ name: basename(file), file })))("$name", ({ file }) => {
  it("names what is bundled, all of it under permissive licenses", () => {
    const packages = bundledPackages(file);
    expect(packages.length).toBeGreaterThan(5);
    expect(packages.filter(({ license }) => !ALLOWED.includes(license))).toEqual([]);
  });

  it("holds the text of every license", () => {
    for (const text of licenseTexts(file)) {
      expect(text).toMatch(/permission|Apache License|the text of Apache-2\.0 is with others here/i);
    }
  });
});

it("the notices know the packages that the sources import", () => {
  const named = NOTICES.flatMap(bundledPackages).map(({ name }) => name);
  expect(named).toEqual(
    expect.arrayContaining([
      "@aws-sdk/client-ec2",
      "commander",
      "cronstrue",
      "temporal-polyfill",
      "yaml",
      "zod",
    ]),
  );
  // cdktf's license is not among the permitted ones, and its users bring it themselves.
  expect(named).not.toContain("cdktf");
});

it("the notices are published with the code, and the app that holds cdktf is not", () => {
  const npm = spawnSync("npm pack --dry-run --json --ignore-scripts", {
    cwd: PROJECT,
    encoding: "utf8",
    shell: true,
  });
  const [{ files }] = JSON.parse(npm.stdout);
  const paths: string[] = files.map(({ path }: { path: string }) => path);
  expect(paths).toEqual(expect.arrayContaining(NOTICES.map((file) => `dist/${basename(file)}`)));
  expect(paths).not.toContain("dist/main.js");
});

it("the module ships the notices of its zip", () => {
  const [, ofLambda = ""] = NOTICES;
  const shipped = readFileSync(join(PROJECT, "module", basename(ofLambda)), "utf8");
  expect(shipped).toBe(readFileSync(ofLambda, "utf8"));
});

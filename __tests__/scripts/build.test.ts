import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { expect, it } from "@jest/globals";
import { runCommand } from "../support/moto/command";

const PROJECT = join(__dirname, "../..");
const { wireit } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));

/** Prints the files that a build of rolldown reads. */
const BUNDLED = (config: string) => `
  import { rolldown } from "rolldown";
  import configs from ${JSON.stringify(`./scripts/${config}.rolldown.mjs`)};
  for (const { plugins = [], ...config } of [configs].flat()) {
    const writesNothing = plugins.filter(({ name }) => name !== "rollup-plugin-license");
    const bundle = await rolldown({ ...config, plugins: writesNothing });
    await bundle.generate(config.output);
    console.log((await bundle.watchFiles).join("\\n"));
  }`;

it.each([
  ["build:programs", ["--input-type=module", "--eval", BUNDLED("programs")]],
  ["build:function", ["--input-type=module", "--eval", BUNDLED("function")]],
  ["build:types", ["node_modules/typescript/bin/tsc", "--project", "tsconfig.build.json", "--listFilesOnly"]],
])("%s runs again when any source that it reads has changed", async (script, args) => {
  const { stdout } = await runCommand(process.execPath, args, { cwd: PROJECT });
  const sources = stdout
    .split("\n")
    .filter((file) => file !== "" && !file.includes("node_modules"))
    .map((file) => relative(PROJECT, file).replaceAll(sep, "/"));
  expect(sources.length).toBeGreaterThan(20);
  const inputs: readonly string[] = wireit[script].files;
  const isInput = (file: string) =>
    inputs.some((input) => (input.endsWith("/**") ? file.startsWith(input.slice(0, -2)) : file === input));
  expect(sources.filter((file) => !isInput(file))).toEqual([]);
});

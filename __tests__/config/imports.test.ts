import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "@jest/globals";

const PROJECT = join(__dirname, "../..");
const PACKAGES_OF_CDKTF = /^(cdktf|constructs|@cdktf\/)/;

/** Everything that a module loads at run time, its own files as paths in the project, packages by name. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(relative(PROJECT, file))) return seen;
  seen.add(relative(PROJECT, file));
  const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export)\s(?!type\b)[^;]*?from "([^"]+)"/gm);
  for (const [, source = ""] of imports) {
    if (!source.startsWith(".")) seen.add(source);
    else {
      const path = join(dirname(file), source);
      loadedBy(existsSync(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts"), seen);
    }
  }
  return seen;
}

it("reads and checks a config without loading cdktf, so that commands which only read it start fast", () => {
  const loaded = [...loadedBy(join(PROJECT, "config/index.ts"))];
  expect(loaded).toEqual(expect.arrayContaining([join("config", "read.ts"), "yaml", "zod/mini"]));
  expect(loaded.filter((source) => PACKAGES_OF_CDKTF.test(source) && !source.endsWith(".ts"))).toEqual([]);
});

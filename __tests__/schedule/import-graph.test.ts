import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "@jest/globals";
import { parseSync } from "@swc/core";

const root = join(__dirname, "../..");

/** Every module that a source file reaches by imports that remain at run time, and the packages among them. */
function reached(file: string, modules = new Set<string>(), packages = new Set<string>()) {
  if (modules.has(relative(root, file))) return { modules, packages };
  modules.add(relative(root, file));
  const program = parseSync(readFileSync(file, "utf8"), { syntax: "typescript" });
  const dynamic = [...readFileSync(file, "utf8").matchAll(/\bimport\("([^"]+)"\)/g)].map(
    (match) => match[1] ?? "",
  );
  const sources = program.body.flatMap((item) => {
    if (item.type === "ImportDeclaration" && !item.typeOnly) return [item.source.value];
    if (item.type === "ExportAllDeclaration") return [item.source.value];
    return item.type === "ExportNamedDeclaration" && item.source && !("typeOnly" in item && item.typeOnly)
      ? [item.source.value]
      : [];
  });
  for (const source of [...sources, ...dynamic]) {
    if (source.startsWith(".")) reached(`${join(dirname(file), source)}.ts`, modules, packages);
    else packages.add(source);
  }
  return { modules, packages };
}

it("schedule/ reaches no AWS or cdktf code, and nothing outside its folder", () => {
  const { modules, packages } = reached(join(root, "schedule/index.ts"));
  expect([...modules].filter((module) => !/^schedule[\\/]/.test(module))).toEqual([]);
  expect(modules.size).toBeGreaterThan(15);
  expect([...packages].sort()).toEqual([
    "cronstrue",
    "fastest-levenshtein",
    "temporal-polyfill/fns/ZonedDateTime",
  ]);
});

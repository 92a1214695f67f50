import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "@jest/globals";
import { parseSync } from "@swc/core";

const root = join(__dirname, "../..");

interface Reached {
  readonly modules: Set<string>;
  readonly packages: Set<string>;
  /** Loaded only when they are needed. */
  readonly latePackages: Set<string>;
}

/** Every module that a source file reaches by imports that remain at run time, and the packages among them. */
function reach(file: string, reached: Reached): Reached {
  const name = relative(root, file);
  if (reached.modules.has(name)) return reached;
  reached.modules.add(name);
  const source = readFileSync(file, "utf8");
  const imported = parseSync(source, { syntax: "typescript" }).body.flatMap((item) => {
    if (item.type === "ImportDeclaration") return item.typeOnly ? [] : [item.source.value];
    if (item.type === "ExportAllDeclaration") return [item.source.value];
    if (item.type !== "ExportNamedDeclaration" || !item.source) return [];
    return "typeOnly" in item && item.typeOnly ? [] : [item.source.value];
  });
  const late = [...source.matchAll(/await import\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
  for (const [names, packages] of [
    [imported, reached.packages],
    [late, reached.latePackages],
  ] as const) {
    for (const name of names) {
      if (name.startsWith(".")) reach(`${join(dirname(file), name)}.ts`, reached);
      else packages.add(name);
    }
  }
  return reached;
}

const { modules, packages, latePackages } = reach(join(root, "schedule/index.ts"), {
  modules: new Set(),
  packages: new Set(),
  latePackages: new Set(),
});

it("schedule/ reaches no AWS or cdktf code, and nothing outside its folder", () => {
  expect([...modules].filter((module) => !/^schedule[\\/]/.test(module))).toEqual([]);
  expect(modules.size).toBeGreaterThan(15);
  expect([...packages].sort()).toEqual([
    "cronstrue",
    "fastest-levenshtein",
    "temporal-polyfill/fns/ZonedDateTime",
  ]);
});

it("schedule/ loads the large calendar packages only when a calendar needs them", () => {
  expect([...latePackages].sort()).toEqual(["date-holidays", "ical.js"]);
});

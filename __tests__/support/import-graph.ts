import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import { parseSync } from "@swc/core";

const PROJECT = resolve(__dirname, "../..");

/** One import of a file: of another file of the project, by its path from the root, or of a package, by its name. */
export interface Import {
  readonly to: string;
  /** `run`: loaded with the file. `late`: loaded by `import()`. `type`: erased by the compiler. */
  readonly kind: "run" | "late" | "type";
}

/** The imports of each TypeScript file in or under the paths, which are relative to the root. */
export function importGraph(paths: readonly string[]): ReadonlyMap<string, readonly Import[]> {
  return new Map(paths.flatMap(sourceFiles).map((file) => [file, importsOf(file)]));
}

/** Every file and package that is loaded with a file. */
export function loadedWith(file: string, reached = new Map<string, readonly Import[]>()): Set<string> {
  const visit = (path: string) => {
    if (reached.has(path) || !path.endsWith(".ts")) return;
    reached.set(path, importsOf(path));
    for (const { to, kind } of reached.get(path) ?? []) if (kind === "run") visit(to);
  };
  visit(normalize(file));
  const imported = [...reached.values()].flat().filter(({ kind }) => kind === "run");
  return new Set([...reached.keys(), ...imported.map(({ to }) => to)]);
}

/** Groups of files that import each other, directly or through others (Tarjan's strongly connected components). */
export function circlesIn(graph: ReadonlyMap<string, readonly Import[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string) => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    path.push(file);
    for (const { to } of graph.get(file) ?? []) {
      if (!graph.has(to)) continue;
      if (!order.has(to)) visit(to);
      if (path.includes(to)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(to) ?? 0));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = path.splice(path.indexOf(file));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return circles;
}

function sourceFiles(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return (
    readdirSync(join(PROJECT, path), { recursive: true, encoding: "utf8" })
      // Other generations of cdktf are installed below the tests.
      .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
      .map((name) => join(path, name))
  );
}

function importsOf(file: string): Import[] {
  const source = readFileSync(join(PROJECT, file), "utf8");
  const stated = parseSync(source, { syntax: "typescript" }).body.flatMap((item): Import[] => {
    if (item.type === "ImportDeclaration") {
      const onlyTypes =
        item.typeOnly ||
        (item.specifiers.length > 0 &&
          item.specifiers.every((each) => each.type === "ImportSpecifier" && each.isTypeOnly));
      return [{ to: item.source.value, kind: onlyTypes ? "type" : "run" }];
    }
    if (item.type === "ExportAllDeclaration") return [{ to: item.source.value, kind: "run" }];
    if (item.type !== "ExportNamedDeclaration" || !item.source) return [];
    const onlyTypes = "typeOnly" in item && item.typeOnly === true;
    return [{ to: item.source.value, kind: onlyTypes ? "type" : "run" }];
  });
  const late = [...source.matchAll(/\bimport\("([^"]+)"\)/g)].map(
    ([, to = ""]): Import => ({ to, kind: "late" }),
  );
  return [...stated, ...late].map(({ to, kind }) => ({
    to: to.startsWith(".") ? located(file, to) : to,
    kind,
  }));
}

/** The file that a relative import means, as a path from the root. */
function located(from: string, to: string): string {
  const path = normalize(join(dirname(from), to));
  const candidates = [`${path}.ts`, join(path, "index.ts"), path];
  const found = candidates.find((candidate) => existsSync(join(PROJECT, candidate)));
  if (found === undefined) throw new Error(`Expected the file that ${from} imports as ${to}, found none`);
  return found;
}

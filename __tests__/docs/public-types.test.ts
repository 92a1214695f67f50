import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { ROOT } from "../support/documents";

interface Export {
  readonly name: string;
  /** Path of the module that declares it, or exports it again. */
  readonly file: string;
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** The names that a module exports from others. */
function exportsOf(file: string): Export[] {
  return [...read(file).matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)";/gm)].flatMap(
    ([, names = "", source = ""]) =>
      names
        .split(",")
        .map((name) => name.replace("type ", "").trim())
        .filter((name) => name !== "")
        .map((name) => ({ name, file: join(dirname(file), `${source}.ts`) })),
  );
}

/** The declaration of an exported name and its public members, each with what stands above it. */
function declarationsOf({ name, file }: Export): { readonly place: string; readonly above: string }[] {
  const lines = read(file).split("\n");
  const heads = new RegExp(`^export (?:(?:async )?function|class|interface|type) ${name}\\b`);
  const first = lines.findIndex((line) => heads.test(line));
  if (first < 0) {
    const again = exportsOf(file).find((each) => each.name === name);
    if (again === undefined) throw new Error(`Expected ${name} in ${file}, found none`);
    return declarationsOf(again);
  }
  const above = (index: number) => lines[index - 1]?.trim() ?? "";
  const own = { place: `${file}: ${name}`, above: above(first) };
  if (!/\b(?:class|interface) /.test(lines[first] ?? "")) return [own];
  const end = lines.indexOf("}", first);
  const members = lines.flatMap((line, index) => {
    const [, member] = /^ {2}(?:(?:readonly|static|get) )*([a-z]\w*)\??[:(<]/i.exec(line) ?? [];
    const isMember = index > first && index < end && member !== undefined && member !== "constructor";
    return isMember ? [{ place: `${file}: ${name}.${member}`, above: above(index) }] : [];
  });
  return [own, ...members];
}

describe.each(["constructs/index.ts", "schedule/index.ts", "config/index.ts"])("%s", (index) => {
  it("exports types and functions with a doc comment on each, and on each member", () => {
    const declarations = exportsOf(index).flatMap(declarationsOf);
    expect(declarations.length).toBeGreaterThan(20);
    expect(declarations.filter(({ above }) => !above.endsWith("*/")).map(({ place }) => place)).toEqual([]);
  });
});

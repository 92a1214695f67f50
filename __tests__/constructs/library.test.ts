import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { Testing } from "cdktf";
import { officeHours } from "./library-example";

const ROOT = join(__dirname, "..", "..");

/** Everything that a source file loads at run time, with what that loads. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const source = readFileSync(file, "utf8");
  for (const [, clause, from] of source.matchAll(/^(?:import|export) (?!type )([^;]*?)from "([^"]+)"/gms)) {
    const onlyTypes = /^\{[^}]*\}\s*$/.test(clause ?? "") && !/[{,]\s*(?!type )\w/.test(clause ?? "");
    if (onlyTypes || from === undefined) continue;
    if (!from.startsWith(".")) seen.add(from);
    else loadedBy(resolveSource(join(dirname(file), from)), seen);
  }
  return seen;
}

function resolveSource(path: string): string {
  return existsSync(`${path}.ts`) ? `${path}.ts` : join(path, "index.ts");
}

describe("the library", () => {
  it("serves a stack of its user in ten lines", () => {
    const resource = JSON.parse(Testing.synth(officeHours(Testing.app()), true)).resource;
    const rules = Object.values<{ name: string }>(resource.aws_cloudwatch_event_rule).map(({ name }) => name);
    expect(rules.sort()).toEqual(["ec2-start-stop-office-start", "ec2-start-stop-office-stop"]);
  });

  it("brings no provider of its own: the user's stack has one", () => {
    const providers = [...loadedBy(join(ROOT, "constructs", "index.ts"))].filter((it) =>
      /lib\/provider$/.test(it),
    );
    expect(providers).toEqual([]);
  });

  it("loads provider bindings one by one: all of them take seconds", () => {
    const bindings = [...loadedBy(join(ROOT, "constructs", "index.ts"))].filter((it) =>
      it.startsWith("@cdktf/"),
    );
    expect(bindings).not.toEqual([]);
    for (const binding of bindings) expect(binding).toMatch(/^@cdktf\/provider-(aws|archive)\/lib\/[a-z-]+$/);
  });
});

describe("planning and validation", () => {
  it.each(["validate", "plan", "problem"])("load no cdktf, for commands that answer at once: %s", (name) => {
    const loaded = [...loadedBy(join(ROOT, "model", `${name}.ts`))];
    expect(loaded.map((it) => relative(ROOT, it))).toContain(`model/${name}.ts`);
    expect(
      loaded.filter((it) => /cdktf|^constructs$/.test(relative(ROOT, it)) && !it.startsWith("/")),
    ).toEqual([]);
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = resolve(__dirname, "..");
const ENTRIES = {
  "ec2-start-stop": "constructs",
  "ec2-start-stop/schedule": "schedule",
  "ec2-start-stop/config": "config",
};

/** A name that an entry point of the package exports, with the text of its declaration. */
interface Exported {
  readonly name: string;
  readonly file: string;
  readonly comment: string;
  readonly declaration: string;
}

const exported = Object.values(ENTRIES).flatMap((folder) => {
  const index = join(folder, "index.ts");
  return reExports(index).map(({ name, from }) => declarationOf(name, from));
});

/** The names that a file exports from other files. */
function reExports(file: string): { readonly name: string; readonly from: string }[] {
  const lists = read(file).matchAll(/^export (?:type )?\{([^}]*)\} from "(.*)";$/gm);
  return [...lists].flatMap(([, names = "", from = ""]) =>
    [...names.matchAll(/(?:type )?(\w+)/g)].map(([, name = ""]) => ({
      name,
      from: join(dirname(file), `${from}.ts`),
    })),
  );
}

function declarationOf(name: string, file: string): Exported {
  const other = reExports(file).find((each) => each.name === name);
  if (other) return declarationOf(name, other.from);
  const source = read(file);
  const start = source.search(
    new RegExp(String.raw`^export (?:async )?(?:interface|class|function|type|const) ${name}\b`, "m"),
  );
  if (start < 0) throw new Error(`${file} exports no ${name}`);
  const [comment = ""] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(source.slice(0, start)) ?? [];
  return { name, file, comment, declaration: source.slice(start, source.indexOf("\n}", start)) };
}

function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

describe("the doc comments of the public API", () => {
  it("describe each export", () => {
    expect(exported.filter(({ comment }) => comment === "").map(({ name }) => name)).toEqual([]);
  });

  it("say the default of each optional property", () => {
    const properties = exported.flatMap(({ name, declaration }) =>
      [...declaration.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\s*(?:readonly )(\w+)\?:/g)].map(
        ([, comment = "", key]) => [`${name}.${key}`, comment] as const,
      ),
    );
    expect(properties.length).toBeGreaterThan(50);
    expect(properties.filter(([, comment]) => !comment.includes("@default")).map(([key]) => key)).toEqual([]);
  });

  it("have examples that compile", () => {
    const files = [...new Set(exported.map(({ file }) => file))];
    const examples = files.flatMap((file) => examplesIn(file));
    expect(examples.length).toBeGreaterThan(5);
    expect(compile(examples)).toBe("");
  });
});

/** The code of the file's `@example` blocks, each with the line on which it begins. */
function examplesIn(file: string): { readonly place: string; readonly code: string }[] {
  const source = read(file);
  return [...source.matchAll(/^ *\* @example\n *\* ```ts\n((?: *\*.*\n)*?) *\* ```$/gm)].map(
    ({ 1: text = "", index }) => ({
      place: `${file.replaceAll(/\W/g, "-")}-${source.slice(0, index).split("\n").length}.ts`,
      code: text.replace(/^ *\* ?/gm, ""),
    }),
  );
}

/** Type-checks each example as a module of a user of the package. Returns the errors of the compiler. */
function compile(examples: readonly { readonly place: string; readonly code: string }[]): string {
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "examples-"));
  try {
    for (const { place, code } of examples) writeFileSync(join(folder, place), `${code}\nexport {};\n`);
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        rootDir: root,
        noUnusedLocals: false,
        paths: Object.fromEntries(
          Object.entries(ENTRIES).map(([name, at]) => [name, [join(root, at, "index.ts")]]),
        ),
      },
      include: [],
      files: examples.map(({ place }) => place),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const { stdout, stderr, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    return status === 0 ? "" : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

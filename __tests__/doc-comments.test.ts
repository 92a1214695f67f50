import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = resolve(__dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** What users import, with its folder. */
const ENTRIES = {
  "ec2-start-stop": "constructs",
  "ec2-start-stop/schedule": "schedule",
  "ec2-start-stop/config": "config",
};

/** A name that an entry exports, where it is declared. */
interface Exported {
  readonly entry: string;
  readonly name: string;
  readonly file: string;
  readonly comment: string;
  readonly declaration: string;
}

const exported = Object.entries(ENTRIES).flatMap(([entry, folder]) =>
  reExports(join(folder, "index.ts")).map(({ name, from }) => ({ entry, ...declarationOf(name, from) })),
);

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

function declarationOf(name: string, file: string): Omit<Exported, "entry"> {
  const other = reExports(file).find((each) => each.name === name);
  if (other) return declarationOf(name, other.from);
  const source = read(file);
  const start = source.search(
    new RegExp(String.raw`^export (?:async )?(?:interface|class|function|type|const) ${name}\b`, "m"),
  );
  if (start < 0) throw new Error(`${file} exports no ${name}`);
  const [comment = ""] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n$/.exec(source.slice(0, start)) ?? [];
  const [declaration = ""] = /^export type[\s\S]*?;\n|^[\s\S]*?\n\}/.exec(source.slice(start)) ?? [];
  return { name, file, comment, declaration };
}

describe("the doc comments of the public API", () => {
  it("describe each export", () => {
    expect(exported.filter(({ comment }) => comment === "").map(({ name }) => name)).toEqual([]);
  });

  it("say the default of each optional property", () => {
    const properties = exported.flatMap(({ name, declaration }) =>
      [...declaration.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)?\n {2}readonly (\w+)\?:/g)].map(
        ([, comment = "", key]) => [`${name}.${key}`, comment] as const,
      ),
    );
    expect(properties.length).toBeGreaterThan(50);
    expect(properties.filter(([, comment]) => !comment.includes("@default")).map(([key]) => key)).toEqual([]);
  });

  it("show examples that compile", () => {
    const entryOf = new Map(exported.map(({ file, entry }) => [file, entry]));
    const examples = [...entryOf].flatMap(([file, entry]) => examplesIn(file, entry));
    expect(examples.length).toBeGreaterThan(20);
    expect(compile(examples)).toBe("");
  });
});

interface Example {
  /** Name of its module, made of the file and line of the example. */
  readonly module: string;
  readonly code: string;
}

/** The `@example` blocks of a file. One without imports is a fragment. */
function examplesIn(file: string, entry: string): Example[] {
  const source = read(file);
  return [...source.matchAll(/^ *\* @example\n((?: *\*(?! @|\/).*\n)+)/gm)].map(({ 1: text = "", index }) => {
    const code = text.replace(/^ *\* ?/gm, "");
    return {
      module: `${file.replaceAll(/\W/g, "-")}-${source.slice(0, index).split("\n").length}.ts`,
      code: /^import /m.test(code) ? code : `${fragmentStart(entry)}\n${code}`,
    };
  });
}

/** What a fragment may use: all values of its entry, a schedule and instants. */
function fragmentStart(entry: string): string {
  const values = exported.filter(
    (each) => each.entry === entry && /^export (?:async )?(?:class|function|const)/.test(each.declaration),
  );
  return [
    'import { readFile } from "node:fs/promises";',
    `import { ${values.map(({ name }) => name).join(", ")} } from "${entry}";`,
    "declare const schedule: Schedule;",
    "declare const at: Date, from: Date, until: Date;",
  ].join("\n");
}

/** Type-checks each example as a module of a user of the package. Returns the output of the compiler. */
function compile(examples: readonly Example[]): string {
  // Below the project's node_modules, so that imports of packages resolve.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "examples-"));
  try {
    for (const { module, code } of examples) writeFileSync(join(folder, module), `${code}\nexport {};\n`);
    const config = {
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        rootDir: root,
        noUnusedLocals: false,
        paths: Object.fromEntries(
          Object.entries(ENTRIES).map(([entry, at]) => [entry, [join(root, at, "index.ts")]]),
        ),
      },
      include: [],
      files: examples.map(({ module }) => module),
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

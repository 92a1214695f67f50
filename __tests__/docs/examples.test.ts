import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { transformSync } from "@swc/core";
import { parse, stringify } from "yaml";
import { type ConfigError, parseConfig } from "../../config";
import { codeBlocks, documentNames, ROOT, readDocument } from "../support/documents";

const pagesWith = (language: string) =>
  documentNames().filter((name) => codeBlocks(name, language).length > 0);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "documents-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Completes a block that shows only some keys of a config. */
const COMPLETION = parse(`
region: ap-northeast-2
timezone: Asia/Seoul
targets:
  office: { tags: { Environment: dev } }
schedules:
  dev-stop: { action: stop, targets: office, expression: "cron(0 20 ? * MON-FRI *)" }
  dev-start: { action: start, targets: office, expression: "cron(0 8 ? * MON-FRI *)" }
`);

function completed(block: string): string {
  const shown = parse(block);
  if (shown.schedules) return block;
  return stringify({ ...COMPLETION, ...shown, targets: { ...COMPLETION.targets, ...shown.targets } });
}

describe.each(pagesWith("yaml"))("%s", (name) => {
  beforeAll(() => {
    const holiday = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20270702\nEND:VEVENT";
    writeFileSync(join(folder, "company.ics"), `BEGIN:VCALENDAR\n${holiday}\nEND:VCALENDAR\n`);
  });

  it.each(codeBlocks(name, "yaml"))(
    "shows a config that is valid, or what is wrong with it: %s",
    async (block) => {
      const file = join(folder, "page.yaml");
      const problems = await parseConfig(completed(block), file).then(
        () => [],
        (error: ConfigError) => error.message.split("\n"),
      );
      const messages = problems.map((problem) => problem.replace(/^.*:\d+: /, "").replace(/, got .*/, ""));
      expect(messages.filter((message) => !readDocument(name).includes(message))).toEqual([]);
    },
  );
});

/** The programs of a page: a block that begins with an import, with the blocks that go on from it. */
function programsOf(name: string): string[] {
  const programs: string[] = [];
  for (const block of codeBlocks(name, "ts")) {
    const last = programs.pop();
    if (last === undefined) programs.push(block);
    else if (/^import /.test(block)) programs.push(last, block);
    else programs.push(last + block);
  }
  return programs;
}

const programs = pagesWith("ts").flatMap((name) =>
  programsOf(name).map((text, index) => ({ name, text, file: `${name.replace(/\W/g, "-")}-${index}` })),
);

describe("TypeScript on the pages", () => {
  beforeAll(() => {
    const modules = join(folder, "node_modules");
    mkdirSync(modules);
    symlinkSync(ROOT, join(modules, "ec2-start-stop"));
    for (const each of ["cdktf", "constructs", "@cdktf", "@jest"])
      symlinkSync(join(ROOT, "node_modules", each), join(modules, each));
  });

  it("compiles for users who check types strictly", () => {
    const options = {
      module: "esnext",
      moduleResolution: "bundler",
      noEmit: true,
      skipLibCheck: true,
      strict: true,
      target: "es2022",
      types: [],
    };
    for (const { file, text } of programs) writeFileSync(join(folder, `${file}.ts`), text);
    const files = programs.map(({ file }) => `${file}.ts`);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }));
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [compiler, "--project", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  }, 60_000);

  it.each(programs.filter(({ text }) => !text.includes("@jest/globals")))(
    "runs: $file, and answers what its comments say",
    ({ file, text }) => {
      const answers = [...text.matchAll(ANSWERED)].map(([, , answer]) => answer);
      const { stdout, stderr } = run(file, text.replace(ANSWERED, "console.log(JSON.stringify($1));"));
      expect(stderr).toBe("");
      expect(stdout.split("\n").filter((line) => line !== "")).toEqual(answers);
    },
    60_000,
  );
});

const ANSWERED = /^(\S.*); \/\/ (\[.*\]|"[^"]*"|\w+).*$/gm;

/** Runs a program as CommonJS, which has no top-level await, in the folder of the packages. */
function run(file: string, text: string): { readonly stdout: string; readonly stderr: string } {
  const imports = [...text.matchAll(/^import .*$/gm)].map(([line]) => line).join("\n");
  const statements = text.replace(/^import .*$/gm, "");
  const program = `${imports}\nvoid (async () => {${statements}})();`;
  const { code } = transformSync(program, {
    jsc: { parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
  });
  writeFileSync(join(folder, `${file}.cjs`), code);
  writeFileSync(join(folder, "ec2-start-stop.yaml"), stringify(COMPLETION));
  return spawnSync(process.execPath, [`${file}.cjs`], { cwd: folder, encoding: "utf8" });
}

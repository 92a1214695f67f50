import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { describeFound } from "../support/describe-found";
import { runCommand, tryCommand } from "../support/moto/command";
import { CDKTF, CDKTN, installAlone, installFor, missingOf, PROJECT, type UserProject } from "./generation";

const EXAMPLE = "ec2-start-stop.yaml";

describe("the installed package", () => {
  let project: UserProject;
  beforeAll(async () => {
    project = await installFor(CDKTF);
    await cp(join(PROJECT, EXAMPLE), join(project.folder, EXAMPLE));
  });
  afterAll(() => rm(project.folder, { recursive: true }));

  const synth = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    tryCommand(process.execPath, [join(project.installed, "dist", "cli.js"), "synth", ...args], {
      cwd: project.folder,
      env: { ...process.env, ...env },
    });

  it("synthesizes a config, with the function that it brings", async () => {
    const { code, stdout } = await synth(["--out", "terraform"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Wrote terraform\/stacks\/dev\/cdk\.tf\.json: \d+ resources\n/);
    const files = await readdir(join(project.folder, "terraform"), { recursive: true });
    expect(files.filter((file) => /lambda[\\/]|index\.js$/.test(file))).not.toEqual([]);
  });

  it("takes from the environment what the options leave open", async () => {
    const { code, stdout } = await synth([], { CDKTF_OUTDIR: "elsewhere", EC2_START_STOP_CONFIG: EXAMPLE });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Wrote elsewhere\//)]);
  });

  it("refuses what is wrong in a line, and writes nothing", async () => {
    expect(await synth(["--config", "nope.yaml", "--out", "never"])).toMatchObject({
      code: 2,
      output: "nope.yaml: expected a config file, got no such file\nNothing was written.\n",
    });
    expect(await readdir(project.folder)).not.toContain("never");
  });

  it("holds each file that its package.json names", async () => {
    const { main, types, exports, bin } = JSON.parse(
      await readFile(join(project.installed, "package.json"), "utf8"),
    );
    const named = [main, types, exports, bin].map((each) => JSON.stringify(each)).join();
    const files = [...new Set(named.match(/(?:dist|package\.json)[\w/.-]*/g))];
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) await expect(stat(join(project.installed, file))).resolves.toBeDefined();
  });

  it("holds no source maps and no app of the repository", async () => {
    const files = await readdir(project.installed, { recursive: true });
    expect(files.filter((file) => /\.map$|^dist.main\.js$/.test(file))).toEqual([]);
  });
});

describeFound("the installed package, to a compiler of TypeScript 5", { missing: missingOf(CDKTN) }, () => {
  let project: UserProject;
  beforeAll(async () => {
    project = await installFor(CDKTN);
    const program = [
      'import { Ec2StartStop } from "ec2-start-stop";',
      'import { parseConfig } from "ec2-start-stop/config";',
      'import { Schedule } from "ec2-start-stop/schedule";',
      "export const schedule: Schedule = Schedule.parse(7);",
      "export const all = [Ec2StartStop, parseConfig];",
    ];
    await writeFile(join(project.folder, "main.ts"), program.join("\n"));
  });
  afterAll(() => rm(project.folder, { recursive: true }));

  // `cdktf init` writes a project that resolves modules as Node.js 10 did, without `exports`.
  it.each([
    ["node10", "commonjs"],
    ["node16", "node16"],
    ["bundler", "esnext"],
  ])(
    "has the types of each entry point, resolved as %s does",
    async (resolution, module) => {
      const compiler = join(CDKTN.folder, "node_modules", "typescript", "bin", "tsc");
      const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"];
      const { output } = await tryCommand(
        process.execPath,
        [compiler, ...options, "--module", module, "--moduleResolution", resolution, "main.ts"],
        { cwd: project.folder },
      );
      expect(output).toBe(
        "main.ts(4,50): error TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.\n",
      );
    },
    60_000,
  );
});

describe("the installed package without its optional peers", () => {
  let project: UserProject;
  beforeAll(async () => {
    project = await installAlone("alone");
    await cp(join(PROJECT, EXAMPLE), join(project.folder, EXAMPLE));
  });
  afterAll(() => rm(project.folder, { recursive: true }));

  const cli = (...args: string[]): [string, string[], { cwd: string }] => [
    process.execPath,
    [join(project.installed, "dist", "cli.js"), ...args],
    { cwd: project.folder },
  ];

  it("says in a line what `synth` lacks", async () => {
    const { code, output } = await tryCommand(...cli("synth"));
    expect(output).toBe(
      "synth: expected the packages cdktf, constructs, @cdktf/provider-aws, @cdktf/provider-archive, got no cdktf: " +
        "install them with `npm install cdktf constructs @cdktf/provider-aws @cdktf/provider-archive`\n",
    );
    expect(code).toBe(2);
  });

  it("helps and previews", async () => {
    expect((await runCommand(...cli("synth", "--help"))).stdout).toContain("Usage: ec2-start-stop synth");
    expect((await runCommand(...cli("preview"))).stdout).toContain("dev-stop");
  });
});

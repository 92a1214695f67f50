import { cp, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runCommand, tryCommand } from "../support/moto/command";
import { CDKTF, installAlone, installFor, PROJECT, type UserProject } from "./generation";

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

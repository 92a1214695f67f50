import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VALID } from "./config/problems-of";

// As it is built and shipped: npm test builds first.
const PROJECT = join(__dirname, "..");
const MAIN = join(PROJECT, "dist", "main.js");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the app in a folder whose config file holds the text. */
function synth(config: string, { cwd = folder, ...env }: Record<string, string> = {}) {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "ec2-start-stop.yaml"), config);
  const { EC2_START_STOP_CONFIG: _config, CDKTF_OUTDIR: _outdir, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN], {
    cwd,
    env: { ...rest, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Every file below a folder with its content. */
function tree(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    files
      .filter((file) => statSync(join(root, file)).isFile())
      .map((file) => [file, readFileSync(join(root, file), "base64")]),
  );
}

describe("the app", () => {
  it("writes Terraform JSON of the shipped example, and says what it made and when it fires", () => {
    const example = readFileSync(join(PROJECT, "ec2-start-stop.yaml"), "utf8");
    const { status, stdout, stderr } = synth(example);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Wrote cdktf\.out\/stacks\/dev\/cdk\.tf\.json: \d+ resources\n/);
    expect(stdout).toMatch(
      / {2}dev-stop +stop +\w{3} \d{4}-\d\d-\d\d 20:00 Asia\/Seoul +\d{4}-\d\d-\d\dT11:00Z\n/,
    );
    expect(Object.keys(tree(join(folder, "cdktf.out")))).toContain("stacks/dev/cdk.tf.json");
  });

  it("reads the file that EC2_START_STOP_CONFIG names and writes where CDKTF_OUTDIR says", () => {
    const other = join(folder, "other.yaml");
    writeFileSync(other, `${VALID}name: other\n`);
    const outdir = join(folder, "not", "there", "yet");
    const { status, stdout } = synth("", { EC2_START_STOP_CONFIG: other, CDKTF_OUTDIR: outdir });
    expect(status).toBe(0);
    expect(stdout).toContain(join(outdir, "stacks", "other", "cdk.tf.json"));
    expect(readdirSync(join(outdir, "stacks"))).toEqual(["other"]);
    expect(readdirSync(folder)).not.toContain("cdktf.out");
  });

  it("writes the same bytes wherever it runs", () => {
    const here = synth(VALID, { cwd: join(folder, "here"), TZ: "UTC", LANG: "C" });
    const outdir = join(folder, "far", "away");
    const there = synth(VALID, {
      cwd: join(folder, "some", "where", "else"),
      CDKTF_OUTDIR: outdir,
      TZ: "Pacific/Kiritimati",
      LANG: "tr_TR.UTF-8",
      LC_ALL: "tr_TR.UTF-8",
      HOME: folder,
    });
    expect([here.status, there.status]).toEqual([0, 0]);
    expect(tree(outdir)).toEqual(tree(join(folder, "here", "cdktf.out")));
  });
});

describe("a config that does not hold", () => {
  it("ends with exit code 2 and its problems, without a stack trace, and writes nothing", () => {
    const { status, stdout, stderr } = synth(
      VALID.replace("MON-FRI", "MON-FRIN").replace("region", "regoin"),
    );
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n")).toEqual([
      "ec2-start-stop.yaml: `region`: expected an AWS region code, such as ap-northeast-2, got nothing",
      'ec2-start-stop.yaml:1: `regoin`: expected a known key, got the unknown key "regoin" (did you mean region?)',
      expect.stringMatching(/^ec2-start-stop\.yaml:5: `schedules\.dev-stop\.expression`: .*"MON-FRIN"/),
      "Nothing was written.",
      "",
    ]);
    expect(readdirSync(folder)).toEqual(["ec2-start-stop.yaml"]);
  });

  it("leaves an earlier result as it was", () => {
    expect(synth(VALID).status).toBe(0);
    const outdir = join(folder, "cdktf.out");
    const before = join(folder, "before");
    cpSync(outdir, before, { recursive: true });
    expect(synth(VALID.replace("targets: dev", "targets: dve")).status).toBe(2);
    expect(tree(outdir)).toEqual(tree(before));
  });

  it("may also be missing", () => {
    const { status, stderr } = synth(VALID, { EC2_START_STOP_CONFIG: join(folder, "nope.yaml") });
    expect(status).toBe(2);
    expect(stderr).toBe(
      `${join(folder, "nope.yaml")}: expected a config file, got no such file\nNothing was written.\n`,
    );
  });
});

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
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { VALID } from "./support/problems-of";

// As it is built and shipped: npm test builds first.
const PROJECT = join(__dirname, "..");
const MAIN = join(PROJECT, "dist", "main.js");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "main-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the app in a folder whose config file holds the text. */
function synth(
  config: string,
  { cwd = folder, ...env }: Record<string, string> = {},
  options: readonly string[] = [],
) {
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "ec2-start-stop.yaml"), config);
  const { EC2_START_STOP_CONFIG: _config, CDKTF_OUTDIR: _outdir, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...options], {
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

  // Below /proc, Node's own recursive mkdir never ends; elsewhere than on Linux a folder can be made there.
  const places = ["file", join("file", "below"), ...(process.platform === "linux" ? ["/proc/there"] : [])];
  it.each(places)("ends with one line and exit code 2 where no folder can be made: %s", (place) => {
    writeFileSync(join(folder, "file"), "");
    const { status, stdout, stderr } = synth(VALID, { CDKTF_OUTDIR: resolve(folder, place) });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Expected a folder to write to, got ".*": .*\nNothing was written\.\n$/);
  });

  it("writes no escape characters of a name to the terminal", () => {
    const { status, stderr } = synth("", { EC2_START_STOP_CONFIG: "no\u001b[31m\u202efile" });
    expect([status, stderr]).toEqual([2, expect.stringContaining("no\\u001b[31m\\u202efile")]);
  });

  it("writes the same bytes in every folder, zone and language", () => {
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

// A limit on the size of files stands for a full disk: a write ends with an error after the first bytes.
it("leaves an earlier result as it was, or no folder, where the disk takes no more", () => {
  const limited = () => {
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", 'trap "" XFSZ; ulimit -f 1; exec "$@"', "bash", process.execPath, MAIN],
      { cwd: folder, encoding: "utf8" },
    );
    expect(stderr).toMatch(
      /^Expected a folder to write to, got "cdktf\.out": EFBIG.*\nNothing was written\.\n$/,
    );
    expect(status).toBe(2);
  };
  writeFileSync(join(folder, "ec2-start-stop.yaml"), VALID);
  limited();
  expect(readdirSync(folder)).toEqual(["ec2-start-stop.yaml"]);
  expect(synth(VALID).status).toBe(0);
  const before = tree(folder);
  limited();
  expect(tree(folder)).toEqual(before);
});

describe("a valid config with warnings", () => {
  const lunch = VALID.replace(
    "schedules:",
    `schedules:
  hours: { running: "MON-FRI 08:00-20:30", targets: dev, holidays: kr }`,
  ).replace("0 20 ?", "0 12 ?");
  const odd = `${lunch}holidays: { kr: [2020-01-01] }\n`;
  const refused = [
    expect.stringMatching(
      /^ec2-start-stop\.yaml: `schedules\.dev-stop`: expected no warning, as --strict asks, got dev-stop stops/,
    ),
    expect.stringMatching(
      /^ec2-start-stop\.yaml: `holidays\.kr`: expected no warning, .* its last date was 2020-01-01/,
    ),
    "Nothing was written.",
    "",
  ];

  it("is synthesized, with the warnings at the end of the output and in the manifest", () => {
    const { status, stdout, stderr } = synth(odd);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.split("\n\nWarnings and notes\n")[1]).toMatch(
      /^ {2}warning: dev-stop stops target dev at .*\n {2}warning: calendar kr: its last date was 2020-01-01: .*\n$/,
    );
    const { stacks } = JSON.parse(readFileSync(join(folder, "cdktf.out", "manifest.json"), "utf8"));
    expect(stacks["ec2-start-stop"].annotations).toEqual([
      expect.objectContaining({ level: "@cdktf/warn", message: expect.stringMatching(/^dev-stop stops/) }),
      expect.objectContaining({ level: "@cdktf/warn", message: expect.stringMatching(/^calendar kr/) }),
    ]);
    expect(JSON.stringify(stacks)).not.toContain(PROJECT);
  });

  it("is refused in strict mode, by option or by environment variable", () => {
    for (const { status, stdout, stderr } of [
      synth(odd, {}, ["--strict"]),
      synth(odd, { EC2_START_STOP_STRICT: "1" }),
    ]) {
      expect([status, stdout]).toEqual([2, ""]);
      expect(stderr.split("\n")).toEqual(refused);
    }
    expect(readdirSync(folder)).toEqual(["ec2-start-stop.yaml"]);
  });

  it("may have notes and be strict, but no other option", () => {
    const noted = synth(VALID, { EC2_START_STOP_STRICT: "0" }, ["--strict"]);
    expect(noted.status).toBe(0);
    expect(noted.stdout).toContain(
      "\n  note: dev-stop stops target dev, and no schedule ever starts it again\n",
    );
    expect(synth(VALID, {}, ["--stric"])).toMatchObject({
      status: 2,
      stderr: "options: expected --strict, or none, got --stric\nNothing was written.\n",
    });
  });
});

describe("calendars with sources", () => {
  it("are dates in the plan, the same on any day", () => {
    writeFileSync(
      join(folder, "company.ics"),
      "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20980702\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    const start = VALID.replaceAll("stop", "start").replace("targets: dev,", "targets: dev, holidays: kr,");
    const { status, stderr } = synth(
      `${start}holidays: { kr: { country: KR, years: [2098], ics: company.ics, workdays: [2098-01-01] } }\n`,
    );
    expect([status, stderr]).toEqual([0, ""]);
    const text = readFileSync(join(folder, "cdktf.out/stacks/ec2-start-stop/cdk.tf.json"), "utf8");
    const [, dates = ""] = /holidays\\":\[([^\]]*)\]/.exec(text) ?? [];
    expect(dates).toMatch(/2098-03-01.*2098-07-02.*2098-12-25/);
    expect(dates).not.toContain("2098-01-01");
  });
});

describe("an invalid config", () => {
  it("exits with code 2 and its problems, without a stack trace, and writes nothing", () => {
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

  it("may start and stop the same instances in the same minute", () => {
    const both = VALID.replace(
      "schedules:",
      `schedules:
  dev-start: { action: start, targets: dev, expression: "cron(0 20 ? * FRI *)" }`,
    );
    const { status, stdout, stderr } = synth(both);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^ec2-start-stop\.yaml:6: `schedules\.dev-stop`: expected start and stop at different times, got dev-start starts and dev-stop stops target dev in the same minute, first at \d{4}-\d\d-\d\dT20:00:00\+00:00\nNothing was written\.\n$/,
    );
    expect(readdirSync(folder)).toEqual(["ec2-start-stop.yaml"]);
  });

  it("may also be missing", () => {
    const { status, stderr } = synth(VALID, { EC2_START_STOP_CONFIG: join(folder, "nope.yaml") });
    expect(status).toBe(2);
    expect(stderr).toBe(
      `${join(folder, "nope.yaml")}: expected a config file, got no such file\nNothing was written.\n`,
    );
  });
});

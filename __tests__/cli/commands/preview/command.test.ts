import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { formatIso, startOfWeek } from "../../../../cli/terminal/time";

const root = resolve(__dirname, "../../../..");
const example = join(root, "ec2-start-stop.yaml");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(args: readonly string[], { env = {}, cli = join(root, "dist/cli.js") } = {}) {
  const environment = { ...process.env, EC2_START_STOP_CONFIG: "", COLUMNS: "100", ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "preview", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: environment,
  });
  return { status, stdout, stderr };
}

const evening = [
  ...["--expression", "cron(0 20 ? * MON-FRI *)", "--timezone", "Asia/Seoul"],
  ...["--from", "2026-11-22T00:00:00Z", "--count", "8", "--json"],
];

describe("preview of an expression", () => {
  it("answers with its firings, its words and its expressions in UTC, and nothing else", () => {
    const { status, stdout, stderr } = run([...evening, "--trigger", "event-rule"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      expression: "cron(0 20 ? * MON-FRI *)",
      timezone: "Asia/Seoul",
      kind: "cron",
      description: "At 20:00, Monday through Friday",
      next: [23, 24, 25, 26, 27, 30, 31, 32].map((day) => {
        const date = new Date(Date.UTC(2026, 10, day, 11));
        return date.toISOString().replace(".000Z", "Z");
      }),
      shortened: null,
      utc: ["cron(0 11 ? * MON-FRI *)"],
      reason: null,
    });
  });

  const newYork = ["--expression", "cron(0 20 ? * MON-FRI *)", "--timezone", "America/New_York", "--json"];

  it.each([[[]], [["--trigger", "scheduler"]]])(
    "gives a reason where there is no exact one in UTC (%j)",
    (trigger) => {
      const { status, stdout } = run([
        ...newYork,
        ...trigger,
        "--from",
        "2026-11-22T00:00:00Z",
        "--count",
        "1",
      ]);
      const { utc, reason, next } = JSON.parse(stdout);
      expect({ status, utc, next }).toEqual({ status: 0, utc: null, next: ["2026-11-24T01:00:00Z"] });
      expect(reason).toContain("America/New_York");
    },
  );

  it("refuses for an event rule what has no exact expression in UTC, and names the way out", () => {
    const { status, stdout, stderr } = run([...newYork, "--trigger", "event-rule"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("--trigger scheduler");
  });

  it("lists the firings of so many days", () => {
    const { stdout } = run([
      "--expression",
      "rate(12 hours)",
      "--from",
      "2026-11-22",
      "--days",
      "2",
      "--json",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "rate",
      timezone: "UTC",
      next: ["2026-11-22T12:00:00Z", "2026-11-23T00:00:00Z", "2026-11-23T12:00:00Z"],
    });
  });

  it("reads as text without --json", () => {
    const { stdout } = run([
      "--expression",
      "cron(0 20 * * ? *)",
      "--timezone",
      "Asia/Seoul",
      "--from",
      "2026-11-22",
      "--count",
      "1",
    ]);
    expect(stdout).toBe(`cron(0 20 * * ? *)  Asia/Seoul
At 20:00
In UTC: cron(0 11 * * ? *)

  Local time, Asia/Seoul       UTC
  Sun 2026-11-22 20:00 +09:00  2026-11-22 11:00Z
`);
  });
});

describe("wrong input is refused with exit code 2, on one or few lines of standard error", () => {
  it.each<[string, string[], string]>([
    [
      "a slip in an expression",
      ["--expression", "cron(0 11 ? * MON-FRIN *)"],
      'got "MON-FRIN" (did you mean MON-FRI?)',
    ],
    ["no expression", ["--expression", ""], 'expected cron(...), rate(...) or at(...), got ""'],
    ["an abbreviated zone", ["--expression", "rate(1 day)", "--timezone", "KST"], "did you mean Asia/Seoul?"],
    [
      "a trigger that there is not",
      ["--expression", "rate(1 day)", "--trigger", "rule"],
      "Allowed choices are event-rule, scheduler",
    ],
    ["an option that there is not", ["--dayz", "3"], "(Did you mean --days?)"],
    ["a word too many", ["week"], "too many arguments"],
    [
      "days and a count",
      ["--days", "3", "--count", "3"],
      "'--days <number>' cannot be used with option '--count <number>'",
    ],
    [
      "a picture of a count",
      ["--count", "3", "--svg", "week.svg"],
      "cannot be used with option '--count <number>'",
    ],
    ["no days", ["--days", "0"], "Expected a whole number from 1 to 366"],
    ["half a day", ["--days", "1.5"], "Expected a whole number from 1 to 366"],
    ["too many firings", ["--count", "1001"], "Expected a whole number from 1 to 1000"],
    [
      "a picture of too many days",
      ["--config", example, "--days", "15", "--svg", "week.svg"],
      "--days: expected at most 14",
    ],
    ["a time that is none", ["--config", example, "--from", "noon"], "--from: expected a date or time like"],
    ["a zone without an expression", ["--timezone", "Asia/Seoul"], "--timezone: only with --expression"],
    [
      "a config together with an expression",
      ["--expression", "rate(1 day)", "--config", example],
      "--config: only without --expression",
    ],
    [
      "a picture of an expression",
      ["--expression", "rate(1 day)", "--svg", "week.svg"],
      "--svg: only without --expression",
    ],
    [
      "a config that is not there",
      ["--config", "missing.yaml"],
      "missing.yaml: expected a config file, got no such file",
    ],
    [
      "a folder that is not there",
      ["--config", example, "--svg", "no/week.svg"],
      '--svg: expected a file in an existing folder, got "no/week.svg" (no folder "no")',
    ],
    [
      "a folder as a file",
      ["--config", example, "--html", "."],
      '--html: expected the name of a file, got the folder "."',
    ],
    [
      "an empty name of a file",
      ["--config", example, "--svg", ""],
      '--svg: expected the name of a file, got ""',
    ],
    [
      "one file for both",
      ["--config", example, "--svg", "x", "--html", "./x"],
      "--html: expected another file than that of --svg",
    ],
  ])("%s", (_, args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).not.toContain("week.svg");
  });

  it("every mistake of a config, and no picture is touched", () => {
    writeFileSync(
      join(folder, "wrong.yaml"),
      "region: ap-northeast-2\ntargets: {}\nschedules: { a: { action: sotp } }\n",
    );
    writeFileSync(join(folder, "earlier.svg"), "earlier");
    const { status, stdout, stderr } = run(["--config", "wrong.yaml", "--svg", "earlier.svg"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n").filter((line) => line.startsWith("wrong.yaml:")).length).toBeGreaterThan(1);
    expect(readFileSync(join(folder, "earlier.svg"), "utf8")).toBe("earlier");
  });
});

describe("preview of a config file", () => {
  it("takes the file from the environment where no option names it", () => {
    const { status, stdout } = run(["--json", "--from", "2026-12-28", "--days", "7"], {
      env: { EC2_START_STOP_CONFIG: example },
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: "dev",
      from: "2026-12-27T15:00:00Z",
      until: "2027-01-03T15:00:00Z",
      targets: [
        { name: "dev", inPeriod: { runningSeconds: 216_000 } },
        {
          name: "staging",
          inPeriod: { runningSeconds: 172_800 },
          week: { runningSeconds: 216_000, savedShare: 0.6429 },
        },
      ],
    });
  });

  it("counts firings of all schedules together", () => {
    const { stdout } = run(["--config", example, "--json", "--count", "3"]);
    expect(JSON.parse(stdout).firings).toHaveLength(3);
  });

  it("writes the picture and the page as well as its answer, and says so", () => {
    const { status, stdout, stderr } = run([
      ...["--config", example, "--from", "2026-12-30T12:00", "--svg", "week.svg", "--html", "week.html"],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/\nWrote week\.svg and week\.html\n$/);
    expect(readFileSync(join(folder, "week.svg"), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(readFileSync(join(folder, "week.html"), "utf8")).toMatch(/^<!doctype html>/);
    // Whole days, though the time given is noon.
    expect(stdout).toContain("Wed 2026-12-30 00:00 +09:00 to Wed 2027-01-06 00:00 +09:00");
  });

  it("draws the week that is now, from its Monday, where no beginning is given", () => {
    const { stdout } = run(["--config", example, "--json", "--svg", "now.svg"]);
    const monday = startOfWeek(new Date(), "Asia/Seoul");
    expect(JSON.parse(stdout).from).toBe(formatIso(monday));
  });

  it("has no colours outside a terminal, whatever the environment says", () => {
    const { stdout } = run(["--config", example], { env: { FORCE_COLOR: "1", CI: "1" } });
    expect(stdout).not.toContain("\u001b");
  });

  it("needs nothing but its own files: no cdktf, no provider", () => {
    const alone = join(folder, "alone");
    mkdirSync(alone);
    for (const part of ["cli.js", "chunks"])
      cpSync(join(root, "dist", part), join(alone, part), { recursive: true });
    const { status, stderr } = run(["--config", example, "--html", "alone.html"], {
      cli: join(alone, "cli.js"),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(existsSync(join(folder, "alone.html"))).toBe(true);
  });
});

describe("conflicts", () => {
  const head =
    "region: ap-northeast-2\ntimezone: Asia/Seoul\ntargets: { dev: { instanceIds: [i-0123456789abcdef0] } }\n";

  function config(name: string, schedules: readonly string[]): string {
    writeFileSync(
      join(folder, name),
      `${head}schedules:\n${schedules.map((line) => `  ${line}\n`).join("")}`,
    );
    return name;
  }

  const contradicting = [
    'hours: { running: "MON-FRI 08:00-20:00", targets: dev }',
    'lunch: { action: stop, expression: "cron(0 12 ? * MON-FRI *)", targets: dev }',
  ];

  it("are in the JSON as warnings, and in the text", () => {
    const file = config("warned.yaml", contradicting);
    const { status, stdout } = run(["--config", file, "--from", "2026-11-23", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).warnings).toMatchObject([
      {
        kind: "contradiction",
        severity: "warning",
        schedules: ["hours-start", "lunch"],
        targets: ["dev"],
        at: "2026-11-23T03:00:00Z",
      },
    ]);
    expect(run(["--config", file, "--from", "2026-11-23"]).stdout).toContain(
      "  warning: lunch stops target dev",
    );
  });

  it("are refused with --strict, and nothing is written", () => {
    const { status, stdout, stderr } = run([
      "--config",
      config("warned.yaml", contradicting),
      "--strict",
      "--svg",
      "strict.svg",
    ]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^warned\.yaml: `schedules\.lunch`: expected no warning, as --strict asks, got lunch stops target dev/,
    );
    expect(existsSync(join(folder, "strict.svg"))).toBe(false);
  });

  it("that are mere notes pass --strict", () => {
    const stopOnly = ['off: { action: stop, expression: "cron(0 20 * * ? *)", targets: dev }'];
    const { status, stdout } = run(["--config", config("noted.yaml", stopOnly), "--strict", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).warnings).toMatchObject([{ kind: "never-started", severity: "note" }]);
  });

  it("that leave the outcome to chance are refused in any case", () => {
    const sameMinute = [
      'on: { action: start, expression: "cron(0 8 * * ? *)", targets: dev }',
      'off: { action: stop, expression: "cron(0 8 * * ? *)", targets: dev }',
    ];
    const { status, stdout, stderr } = run(["--config", config("chance.yaml", sameMinute)]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("in the same minute");
  });
});

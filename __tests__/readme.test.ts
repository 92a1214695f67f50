import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parseConfig } from "../config";
import { asksAws, cliArguments, codeBlocks, ROOT, shownCommands, words } from "./support/documents";

const commands = shownCommands("README.md");
// Those that ask AWS are run by __tests__/e2e/operate/documented.test.ts.
const cliCommands = commands
  .map((command) => cliArguments(command) ?? "")
  .filter((text) => text !== "" && !asksAws(text));

const blocks = (language: string) => codeBlocks("README.md", language);

describe("README", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "readme-"));
    copyFileSync(join(ROOT, "ec2-start-stop.yaml"), join(folder, "ec2-start-stop.yaml"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("shows commands of the CLI", () => {
    expect(cliCommands.length).toBeGreaterThan(2);
  });

  it.each(cliCommands)("%s works", (command) => {
    const cli = join(ROOT, "dist/cli.js");
    const { status, stderr, stdout } = spawnSync(process.execPath, [cli, ...words(command)], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status === 0 ? "works" : stderr).toBe("works");
    expect(stdout + stderr).not.toBe("");
  });

  it("begins with a config that holds", async () => {
    const [example = ""] = blocks("yaml");
    expect(await parseConfig(example, "README.md")).toMatchObject({
      schedules: { "office-hours": { running: "MON-FRI 08:00-20:00" } },
    });
  });

  it("shows calendars that hold", async () => {
    const [, calendars = ""] = blocks("yaml");
    writeFileSync(
      join(folder, "company.ics"),
      "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20270702\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    const [example = ""] = blocks("yaml");
    const { holidays } = await parseConfig(example + calendars, join(folder, "README.md"));
    expect(holidays?.["kr"]).toEqual(expect.arrayContaining(["2027-01-01", "2027-05-03"]));
    expect(holidays?.["kr"]).not.toContain("2027-05-05");
    expect(holidays?.["bavaria"]).toEqual(expect.arrayContaining(["2027-01-06", "2027-07-02"]));
  });

  it("shows checks of services that hold", async () => {
    const [example = "", , checks = ""] = blocks("yaml");
    const target = checks.replace("targets:\n", "targets:\n  office: { tags: { Environment: dev } }\n");
    const { targets } = await parseConfig(example.replace(/^targets:\n(?: .*\n)+/m, target), "README.md");
    expect(targets["shop"]?.checks).toMatchObject({ systemd: ["nginx", "postgresql"], tcp: [5432] });
  });

  it("shows what the time library answers", () => {
    const [, example = ""] = blocks("ts");
    const answers = [...example.matchAll(/^(times\.|stop\.)(.+); \/\/ (\[.*\]|"[^"]*"|\S+)/gm)];
    expect(answers.length).toBeGreaterThan(6);
    const script = example
      .replace(/^import .*$/m, `const times = require(${JSON.stringify(join(ROOT, "dist/schedule.js"))});`)
      .replace(/^(?=times\.|stop\.)(.+); \/\/.*$/gm, "console.log(JSON.stringify($1));");
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", `(async () => {${script}})()`], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toEqual(answers.map(([, , , answer]) => answer));
  });

  it("shows the library example that is tested", () => {
    const tested = readFileSync(join(__dirname, "constructs/library-example.ts"), "utf8");
    const statements = (source: string) =>
      /new TerraformStack[\s\S]*?\n *\}\);\n/.exec(source)?.[0].replace(/^ +/gm, "");
    const shown = statements(blocks("ts")[0] ?? "");
    expect(shown).toContain("new Ec2StartStop");
    expect(shown).toBe(statements(tested));
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { codeBlocks, readDocument } from "./support/documents";
import { runCli } from "./support/run-cli";

const blocks = (language: string) => codeBlocks("README.md", language);

describe("README", () => {
  const [config = ""] = blocks("yaml");
  const [written = "", mistake = ""] = blocks("text");
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "readme-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const synth = (text: string) => {
    const file = join(folder, "ec2-start-stop.yaml");
    writeFileSync(file, text);
    return runCli(["synth", "--config", file, "--out", join(folder, "cdktf.out")]);
  };

  it("shows what synth prints of its config, apart from the dates", async () => {
    const undated = (text: string) =>
      text
        .replaceAll(`${folder}/`, "")
        .replace(/(?:MON|TUE|WED|THU|FRI) \d{4}-\d\d-\d\d|\d{4}-\d\d-\d\d(?=T)/gi, "DATE");
    const { code, stdout } = await synth(config);
    expect([code, sorted(undated(stdout))]).toEqual([0, sorted(undated(written))]);
  });

  it("shows the message about a mistake", async () => {
    const { code, stderr } = await synth(config.replace("MON-FRI", "MON-FRIN"));
    expect([code, stderr.replaceAll(`${folder}/`, "")]).toEqual([2, `${mistake}Nothing was written.\n`]);
  });

  it("has every command of the CLI in its table", async () => {
    const { stdout } = await runCli(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, name]) => name);
    const cells = [...readDocument("README.md").matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)];
    const rows = cells.flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(rows.sort()).toEqual(commands.sort());
  });

  it("shows the library example that is tested", () => {
    const tested = readFileSync(join(__dirname, "constructs/library-example.ts"), "utf8");
    const statements = (source: string) =>
      /new TerraformStack[\s\S]*?\n *\}\);\n/.exec(source)?.[0].replace(/^ +/gm, "");
    const shown = statements(blocks("ts")[0] ?? "");
    expect(shown).toContain("new Ec2StartStop");
    expect(shown).toBe(statements(tested));
  });

  it("is short", () => {
    expect(readDocument("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(130);
  });
});

/** The soonest firing stands first, which depends on the day. */
function sorted(text: string): string[] {
  return text.split("\n").sort();
}

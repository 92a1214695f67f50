import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AwsCli } from "../../cli/aws/cli-commands";
import { takeInventory } from "../../cli/commands/adopt/inventory";
import { propose } from "../../cli/commands/adopt/proposal";
import { FUNCTION_SETTINGS } from "../../contract/limits";
import { OUTCOMES } from "../../contract/report";
import { countryHolidays, Schedule } from "../../schedule";
import { asksAws, cliArguments, documentNames, readDocument, words } from "../support/documents";
import { fakeAws, functionNamed, python, REGION, roleNamed, ruleFor } from "../support/fake-aws";
import { runCli } from "../support/run-cli";

const CONFIG = "ec2-start-stop.yaml";

/** A code block that is checked against the config shown last before it. */
interface Example {
  readonly language: string;
  readonly text: string;
  readonly config: string;
}

/** Every config is whole, so that each example has its own. */
function examplesOf(page: string): Example[] {
  let config = "";
  return [...readDocument(page).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = "", text = ""]) => {
      if (language === "yaml") config = text;
      return { language, text, config };
    },
  );
}

/** Whether an output is the one shown, in which `...` stands for what is left out. */
function expectShown(output: string, shown: string): void {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = shown.trimEnd().split("...").map(literal).join("[\\s\\S]*");
  if (!new RegExp(`^${pattern}$`).test(output.trimEnd())) expect(output.trimEnd()).toBe(shown.trimEnd());
}

/** Every object of a stack, and of the policies in it. */
function objectsOf(value: unknown): object[] {
  if (typeof value === "string" && value.startsWith('{"Version"')) return objectsOf(JSON.parse(value));
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsOf)];
}

function withLiteralArns(stack: string): string {
  return stack
    .replaceAll(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replaceAll(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, "123456789012");
}

const pages = documentNames().filter((name) => name.startsWith("docs/ko/"));

describe.each(pages)("%s", (page) => {
  const examples = examplesOf(page);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "ko-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(args: readonly string[], config: string) {
    writeFileSync(join(folder, CONFIG), config);
    return runCli(args, {}, folder);
  }

  /** Every object of the stack that a config becomes, with literal ARNs. */
  async function synthesize(config: string): Promise<object[]> {
    const { stdout, stderr } = await run(["synth"], config);
    expect(stderr).toBe("");
    const [, path = ""] = /^Wrote (\S+):/.exec(stdout) ?? [];
    return objectsOf(JSON.parse(withLiteralArns(readFileSync(join(folder, path), "utf8"))));
  }

  const configs = examples.filter(({ language }) => language === "yaml").map(({ text }) => text);
  const shown = examples
    .filter(({ language }) => language === "console")
    .flatMap(({ text, config }) =>
      text.split(/^(?=\$ )/m).map((part) => {
        const [command = "", ...output] = part.split("\n");
        return { args: cliArguments(command.slice(2)), output: output.join("\n"), config };
      }),
    );
  const commands = shown.flatMap(({ args, ...rest }) => (args && !asksAws(args) ? [{ args, ...rest }] : []));

  it("shows configs and commands", () => {
    expect(configs.length).toBeGreaterThan(0);
    expect(commands.length).toBeGreaterThan(0);
  });

  it.each(commands)("$args answers as shown", async ({ args, output, config }) => {
    const { code, stdout, stderr } = await run(words(args), config);
    expect([0, 2]).toContain(code);
    expectShown(stdout + stderr, output || "...");
    expect(stdout + stderr).toMatch(/\S/);
  });

  it("shows what is in the stack", async () => {
    const stacks = new Map<string, object[]>();
    for (const { text, config } of examples.filter(({ language }) => language === "json")) {
      const objects = stacks.get(config) ?? (await synthesize(config));
      stacks.set(config, objects);
      expect(objects).toContainEqual(expect.objectContaining(JSON.parse(text)));
    }
  });

  it("shows the UTC of the times in a table", () => {
    const rows = [...readDocument(page).matchAll(/^\| (\d\d):(\d\d) \| `(.*)` \|$/gm)];
    for (const [, hour, minute, utc] of rows) {
      const local = `${Number(minute)} ${Number(hour)} ? * MON-FRI *`;
      expect(Schedule.cron(local, { timezone: "Asia/Seoul" }).toUtc().expressions).toEqual([utc]);
    }
  });
});

it("a rule made by hand whose days are shifted is asked about as shown", async () => {
  const account = fakeAws({
    roles: [roleNamed("Role")],
    functions: [functionNamed("StartEC2Instances")],
    code: { StartEC2Instances: python("start", ["i-0123456789abcdef0"]) },
    rules: [ruleFor("StartEC2Instances", { name: "MorningStart", expression: "cron(0 23 ? * MON-FRI *)" })],
  });
  const { questions } = await propose(account, await takeInventory(account, REGION), {
    existing: { file: CONFIG, given: {} },
    now: new Date("2026-11-29T00:00:00Z"),
    cli: new AwsCli(REGION),
  });
  expect(examplesOf("docs/ko/from-the-console.md").map(({ text }) => text.trimEnd())).toContain(questions[0]);
});

it("the tutorial names the functions' defaults and every outcome", () => {
  const page = readDocument("docs/ko/from-the-console.md");
  const memory = FUNCTION_SETTINGS.memoryMb.default.toLocaleString("en-US");
  expect(page.replace(/\s+/g, " ")).toContain(
    `제한 시간은 ${FUNCTION_SETTINGS.timeoutSeconds.default}초, 메모리는 ${memory}MB`,
  );
  expect(page).toContain(`보존 기간 ${FUNCTION_SETTINGS.logRetentionDays.default}일`);
  expect(OUTCOMES.filter((outcome) => !page.includes(`\`${outcome}\``))).toEqual([]);
});

it("Korea's calendar has substitute holidays, and lacks the days that the quick start names", async () => {
  const dates = await countryHolidays({ country: "KR", years: [2026] });
  expect(dates).toEqual(expect.arrayContaining(["2026-03-02", "2026-08-17"]));
  expect(dates).not.toContain("2026-05-01");
  expect(dates).not.toContain("2026-06-03");
});

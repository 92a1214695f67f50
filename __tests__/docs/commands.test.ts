import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { name as packageName, peerDependencies, scripts } from "../../package.json";
import {
  allCommands,
  asksAws,
  cliArguments,
  codeBlocks,
  documentNames,
  ROOT,
  readDocument,
  shownCommands,
  words,
} from "../support/documents";
import { runCli } from "../support/run-cli";

const ci = readFileSync(join(ROOT, ".ci/run"), "utf8");
const CDKTF = /^(?:init|get|synth|diff|deploy|destroy)$/;
const TERRAFORM = /^(?:init|plan|apply|destroy|import|test|output|show|validate|version|state)$/;
/** Installs a patch of the oldest Terraform that the module takes. */
const OLDEST_TERRAFORM = new RegExp(
  `^install github\\.com/hashicorp/terraform@v${/required_version = ">= (\d+\.\d+)\./.exec(readDocument("module/versions.tf"))?.[1]}\\.\\d+$`,
);
/** Commands of a release, which no test can run. */
const RELEASE = /^(?:gh attestation verify|npm version --no-git-tag-version) /;

/** The commands of the CLI with what `--help` says of each. */
let helps: ReadonlyMap<string, string>;
beforeAll(async () => {
  const { stdout } = await runCli(["--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+) \[/gm)].map(([, name = ""]) => name);
  const pages = await Promise.all(
    names.map(async (name) => [name, (await runCli([name, "--help"])).stdout] as const),
  );
  helps = new Map([["", stdout], ...pages]);
}, 30_000);

/** Whether the CLI has a command and all its options. */
function isKnownToCli(args: string): boolean {
  const [first = "", ...rest] = words(args);
  const options = [first, ...rest].filter((word) => word.startsWith("-"));
  const help = helps.get(first.startsWith("-") ? "" : first);
  const known = new Set(help?.match(/(?<![\w-])--?\w[\w-]*/g));
  return help !== undefined && options.every((option) => known.has(option.split("=")[0] ?? ""));
}

function isKnown(command: string): boolean {
  const args = cliArguments(command);
  if (args !== undefined) return isKnownToCli(args);
  if (RELEASE.test(command) || ci.includes(command)) return true;
  const [program = "", ...rest] = words(command);
  const [verb = "", ...operands] = rest.filter((word) => !word.startsWith("-"));
  switch (program) {
    case "npm":
      if (verb === "ci")
        return operands.every((folder) => existsSync(join(ROOT, folder, "package-lock.json")));
      if (verb === "run") return Object.hasOwn(scripts, operands[0] ?? "");
      if (verb === "pack") return operands.length === 0;
      if (verb === "install" || verb === "i") return operands.every(isKnownPackage);
      return Object.hasOwn(scripts, verb);
    case "npx":
      return verb === "jest" || (verb === "cdktf" && CDKTF.test(operands[0] ?? ""));
    case "cdktf":
      return CDKTF.test(verb);
    case "bash":
      return existsSync(join(ROOT, verb));
    case "node":
      return rest.some((word) => word.endsWith(".ts") && existsSync(join(ROOT, word)));
    case "terraform":
    case "tofu":
      return TERRAFORM.test(verb);
    case "go":
      return OLDEST_TERRAFORM.test(rest.join(" "));
    case "python3":
      return rest.slice(0, 2).join(" ") === "-m venv";
    case "git":
      return verb === "clone" || verb === "grep";
    case "cd":
      return true;
    default:
      return namesFiles(rest);
  }
}

function isKnownPackage(operand: string): boolean {
  const name = operand.replace(/(?<=.)@[^@/]*$/, "");
  return name === packageName || Object.hasOwn(peerDependencies, name);
}

/** Of an installation from a list of requirements, whether the list exists. */
function namesFiles(operands: readonly string[]): boolean {
  const lists = operands.filter((word) => word.endsWith(".txt"));
  return lists.length > 0 && lists.every((list) => existsSync(join(ROOT, list)));
}

describe.each(documentNames())("%s", (name) => {
  it("shows commands that exist, with options that they have", () => {
    expect(allCommands(name).filter((command) => !isKnown(command))).toEqual([]);
  });
});

/** The languages of code blocks that tests run, compile or compare. */
const TESTED = ["console", "hcl", "json", "text", "ts", "yaml"];

it("no page has a code block of a language that no test reads", () => {
  const languages = documentNames().flatMap((name) =>
    [...readDocument(name).matchAll(/^ *```(.+)$/gm)].map(([, language = ""]) => `${name}: ${language}`),
  );
  expect(languages.filter((each) => !TESTED.includes(each.replace(/^.*: /, "")))).toEqual([]);
});

it("docs/operating.md shows what the CLI says when it cannot answer", async () => {
  const folder = mkdtempSync(join(tmpdir(), "operating-"));
  try {
    const [config = ""] = codeBlocks("docs/operating.md", "yaml");
    writeFileSync(join(folder, "ec2-start-stop.yaml"), config);
    const answers = [await runCli(["invoke", "dev-stpo"], {}, folder), await runCli(["logs"], {}, folder)];
    expect(codeBlocks("docs/operating.md", "text")).toEqual([answers.map(({ stderr }) => stderr).join("")]);
    expect(answers.map(({ code }) => code)).toEqual([2, 1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);

describe("commands that need no AWS account", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "commands-"));
    copyFileSync(join(ROOT, "ec2-start-stop.yaml"), join(folder, "ec2-start-stop.yaml"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const calls = documentNames().flatMap((name) =>
    shownCommands(name)
      .map((command) => cliArguments(command) ?? "")
      .filter((args) => args !== "" && !asksAws(args))
      .map((args) => ({ name, args })),
  );
  it.each(calls)(
    "$name: $args works, or ends with the message that the page shows",
    async ({ name, args }) => {
      const { code, stdout, stderr } = await runCli(words(args), {}, folder);
      if (code === 0) expect([stderr, stdout]).toEqual(["", expect.stringMatching(/\S/)]);
      else expect(readDocument(name).replace(/\s+/g, " ")).toContain(stderr.trim().replace(/\s+/g, " "));
    },
  );
});

it("finds commands in blocks and in sentences", () => {
  const commands = documentNames().flatMap(allCommands);
  expect(commands).toEqual(expect.arrayContaining(["npm run bench", "npm ci", "npm run synth"]));
});

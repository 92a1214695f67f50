import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { PERMISSIONS } from "../../cli/aws/permissions";
import { runCli } from "../support/run-cli";

const document = readFileSync(join(__dirname, "../../docs/operating.md"), "utf8");
const rows = [...document.matchAll(/^\| `(\w+)` \|.*\| (.+) \|$/gm)].map(([, command = "", cell = ""]) => ({
  command,
  permissions: [...cell.matchAll(/`([^`]+)`/g)].map(([, permission]) => permission),
}));

it("docs/operating.md says of every command that asks AWS what it needs in IAM", async () => {
  const { stdout } = await runCli(["--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) \[options\]/gm)].map(([, command = ""]) => command);
  const helps = await Promise.all(commands.map((command) => runCli([command, "--help"])));
  const asking = commands.filter((_, index) => helps[index]?.stdout.includes("Needs in IAM"));
  // adopt has a page of its own.
  expect(rows.map(({ command }) => command).sort()).toEqual(asking.filter((name) => name !== "adopt").sort());
});

it.each(rows)("$command needs in IAM what docs/operating.md says", async ({ command, permissions }) => {
  const { stdout } = await runCli([command, "--help"]);
  expect(/Needs in IAM: (.+)/.exec(stdout)?.[1]?.split(", ")).toEqual(permissions);
});

it("docs/adopting.md and its help list what `adopt` needs in IAM", async () => {
  const text = readFileSync(join(__dirname, "../../docs/adopting.md"), "utf8");
  const [, list = ""] = /Reading takes ([\s\S]+?)\. /.exec(text) ?? [];
  expect([...list.matchAll(/`([^`]+)`/g)].map(([, permission]) => permission)).toEqual([
    ...PERMISSIONS.adopt,
  ]);
  const { stdout } = await runCli(["adopt", "--help"]);
  expect(/Needs in IAM: (.+)/.exec(stdout)?.[1]?.split(", ")).toEqual([...PERMISSIONS.adopt]);
});

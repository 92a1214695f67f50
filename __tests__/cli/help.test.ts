import { expect, it } from "@jest/globals";
import { runCli } from "../support/run-cli";

const COMMANDS = [
  "synth",
  "invoke",
  "services",
  "status",
  "history",
  "logs",
  "doctor",
  "preview",
  "adopt",
  "hold",
  "extend",
  "release",
  "skip",
  "holds",
  "start",
];

it("help lists every command", async () => {
  const { stdout } = await runCli(["--help"]);
  const listed = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name]) => name);
  expect(listed).toEqual(expect.arrayContaining(COMMANDS));
  expect(listed.filter((name) => name !== "help")).toHaveLength(COMMANDS.length);
});

it.each(COMMANDS)(
  "help of %s has examples, of this command and with options that it has",
  async (command) => {
    const { stdout } = await runCli([command, "--help"]);
    const calls = [...stdout.matchAll(/^ {2}\$ ec2-start-stop (.+)$/gm)].map(([, call = ""]) => call);
    expect(calls).not.toEqual([]);
    const [options = ""] = stdout.split("\nExamples:\n");
    for (const call of calls) {
      expect(call.split(" ")[0]).toBe(command);
      for (const [option] of call.matchAll(/--[a-z-]+/g)) expect(options).toContain(`  ${option}`);
    }
  },
);

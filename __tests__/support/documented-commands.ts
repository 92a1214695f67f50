import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const PREFIXES = ["npm run --silent cli -- ", "ec2-start-stop "];
/** Commands that ask AWS. */
const OPERATING = /^(?:test|check|status|history|logs|doctor|adopt)\b/;

/** What stands after `$ ` in the code blocks of a document. */
export function shownCommands(document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^\$ (.+)$/gm)].map(([, command]) => command ?? "");
}

/** The arguments of a command of the CLI, as text; undefined for other commands. */
export function cliArguments(command: string): string | undefined {
  const prefix = PREFIXES.find((each) => command.startsWith(each));
  return prefix === undefined ? undefined : command.slice(prefix.length);
}

export function asksAws(cliArgumentsText: string): boolean {
  return OPERATING.test(cliArgumentsText);
}

/** As a POSIX shell splits words, double quotes kept together. */
export function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

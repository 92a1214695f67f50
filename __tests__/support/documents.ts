import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

/** Folders that hold pages, besides the root itself. */
const FOLDERS = ["docs", "module", ".github"];

/** Every page for readers, by its path from the root: those in the root and, at any depth, in the folders. */
export function documentNames(): string[] {
  const atRoot = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = [...atRoot.map(({ name }) => name), ...FOLDERS.flatMap((folder) => filesIn(folder))];
  return names.filter((name) => name.endsWith(".md")).sort();
}

/** Leaves out what tools install, such as .terraform. */
function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [path];
    return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : filesIn(path);
  });
}

export function readDocument(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

/** The text between the fences of a language's code blocks. */
export function codeBlocks(name: string, language: string): string[] {
  const fenced = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...readDocument(name).matchAll(fenced)].map(([, text]) => text ?? "");
}

/** The targets of links and pictures, as written. */
export function linkTargets(name: string): string[] {
  const prose = withoutCode(readDocument(name));
  const inline = [...prose.matchAll(/\]\(<?([^)>\s]+)>?(?: "[^"]*")?\)/g)];
  const referenced = [...prose.matchAll(/^ {0,3}\[[^\]]+\]: <?([^>\s]+)>?/gm)];
  const html = [...prose.matchAll(/<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"/g)];
  return [...inline, ...referenced, ...html].map(([, target]) => target ?? "");
}

/** What GitHub makes of headings: lower case, without punctuation, spaces to hyphens, repeated ones numbered. */
export function anchors(name: string): Set<string> {
  const found = new Set<string>();
  const fences = readDocument(name).replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
  for (const [, heading = ""] of fences.matchAll(/^#{1,6} (.+)$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const slug = text
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; found.has(anchor); count++) anchor = `${slug}-${count}`;
    found.add(anchor);
  }
  for (const [, id = ""] of fences.matchAll(/<a (?:id|name)="([^"]+)"/g)) found.add(id);
  return found;
}

function withoutCode(text: string): string {
  return text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "").replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, "");
}

const PROGRAMS = "npm|npx|node|bash|terraform|tofu|cdktf|git|gh|go|python3|ec2-start-stop";
const COMMAND = `(?:[A-Z_]+=\\S+ )*(?:${PROGRAMS}) \\S`;

/** What stands after `$ ` in the code blocks of a document. */
export function shownCommands(name: string): string[] {
  return [...readDocument(name).matchAll(/^ *\$ (.+)$/gm)].map(([, command]) => command ?? "");
}

/** Every command of a document, each part of `a && b` by itself: in blocks after `$ `, in indented blocks, in a sentence. */
export function allCommands(name: string): string[] {
  const text = readDocument(name);
  const indented = [...text.matchAll(new RegExp(`^ {4,}(${COMMAND}.*)$`, "gm"))];
  const prose = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, "");
  const inline = [...prose.matchAll(new RegExp(`\`(${COMMAND}[^\`]*)\``, "g"))];
  const found = [...shownCommands(name), ...[...indented, ...inline].map(([, command]) => command ?? "")];
  return found
    .flatMap((command) => command.replace(/\s+/g, " ").split(" && "))
    .map((command) => command.replace(/^(?:[A-Z_]+=\S+ )+/, "").replace(/ +#.*$/, ""));
}

const CLI = /^(?:npm run (?:--silent )?(?:cli|dev) -- |(?:npx )?ec2-start-stop )/;

/** The arguments of a command of the CLI, as text; undefined for other commands. */
export function cliArguments(command: string): string | undefined {
  return CLI.test(command) ? command.replace(CLI, "") : undefined;
}

/** Commands that need no AWS account. */
const OFFLINE = /^(?:synth|preview|help|-)/;

export function asksAws(cliArgumentsText: string): boolean {
  return cliArgumentsText !== "" && !OFFLINE.test(cliArgumentsText);
}

/** As a POSIX shell splits words, double quotes kept together. */
export function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** The path from the root of what a relative link of a document names. */
export function linkedPath(name: string, target: string): string {
  return relative(ROOT, resolve(ROOT, name, "..", decodeURIComponent(target)));
}

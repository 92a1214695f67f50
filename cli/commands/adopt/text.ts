import type { Terminal } from "../../context";
import { renderTable } from "../../terminal/table";
import { joinSections } from "../../terminal/text";
import type { Cell } from "../../terminal/tone";
import type { ExistingConfig } from "./config-edit";
import { type AdoptionFinding, collectRemovals } from "./finding";
import type { Proposal } from "./proposal";

const FATES: Readonly<Record<AdoptionFinding["fate"], string>> = {
  adopt: "adopted",
  recreate: "recreated",
  keep: "kept",
  obsolete: "obsolete",
};

/** The findings and proposals, to be read before anything is written. */
export function renderProposal({ region, findings, questions, notes }: Proposal, terminal: Terminal): string {
  const { bold } = terminal.colors;
  const sections = [
    [bold(`Found in ${region}`), ...renderTable(renderRows(findings, terminal), { width: terminal.columns })],
    renderSection("Times", questions, terminal),
    renderSection("Left to do by hand", notes, terminal),
    renderSection("To run once the new ones work", collectRemovals(findings), terminal),
  ];
  return joinSections(sections);
}

function renderSection(title: string, lines: readonly string[], { colors }: Terminal): string[] {
  return lines.length === 0 ? [] : [colors.bold(title), ...lines.map((line) => `  ${line}`)];
}

function renderRows(findings: readonly AdoptionFinding[], { colors }: Terminal): Cell[][] {
  const paints = { adopt: colors.green, recreate: colors.yellow, keep: colors.dim, obsolete: colors.yellow };
  return findings.map(({ kind, name, fate, why }) => [
    name,
    kind,
    { text: FATES[fate], paint: paints[fate] },
    why,
  ]);
}

/** Describes how the config file changes, or that it was written. */
export function renderConfigChange(
  { file, text: before }: ExistingConfig,
  after: string,
  write: boolean,
): string {
  if (after === before) return `${file} says all this already.\n`;
  if (write)
    return `Wrote ${file}. Next: ec2-start-stop synth, then terraform plan shows imports and changes in place only.\n`;
  const title = before === undefined ? `${file} would be written so` : `${file} would change so`;
  return [`${title} (--write does it):`, ...diffTexts(before ?? "", after), ""].join("\n");
}

/** Lines of two texts as `+ added`, `- removed` and `  kept`, where those kept are shown near changes only. */
export function diffTexts(before: string, after: string): string[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  // Beginnings and ends that are the same need no table.
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const removed = old.slice(start, old.length - end);
  const added = now.slice(start, now.length - end);
  const context = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  return [
    ...context(old.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...diffLines(removed, added),
    ...context(old.slice(old.length - end, old.length - end + CONTEXT_LINES)),
  ];
}

const CONTEXT_LINES = 2;

/** By the longest common subsequence. */
function diffLines(old: readonly string[], now: readonly string[]): string[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < old.length || j < now.length; ) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push(`  ${old[i]}`);
      i += 1;
      j += 1;
    } else if (i < old.length && (j >= now.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(`- ${old[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${now[j]}`);
      j += 1;
    }
  }
  return lines;
}

function splitLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

import { sectionsText } from "../sections";
import { type Cell, table } from "../table";
import { type Terminal, terminalOf } from "../terminal";
import type { Finding } from "./finding";
import type { Proposal } from "./proposal";

const FATES: Readonly<Record<Finding["fate"], string>> = {
  adopt: "adopted",
  beside: "new beside it",
  leave: "left alone",
  replaced: "left over",
};

/** What was found and what becomes of it, to be read before anything is written. */
export function adoptText(
  { region, findings, questions, notes }: Proposal,
  terminal: Terminal = terminalOf(process.stdout, process.env),
): string {
  const { bold } = terminal.colors;
  const sections = [
    [bold(`Found in ${region}`), ...table(rows(findings, terminal), { width: terminal.columns })],
    section("Times", questions, terminal),
    section("Left to do by hand", notes, terminal),
    section("To run once the new ones work", removals(findings), terminal),
  ];
  return sectionsText(sections);
}

/** Each command once, in an order that AWS takes: what depends on something goes before it. */
export function removals(findings: readonly Finding[]): string[] {
  return [...new Set(findings.flatMap(({ removal = [] }) => removal))];
}

function section(title: string, lines: readonly string[], { colors }: Terminal): string[] {
  return lines.length === 0 ? [] : [colors.bold(title), ...lines.map((line) => `  ${line}`)];
}

function rows(findings: readonly Finding[], { colors }: Terminal): Cell[][] {
  const paints = { adopt: colors.green, beside: colors.yellow, leave: colors.dim, replaced: colors.yellow };
  return findings.map(({ kind, name, fate, why }) => [
    name,
    kind,
    { text: FATES[fate], paint: paints[fate] },
    why,
  ]);
}

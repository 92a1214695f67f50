import stringWidth from "string-width";
import type { Terminal } from "../../context";
import type { Deployment } from "../../deployment/deployment";
import { toPrintable, wrapWords } from "../../terminal/text";
import { paintOf, type Tone } from "../../terminal/tone";
import type { CheckReport, Mark } from "./check";
import type { Diagnosis } from "./diagnose";
import { countByMark } from "./json";

const INDENT = 2;
const GAP = 2;
const MARK_COLUMNS = 5;
/** Share of the columns for names; the text of a longer name is on the next line. */
const NAME_SHARE = 0.4;

const COMMAND = /^(aws|ec2-start-stop) /;

const MARKS: Readonly<Record<Mark, string>> = {
  ok: "ok",
  wrong: "WRONG",
  unknown: "?",
  note: "note",
  "not-applicable": "-",
};

const TONES: Readonly<Record<Mark, Tone>> = {
  ok: "good",
  wrong: "bad",
  unknown: "doubtful",
  note: "doubtful",
  "not-applicable": "idle",
};

/** One line per check, with the remedy below each that is wrong. */
export function renderDiagnosis(
  { file, config }: Deployment,
  { account, checks }: Diagnosis,
  terminal: Terminal,
): string {
  const subjects = [...new Set(checks.map(({ subject }) => subject))];
  const blocks = subjects.map((subject) =>
    renderSubject(
      subject,
      checks.filter((check) => check.subject === subject),
      terminal,
    ),
  );
  const title = wrapWords(
    toPrintable(`${file} in account ${account.id}, ${config.region}`),
    terminal.columns,
  );
  return `${[title.join("\n"), ...blocks, renderSummary(checks, terminal)].join("\n\n")}\n`;
}

function renderSubject(subject: string, checks: readonly CheckReport[], terminal: Terminal): string {
  const widest = Math.max(...checks.map((check) => stringWidth(toPrintable(check.name))));
  const name = Math.min(Math.floor(terminal.columns * NAME_SHARE), widest);
  return [
    terminal.colors.bold(toPrintable(subject)),
    ...checks.flatMap((check) => renderCheck(check, name, terminal)),
  ].join("\n");
}

function renderCheck(check: CheckReport, nameColumns: number, terminal: Terminal): string[] {
  const { mark, differences = [], fix } = check;
  const { colors, columns } = terminal;
  const paint = paintOf(TONES[mark], colors);
  const name = toPrintable(check.name);
  const start = INDENT + MARK_COLUMNS + GAP;
  const below = start + nameColumns + GAP;
  const head = `${" ".repeat(INDENT)}${paint(MARKS[mark])}${" ".repeat(MARK_COLUMNS - MARKS[mark].length + GAP)}${name}`;
  const text = wrapWords(toPrintable(check.text), columns - below);
  const room = nameColumns + GAP - stringWidth(name);
  const [first = "", ...rest] = text;
  const lines =
    room < GAP
      ? [head, ...indentLines(text, below)]
      : [`${head}${" ".repeat(room)}${first}`, ...indentLines(rest, below)];
  const detail = (label: string, value: string) => {
    const [opening = "", ...others] = wrapWords(toPrintable(value), columns - start - label.length);
    return [" ".repeat(start) + label + opening, ...indentLines(others, start + label.length)];
  };
  // Users copy commands, so these are never wrapped.
  const fixLines = (value: string) =>
    COMMAND.test(value) ? indentLines([`fix: ${toPrintable(value)}`], start) : detail("fix: ", value);
  return [
    ...(mark === "not-applicable" ? lines.map((line) => colors.dim(line)) : lines),
    ...differences.flatMap(({ name: what, got, expected }) => {
      const line = toPrintable(`${what}: got ${got}, expected ${expected}`);
      if (start + stringWidth(line) <= columns) return indentLines([line], start);
      const label = indentLines(wrapWords(toPrintable(what), columns - start), start);
      return [...label, ...detail("  got       ", got), ...detail("  expected  ", expected)];
    }),
    ...(fix === undefined ? [] : fixLines(fix)),
  ];
}

function renderSummary(checks: readonly CheckReport[], { colors, columns }: Terminal): string {
  const [wrong, unknown] = [countByMark(checks, "wrong"), countByMark(checks, "unknown")];
  const parts = [
    `${wrong} wrong`,
    `${unknown} unknown (?)`,
    `${countByMark(checks, "note")} to note`,
    `${countByMark(checks, "ok")} ok`,
    `${countByMark(checks, "not-applicable")} not applicable (-)`,
  ];
  const verdict =
    wrong > 0 ? "Not as it should be" : unknown > 0 ? "Not known to be right" : "All is as it should be";
  const paint = wrong > 0 ? colors.red : unknown > 0 ? colors.yellow : colors.green;
  return wrapWords(`${verdict}: ${parts.join(", ")}.`, columns)
    .map((line) => paint(line))
    .join("\n");
}

function indentLines(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => " ".repeat(columns) + line);
}

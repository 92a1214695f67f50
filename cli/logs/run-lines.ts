import { localTime } from "../instant";
import { columnsOf, printable } from "../printable";
import type { Paint } from "../table";
import type { Terminal } from "../terminal";
import { dayText } from "../time-text";
import { paragraph } from "../wrap";
import { detailText, firstFailure } from "./detail-text";
import { reportLines } from "./report-lines";
import type { RunOutcome, ShownRun } from "./shown-run";

export interface RunLinesOptions {
  readonly timezone: string;
  /** The functions' region. */
  readonly region: string;
  /** Columns that the names of schedules take. */
  readonly nameColumns: number;
  /** Each run's instances, too. */
  readonly verbose: boolean;
  readonly terminal: Terminal;
}

/** From so many columns on, UTC stands beside the local time. */
const WIDE = 100;
const INDENT = 2;
/** Of what belongs to a run and has no room in its line. */
const BELOW = 12;
const ACTION_COLUMNS = "start".length;
const DURATION_COLUMNS = 6;
const OUTCOME_COLUMNS = "timed out".length;

/** Runs, a line each, under the day of each; it remembers the day between two calls. */
export class RunLines {
  readonly #options: RunLinesOptions;
  #day = "";

  constructor(options: RunLinesOptions) {
    this.#options = options;
  }

  of(runs: readonly ShownRun[]): string[] {
    return runs.flatMap((run) => {
      const local = new Date(localTime(run.startedAt, this.#options.timezone)).toISOString();
      const day = local.slice(0, 10);
      const heading = day === this.#day ? [] : ["", dayText(day)];
      this.#day = day;
      return [...heading, ...runLines(run, local.slice(11, 19), this.#options)];
    });
  }
}

function runLines(run: ShownRun, time: string, options: RunLinesOptions): string[] {
  const { nameColumns, region, terminal, verbose } = options;
  const { columns: width, colors } = terminal;
  const outcome = paintOf(run.outcome, colors)(run.outcome);
  const head = [
    time,
    ...(width >= WIDE ? [colors.dim(`${run.startedAt.toISOString().slice(11, 19)}Z`)] : []),
    pad(printable(run.schedule ?? "?"), nameColumns),
    run.action.padEnd(ACTION_COLUMNS),
    durationText(run).padStart(DURATION_COLUMNS),
    outcome + " ".repeat(OUTCOME_COLUMNS - run.outcome.length),
  ].join("  ");
  const used = INDENT + headColumns(width, Math.max(nameColumns, columnsOf(run.schedule ?? "?")));
  const detail = printable(detailText(run));
  const fits = used + 2 + columnsOf(detail) <= width;
  const why = verbose ? undefined : firstFailure(run);
  return [
    `${" ".repeat(INDENT)}${head}${fits ? `  ${detail}` : ""}`.trimEnd(),
    ...(fits ? [] : paragraph(detail, width, { indent: BELOW })),
    ...(why === undefined ? [] : paragraph(why, width, { indent: BELOW })),
    ...(verbose ? reportLines(run, { region, terminal, indent: BELOW }) : []),
  ];
}

function headColumns(width: number, nameColumns: number): number {
  const time = width >= WIDE ? "20:00:04  11:00:04Z".length : "20:00:04".length;
  return time + nameColumns + ACTION_COLUMNS + DURATION_COLUMNS + OUTCOME_COLUMNS + 4 * 2;
}

function pad(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** `1.4 s`, `312 s`. */
function durationText({ durationMs }: ShownRun): string {
  if (durationMs === undefined) return "";
  const seconds = durationMs / 1000;
  return `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`;
}

function paintOf(outcome: RunOutcome, { green, red, yellow, cyan, dim }: Terminal["colors"]): Paint {
  switch (outcome) {
    case "ok":
      return green;
    case "skipped":
    case "no report":
      return dim;
    case "pending":
      return yellow;
    case "running":
      return cyan;
    default:
      return red;
  }
}

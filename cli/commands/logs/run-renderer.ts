import stringWidth from "string-width";
import { countBad, hasFailed, type InstanceReport, isBad, type RunReport } from "../../../contract/report";
import {
  changeVerdictOf,
  formatOutcomes,
  formatServiceReport,
  formatServices,
  type InstanceReportsOptions,
  OUTCOME_TEXTS,
  OUTCOME_TONES,
  renderInstanceReports,
} from "../../runs/render";
import { outcomeOf, scheduleNameOf } from "../../runs/run";
import { toPrintable, wrapParagraph } from "../../terminal/text";
import { formatDay, toLocalMs } from "../../terminal/time";
import { paintOf } from "../../terminal/tone";
import type { ActionRun, LogsSubject } from "./scope";

/** Minimum width at which UTC is shown next to the local time. */
const WIDE_COLUMNS = 100;
const INDENT = 2;
/** Indent of details that do not fit into the line of their run. */
const DETAIL_INDENT = 12;
const ACTION_COLUMNS = "start".length;
const DURATION_COLUMNS = 6;
const OUTCOME_COLUMNS = "timed out".length;

/** Prints runs, a line each, under their days; it remembers the day between two calls. */
export class RunRenderer {
  readonly #subject: LogsSubject;
  /** Columns that the names of schedules take. */
  readonly #nameColumns: number;
  #day = "";

  constructor(subject: LogsSubject) {
    const { plan, scope } = subject;
    const names = plan.map(({ name }) => name).filter((name) => scope.schedules?.has(name) ?? true);
    this.#subject = subject;
    this.#nameColumns = Math.max(...names.map((name) => stringWidth(name)));
  }

  render(runs: readonly ActionRun[]): string[] {
    return runs.flatMap((run) => {
      const local = new Date(toLocalMs(run.startedAt, this.#subject.timezone)).toISOString();
      const day = local.slice(0, 10);
      const heading = day === this.#day ? [] : ["", formatDay(day)];
      this.#day = day;
      return [...heading, ...renderRun(run, local.slice(11, 19), this.#nameColumns, this.#subject)];
    });
  }
}

function renderRun(
  run: ActionRun,
  time: string,
  nameColumns: number,
  { region, terminal, verbose }: LogsSubject,
): string[] {
  const { columns: width, colors } = terminal;
  const name = toPrintable(scheduleNameOf(run) ?? "?");
  const outcome = outcomeOf(run);
  const text = OUTCOME_TEXTS[outcome];
  const head = [
    time,
    ...(width >= WIDE_COLUMNS ? [colors.dim(`${run.startedAt.toISOString().slice(11, 19)}Z`)] : []),
    padToColumns(name, nameColumns),
    run.action.padEnd(ACTION_COLUMNS),
    formatSeconds(run).padStart(DURATION_COLUMNS),
    padToColumns(paintOf(OUTCOME_TONES[outcome], colors)(text), OUTCOME_COLUMNS),
  ].join("  ");
  const used = INDENT + countHeadColumns(width, Math.max(nameColumns, stringWidth(name)));
  const detail = toPrintable(formatDetails(run));
  const fits = used + 2 + stringWidth(detail) <= width;
  const why = verbose ? undefined : describeFirstFailure(run);
  return [
    `${" ".repeat(INDENT)}${head}${fits ? `  ${detail}` : ""}`.trimEnd(),
    ...(fits ? [] : wrapParagraph(detail, width, { indent: DETAIL_INDENT })),
    ...(why === undefined ? [] : wrapParagraph(why, width, { indent: DETAIL_INDENT })),
    ...(verbose ? renderReport(run, { region, terminal, indent: DETAIL_INDENT }) : []),
  ];
}

function countHeadColumns(width: number, nameColumns: number): number {
  const time = width >= WIDE_COLUMNS ? "20:00:04  11:00:04Z".length : "20:00:04".length;
  return time + nameColumns + ACTION_COLUMNS + DURATION_COLUMNS + OUTCOME_COLUMNS + 4 * 2;
}

function padToColumns(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

/** `1.4 s`, `312 s`. */
function formatSeconds({ durationMs }: ActionRun): string {
  if (durationMs === undefined) return "";
  const seconds = durationMs / 1000;
  return `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`;
}

/** Renders all that a run's report lists, below its line. */
function renderReport(
  { report, requestId }: ActionRun,
  options: Pick<InstanceReportsOptions, "region" | "terminal"> & { readonly indent: number },
): string[] {
  const { indent, terminal } = options;
  const below = (text: string) => wrapParagraph(text, terminal.columns, { indent, hanging: indent + 2 });
  if (report === undefined) {
    return below(`request ${requestId}; what it asked of EC2 is in CloudTrail: ec2-start-stop history`);
  }
  const { errors, warnings, scheduledTime } = report;
  return [
    ...below(`request ${requestId}${scheduledTime === undefined ? "" : `, due at ${scheduledTime}`}`),
    ...errors.flatMap(({ region, reason }) => below(`error in ${region}: ${reason}`)),
    ...warnings.flatMap((warning) => below(`warning: ${warning}`)),
    ...renderInstanceReports(report, { ...options, verdict: changeVerdictOf(report) }),
  ];
}

/** Formats what a run did, or why it did nothing: `2 done, 1 failed`. */
function formatDetails(run: ActionRun): string {
  const again = run.attempt > 1 ? [`attempt ${run.attempt}`] : [];
  return [...again, ...listDetails(run)].join("; ");
}

function listDetails(run: ActionRun): string[] {
  const outcome = outcomeOf(run);
  if (outcome === "unreported") return ["no error either: older code, or other code"];
  if (outcome === "running") return ["no end is logged yet"];
  const { report } = run;
  // The outcome is printed before it: `timed out`, and then `after 60 s`.
  const error = run.error?.replace(/^timed out /, "");
  if (report === undefined) return [error === undefined ? "no report" : `${error}, no report`];
  const ended = error === undefined ? [] : [`${error}, with its report already written`];
  if (report.reason !== undefined) return [...ended, report.reason];
  const outcomes = formatOutcomes(report) || "no instances";
  const services = formatServices(report, ["failed", "pending", "unchecked"]);
  const warnings = report.warnings.length;
  return [
    ...ended,
    `${report.dryRun ? "dry run: " : ""}${outcomes}`,
    ...(services === "" ? [] : [`services ${services}`]),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? "warning" : "warnings"}`] : []),
  ];
}

/** Describes the first failure and counts the others; undefined if there is none. */
function describeFirstFailure({ report }: ActionRun): string | undefined {
  if (report === undefined) return undefined;
  const bad = report.instances.filter(isBad);
  const [first, ...others] = [
    ...report.errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...bad.map((instance) => `${instance.instanceId}: ${describeFailure(instance)}`),
  ];
  if (first === undefined) return undefined;
  const more = others.length + countOmittedFailures(report, bad.length);
  return more > 0 ? `${first} (and ${more} more: --verbose)` : first;
}

function countOmittedFailures(report: RunReport, listed: number): number {
  const { errors, instancesOmitted = 0 } = report;
  return Math.min(instancesOmitted, Math.max(0, countBad(report) - errors.length - listed));
}

function describeFailure({ outcome, reason, services }: InstanceReport): string {
  if (hasFailed(outcome)) return reason ?? outcome;
  return services === undefined ? outcome : formatServiceReport(services);
}

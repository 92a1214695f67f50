import stringWidth from "string-width";
import { countBad, hasFailed, type InstanceReport, isBad, type RunReport } from "../../../contract/report";
import type { PlannedSchedule } from "../../../model/plan";
import type { Terminal } from "../../context";
import { lastDueFiring } from "../../deployment/past-firings";
import { logGroupOf } from "../../runs/parse";
import { changeVerdict, instanceLines, outcomesText, servicesCounted, serviceText } from "../../runs/render";
import { countsText, listItem, paragraph, printable, tally } from "../../terminal/text";
import { dayText, localTime, minuteInZone, wholeMinuteInZone } from "../../terminal/time";
import { paintOf, type Tone } from "../../terminal/tone";
import type { LogsScope, RunOutcome, ShownRun } from "./run";

/** What the text of `logs` is about. */
export interface LogsSubject {
  readonly scope: LogsScope;
  readonly plan: readonly PlannedSchedule[];
  readonly period: { readonly from: Date; readonly to: Date };
  readonly region: string;
  readonly timezone: string;
  readonly verbose: boolean;
  readonly terminal: Terminal;
}

export function logsText(
  subject: LogsSubject,
  missing: ReadonlySet<string>,
  runs: readonly ShownRun[],
): string {
  const { terminal, region } = subject;
  const notes = [...missing].flatMap((name) =>
    paragraph(missingText(name, region), terminal.columns, { hanging: 2 }),
  );
  const body =
    runs.length === 0
      ? noRunsLines(subject)
      : [
          titleOf(subject),
          ...runLines(subject).of(runs),
          "",
          ...paragraph(`${closing(runs)}.`, terminal.columns),
        ];
  return `${[...body, ...notes].join("\n")}\n`;
}

/** Runs of a period, or as they end. */
export function titleOf({ scope, period, timezone }: LogsSubject, follow = false): string {
  const failed = scope.onlyFailed ? "Failed runs" : "Runs";
  const since = `${wholeMinuteInZone(period.from, timezone)} (${timezone})`;
  return `${failed} since ${since}${follow ? ", and as they end, until Ctrl-C" : ""}`;
}

export function runLines({ scope, plan, timezone, region, verbose, terminal }: LogsSubject): RunLines {
  const names = plan.map(({ name }) => name).filter((name) => scope.schedules?.has(name) ?? true);
  return new RunLines({
    timezone,
    region,
    nameColumns: Math.max(...names.map((name) => stringWidth(name))),
    verbose,
    terminal,
  });
}

/** A function made by Terraform has its log group before its first run. */
export function missingText(functionName: string, region: string): string {
  return (
    `${functionName} has no log group ${logGroupOf(functionName)} in ${region}: ` +
    "it is not deployed there, or was made by hand and never ran (look with: ec2-start-stop doctor)"
  );
}

function closing(runs: readonly ShownRun[]): string {
  const counts = countsText(tally(runs.map(({ outcome }) => outcome)));
  return `${runs.length} ${runs.length === 1 ? "run" : "runs"}: ${counts}`;
}

function noRunsLines(subject: LogsSubject): string[] {
  const { scope, period, timezone, terminal } = subject;
  const since = wholeMinuteInZone(period.from, timezone);
  const names = scope.functions.map(({ name }) => name).join(" and ");
  const item = (text: string) => listItem(text, terminal.columns);
  if (scope.onlyFailed) {
    return paragraph(
      `No failed run of ${names} since ${since}. Without --failed, all runs are shown.`,
      terminal.columns,
    );
  }
  return [
    ...paragraph(`No runs of ${names} since ${since}.`, terminal.columns),
    ...paragraph(dueText(subject), terminal.columns),
    "",
    "What to check next:",
    ...item("Further back: ec2-start-stop logs --since 7d"),
    ...item("When each schedule fires next: ec2-start-stop status"),
    ...item("Whether the triggers are there, enabled, and may call the functions: ec2-start-stop doctor"),
    ...item("What a run would do, without waiting for one: ec2-start-stop test SCHEDULE"),
  ];
}

function dueText({ scope, plan, period, timezone }: LogsSubject): string {
  const asked = plan.filter(({ name }) => scope.schedules?.has(name) ?? true);
  const last = lastDueFiring(asked, period);
  const rates = asked.filter(({ enabled, schedule }) => enabled && schedule.kind === "rate");
  if (last === undefined && rates.length > 0) {
    return `When ${rates.map(({ name }) => name).join(", ")} was due, the config does not tell: a rate counts from its deployment.`;
  }
  if (last === undefined) return "By the config, no schedule was due in that time.";
  return `By the config, ${last.of.name} was due on ${minuteInZone(last.at, timezone)}, and did not run, or its lines are not there yet.`;
}

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
      return [...heading, ...linesOfRun(run, local.slice(11, 19), this.#options)];
    });
  }
}

function linesOfRun(run: ShownRun, time: string, options: RunLinesOptions): string[] {
  const { nameColumns, region, terminal, verbose } = options;
  const { columns: width, colors } = terminal;
  const outcome = paintOf(OUTCOME_TONES[run.outcome], colors)(run.outcome);
  const head = [
    time,
    ...(width >= WIDE ? [colors.dim(`${run.startedAt.toISOString().slice(11, 19)}Z`)] : []),
    pad(printable(run.schedule ?? "?"), nameColumns),
    run.action.padEnd(ACTION_COLUMNS),
    durationText(run).padStart(DURATION_COLUMNS),
    outcome + " ".repeat(OUTCOME_COLUMNS - run.outcome.length),
  ].join("  ");
  const used = INDENT + headColumns(width, Math.max(nameColumns, stringWidth(run.schedule ?? "?")));
  const detail = printable(detailText(run));
  const fits = used + 2 + stringWidth(detail) <= width;
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
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}

/** `1.4 s`, `312 s`. */
function durationText({ durationMs }: ShownRun): string {
  if (durationMs === undefined) return "";
  const seconds = durationMs / 1000;
  return `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`;
}

const OUTCOME_TONES: Readonly<Record<RunOutcome, Tone>> = {
  ok: "good",
  skipped: "idle",
  "no report": "idle",
  pending: "doubtful",
  running: "active",
  failed: "bad",
  refused: "bad",
  "timed out": "bad",
  crashed: "bad",
};

export interface ReportLinesOptions {
  /** The functions' region. */
  readonly region: string;
  readonly terminal: Terminal;
  /** Columns before each line. */
  readonly indent: number;
}

/** All that a run's report lists, below its line. */
export function reportLines({ report, requestId }: ShownRun, options: ReportLinesOptions): string[] {
  const { indent, terminal } = options;
  const below = (text: string) => paragraph(text, terminal.columns, { indent, hanging: indent + 2 });
  if (report === undefined) {
    return below(`request ${requestId}; what it asked of EC2 is in CloudTrail: ec2-start-stop history`);
  }
  const { errors, warnings, scheduledTime } = report;
  return [
    ...below(`request ${requestId}${scheduledTime === undefined ? "" : `, due at ${scheduledTime}`}`),
    ...errors.flatMap(({ region, reason }) => below(`error in ${region}: ${reason}`)),
    ...warnings.flatMap((warning) => below(`warning: ${warning}`)),
    ...instanceLines(report, { ...options, verdict: changeVerdict(report) }),
  ];
}

/** What a run did, or why it did not: `2 done, 1 failed`. */
export function detailText({ report, error, outcome, attempt }: ShownRun): string {
  const again = attempt > 1 ? [`attempt ${attempt}`] : [];
  return [...again, ...whatText(report, error, outcome)].join("; ");
}

function whatText(report: RunReport | undefined, error: string | undefined, outcome: string): string[] {
  if (outcome === "no report") return ["no error either: older code, or somebody else's"];
  if (outcome === "running") return ["no end is logged yet"];
  // The outcome stands before it: `timed out`, and then `after 60 s`.
  const how = error?.replace(/^timed out /, "");
  if (report === undefined) return [how === undefined ? "no report" : `${how}, no report`];
  const ended = how === undefined ? [] : [`${how}, with its report already written`];
  if (report.reason !== undefined) return [...ended, report.reason];
  const outcomes = outcomesText(report) || "no instances";
  return [...ended, `${report.dryRun ? "dry run: " : ""}${outcomes}`, ...besides(report)];
}

function besides(report: RunReport): string[] {
  const { warnings } = report;
  const services = servicesCounted(report, ["failed", "pending", "unchecked"]);
  return [
    ...(services === "" ? [] : [`services ${services}`]),
    ...(warnings.length > 0 ? [`${warnings.length} ${warnings.length === 1 ? "warning" : "warnings"}`] : []),
  ];
}

/** The first thing that went wrong, and how many more there are; undefined where nothing did. */
export function firstFailure({ report }: ShownRun): string | undefined {
  if (report === undefined) return undefined;
  const bad = report.instances.filter(isBad);
  const [first, ...others] = [
    ...report.errors.map(({ region, reason }) => `${region}: ${reason}`),
    ...bad.map((instance) => `${instance.instanceId}: ${failureText(instance)}`),
  ];
  if (first === undefined) return undefined;
  const more = others.length + omittedFailures(report, bad.length);
  return more > 0 ? `${first} (and ${more} more: --verbose)` : first;
}

function omittedFailures(report: RunReport, listed: number): number {
  const { errors, instancesOmitted = 0 } = report;
  return Math.min(instancesOmitted, Math.max(0, countBad(report) - errors.length - listed));
}

function failureText({ outcome, reason, services }: InstanceReport): string {
  if (hasFailed(outcome)) return reason ?? outcome;
  return services === undefined ? outcome : serviceText(services);
}

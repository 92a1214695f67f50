import stringWidth from "string-width";
import {
  hasFailed,
  type InstanceReport,
  OUTCOMES,
  type Outcome,
  type RunReport,
  reportedOutcome,
  SERVICE_STATUSES,
  type ServiceReport,
  type ServiceStatus,
} from "../../contract/report";
import type { Terminal } from "../context";
import { dropEmptyColumns, renderRows } from "../terminal/table";
import { formatCounts, joinSections, toPrintable, wrapParagraph } from "../terminal/text";
import { type Cell, type Paint, paintOf, TONES, type Tone, unpainted } from "../terminal/tone";
import type { InvocationResult, InvokedRun } from "./invoke";
import { type FunctionRun, outcomeOf, type RunOutcome } from "./run";

/** How the outcome of a run is printed. */
export const OUTCOME_TEXTS: Readonly<Record<RunOutcome, string>> = {
  ok: "ok",
  unfinished: "unfinished",
  skipped: "skipped",
  pending: "pending",
  failed: "failed",
  refused: "refused",
  "timed-out": "timed out",
  crashed: "crashed",
  unreported: "no report",
  running: "running",
};

export const OUTCOME_TONES: Readonly<Record<RunOutcome, Tone>> = {
  ok: "good",
  skipped: "idle",
  unreported: "idle",
  pending: "doubtful",
  unfinished: "active",
  running: "active",
  failed: "bad",
  refused: "bad",
  "timed-out": "bad",
  crashed: "bad",
};

/** A run, or its result for an instance, in a word or two. */
export interface RunSummary {
  readonly text: string;
  readonly tone: Tone;
}

/** Summarizes a run, by counts if it acted on instances: `1 failed, 2 done`. */
export function summarizeRun(run: FunctionRun): RunSummary {
  const { report, attempt } = run;
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  const outcome = report === undefined ? outcomeOf(run) : reportedOutcome(report);
  const tone = OUTCOME_TONES[outcome];
  if (report === undefined) return { text: OUTCOME_TEXTS[outcome] + again, tone };
  if (outcome === "refused") return { text: "refused", tone };
  const { reason = "" } = report;
  // `logs` prints what follows the colon.
  if (outcome === "skipped") return { text: `skipped: ${reason.replace(/:.*/s, "")}`, tone };
  return { text: (formatOutcomes(report) || reason || "no instances") + again, tone };
}

/**
 * Summarizes what a run did to an instance, or why it changed none; undefined if its report does not list the instance.
 * @param entry what the report says of the instance
 */
export function summarizeInstance(
  run: FunctionRun,
  entry: InstanceReport | undefined,
): RunSummary | undefined {
  const { report } = run;
  if (report !== undefined && entry !== undefined) return changeVerdictOf(report)(entry);
  const outcome = report === undefined ? outcomeOf(run) : reportedOutcome(report);
  if (outcome === "ok" || outcome === "failed" || outcome === "pending") return undefined;
  return { text: OUTCOME_TEXTS[outcome], tone: OUTCOME_TONES[outcome] };
}

/**
 * Renders the report of a function that was invoked by hand.
 * @param heading what was asked of it
 * @param region of the functions
 * @param sections renders the report below the lines on the run as a whole
 */
export function renderInvocation(
  heading: readonly string[],
  result: InvocationResult,
  { region, terminal }: { readonly region: string; readonly terminal: Terminal },
  sections: (report: RunReport) => string[][],
): string {
  const { report } = result;
  return joinSections([
    [...heading, ...renderFunction(result, region, terminal)],
    renderWholeRun(result, terminal),
    ...(report === undefined ? [] : sections(report)),
  ]);
}

/** Renders what concerns the run as a whole; empty if there is nothing to report. */
function renderWholeRun({ report, failure }: InvokedRun, terminal: Terminal): string[] {
  const { red, yellow } = terminal.colors;
  const say = (text: string, paint: Paint) => wrapParagraph(text, terminal.columns, { paint });
  if (report === undefined) return say(failure ?? "The function returned no report", red);
  const { status, reason, errors, warnings } = report;
  return [
    ...(reason === undefined ? [] : say(addStatus(status, reason), status === "skipped" ? yellow : red)),
    ...(isOlder(report)
      ? say("The deployed function is older than this command: deploy the config again.", yellow)
      : []),
    ...(status === "refused" && reason?.includes("this deployment")
      ? say("What is deployed does not know what the config asks for: deploy the config first.", yellow)
      : []),
    ...errors.flatMap((error) => say(`Failed in ${error.region}: ${error.reason}`, red)),
    ...warnings.flatMap((warning) => say(`Warning: ${warning}`, yellow)),
  ];
}

/** `the function took 0.4 s`. */
export function formatRunTime({ durationSeconds }: RunReport): string {
  const seconds = durationSeconds < 0.1 ? "under 0.1" : Number(durationSeconds.toFixed(1));
  return `the function took ${seconds} s`;
}

/** Which function ran, and how to find its run in the log. */
function renderFunction(
  { function: { name }, requestId }: InvokedRun,
  region: string,
  terminal: Terminal,
): string[] {
  const parts = [`${name} in ${region}`, `request ${requestId}`];
  const { columns, colors } = terminal;
  const line = parts.join(", ");
  return (stringWidth(line) <= columns ? [line] : parts).map((part) => colors.dim(toPrintable(part)));
}

function addStatus(status: RunReport["status"], reason: string): string {
  // A refusal says so itself.
  return status === "refused" ? reason : `${status === "skipped" ? "Skipped" : "Failed"}: ${reason}`;
}

/** An older function refuses keys that requests have gained since. */
function isOlder({ status, reason = "" }: RunReport): boolean {
  return status === "refused" && reason.includes("Unknown key");
}

export interface InstanceReportsOptions {
  readonly terminal: Terminal;
  /** The functions' region: that of an instance is shown where it is another. */
  readonly region: string;
  /**
   * Names by instance id.
   * @default none
   */
  readonly names?: ReadonlyMap<string, string>;
  /** Judges an instance in a word or two. */
  readonly verdict: (instance: InstanceReport) => InstanceVerdict;
  /**
   * Whether there is a column with the results of `checks`.
   * @default true
   */
  readonly withServices?: boolean;
  /**
   * Columns before each line.
   * @default 2
   */
  readonly indent?: number;
}

/** The judgement of an instance, and why. */
export interface InstanceVerdict extends RunSummary {
  /** Why it was judged so. */
  readonly reason?: string;
}

/** Indent of notes below the line of their instance. */
const NOTE_INDENT = 4;

/** Renders a line for each instance of a report, failures first, with the reasons below it. */
export function renderInstanceReports(
  { instances, instancesOmitted = 0 }: RunReport,
  options: InstanceReportsOptions,
): string[] {
  const { terminal, verdict, indent = 2 } = options;
  const sorted = [...instances].sort(
    (a, b) => TONES.indexOf(verdict(a).tone) - TONES.indexOf(verdict(b).tone),
  );
  const rows = dropEmptyColumns(sorted.map((instance) => renderRow(instance, options)));
  const lines = renderRows(rows, { width: terminal.columns, indent });
  return [
    ...sorted.flatMap((instance, index) => [
      ...(lines[index] ?? []),
      ...renderNotes(instance, verdict(instance), indent + NOTE_INDENT, terminal),
    ]),
    ...(instancesOmitted === 0
      ? []
      : [`${" ".repeat(indent)}and ${instancesOmitted} more, which the report does not list`]),
  ];
}

function renderRow(
  instance: InstanceReport,
  { terminal, region, names, verdict, withServices = true }: InstanceReportsOptions,
): Cell[] {
  const { instanceId, services } = instance;
  const { text, tone } = verdict(instance);
  return [
    { text, paint: paintOf(tone, terminal.colors) },
    instanceId,
    { text: names?.get(instanceId) ?? "", paint: unpainted, mayBeCut: true },
    formatStates(instance),
    services && withServices
      ? {
          text: `services ${services.status}`,
          paint: paintOf(SERVICE_TONES[services.status] ?? "doubtful", terminal.colors),
        }
      : "",
    instance.region === region ? "" : instance.region,
  ];
}

/** `running -> stopped`, or the one state that it stayed in. */
function formatStates({ stateBefore, stateAfter }: InstanceReport): string {
  return [...new Set([stateBefore, stateAfter])].filter(Boolean).join(" -> ");
}

function renderNotes(
  { services }: InstanceReport,
  { tone, reason }: InstanceVerdict,
  indent: number,
  { columns, colors }: Terminal,
): string[] {
  const notes = [...(reason ? [reason] : []), ...(services ? describeServices(services) : [])];
  const paint = tone === "bad" ? unpainted : colors.dim;
  return notes.flatMap((note) => wrapParagraph(note, columns, { indent, paint }));
}

const SERVICE_TONES: Readonly<Record<ServiceStatus, Tone>> = {
  failed: "bad",
  pending: "doubtful",
  unchecked: "doubtful",
  passed: "good",
};

/** The function's reason for an instance whose dry run succeeded. */
const WOULD = /^dry run: EC2 would (?:start|stop) it$/;

/** Whether a dry run found that the instance would be started or stopped. */
function wouldChange({ reason = "" }: InstanceReport, { dryRun }: Pick<RunReport, "dryRun">): boolean {
  return dryRun && WOULD.test(reason);
}

/** Judges what a run did to an instance, or would do in a dry run. */
export function changeVerdictOf(report: RunReport): (instance: InstanceReport) => InstanceVerdict {
  return (instance) => {
    const { outcome, reason = "" } = instance;
    if (wouldChange(instance, report)) return { text: `would ${report.action}`, tone: "good" };
    return { text: outcome, tone: toneOfChange(instance), reason };
  };
}

function toneOfChange({ outcome, services }: InstanceReport): Tone {
  if (hasFailed(outcome)) return "bad";
  if (services && services.status !== "passed") return "doubtful";
  if (!isKnown(outcome)) return "doubtful";
  return outcome === "done" ? "good" : "idle";
}

/** Whether this version knows an outcome: a function of another version may have more. */
function isKnown(outcome: string): boolean {
  return OUTCOMES.some((known) => known === outcome);
}

/** The number of instances by outcome, failures first: `1 failed, 2 would stop`; empty where there were none. */
export function formatOutcomes(report: RunReport): string {
  const { action, counts, instances, instancesOmitted } = report;
  // The results of a dry run are in the reasons alone, which are not known of instances that are not listed.
  const would = instancesOmitted ? 0 : instances.filter((instance) => wouldChange(instance, report)).length;
  const byOutcome: Readonly<Record<Outcome, number>> = {
    failed: counts.failed,
    unconfirmed: counts.unconfirmed,
    deferred: counts.deferred,
    done: counts.done,
    already: counts.already,
    skipped: counts.skipped - would,
    ...Object.fromEntries(Object.entries(counts).filter(([outcome]) => !isKnown(outcome))),
  };
  return formatCounts(
    Object.entries(byOutcome).flatMap(([outcome, count]) =>
      outcome === "done"
        ? [[outcome, count] as const, [`would ${action}`, would] as const]
        : [[outcome, count] as const],
    ),
  );
}

/** Describes what a service report has beyond its status. */
function describeServices({ reason, failing = [] }: ServiceReport): string[] {
  return [...failing.map(({ check, found }) => `${check}: ${found}`), ...(reason ? [reason] : [])];
}

/** `services failed: systemd nginx: inactive; tcp 5432: nothing listens`. */
export function formatServiceReport(services: ServiceReport): string {
  const notes = describeServices(services);
  return `services ${services.status}${notes.length === 0 ? "" : `: ${notes.join("; ")}`}`;
}

/** `1 failed, 2 passed`, of the instances whose services were checked; empty where there are none. */
export function formatServices(
  { services }: RunReport,
  statuses: readonly ServiceStatus[] = SERVICE_STATUSES,
): string {
  return services === undefined
    ? ""
    : formatCounts(statuses.map((status) => [status, services[status]] as const));
}

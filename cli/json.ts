import type { Action } from "../contract/actions";
import type { Outcome, RunReport } from "../contract/report";
import type { PlannedSchedule } from "../model/plan";
import type { CommandContext } from "./context";
import type { InstanceState, TargetInstance } from "./instances/instance";
import { type FunctionRun, isFailedRun, outcomeOf, type RunOutcome, scheduleNameOf } from "./runs/run";
import { toPrintableJson } from "./terminal/text";

// The shapes that all `--json` share: null for what is unknown or not there, instants in ISO 8601 and UTC, durations in
// seconds, names as in the config file.

/** Prints one JSON document. */
export function printJson({ out }: Pick<CommandContext, "out">, value: unknown): void {
  out(formatJson(value));
}

export function formatJson(value: unknown): string {
  return `${toPrintableJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** Formats a document as one line, of several that follow each other. */
export function formatJsonLine(value: unknown): string {
  return toPrintableJson(JSON.stringify(value));
}

/** `2026-11-23T11:00:00Z`, with its milliseconds where there are any. */
export function formatInstant(at: Date): string {
  return at.toISOString().replace(".000Z", "Z");
}

export function formatInstantOrNull(at: Date | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}

/** A schedule of the config, as deployed: one of `running` windows is several. */
export interface ScheduleJson {
  readonly name: string;
  readonly action: Action;
  readonly enabled: boolean;
  /** In its `timezone`. */
  readonly expression: string;
  readonly timezone: string;
  readonly targets: readonly string[];
}

export function scheduleJson({
  name,
  action,
  enabled,
  schedule,
  targetNames,
}: PlannedSchedule): ScheduleJson {
  const { expression, timezone } = schedule;
  return { name, action, enabled, expression, timezone, targets: targetNames };
}

/** An instance and its state. */
export interface InstanceJson {
  readonly instanceId: string;
  readonly region: string;
  /** Its tag `Name`. */
  readonly name: string | null;
  /** EC2's name of it, or `missing`. */
  readonly state: string;
  /** Since when it is in that state. */
  readonly since: string | null;
  readonly stateReason: { readonly code: string; readonly message: string } | null;
}

export function instanceJson({
  instanceId,
  region,
  name,
  state,
  since,
  stateReason,
}: Omit<InstanceState, "name"> & { readonly name?: TargetInstance["name"] | undefined }): InstanceJson {
  return {
    instanceId,
    region,
    name: name ?? null,
    state,
    since: formatInstantOrNull(since),
    stateReason: stateReason ?? null,
  };
}

/** A function of the deployment. */
export interface FunctionJson {
  readonly name: string;
  readonly action: Action;
  readonly region: string;
  readonly logGroup: string;
  /** Whether the log group is there. */
  readonly hasLogGroup: boolean;
}

/** One run of a function. */
export interface RunJson {
  /** Name of the function. */
  readonly function: string;
  /** Lambda's id of the invocation. A retry has the same one. */
  readonly requestId: string;
  /** 1, or more for a retry. */
  readonly attempt: number;
  readonly startedAt: string;
  readonly durationSeconds: number | null;
  /** Null without a report: what the trigger asked for is not logged. */
  readonly schedule: string | null;
  readonly action: Action;
  readonly outcome: RunOutcome;
  /** Whether it failed in a way that needs attention. */
  readonly failed: boolean;
  /** Why the whole run was skipped or refused. */
  readonly reason: string | null;
  /** Why it has no report, such as `timed out after 60 s`. */
  readonly error: string | null;
  /** The number of instances by outcome. */
  readonly counts: Readonly<Record<Outcome, number>> | null;
}

export function runJson(run: FunctionRun, action: Action): RunJson {
  const { functionName, requestId, attempt, startedAt, durationMs, error, report } = run;
  return {
    function: functionName,
    requestId,
    attempt,
    startedAt: formatInstant(startedAt),
    durationSeconds: durationMs === undefined ? null : durationMs / 1000,
    schedule: scheduleNameOf(run) ?? null,
    action,
    outcome: outcomeOf(run),
    failed: isFailedRun(run),
    reason: report?.reason ?? null,
    error: error ?? null,
    counts: report?.counts ?? null,
  };
}

/** A function that was run by hand. */
export interface InvocationJson {
  /** Name of the function. */
  readonly function: string;
  /** Lambda's id of the invocation. */
  readonly requestId: string;
  /** The function's report; null if it ended without one. */
  readonly report: RunReport | null;
  /** Why there is no report. */
  readonly error: string | null;
}

export function invocationJson({
  function: { name },
  requestId,
  report,
  failure,
}: {
  readonly function: { readonly name: string };
  readonly requestId: string;
  readonly report?: RunReport;
  readonly failure?: string;
}): InvocationJson {
  return { function: name, requestId, report: report ?? null, error: failure ?? null };
}

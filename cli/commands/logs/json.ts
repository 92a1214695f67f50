import type { Action } from "../../../contract/actions";
import type { RunReport } from "../../../contract/report";
import { logGroupOf } from "../../runs/parse";
import { isoText } from "../../terminal/time";
import { hasFailed, type LogsScope, type RunOutcome, type ShownRun } from "./run";

/** What `logs --json` prints; with `--follow`, it prints a {@link RunJson} a line instead. */
export interface LogsJson {
  /** ISO 8601, in UTC, as all times here. */
  readonly since: string;
  readonly until: string;
  /** IANA zone of the config. */
  readonly timezone: string;
  readonly functions: readonly FunctionJson[];
  /** Oldest first. */
  readonly runs: readonly RunJson[];
}

export interface FunctionJson {
  readonly name: string;
  readonly action: Action;
  readonly logGroup: string;
  /** Whether the log group is there. */
  readonly found: boolean;
}

/** A run: `report` is what the function logged of it, null where it did not get so far. */
export interface RunJson {
  readonly function: string;
  /** Lambda's id of the invocation. A retry has the same one. */
  readonly requestId: string;
  /** 1, or more for a retry. */
  readonly attempt: number;
  readonly startedAt: string;
  readonly durationMs: number | null;
  /** Null where there is no report: what the trigger asked for is not logged. */
  readonly schedule: string | null;
  readonly action: Action;
  readonly outcome: RunOutcome;
  /** Whether somebody should look into it. */
  readonly failed: boolean;
  /** Why it has no report, such as `timed out after 60 s`. */
  readonly error: string | null;
  readonly report: RunReport | null;
}

export function runJson(run: ShownRun): RunJson {
  const {
    functionName,
    requestId,
    attempt,
    startedAt,
    durationMs,
    schedule,
    action,
    outcome,
    error,
    report,
  } = run;
  return {
    function: functionName,
    requestId,
    attempt,
    startedAt: startedAt.toISOString(),
    durationMs: durationMs ?? null,
    schedule: schedule ?? null,
    action,
    outcome,
    failed: hasFailed(run),
    error: error ?? null,
    report: report ?? null,
  };
}

export function logsJson(
  { functions }: LogsScope,
  missing: ReadonlySet<string>,
  runs: readonly ShownRun[],
  period: { readonly from: Date; readonly to: Date },
  timezone: string,
): LogsJson {
  return {
    since: isoText(period.from),
    until: isoText(period.to),
    timezone,
    functions: functions.map(({ name, action }) => ({
      name,
      action,
      logGroup: logGroupOf(name),
      found: !missing.has(name),
    })),
    runs: runs.map(runJson),
  };
}

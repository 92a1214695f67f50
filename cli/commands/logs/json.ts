import type { RunReport } from "../../../contract/report";
import { logGroupName } from "../../../model/names";
import { type FunctionJson, formatInstant, type RunJson, runJson } from "../../json";
import type { ActionRun, LogsSubject } from "./scope";

/** What `logs --json` prints; with `--follow`, it prints a {@link ReportedRunJson} a line instead. */
export interface LogsJson {
  readonly since: string;
  readonly until: string;
  /** IANA zone of the config. */
  readonly timezone: string;
  readonly functions: readonly FunctionJson[];
  /** Oldest first. */
  readonly runs: readonly ReportedRunJson[];
}

export interface ReportedRunJson extends RunJson {
  /** The report that the function logged. */
  readonly report: RunReport | null;
}

export function reportedRunJson(run: ActionRun): ReportedRunJson {
  return { ...runJson(run, run.action), report: run.report ?? null };
}

/** @param missing names of the functions that have no log group */
export function logsJson(
  { scope, period, region, timezone }: LogsSubject,
  missing: ReadonlySet<string>,
  runs: readonly ActionRun[],
): LogsJson {
  return {
    since: formatInstant(period.from),
    until: formatInstant(period.to),
    timezone,
    functions: scope.functions.map(({ name, action }) => ({
      name,
      action,
      region,
      logGroup: logGroupName(name),
      hasLogGroup: !missing.has(name),
    })),
    runs: runs.map(reportedRunJson),
  };
}

import type { Action } from "../../../contract/actions";
import type { PlannedSchedule } from "../../../model/plan";
import type { Terminal } from "../../context";
import { type Deployment, findSchedules } from "../../deployment/deployment";
import { type FunctionRun, isFailedRun, scheduleNameOf } from "../../runs/run";

/** A run, and the action of its function. */
export interface ActionRun extends FunctionRun {
  readonly action: Action;
}

/** Which runs are to be shown. */
export interface LogsScope {
  /** Functions whose logs are read. */
  readonly functions: readonly { readonly name: string; readonly action: Action }[];
  /** Names of schedules as deployed; undefined: all, and runs of no schedule, too. */
  readonly schedules: ReadonlySet<string> | undefined;
  readonly onlyFailed: boolean;
}

/** The runs that `logs` shows, and how. */
export interface LogsSubject {
  readonly scope: LogsScope;
  readonly plan: readonly PlannedSchedule[];
  readonly period: { readonly from: Date; readonly to: Date };
  readonly region: string;
  readonly timezone: string;
  readonly verbose: boolean;
  readonly terminal: Terminal;
}

/**
 * @param schedule its name as deployed, or its key in the config
 * @throws {InputError} for a schedule that the config does not have
 */
export function resolveScope(
  deployment: Deployment,
  schedule: string | undefined,
  onlyFailed: boolean,
): LogsScope {
  const { names, actions } = deployment;
  const named = schedule === undefined ? undefined : findSchedules(deployment, schedule);
  return {
    functions: actions
      .filter((action) => named === undefined || named.some((planned) => planned.action === action))
      .map((action) => ({ name: names.functions[action], action })),
    schedules: named && new Set(named.map(({ name }) => name)),
    onlyFailed,
  };
}

/** Selects the runs of one function that are in scope. */
export function selectRuns(
  { schedules, onlyFailed }: LogsScope,
  runs: readonly FunctionRun[],
  action: Action,
): ActionRun[] {
  return runs
    .filter((run) => {
      // The schedule of a run without a report is not known: it may be the one that was asked for.
      const name = scheduleNameOf(run);
      const isMeant = schedules === undefined || name === undefined || schedules.has(name);
      return isMeant && (!onlyFailed || isFailedRun(run));
    })
    .map((run) => ({ ...run, action }));
}

/** Oldest first. */
export function sortByTime(runs: readonly ActionRun[]): ActionRun[] {
  return [...runs].sort((a, b) => +a.startedAt - +b.startedAt);
}

import type { Action } from "../../schedule/request";
import { type Deployment, schedulesNamed } from "../deployment/deployment";
import type { FunctionRun } from "../runs/function-run";
import { hasFailed, type ShownRun, shownRun } from "./shown-run";

/** Which runs are asked for. */
export interface LogsScope {
  /** Functions whose logs are read. */
  readonly functions: readonly { readonly name: string; readonly action: Action }[];
  /** Names of schedules as deployed; undefined: all, and runs of no schedule, too. */
  readonly schedules: ReadonlySet<string> | undefined;
  readonly onlyFailed: boolean;
}

/**
 * @param schedule its name as deployed, or its key in the config
 * @throws {InputError} for a schedule that the config does not have
 */
export function logsScope(
  deployment: Deployment,
  schedule: string | undefined,
  onlyFailed: boolean,
): LogsScope {
  const { names, actions } = deployment;
  const named = schedule === undefined ? undefined : schedulesNamed(deployment, schedule);
  return {
    functions: actions
      .filter((action) => named === undefined || named.some((planned) => planned.action === action))
      .map((action) => ({ name: names.functions[action], action })),
    schedules: named && new Set(named.map(({ name }) => name)),
    onlyFailed,
  };
}

/** The runs of one function that are asked for, as they are told. */
export function inScope(
  { schedules, onlyFailed }: LogsScope,
  runs: readonly FunctionRun[],
  action: Action,
): ShownRun[] {
  return runs
    .map((run) => shownRun(run, action))
    .filter((run) => {
      // Nobody knows of which schedule a run without a report was: it may be the one that is asked for.
      const asked = schedules === undefined || run.schedule === undefined || schedules.has(run.schedule);
      return asked && (!onlyFailed || hasFailed(run));
    });
}

export function byTime(runs: readonly ShownRun[]): ShownRun[] {
  return [...runs].sort((a, b) => +a.startedAt - +b.startedAt);
}

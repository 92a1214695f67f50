import { ACTIONS } from "../../schedule/action";
import type { Action } from "../../schedule/request";
import type { FunctionRun } from "../runs/function-run";

/** What the functions' logs tell of their runs. */
export interface RunsRead {
  /** Runs before this are not among them. */
  readonly from: Date;
  /** Of all functions, oldest first. */
  readonly runs: readonly FunctionRun[];
  /** Functions without a log group: they never ran, or are not deployed. */
  readonly withoutLog: readonly string[];
  /** Why nothing could be read, in a line; then there are no runs. */
  readonly problem?: string;
}

/** The action of a function of the deployment. */
export function actionOf(
  functionName: string,
  functions: Readonly<Record<Action, string>>,
): Action | undefined {
  return ACTIONS.find((action) => functions[action] === functionName);
}

import type { Action } from "../contract/actions";
import type { AdoptedTriggers } from "../model/adoption";
import type { Names } from "../model/names";
import type { PlannedSchedule } from "../model/plan";
import type { Account } from "./account";
import type { StartStopFunction } from "./start-stop-function";

/** The function of each action that some schedule has. */
export type FunctionsByAction = Readonly<Partial<Record<Action, StartStopFunction>>>;

/** What a trigger needs to invoke the functions at their times. */
export interface TriggerProps {
  readonly plan: readonly PlannedSchedule[];
  readonly functions: FunctionsByAction;
  readonly names: Names;
  readonly region: string;
  readonly account: Account;
  /** ARN of the queue for events that could not be delivered. */
  readonly deadLetterQueueArn?: string;
  readonly permissionsBoundaryArn?: string;
  readonly tags?: Record<string, string>;
  /** Existing rules or schedules to take over. */
  readonly adopt?: AdoptedTriggers;
}

export function functionOf({ action }: PlannedSchedule, functions: FunctionsByAction): StartStopFunction {
  const found = functions[action];
  if (found === undefined) throw new Error(`Expected a function for the action ${action}, found none`);
  return found;
}

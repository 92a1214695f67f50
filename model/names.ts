import type { Action } from "../contract/actions";
import { NAME } from "../contract/limits";
import type { Ec2StartStopProps } from "./props";

/** The names of what a deployment makes: explicit and stable, since renaming replaces most of it. */
export interface Names {
  readonly prefix: string;
  readonly functions: Readonly<Record<Action, string>>;
  /** IAM role of the functions. */
  readonly functionRole: string;
  /** IAM role with which EventBridge Scheduler invokes the functions. */
  readonly schedulerRole: string;
  readonly scheduleGroup: string;
  readonly alertTopic: string;
  readonly deadLetterQueue: string;
}

/** Inline policy of the functions' role; in an adopted role, one of that name changes in place. */
export const FUNCTION_POLICY_NAME = "start-stop";
/** AWS's own schedule group, in which schedules without another one are. */
export const DEFAULT_SCHEDULE_GROUP = "default";
export const FUNCTION_HANDLER = "index.handler";
/** Target id in the rules that are made here; an adopted rule keeps its own. */
export const RULE_TARGET_ID = "function";
/** Statements of a function's resource policy: for all rules that are made here, and for each adopted one. */
export const RULES_STATEMENT_ID = "AllowRulesOfThisConfig";
export const ADOPTED_RULE_STATEMENT_PREFIX = "AllowAdoptedRule-";

export function namesOf({
  name = NAME.default,
  functions,
  adopt,
}: Pick<Ec2StartStopProps, "name" | "functions" | "adopt">): Names {
  return {
    prefix: name,
    functions: {
      stop: adopt?.functions?.stop?.name ?? functions?.stopName ?? `${name}-StopEC2Instances`,
      start: adopt?.functions?.start?.name ?? functions?.startName ?? `${name}-StartEC2Instances`,
    },
    functionRole: adopt?.role?.name ?? `${name}-functions`,
    schedulerRole: `${name}-scheduler`,
    scheduleGroup: name,
    alertTopic: `${name}-alerts`,
    deadLetterQueue: `${name}-dlq`,
  };
}

/** Names of the rules of a schedule, without the prefix: one for each UTC expression, the first as the schedule. */
export function ruleKeys(scheduleName: string, expressions: readonly string[]): string[] {
  return expressions.map((_, index) => (index === 0 ? scheduleName : `${scheduleName}-${index + 1}`));
}

/** The log group that Lambda writes to where none is named, and so does a function of ours. */
export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

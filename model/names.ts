import { createHash } from "node:crypto";
import type { Action } from "../contract/actions";
import { NAME } from "../contract/limits";
import type { Ec2StartStopProps } from "./props";
import { isUnresolved } from "./terraform-text";

/** Names of the resources of a deployment. They are explicit, because renaming replaces most of these resources. */
export interface Names {
  readonly prefix: string;
  /**
   * Begins the names of rules and alarms, which end with any schedule's name. The dot, which no deployment's name contains,
   * keeps the resources of `dev` apart from those of `dev-prod`, in names and in the patterns of policies.
   */
  readonly scope: string;
  readonly functions: Readonly<Record<Action, string>>;
  /** IAM role of the functions. Roles are global in an account, so their names contain the region. */
  readonly functionRole: string;
  /** IAM role with which EventBridge Scheduler invokes the functions. */
  readonly schedulerRole: string;
  readonly scheduleGroup: string;
  /** Schedule group in which the functions write their follow-ups. */
  readonly followUpGroup: string;
  readonly alertTopic: string;
  readonly deadLetterQueue: string;
}

/** Name of the inline policy of the functions' role. In an adopted role, a policy of that name is changed in place. */
export const FUNCTION_POLICY_NAME = "start-stop";
/** Schedule group that exists in every account, for schedules without another group. */
export const DEFAULT_SCHEDULE_GROUP = "default";
export const FUNCTION_HANDLER = "index.handler";
/** Target id in the created rules. An adopted rule keeps its own. */
export const RULE_TARGET_ID = "function";
/**
 * Begin the statement ids of a function's resource policy: one for all created rules, and one for each adopted rule. They
 * end with the name of what they allow, so that the statement for another name can be added before this one goes.
 */
export const RULES_STATEMENT_PREFIX = "AllowRulesOf-";
export const ADOPTED_RULE_STATEMENT_PREFIX = "AllowAdoptedRule-";

export function namesOf({
  name = NAME.default,
  functions,
  region,
  roleArn,
  schedulerRoleArn,
  rolePath,
  adopt,
}: Pick<
  Ec2StartStopProps,
  "name" | "functions" | "region" | "roleArn" | "schedulerRoleArn" | "rolePath" | "adopt"
>): Names {
  const ofRole = `${region}${pathSuffix(rolePath)}`;
  return {
    prefix: name,
    scope: `${name}.`,
    functions: {
      stop: adopt?.functions?.stop?.name ?? functions?.stopName ?? `${name}-StopEC2Instances`,
      start: adopt?.functions?.start?.name ?? functions?.startName ?? `${name}-StartEC2Instances`,
    },
    functionRole: adopt?.role?.name ?? nameOfRole(roleArn) ?? `${name}-functions-${ofRole}`,
    schedulerRole: nameOfRole(schedulerRoleArn) ?? `${name}-scheduler-${ofRole}`,
    scheduleGroup: name,
    followUpGroup: `${name}-followups`,
    alertTopic: `${name}-alerts`,
    deadLetterQueue: `${name}-dlq`,
  };
}

/**
 * Returns what a role's name ends with for its path: a role of the same name could be created only after the old one is
 * gone. The value of a token is not known here, so with one a changed path needs another `name` too.
 */
function pathSuffix(path = "/"): string {
  if (path === "/" || isUnresolved(path)) return "";
  return `-${createHash("md5").update(path).digest("hex").slice(0, 6)}`;
}

function nameOfRole(arn: string | undefined): string | undefined {
  return arn === undefined || isUnresolved(arn) ? undefined : arn.split("/").at(-1);
}

/** Returns the names of a schedule's rules without the prefix, one per UTC expression: `office`, `office-2`. */
export function ruleKeys(scheduleName: string, expressions: readonly string[]): string[] {
  return expressions.map((_, index) => (index === 0 ? scheduleName : `${scheduleName}-${index + 1}`));
}

/** Returns the log group of a function, the one that Lambda uses by default. */
export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

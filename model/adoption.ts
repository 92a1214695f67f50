import type { Action } from "../contract/actions";

/**
 * Existing resources to import instead of creating new ones. Each keeps its name and gets an import block, so a plan
 * shows imports and changes in place only. Resources that AWS would have to replace cannot be adopted.
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export interface AdoptProps {
  /**
   * Execution role of the functions. Its managed policies are detached, except those in `keepPolicyArns`.
   * @default a new role
   */
  readonly role?: AdoptedRoleProps;
  /**
   * Functions by their action.
   * @default new functions
   */
  readonly functions?: Readonly<Partial<Record<Action, AdoptedFunctionProps>>>;
  /**
   * Triggers by the name of the schedule that they fire: a rule with `trigger: "event-rule"`, a schedule of EventBridge
   * Scheduler with `trigger: "scheduler"`. A schedule `office` with `running` windows has the names `office-start` and
   * `office-stop`.
   * @default new rules or schedules
   */
  readonly schedules?: Readonly<Record<string, AdoptedRuleProps | AdoptedScheduleProps>>;
}

/** An existing IAM role that the functions run with. */
export interface AdoptedRoleProps {
  /** Name of the role, without its path. */
  readonly name: string;
  /**
   * Current path of the role, such as `/service-role/`. A different one would replace the role.
   * @default "/"
   */
  readonly path?: string;
  /**
   * Current description of the role, to keep it.
   * @default none: the description is removed
   */
  readonly description?: string;
  /**
   * ARNs of the managed policies that stay attached.
   * @default none: the inline policy of this construct is all that the functions need
   */
  readonly keepPolicyArns?: readonly string[];
}

/** An existing Lambda function. */
export interface AdoptedFunctionProps {
  /** Name of the function, not its ARN. */
  readonly name: string;
  /**
   * Whether the log group `/aws/lambda/<name>` exists and is adopted too. Lambda creates it on the first invocation.
   * @default false
   */
  readonly logGroup?: boolean;
  /**
   * ARN of the KMS key that encrypts the log group, to keep it.
   * @default none: the key is disassociated from the log group
   */
  readonly logGroupKmsKeyArn?: string;
}

/** An existing rule on the default event bus, with the one of its targets that invokes the function. */
export interface AdoptedRuleProps {
  /** Name of the rule. */
  readonly rule: string;
  /** Id of the target. */
  readonly targetId: string;
}

/** An existing schedule of EventBridge Scheduler. */
export interface AdoptedScheduleProps {
  /** Name of its schedule group; AWS calls the group of schedules without another one `default`. */
  readonly group: string;
  /** Name of the schedule. */
  readonly name: string;
}

export type AdoptedTriggers = NonNullable<AdoptProps["schedules"]>;

/** Returns the rule that a planned schedule adopts. */
export function adoptedRule(
  adopted: AdoptedTriggers | undefined,
  scheduleName: string,
): AdoptedRuleProps | undefined {
  const found = ownMember(adopted, scheduleName);
  return found !== undefined && "rule" in found ? found : undefined;
}

/** Returns the schedule of EventBridge Scheduler that a planned schedule adopts. */
export function adoptedSchedule(
  adopted: AdoptedTriggers | undefined,
  scheduleName: string,
): AdoptedScheduleProps | undefined {
  const found = ownMember(adopted, scheduleName);
  return found !== undefined && "group" in found ? found : undefined;
}

/** Returns the names of adopted rules: they lack the prefix, so policies that allow rules by prefix must list them. */
export function adoptedRuleNames(adopt: AdoptProps | undefined): string[] {
  return Object.values(adopt?.schedules ?? {}).flatMap((each) => ("rule" in each ? [each.rule] : []));
}

function ownMember<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

import type { Action } from "../contract/actions";

/**
 * Existing things to take over instead of making new ones beside them. Each keeps its name and gets an import block,
 * so that a plan shows imports and changes in place only. What AWS would replace is never adopted.
 */
export interface AdoptProps {
  /**
   * The role that the functions run with. Managed policies that it holds are detached, but for `keepPolicyArns`.
   * @default a new role
   */
  readonly role?: AdoptedRoleProps;
  /**
   * Functions by what they do.
   * @default new functions
   */
  readonly functions?: Readonly<Partial<Record<Action, AdoptedFunctionProps>>>;
  /**
   * What fires each schedule, by the name of the schedule; `staging-hours-start` and `staging-hours-stop` for one with
   * `running` windows. A rule with trigger `event-rule`, a schedule with trigger `scheduler`.
   * @default new rules or schedules
   */
  readonly schedules?: Readonly<Record<string, AdoptedRuleProps | AdoptedScheduleProps>>;
}

export interface AdoptedRoleProps {
  readonly name: string;
  /**
   * As it is: another path would replace the role.
   * @default "/"
   */
  readonly path?: string;
  /**
   * As it is, to leave it unchanged.
   * @default none
   */
  readonly description?: string;
  /**
   * ARNs of the managed policies that stay attached.
   * @default none: the functions' own inline policy is all they need
   */
  readonly keepPolicyArns?: readonly string[];
}

export interface AdoptedFunctionProps {
  readonly name: string;
  /**
   * Whether its log group `/aws/lambda/<name>` exists, and so is adopted too. Lambda makes it at the first run.
   * @default false
   */
  readonly logGroup?: boolean;
  /**
   * ARN of the KMS key that encrypts its log group, to leave it in place.
   * @default none: a key is taken off
   */
  readonly logGroupKmsKeyArn?: string;
}

/** A rule on the default event bus, and that one of its targets which calls the function. */
export interface AdoptedRuleProps {
  readonly rule: string;
  readonly targetId: string;
}

/** A schedule of EventBridge Scheduler. */
export interface AdoptedScheduleProps {
  /** Name of its group, `default` if it was never given one. */
  readonly group: string;
  readonly name: string;
}

export type AdoptedTriggers = NonNullable<AdoptProps["schedules"]>;

/** The rule that a planned schedule takes over. */
export function adoptedRule(
  adopted: AdoptedTriggers | undefined,
  scheduleName: string,
): AdoptedRuleProps | undefined {
  const found = ownMember(adopted, scheduleName);
  return found !== undefined && "rule" in found ? found : undefined;
}

/** The schedule of EventBridge Scheduler that a planned schedule takes over. */
export function adoptedSchedule(
  adopted: AdoptedTriggers | undefined,
  scheduleName: string,
): AdoptedScheduleProps | undefined {
  const found = ownMember(adopted, scheduleName);
  return found !== undefined && "group" in found ? found : undefined;
}

/** Rules keep their names, so whoever allows this config's rules by their prefix must name these too. */
export function adoptedRuleNames(adopt: AdoptProps | undefined): string[] {
  return Object.values(adopt?.schedules ?? {}).flatMap((each) => ("rule" in each ? [each.rule] : []));
}

function ownMember<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}

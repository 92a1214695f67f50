import { ACTIONS, type Action, INSTANCE_PERMISSIONS } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import type { FunctionVariable } from "../../../contract/request";
import { FUNCTION_HANDLER, logGroupName } from "../../../model/names";
import { mapConcurrently } from "../../aws/call";
import type { DeployedRule, RuleTarget } from "../../aws/events";
import type { RoleDetails } from "../../aws/iam";
import type { DeployedFunction } from "../../aws/lambda";
import type { LogGroup } from "../../aws/logs";
import { allowsAction, type IamStatement, toList } from "../../aws/policy";
import type { AwsReader } from "../../aws/reader";
import type { EventBridgeSchedule } from "../../aws/scheduler";
import { parseEventInput } from "./event-input";
import { type Behaviour, findInstanceIds, inferBehaviour, isOwnSource } from "./function-behaviour";

/** The resources of an account that start and stop instances, judged by code, names and inputs. */
export interface Inventory {
  readonly region: string;
  readonly functions: readonly FoundFunction[];
  readonly triggers: readonly FoundTrigger[];
  readonly roles: readonly RoleDetails[];
  /** Names of the functions that use each role, by its ARN: all of the region. */
  readonly roleUsers: ReadonlyMap<string, readonly string[]>;
  /** Names of the schedules that use each role, by its ARN: all of the region. */
  readonly scheduleRoleUsers: ReadonlyMap<string, readonly string[]>;
}

export interface FoundFunction extends DeployedFunction {
  readonly behaviour: Behaviour;
  /** None where it was deleted. */
  readonly functionRole?: RoleDetails;
  /** Actions that its role allows. */
  readonly allowed: readonly Action[];
  readonly permissions: readonly InvokePermission[];
  readonly ownLogGroup?: TaggedLogGroup;
  readonly tagKeys: readonly string[];
  /** The CloudFormation stack that made it and would change it back. */
  readonly cloudFormationStack?: string;
  /** It runs this project's code already. */
  readonly isOurs: boolean;
}

export interface TaggedLogGroup extends LogGroup {
  readonly tagKeys: readonly string[];
}

/** A statement of a function's resource policy. */
export interface InvokePermission {
  readonly statementId: string;
  /** Such as `events.amazonaws.com`. */
  readonly principal: string;
  /** ARN of what it is for, with wildcards; none where it names none, or several. */
  readonly sourceArn?: string;
}

/** A rule's target or a schedule that starts or stops instances. */
export interface FoundTrigger {
  readonly kind: "rule" | "schedule";
  readonly name: string;
  /** Group of a schedule. */
  readonly group: string;
  /** Target id of a rule. */
  readonly targetId: string;
  readonly expression: string;
  readonly timezone: string;
  /** Instants in ISO 8601. Whether a schedule fires at its end, AWS does not say. */
  readonly startDate?: string;
  readonly endDate?: string;
  readonly enabled: boolean;
  readonly action?: Action;
  readonly instanceIds: readonly string[];
  /** Region of the instances, where the code or the target names it. */
  readonly instanceRegion?: string;
  /** None where a schedule calls EC2 itself. */
  readonly functionName?: string;
  /** Role of a schedule. */
  readonly roleArn: string;
  readonly tagKeys: readonly string[];
  /** Its input; absent if it passes the event itself. */
  readonly input?: string;
  /** Number of further targets of the rule. */
  readonly otherTargets: number;
  readonly managedBy?: string;
}

/** A function with such a name counts even if its role allows neither action. */
const LIKELY_NAME = /(?:start|stop).*(?:ec2|instance)|(?:ec2|instance).*(?:start|stop)/i;
/** A universal target of EventBridge Scheduler, which calls EC2 without a function. */
const DIRECT_CALL = /:aws-sdk:ec2:(start|stop)Instances$/;

/** Takes the inventory of an account. It only reads. */
export async function takeInventory(aws: AwsReader, region: string): Promise<Inventory> {
  const [roles, functions, rules, schedules] = await Promise.all([
    aws.roles(),
    aws.functions(),
    readTimedRules(aws),
    readSchedules(aws),
  ]);
  const roleByArn = new Map(roles.map((role) => [role.arn, role]));
  const allowedBy = (role: RoleDetails | undefined) =>
    role ? ACTIONS.filter((action) => roleAllows(role, INSTANCE_PERMISSIONS[action])) : [];
  const found: FoundFunction[] = [];
  for (const each of functions) {
    const role = roleByArn.get(each.roleArn);
    const allowed = allowedBy(role);
    if (allowed.length === 0 && !LIKELY_NAME.test(each.name)) continue;
    found.push(await inspectFunction(aws, each, role, allowed));
  }
  return {
    region,
    functions: found,
    triggers: [
      ...rules.flatMap((rule) => triggersOfRule(rule, found)),
      ...schedules.flatMap((schedule) => triggersOfSchedule(schedule, found, region)),
    ],
    roles,
    roleUsers: groupUsersByRole(functions),
    scheduleRoleUsers: groupUsersByRole(schedules),
  };
}

interface TimedRule extends DeployedRule {
  readonly expression: string;
  readonly tagKeys: readonly string[];
  readonly targets: readonly RuleTarget[];
}

/** The rules that fire by time, with their targets. */
async function readTimedRules(aws: AwsReader): Promise<TimedRule[]> {
  const rules = await aws.rules();
  const timed = rules.flatMap(({ expression, ...rule }) => (expression ? [{ ...rule, expression }] : []));
  return await mapConcurrently(timed, async (rule) => ({
    ...rule,
    tagKeys: await aws.ruleTagKeys(rule.arn),
    targets: await aws.ruleTargets(rule.name),
  }));
}

/** What a function has left for later fires once and deletes itself. */
const FOLLOW_UP = /"followUp":\s*\{/;

async function readSchedules(aws: AwsReader): Promise<EventBridgeSchedule[]> {
  const names = await aws.scheduleNames();
  const schedules = await mapConcurrently(names, ({ group, name }) => aws.schedule(group, name));
  return schedules
    .filter((schedule) => schedule !== undefined)
    .filter(({ input = "" }) => !FOLLOW_UP.test(input));
}

async function inspectFunction(
  aws: AwsReader,
  each: DeployedFunction,
  role: RoleDetails | undefined,
  allowed: readonly Action[],
): Promise<FoundFunction> {
  const [tags, statements, ownLogGroup, code] = await Promise.all([
    aws.functionTags(each.arn),
    aws.functionPolicy(each.name),
    readLogGroup(aws, logGroupName(each.name)),
    aws.code(each.name, isOwnSource(each.handler)),
  ]);
  const cloudFormationStack = tags["aws:cloudformation:stack-name"];
  const own = ownActionOf(each);
  return {
    ...each,
    behaviour: own
      ? { action: own, doesBoth: false, because: `it runs this project's code to ${own}`, instanceIds: [] }
      : inferBehaviour(each, code),
    isOurs: own !== undefined,
    allowed,
    permissions: statements.map(readPermission),
    tagKeys: Object.keys(tags),
    ...(role ? { functionRole: role } : {}),
    ...(ownLogGroup ? { ownLogGroup } : {}),
    ...defined({ cloudFormationStack }),
  };
}

async function readLogGroup(aws: AwsReader, name: string): Promise<TaggedLogGroup | undefined> {
  const found = await aws.logGroup(name);
  return found && { ...found, tagKeys: await aws.logGroupTagKeys(found.arn) };
}

/** The action that this project's code was deployed for. */
function ownActionOf({ variables, handler }: DeployedFunction): Action | undefined {
  return handler === FUNCTION_HANDLER
    ? ACTIONS.find((action) => action === variables["ACTION" satisfies FunctionVariable])
    : undefined;
}

/** One trigger for each target of a rule that is a function of the inventory. */
function triggersOfRule(rule: TimedRule, functions: readonly FoundFunction[]): FoundTrigger[] {
  return rule.targets.flatMap((target) => {
    const invoked = functions.find(({ arn }) => isFunction(target.arn, arn));
    if (invoked === undefined) return [];
    return {
      kind: "rule" as const,
      name: rule.name,
      group: "",
      targetId: target.id,
      expression: rule.expression,
      timezone: "UTC",
      enabled: rule.enabled,
      roleArn: "",
      tagKeys: rule.tagKeys,
      otherTargets: rule.targets.length - 1,
      ...(rule.managedBy ? { managedBy: rule.managedBy } : {}),
      ...effectOf(invoked, target.input ?? target.inputTemplate),
    };
  });
}

function triggersOfSchedule(
  schedule: EventBridgeSchedule,
  functions: readonly FoundFunction[],
  region: string,
): FoundTrigger[] {
  const { group, name, expression, timezone, startDate, endDate, enabled, roleArn, targetArn } = schedule;
  const { input = "" } = schedule;
  const trigger = {
    kind: "schedule" as const,
    ...{ group, name, expression, timezone, enabled, roleArn },
    ...defined({ startDate, endDate }),
    targetId: "",
    // Schedules have no tags of their own.
    tagKeys: [],
    otherTargets: 0,
  };
  const invoked = functions.find(({ arn }) => isFunction(targetArn, arn));
  if (invoked !== undefined) return [{ ...trigger, ...effectOf(invoked, schedule.input) }];
  const action = DIRECT_CALL.exec(targetArn)?.[1] as Action | undefined;
  if (action === undefined) return [];
  return [{ ...trigger, action, instanceIds: findInstanceIds(input), instanceRegion: region }];
}

/**
 * Derives what a function does for an input. Instance ids of a constant input take precedence over those of the code, and
 * so does its region; its action decides where the code does both, or is not known and gets instance ids.
 */
function effectOf({ name, behaviour }: FoundFunction, input: string | undefined) {
  const given = parseEventInput(input ?? "");
  const hasIds = given.instanceIds.length > 0;
  const givenAction = behaviour.doesBoth || hasIds ? given.action : undefined;
  return {
    functionName: name,
    ...defined({ input }),
    instanceIds: hasIds ? given.instanceIds : behaviour.instanceIds,
    ...defined({ action: behaviour.action ?? givenAction, instanceRegion: given.region ?? behaviour.region }),
  };
}

/** A target may name a version or an alias of the function. */
function isFunction(targetArn: string, functionArn: string): boolean {
  return targetArn === functionArn || targetArn.startsWith(`${functionArn}:`);
}

function groupUsersByRole(
  users: readonly { readonly name: string; readonly roleArn: string }[],
): Map<string, string[]> {
  const byRole = new Map<string, string[]>();
  for (const { name, roleArn } of users) byRole.set(roleArn, [...(byRole.get(roleArn) ?? []), name]);
  return byRole;
}

function readPermission({ Sid = "", Principal, Condition = {} }: IamStatement): InvokePermission {
  const principals =
    typeof Principal === "string" ? [Principal] : toList(Principal?.["Service"] ?? Principal?.["AWS"]);
  const sourceArn = sourceArnOf(Condition);
  return {
    statementId: Sid,
    principal: principals.join(", "),
    ...defined({ sourceArn }),
  };
}

/** Lambda writes it as `ArnLike`, with `AWS:SourceArn`. */
function sourceArnOf(condition: NonNullable<IamStatement["Condition"]>): string | undefined {
  const found = ["ArnLike", "ArnEquals", "StringEquals", "StringLike"].flatMap((operator) =>
    Object.entries(condition[operator] ?? {}).filter(([key]) => key.toLowerCase() === "aws:sourcearn"),
  );
  const value = found.length === 1 ? found[0]?.[1] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Whether one of a role's policies allows an action, for whatever resources. Denials do not count. */
export function roleAllows(role: RoleDetails, action: string): boolean {
  return [...role.inlinePolicies, ...role.managedPolicies].some(({ document }) =>
    allowsAction(document, action),
  );
}

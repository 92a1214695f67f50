import { ACTIONS, type Action, INSTANCE_PERMISSIONS } from "../../../contract/actions";
import type { AccountFunction, AccountReader, AccountRole, LogGroup, Permission } from "./account";
import { type Behaviour, behaviourOf, instanceIdsIn } from "./functions";
import { roleAllows } from "./role";

/** What an account has that starts and stops instances, as far as can be told. */
export interface Inventory {
  readonly region: string;
  readonly functions: readonly FoundFunction[];
  readonly triggers: readonly FoundTrigger[];
  readonly roles: readonly AccountRole[];
  /** Names of the functions that use each role, by its ARN: all of the region. */
  readonly roleUsers: ReadonlyMap<string, readonly string[]>;
  /** Names of the schedules that use each role, by its ARN: all of the region. */
  readonly scheduleRoleUsers: ReadonlyMap<string, readonly string[]>;
}

export interface FoundFunction extends AccountFunction {
  readonly behaviour: Behaviour;
  /** None where it was deleted. */
  readonly functionRole?: AccountRole;
  /** What its role allows it to do. */
  readonly allowed: readonly Action[];
  readonly permissions: readonly Permission[];
  readonly ownLogGroup?: LogGroup;
  readonly tagKeys: readonly string[];
  /** The CloudFormation stack that made it and would change it back. */
  readonly cloudFormationStack?: string;
  /** Whether it runs this project's code already. */
  readonly isOurs: boolean;
}

/** A rule's target or a schedule that starts or stops instances. */
export interface FoundTrigger {
  readonly kind: "rule" | "schedule";
  readonly name: string;
  /** Of a schedule. */
  readonly group: string;
  /** Of a rule. */
  readonly targetId: string;
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly action?: Action;
  readonly instanceIds: readonly string[];
  /** Region of the instances, where it is told. */
  readonly instanceRegion?: string;
  /** None where a schedule calls EC2 itself. */
  readonly functionName?: string;
  /** Of a schedule. */
  readonly roleArn: string;
  readonly tagKeys: readonly string[];
  /** What it hands over, where that is not the event itself. */
  readonly input?: string;
  /** Targets that the rule has besides. */
  readonly otherTargets: number;
  readonly managedBy?: string;
}

/** A function that is named like this is looked at even if its role allows nothing. */
const LIKELY_NAME = /(?:start|stop).*(?:ec2|instance)|(?:ec2|instance).*(?:start|stop)/i;
/** EventBridge Scheduler's own way to call an API, without a function. */
const DIRECT_CALL = /:aws-sdk:ec2:(start|stop)Instances$/;

/** Looks through an account. It changes nothing. */
export async function takeInventory(account: AccountReader): Promise<Inventory> {
  const [roles, functions, rules, schedules] = await Promise.all([
    account.roles(),
    account.functions(),
    account.rules(),
    account.schedules(),
  ]);
  const roleByArn = new Map(roles.map((role) => [role.arn, role]));
  const allowedBy = (role: AccountRole | undefined) =>
    role ? ACTIONS.filter((action) => roleAllows(role, INSTANCE_PERMISSIONS[action])) : [];
  const found: FoundFunction[] = [];
  for (const each of functions) {
    const role = roleByArn.get(each.roleArn);
    const allowed = allowedBy(role);
    if (allowed.length === 0 && !LIKELY_NAME.test(each.name)) continue;
    found.push(await lookAt(account, each, role, allowed));
  }
  const triggers = [
    ...rules.flatMap((rule) =>
      rule.targets.flatMap((target) => {
        const of = found.find(({ arn }) => isFunction(target.arn, arn));
        if (of === undefined) return [];
        return triggerOf(of, target.input, {
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
        });
      }),
    ),
    ...schedules.flatMap((schedule) => {
      const { group, name, expression, timezone, enabled, roleArn } = schedule;
      const common = { kind: "schedule" as const, group, name, expression, timezone, enabled, roleArn };
      const of = found.find(({ arn }) => isFunction(schedule.targetArn, arn));
      // A schedule has no tags of its own.
      const rest = { ...common, targetId: "", tagKeys: [], otherTargets: 0 };
      if (of) return triggerOf(of, schedule.input, rest);
      const direct = DIRECT_CALL.exec(schedule.targetArn)?.[1] as Action | undefined;
      const instanceIds = instanceIdsIn(schedule.input ?? "");
      return direct ? [{ ...rest, action: direct, instanceIds, instanceRegion: account.region }] : [];
    }),
  ];
  return {
    region: account.region,
    functions: found,
    triggers,
    roles,
    roleUsers: usersByRole(functions),
    scheduleRoleUsers: usersByRole(schedules),
  };
}

async function lookAt(
  account: AccountReader,
  each: AccountFunction,
  role: AccountRole | undefined,
  allowed: readonly Action[],
): Promise<FoundFunction> {
  const [tags, permissions, ownLogGroup, code] = await Promise.all([
    account.functionTags(each.arn),
    account.permissions(each.name),
    account.logGroup(`/aws/lambda/${each.name}`),
    account.functionCode(each.name),
  ]);
  const cloudFormationStack = tags["aws:cloudformation:stack-name"];
  const own = ownAction(each);
  return {
    ...each,
    behaviour: own
      ? { action: own, because: `it runs this project's code to ${own}`, instanceIds: [] }
      : behaviourOf(each, code),
    isOurs: own !== undefined,
    allowed,
    permissions,
    tagKeys: Object.keys(tags),
    ...(role ? { functionRole: role } : {}),
    ...(ownLogGroup ? { ownLogGroup } : {}),
    ...(cloudFormationStack === undefined ? {} : { cloudFormationStack }),
  };
}

/** What this project's code was deployed to do. */
function ownAction({ variables, handler }: AccountFunction): Action | undefined {
  return handler === "index.handler" ? ACTIONS.find((action) => action === variables["ACTION"]) : undefined;
}

/** A constant input says more than the code about which instances are meant. */
function triggerOf(
  { name, behaviour }: FoundFunction,
  input: string | undefined,
  rest: Omit<FoundTrigger, "functionName" | "input" | "action" | "instanceIds" | "instanceRegion">,
): FoundTrigger[] {
  const given = instanceIdsIn(input ?? "");
  return [
    {
      ...rest,
      functionName: name,
      ...(input === undefined ? {} : { input }),
      instanceIds: given.length > 0 ? given : behaviour.instanceIds,
      ...(behaviour.action === undefined ? {} : { action: behaviour.action }),
      ...(behaviour.region === undefined ? {} : { instanceRegion: behaviour.region }),
    },
  ];
}

/** A target may name a version or an alias of the function. */
function isFunction(targetArn: string, functionArn: string): boolean {
  return targetArn === functionArn || targetArn.startsWith(`${functionArn}:`);
}

function usersByRole(
  users: readonly { readonly name: string; readonly roleArn: string }[],
): Map<string, string[]> {
  const byRole = new Map<string, string[]>();
  for (const { name, roleArn } of users) byRole.set(roleArn, [...(byRole.get(roleArn) ?? []), name]);
  return byRole;
}

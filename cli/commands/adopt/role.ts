import { ACTIONS, INSTANCE_PERMISSIONS } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import type { AdoptedRoleProps } from "../../../model/adoption";
import { FUNCTION_POLICY_NAME } from "../../../model/names";
import { SERVICE_PRINCIPALS } from "../../../model/policies";
import type { AwsCli } from "../../aws/cli-commands";
import type { ManagedPolicy, RoleDetails } from "../../aws/iam";
import { allowsAction, allowsOnly, trustedPrincipals } from "../../aws/policy";
import { type AdoptionFinding, describeRemovedTags } from "./finding";
import type { FoundFunction, Inventory } from "./inventory";

export interface RoleChoice {
  readonly adopted?: RoleDetails;
  /** Managed policies that do something else than logs, starts and stops, and so stay attached. */
  readonly keepPolicyArns: readonly string[];
  readonly findings: readonly AdoptionFinding[];
}

/** Chooses the role of the adopted functions, where nothing else depends on it. */
export function chooseRole(
  functions: readonly FoundFunction[],
  { roleUsers }: Inventory,
  cli: AwsCli,
): RoleChoice {
  const names = new Set(functions.map(({ name }) => name));
  const roles = new Map(
    functions.flatMap(({ functionRole }) => (functionRole ? [[functionRole.arn, functionRole]] : [])),
  );
  const findings: AdoptionFinding[] = [];
  let adopted: RoleDetails | undefined;
  const keepPolicyArns: string[] = [];
  for (const role of roles.values()) {
    const others = (roleUsers.get(role.arn) ?? []).filter((user) => !names.has(user));
    const obstacle = findRoleObstacle(role, others);
    if (obstacle !== undefined) {
      findings.push({ kind: "role", name: role.name, fate: "recreate", why: obstacle });
    } else if (adopted) {
      const why = `both functions run with ${adopted.name}`;
      const removal = listRoleRemovals(role, cli);
      findings.push({ kind: "role", name: role.name, fate: "recreate", why, removal });
    } else {
      adopted = role;
      findings.push({
        kind: "role",
        name: role.name,
        fate: "adopt",
        why: `role.name; ${describeChanges(role)}`,
      });
      for (const policy of role.managedPolicies) {
        const kept = !isReplaced(policy);
        if (kept) keepPolicyArns.push(policy.arn);
        findings.push(kept ? keepPolicy(policy) : detachPolicy(policy, cli));
      }
      const others = role.inlinePolicies.filter(({ name }) => name !== FUNCTION_POLICY_NAME);
      findings.push(...others.map((policy) => removeInlinePolicy(role, policy.name, cli)));
    }
  }
  return { keepPolicyArns, findings, ...(adopted ? { adopted } : {}) };
}

/** The roles of functions that new ones replace: whether each can be removed with them. */
export function findReplacedFunctionRoles(
  replaced: readonly FoundFunction[],
  { roleUsers, scheduleRoleUsers }: Inventory,
  cli: AwsCli,
): AdoptionFinding[] {
  const names = new Set(replaced.map(({ name }) => name));
  const roles = new Set(replaced.flatMap(({ functionRole }) => functionRole ?? []));
  return [...roles].map((role) => {
    const users = [
      ...(roleUsers.get(role.arn) ?? []).filter((user) => !names.has(user)),
      ...(scheduleRoleUsers.get(role.arn) ?? []),
    ];
    const obstacle = findRoleObstacle(role, []);
    const why = "the new functions get a role for just the targets";
    const finding = { kind: "role", name: role.name, fate: "recreate" } as const;
    if (users.length > 0) return { ...finding, why: `${why}; ${users.join(", ")} still uses this one` };
    if (obstacle !== undefined) return { ...finding, why: `${why}; ${obstacle}` };
    return { ...finding, why, removal: listRoleRemovals(role, cli) };
  });
}

function listRoleRemovals(role: RoleDetails, cli: AwsCli): string[] {
  return [...cli.deleteRole(role), ...role.managedPolicies.flatMap((each) => listPolicyRemovals(each, cli))];
}

/** Maps an adopted role onto the config. */
export function adoptedRoleProps(
  { name, path }: RoleDetails,
  description: string | undefined,
  keepPolicyArns: readonly string[],
): AdoptedRoleProps {
  return {
    name,
    ...(path === "/" ? {} : { path }),
    ...defined({ description }),
    ...(keepPolicyArns.length === 0 ? {} : { keepPolicyArns }),
  };
}

function findRoleObstacle(role: RoleDetails, otherUsers: readonly string[]): string | undefined {
  if (otherUsers.length > 0) return `${otherUsers.join(", ")} runs with it too and would lose what it may do`;
  const others = trustedPrincipals(role.trust).filter((principal) => principal !== SERVICE_PRINCIPALS.lambda);
  if (others.length > 0) return `${others.join(", ")} may assume it too, and could no longer`;
  return role.path.startsWith("/aws-service-role/") ? "it belongs to an AWS service" : undefined;
}

function describeChanges({ tagKeys }: RoleDetails): string {
  return `it gets a policy of its own, for just the targets${describeRemovedTags(tagKeys)}`;
}

function isReplaced({ document }: ManagedPolicy): boolean {
  return (
    ACTIONS.some((action) => allowsAction(document, INSTANCE_PERMISSIONS[action])) ||
    allowsOnly(document, /^logs:/i)
  );
}

function keepPolicy({ name }: ManagedPolicy): AdoptionFinding {
  return {
    kind: "policy",
    name,
    fate: "keep",
    why: "stays attached to the role: it is about something else",
  };
}

function detachPolicy(policy: ManagedPolicy, cli: AwsCli): AdoptionFinding {
  const { name, attachmentCount } = policy;
  const why = "is detached from the role: a changed name or description would replace it";
  const finding = { kind: "policy", name, fate: "recreate" } as const;
  if (isAwsManaged(policy)) return { ...finding, why: "is detached from the role; it is AWS's own" };
  if (attachmentCount > 1) return { ...finding, why: `${why}; something else holds it too` };
  return { ...finding, why, removal: listPolicyRemovals(policy, cli) };
}

/** Only policies attached to nothing else and fully covered by the new policy. */
function listPolicyRemovals(policy: ManagedPolicy, cli: AwsCli): string[] {
  const isNeeded = isAwsManaged(policy) || policy.attachmentCount > 1 || !isReplaced(policy);
  return isNeeded ? [] : cli.deletePolicy(policy);
}

export function isAwsManaged({ arn }: ManagedPolicy): boolean {
  return arn.includes(":iam::aws:");
}

function removeInlinePolicy(role: RoleDetails, name: string, cli: AwsCli): AdoptionFinding {
  return {
    kind: "policy",
    name: `${role.name}/${name}`,
    fate: "recreate",
    why: "inline policies of the role stay in force until they are removed",
    removal: [cli.deleteInlinePolicy(role.name, name)],
  };
}

import { ACTIONS, INSTANCE_PERMISSIONS } from "../../../contract/actions";
import type { AdoptedRoleProps } from "../../../model/adoption";
import type { AwsCli } from "../../aws/cli-commands";
import type { ManagedPolicy, RoleDetails } from "../../aws/iam";
import { allows, allowsOnly, trustedPrincipals } from "../../aws/policy";
import type { FoundFunction, Inventory } from "./inventory";
import { type Finding, lostTags } from "./proposal";

export interface RoleChoice {
  readonly adopted?: RoleDetails;
  /** Managed policies that do something else than logs, starts and stops, and so stay attached. */
  readonly keepPolicyArns: readonly string[];
  readonly findings: readonly Finding[];
}

/** The policy that this project writes into the role; one of that name changes in place. */
export const OWN_ROLE_POLICY = "start-stop";

export interface RoleOptions {
  readonly cli: AwsCli;
}

/** The role of the adopted functions, where nothing else depends on it. */
export function chooseRole(
  functions: readonly FoundFunction[],
  { roleUsers }: Inventory,
  { cli }: RoleOptions,
): RoleChoice {
  const names = new Set(functions.map(({ name }) => name));
  const roles = new Map(
    functions.flatMap(({ functionRole }) => (functionRole ? [[functionRole.arn, functionRole]] : [])),
  );
  const findings: Finding[] = [];
  let adopted: RoleDetails | undefined;
  const keepPolicyArns: string[] = [];
  for (const role of roles.values()) {
    const others = (roleUsers.get(role.arn) ?? []).filter((user) => !names.has(user));
    const obstacle = obstacleTo(role, others);
    if (obstacle !== undefined) {
      findings.push({ kind: "role", name: role.name, fate: "beside", why: obstacle });
    } else if (adopted) {
      const why = `both functions run with ${adopted.name}`;
      const removal = [
        ...cli.deleteRole(role),
        ...role.managedPolicies.flatMap((each) => deletePolicy(each, cli)),
      ];
      findings.push({ kind: "role", name: role.name, fate: "beside", why, removal });
    } else {
      adopted = role;
      findings.push({ kind: "role", name: role.name, fate: "adopt", why: `role.name; ${changes(role)}` });
      for (const policy of role.managedPolicies) {
        const kept = !isReplaced(policy);
        if (kept) keepPolicyArns.push(policy.arn);
        findings.push(kept ? keep(policy) : detach(policy, cli));
      }
      const others = role.inlinePolicies.filter(({ name }) => name !== OWN_ROLE_POLICY);
      findings.push(...others.map((policy) => inline(role, policy.name, cli)));
    }
  }
  return { keepPolicyArns, findings, ...(adopted ? { adopted } : {}) };
}

/** The same as the config writes it. */
export function adoptedRoleProps(
  { name, path }: RoleDetails,
  description: string | undefined,
  keepPolicyArns: readonly string[],
): AdoptedRoleProps {
  return {
    name,
    ...(path === "/" ? {} : { path }),
    ...(description === undefined ? {} : { description }),
    ...(keepPolicyArns.length === 0 ? {} : { keepPolicyArns }),
  };
}

function obstacleTo(role: RoleDetails, otherUsers: readonly string[]): string | undefined {
  if (otherUsers.length > 0) return `${otherUsers.join(", ")} runs with it too and would lose what it may do`;
  const others = trustedPrincipals(role.trust).filter((principal) => principal !== "lambda.amazonaws.com");
  if (others.length > 0) return `${others.join(", ")} may take it on too and could no longer`;
  return role.path.startsWith("/aws-service-role/") ? "it belongs to an AWS service" : undefined;
}

function changes({ tagKeys }: RoleDetails): string {
  return `it gets a policy of its own, for just the targets${lostTags(tagKeys)}`;
}

function isReplaced({ document }: ManagedPolicy): boolean {
  return (
    ACTIONS.some((action) => allows(document, INSTANCE_PERMISSIONS[action])) ||
    allowsOnly(document, /^logs:/i)
  );
}

function keep({ name }: ManagedPolicy): Finding {
  return {
    kind: "policy",
    name,
    fate: "leave",
    why: "stays attached to the role: it is about something else",
  };
}

function detach(policy: ManagedPolicy, cli: AwsCli): Finding {
  const { name, attachmentCount } = policy;
  const why = "is detached from the role: a changed name or description would replace it";
  const finding = { kind: "policy", name, fate: "beside" } as const;
  if (isAwsOwn(policy)) return { ...finding, why: "is detached from the role; it is AWS's own" };
  if (attachmentCount > 1) return { ...finding, why: `${why}; something else holds it too` };
  return { ...finding, why, removal: deletePolicy(policy, cli) };
}

/** Only what nothing else holds, and what does no more than is replaced. */
function deletePolicy(policy: ManagedPolicy, cli: AwsCli): string[] {
  const isNeeded = isAwsOwn(policy) || policy.attachmentCount > 1 || !isReplaced(policy);
  return isNeeded ? [] : cli.deletePolicy(policy);
}

export function isAwsOwn({ arn }: ManagedPolicy): boolean {
  return arn.includes(":iam::aws:");
}

function inline(role: RoleDetails, name: string, cli: AwsCli): Finding {
  return {
    kind: "policy",
    name: `${role.name}/${name}`,
    fate: "beside",
    why: "inline policies of the role stay in force until they are removed",
    removal: [cli.deleteInlinePolicy(role.name, name)],
  };
}

/** Whether one of a role's policies allows an action, for whatever resources. Denials are not looked at. */
export function roleAllows(role: RoleDetails, action: string): boolean {
  return [...role.inlinePolicies, ...role.managedPolicies].some(({ document }) => allows(document, action));
}

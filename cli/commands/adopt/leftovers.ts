import { ACTIONS, DELIVERY_PERMISSIONS, INSTANCE_PERMISSIONS } from "../../../contract/actions";
import { FUNCTION_POLICY_NAME } from "../../../model/names";
import { SERVICE_PRINCIPALS } from "../../../model/policies";
import type { AwsCli } from "../../aws/cli-commands";
import type { ManagedPolicy, RoleDetails } from "../../aws/iam";
import { allowsAction, allowsOnly, allowsOnlyOn, type IamPolicy, trustedPrincipals } from "../../aws/policy";
import type { AdoptionFinding } from "./finding";
import { type FoundFunction, type Inventory, roleAllows } from "./inventory";
import { isAwsManaged } from "./role";

const START_OR_STOP = ACTIONS.map((action) => INSTANCE_PERMISSIONS[action]);
/** Actions that this project's own policy grants, limited to the targets. */
const REPLACED = /^(?:logs:|ec2:(?:Start|Stop|Describe))/i;

/** Inline policies made by hand in the roles of this project's functions. */
export function findLeftoverInlinePolicies(
  functions: readonly FoundFunction[],
  { roles, roleUsers }: Inventory,
  cli: AwsCli,
): AdoptionFinding[] {
  const own = new Set(functions.map(({ name }) => name));
  return roles.flatMap((role) => {
    const users = roleUsers.get(role.arn) ?? [];
    const others = users.filter((user) => !own.has(user));
    return users.length > others.length ? judgeInlinePolicies(role, others, cli) : [];
  });
}

/** Roles that no function and no schedule of the region uses. */
export function findLeftoverRoles(
  functions: readonly FoundFunction[],
  { roles, roleUsers, scheduleRoleUsers }: Inventory,
  cli: AwsCli,
): AdoptionFinding[] {
  const arns = functions.map(({ arn }) => arn);
  return roles
    .filter(({ arn }) => !roleUsers.has(arn) && !scheduleRoleUsers.has(arn))
    .flatMap((role) => judgeUnusedRole(role, arns, cli));
}

/** Managed policies that nothing holds and that allow starting or stopping instances. */
export function findLeftoverPolicies(detached: readonly ManagedPolicy[], cli: AwsCli): AdoptionFinding[] {
  return detached
    .filter(({ document }) => START_OR_STOP.some((action) => allowsAction(document, action)))
    .map((policy): AdoptionFinding => {
      const common = { kind: "policy", name: policy.name } as const;
      if (!allowsOnly(policy.document, REPLACED)) {
        const why = "nothing holds it, and it allows more than starts, stops and logs: is it still meant?";
        return { ...common, fate: "keep", why };
      }
      const why = "nothing holds it, and it allows no more than starts, stops and logs";
      return { ...common, fate: "obsolete", why, removal: cli.deletePolicy(policy) };
    });
}

/** Only where the role has this project's own policy: another is what the functions run by. */
function judgeInlinePolicies(
  { name: role, inlinePolicies: policies }: RoleDetails,
  others: readonly string[],
  cli: AwsCli,
): AdoptionFinding[] {
  if (!policies.some(({ name }) => name === FUNCTION_POLICY_NAME)) return [];
  return policies
    .filter(({ name }) => name !== FUNCTION_POLICY_NAME)
    .map(({ name, document }): AdoptionFinding => {
      const common = { kind: "policy", name: `${role}/${name}` } as const;
      if (others.length > 0) {
        return { ...common, fate: "keep", why: `${others.join(", ")} runs with the role too` };
      }
      if (!allowsOnly(document, REPLACED)) {
        const why = "it allows more than starts, stops and logs: is it still meant?";
        return { ...common, fate: "keep", why };
      }
      const why = `${FUNCTION_POLICY_NAME} allows what the functions need; this one allows it beyond the targets`;
      return { ...common, fate: "obsolete", why, removal: [cli.deleteInlinePolicy(role, name)] };
    });
}

/** A role unused here may be used in another region, unless its permissions are limited to this one. */
function judgeUnusedRole(role: RoleDetails, functionArns: readonly string[], cli: AwsCli): AdoptionFinding[] {
  const [service, ...others] = trustedPrincipals(role.trust);
  if (others.length > 0 || role.path.startsWith("/aws-service-role/")) return [];
  const common = { kind: "role", name: role.name } as const;
  const documents = documentsOf(role);
  const unknown = "nothing in this region uses it: check the other regions";
  if (service === SERVICE_PRINCIPALS.scheduler) {
    const invokesOurs = (document: IamPolicy) =>
      allowsOnlyOn(document, DELIVERY_PERMISSIONS.invoke, functionArns);
    if (documents.length > 0 && documents.every(invokesOurs)) {
      const why = "no schedule uses it, and it may do nothing but invoke these functions";
      return [{ ...common, fate: "obsolete", why, removal: listRoleRemovals(role, cli) }];
    }
    if (documents.length === 0) return [{ ...common, fate: "keep", why: unknown }];
  } else if (service !== SERVICE_PRINCIPALS.lambda) return [];
  const startsOrStops = START_OR_STOP.some((action) => roleAllows(role, action));
  return startsOrStops ? [{ ...common, fate: "keep", why: unknown }] : [];
}

function listRoleRemovals(role: RoleDetails, cli: AwsCli): string[] {
  const alone = role.managedPolicies.filter(
    (policy) => policy.attachmentCount === 1 && !isAwsManaged(policy),
  );
  return [...cli.deleteRole(role), ...alone.flatMap((policy) => cli.deletePolicy(policy))];
}

function documentsOf({ inlinePolicies: inline, managedPolicies }: RoleDetails): IamPolicy[] {
  return [...inline, ...managedPolicies].map(({ document }) => document);
}

import type { AccountRole, PolicyDocument, PolicyStatement } from "./account";

/** Whether one of a role's policies allows an action, for whatever resources. Denials are not looked at. */
export function roleAllows(role: AccountRole, action: string): boolean {
  return [...role.inlinePolicies, ...role.managedPolicies].some(({ document }) => allows(document, action));
}

/** Whether a policy document has a statement that allows the action. */
export function allows(document: PolicyDocument, action: string): boolean {
  return allowing(document).some(({ Action, NotAction }) =>
    Action === undefined
      ? NotAction !== undefined && !listOf(NotAction).some((pattern) => matches(pattern, action))
      : listOf(Action).some((pattern) => matches(pattern, action)),
  );
}

/** Whether all that a policy document does is to allow actions that match. */
export function allowsOnly(document: PolicyDocument, allowed: RegExp): boolean {
  const statements = statementsOf(document);
  return (
    statements.length > 0 &&
    statements.every(
      ({ Effect, Action }) =>
        Effect === "Allow" && Action !== undefined && listOf(Action).every((action) => allowed.test(action)),
    )
  );
}

/** Whether all that a policy document does is to allow one action on these resources, or versions and aliases of them. */
export function allowsOnlyOn(document: PolicyDocument, action: string, arns: readonly string[]): boolean {
  return (
    allowsOnly(document, new RegExp(`^${action}$`, "i")) &&
    statementsOf(document).every(
      ({ Resource = [] }) =>
        Resource.length > 0 &&
        listOf(Resource).every((resource) =>
          arns.some((arn) => resource === arn || resource.startsWith(`${arn}:`)),
        ),
    )
  );
}

/** The services, accounts and identities that may take on a role. */
export function trusted(document: PolicyDocument): string[] {
  return allowing(document).flatMap(({ Principal = [] }) =>
    typeof Principal === "string" ? [Principal] : Object.values(Principal).flatMap(listOf),
  );
}

function statementsOf({ Statement = [] }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

function allowing(document: PolicyDocument): PolicyStatement[] {
  return statementsOf(document).filter(({ Effect }) => Effect === "Allow");
}

/** IAM's own wildcards, without regard to case. */
function matches(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(action);
}

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

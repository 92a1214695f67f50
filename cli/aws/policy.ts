import { DELIVERY_PERMISSIONS } from "../../contract/actions";
/** A policy document as AWS stores it. model/policies.ts has those that this project writes. */
export interface IamPolicy {
  readonly Statement?: IamStatement | readonly IamStatement[];
}

export type OneOrMore = string | readonly string[];

export interface IamStatement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Principal?: string | Readonly<Record<string, OneOrMore>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

/**
 * Reads a document of IAM's, which is URL-encoded JSON.
 * @param text none: an empty document
 */
export function parseIamPolicy(text: string | undefined): IamPolicy {
  return text === undefined ? {} : JSON.parse(decodeURIComponent(text));
}

export function statementsOf({ Statement = [] }: IamPolicy): readonly IamStatement[] {
  return Array.isArray(Statement) ? Statement : [Statement as IamStatement];
}

export function toList(value: OneOrMore | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** Whether a policy has a statement that allows the action, for whatever resources. Denials do not count. */
export function allowsAction(policy: IamPolicy, action: string): boolean {
  return allowStatementsOf(policy).some(({ Action, NotAction }) =>
    Action === undefined
      ? NotAction !== undefined && !matchesAction(NotAction, action)
      : matchesAction(Action, action),
  );
}

/** Whether a policy does nothing but allow actions that match. */
export function allowsOnly(policy: IamPolicy, allowed: RegExp): boolean {
  const statements = statementsOf(policy);
  return (
    statements.length > 0 &&
    statements.every(
      ({ Effect, Action }) =>
        Effect === "Allow" && Action !== undefined && toList(Action).every((action) => allowed.test(action)),
    )
  );
}

/** Whether a policy does nothing but allow one action on these resources, or on versions and aliases of them. */
export function allowsOnlyOn(policy: IamPolicy, action: string, arns: readonly string[]): boolean {
  return (
    allowsOnly(policy, new RegExp(`^${action}$`, "i")) &&
    statementsOf(policy).every(
      ({ Resource = [] }) =>
        Resource.length > 0 &&
        toList(Resource).every((resource) =>
          arns.some((arn) => resource === arn || resource.startsWith(`${arn}:`)),
        ),
    )
  );
}

/** The services, accounts and identities that may assume the role of a trust policy. */
export function trustedPrincipals(trust: IamPolicy): string[] {
  return allowStatementsOf(trust).flatMap(({ Principal = [] }) =>
    typeof Principal === "string" ? [Principal] : Object.values(Principal).flatMap(toList),
  );
}

function allowStatementsOf(policy: IamPolicy): IamStatement[] {
  return statementsOf(policy).filter(({ Effect }) => Effect === "Allow");
}

/**
 * Whether the resource policy of a function lets a service invoke it on behalf of a rule. A statement with a condition
 * that is not understood here does not count.
 */
export function allowsInvocation(
  statements: readonly IamStatement[],
  caller: { readonly service: string; readonly arn: string; readonly accountId: string },
): boolean {
  const concerned = statements.filter(
    (statement) =>
      matchesAction(statement.Action, DELIVERY_PERMISSIONS.invoke) &&
      isPrincipal(statement.Principal, caller.service) &&
      conditionsHold(statement, caller),
  );
  return (
    concerned.some(({ Effect }) => Effect === "Allow") && !concerned.some(({ Effect }) => Effect === "Deny")
  );
}

function isPrincipal(principal: IamStatement["Principal"], service: string): boolean {
  if (principal === undefined || typeof principal === "string") return principal === "*";
  return toList(principal["Service"]).includes(service);
}

function conditionsHold(
  { Condition = {} }: IamStatement,
  { arn, accountId }: { readonly arn: string; readonly accountId: string },
): boolean {
  const known: Readonly<Record<string, string>> = { "aws:sourcearn": arn, "aws:sourceaccount": accountId };
  return Object.entries(Condition).every(
    ([operator, keys]) =>
      /^(Arn|String)(Like|Equals)$/.test(operator) &&
      Object.entries(keys).every(([key, patterns]) => {
        const value = known[key.toLowerCase()];
        return (
          value !== undefined && toList(patterns).some((pattern) => wildcardPattern(pattern).test(value))
        );
      }),
  );
}

/** Whether one of the patterns matches an action; IAM ignores the case of actions. */
function matchesAction(patterns: OneOrMore | undefined, action: string): boolean {
  return toList(patterns).some((pattern) => wildcardPattern(pattern, "i").test(action));
}

/** A pattern with IAM's wildcards, `*` and `?`. */
function wildcardPattern(pattern: string, flags?: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, flags);
}

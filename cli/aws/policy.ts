import type { Difference } from "../commands/doctor/check";
import { differenceOf, jsonDifferences } from "../commands/doctor/compare";
import type { Policy, Statement } from "../commands/doctor/reading";

type OneOrMore = string | readonly string[];

export function statementsOf({ Statement = [] }: Policy): readonly Statement[] {
  return Array.isArray(Statement) ? Statement : [Statement as Statement];
}

export function listOf(value: OneOrMore | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** Where two policies do not say the same. The order and the names of statements, and that of their lists, say nothing. */
export function policyDifferences(got: Policy, expected: Policy): Difference[] {
  const [gotStatements, expectedStatements] = [statementsOf(got), statementsOf(expected)];
  const surplus = apart(gotStatements, expectedStatements);
  const lacking = apart(expectedStatements, gotStatements);
  const [missing, ...others] = lacking;
  const [other, ...more] = surplus;
  if (missing && other && missing.Sid === other.Sid && others.length + more.length === 0) {
    return jsonDifferences(normal(other), normal(missing), missing.Sid ?? "statement");
  }
  const changed = lacking.filter(({ Sid }) => Sid !== undefined && surplus.some((each) => each.Sid === Sid));
  const isChanged = ({ Sid }: Statement) => changed.some((each) => each.Sid === Sid);
  return [
    ...changed.flatMap((statement) => {
      const found = surplus.find(({ Sid }) => Sid === statement.Sid);
      return jsonDifferences(found && normal(found), normal(statement), statement.Sid ?? "");
    }),
    ...lacking
      .filter((statement) => !isChanged(statement))
      .flatMap((statement) => differenceOf(nameOf(statement), undefined, inWords(statement))),
    ...surplus
      .filter((statement) => !isChanged(statement))
      .flatMap((statement) => differenceOf(nameOf(statement), inWords(statement), undefined)),
  ];
}

function apart(statements: readonly Statement[], others: readonly Statement[]): Statement[] {
  const known = new Set(others.map(keyOf));
  return statements.filter((statement) => !known.has(keyOf(statement)));
}

function keyOf(statement: Statement): string {
  return JSON.stringify(normal(statement));
}

/** Lists in order, and a list where a single value stands. */
function normal({ Effect, Action, Resource, Principal, Condition }: Statement) {
  return {
    Effect,
    Action: sorted(Action),
    ...(Resource === undefined ? {} : { Resource: sorted(Resource) }),
    ...(Principal === undefined
      ? {}
      : { Principal: typeof Principal === "string" ? Principal : sortedMap(Principal) }),
    ...(Condition === undefined
      ? {}
      : {
          Condition: inOrder(
            Object.entries(Condition).map(([operator, keys]) => [operator, sortedMap(keys)]),
          ),
        }),
  };
}

function sortedMap(map: Readonly<Record<string, OneOrMore>>) {
  return inOrder(Object.entries(map).map(([key, values]) => [key, sorted(values)]));
}

function inOrder<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sorted(values: OneOrMore | undefined): string[] {
  return [...listOf(values)].sort();
}

function nameOf({ Sid }: Statement): string {
  return Sid ? `statement ${Sid}` : "a statement";
}

function inWords({ Effect = "", Action, Resource }: Statement): string {
  const resources = listOf(Resource);
  const on = resources.length > 2 ? `${resources.length} resources` : resources.join(", ");
  return `${Effect} ${listOf(Action).join(", ")}${on === "" ? "" : ` on ${on}`}`;
}

/**
 * Whether a resource policy lets a service invoke a function on behalf of what bears an ARN. A statement with a
 * condition that is not understood here counts for nothing.
 */
export function allowsInvocation(
  statements: readonly Statement[],
  caller: { readonly service: string; readonly arn: string; readonly accountId: string },
): boolean {
  const concerned = statements.filter(
    (statement) =>
      listOf(statement.Action).some((action) => /^(\*|lambda:(\*|Invoke\*|InvokeFunction))$/.test(action)) &&
      isPrincipal(statement.Principal, caller.service) &&
      conditionsHold(statement, caller),
  );
  return (
    concerned.some(({ Effect }) => Effect === "Allow") && !concerned.some(({ Effect }) => Effect === "Deny")
  );
}

function isPrincipal(principal: Statement["Principal"], service: string): boolean {
  if (principal === undefined || typeof principal === "string") return principal === "*";
  return listOf(principal["Service"]).includes(service);
}

function conditionsHold(
  { Condition = {} }: Statement,
  { arn, accountId }: { readonly arn: string; readonly accountId: string },
): boolean {
  const known: Readonly<Record<string, string>> = { "aws:sourcearn": arn, "aws:sourceaccount": accountId };
  return Object.entries(Condition).every(
    ([operator, keys]) =>
      /^(Arn|String)(Like|Equals)$/.test(operator) &&
      Object.entries(keys).every(([key, patterns]) => {
        const value = known[key.toLowerCase()];
        return value !== undefined && listOf(patterns).some((pattern) => matches(pattern, value));
      }),
  );
}

function matches(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(value);
}

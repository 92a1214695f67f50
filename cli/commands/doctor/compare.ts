import { isRecord, truncate } from "../../../contract/collections";
import type { TargetSpec } from "../../../model/blueprint";
import { EVENTBRIDGE_RETRY_DEFAULTS } from "../../../model/retry-policy";
import type { RuleTarget } from "../../aws/events";
import { type IamPolicy, type IamStatement, type OneOrMore, statementsOf, toList } from "../../aws/policy";
import type { Difference } from "./check";

const MAX_DIFFERENCES = 5;
const MAX_TEXT = 160;
const NOTHING = "nothing";

/** One difference, or none. `undefined` is nothing at all. */
export function differenceOf(
  what: string,
  got: string | number | boolean | undefined,
  expected: string | number | boolean | undefined,
): Difference[] {
  return got === expected ? [] : [{ what, got: shown(got), expected: shown(expected) }];
}

/** Compares two JSON values, a difference for each path; members in any order. */
export function jsonDifferences(got: unknown, expected: unknown, path = ""): Difference[] {
  const found = findDifferences(got, expected, path);
  const rest = found.length - MAX_DIFFERENCES;
  if (rest <= 0) return found;
  const more: Difference = { what: `${rest} more`, got: "something else", expected: "what the config says" };
  return [...found.slice(0, MAX_DIFFERENCES), more];
}

/**
 * Where two texts differ: by their JSON where both are some, in which a placeholder of AWS's may stand for a value.
 * @param what what to call them
 */
export function textDifferences(what: string, got: string | undefined, expected: string): Difference[] {
  if (got === expected) return [];
  const [gotJson, expectedJson] = [readJson(got), readJson(expected)];
  if (gotJson !== undefined && expectedJson !== undefined) {
    const found = jsonDifferences(gotJson, expectedJson, what);
    if (found.length > 0) return found;
  }
  return differenceOf(what, got, expected);
}

function findDifferences(got: unknown, expected: unknown, path: string): Difference[] {
  if (Array.isArray(got) && Array.isArray(expected)) {
    const members = memberDifferences(got, expected, path);
    if (members !== undefined) return members;
    const places = Array.from({ length: Math.max(got.length, expected.length) }, (_, index) => index);
    return places.flatMap((index) => findDifferences(got[index], expected[index], `${path}[${index}]`));
  }
  if (isRecord(got) && isRecord(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return keys.flatMap((key) =>
      findDifferences(own(got, key), own(expected, key), path === "" ? key : `${path}.${key}`),
    );
  }
  return Object.is(got, expected) ? [] : [{ what: path, got: shown(got), expected: shown(expected) }];
}

/** Compares plain lists by their members, since an index says little. */
function memberDifferences(
  got: readonly unknown[],
  expected: readonly unknown[],
  path: string,
): Difference[] | undefined {
  if ([...got, ...expected].some((member) => typeof member === "object")) return undefined;
  const [surplus, lacking] = [without(got, expected), without(expected, got)];
  if (surplus.length + lacking.length === 0) return undefined;
  return [{ what: path, got: shown(surplus.join(", ")), expected: shown(lacking.join(", ")) }];
}

function without(members: readonly unknown[], others: readonly unknown[]): unknown[] {
  return members.filter((member) => !others.includes(member));
}

type JsonObject = Readonly<Record<string, unknown>>;

function own(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function readJson(text: string | undefined): unknown {
  try {
    // The placeholder of an input transformer stands without quotes: EventBridge adds them.
    return JSON.parse((text ?? "").replace(/(":)<(\w+)>/g, '$1"<$2>"'));
  } catch {
    return undefined;
  }
}

/** Formats a value for a message. */
function shown(value: unknown): string {
  if (value === undefined || value === "") return NOTHING;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return truncate(text, MAX_TEXT);
}

/** Compares the retry settings of a rule's target or a schedule. */
export function retryDifferences(
  found: Pick<RuleTarget, "maxRetries" | "maxEventAgeSeconds" | "deadLetterArn">,
  expected: TargetSpec,
): Difference[] {
  const { maxRetries, maxEventAgeSeconds } = { ...EVENTBRIDGE_RETRY_DEFAULTS, ...found };
  return [
    ...differenceOf("retries", maxRetries, expected.maxRetries),
    ...differenceOf("event age", `${maxEventAgeSeconds} s`, `${expected.maxEventAgeSeconds} s`),
    ...differenceOf("dead-letter queue", found.deadLetterArn, expected.deadLetterArn),
  ];
}

export function stateText(enabled: boolean): string {
  return enabled ? "ENABLED" : "DISABLED";
}

/** Compares two policies. The order of statements and lists and the names of statements do not count. */
export function policyDifferences(got: IamPolicy, expected: IamPolicy): Difference[] {
  const [gotStatements, expectedStatements] = [statementsOf(got), statementsOf(expected)];
  const surplus = apart(gotStatements, expectedStatements);
  const lacking = apart(expectedStatements, gotStatements);
  const [missing, ...others] = lacking;
  const [other, ...more] = surplus;
  if (missing && other && missing.Sid === other.Sid && others.length + more.length === 0) {
    return jsonDifferences(normal(other), normal(missing), missing.Sid ?? "statement");
  }
  const changed = lacking.filter(({ Sid }) => Sid !== undefined && surplus.some((each) => each.Sid === Sid));
  const isChanged = ({ Sid }: IamStatement) => changed.some((each) => each.Sid === Sid);
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

function apart(statements: readonly IamStatement[], others: readonly IamStatement[]): IamStatement[] {
  const known = new Set(others.map(keyOf));
  return statements.filter((statement) => !known.has(keyOf(statement)));
}

function keyOf(statement: IamStatement): string {
  return JSON.stringify(normal(statement));
}

/** Lists in order, and a list where a single value stands. */
function normal({ Effect, Action, Resource, Principal, Condition }: IamStatement) {
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
  return [...toList(values)].sort();
}

function nameOf({ Sid }: IamStatement): string {
  return Sid ? `statement ${Sid}` : "a statement";
}

function inWords({ Effect = "", Action, Resource }: IamStatement): string {
  const resources = toList(Resource);
  const on = resources.length > 2 ? `${resources.length} resources` : resources.join(", ");
  return `${Effect} ${toList(Action).join(", ")}${on === "" ? "" : ` on ${on}`}`;
}

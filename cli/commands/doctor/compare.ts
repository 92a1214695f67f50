import { isRecord, truncate } from "../../../contract/collections";
import type { TargetSpec } from "../../../model/blueprint";
import { EVENTBRIDGE_RETRY_DEFAULTS } from "../../../model/retry-policy";
import type { RuleTarget } from "../../aws/events";
import { type IamPolicy, type IamStatement, type OneOrMore, statementsOf, toList } from "../../aws/policy";
import type { Difference } from "./check";

const MAX_DIFFERENCES = 5;
const MAX_TEXT_LENGTH = 160;
const NOTHING = "nothing";

/** Compares two values: one difference, or none. `undefined` means absent. */
export function compareValues(
  name: string,
  got: string | number | boolean | undefined,
  expected: string | number | boolean | undefined,
): Difference[] {
  return got === expected ? [] : [{ name, got: formatValue(got), expected: formatValue(expected) }];
}

/** Compares two JSON values, a difference for each path; members in any order. */
export function compareJson(got: unknown, expected: unknown, path = ""): Difference[] {
  const found = compareMembers(got, expected, path);
  const rest = found.length - MAX_DIFFERENCES;
  if (rest <= 0) return found;
  const more: Difference = { name: `${rest} more`, got: "something else", expected: "what the config says" };
  return [...found.slice(0, MAX_DIFFERENCES), more];
}

/**
 * Compares two texts, as JSON where both are JSON (with AWS's placeholders for values).
 * @param name their name in the message
 */
export function compareTexts(name: string, got: string | undefined, expected: string): Difference[] {
  if (got === expected) return [];
  const [gotJson, expectedJson] = [parseJson(got), parseJson(expected)];
  if (gotJson !== undefined && expectedJson !== undefined) {
    const found = compareJson(gotJson, expectedJson, name);
    if (found.length > 0) return found;
  }
  return compareValues(name, got, expected);
}

function compareMembers(got: unknown, expected: unknown, path: string): Difference[] {
  if (Array.isArray(got) && Array.isArray(expected)) {
    const members = compareLists(got, expected, path);
    if (members !== undefined) return members;
    const places = Array.from({ length: Math.max(got.length, expected.length) }, (_, index) => index);
    return places.flatMap((index) => compareMembers(got[index], expected[index], `${path}[${index}]`));
  }
  if (isRecord(got) && isRecord(expected)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return keys.flatMap((key) =>
      compareMembers(ownValueOf(got, key), ownValueOf(expected, key), path === "" ? key : `${path}.${key}`),
    );
  }
  return Object.is(got, expected)
    ? []
    : [{ name: path, got: formatValue(got), expected: formatValue(expected) }];
}

/** Compares plain lists by their members, since an index says little. */
function compareLists(
  got: readonly unknown[],
  expected: readonly unknown[],
  path: string,
): Difference[] | undefined {
  if ([...got, ...expected].some((member) => typeof member === "object")) return undefined;
  const [surplus, lacking] = [exclude(got, expected), exclude(expected, got)];
  if (surplus.length + lacking.length === 0) return undefined;
  return [{ name: path, got: formatValue(surplus.join(", ")), expected: formatValue(lacking.join(", ")) }];
}

function exclude(members: readonly unknown[], others: readonly unknown[]): unknown[] {
  return members.filter((member) => !others.includes(member));
}

type JsonObject = Readonly<Record<string, unknown>>;

function ownValueOf(value: JsonObject, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function parseJson(text: string | undefined): unknown {
  try {
    // The placeholder of an input transformer stands without quotes: EventBridge adds them.
    return JSON.parse((text ?? "").replace(/(":)<(\w+)>/g, '$1"<$2>"'));
  } catch {
    return undefined;
  }
}

/** Formats a value for a message. */
function formatValue(value: unknown): string {
  if (value === undefined || value === "") return NOTHING;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return truncate(text, MAX_TEXT_LENGTH);
}

/** Compares the retry settings of a rule's target or a schedule. */
export function compareRetries(
  found: Pick<RuleTarget, "maxRetries" | "maxEventAgeSeconds" | "deadLetterArn">,
  expected: TargetSpec,
): Difference[] {
  const { maxRetries, maxEventAgeSeconds } = { ...EVENTBRIDGE_RETRY_DEFAULTS, ...found };
  return [
    ...compareValues("retries", maxRetries, expected.maxRetries),
    ...compareValues("event age", `${maxEventAgeSeconds} s`, `${expected.maxEventAgeSeconds} s`),
    ...compareValues("dead-letter queue", found.deadLetterArn, expected.deadLetterArn),
  ];
}

export function formatState(enabled: boolean): string {
  return enabled ? "ENABLED" : "DISABLED";
}

/** Compares two policies. The order of statements and lists and the names of statements do not count. */
export function comparePolicies(got: IamPolicy, expected: IamPolicy): Difference[] {
  const [gotStatements, expectedStatements] = [statementsOf(got), statementsOf(expected)];
  const surplus = excludeStatements(gotStatements, expectedStatements);
  const lacking = excludeStatements(expectedStatements, gotStatements);
  const [missing, ...others] = lacking;
  const [other, ...more] = surplus;
  if (missing && other && missing.Sid === other.Sid && others.length + more.length === 0) {
    return compareJson(normalizeStatement(other), normalizeStatement(missing), missing.Sid ?? "statement");
  }
  const changed = lacking.filter(({ Sid }) => Sid !== undefined && surplus.some((each) => each.Sid === Sid));
  const isChanged = ({ Sid }: IamStatement) => changed.some((each) => each.Sid === Sid);
  return [
    ...changed.flatMap((statement) => {
      const found = surplus.find(({ Sid }) => Sid === statement.Sid);
      return compareJson(
        found && normalizeStatement(found),
        normalizeStatement(statement),
        statement.Sid ?? "",
      );
    }),
    ...lacking
      .filter((statement) => !isChanged(statement))
      .flatMap((statement) =>
        compareValues(nameStatement(statement), undefined, describeStatement(statement)),
      ),
    ...surplus
      .filter((statement) => !isChanged(statement))
      .flatMap((statement) =>
        compareValues(nameStatement(statement), describeStatement(statement), undefined),
      ),
  ];
}

function excludeStatements(
  statements: readonly IamStatement[],
  others: readonly IamStatement[],
): IamStatement[] {
  const known = new Set(others.map(statementKeyOf));
  return statements.filter((statement) => !known.has(statementKeyOf(statement)));
}

function statementKeyOf(statement: IamStatement): string {
  return JSON.stringify(normalizeStatement(statement));
}

/** Sorts lists, and turns a single value into a list. */
function normalizeStatement({ Effect, Action, Resource, Principal, Condition }: IamStatement) {
  return {
    Effect,
    Action: sortValues(Action),
    ...(Resource === undefined ? {} : { Resource: sortValues(Resource) }),
    ...(Principal === undefined
      ? {}
      : { Principal: typeof Principal === "string" ? Principal : sortMap(Principal) }),
    ...(Condition === undefined
      ? {}
      : {
          Condition: sortEntries(
            Object.entries(Condition).map(([operator, keys]) => [operator, sortMap(keys)]),
          ),
        }),
  };
}

function sortMap(map: Readonly<Record<string, OneOrMore>>) {
  return sortEntries(Object.entries(map).map(([key, values]) => [key, sortValues(values)]));
}

function sortEntries<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortValues(values: OneOrMore | undefined): string[] {
  return [...toList(values)].sort();
}

function nameStatement({ Sid }: IamStatement): string {
  return Sid ? `statement ${Sid}` : "a statement";
}

function describeStatement({ Effect = "", Action, Resource }: IamStatement): string {
  const resources = toList(Resource);
  const on = resources.length > 2 ? `${resources.length} resources` : resources.join(", ");
  return `${Effect} ${toList(Action).join(", ")}${on === "" ? "" : ` on ${on}`}`;
}

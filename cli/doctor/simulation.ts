import type { PolicyDocument, PolicyStatement } from "../../constructs/role-policy";
import { chunksOf } from "../fleet/chunks";
import type { SimulatedCalls, SimulatedContext } from "./reading/reading";

const RESOURCES_PER_CALL = 50;

/**
 * The calls that a policy is there to allow, to be put to IAM: each action on each resource, under the conditions that
 * the statement sets. Where a condition names several values, each of them comes up once.
 */
export function simulatedCalls({ Statement }: PolicyDocument): SimulatedCalls[] {
  return Statement.flatMap((statement) => {
    const resources = chunksOf(statement.Resource.map(concrete), RESOURCES_PER_CALL);
    return contextsOf(statement).flatMap((context) =>
      resources.map((resourceArns) => ({ actions: statement.Action, resourceArns, context })),
    );
  });
}

/** Where a pattern stands for what is not known before the run, something that it matches. */
function concrete(resource: string): string {
  return resource
    .replace(/:instance\/\*$/, ":instance/i-00000000000000000")
    .replace(/:\*$/, ":log-stream:any");
}

function contextsOf({ Condition = {} }: PolicyStatement): SimulatedContext[][] {
  // What must not be so needs no mention.
  const wanted = Object.entries(Condition).filter(([operator]) => !operator.startsWith("StringNot"));
  const keys = wanted.flatMap(([operator, values]) =>
    Object.entries(values).map(([key, texts]) => ({
      key,
      type: operator === "Bool" ? ("boolean" as const) : ("string" as const),
      values: texts.map(plain),
    })),
  );
  const rounds = Math.max(1, ...keys.map(({ values }) => values.length));
  return Array.from({ length: rounds }, (_, round) =>
    keys.map(({ key, type, values }) => ({ key, type, value: values[round % values.length] ?? "" })),
  );
}

/** IAM writes a literal `$` as `${$}`. */
function plain(text: string): string {
  return text.replaceAll("${$}", "$");
}

import { isDeepStrictEqual } from "node:util";

interface Change {
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly after_unknown: Readonly<Record<string, unknown>> | boolean;
}

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: Change;
  }[];
  readonly output_changes?: Readonly<Record<string, Change>>;
}

/** Attributes the simulator takes and does not give back, so that each plan sets them again. By resource type. */
export const FORGOTTEN_BY_SIMULATOR: Readonly<Record<string, readonly string[]>> = {
  aws_lambda_function: ["logging_config"],
};

const QUIET = ["no-op", "read"];

function changedAttributes({ before, after, after_unknown: unknown }: Change): string[] {
  const isUnknown = (name: string) => typeof unknown === "object" && Boolean(unknown[name]);
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].filter((name) => isUnknown(name) || !isDeepStrictEqual(before?.[name], after?.[name]));
}

/** One line for each change of the plan, except where the simulator forgot the attribute. */
export function unexpectedChanges(plan: unknown): string[] {
  const { resource_changes: resources = [], output_changes: outputs = {} } = plan as Plan;
  const ofResources = resources.flatMap(({ address, type, change }) => {
    if (change.actions.every((action) => QUIET.includes(action))) return [];
    if (!isDeepStrictEqual(change.actions, ["update"])) return [`${address}: ${change.actions.join(", ")}`];
    return changedAttributes(change)
      .filter((name) => !FORGOTTEN_BY_SIMULATOR[type]?.includes(name))
      .map(
        (name) =>
          `${address}.${name}: ${JSON.stringify(change.before?.[name])} -> ${JSON.stringify(change.after?.[name])}`,
      );
  });
  const ofOutputs = Object.entries(outputs)
    .filter(([, { actions }]) => !isDeepStrictEqual(actions, ["no-op"]))
    .map(([name, { actions }]) => `output ${name}: ${actions.join(", ")}`);
  return [...ofResources, ...ofOutputs];
}

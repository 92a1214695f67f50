/** What a plan would make: by type, the attributes of each resource, in an order of their own. */
export type PlannedResources = Readonly<Record<string, readonly unknown[]>>;

interface Plan {
  readonly resource_changes?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: unknown;
      readonly after_unknown: unknown;
    };
  }[];
}

/** Says where the zip lies, which differs; its content is told by `source_code_hash`. */
const PATHS = ["filename"];
const KNOWN_AFTER_APPLY = "(known after apply)";

/** Everything a plan makes, without addresses, so that two plans can be compared. */
export function plannedResources(plan: unknown): PlannedResources {
  const byType: Record<string, unknown[]> = {};
  for (const { mode, type, change } of (plan as Plan).resource_changes ?? []) {
    if (mode !== "managed") continue;
    if (change.actions.join() !== "create")
      throw new Error(`Expected a ${type} to be made, got ${change.actions}`);
    byType[type] ??= [];
    byType[type].push(normal(withUnknown(change.after, change.after_unknown)));
  }
  for (const resources of Object.values(byType)) resources.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
  return byType;
}

/** One tree of what is known and what is not. */
function withUnknown(after: unknown, unknown: unknown): unknown {
  if (unknown === true) return KNOWN_AFTER_APPLY;
  if (Array.isArray(after)) {
    return after.map((item, index) => withUnknown(item, Array.isArray(unknown) ? unknown[index] : false));
  }
  if (!isRecord(after)) return after;
  const names = new Set([...Object.keys(after), ...(isRecord(unknown) ? Object.keys(unknown) : [])]);
  return Object.fromEntries(
    [...names].map((name) => [name, withUnknown(after[name], isRecord(unknown) ? unknown[name] : false)]),
  );
}

/** Documents within strings opened up, keys in order, and what is empty left out, as AWS does not tell it from none. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (isRecord(value)) {
    const members = Object.entries(value)
      .filter(([name]) => !PATHS.includes(name))
      .map(([name, member]) => [name, normal(member)] as const)
      .filter(([, member]) => !isEmpty(member))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members);
  }
  return typeof value === "string" && value.startsWith("{") ? normal(parsed(value)) : value;
}

/** JSON, or the template of a rule's input, where the one placeholder stands without quotes. */
function parsed(text: string): unknown {
  return { json: JSON.parse(text.replace(":<time>,", ':"<time>",')) };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return isRecord(value) ? Object.keys(value).length === 0 : Array.isArray(value) && value.length === 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const textOf = (value: unknown): string => JSON.stringify(value);

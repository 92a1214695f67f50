/** Attributes of a resource as the provider calls them; a block is a list. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface TypedResource {
  readonly type: string;
  readonly attributes: Attributes;
}

/** Stands for what is unknown before it is made. */
export const UNKNOWN = "(known after apply)";

/** A policy as text; one that holds something unknown is unknown as a whole. */
export function documentOf(value: object): string {
  const text = JSON.stringify(value);
  return text.includes(UNKNOWN) ? UNKNOWN : text;
}

/** Resources by type and by what they are called, so that a difference names the resource that it is in. */
export function comparable(resources: readonly TypedResource[]): Record<string, unknown[]> {
  const grouped: Record<string, unknown[]> = {};
  for (const { type, attributes } of resources) {
    const title = [
      type,
      ...TITLES.map((name) => attributes[name]).filter((text) => typeof text === "string"),
    ];
    const key = title.join(" ");
    grouped[key] = [...(grouped[key] ?? []), normal(attributes)].sort(byText);
  }
  return grouped;
}

const TITLES = ["name", "function_name", "alarm_name", "rule", "role_name", "statement_id", "group_name"];

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/**
 * Documents within strings opened up, keys, the resources of a statement and what has an id in order, and what is empty
 * left out, as AWS does not tell it from none.
 */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal).sort(byId);
  if (isRecord(value)) {
    const members = Object.entries(value)
      .map(([name, member]) => [name, name === "Resource" ? sorted(member) : normal(member)] as const)
      .filter(([name, member]) => !isDefault(name, member) && (!isEmpty(member) || name === "default"))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members);
  }
  return typeof value === "string" && /^\[?\{/.test(value) ? normal(parsed(value)) : value;
}

function sorted(resources: unknown): unknown {
  return Array.isArray(resources) ? [...resources].sort() : resources;
}

/** Only the queries of an alarm have ids: Terraform has them as a set. */
function byId(a: unknown, b: unknown): number {
  return isRecord(a) && isRecord(b) ? String(a["id"] ?? "").localeCompare(String(b["id"] ?? "")) : 0;
}

/** JSON, or the template of a rule's input, where the one placeholder stands without quotes. */
function parsed(text: string): unknown {
  return { json: JSON.parse(text.replace(":<time>,", ':"<time>",')) };
}

/** The path of a role that is given none, and the concurrency of a function of which none is reserved. */
function isDefault(name: string, value: unknown): boolean {
  return (name === "path" && value === "/") || (name === "reserved_concurrent_executions" && value === -1);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  return isRecord(value) ? Object.keys(value).length === 0 : Array.isArray(value) && value.length === 0;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

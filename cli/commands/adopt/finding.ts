/** One existing thing, and what adopting does with it. */
export interface AdoptionFinding {
  readonly kind: "function" | "log group" | "role" | "policy" | "rule" | "schedule" | "permission";
  readonly name: string;
  /**
   * `adopt`: imported, and changed in place. `recreate`: a new one is created, the old one stays until it is removed.
   * `keep`: neither touched nor recreated. `obsolete`: something else does its work already, so it can be removed.
   */
  readonly fate: "adopt" | "recreate" | "keep" | "obsolete";
  /** The key of the config that it becomes, or why it cannot be adopted. */
  readonly why: string;
  /** Shell commands that remove it, to be run once the new ones work. */
  readonly removal?: readonly string[];
}

/** A function that is not touched. */
export function keepFunction(name: string, why: string): AdoptionFinding {
  return { kind: "function", name, fate: "keep", why };
}

/** Names the tags that an adopted thing loses, as the end of a sentence; AWS's own tags stay. */
export function describeRemovedTags(tagKeys: readonly string[]): string {
  const own = tagKeys.filter((key) => !key.startsWith("aws:"));
  if (own.length === 0) return "";
  const [tags, go] = own.length === 1 ? ["tag", "goes unless it is"] : ["tags", "go unless they are"];
  return `; its ${tags} ${own.join(", ")} ${go} in \`tags\``;
}

/** Each command once, in an order that AWS takes: what depends on something goes before it. */
export function collectRemovals(findings: readonly AdoptionFinding[]): string[] {
  return [...new Set(findings.flatMap(({ removal = [] }) => removal))];
}

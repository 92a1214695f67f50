/** Describes values of a tag: one of `like` and `any`. */
export interface TagPattern {
  /**
   * Values that the pattern matches, case-sensitive: `*` stands for any characters or none, `?` for exactly one, and a
   * backslash makes a following `*`, `?` or backslash literal.
   * @default `any` is set
   */
  readonly like?: string;
  /**
   * Every value of the tag, the empty one too, as long as the instance has the tag.
   * @default `like` is set
   */
  readonly any?: true;
}

/** A literal value of a tag, or the values that a pattern describes. */
export type TagValue = string | TagPattern;

/** Matching values by tag key. */
export type TagValues = Readonly<Record<string, readonly TagValue[]>>;

/** Whether an instance is in a target: it has all of these keys, each with a value that matches. */
export function matchesAllTags(tags: ReadonlyMap<string, string>, wanted: TagValues): boolean {
  return Object.entries(wanted).every(([key, values]) => {
    const value = tags.get(key);
    return value !== undefined && coversValue(values, value);
  });
}

/** Returns the first tag, as `key=value`, that excludes an instance from a target: any one is enough. */
export function excludingTag(tags: ReadonlyMap<string, string>, exclude: TagValues): string | undefined {
  for (const [key, values] of Object.entries(exclude)) {
    const value = tags.get(key);
    if (value !== undefined && coversValue(values, value)) return `${key}=${value}`;
  }
  return undefined;
}

/** Whether one of the values describes everything that another value describes. Several that do so together do not count. */
export function coversValue(wide: readonly TagValue[], narrow: TagValue): boolean {
  return wide.some((each) => {
    if (typeof each === "string") return each === narrow;
    return each.any === true || matchesParts(partsOf(each), partsOf(narrow));
  });
}

/** Whether tags are the same as others or narrower: the others match every instance that these match. */
export function demandsAtLeast(tags: TagValues, others: TagValues): boolean {
  return Object.entries(others).every(
    ([key, values]) => Object.hasOwn(tags, key) && tags[key]?.every((value) => coversValue(values, value)),
  );
}

/** Whether exclusions leave out every instance that others leave out. */
export function leavesOutAtLeast(exclude: TagValues, others: TagValues): boolean {
  return Object.entries(others).every(
    ([key, values]) =>
      Object.hasOwn(exclude, key) && values.every((value) => coversValue(exclude[key] ?? [], value)),
  );
}

/** Writes tags in words: `Environment=staging|qa, Name like web-*, any Owner`. */
export function describeTags(tags: TagValues): string {
  return Object.entries(tags)
    .map(([key, values]) => {
      if (values.some(isAny)) return `any ${key}`;
      const literals = values.filter((value) => typeof value === "string");
      const likes = values.flatMap((value) => (typeof value === "string" ? [] : [value.like ?? ""]));
      return [
        ...(literals.length > 0 ? [`${key}=${literals.join("|")}`] : []),
        ...(likes.length > 0 ? [`${key} like ${likes.join("|")}`] : []),
      ].join(" or ");
    })
    .join(", ");
}

/** Whether every value of a tag will do, as long as the tag is there. */
export function isAny(value: TagValue): boolean {
  return typeof value !== "string" && value.any === true;
}

/** Wildcards of a pattern, among its literal characters. */
const ANY_TEXT = Symbol("*");
const ANY_CHARACTER = Symbol("?");

type PatternPart = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/** Writes a value as a pattern of another service, which has wildcards and escapes of its own. */
export function writePattern(
  value: TagValue,
  wildcards: { readonly anyText: string; readonly anyCharacter: string },
  literal: (character: string) => string,
): string {
  return partsOf(value)
    .map((part) => {
      if (part === ANY_TEXT) return wildcards.anyText;
      return part === ANY_CHARACTER ? wildcards.anyCharacter : literal(part as string);
    })
    .join("");
}

function partsOf(value: TagValue): readonly PatternPart[] {
  if (typeof value === "string") return [...value];
  const parts: PatternPart[] = [];
  const characters = [...(value.like ?? "*")];
  for (let at = 0; at < characters.length; at++) {
    const [character = "", next = ""] = characters.slice(at, at + 2);
    if (character === "\\" && /^[*?\\]$/.test(next)) {
      parts.push(next);
      at++;
    } else if (character === "*") {
      if (parts.at(-1) !== ANY_TEXT) parts.push(ANY_TEXT);
    } else parts.push(character === "?" ? ANY_CHARACTER : character);
  }
  return parts;
}

/**
 * Whether a pattern matches every text that another pattern matches; a literal text is a pattern without wildcards. A
 * wildcard of the other counts as one more character, which only a wildcard that is as wide matches. After a mismatch only
 * the last `*` is tried again, so the work is at most the product of the lengths.
 */
function matchesParts(pattern: readonly PatternPart[], text: readonly PatternPart[]): boolean {
  let [at, star, tried] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    const [wanted, found] = [pattern[at], text[index]];
    if (wanted === ANY_TEXT) {
      star = at++;
      tried = index;
    } else if (wanted === found || (wanted === ANY_CHARACTER && found !== ANY_TEXT)) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++tried;
    } else return false;
  }
  while (pattern[at] === ANY_TEXT) at++;
  return at === pattern.length;
}

/** The tag that Auto Scaling puts on the instances of a group, with the group's name as its value. */
export const AUTO_SCALING_TAG = "aws:autoscaling:groupName";

/** The service or tool that decides, in place of these functions, whether an instance runs. */
export interface Manager {
  /** Such as `Karpenter node pool default`, or a service: `eks.amazonaws.com`. */
  readonly name: string;
  /** Why the instance is left alone. */
  readonly reason: string;
}

/**
 * The tags by which a manager marks its instances, with its name as the value. It replaces an instance that stops. An instance
 * that a user has given such a tag counts as managed too.
 * https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
 * https://karpenter.sh/docs/concepts/nodeclasses/#spectags
 * https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-tags.html
 */
const MANAGER_TAGS: readonly (readonly [tag: string, role: string, kind: string])[] = [
  [AUTO_SCALING_TAG, "member", "Auto Scaling group"],
  ["karpenter.sh/nodepool", "node", "Karpenter node pool"],
  ["karpenter.sh/provisioner-name", "node", "Karpenter provisioner"],
  ["eks:nodegroup-name", "node", "EKS node group"],
  ["eks:eks-cluster-name", "node", "EKS cluster"],
  ["eks:cluster-name", "node", "EKS cluster"],
  ["aws:elasticmapreduce:job-flow-id", "node", "EMR cluster"],
  ["aws:batch:compute-environment", "member", "Batch compute environment"],
];

/** Returns the keys of the tags of managed instances, which the functions leave alone. */
export function managerTagKeys(): readonly string[] {
  return MANAGER_TAGS.map(([key]) => key);
}

/**
 * Returns what manages an instance. EC2 names the service that operates a managed instance (of EKS Auto Mode, ECS or
 * Lambda), and refuses its stop: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-managed-instances.html
 */
export function managerOf(
  tags: ReadonlyMap<string, string>,
  operator?: { readonly Managed?: boolean | undefined; readonly Principal?: string | undefined },
): Manager | undefined {
  if (operator?.Managed) {
    const name = operator.Principal || "a service of AWS";
    return { name, reason: `managed by ${name}, which alone may stop and start it` };
  }
  for (const [tag, role, kind] of MANAGER_TAGS) {
    const value = tags.get(tag);
    if (value === undefined) continue;
    const name = `${kind} ${value}`.trim();
    return { name, reason: `${role} of the ${name}, which would replace it` };
  }
  return undefined;
}

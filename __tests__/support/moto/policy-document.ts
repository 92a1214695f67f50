type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Principal?: { readonly Service?: OneOrMore };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export const asList = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Value];

export const statementsOf = (document: string): readonly Statement[] =>
  asList((JSON.parse(document) as { Statement: Statement | readonly Statement[] }).Statement);

/** Whether an ARN is one of the patterns, in which `*` stands for anything. */
export function matchesArn(patterns: OneOrMore | undefined, arn: string): boolean {
  return asList(patterns).some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`).test(arn);
  });
}

/**
 * Whether a condition of IAM holds for the value of its key, which may be absent.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionHolds(
  operator: string,
  value: string | undefined,
  expected: readonly string[],
): boolean {
  const equals = () => expected.some((text) => literalOf(text) === value);
  const like = () => value !== undefined && expected.some((pattern) => patternOf(pattern).test(value));
  switch (operator) {
    case "StringEquals":
      return equals();
    case "StringNotEquals":
      return !equals();
    case "StringLike":
      return like();
    case "StringNotLike":
      return !like();
    case "Null":
      return expected.includes(String(value === undefined));
    case "Bool":
      return value !== undefined && expected.includes(value);
    default:
      throw new Error(`The simulation does not know the condition operator ${operator}`);
  }
}

/** `${*}`, `${?}` and `${$}` are these characters, and nothing else is known to be a variable. */
const VARIABLE = /\$\{([*?$])\}/g;

function literalOf(text: string): string {
  return text.replace(VARIABLE, "$1");
}

function patternOf(text: string): RegExp {
  const source = text.replace(/\$\{([*?$])\}|\*|\?|./gsu, (part, literal) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    return `\\u{${(literal ?? part).codePointAt(0).toString(16)}}`;
  });
  return new RegExp(`^${source}$`, "su");
}

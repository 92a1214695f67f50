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

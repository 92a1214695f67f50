import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { beforeAll, describe, expect, it } from "@jest/globals";

interface Validation {
  readonly condition: string;
  readonly error_message: string;
}

describe("the validations of the module's variables", () => {
  let validations: readonly Validation[];
  beforeAll(async () => {
    const file = join(__dirname, "../../module/variables.tf");
    const { variable } = await parse(file, readFileSync(file, "utf8"));
    const variables = Object.values(variable as Record<string, [{ validation?: readonly Validation[] }]>);
    validations = variables.flatMap(([{ validation = [] }]) => validation);
  });

  // The rule stands twice there, since a validation cannot read locals: see the comment in variables.tf.
  it("list exactly those elements that their condition refuses", () => {
    const listing = validations.filter(({ error_message }) => error_message.startsWith("${join("));
    expect(listing.length).toBeGreaterThan(15);
    for (const { condition, error_message } of listing)
      expect(withoutSpaces(conditionOf(error_message))).toBe(withoutSpaces(condition));
  });

  it("know each kind of ARN by one pattern", () => {
    const patterns = validations.flatMap(({ condition }) => condition.match(/"\^arn:.+?\$"/g) ?? []);
    const kinds = patterns.map((pattern) =>
      pattern.replace(/[^:]+$/, (resource) => resource.split("/")[0] ?? ""),
    );
    expect(new Set(kinds).size).toBeLessThan(patterns.length);
    expect(new Set(patterns).size).toBe(new Set(kinds).size);
  });
});

/** The condition that refuses what a message lists: `for x in xs : "..." if !rule` becomes `for x in xs : rule`. */
function conditionOf(errorMessage: string): string {
  return errorMessage
    .replace(/^\$\{join\("\\n", /, "${alltrue(")
    .replace(/"(?:adopt|schedules)(?:\\.|\$\{[^}]*\}|[^"\\])*"\s+if !/s, "")
    .replace(/:\s+\((.*?)\)(\s+\][\s\])}]*)$/s, ": $1$2");
}

const withoutSpaces = (text: string): string => text.replace(/,?\s+(?=[)\]])|\s+/g, "");

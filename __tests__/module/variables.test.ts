import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  EMAIL,
  IAM_POLICY_TEXT,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  ROLE_ARN,
  ROLE_PATH,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
  SYSTEMD_UNIT,
} from "../../contract/patterns";

/** Patterns of contract/ that the module spells again, because HCL cannot import them. */
const PATTERNS = {
  EMAIL,
  IAM_POLICY_TEXT,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  ROLE_ARN,
  ROLE_PATH,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
  SYSTEMD_UNIT,
};
const MODULE = join(__dirname, "../../module");

interface Validation {
  readonly condition: string;
  readonly error_message: string;
}

describe("the validations of the module's variables", () => {
  let validations: readonly Validation[];
  beforeAll(async () => {
    const file = join(MODULE, "variables.tf");
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

  it("name in their message the numbers that their condition allows", () => {
    const bounded = validations.filter(({ condition }) => / >= \d/.test(condition));
    expect(bounded.length).toBeGreaterThan(6);
    for (const { condition, error_message } of bounded) {
      const [, least, most] = condition.match(/ >= (\d+) && .*? <= (\d+)/) ?? [];
      expect(error_message).toMatch(new RegExp(`expected [^$]*\\b${least} to ${most}\\b`));
    }
    for (const { condition, error_message } of validations.filter(({ condition }) =>
      /\[\d+, \d/.test(condition),
    ))
      expect(numbersOf(error_message)).toEqual(numbersOf(condition));
  });

  it.each(Object.entries(PATTERNS))("know %s by the pattern of contract/", (_, pattern) => {
    expect(patterns()).toContain(inHcl(pattern));
  });

  it("take as tags what iam.tf puts into policies", () => {
    expect(patterns("iam.tf")).toEqual([inHcl(IAM_POLICY_TEXT)]);
  });

  it("know each kind of ARN by one pattern", () => {
    const ofArns = patterns().filter((pattern) => pattern.startsWith("^arn:"));
    const kinds = ofArns.map((pattern) => `${pattern.split(":")[2]} ${/\w+(?=\/)/.exec(pattern)?.[0]}`);
    expect(new Set(kinds).size).toBeLessThan(ofArns.length);
    expect(new Set(ofArns).size).toBe(new Set(kinds).size);
  });
});

/** The regular expressions of one of the module's files. */
function patterns(file = "variables.tf"): readonly string[] {
  const text = readFileSync(join(MODULE, file), "utf8");
  return [...text.matchAll(/regex\(\s*("(?:\\.|[^"\\])*")/g)].map(([, literal = ""]) => JSON.parse(literal));
}

/** The pattern as the module writes it. */
function inHcl({ source }: RegExp): string {
  return source
    .replaceAll("(?:", "(")
    .replaceAll("\\/", "/")
    .replaceAll("\\d", "[0-9]")
    .replaceAll("[\\w", "[A-Za-z0-9_")
    .replaceAll(/\\u00(..)/g, "\\x{$1}");
}

/** The condition that refuses what a message lists: `for x in xs : "..." if !rule` becomes `for x in xs : rule`. */
function conditionOf(errorMessage: string): string {
  return errorMessage
    .replace(/^\$\{join\("\\n", /, "${alltrue(")
    .replace(/"(?:adopt|schedules)(?:\\.|\$\{[^}]*\}|[^"\\])*"\s+if !/s, "")
    .replace(/:\s+\((.*?)\)(\s+\][\s\])}]*)$/s, ": $1$2");
}

const numbersOf = (text: string): readonly string[] => text.match(/\d+/g) ?? [];

const withoutSpaces = (text: string): string => text.replace(/,?\s+(?=[)\]])|\s+/g, "");

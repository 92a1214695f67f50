import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { CHECK_DOCUMENT, EC2_CALLS, INSTANCE_PERMISSIONS, READ_PERMISSIONS } from "../../contract/actions";
import {
  FUNCTION_SETTINGS,
  HOLD_TAG,
  MAX_RULE_INPUT_LENGTH,
  MAX_SCHEDULER_INPUT_BYTES,
  TCP_PORT,
  YEARS,
} from "../../contract/limits";
import { FIRING_METRICS, METRIC_NAMES, METRICS_NAMESPACE } from "../../contract/metrics";
import * as patterns from "../../contract/patterns";
import { AUTO_SCALING_TAG } from "../../contract/tags";
import { DAY_MS } from "../../contract/units";
import { FUNCTION_POLICY_NAME, logGroupName, RULES_STATEMENT_PREFIX } from "../../model/names";

const ROOT = join(__dirname, "../..");

const COMMENT = /\/\*\*[\s\S]*?\*\/|(?<=^|[\s;,])\/\/ .*$/gm;

/** The code without its comments, with one way of writing quotes, groups and digits. */
function plainCode(text: string): string {
  return text
    .replace(COMMENT, "")
    .replaceAll("(?:", "(")
    .replace(/['`]/g, '"')
    .replace(/(?<=\d)_(?=\d{3})/g, "");
}

/** As it stands within plain code: a text in quotes, a pattern without its anchors, or digits. */
function plainFact(fact: string | number | RegExp): RegExp {
  if (typeof fact === "number") return new RegExp(`\\b${fact}\\b`);
  if (typeof fact === "string") return new RegExp(`"${escaped(fact)}"`);
  const body = escaped(plainCode(fact.source.replace(/^\^|\$$/g, "")));
  return new RegExp(`(?:[/^]|\\\\b)${body}(?:[/$]|\\\\b)`);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

const product = execFileSync("git", ["ls-files", "*.ts"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && !/^(?:__tests__|bench|module)\//.test(file))
  .map((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    return { file, code: plainCode(text), comments: text.match(COMMENT) ?? [] };
  });

function filesThatSay(fact: string | number | RegExp): string[] {
  const plain = plainFact(fact);
  return product.filter(({ code }) => plain.test(code)).map(({ file }) => file);
}

const PATTERNS = Object.entries(patterns).flatMap(([name, value]) =>
  value instanceof RegExp ? [[name, value] as const] : [],
);

test("there are a product and patterns to compare", () => {
  expect(product.length).toBeGreaterThan(150);
  expect(PATTERNS.length).toBeGreaterThan(10);
});

test.each([
  ["in other quotes", INSTANCE_PERMISSIONS.stop, "const a = `ec2:StopInstances`;"],
  ["with other groups", patterns.INSTANCE_ID, "const b = /\\bi-(?:[0-9a-f]{8}|[0-9a-f]{17})\\b/g;"],
  ["with other digits", DAY_MS, "const c = 2 * 86_400_000;"],
])("a second spelling %s is noticed, but not in a comment", (_case, fact, code) => {
  expect(plainCode(code)).toMatch(plainFact(fact));
  expect(plainCode(`/** ${code} */\nf(); // ${code}\n`)).not.toMatch(plainFact(fact));
});

test.each(PATTERNS)("the pattern %s is written in one place", (_name, pattern) => {
  expect(filesThatSay(pattern)).toEqual(["contract/patterns.ts"]);
});

// `ec2:DescribeInstances` is left out: the commands need it for themselves, and list it as their own permission.
test.each([
  ...Object.values(INSTANCE_PERMISSIONS),
  READ_PERMISSIONS.agents,
  READ_PERMISSIONS.checkResults,
  ...Object.values(EC2_CALLS),
  CHECK_DOCUMENT,
])("%s is written in one place", (fact) => {
  expect(filesThatSay(fact)).toEqual(["contract/actions.ts"]);
});

test.each([
  [HOLD_TAG.default, "limits"],
  [AUTO_SCALING_TAG, "tags"],
])("the tag %s is written in one place", (tag, place) => {
  expect(product.filter(({ code }) => code.includes(tag)).map(({ file }) => file)).toEqual([
    `contract/${place}.ts`,
  ]);
});

test.each([
  MAX_RULE_INPUT_LENGTH,
  MAX_SCHEDULER_INPUT_BYTES,
  TCP_PORT.max,
  YEARS.max,
  Math.max(...FUNCTION_SETTINGS.logRetentionDays.values),
  FUNCTION_SETTINGS.memoryMb.max,
])("the limit %s is written in one place", (limit) => {
  expect(filesThatSay(limit)).toEqual(["contract/limits.ts"]);
});

test("the metrics' namespace is written in one place", () => {
  expect(filesThatSay(METRICS_NAMESPACE)).toEqual(["contract/metrics.ts"]);
});

test.each([...METRIC_NAMES, ...Object.values(FIRING_METRICS)])(
  "no alarm names the metric %s without its type",
  (name) => {
    expect(product.filter(({ code }) => code.includes(`metricName: "${name}"`))).toEqual([]);
  },
);

test.each([FUNCTION_POLICY_NAME, RULES_STATEMENT_PREFIX])("the name %s is written in one place", (name) => {
  expect(filesThatSay(name)).toEqual(["model/names.ts"]);
});

test("the name of a function's log group is put together in one place", () => {
  const beginning = logGroupName("");
  expect(product.filter(({ code }) => code.includes(beginning)).map(({ file }) => file)).toEqual([
    "model/names.ts",
  ]);
});

test("nothing but contract/units says how long an hour or a day is in milliseconds", () => {
  expect([3_600_000, 86_400_000, 604_800_000].flatMap(filesThatSay)).toEqual([]);
});

test("comments name who does what", () => {
  const vague = /\b(whoever|nobody|somebody|came\s+to|became\s+of)\b/i;
  const found = product.flatMap(({ file, comments }) =>
    comments.filter((comment) => vague.test(comment)).map((comment) => `${file}: ${comment}`),
  );
  expect(found).toEqual([]);
});

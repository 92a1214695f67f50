import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";

const FOLDER = resolve(__dirname, "../../.github/workflows");

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const runsOf = ({ jobs }: Workflow) =>
  Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run));

describe.each(readdirSync(FOLDER))("the workflow %s", (name) => {
  const text = readFileSync(join(FOLDER, name), "utf8");
  const workflow: Workflow = parse(text);

  it("pins each action by its commit, and names its version", () => {
    const uses = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(1);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+\.\d+)?$/);
  });

  it("may do nothing but read, unless a job asks for more", () => {
    expect([{}, { contents: "read" }]).toContainEqual(workflow.permissions);
  });
});

it("what a change must hold is what .ci/run checks", () => {
  const ci: Workflow = parse(readFileSync(join(FOLDER, "ci.yml"), "utf8"));
  expect(runsOf(ci)).toContain("bash .ci/run");
});

it("a release publishes only the zip that the module ships, attested", () => {
  const text = readFileSync(join(FOLDER, "release.yml"), "utf8");
  const order = ["cmp dist/lambda.zip module/lambda.zip", "subject-path: dist/lambda.zip", "npm publish"];
  const places = order.map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

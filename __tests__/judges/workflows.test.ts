import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";

const FOLDER = resolve(__dirname, "../../.github/workflows");

interface Job {
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly step?: readonly string[] } };
  readonly steps: readonly { readonly run?: string }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

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

  it("does not run twice at once, and ends each job that hangs", () => {
    expect(workflow.concurrency?.group).toMatch(/^\w/);
    for (const job of Object.values(workflow.jobs)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(30);
  });
});

it("each step of .ci/run is a job of its own", () => {
  const [, steps = ""] = /^STEPS="(.+)"$/m.exec(readFileSync(resolve(FOLDER, "../../.ci/run"), "utf8")) ?? [];
  const { jobs }: Workflow = parse(readFileSync(join(FOLDER, "ci.yml"), "utf8"));
  expect(jobs["step"]?.strategy?.matrix.step).toEqual(steps.split(" "));
  expect(jobs["step"]?.steps.map(({ run }) => run)).toContain('bash .ci/run "$STEP"');
});

it("a release publishes what is packed from a build with the zip that the module ships, attested", () => {
  const text = readFileSync(join(FOLDER, "release.yml"), "utf8");
  const order = [
    "cmp dist/lambda.zip module/lambda.zip",
    "subject-path: dist/lambda.zip",
    "npm run pack",
    "npm publish",
  ];
  const places = order.map((part) => text.indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

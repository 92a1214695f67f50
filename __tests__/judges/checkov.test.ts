import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { App } from "cdktf";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../config";
import { ConfigStack } from "../../config/stack";
import { CHECKOV_MISSING, type Judgement, judge, superfluous, unaccepted } from "../support/checkov";
import { describeFound } from "../support/describe-found";

const EXAMPLE = join(__dirname, "../../ec2-start-stop.yaml");
const MODULE = join(__dirname, "../../module");
const ALERTS = { email: "on-call@example.com" };
const VARIANTS = [
  { name: "rules", trigger: "event-rule" },
  { name: "rules-with-alerts", trigger: "event-rule", alerts: ALERTS },
  { name: "scheduler", trigger: "scheduler" },
  { name: "scheduler-with-alerts", trigger: "scheduler", alerts: ALERTS },
  { name: "with-checks", trigger: "scheduler", alerts: ALERTS, checks: { systemd: ["nginx"] } },
];

const withChecks = (targets: Record<string, object>, checks: object | undefined) =>
  Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [name, checks ? { ...target, checks } : target]),
  );

describeFound("checkov, judging the synthesized example", { missing: CHECKOV_MISSING }, () => {
  jest.setTimeout(120_000);
  let folder: string;
  let judgement: Judgement;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ec2-start-stop-checkov-"));
    const example = parse(await readFile(EXAMPLE, "utf8"));
    const app = new App({ outdir: folder });
    for (const { checks, ...variant } of VARIANTS) {
      const config = { ...example, ...variant, targets: withChecks(example.targets, checks) };
      new ConfigStack(app, await parseConfig(stringify(config), variant.name));
    }
    app.synth();
    judgement = await judge("terraform_json", ["-d", join(folder, "stacks")]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("finds nothing that is not accepted with a reason", () => {
    expect(unaccepted(judgement)).toEqual([]);
    expect(judgement.passed).toBeGreaterThan(100);
  });

  it("still finds everything that is accepted", () => {
    expect(superfluous(judgement)).toEqual([]);
  });

  it("would find a role that may do everything", async () => {
    const file = join(folder, "stacks", "rules", "cdk.tf.json");
    const stack = JSON.parse(await readFile(file, "utf8"));
    for (const policy of Object.values<{ policy: string }>(stack.resource.aws_iam_role_policy)) {
      const document = JSON.parse(policy.policy);
      document.Statement.push({ Effect: "Allow", Action: "*", Resource: "*" });
      policy.policy = JSON.stringify(document);
    }
    await writeFile(file, JSON.stringify(stack, null, 2));
    const found = unaccepted(await judge("terraform_json", ["-d", join(folder, "stacks", "rules")]));
    expect(found.join("\n")).toContain("CKV_AWS_62");
  });
});

describeFound("checkov, judging the module's files", { missing: CHECKOV_MISSING }, () => {
  jest.setTimeout(120_000);
  let judgement: Judgement;
  beforeAll(async () => {
    judgement = await judge("terraform", ["-d", MODULE]);
  });

  it("finds nothing that no comment excepts with its reason", () => {
    expect(judgement.findings).toEqual([]);
    expect(judgement.passed).toBeGreaterThan(50);
  });

  it("still needs every exception", async () => {
    const files = (await readdir(MODULE)).filter((name) => name.endsWith(".tf"));
    const texts = await Promise.all(files.map((name) => readFile(join(MODULE, name), "utf8")));
    const comments = [...texts.join("\n").matchAll(/#checkov:skip=(\w+):(.*)/g)];
    for (const [, , reason] of comments) expect(reason).toMatch(/\w+ \w+/);
    expect([...new Set(comments.map(([, id]) => id))].sort()).toEqual([...judgement.excepted].sort());
  });
});

import { describe, expect, it } from "@jest/globals";
import { AccountArns } from "../../model/arns";
import { blueprint } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import { ACCOUNT } from "../support/operating/deploy";
import { OFFICE, ORGANIZATION, OWN_ROLES, PAIR } from "../support/props";
import { comparable } from "../support/terraform/attributes";
import { blueprintResources } from "../support/terraform/blueprint-resources";
import { EXAMPLE_CONFIGS } from "../support/terraform/example-configs";
import { synthesize } from "../support/terraform/synthesize";
import { synthesizedResources } from "../support/terraform/synthesized-resources";

const CONFIGS = {
  ...EXAMPLE_CONFIGS,
  pair: PAIR,
  "office, by Scheduler": { ...OFFICE, trigger: "scheduler" },
  "office, with follow-ups": { ...OFFICE, followUps: true, events: true },
  "office, by Scheduler and with follow-ups": { ...OFFICE, trigger: "scheduler", followUps: true },
  "alerted, with follow-ups": { ...PAIR, alerts: { email: "ops@example.com" }, followUps: true },
  "a stop that is warned of": {
    ...PAIR,
    alerts: { email: "ops@example.com" },
    schedules: { "dev-stop": { ...PAIR.schedules["dev-stop"], warnMinutes: 30 } },
  },
  "a window that is warned of, by Scheduler": {
    ...PAIR,
    trigger: "scheduler",
    alerts: { snsTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alerts" },
    schedules: { office: { running: "MON-FRI 08:00-20:00", targets: "dev", warnMinutes: 30 } },
  },
  "an organization with its own network, keys and paths": ORGANIZATION,
  "an organization with roles of its own": OWN_ROLES,
  "successes that are told by mail": { ...PAIR, alerts: { email: "ops@example.com", onSuccess: true } },
  "an organization with rules, follow-ups and roles of its own": {
    ...OWN_ROLES,
    trigger: "event-rule",
    followUps: true,
    alerts: { email: "ops@example.com" },
    targets: { dev: { ...PAIR.targets.dev, checks: { tcp: [443] } } },
  },
  "an adopted role that keeps its policies": {
    ...PAIR,
    adopt: { role: { name: "EC2StartStopRole", keepPolicyArns: ["arn:aws:iam::aws:policy/Kept"] } },
  },
} as const;

describe("the constructs", () => {
  it.each(Object.entries(CONFIGS))("create exactly the resources of the blueprint of %s", (_, config) => {
    const props = { ...config, code: "zip" } as const;
    const stack = synthesize(props);
    const [lambda] = Object.values(stack.resource["aws_lambda_function"] ?? {});
    const sourceCodeHash = String(lambda?.["source_code_hash"]);
    const made = blueprint(planOf(props), new AccountArns({ id: ACCOUNT, partition: "aws" }));
    expect(comparable(synthesizedResources(stack, props.region))).toEqual(
      comparable(blueprintResources(made, { sourceCodeHash })),
    );
  });
});

import { expect, it } from "@jest/globals";
import { AccountArns } from "../../model/arns";
import { blueprint } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import type { Ec2StartStopProps } from "../../model/props";
import { readDocument } from "../support/documents";

/** All that a config can ask permissions for. */
const PROPS: Ec2StartStopProps = {
  region: "ap-northeast-2",
  targets: {
    office: { tags: { Environment: "dev" }, checks: { tcp: [443] } },
    archive: { tags: { Environment: "archive" } },
    server: { instanceIds: ["i-0123456789abcdef0"] },
  },
  schedules: {
    stop: { action: "stop", targets: ["office", "server"], expression: "cron(0 20 ? * MON-FRI *)" },
    start: {
      action: "start",
      targets: ["office", "archive", "server"],
      expression: "cron(0 8 ? * MON-FRI *)",
    },
  },
  alerts: { email: "ops@example.com" },
  followUps: true,
  events: true,
  functions: {
    vpc: { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] },
    tracing: true,
  },
  kmsKeyArns: ["arn:aws:kms:ap-northeast-2:123456789012:key/volumes"],
};

/** The statements below a value that have a `*`, those of a resource's own policy among them. */
function statementsWithStar(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { Sid, ...rest } = value as { readonly Sid?: string };
  if (Sid !== undefined) return JSON.stringify(rest).includes("*") ? [Sid] : [];
  return Object.values(value).flatMap(statementsWithStar);
}

it.each(["event-rule", "scheduler"] as const)(
  "docs/security.md gives the reason for each * in the policies, with trigger %s",
  (trigger) => {
    const arns = new AccountArns({ id: "123456789012", partition: "aws" });
    const found = statementsWithStar(blueprint(planOf({ ...PROPS, trigger }), arns));
    const section = readDocument("docs/security.md").split("## Each `*` in a policy")[1] ?? "";
    const explained = [...section.matchAll(/`([A-Z]\w+)`/g)].map(([, sid]) => sid);
    expect(found).not.toEqual([]);
    expect(explained).toEqual(expect.arrayContaining(found));
  },
);

import { describe, expect, it } from "@jest/globals";
import { Fn, Token } from "cdktf";
import type { Ec2StartStopProps } from "../../constructs";
import { readFollowUpDeployment } from "../../lambda-src/request";
import { readSettings } from "../../lambda-src/settings";
import { OFFICE, PAIR } from "../support/props";
import { isRecord } from "../support/terraform/attributes";
import { type Synthesized, synthesize } from "../support/terraform/synthesize";
import { synthesizedResources } from "../support/terraform/synthesized-resources";

const TRIGGERS = ["event-rule", "scheduler"] as const;

const addressesOf = (props: Ec2StartStopProps) =>
  Object.entries(synthesize(props).resource).flatMap(([type, made]) =>
    Object.keys(made).map((id) => `${type}.${id.replace(/_[0-9A-F]{8}$/, "")}`),
  );

/** The environments of the functions as Lambda gets them. */
function environmentsOf(stack: Synthesized): Record<string, string>[] {
  return synthesizedResources(stack, PAIR.region).flatMap(({ type, attributes: { environment } }) => {
    if (type !== "aws_lambda_function") return [];
    const [block] = Array.isArray(environment) ? environment : [];
    return isRecord(block) ? [block["variables"] as Record<string, string>] : [];
  });
}

/** What each function reads of its own environment. */
const deploymentsOf = (props: Ec2StartStopProps) =>
  environmentsOf(synthesize(props)).map((environment) => readFollowUpDeployment(readSettings(environment)));

/** What both functions read, which is the same. */
function schedulesOf(props: Ec2StartStopProps) {
  const [first, ...others] = deploymentsOf({ ...props, followUps: true }).map((read) => read?.schedules);
  for (const other of others) expect(other).toEqual(first);
  return first;
}

describe("the resources of follow-ups", () => {
  it("are a group, and a role that only rules lack", () => {
    const added = TRIGGERS.map((trigger) => {
      const without = addressesOf({ ...OFFICE, trigger });
      expect(addressesOf({ ...OFFICE, trigger, followUps: false })).toEqual(without);
      return addressesOf({ ...OFFICE, trigger, followUps: true })
        .filter((address) => !without.includes(address))
        .sort();
    });
    const group = expect.stringMatching(/^aws_scheduler_schedule_group\.\w+_follow-ups_group$/);
    const role = expect.stringMatching(/^aws_iam_role\.\w+_scheduler_role$/);
    const policy = expect.stringMatching(/^aws_iam_role_policy\.\w+_scheduler_policy$/);
    expect(added).toEqual([[role, policy, group], [group]]);
  });

  it("keep the role's address when the trigger changes, since two roles cannot have its name", () => {
    const [rules, scheduler] = TRIGGERS.map((trigger) =>
      Object.entries(synthesize({ ...PAIR, trigger, followUps: true }).resource["aws_iam_role"] ?? {})
        .filter(([, { name }]) => name === "dev-scheduler-ap-northeast-2")
        .map(([id]) => id),
    );
    expect(rules).toHaveLength(1);
    expect(rules).toEqual(scheduler);
  });

  it("have the tags and the boundary of the others", () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";
    const { resource } = synthesize({ ...OFFICE, permissionsBoundaryArn, followUps: true });
    expect(Object.values(resource["aws_scheduler_schedule_group"] ?? {})).toMatchObject([
      { name: "dev-followups", tags: OFFICE.tags },
    ]);
    expect(Object.values(resource["aws_iam_role"] ?? {})).toMatchObject([
      {
        name: "dev-functions-ap-northeast-2",
        permissions_boundary: permissionsBoundaryArn,
        tags: OFFICE.tags,
      },
      {
        name: "dev-scheduler-ap-northeast-2",
        permissions_boundary: permissionsBoundaryArn,
        tags: OFFICE.tags,
      },
    ]);
  });
});

describe("what the functions know of follow-ups", () => {
  it("is nothing without the prop", () => {
    for (const environment of environmentsOf(synthesize(OFFICE)))
      expect(Object.keys(environment).sort()).toEqual(["ACTION", "TARGETS"]);
    expect(deploymentsOf(OFFICE)).toEqual([undefined, undefined]);
  });

  it.each(TRIGGERS)("is the group, the role and the dead-letter queue, with trigger %s", (trigger) => {
    const settings = {
      group: "dev-followups",
      roleArn: "arn:aws:iam::123456789012:role/dev-scheduler-ap-northeast-2",
    };
    const props = { ...PAIR, trigger, followUps: true };
    expect(deploymentsOf(props).map((read) => read?.settings)).toEqual([settings, settings]);
    const alerted = { ...props, alerts: { email: "ops@example.com" } };
    const deadLetterArn = "arn:aws:sqs:ap-northeast-2:123456789012:dev-dlq";
    for (const read of deploymentsOf(alerted)) expect(read?.settings).toEqual({ ...settings, deadLetterArn });
  });

  it("is every enabled schedule of both actions, each target and each calendar once", () => {
    const staging = {
      tags: { Environment: ["staging", "qa"], Team: ["web"] },
      exclude: { KeepRunning: ["true"] },
    };
    const twice = {
      "late-start": { ...OFFICE.schedules["dev-start"], targets: ["dev", "staging"], holidays: "kr" },
    };
    expect(schedulesOf({ ...OFFICE, schedules: { ...OFFICE.schedules, ...twice } })).toEqual({
      targets: [
        { region: "ap-northeast-2", instanceIds: PAIR.targets.dev.instanceIds },
        { region: "ap-northeast-2", ...staging },
        { region: "us-east-1", ...staging },
      ],
      calendars: [["2027-01-01", "2027-02-08"]],
      schedules: [
        {
          name: "dev-stop",
          action: "stop",
          expression: "cron(0 20 ? * MON-FRI *)",
          timezone: "Asia/Seoul",
          targets: [0],
        },
        {
          name: "dev-start",
          action: "start",
          expression: "cron(0 8 ? * MON-FRI *)",
          timezone: "Asia/Seoul",
          targets: [0],
        },
        {
          name: "staging-hours-start",
          action: "start",
          expression: "cron(0 8 ? * MON-FRI *)",
          timezone: "Asia/Seoul",
          targets: [1, 2],
          calendar: 0,
        },
        {
          name: "staging-hours-stop",
          action: "stop",
          expression: "cron(0 20 ? * MON-FRI *)",
          timezone: "Asia/Seoul",
          targets: [1, 2],
        },
        {
          name: "late-start",
          action: "start",
          expression: "cron(0 8 ? * MON-FRI *)",
          timezone: "Asia/Seoul",
          targets: [0, 1, 2],
          calendar: 0,
        },
      ],
    });
  });

  it("has the dates of an overnight window's stop as its request has them, a day later, and no zone for UTC", () => {
    const night = {
      running: "daily 22:00-06:00",
      targets: "dev",
      holidays: "kr",
      stopOnHolidays: false,
    } as const;
    const known = schedulesOf({
      ...PAIR,
      timezone: "UTC",
      schedules: { night },
      holidays: { kr: ["2027-12-31"] },
    });
    expect(known?.calendars).toEqual([["2027-12-31"], ["2028-01-01"]]);
    expect(known?.schedules).toEqual([
      { name: "night-start", action: "start", expression: "cron(0 22 * * ? *)", targets: [0], calendar: 0 },
      { name: "night-stop", action: "stop", expression: "cron(0 6 * * ? *)", targets: [0], calendar: 1 },
    ]);
  });

  it("has no services to check, which are no part of an instance's schedule", () => {
    const checked = { dev: { ...PAIR.targets.dev, checks: { systemd: ["nginx"] } } };
    expect(schedulesOf({ ...PAIR, targets: checked })).toEqual(schedulesOf(PAIR));
  });

  it("has the ids of a list that only Terraform knows", () => {
    const instanceIds = Token.asList(Fn.jsondecode("known-to-terraform-only"));
    const { resource } = synthesize({ ...PAIR, targets: { dev: { instanceIds } }, followUps: true });
    const functions = Object.values(resource["aws_lambda_function"] ?? {});
    expect(functions).toHaveLength(2);
    for (const { environment } of functions)
      expect((environment as { variables: Record<string, string> }).variables["SCHEDULES"]).toMatch(
        /"instanceIds":\$\{jsonencode\(jsondecode\("known-to-terraform-only"\)\)\}/,
      );
  });
});

import { describe, expect, it } from "@jest/globals";
import { type Config, parseConfig } from "../../config";
import { renderSummary } from "../../config/summary";
import { givenRoles } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import { validPlan } from "../../model/validate";

const SUNDAY = new Date("2026-11-22T00:00:00Z");

function summary(config: Config, stack = {}): string[] {
  const { plan } = validPlan(config);
  return renderSummary({
    plan,
    givenRoles: givenRoles(planOf(config, plan)),
    warnings: [],
    file: "cdktf.out/stacks/dev/cdk.tf.json",
    stack,
    now: SUNDAY,
  }).split("\n");
}

const config = (schedules: string, settings = "") =>
  parseConfig(`${settings}region: ap-northeast-2
timezone: Asia/Seoul
trigger: scheduler
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
${schedules}
holidays: { kr: [2026-11-23] }
`);

describe("the summary of a synth", () => {
  it("counts resources by type and shows the next firing of each schedule, in its zone and in UTC", async () => {
    const schedules = `  stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  start: { action: start, targets: dev, expression: "cron(0 8 ? * MON-FRI *)", holidays: kr }
  new-york: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)", timezone: America/New_York }`;
    const stack = {
      resource: {
        aws_lambda_function: { stop: {}, start: {} },
        aws_iam_role: { role: {} },
      },
      data: { aws_partition: { partition: {} } },
    };
    expect(summary(await config(schedules), stack)).toEqual([
      "Wrote cdktf.out/stacks/dev/cdk.tf.json: 3 resources",
      "  aws_iam_role         1",
      "  aws_lambda_function  2",
      "",
      "Next firing of each schedule",
      "  stop      stop   Mon 2026-11-23 20:00 Asia/Seoul        2026-11-23T11:00Z",
      "  start     start  Mon 2026-11-23 08:00 Asia/Seoul        2026-11-22T23:00Z  a holiday: skipped",
      "  new-york  stop   Mon 2026-11-23 20:00 America/New_York  2026-11-24T01:00Z",
      "",
    ]);
  });

  it("shows both schedules of a window, rates, and schedules that do not fire", async () => {
    const schedules = `  hours: { running: "MON-FRI 08:00-20:00", targets: dev }
  off: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)", enabled: false }
  often: { action: stop, targets: dev, expression: rate(2 hours) }
  once: { action: stop, targets: dev, expression: "at(2020-01-01T00:00:00)" }`;
    expect(summary(await config(schedules)).slice(3)).toEqual([
      "  hours-start  start  Mon 2026-11-23 08:00 Asia/Seoul             2026-11-22T23:00Z",
      "  hours-stop   stop   Mon 2026-11-23 20:00 Asia/Seoul             2026-11-23T11:00Z",
      "  off          stop   switched off",
      "  often        stop   rate(2 hours), counted from its deployment",
      "  once         stop   never again",
      "",
    ]);
  });

  it("prints the policies that roles of the config's own need, in their account", async () => {
    const arn = (name: string) => `arn:aws:iam::210987654321:role/${name}`;
    const schedules = `  stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }`;
    const text = (own: readonly string[]) =>
      config(schedules, own.map((each) => `${each}Arn: ${arn(each)}\n`).join(""));
    const lines = summary(await text(["role", "schedulerRole"]));
    const heads = lines.filter((line) => line.startsWith("Policy"));
    expect(heads).toEqual([
      `Policy that ${arn("role")} needs, which lambda.amazonaws.com must be allowed to assume`,
      `Policy that ${arn("schedulerRole")} needs, which scheduler.amazonaws.com must be allowed to assume`,
    ]);
    const [own, scheduler] = heads.map((head) => lines.indexOf(head));
    expect(JSON.parse(lines.slice((own ?? 0) + 1, scheduler).join("\n"))).toMatchObject({
      Statement: [
        { Sid: "WriteLogs" },
        { Sid: "DescribeInstances" },
        { Resource: ["arn:aws:ec2:ap-northeast-2:210987654321:instance/i-0123456789abcdef0"] },
      ],
    });
    expect(JSON.parse(lines.slice((scheduler ?? 0) + 1).join("\n"))).toMatchObject({
      Statement: [{ Sid: "InvokeFunctions" }],
    });
    expect(summary(await text(["schedulerRole"])).filter((line) => line.startsWith("Policy"))).toEqual([
      heads[1],
    ]);
  });

  it("shows the first 40 schedules and counts the rest", async () => {
    const many = Array.from(
      { length: 45 },
      (_, n) => `  s${n}: { action: stop, targets: dev, expression: "cron(${n} 20 ? * MON-FRI *)" }`,
    );
    const lines = summary(await config(many.join("\n")));
    expect(lines).toHaveLength(45);
    expect(lines[43]).toBe("  and 5 more");
  });
});

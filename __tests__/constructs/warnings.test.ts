import { describe, expect, it } from "@jest/globals";
import type { Ec2StartStopProps } from "../../constructs";
import { actsAt } from "../../lambda-src/decide";
import { readRequest } from "../../lambda-src/request";
import { readSettings } from "../../lambda-src/settings";
import { AccountArns } from "../../model/arns";
import { blueprint } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import { PAIR } from "../support/props";

const EMAIL = { alerts: { email: "ops@example.com" } } as const;
const ARNS = new AccountArns({ id: "123456789012", partition: "aws" });
const TOPIC = "arn:aws:sns:ap-northeast-2:123456789012:dev-alerts";
const { "dev-stop": STOP, "dev-start": START } = PAIR.schedules;

const blueprintOf = (props: Partial<Ec2StartStopProps>) =>
  blueprint(planOf({ ...PAIR, ...EMAIL, ...props } as Ec2StartStopProps), ARNS);

const warned = (stop: object = {}) => ({
  schedules: { "dev-stop": { ...STOP, warnMinutes: 30, ...stop }, "dev-start": START },
});

describe("a stop with `warnMinutes`", () => {
  it("gets a rule half an hour earlier, whose request stops nothing", () => {
    const plain = blueprintOf({});
    const made = blueprintOf(warned());
    const [rule, ...others] = made.rules.filter(({ key }) => !plain.rules.some((each) => each.key === key));
    expect(others).toEqual([]);
    expect(rule).toMatchObject({
      name: "dev.dev-stop-warn",
      expression: "cron(30 10 ? * MON-FRI *)",
      description: "Warns 30 minutes before dev-stop",
      functionName: "dev-StopEC2Instances",
    });
    const request = JSON.parse(rule?.input.replace("<time>", '"2027-01-04T10:30:00Z"') ?? "");
    expect(request).toMatchObject({ schedule: "dev-stop-warn", action: "stop", warnMinutes: 30 });
    const variables = made.functions.find(({ action }) => action === "stop")?.variables ?? {};
    const read = readRequest(request, readSettings(variables));
    expect(new Date(actsAt(read, 0)).toISOString()).toBe("2027-01-04T11:00:00.000Z");
  });

  it("changes nothing else but the topic that the stop function and its role know", () => {
    const plain = blueprintOf({});
    const made = blueprintOf(warned());
    expect(made.rules.filter(({ key }) => key !== "dev-stop-warn")).toEqual(plain.rules);
    expect(made.functions).toEqual(
      plain.functions.map((spec) =>
        spec.action === "start" ? spec : { ...spec, variables: { ...spec.variables, TOPIC_ARN: TOPIC } },
      ),
    );
    expect(made.functionRole.policy.Statement.slice(0, -1)).toEqual(plain.functionRole.policy.Statement);
    expect(made.functionRole.policy.Statement.at(-1)).toEqual({
      Sid: "PublishWarnings",
      Effect: "Allow",
      Action: ["sns:Publish"],
      Resource: [TOPIC],
    });
    expect(made.alerts?.alarms).toEqual(plain.alerts?.alarms);
  });

  it("lets the role use the key of the topic that is made for an address", () => {
    const keyOf = (props: Partial<Ec2StartStopProps>) => blueprintOf(props).alerts?.topic?.key;
    expect(JSON.stringify(keyOf({})?.policy)).not.toContain("FunctionsEncrypt");
    expect(JSON.stringify(keyOf(warned())?.policy)).toContain("FunctionsEncrypt");
    expect(keyOf(warned())?.namesFunctionRole).toBe(true);
  });

  it("gets a schedule in its own zone with trigger scheduler, and on windows of their ends", () => {
    const schedules = {
      night: {
        running: "MON-FRI 22:00-00:10",
        targets: "dev",
        holidays: "kr",
        stopOnHolidays: false,
        warnMinutes: 15,
        enabled: false,
      },
    } as const;
    const { scheduler } = blueprintOf({ trigger: "scheduler", schedules, holidays: { kr: ["2027-01-01"] } });
    const [, stop, warning, ...others] = scheduler?.schedules ?? [];
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      name: "night-stop-warn",
      group: "dev",
      expression: "cron(55 23 ? * MON-FRI *)",
      timezone: "Asia/Seoul",
      enabled: false,
      roleArn: stop?.roleArn,
    });
    // Both are judged at the stop, which is a day after the date in the calendar.
    for (const each of [stop, warning]) expect(each?.input).toContain('"holidays":["2027-01-02"]');
  });

  it("is not hibernated by its warning, which waits no longer than the stop", () => {
    const { rules } = blueprintOf(warned({ hibernate: true, warnMinutes: 3 }));
    const [stop, warning] = rules;
    expect(stop?.input).toContain('"hibernate":true');
    expect(warning?.input).not.toContain("hibernate");
    expect([stop, warning].map((each) => each?.maxEventAgeSeconds)).toEqual([1800, 60]);
  });
});

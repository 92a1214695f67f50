import { describe, expect, it } from "@jest/globals";
import { type Ec2StartStopProps, findProblems } from "../../constructs";
import { AccountArns, partitionOf } from "../../model/arns";
import { type Blueprint, blueprint } from "../../model/blueprint";
import { planOf } from "../../model/plan";
import { instanceIds, PAIR } from "../support/props";

const CHINA = { id: "210987654321", partition: "aws-cn" };
const CHECKED = { dev: { ...PAIR.targets.dev, checks: { systemd: ["nginx"] } } };
const EMAIL = { alerts: { email: "ops@example.com" } };

function blueprintOf(changes: Partial<Ec2StartStopProps>, account = CHINA): Blueprint {
  return blueprint(planOf({ ...PAIR, region: "cn-north-1", ...changes }), new AccountArns(account));
}

/** Returns every ARN in a value. */
function arnsIn(value: unknown): string[] {
  if (typeof value === "string") return value.startsWith("arn:") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(arnsIn) : [];
}

describe("a blueprint", () => {
  it("contains ARNs of one account, in any partition", () => {
    for (const trigger of ["event-rule", "scheduler"] as const) {
      const arns = arnsIn(blueprintOf({ trigger, targets: CHECKED, ...EMAIL }));
      expect(arns.length).toBeGreaterThan(20);
      for (const arn of arns) {
        expect(arn).toMatch(/^arn:aws-cn:(?:iam::|[a-z0-9]+:cn-north-1:)(?:210987654321:|:document\/)/);
      }
    }
  });

  it("refers to its own resources by the same ARNs and names", () => {
    const { functions, functionRole, rules, alerts } = blueprintOf({ targets: CHECKED, ...EMAIL });
    const [stop, start] = functions;
    const topic = "arn:aws-cn:sns:cn-north-1:210987654321:dev-alerts";
    expect(functions.map(({ roleArn }) => roleArn)).toEqual([functionRole.arn, functionRole.arn]);
    expect(rules.map(({ functionArn }) => functionArn)).toEqual([stop?.arn, start?.arn, stop?.arn]);
    expect(alerts).toMatchObject({ topicArn: topic, deadLetterQueue: { name: "dev-dlq" } });
    expect(stop?.onFailureArn).toBeUndefined();
    // The topic receives the record of a failed start, which names services.
    expect(start?.onFailureArn).toBe(topic);
  });

  it.each(["event-rule", "scheduler"] as const)(
    "differs with `events` in one variable of each function and one statement, with trigger %s",
    (trigger) => {
      const plain = blueprintOf({ trigger });
      const { functions, functionRole, ...others } = blueprintOf({ trigger, events: true });
      const { functions: plainFunctions, functionRole: plainRole, ...plainOthers } = plain;
      expect(others).toEqual(plainOthers);
      expect(functions).toEqual(
        plainFunctions.map((spec) => ({ ...spec, variables: { ...spec.variables, EVENTS: "true" } })),
      );
      expect(functionRole.policy.Statement.slice(0, -1)).toEqual(plainRole.policy.Statement);
    },
  );

  it.each(["event-rule", "scheduler"] as const)(
    "differs with `followUps` in a group, the Scheduler's role, two variables and two statements, with trigger %s",
    (trigger) => {
      const groups = ["dev", "dev-followups"].map(
        (group) => `arn:aws-cn:scheduler:cn-north-1:210987654321:schedule-group/${group}`,
      );
      const sourceOf = ({ scheduler, followUps }: Blueprint) =>
        (scheduler?.role ?? followUps?.role)?.trust.Statement[0]?.Condition?.["StringEquals"]?.[
          "aws:SourceArn"
        ];
      const { followUps: none, ...plain } = blueprintOf({ trigger });
      const made = blueprintOf({ trigger, followUps: true });
      expect(none).toBeUndefined();
      expect(made.followUps?.group).toBe("dev-followups");
      expect(sourceOf(made)).toEqual(trigger === "scheduler" ? groups : groups[1]);
      expect((made.scheduler ?? made.followUps)?.role?.policy.Statement).toEqual([
        expect.objectContaining({ Sid: "InvokeFunctions", Resource: made.functions.map(({ arn }) => arn) }),
      ]);
      expect(
        made.functions.map(({ variables: { FOLLOW_UPS, SCHEDULES, ...others }, ...spec }) => ({
          ...spec,
          variables: others,
        })),
      ).toEqual(plain.functions);
      expect(made.functionRole.policy.Statement.slice(0, -2)).toEqual(plain.functionRole.policy.Statement);
      expect([made.rules, made.alerts, made.scheduler?.schedules]).toEqual([
        plain.rules,
        plain.alerts,
        plain.scheduler?.schedules,
      ]);
    },
  );

  it("has texts as AWS stores them, without the escapes of Terraform", () => {
    const text = '${x} %{y} "z"';
    const { functions, rules, tags } = blueprintOf({
      holdTag: text,
      tags: { Team: "ops" },
      schedules: { "dev-stop": { ...PAIR.schedules["dev-stop"], description: text } },
      targets: { dev: { tags: { Name: text } } },
    });
    expect(functions[0]?.variables["HOLD_TAG"]).toBe(text);
    expect(JSON.parse(functions[0]?.variables["TARGETS"] ?? "")).toMatchObject([{ tags: { Name: [text] } }]);
    expect(rules[0]?.description).toBe(text);
    expect(tags).toEqual({ Team: "ops" });
  });

  it("has either rules with permissions, or EventBridge schedules with a role", () => {
    const byRules = blueprintOf({});
    expect(byRules.scheduler).toBeUndefined();
    expect(byRules.functions.map(({ permission }) => permission?.sourceArn)).toEqual([
      "arn:aws-cn:events:cn-north-1:210987654321:rule/dev.*",
      "arn:aws-cn:events:cn-north-1:210987654321:rule/dev.*",
    ]);
    const byScheduler = blueprintOf({ trigger: "scheduler" });
    expect(byScheduler.rules).toEqual([]);
    expect(byScheduler.functions.map(({ permission }) => permission)).toEqual([undefined, undefined]);
    expect(byScheduler.scheduler?.role.policy.Statement[0]?.Resource).toEqual(
      byScheduler.functions.map(({ arn }) => arn),
    );
  });
});

describe("the dates of schedules", () => {
  const seoul = { account: { id: "123456789012", partition: "aws" }, region: PAIR.region };
  const datesOf = (schedules: Ec2StartStopProps["schedules"]) =>
    blueprintOf(
      { region: seoul.region, trigger: "scheduler", schedules, ...EMAIL, followUps: true },
      seoul.account,
    );
  const inOrder = ({ scheduler }: Blueprint) =>
    (scheduler?.schedules ?? [])
      .filter(({ key }) => key !== "watch")
      .map(({ key, startDate, endDate }) => [key, startDate, endDate]);

  it("are instants of the zone, of windows for the last stop too, and of a warning as much earlier as it fires", () => {
    const made = datesOf({
      night: {
        running: "MON-FRI 20:00-06:00",
        targets: "dev",
        startDate: "2027-01-04",
        endDate: "2027-12-31",
        warnMinutes: 30,
      },
    });
    expect(inOrder(made)).toEqual([
      ["night-start", "2027-01-03T15:00:00Z", "2027-12-31T14:59:59Z"],
      ["night-stop", "2027-01-04T15:00:00Z", "2028-01-01T14:59:59Z"],
      ["night-stop-warn", "2027-01-04T14:30:00Z", "2028-01-01T14:29:59Z"],
    ]);
    // The functions decide by them what the schedules say.
    expect(JSON.parse(made.functions[0]?.variables["SCHEDULES"] ?? "").schedules).toMatchObject([
      { name: "night-start", startDate: "2027-01-03T15:00:00.000Z", endDate: "2027-12-31T15:00:00.000Z" },
      { name: "night-stop", startDate: "2027-01-04T15:00:00.000Z", endDate: "2028-01-01T15:00:00.000Z" },
    ]);
    expect(made.alerts?.alarms.map(({ key }) => key)).toEqual([
      "stop-failed",
      "start-failed",
      "dead-letters",
      "missed-watch",
      "missed-night-start",
      "missed-night-stop",
    ]);
  });

  it("are told to the watch as well, whose own trigger has none", () => {
    const watch = datesOf({
      one: { ...PAIR.schedules["dev-stop"], endDate: "2027-12-31" },
    }).scheduler?.schedules.at(-1);
    expect([watch?.key, watch?.endDate]).toEqual(["watch", undefined]);
    expect(JSON.parse(watch?.input ?? "{}").schedules).toMatchObject([
      { name: "one", endDate: expect.any(String) },
    ]);
  });

  it("may be date-times, and one of them alone", () => {
    const stop = PAIR.schedules["dev-stop"];
    const made = datesOf({
      one: { ...stop, endDate: "2027-12-31T18:00" },
      two: { ...stop, timezone: "UTC", startDate: "2027-01-04T08:00:30-05:00" },
      three: stop,
    });
    expect(inOrder(made)).toEqual([
      ["one", undefined, "2027-12-31T08:59:59Z"],
      ["two", "2027-01-04T13:00:30Z", undefined],
      ["three", undefined, undefined],
    ]);
  });
});

describe("two deployments whose names begin alike", () => {
  const Alerted = { alerts: { email: "ops@example.com" }, trigger: "event-rule" } as const;
  const Schedule = PAIR.schedules["dev-stop"];
  const patternsOf = (it: ReturnType<typeof blueprintOf>) => ({
    rules: it.functions.map(({ permission }) => permission?.sourceArn ?? ""),
    deadLetters: [JSON.stringify(it.alerts?.deadLetterQueue.policy)],
    alarms: [JSON.stringify(it.alerts?.topic?.policy), JSON.stringify(it.alerts?.topic?.key.policy)],
  });
  const matches = (pattern: string, arn: string) =>
    (pattern.match(/arn:[^"]*\*/g) ?? []).some((part) => arn.startsWith(part.slice(0, -1)));

  it.each([
    ["dev", "prod-stop", "dev-prod", "stop"],
    ["dev", "missed-stop", "dev-missed", "stop"],
    ["dev", "a.b", "dev_a", "b"],
  ])(
    "`%s` with schedule `%s` and `%s` with `%s` share no name and no permission",
    (one, its, other, theirs) => {
      const mine = blueprintOf({ ...Alerted, name: one, schedules: { [its]: Schedule } });
      const neighbour = blueprintOf({ ...Alerted, name: other, schedules: { [theirs]: Schedule } });
      const names = (it: typeof mine) => [
        ...it.rules.map(({ name }) => name),
        ...(it.alerts?.alarms.map(({ name }) => name) ?? []),
        ...it.functions.map(({ name }) => name),
      ];
      expect(names(mine).filter((name) => names(neighbour).includes(name))).toEqual([]);
      const ruleArns = neighbour.rules.map(({ arn }) => arn);
      const alarmArns = (neighbour.alerts?.alarms ?? []).map(
        ({ name }) => `arn:aws-cn:cloudwatch:cn-north-1:210987654321:alarm:${name}`,
      );
      const { rules, deadLetters, alarms } = patternsOf(mine);
      for (const pattern of [...rules, ...deadLetters]) {
        expect(ruleArns.filter((arn) => matches(pattern, arn))).toEqual([]);
        expect(mine.rules.filter(({ arn }) => !matches(pattern, arn))).toEqual([]);
      }
      for (const pattern of alarms) expect(alarmArns.filter((arn) => matches(pattern, arn))).toEqual([]);
    },
  );
});

describe("the partition of a region", () => {
  it.each([
    ["ap-northeast-2", "aws"],
    ["us-east-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
  ])("of %s is %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  it("counts in the size of the policy", () => {
    // Both regions have 14 letters.
    const problemsIn = (region: string) =>
      findProblems({
        ...PAIR,
        region,
        trigger: "scheduler",
        targets: { dev: { instanceIds: instanceIds(133) } },
        schedules: { "dev-stop": PAIR.schedules["dev-stop"] },
      }).filter(({ expected }) => expected.includes("characters of policy"));
    expect(problemsIn("ap-northeast-2")).toEqual([]);
    expect(problemsIn("eusc-de-east-1")).toHaveLength(1);
  });
});

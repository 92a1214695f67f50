import { describe, expect, it } from "@jest/globals";
import { AwsCli } from "../../../../cli/aws/cli-commands";
import type { ExistingConfig } from "../../../../cli/commands/adopt/config-edit";
import { collectRemovals } from "../../../../cli/commands/adopt/finding";
import { takeInventory } from "../../../../cli/commands/adopt/inventory";
import { type Proposal, propose } from "../../../../cli/commands/adopt/proposal";
import { parseConfig } from "../../../../config";
import {
  type FakeAccount,
  fakeAws,
  functionNamed,
  NOW,
  python,
  REGION,
  roleNamed,
  ruleFor,
  scheduleFor,
} from "../../../support/fake-aws";

const ID = "i-0123456789abcdef0";

/** The tutorial's pieces. */
const PAIR: FakeAccount = {
  roles: [roleNamed("Role")],
  functions: [functionNamed("StopEC2Instances"), functionNamed("StartEC2Instances")],
  code: { StopEC2Instances: python("stop", [ID]), StartEC2Instances: python("start", [ID]) },
  rules: [
    ruleFor("StopEC2Instances"),
    ruleFor("StartEC2Instances", { expression: "cron(0 23 ? * SUN-THU *)" }),
  ],
};

const NO_CONFIG: ExistingConfig = { file: "new.yaml", given: {} };

async function proposalFor(
  has: FakeAccount,
  settings: { existing?: ExistingConfig; timezone?: string; module?: boolean } = {},
): Promise<Proposal> {
  const account = fakeAws(has);
  return propose(account, await takeInventory(account, REGION), {
    existing: NO_CONFIG,
    now: NOW,
    cli: new AwsCli(REGION),
    ...settings,
  });
}

async function configOf(text: string): Promise<ExistingConfig> {
  const whole = await parseConfig(text);
  return { file: "ec2-start-stop.yaml", text, given: whole, whole };
}

const fateOf = ({ findings }: Proposal, name: string) => {
  const { fate, why } = findings.find((each) => each.name === name) ?? {};
  return { fate, why };
};

describe("without a config", () => {
  it("writes targets from the code, and schedules in the zone that the UTC times stand for", async () => {
    const { additions, questions } = await proposalFor(PAIR);
    expect(additions).toEqual({
      region: "ap-northeast-2",
      timezone: "Asia/Seoul",
      trigger: "event-rule",
      targets: { instances: { instanceIds: [ID] } },
      schedules: {
        "StopEC2Instances-rule": {
          action: "stop",
          targets: "instances",
          expression: "cron(0 20 ? * MON-FRI *)",
        },
        "StartEC2Instances-rule": {
          action: "start",
          targets: "instances",
          expression: "cron(0 8 ? * MON-FRI *)",
        },
      },
      functions: { architecture: "x86_64" },
      adopt: {
        role: { name: "Role", description: "Made by hand" },
        functions: { stop: { name: "StopEC2Instances" }, start: { name: "StartEC2Instances" } },
        schedules: {
          "StopEC2Instances-rule": { rule: "StopEC2Instances-rule", targetId: "Id1" },
          "StartEC2Instances-rule": { rule: "StartEC2Instances-rule", targetId: "Id1" },
        },
      },
    });
    expect(questions[0]).toBe(
      "StopEC2Instances-rule: cron(0 11 ? * MON-FRI *) in UTC, which fires next at Thu 2026-11-19 20:00 in Asia/Seoul, stands for cron(0 20 ? * MON-FRI *) in Asia/Seoul. Is that meant?",
    );
  });

  it("leaves a rule in UTC where the zone changes its clocks, and says so", async () => {
    const { additions, questions } = await proposalFor(PAIR, { timezone: "Europe/Berlin" });
    expect(additions.schedules?.["StopEC2Instances-rule"]).toMatchObject({
      expression: "cron(0 11 ? * MON-FRI *)",
      timezone: "UTC",
    });
    expect(questions[0]).toContain("stands for cron(0 12 ? * MON-FRI *) only until its clocks change");
  });

  it("keeps schedules of EventBridge Scheduler in their own zone, and asks nothing", async () => {
    const { additions, questions } = await proposalFor({
      ...PAIR,
      rules: [],
      schedules: [scheduleFor("StopEC2Instances", { timezone: "Asia/Tokyo", enabled: false })],
    });
    expect(questions).toEqual([]);
    expect(additions).toMatchObject({
      timezone: "Asia/Tokyo",
      trigger: "scheduler",
      schedules: { "StopEC2Instances-schedule": { expression: "cron(0 20 ? * MON-FRI *)", enabled: false } },
      adopt: {
        schedules: {
          "StopEC2Instances-schedule": { group: "default", name: "StopEC2Instances-schedule" },
        },
      },
    });
  });

  it("keeps the dates of schedules, in their zone", async () => {
    const { additions, findings } = await proposalFor({
      ...PAIR,
      schedules: [
        scheduleFor("StopEC2Instances", {
          startDate: "2027-01-03T15:00:00Z",
          endDate: "2027-06-30T14:59:59Z",
        }),
        scheduleFor("StopEC2Instances", { name: "noon", endDate: "2027-06-30T03:00:00Z" }),
        scheduleFor("StopEC2Instances", { name: "begun", startDate: "2026-11-19T09:00:00Z" }),
        scheduleFor("StopEC2Instances", { name: "over", endDate: "2026-11-19T08:59:59Z" }),
        scheduleFor("StopEC2Instances", {
          name: "rate",
          expression: "rate(12 hours)",
          startDate: "2026-01-01T00:00:00Z",
        }),
        scheduleFor("StopEC2Instances", {
          name: "once",
          expression: "at(2027-01-01T20:00:00)",
          endDate: "2026-01-01T00:00:00Z",
        }),
      ],
    });
    const stop = { action: "stop", targets: "instances", expression: "cron(0 20 ? * MON-FRI *)" };
    expect(additions).toMatchObject({ timezone: "Asia/Seoul", trigger: "scheduler" });
    expect(additions.schedules).toMatchObject({
      "StopEC2Instances-schedule": {
        ...stop,
        startDate: "2027-01-04T00:00+09:00",
        endDate: "2027-07-01T00:00+09:00",
      },
      noon: { ...stop, endDate: "2027-06-30T12:00:01+09:00" },
    });
    expect(additions.schedules?.["begun"]).toEqual(stop);
    expect(additions.schedules?.["over"]).toEqual({ ...stop, enabled: false });
    expect(additions.schedules?.["rate"]).toEqual({ ...stop, expression: "rate(12 hours)" });
    expect(additions.schedules?.["once"]).toEqual({ ...stop, expression: "at(2027-01-01T20:00:00)" });
    const why = (name: string) => findings.find((each) => each.name === `default/${name}`)?.why;
    expect([why("noon"), why("over"), why("rate")]).toEqual([
      "schedules.noon",
      "schedules.over; it ended at 2026-11-19T08:59:59Z, so it is switched off",
      "schedules.rate; it counts from its change on, no more from 2026-01-01T00:00:00Z",
    ]);
  });

  it("asks whether a schedule may become a rule, which has no dates", async () => {
    const schedules = [scheduleFor("StopEC2Instances", { endDate: "2027-06-30T15:00:00Z" })];
    const existing = { ...NO_CONFIG, given: { trigger: "event-rule" as const } };
    const { additions, questions } = await proposalFor({ ...PAIR, rules: [], schedules }, { existing });
    expect(additions.schedules?.["StopEC2Instances-schedule"]).not.toHaveProperty("endDate");
    expect(questions).toEqual([
      "StopEC2Instances-schedule fires until 2027-06-30T15:00:00Z, but rules have no dates: it fires at any time. Is that meant?",
    ]);
  });

  it("takes over a schedule that calls EC2 itself, with the instances of its input", async () => {
    const { additions } = await proposalFor({
      schedules: [
        scheduleFor("x", {
          name: "direct",
          targetArn: "arn:aws:scheduler:::aws-sdk:ec2:stopInstances",
          input: JSON.stringify({ InstanceIds: [ID] }),
        }),
      ],
    });
    expect(additions).toMatchObject({
      targets: { instances: { instanceIds: [ID] } },
      schedules: { direct: { action: "stop", targets: "instances" } },
      adopt: { schedules: { direct: { group: "default", name: "direct" } } },
    });
  });

  it("says which ids are to be filled in where no code can be read", async () => {
    const { notes, additions } = await proposalFor({ ...PAIR, code: {} });
    expect(additions.targets).toEqual({ instances: { instanceIds: [] } });
    expect(notes).toEqual([
      "targets.instances.instanceIds: fill in the instance ids, which could not be read from the code",
    ]);
  });

  it("looks for the instances in the region that the code names", async () => {
    const code = { StopEC2Instances: python("stop", [ID], "us-east-1") };
    const { additions } = await proposalFor({ ...PAIR, code, rules: [ruleFor("StopEC2Instances")] });
    expect(additions.targets).toEqual({ instances: { instanceIds: [ID], regions: ["us-east-1"] } });
  });

  it("keeps logs as long as they were kept, for the default would delete older ones", async () => {
    const logGroups = [{ name: "/aws/lambda/StopEC2Instances", tagKeys: [] }];
    const { additions } = await proposalFor({ ...PAIR, logGroups });
    expect(additions.functions).toMatchObject({ logRetentionDays: 3653 });
    expect(additions.adopt?.functions?.stop).toEqual({ name: "StopEC2Instances", logGroup: true });
  });
});

const CONFIG = configOf(`
region: ap-northeast-2
timezone: Asia/Seoul
functions: { architecture: arm64, logRetentionDays: 7 }
targets: { dev: { instanceIds: [${ID}] } }
schedules:
  night: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  late: { action: stop, targets: dev, expression: "cron(0 23 ? * MON-FRI *)" }
  morning: { action: start, targets: dev, expression: "cron(30 8 ? * MON-FRI *)" }
`);

describe("with a config", () => {
  it("takes what fires at the same times first, then what is left of an action", async () => {
    const proposal = await proposalFor(PAIR, { existing: await CONFIG });
    expect(proposal.additions).toEqual({
      adopt: expect.objectContaining({
        schedules: {
          night: { rule: "StopEC2Instances-rule", targetId: "Id1" },
          morning: { rule: "StartEC2Instances-rule", targetId: "Id1" },
        },
      }),
    });
    expect(fateOf(proposal, "StartEC2Instances-rule").why).toBe(
      "schedules.morning: its times change in place (cron(0 23 ? * SUN-THU *) UTC becomes cron(30 8 ? * MON-FRI *) Asia/Seoul)",
    );
  });

  it.each([
    ["cron(0 11 ? * MON-FRI *)", "the same times"],
    ["cron(0 1 ? * * *)", "other times"],
  ])("takes nothing that fires for other instances, at %s: %s", async (expression) => {
    const rules = [ruleFor("StopEC2Instances", { expression })];
    const code = { ...PAIR.code, StopEC2Instances: python("stop", ["i-08ce9b2d7eccf6d26"]) };
    const existing = await configOf(`
region: ap-northeast-2
timezone: Asia/Seoul
targets: { dev: { instanceIds: [${ID}] } }
schedules: { night: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" } }
`);
    const proposal = await proposalFor({ ...PAIR, code, rules }, { existing });
    expect(proposal.additions.adopt?.schedules).toBeUndefined();
    expect(fateOf(proposal, "StopEC2Instances-rule")).toEqual({
      fate: "keep",
      why: "no schedule in the config has a stop of i-08ce9b2d7eccf6d26; until it is removed, this goes on calling",
    });
  });

  it("tells schedules apart by their dates", async () => {
    const existing = await configOf(`
region: ap-northeast-2
timezone: Asia/Seoul
trigger: scheduler
targets: { dev: { instanceIds: [${ID}] } }
schedules:
  always: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  until-winter: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)", endDate: 2026-12-11 }
`);
    const schedules = [scheduleFor("StopEC2Instances", { endDate: "2026-12-11T14:59:59Z" })];
    const { additions } = await proposalFor({ ...PAIR, rules: [], schedules }, { existing });
    expect(additions.adopt?.schedules).toEqual({
      "until-winter": { group: "default", name: "StopEC2Instances-schedule" },
    });
  });

  it("guesses no schedule where several are left", async () => {
    const rules = [ruleFor("StopEC2Instances", { expression: "cron(0 1 ? * * *)" })];
    const proposal = await proposalFor({ ...PAIR, rules }, { existing: await CONFIG });
    expect(fateOf(proposal, "StopEC2Instances-rule")).toEqual({
      fate: "keep",
      why: "no schedule in the config fires at cron(0 1 ? * * *) UTC; until it is removed, this goes on calling",
    });
  });

  it.each([
    [{}, "ever"],
    [{ retentionDays: 3653 }, "3653 days"],
  ])("warns where older logs would be deleted, of a group with %j", async (retention, kept) => {
    const logGroups = [{ name: "/aws/lambda/StopEC2Instances", tagKeys: [], ...retention }];
    const { notes } = await proposalFor({ ...PAIR, logGroups }, { existing: await CONFIG });
    expect(notes).toEqual([
      `functions.logRetentionDays: logs older than 7 days are deleted; they were kept for ${kept} so far`,
    ]);
  });
});

describe("what is not taken over", () => {
  it.each([
    [
      "a function that runs from an image",
      { ...PAIR, functions: [functionNamed("StopEC2Instances", { packageType: "Image" })] },
      "StopEC2Instances",
      "keep",
      "it runs from a container image, which would have to be replaced",
    ],
    [
      "a function of a CloudFormation stack",
      { ...PAIR, tags: { StopEC2Instances: { "aws:cloudformation:stack-name": "ops" } } },
      "StopEC2Instances",
      "keep",
      "it belongs to the CloudFormation stack ops",
    ],
    [
      "the rule of such a function",
      { ...PAIR, tags: { StopEC2Instances: { "aws:cloudformation:stack-name": "ops" } } },
      "StopEC2Instances-rule",
      "keep",
      "it calls StopEC2Instances, which is kept",
    ],
    [
      "a function of another deployment of this project",
      {
        ...PAIR,
        functions: [
          functionNamed("prod-StopEC2Instances", { handler: "index.handler", variables: { ACTION: "stop" } }),
        ],
      },
      "prod-StopEC2Instances",
      "keep",
      "it belongs to a deployment of this project",
    ],
    [
      "a function that does both",
      {
        ...PAIR,
        code: {
          StopEC2Instances: { files: { "a.py": Buffer.from("ec2.stop_instances()\nec2.start_instances()") } },
        },
      },
      "StopEC2Instances",
      "keep",
      "its code calls both stop and start, and nothing that calls it says which",
    ],
    [
      "a function whose role allows nothing",
      { ...PAIR, roles: [roleNamed("Role", { managedPolicies: [] })] },
      "StopEC2Instances",
      "keep",
      "its code calls stop, but its role does not allow it",
    ],
    [
      "a role that another function needs",
      { ...PAIR, functions: [...(PAIR.functions ?? []), functionNamed("Report")] },
      "Role",
      "recreate",
      "Report runs with it too and would lose what it may do",
    ],
    [
      "a role that others may take on",
      {
        ...PAIR,
        roles: [
          roleNamed("Role", {
            trust: {
              Statement: [
                {
                  Effect: "Allow",
                  Principal: { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] },
                },
              ],
            },
          }),
        ],
      },
      "Role",
      "recreate",
      "ec2.amazonaws.com may assume it too, and could no longer",
    ],
    [
      "a rule with another target",
      {
        ...PAIR,
        rules: [
          ruleFor("StopEC2Instances", {
            targets: [
              { id: "Id1", arn: functionNamed("StopEC2Instances").arn },
              { id: "Id2", arn: "arn:aws:sns:ap-northeast-2:123456789012:told" },
            ],
          }),
        ],
      },
      "StopEC2Instances-rule",
      "recreate",
      "it has another target, which a change of its times would move too; schedules.StopEC2Instances-rule is made",
    ],
  ] as const)("is %s", async (_, has, name, fate, why) => {
    expect(fateOf(await proposalFor(has), name)).toEqual({ fate, why });
  });

  it("is a second function for the same, whose rule calls the first from now on", async () => {
    const proposal = await proposalFor({
      ...PAIR,
      functions: [functionNamed("StopEC2Instances"), functionNamed("StopMore")],
      code: { StopEC2Instances: python("stop", [ID]), StopMore: python("stop", ["i-08ce9b2d7eccf6d26"]) },
      rules: [ruleFor("StopEC2Instances"), ruleFor("StopMore", { expression: "cron(0 12 ? * * *)" })],
    });
    expect(fateOf(proposal, "StopMore").fate).toBe("recreate");
    expect(proposal.additions.targets).toEqual({
      instances: { instanceIds: [ID] },
      "instances-2": { instanceIds: ["i-08ce9b2d7eccf6d26"] },
    });
    expect(Object.keys(proposal.additions.adopt?.schedules ?? {})).toEqual([
      "StopEC2Instances-rule",
      "StopMore-rule",
    ]);
  });
});

describe("what the role holds", () => {
  const policy = (name: string, action: string, more = {}) => ({
    name,
    arn: `arn:aws:iam::123456789012:policy/${name}`,
    document: { Statement: { Effect: "Allow", Action: action } },
    attachmentCount: 1,
    otherVersions: [],
    ...more,
  });

  it("is detached where it starts, stops or logs, and stays where it does something else", async () => {
    const managedPolicies = [
      policy("Ec2", "ec2:*", { otherVersions: ["v1"] }),
      policy("Logs", "logs:*"),
      policy("Trace", "xray:PutTraceSegments"),
    ];
    const { additions, findings } = await proposalFor({
      ...PAIR,
      roles: [roleNamed("Role", { managedPolicies })],
    });
    expect(additions.adopt?.role?.keepPolicyArns).toEqual(["arn:aws:iam::123456789012:policy/Trace"]);
    expect(findings.find(({ name }) => name === "Ec2")?.removal).toEqual([
      "aws iam delete-policy-version --policy-arn arn:aws:iam::123456789012:policy/Ec2 --version-id v1",
      "aws iam delete-policy --policy-arn arn:aws:iam::123456789012:policy/Ec2",
    ]);
  });

  it("is listed with its removal where it is inline, since that would stay in force", async () => {
    const inlinePolicies = [
      { name: "by hand", document: { Statement: { Effect: "Allow", Action: "ec2:*" } } },
    ];
    const { findings } = await proposalFor({ ...PAIR, roles: [roleNamed("Role", { inlinePolicies })] });
    expect(findings.find(({ name }) => name === "Role/by hand")?.removal).toEqual([
      "aws iam delete-role-policy --role-name Role --policy-name 'by hand'",
    ]);
  });

  it("is listed the next time, but for the policy that this project wrote", async () => {
    const text = `region: ${REGION}\ntargets: { dev: { instanceIds: [${ID}] } }\nschedules: { a: { action: stop, targets: dev, expression: "cron(0 11 ? * MON-FRI *)" } }\nadopt: { role: { name: Role }, functions: { stop: { name: StopEC2Instances } } }\n`;
    const rights = { Statement: { Effect: "Allow", Action: "ec2:Stop*" } };
    const has: FakeAccount = {
      ...PAIR,
      functions: [
        functionNamed("StopEC2Instances", { handler: "index.handler", variables: { ACTION: "stop" } }),
      ],
      roles: [
        roleNamed("Role", {
          managedPolicies: [],
          inlinePolicies: [
            { name: "start-stop", document: rights },
            { name: "hand", document: rights },
          ],
        }),
      ],
      detachedPolicies: [policy("Old", "ec2:Stop*", { attachmentCount: 0 })],
    };
    expect(collectRemovals((await proposalFor(has, { existing: await configOf(text) })).findings)).toEqual([
      "aws iam delete-role-policy --role-name Role --policy-name hand",
      "aws iam delete-policy --policy-arn arn:aws:iam::123456789012:policy/Old",
    ]);
  });

  it("is not listed with the role by which adopted schedules call the functions by now", async () => {
    const text = `region: ${REGION}\ntimezone: Asia/Seoul\ntrigger: scheduler\ntargets: { dev: { instanceIds: [${ID}] } }\nschedules: { a: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" } }\nadopt: { functions: { stop: { name: StopEC2Instances } }, schedules: { a: { group: default, name: StopEC2Instances-schedule } } }\n`;
    const has = (input: string): FakeAccount => ({
      functions: [
        functionNamed("StopEC2Instances", { handler: "index.handler", variables: { ACTION: "stop" } }),
      ],
      roles: [roleNamed("SchedulerRole", { managedPolicies: [] })],
      schedules: [scheduleFor("StopEC2Instances", { input })],
    });
    const existing = await configOf(text);
    const removed = async (input: string) =>
      collectRemovals((await proposalFor(has(input), { existing })).findings);
    expect(await removed('{"scheduledTime":"<aws.scheduler.scheduled-time>"}')).toEqual([]);
    expect(await removed("{}")).toEqual(["aws iam delete-role --role-name SchedulerRole"]);
  });

  it("keeps its boundary, for every role that is made", async () => {
    const boundaryArn = "arn:aws:iam::123456789012:policy/Boundary";
    const { additions } = await proposalFor({ ...PAIR, roles: [roleNamed("Role", { boundaryArn })] });
    expect(additions.permissionsBoundaryArn).toBe(boundaryArn);
  });
});

describe("what an adopted thing loses", () => {
  const keyArn = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c";
  const tagged: FakeAccount = {
    ...PAIR,
    tags: { StopEC2Instances: { Team: "ops", "aws:servicecatalog:x": "y" } },
    rules: [ruleFor("StopEC2Instances", { tagKeys: ["Team", "cost center"] })],
    logGroups: [{ name: "/aws/lambda/StopEC2Instances", kmsKeyArn: keyArn, tagKeys: ["Team"] }],
  };

  it("is not the key of its logs", async () => {
    const proposal = await proposalFor(tagged);
    expect(proposal.additions.adopt?.functions?.stop).toEqual({
      name: "StopEC2Instances",
      logGroup: true,
      logGroupKmsKeyArn: keyArn,
    });
  });

  it("is each tag that the config does not say, but for AWS's own, as is told before", async () => {
    const proposal = await proposalFor(tagged);
    expect(fateOf(proposal, "/aws/lambda/StopEC2Instances").why).toBe(
      `the function's own, with its key ${keyArn}; its tag Team goes unless it is in \`tags\``,
    );
    expect(fateOf(proposal, "StopEC2Instances").why).toMatch(
      /settings and environment change in place; its tag Team goes unless it is in `tags`$/,
    );
    expect(fateOf(proposal, "StopEC2Instances-rule").why).toBe(
      "schedules.StopEC2Instances-rule; its tags Team, cost center go unless they are in `tags`",
    );
  });
});

describe("a start and a stop in the same minute", () => {
  const rules = [
    ruleFor("StopEC2Instances", { name: "off" }),
    ruleFor("StartEC2Instances", { name: "on", expression: "cron(0 11 ? * MON *)" }),
  ];

  it("are written as they are found, with the way out", async () => {
    const { additions, notes } = await proposalFor({ ...PAIR, rules });
    expect(Object.keys(additions.schedules ?? {})).toEqual(["off", "on"]);
    expect(notes).toEqual([
      "schedules.off: on starts and off stops target instances in the same minute, first at 2026-11-23T20:00:00+09:00: one would undo the other, so write another time for one of them, or `enabled: false`",
    ]);
  });

  it("do no harm where one of them is switched off", async () => {
    const [off, on] = rules;
    const { notes } = await proposalFor({ ...PAIR, rules: [off, { ...on, enabled: false }] as typeof rules });
    expect(notes).toEqual([]);
  });
});

describe("a follow-up that waits", () => {
  const followUp = scheduleFor("StopEC2Instances", {
    group: "ec2-start-stop-followups",
    name: "hold-stop-20261119T1301-night-0123456789",
    expression: "at(2026-11-19T13:01:00)",
    timezone: "UTC",
    input: `{"schedule":"a","action":"stop","targets":[{"region":"${REGION}","instanceIds":["${ID}"]}],"followUp":{"kind":"hold","cause":"1-2","attempt":1}}`,
  });

  it("is not taken for what fires a schedule of the config", async () => {
    const existing = await configOf(
      `region: ${REGION}\ntrigger: scheduler\nfollowUps: true\nevents: true\nalerts: { email: a@example.com }\ntargets: { dev: { instanceIds: [${ID}] } }\nschedules: { a: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)", warnMinutes: 30 } }\nadopt: { functions: { stop: { name: StopEC2Instances } } }\n`,
    );
    const ours = functionNamed("StopEC2Instances", {
      handler: "index.handler",
      variables: { ACTION: "stop" },
    });
    const { additions, findings } = await proposalFor(
      { roles: PAIR.roles ?? [], functions: [ours], schedules: [followUp] },
      { existing },
    );
    expect(additions.adopt?.schedules).toBeUndefined();
    expect(findings.filter(({ kind }) => kind === "schedule")).toEqual([]);
  });
});

describe("for the module", () => {
  it("takes over as much, and leaves rules in UTC, which nothing converts", async () => {
    const [own, module] = [await proposalFor(PAIR), await proposalFor(PAIR, { module: true })];
    expect(module.additions.adopt).toEqual(own.additions.adopt);
    expect(module.findings).toEqual(own.findings);
    expect(module.additions.trigger).toBe("event-rule");
    expect(module.additions.schedules?.["StartEC2Instances-rule"]).toMatchObject({
      expression: "cron(0 23 ? * SUN-THU *)",
      timezone: "UTC",
    });
    expect(module.questions[1]).toBe(
      "StartEC2Instances-rule: cron(0 23 ? * SUN-THU *) in UTC, which fires next at Fri 2026-11-20 08:00 in Asia/Seoul, stands for cron(0 8 ? * MON-FRI *) in Asia/Seoul. It stays in UTC, which is what rules read.",
    );
  });

  it("takes over schedules, and recreates rules, where there are both", async () => {
    const schedules = [scheduleFor("StartEC2Instances")];
    const rules = [ruleFor("StopEC2Instances")];
    const proposal = await proposalFor({ ...PAIR, rules, schedules }, { module: true });
    expect(proposal.additions.trigger).toBe("scheduler");
    expect(Object.keys(proposal.additions.adopt?.schedules ?? {})).toEqual(["StartEC2Instances-schedule"]);
    expect(fateOf(proposal, "StopEC2Instances-rule").fate).toBe("recreate");
    expect(proposal.additions.schedules?.["StopEC2Instances-rule"]).toMatchObject({
      expression: "cron(0 20 ? * MON-FRI *)",
    });
  });
});

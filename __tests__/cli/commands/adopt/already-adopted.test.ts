import { describe, expect, it } from "@jest/globals";
import { AwsCli } from "../../../../cli/aws/cli-commands";
import { collectRemovals } from "../../../../cli/commands/adopt/finding";
import { takeInventory } from "../../../../cli/commands/adopt/inventory";
import { renderModule } from "../../../../cli/commands/adopt/module-imports";
import { type Proposal, propose } from "../../../../cli/commands/adopt/proposal";
import {
  type FakeAccount,
  fakeAws,
  functionArn,
  functionNamed,
  NOW,
  python,
  REGION,
  roleNamed,
  ruleFor,
  scheduleFor,
} from "../../../support/fake-aws";
import { FakeClock, fakeContext } from "../../../support/fake-context";

const ID = "i-0123456789abcdef0";
const EVENTS = "events.amazonaws.com";
const REGIONAL = "--region ap-northeast-2";
const ruleArn = (name: string) => `arn:aws:events:${REGION}:123456789012:rule/${name}`;
const REQUEST = `{"scheduledTime":<time>,"action":"stop","schedule":"night","targets":[{"instanceIds":["${ID}"]}]}`;
const OWN_RULE = ruleFor("StopEC2Instances", {
  name: "NightlyStop",
  targets: [{ id: "Id1", arn: functionArn("StopEC2Instances"), input: REQUEST }],
});
const OWN_SCHEDULE = scheduleFor("StopEC2Instances", {
  name: "NightlyStop",
  input: REQUEST.replace("<time>", '"<aws.scheduler.scheduled-time>"'),
});
/** As the functions write it. */
const FOLLOW_UP = scheduleFor("StopEC2Instances", {
  group: "ec2-start-stop-followups",
  name: "hold-stop-20261119T1301-night-0123456789",
  expression: "at(2026-11-19T13:01:00)",
  timezone: "UTC",
  input: `{"schedule":"night","action":"stop","targets":[{"region":"${REGION}","instanceIds":["${ID}"]}],"followUp":{"kind":"hold","cause":"1-2","attempt":1}}`,
});
const BY_HAND_RULE = ruleFor("StopEC2Instances", { name: "OldStop" });
const OWN_POLICY = { name: "start-stop", document: {} };

const policy = (name: string, ...actions: string[]) => ({
  name,
  arn: `arn:aws:iam::123456789012:policy/${name}`,
  document: { Statement: { Effect: "Allow", Action: actions, Resource: "*" } },
  attachmentCount: 0,
  otherVersions: [],
});
const roleOf = (service: string, name: string, changes = {}) =>
  roleNamed(name, {
    trust: { Statement: { Effect: "Allow", Principal: { Service: service } } },
    managedPolicies: [],
    ...changes,
  });

/** After the module's call was applied. */
const TAKEN_OVER: FakeAccount = {
  roles: [roleNamed("Role", { managedPolicies: [], inlinePolicies: [OWN_POLICY] })],
  functions: [functionNamed("StopEC2Instances", { handler: "index.handler", variables: { ACTION: "stop" } })],
  permissions: {
    StopEC2Instances: [
      { statementId: "by-hand", principal: EVENTS, sourceArn: ruleArn("NightlyStop") },
      {
        statementId: "AllowRulesOf-ec2-start-stop",
        principal: EVENTS,
        sourceArn: ruleArn("ec2-start-stop-*"),
      },
      { statementId: "AllowAdoptedRule-NightlyStop", principal: EVENTS, sourceArn: ruleArn("NightlyStop") },
    ],
  },
  rules: [OWN_RULE],
};
/** The same with the rule of the console next to the module's schedule. */
const WITH_SCHEDULE: FakeAccount = {
  ...TAKEN_OVER,
  rules: [BY_HAND_RULE],
  schedules: [OWN_SCHEDULE],
  permissions: {
    StopEC2Instances: [{ statementId: "by-hand", principal: EVENTS, sourceArn: ruleArn("OldStop") }],
  },
};

async function proposalFor(has: FakeAccount): Promise<Proposal> {
  const account = fakeAws(has);
  return propose(account, await takeInventory(account, REGION), {
    existing: { file: "", given: {} },
    now: NOW,
    cli: new AwsCli(REGION),
    module: true,
  });
}
const removalsFor = async (has: FakeAccount) => collectRemovals((await proposalFor(has)).findings);
const textFor = async (has: FakeAccount) =>
  renderModule(await proposalFor(has), "module.office_hours", fakeContext(new FakeClock(NOW)));
const findingFor = async (has: FakeAccount, name: string) =>
  (await proposalFor(has)).findings.find((each) => each.name === name);

describe("what runs this project's code already", () => {
  it("is told in comments, with what is obsolete, and nothing to import", async () => {
    const text = await textFor({ ...TAKEN_OVER, detachedPolicies: [policy("Hand", "ec2:Stop*", "logs:*")] });
    expect(text).toMatch(/^(?:#.*\n)+$/);
    expect(text).toContain("# StopEC2Instances runs this project's code already: nothing to import.\n");
    expect(text.slice(text.indexOf("# To run"))).toBe(`# To run once the new ones work
#   aws lambda remove-permission --function-name StopEC2Instances --statement-id by-hand ${REGIONAL}
#   aws iam delete-policy --policy-arn arn:aws:iam::123456789012:policy/Hand
`);
  });

  it("says nothing of what the functions have left for later, which removes itself", async () => {
    const { findings } = await proposalFor({ ...TAKEN_OVER, schedules: [FOLLOW_UP] });
    expect(findings).toEqual((await proposalFor(TAKEN_OVER)).findings);
  });

  it("has nothing to remove where nothing is obsolete", async () => {
    const { permissions, ...rest } = TAKEN_OVER;
    expect(await textFor(rest)).not.toContain("aws ");
  });

  it("stays out of the call for what else is found", async () => {
    const text = await textFor({
      ...TAKEN_OVER,
      roles: [...(TAKEN_OVER.roles ?? []), roleNamed("StartRole")],
      functions: [
        ...(TAKEN_OVER.functions ?? []),
        functionNamed("StartEC2Instances", { roleArn: roleNamed("StartRole").arn }),
      ],
      code: { StartEC2Instances: python("start", [ID]) },
      rules: [OWN_RULE, ruleFor("StartEC2Instances", { name: "MorningStart" })],
    });
    expect(text).toMatch(
      /^# StopEC2Instances runs .*\n# Does a call of the module make them, add to that one/,
    );
    const terraform = text.slice(text.indexOf('module "'));
    expect(terraform).toMatch(/start = \{\s+name = "StartEC2Instances"/);
    expect(terraform).toContain('id = "MorningStart/Id1"');
    expect(terraform).not.toContain("StopEC2Instances");
    expect(terraform).not.toContain("NightlyStop");
  });
});

describe("a permission", () => {
  const withPermission = (sourceArn: string | undefined, principal = EVENTS): FakeAccount => ({
    ...WITH_SCHEDULE,
    rules: [],
    eventRules: ["OnEvent"],
    permissions: {
      StopEC2Instances: [{ statementId: "x", principal, ...(sourceArn === undefined ? {} : { sourceArn }) }],
    },
  });

  it("goes where its rule is gone", async () => {
    expect(await removalsFor(withPermission(ruleArn("Gone")))).toEqual([
      `aws lambda remove-permission --function-name StopEC2Instances --statement-id x ${REGIONAL}`,
    ]);
  });

  it.each([
    ["of a rule that fires by events", ruleArn("OnEvent"), EVENTS],
    ["of a rule of another bus", ruleArn("bus/Gone"), EVENTS],
    ["of another region's rule", ruleArn("Gone").replace(REGION, "us-east-1"), EVENTS],
    ["of rules by a pattern", ruleArn("*"), EVENTS],
    ["for whatever rule", undefined, EVENTS],
    ["of another service", "arn:aws:s3:::bucket", "s3.amazonaws.com"],
  ])("stays, and is told, %s", async (_, sourceArn, principal) => {
    const has = withPermission(sourceArn, principal);
    expect(await removalsFor(has)).toEqual([]);
    expect(await findingFor(has, "StopEC2Instances/x")).toMatchObject({
      fate: "keep",
      why: `it lets ${principal} invoke the function: check whether that is still needed`,
    });
  });

  it("stays where another rule's, whose name differs in case, is what the module allows", async () => {
    const permissions = [
      { statementId: "x", principal: EVENTS, sourceArn: ruleArn("Onevent") },
      { statementId: "AllowAdoptedRule-a", principal: EVENTS, sourceArn: ruleArn("OnEvent") },
    ];
    const has = { ...TAKEN_OVER, eventRules: ["Onevent"], permissions: { StopEC2Instances: permissions } };
    expect(await removalsFor(has)).toEqual([]);
  });
});

describe("a rule by hand", () => {
  it("goes before its permission where a schedule of the module calls the function at the same times", async () => {
    expect(await findingFor(WITH_SCHEDULE, "OldStop")).toMatchObject({
      fate: "obsolete",
      why: "NightlyStop calls StopEC2Instances at the same times",
    });
    expect(await removalsFor(WITH_SCHEDULE)).toEqual([
      `aws events remove-targets --rule OldStop --ids Id1 ${REGIONAL}`,
      `aws events delete-rule --name OldStop ${REGIONAL}`,
      `aws lambda remove-permission --function-name StopEC2Instances --statement-id by-hand ${REGIONAL}`,
    ]);
  });

  const otherTarget = { id: "Id2", arn: "arn:aws:sns:ap-northeast-2:123456789012:told" };
  it("keeps its other targets", async () => {
    const rules = [{ ...BY_HAND_RULE, targets: [...BY_HAND_RULE.targets, otherTarget] }];
    expect(await removalsFor({ ...WITH_SCHEDULE, rules, permissions: {} })).toEqual([
      `aws events remove-targets --rule OldStop --ids Id1 ${REGIONAL}`,
    ]);
  });

  it.each([
    ["the schedule is switched off", { schedules: [{ ...OWN_SCHEDULE, enabled: false }] }],
    ["the schedule fires at other times", { schedules: [{ ...OWN_SCHEDULE, timezone: "Asia/Kolkata" }] }],
    [
      "the schedule only warns at these times",
      {
        schedules: [
          {
            ...OWN_SCHEDULE,
            name: "night-warn",
            input: `${OWN_SCHEDULE.input?.slice(0, -1)},"warnMinutes":30}`,
          },
        ],
      },
    ],
    ["the schedule was made by hand, too", { schedules: [scheduleFor("StopEC2Instances")] }],
    ["a service of AWS keeps it", { rules: [{ ...BY_HAND_RULE, managedBy: "x.amazonaws.com" }] }],
    [
      "CloudFormation would make it again",
      { rules: [{ ...BY_HAND_RULE, tagKeys: ["aws:cloudformation:stack-name"] }] },
    ],
    [
      "it hands over a request",
      {
        rules: [
          { ...BY_HAND_RULE, targets: [{ ...BY_HAND_RULE.targets[0], input: '{"action":"stop"}' }] },
        ] as typeof WITH_SCHEDULE.rules,
      },
    ],
  ])("stays with its permission where %s", async (_, changes) => {
    const has = { ...WITH_SCHEDULE, ...changes } as FakeAccount;
    expect(await removalsFor(has)).toEqual([]);
    expect(await findingFor(has, "OldStop")).toMatchObject({ fate: "keep" });
  });
});

describe("a policy by hand", () => {
  it("goes with its versions where nothing holds it and it is about nothing else", async () => {
    const detachedPolicies = [
      { ...policy("Old", "ec2:StartInstances"), otherVersions: ["v1"] },
      policy("More", "ec2:*"),
      policy("Else", "s3:GetObject"),
    ];
    const has = { ...TAKEN_OVER, permissions: {}, detachedPolicies };
    expect(await removalsFor(has)).toEqual([
      "aws iam delete-policy-version --policy-arn arn:aws:iam::123456789012:policy/Old --version-id v1",
      "aws iam delete-policy --policy-arn arn:aws:iam::123456789012:policy/Old",
    ]);
    expect(await findingFor(has, "More")).toMatchObject({ fate: "keep" });
    expect(await findingFor(has, "Else")).toBeUndefined();
  });

  const inline = (...names: string[]) => ({
    ...TAKEN_OVER,
    permissions: {},
    roles: [
      roleNamed("Role", {
        managedPolicies: [],
        inlinePolicies: names.map((name) => ({
          name,
          document: { Statement: { Effect: "Allow", Action: name === "trace" ? "xray:*" : "ec2:Stop*" } },
        })),
      }),
    ],
  });

  it("goes from the role of the functions, the module's own never", async () => {
    expect(await removalsFor(inline("start-stop", "hand", "trace"))).toEqual([
      "aws iam delete-role-policy --role-name Role --policy-name hand",
    ]);
  });

  it("stays where the functions run by it, or something else does", async () => {
    expect(await removalsFor(inline("hand"))).toEqual([]);
    const has = inline("start-stop", "hand");
    const functions = [...(has.functions ?? []), functionNamed("Report")];
    expect(await removalsFor({ ...has, functions })).toEqual([]);
  });
});

describe("a role that nothing here uses", () => {
  const invoking = (name: string) => [
    {
      name: "invoke",
      document: {
        Statement: {
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: [functionArn(name), `${functionArn(name)}:*`],
        },
      },
    },
  ];
  const withRole = (role: ReturnType<typeof roleNamed>): FakeAccount => ({
    ...TAKEN_OVER,
    permissions: {},
    roles: [...(TAKEN_OVER.roles ?? []), role],
  });

  it("goes where it lets Scheduler invoke just these functions", async () => {
    const role = roleOf("scheduler.amazonaws.com", "Old", { inlinePolicies: invoking("StopEC2Instances") });
    expect(await removalsFor(withRole(role))).toEqual([
      "aws iam delete-role-policy --role-name Old --policy-name invoke",
      "aws iam delete-role --role-name Old",
    ]);
    const used = { ...OWN_SCHEDULE, roleArn: role.arn };
    expect(await removalsFor({ ...withRole(role), schedules: [used] })).toEqual([]);
  });

  it("stays, and is told, where another region may use it", async () => {
    const stop = { inlinePolicies: [{ name: "p", document: policy("p", "ec2:StopInstances").document }] };
    for (const role of [
      roleOf("lambda.amazonaws.com", "Old", stop),
      roleOf("scheduler.amazonaws.com", "Old", stop),
      roleOf("scheduler.amazonaws.com", "Old"),
    ]) {
      expect(await removalsFor(withRole(role))).toEqual([]);
      expect(await findingFor(withRole(role), "Old")).toMatchObject({ fate: "keep" });
    }
  });

  it("is not told of where it is about something else", async () => {
    for (const role of [
      roleOf("scheduler.amazonaws.com", "Old", { inlinePolicies: invoking("Report") }),
      roleOf("ec2.amazonaws.com", "Old"),
      roleOf("lambda.amazonaws.com", "Old"),
    ]) {
      expect(await findingFor(withRole(role), "Old")).toBeUndefined();
    }
  });
});

describe("a second function by hand", () => {
  const second = (ids: readonly string[]): FakeAccount => ({
    ...TAKEN_OVER,
    roles: [...(TAKEN_OVER.roles ?? []), roleNamed("MoreRole")],
    functions: [
      ...(TAKEN_OVER.functions ?? []),
      functionNamed("StopMore", { roleArn: roleNamed("MoreRole").arn }),
    ],
    code: { StopMore: python("stop", ids) },
  });

  it("is not imported once nothing calls it and its instances are the module's", async () => {
    expect(await textFor(second([ID]))).not.toContain("import {");
    expect(await findingFor(second([ID]), "StopMore")).toMatchObject({
      why: "no rule or schedule calls it, and StopEC2Instances does the same to its instances; check whether anything else calls it",
    });
  });

  it("is adopted where it has instances of its own", async () => {
    expect(await textFor(second(["i-08ce9b2d7eccf6d26"]))).toContain('id = "StopMore"');
  });
});

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Ec2StartStopProps, findProblems } from "../../constructs";
import { excludingTag, isAny, matchesAllTags } from "../../contract/tags";
import { AccountArns } from "../../model/arns";
import { rolePolicy } from "../../model/policies";
import { conditionHolds } from "../support/moto/policy-document";
import { printedSeed, propertyRuns } from "../support/property";
import { instanceIds, OFFICE, PAIR } from "../support/props";
import { instanceTags, targetTags } from "../support/tag-cases";
import { functionPolicy, synthesize } from "../support/terraform/synthesize";

const STOP = PAIR.schedules["dev-stop"];
const START = PAIR.schedules["dev-start"];
const ARN = "arn:aws:ec2:ap-northeast-2:123456789012:instance";

function policyOf(changes: Partial<Ec2StartStopProps>) {
  return functionPolicy(synthesize({ ...PAIR, ...changes }));
}

function ownValue(tags: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

/** Returns the statements about instances. */
function grantsOf(changes: Partial<Ec2StartStopProps>) {
  return policyOf(changes).filter(({ Action }) => Action.some((action) => /^ec2:(?!Describe)/.test(action)));
}

describe("the policy of the functions' role", () => {
  it("allows writing its own logs, describing instances, and changing its own targets", () => {
    expect(policyOf({})).toEqual([
      {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: ["Stop", "Start"].map(
          (verb) =>
            `arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/dev-${verb}EC2Instances:*`,
        ),
      },
      {
        Sid: "DescribeInstances",
        Effect: "Allow",
        Action: ["ec2:DescribeInstances"],
        Resource: ["*"],
      },
      {
        Sid: "StopAndStartListedInstances",
        Effect: "Allow",
        Action: ["ec2:StopInstances", "ec2:StartInstances"],
        Resource: [`${ARN}/i-0123456789abcdef0`, `${ARN}/i-08ce9b2d7eccf6d26`],
      },
    ]);
  });

  it("leaves the network interfaces of a VPC to Lambda, and to none of the functions' own code", () => {
    const condition = {
      ArnNotEquals: {
        "lambda:SourceFunctionArn": ["Stop", "Start"].map(
          (verb) => `arn:aws:lambda:ap-northeast-2:123456789012:function:dev-${verb}EC2Instances`,
        ),
      },
    };
    const vpc = { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] };
    const own = policyOf({}).length;
    expect(policyOf({ functions: { vpc } }).slice(own)).toEqual([
      {
        Sid: "ManageNetworkInterfaces",
        Effect: "Allow",
        Action: [
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        Resource: [
          "arn:aws:ec2:ap-northeast-2:123456789012:*/*",
          "arn:aws:ec2:ap-northeast-2:*:subnet/*",
          "arn:aws:ec2:ap-northeast-2:*:security-group/*",
        ],
        Condition: condition,
      },
      {
        Sid: "ReadNetwork",
        Effect: "Allow",
        Action: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
        Resource: ["*"],
        Condition: condition,
      },
    ]);
  });

  it("allows messages about successes only with `onSuccess`, to the one topic", () => {
    const alerts = { snsTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alerts" };
    const own = policyOf({ alerts }).length;
    expect(policyOf({ alerts }).filter(({ Action }) => Action.includes("sns:Publish"))).toEqual([]);
    expect(policyOf({ alerts: { ...alerts, onSuccess: true } }).slice(own)).toEqual([
      {
        Sid: "PublishSuccesses",
        Effect: "Allow",
        Action: ["sns:Publish"],
        Resource: [alerts.snsTopicArn],
      },
    ]);
  });

  it("allows traces only with `tracing`", () => {
    const own = policyOf({ functions: { tracing: false } });
    expect(own).toEqual(policyOf({}));
    expect(policyOf({ functions: { tracing: true } }).slice(own.length)).toEqual([
      {
        Sid: "WriteTraces",
        Effect: "Allow",
        Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
        Resource: ["*"],
      },
    ]);
  });

  it("allows events of its own source on the default bus, only with `events`", () => {
    const added = policyOf({ events: true }).filter(
      ({ Sid }) => !policyOf({}).some((own) => own.Sid === Sid),
    );
    expect(added).toEqual([
      {
        Sid: "PutOutcomeEvents",
        Effect: "Allow",
        Action: ["events:PutEvents"],
        Resource: ["arn:aws:events:ap-northeast-2:123456789012:event-bus/default"],
        Condition: { StringEquals: { "events:source": ["ec2-start-stop"] } },
      },
    ]);
    expect(policyOf({ events: false })).toEqual(policyOf({}));
  });

  it.each(["event-rule", "scheduler"] as const)(
    "allows one group's schedules and one role for one service, only with `followUps`, with trigger %s",
    (trigger) => {
      const plain = policyOf({ trigger });
      const added = policyOf({ trigger, followUps: true }).filter(
        ({ Sid }) => !plain.some((own) => own.Sid === Sid),
      );
      expect(added).toEqual([
        {
          Sid: "WriteFollowUps",
          Effect: "Allow",
          Action: ["scheduler:CreateSchedule", "scheduler:GetSchedule"],
          Resource: ["arn:aws:scheduler:ap-northeast-2:123456789012:schedule/dev-followups/*"],
        },
        {
          Sid: "PassSchedulerRole",
          Effect: "Allow",
          Action: ["iam:PassRole"],
          Resource: ["arn:aws:iam::123456789012:role/dev-scheduler-ap-northeast-2"],
          Condition: { StringEquals: { "iam:PassedToService": ["scheduler.amazonaws.com"] } },
        },
      ]);
      expect(policyOf({ trigger, followUps: false })).toEqual(plain);
    },
  );

  it("allows nothing beyond that, whatever the config", () => {
    const everything = {
      ...OFFICE,
      targets: {
        dev: { ...OFFICE.targets.dev, checks: { tcp: [22] } },
        staging: { ...OFFICE.targets.staging, checks: { systemd: ["nginx"] } },
      },
      alerts: { email: "ops@example.com" },
      followUps: true,
      events: true,
      kmsKeyArns: ["arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    };
    const actions = new Set(policyOf(everything).flatMap(({ Action }) => Action));
    expect([...actions].sort()).toEqual([
      "ec2:DescribeInstances",
      "ec2:StartInstances",
      "ec2:StopInstances",
      "events:PutEvents",
      "iam:PassRole",
      "kms:CreateGrant",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "scheduler:CreateSchedule",
      "scheduler:GetSchedule",
      "sns:Publish",
      "ssm:DescribeInstanceInformation",
      "ssm:ListCommandInvocations",
      "ssm:SendCommand",
    ]);
  });

  it("does not allow starts without a start schedule", () => {
    const text = JSON.stringify(policyOf({ schedules: { stop: STOP } }));
    expect(text).toContain("ec2:StopInstances");
    expect(text).not.toContain("StartInstances");
    expect(text).not.toContain("StartEC2Instances");
  });

  it("allows only the needed actions on each instance", () => {
    const targets = { both: { instanceIds: ["i-00000001"] }, night: { instanceIds: ["i-00000002"] } };
    const schedules = { stop: { ...STOP, targets: ["both", "night"] }, start: { ...START, targets: "both" } };
    expect(grantsOf({ targets, schedules })).toEqual([
      expect.objectContaining({ Sid: "StopAndStartListedInstances", Resource: [`${ARN}/i-00000001`] }),
      expect.objectContaining({
        Sid: "StopListedInstances",
        Action: ["ec2:StopInstances"],
        Resource: [`${ARN}/i-00000002`],
      }),
    ]);
  });

  it("includes disabled schedules, so that enabling one needs no other change", () => {
    const schedules = { stop: { ...STOP, enabled: false } };
    expect(grantsOf({ schedules })).toHaveLength(1);
  });

  it("contains the regions of ids, and omits targets without a schedule", () => {
    const targets = {
      dev: { instanceIds: ["i-00000001"], regions: ["us-east-1"] },
      unused: { tags: { A: "b" } },
    };
    expect(grantsOf({ targets }).flatMap(({ Resource }) => Resource)).toEqual([
      "arn:aws:ec2:us-east-1:123456789012:instance/i-00000001",
    ]);
  });
});

describe("targets by tags", () => {
  const tagged = (target: Ec2StartStopProps["targets"][string]) =>
    grantsOf({ targets: { dev: target }, schedules: { stop: STOP } });

  it("allow any instance of their regions with all tags, each with one of its values", () => {
    const tags = { Environment: ["staging", "qa"], Team: "web" };
    expect(tagged({ tags, regions: ["ap-northeast-2", "us-east-1"] })).toEqual([
      {
        Sid: "StopTaggedInstances",
        Effect: "Allow",
        Action: ["ec2:StopInstances"],
        Resource: [`${ARN}/*`, "arn:aws:ec2:us-east-1:123456789012:instance/*"],
        Condition: {
          StringEquals: { "aws:ResourceTag/Environment": ["staging", "qa"], "aws:ResourceTag/Team": ["web"] },
        },
      },
    ]);
  });

  it("do not allow excluded instances, even if they are listed by id", () => {
    const exclude = { KeepRunning: ["true", "yes"] };
    const statements = tagged({ tags: { Team: "web" }, instanceIds: ["i-00000001"], exclude });
    const excluded = { "aws:ResourceTag/KeepRunning": ["true", "yes"] };
    expect(statements.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
      ["StopListedInstances", { StringNotEquals: excluded }],
      [
        "StopTaggedInstances",
        { StringEquals: { "aws:ResourceTag/Team": ["web"] }, StringNotEquals: excluded },
      ],
    ]);
  });

  it("omit exclusions that IAM policies cannot express", () => {
    const [statement] = tagged({ tags: { Team: "web" }, exclude: { 보호: "예", Keep: "true" } });
    const [other] = tagged({ tags: { Team: "web" }, exclude: { Env: ["a", "漢"], Owner: ["漢"] } });
    expect(other?.Condition?.["StringNotEquals"]).toEqual({ "aws:ResourceTag/Env": ["a"] });
    expect(statement?.Condition?.["StringNotEquals"]).toEqual({ "aws:ResourceTag/Keep": ["true"] });
  });

  it("take values literally: neither IAM nor Terraform evaluates them", () => {
    const [statement] = tagged({ tags: { Note: ["${aws:username}", '${file("x")}', "*", "%{x}"] } });
    // `${$}` is a literal dollar sign in IAM, and StringEquals has no wildcards.
    expect(statement?.Condition?.["StringEquals"]?.["aws:ResourceTag/Note"]).toEqual([
      "${$}{aws:username}",
      '${$}{file("x")}',
      "*",
      "%{x}",
    ]);
  });

  it("demand patterns and any value by the conditions of IAM, with literals beside a pattern escaped", () => {
    const tags = {
      Name: ["db*?${x}", { like: "web-*\\*" }],
      Owner: { any: true as const },
      Team: "web",
    };
    const exclude = { Name: { like: "web-1*" }, Keep: { any: true as const } };
    const [statement] = tagged({ tags, exclude });
    expect(statement?.Condition).toEqual({
      StringLike: { "aws:ResourceTag/Name": ["db${*}${?}${$}{x}", "web-*${*}"] },
      Null: { "aws:ResourceTag/Owner": ["false"], "aws:ResourceTag/Keep": ["true"] },
      StringEquals: { "aws:ResourceTag/Team": ["web"] },
      StringNotLike: { "aws:ResourceTag/Name": ["web-1*"] },
    });
  });

  it("allow all instances but the excluded ones and those that their manager would replace, and say so", () => {
    const statements = grantsOf({
      targets: { dev: { all: true, exclude: { Keep: "true" } }, web: { tags: { Team: "web" } } },
      schedules: { stop: { ...STOP, targets: ["dev", "web"] } },
    });
    expect(statements.map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ["StopAllInstances", [`${ARN}/*`]],
      ["StopTaggedInstances", [`${ARN}/*`]],
    ]);
    const { Null = {}, ...others } = statements[0]?.Condition ?? {};
    expect(others).toEqual({ StringNotEquals: { "aws:ResourceTag/Keep": ["true"] } });
    expect(Null).toMatchObject({
      "aws:ResourceTag/aws:autoscaling:groupName": ["true"],
      "aws:ResourceTag/eks:nodegroup-name": ["true"],
    });
  });

  it("allow exactly the instances that the function matches and does not exclude", () => {
    let allowed = 0;
    const property = fc.property(targetTags, targetTags, instanceTags, (tags, exclude, instance) => {
      const [statement] = rolePolicy({
        arns: new AccountArns({ id: "123456789012", partition: "aws" }),
        region: "us-east-1",
        functionNames: [],
        targets: { stop: [{ region: "us-east-1", tags, exclude }] },
        kmsKeyArns: [],
      }).Statement.filter(({ Sid }) => Sid === "StopTaggedInstances");
      const isAllowed = Object.entries(statement?.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, values]) =>
          conditionHolds(operator, ownValue(instance, key.replace("aws:ResourceTag/", "")), values),
        ),
      );
      const found = new Map(Object.entries(instance));
      const isWanted = matchesAllTags(found, tags) && excludingTag(found, exclude) === undefined;
      if (isWanted) allowed++;
      // A target that excludes any value of what it demands is refused.
      const isRefused = Object.keys(exclude).some(
        (key) => tags[key]?.some(isAny) && exclude[key]?.some(isAny),
      );
      return isRefused || isAllowed === isWanted;
    });
    fc.assert(property, { seed: printedSeed("tags and policies"), numRuns: propertyRuns(20_000) });
    expect(allowed).toBeGreaterThan(0);
  });

  it("have one statement with its own Sid per set of tags that differ in more than one tag", () => {
    const targets = { a: { tags: { Team: "a", Stage: "dev" } }, b: { tags: { Team: "b", Stage: "qa" } } };
    const schedules = { stop: { ...STOP, targets: ["a", "b"] } };
    expect(grantsOf({ targets, schedules }).map(({ Sid }) => Sid)).toEqual([
      "StopTaggedInstances",
      "StopTaggedInstances2",
    ]);
  });

  it("share a statement where only the values of one tag differ, so that fifty teams fit", () => {
    const teams = Array.from({ length: 50 }, (_, index) => `t${index}`);
    const targets = Object.fromEntries(teams.map((Team) => [Team, { tags: { Stage: "dev", Team } }]));
    const schedules = { stop: { ...STOP, targets: teams } };
    expect(grantsOf({ targets, schedules })).toEqual([
      expect.objectContaining({
        Sid: "StopTaggedInstances",
        Condition: { StringEquals: { "aws:ResourceTag/Stage": ["dev"], "aws:ResourceTag/Team": teams } },
      }),
    ]);
  });

  it("share a statement where only the patterns of one tag differ", () => {
    const teams = Array.from({ length: 40 }, (_, index) => `t${index}-*`);
    const targets = Object.fromEntries(
      teams.map((like, index) => [`t${index}`, { tags: { Team: { like }, Owner: { any: true as const } } }]),
    );
    const schedules = { stop: { ...STOP, targets: Object.keys(targets) } };
    expect(grantsOf({ targets, schedules })).toEqual([
      expect.objectContaining({
        Condition: {
          Null: { "aws:ResourceTag/Owner": ["false"] },
          StringLike: { "aws:ResourceTag/Team": teams },
        },
      }),
    ]);
  });

  it("allow together what each allows by itself, and nothing else", () => {
    const seed = printedSeed("tags that share statements");
    const values = fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 });
    const patterns = fc.constantFrom({ like: "a*" }, { like: "b*" });
    const tags = fc.dictionary(fc.constantFrom("K", "L", "M"), fc.oneof(values, patterns), { minKeys: 1 });
    // A target that excludes what it demands is refused.
    const exclude = fc.dictionary(fc.constantFrom("X", "Y"), values, { minKeys: 1 });
    const target = fc.record(
      { tags, exclude, regions: fc.constantFrom(["us-east-1"], ["us-east-1", "us-west-2"]) },
      { requiredKeys: ["tags"] },
    );
    const instance = fc.dictionary(fc.constantFrom("K", "L", "M", "X", "Y"), fc.constantFrom("a", "b", "c"));
    const property = fc.property(
      fc.array(target, { minLength: 1, maxLength: 8 }),
      fc.array(instance, { minLength: 5, maxLength: 20 }),
      (list, instances) => {
        const targets = Object.fromEntries(list.map((each, index) => [`t${index}`, each]));
        const statementsOf = (some: typeof targets) =>
          grantsOf({ targets: some, schedules: { stop: { ...STOP, targets: Object.keys(some) } } });
        const together = statementsOf(targets);
        const alone = Object.entries(targets).flatMap(([name, each]) => statementsOf({ [name]: each }));
        const allows = (statements: typeof together, region: string, own: Record<string, string>) =>
          statements.some(
            ({ Resource, Condition = {} }) =>
              Resource.some((arn) => arn.includes(region)) &&
              Object.entries(Condition).every(([operator, tagsOf]) =>
                Object.entries(tagsOf).every(([key, wanted]) => {
                  const value = own[key.replace("aws:ResourceTag/", "")];
                  // The values are of one character.
                  const isOne = value !== undefined && wanted.some((each) => each.replace("*", "") === value);
                  return operator.startsWith("StringNot") ? !isOne : isOne;
                }),
              ),
          );
        for (const region of ["us-east-1", "us-west-2", "ap-northeast-2"]) {
          for (const own of instances) expect(allows(together, region, own)).toBe(allows(alone, region, own));
        }
      },
    );
    fc.assert(property, { seed, numRuns: 20 });
  });
});

describe("checks of a target", () => {
  const checks = { systemd: ["nginx"] };
  const looking = (props: Partial<Ec2StartStopProps>) =>
    policyOf(props).filter(({ Action }) => Action.some((action) => action.startsWith("ssm:")));

  it("allow one document on the listed ids, and reading its results", () => {
    const targets = { dev: { ...PAIR.targets.dev, checks } };
    expect(looking({ targets })).toEqual([
      {
        Sid: "StopAndStartAndCheckListedInstances",
        Effect: "Allow",
        Action: ["ec2:StopInstances", "ec2:StartInstances", "ssm:SendCommand"],
        Resource: [`${ARN}/i-0123456789abcdef0`, `${ARN}/i-08ce9b2d7eccf6d26`],
      },
      {
        Sid: "RunShellScriptDocument",
        Effect: "Allow",
        Action: ["ssm:SendCommand"],
        Resource: ["arn:aws:ssm:ap-northeast-2::document/AWS-RunShellScript"],
      },
      {
        Sid: "ReadCommandResults",
        Effect: "Allow",
        Action: ["ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations"],
        Resource: ["*"],
      },
    ]);
  });

  it("leave other ids alone", () => {
    const targets = {
      checked: { instanceIds: ["i-00000001"], checks },
      other: { instanceIds: ["i-00000002"] },
    };
    const schedules = { start: { ...START, targets: ["checked", "other"] } };
    expect(looking({ targets, schedules }).map(({ Sid, Resource }) => [Sid, Resource])).toEqual([
      ["StartAndCheckListedInstances", [`${ARN}/i-00000001`]],
      ["RunShellScriptDocument", expect.anything()],
      ["ReadCommandResults", ["*"]],
    ]);
  });

  it("use the condition key of Run Command for tags and exclusions, in each region", () => {
    const targets = {
      dev: {
        tags: { Team: "web" },
        exclude: { Keep: "true" },
        regions: ["us-east-1", "us-west-2"],
        checks: { command: "true" },
      },
    };
    expect(looking({ targets }).slice(0, 2)).toEqual([
      {
        Sid: "CheckTaggedInstances",
        Effect: "Allow",
        Action: ["ssm:SendCommand"],
        Resource: ["us-east-1", "us-west-2"].map((region) => `arn:aws:ec2:${region}:123456789012:instance/*`),
        Condition: {
          StringEquals: { "ssm:resourceTag/Team": ["web"] },
          StringNotEquals: { "ssm:resourceTag/Keep": ["true"] },
        },
      },
      expect.objectContaining({
        Resource: ["us-east-1", "us-west-2"].map(
          (region) => `arn:aws:ssm:${region}::document/AWS-RunShellScript`,
        ),
      }),
    ]);
  });

  it("need no permissions without a start schedule", () => {
    const targets = { dev: { ...PAIR.targets.dev, checks } };
    const schedules = { stop: STOP };
    const more = { targets, schedules, alerts: { email: "ops@example.com" } };
    expect(JSON.stringify(policyOf(more))).not.toMatch(/ssm:|sns:/);
  });

  it("count in the size of the policy", () => {
    const ids = instanceIds(145);
    const sizesOf = (target: Ec2StartStopProps["targets"][string]) =>
      findProblems({ ...PAIR, targets: { dev: target }, trigger: "scheduler" })
        .filter(({ expected }) => expected.includes("policy"))
        .map(({ got }) => Number(got.replace(/\D/g, "")));
    const plain = sizesOf({ instanceIds: ids });
    const checked = sizesOf({ instanceIds: ids, checks });
    expect([plain.length, checked.length]).toEqual([1, 1]);
    expect((checked[0] ?? 0) - (plain[0] ?? 0)).toBeGreaterThan(300);
  });
});

describe("customer-managed keys", () => {
  const keyIn = (region: string, partition = "aws") => [
    `arn:${partition}:kms:${region}:123456789012:key/1234abcd`,
  ];
  const kmsKeyArns = keyIn("us-east-1");

  it.each<[string, string[], string[], string[]]>([
    [
      "ap-northeast-2",
      ["us-east-1", "us-west-2"],
      kmsKeyArns,
      ["ec2.us-east-1.amazonaws.com", "ec2.us-west-2.amazonaws.com"],
    ],
    ["cn-northwest-1", ["cn-north-1"], keyIn("cn-north-1", "aws-cn"), ["ec2.cn-north-1.amazonaws.com.cn"]],
  ])(
    "may be used by EC2 through grants for AWS resources: from %s in %j",
    (region, regions, keys, services) => {
      const targets = { dev: { tags: { Team: "web" }, regions } };
      const policy = policyOf({ region, kmsKeyArns: keys, targets });
      expect(policy.find(({ Sid }) => Sid === "CreateVolumeKeyGrants")).toEqual({
        Sid: "CreateVolumeKeyGrants",
        Effect: "Allow",
        Action: ["kms:CreateGrant"],
        Resource: keys,
        Condition: {
          Bool: { "kms:GrantIsForAWSResource": ["true"] },
          StringEquals: { "kms:ViaService": services },
        },
      });
    },
  );

  it("need no permissions without a start schedule", () => {
    expect(JSON.stringify(policyOf({ kmsKeyArns, schedules: { stop: STOP } }))).not.toContain("kms:");
  });
});

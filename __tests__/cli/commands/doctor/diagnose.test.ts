import { describe, expect, it } from "@jest/globals";
import { AwsError } from "../../../../cli/aws/call";
import type { Refusal } from "../../../../cli/aws/iam";
import type { AwsReader } from "../../../../cli/aws/reader";
import type { CheckReport } from "../../../../cli/commands/doctor/check";
import { diagnose } from "../../../../cli/commands/doctor/diagnose";
import type { Config } from "../../../../config";
import { target } from "../../../support/builders";
import { refused } from "../../../support/fake-aws";
import { OFFICE, ORGANIZATION, OWN_ROLES, PAIR } from "../../../support/props";
import { BUILT, deployedAs, instance } from "./deployed-as";
import { deploymentOf, NOW } from "./deployment-of";

const KEY = "arn:aws:kms:ap-northeast-2:123456789012:key/0b1c";
const ALERTED = { ...PAIR, alerts: { email: "ops@example.com" } } as const;
const SCHEDULED = { ...PAIR, trigger: "scheduler" } as const;

async function checksOf(config: Config, given: Partial<AwsReader> = {}): Promise<readonly CheckReport[]> {
  const deployment = deploymentOf(config);
  const read = deployedAs(deployment, given);
  return (await diagnose({ deployment, read, builtCode: BUILT, now: NOW })).checks;
}

async function checkOf(config: Config, name: string, given: Partial<AwsReader> = {}): Promise<CheckReport> {
  const found = (await checksOf(config, given)).find((check) => `${check.subject}: ${check.name}` === name);
  if (found === undefined) throw new Error(`Expected a check ${name}`);
  return found;
}

const marked = (checks: readonly CheckReport[], mark: CheckReport["mark"]) =>
  checks.filter((check) => check.mark === mark).map(({ subject, name }) => `${subject}: ${name}`);

describe("a deployment that is as its config says", () => {
  it.each([
    ["with rules", OFFICE],
    ["with schedules", { ...OFFICE, trigger: "scheduler" }],
    ["with alerts", ALERTED],
    ["with a Scheduler and alerts", { ...SCHEDULED, ...ALERTED }],
    [
      "with a warning",
      { ...ALERTED, schedules: { "dev-stop": { ...PAIR.schedules["dev-stop"], warnMinutes: 30 } } },
    ],
    ["with a network, keys and paths of an organization", ORGANIZATION],
    ["with roles of its own", OWN_ROLES],
    [
      "with dates",
      { ...SCHEDULED, schedules: { "dev-stop": { ...PAIR.schedules["dev-stop"], endDate: "2029-12-31" } } },
    ],
    ["with rules and follow-ups", { ...OFFICE, followUps: true }],
    ["with a Scheduler, alerts and follow-ups", { ...SCHEDULED, ...ALERTED, followUps: true }],
  ] as const)("has nothing wrong: %s", async (_, config) => {
    const checks = await checksOf(config);
    expect(checks.filter(({ mark }) => mark === "wrong")).toEqual([]);
    expect(marked(checks, "unknown")).toEqual([]);
  });
});

describe("what AWS does not tell", () => {
  it("fails only the checks that need it, and names the permission", async () => {
    const checks = await checksOf(ALERTED, {
      rules: refused("events:ListRules"),
      logGroup: refused("logs:DescribeLogGroups"),
      queue: refused("sqs:GetQueueAttributes"),
    });
    expect(marked(checks, "unknown")).toEqual([
      "Function dev-StopEC2Instances: log group",
      "Function dev-StartEC2Instances: log group",
      "Rules: dev.dev-stop",
      "Rules: dev.dev-start",
      "Rules: dev.watch",
      "Rules: leftovers",
      "Alerts: dead letters",
    ]);
    expect(marked(checks, "wrong")).toEqual([]);
    expect(checks.find(({ name }) => name === "leftovers")).toMatchObject({
      text: "these credentials need events:ListRules",
      missingPermission: "events:ListRules",
    });
  });

  it("is told as AWS tells it where no permission is missing", async () => {
    const throttled = async () => {
      throw new AwsError("AWS throttled kms:DescribeKey, after several tries");
    };
    const check = await checkOf({ ...PAIR, kmsKeyArns: [KEY] }, "KMS keys: 0b1c", { key: throttled });
    expect(check).toMatchObject({
      mark: "unknown",
      text: "AWS throttled kms:DescribeKey, after several tries",
    });
  });

  it("ends all where not even the caller is known", async () => {
    await expect(checksOf(PAIR, { identity: refused("sts:GetCallerIdentity") })).rejects.toThrow(AwsError);
  });

  it("hides no fault of the program", async () => {
    const broken = async () => {
      throw new TypeError("no such thing");
    };
    await expect(checksOf(PAIR, { logGroup: broken })).rejects.toThrow(TypeError);
  });
});

describe("an alarm that is in ALARM", () => {
  it.each([
    ["stop-failed", "ec2-start-stop logs --failed"],
    ["dead-letters", "see `dead letters` below"],
    ["missed-dev-stop", "see what triggers it, above"],
    ["missed-watch", "see what triggers it, above"],
  ])("says where to look: %s", async (key, where) => {
    const name = `dev.${key}`;
    const topic = "arn:aws:sns:ap-northeast-2:123456789012:dev-alerts";
    const alarms = async () => [{ name, state: "ALARM", actionsEnabled: true, actionArns: [topic] }];
    expect(await checkOf(ALERTED, `Alerts: ${name}`, { alarms })).toMatchObject({
      mark: "wrong",
      text: "in ALARM",
      fix: `find out why: ${where}`,
    });
  });
});

describe("what is not deployed", () => {
  const nothing = async () => undefined;

  it("is one error where nothing is", async () => {
    await expect(checksOf(PAIR, { describe: nothing, role: nothing })).rejects.toThrow(
      "Nothing of ec2-start-stop.yaml is deployed in account 123456789012, ap-northeast-2: it has neither dev-StopEC2Instances nor dev-StartEC2Instances, nor their role. Deploy it with ec2-start-stop synth && terraform -chdir=cdktf.out/stacks/dev apply, or set --profile to the account that has it",
    );
  });

  it("is said to be in an account that is not meant, where it is not", async () => {
    const config = { ...PAIR, allowedAccountIds: ["210987654321"] };
    await expect(checksOf(config, { describe: nothing, role: nothing })).rejects.toThrow(
      "in account 123456789012 (which allowedAccountIds does not name), ap-northeast-2",
    );
  });

  it("is told once where a function is missing", async () => {
    const checks = await checksOf(PAIR, { describe: nothing });
    expect(marked(checks, "wrong")).toEqual([
      "Function dev-StopEC2Instances: deployed",
      "Function dev-StartEC2Instances: deployed",
    ]);
  });

  it.each([
    ["a group of schedules", SCHEDULED, "Schedules: group dev", { scheduleGroup: nothing }],
    ["a schedule", SCHEDULED, "Schedules: dev-stop", { schedule: nothing }],
    [
      "the follow-ups' group",
      { ...PAIR, followUps: true },
      "Follow-ups: group dev-followups",
      { scheduleGroup: nothing },
    ],
    ["a rule", PAIR, "Rules: dev.dev-stop", { rules: async () => [] }],
    ["an inline policy", PAIR, "Role dev-functions-ap-northeast-2: policy", { inlinePolicy: nothing }],
    ["the topic", ALERTED, "Alerts: subscription", { subscriptions: nothing }],
    ["the queue", ALERTED, "Alerts: dead letters", { queue: nothing }],
    ["a subscription", ALERTED, "Alerts: subscription", { subscriptions: async () => [] }],
  ] as const)("is told of %s, with the command that makes it", async (_, config, name, given) => {
    expect(await checkOf(config, name, given)).toMatchObject({
      mark: "wrong",
      fix: "ec2-start-stop synth && terraform -chdir=cdktf.out/stacks/dev apply",
    });
  });
});

describe("schedules of EventBridge Scheduler", () => {
  it("are compared part by part", async () => {
    const deployment = deploymentOf(SCHEDULED);
    const good = await deployedAs(deployment).schedule("dev", "dev-stop");
    if (good === undefined) throw new Error("Expected a schedule");
    const schedule = async () => ({
      ...good,
      timezone: "UTC",
      enabled: false,
      flexibleMinutes: 15,
      roleArn: "other",
    });
    const { differences } = await checkOf(SCHEDULED, "Schedules: dev-stop", { schedule });
    expect(differences).toEqual([
      { name: "zone", got: "UTC", expected: "Asia/Seoul" },
      { name: "state", got: "DISABLED", expected: "ENABLED" },
      { name: "flexible time window", got: "15", expected: "OFF" },
      { name: "role", got: "other", expected: "arn:aws:iam::123456789012:role/dev-scheduler-ap-northeast-2" },
    ]);
  });

  it("that are left from an earlier config are told, with the command that removes them", async () => {
    const fake = deployedAs(deploymentOf(SCHEDULED));
    const given: Partial<AwsReader> = {
      scheduleNames: async () => ["dev-stop", "old"].map((name) => ({ group: "dev", name })),
      schedule: (group, name) => fake.schedule(group, name === "old" ? "dev-start" : name),
    };
    expect(await checkOf(SCHEDULED, "Schedules: leftovers", given)).toMatchObject({
      mark: "wrong",
      text: "old: not in the config",
      fix: "aws scheduler delete-schedule --group-name dev --name old --region ap-northeast-2",
    });
  });
});

describe("a role", () => {
  const refusal = (given: Partial<Refusal>): Refusal => ({
    action: "ec2:StopInstances",
    resourceArn: "arn:aws:ec2:ap-northeast-2:123456789012:instance/i-1",
    decision: "implicitDeny",
    byBoundary: false,
    byOrganization: false,
    ...given,
  });

  it.each([
    [
      {},
      /^refused on arn:\S+i-1 and 2 more$/,
      "ec2-start-stop synth && terraform -chdir=cdktf.out/stacks/dev apply",
    ],
    [
      { byOrganization: true },
      /^refused by the organization on arn:/,
      "ask the owner of the organization's service control policies to allow it",
    ],
  ])("that IAM would refuse something is told of: %j", async (given, got, fix) => {
    const check = await checkOf(PAIR, "Role dev-functions-ap-northeast-2: permissions", {
      refusals: async () => [refusal(given)],
    });
    expect(check).toMatchObject({
      mark: "wrong",
      // One refusal for each statement that is put to IAM.
      differences: [{ name: "ec2:StopInstances", got: expect.stringMatching(got), expected: "allowed" }],
      fix,
    });
  });

  it("that may not be simulated is right as long as its policy is, and nothing bounds it", async () => {
    const refusals = refused("iam:SimulatePrincipalPolicy");
    expect(await checkOf(PAIR, "Role dev-functions-ap-northeast-2: permissions", { refusals })).toMatchObject(
      {
        mark: "note",
        text: "not simulated (no permission for iam:SimulatePrincipalPolicy); its policy is the config's, and no boundary limits it",
      },
    );
    const bounded = { ...PAIR, permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/bounds" };
    expect(
      await checkOf(bounded, "Role dev-functions-ap-northeast-2: permissions", { refusals }),
    ).toMatchObject({
      mark: "unknown",
      missingPermission: "iam:SimulatePrincipalPolicy",
    });
  });

  it("of your own is asked for its trust and for what it may do, in whatever policies", async () => {
    const refusals = async () => [refusal({})];
    const permissions = await checkOf(OWN_ROLES, "Role own-functions: permissions", { refusals });
    expect(permissions).toMatchObject({
      mark: "wrong",
      fix: "give own-functions the policy that synth prints",
    });
    const role = async (name: string) => ({
      name,
      arn: `arn:aws:iam::123456789012:role/${name}`,
      path: "/",
      trust: {},
    });
    expect(await checkOf(OWN_ROLES, "Role own-functions: trust", { role })).toMatchObject({
      mark: "wrong",
      fix: "let lambda.amazonaws.com assume own-functions",
    });
    // The config names it with its path.
    expect(await checkOf(OWN_ROLES, "Role own-functions: deployed", { role })).toMatchObject({
      mark: "wrong",
      differences: [{ got: "arn:aws:iam::123456789012:role/own-functions", expected: OWN_ROLES.roleArn }],
    });
    const names = (await checksOf(OWN_ROLES)).filter(({ subject }) => subject === "Role own-scheduler");
    expect(names.map(({ name, mark }) => [name, mark])).toEqual([
      ["deployed", "ok"],
      ["trust", "ok"],
      ["permissions", "ok"],
    ]);
  });

  it("that was adopted keeps only the policies that the config names", async () => {
    const kept = "arn:aws:iam::123456789012:policy/kept";
    const config = { ...PAIR, adopt: { role: { name: "Old", keepPolicyArns: [kept] } } };
    const attachedPolicyArns = async () => ["arn:aws:iam::123456789012:policy/by-hand"];
    expect(await checkOf(config, "Role Old: other policies", { attachedPolicyArns })).toMatchObject({
      mark: "wrong",
      differences: [
        { name: "arn:aws:iam::123456789012:policy/by-hand", got: "held", expected: "not held" },
        { name: kept, got: "not held", expected: "held" },
      ],
    });
  });
});

describe("targets", () => {
  const targets =
    (...instances: Parameters<typeof instance>[0][]) =>
    async () => [target(instances.map((each) => instance(each)))];

  it.each([
    [
      "ids that EC2 does not know",
      async () => [target([instance()], { missing: [{ instanceId: "i-2", region: "us-east-1" }] })],
      "wrong",
      "i-2: EC2 has no such instance in us-east-1",
    ],
    [
      "instances that are terminated",
      targets({ instanceId: "i-0123456789abcdef0", state: "terminated" }),
      "wrong",
      "i-0123456789abcdef0: terminated",
    ],
    ["no instance at all", targets(), "wrong", "no instance in ap-northeast-2 bears its tags"],
    ["exclusions that leave nothing", targets({ excludedBy: "Keep=yes" }), "wrong", "all 1 are excluded"],
    [
      "a region without any",
      async () => [target([instance()], { emptyRegions: ["us-east-1"] })],
      "note",
      "1 instance, 1 running; none bears its tags in us-east-1",
    ],
  ] as const)("are told of: %s", async (_, given, mark, text) => {
    expect(await checkOf(PAIR, "Target dev: instances", { targets: given })).toMatchObject({ mark, text });
  });

  it("are told of those that are left alone", async () => {
    const given = targets({}, { instanceId: "i-2", autoScalingGroup: "web" });
    expect(await checkOf(PAIR, "Target dev: reachable", { targets: given })).toMatchObject({
      mark: "note",
      text: "1 of 2 left alone: i-2: member of the Auto Scaling group web, which would replace it",
    });
  });

  it("are told of holds: wrong where nothing is left", async () => {
    const tags = { "ec2-start-stop:hold": "2026-12-01" };
    const hold = (...instances: Parameters<typeof targets>) =>
      checkOf(PAIR, "Target dev: holds", { targets: targets(...instances) });
    expect(await hold({ tags }, {})).toMatchObject({ mark: "note" });
    expect(await hold({ tags }, { tags })).toMatchObject({ mark: "wrong" });
    expect(await hold({ tags: { "ec2-start-stop:hold": "2026-11-01T00:00:00Z" } })).toMatchObject({
      mark: "ok",
    });
  });

  describe("that are held", () => {
    const hold = (value: string) =>
      checkOf(PAIR, "Target dev: holds", {
        targets: targets({ tags: { "ec2-start-stop:hold": value } }, { instanceId: "i-2" }),
      });
    const short = "1 of 2 held by the tag ec2-start-stop:hold";
    const advice = "`ec2-start-stop hold ID --for 12h` gives a new end, and `release ID` ends it";

    it.each(["by jane", "2027-03-01"])("by %s are named for lack of an end within 14 days", async (value) => {
      const text = `${short}; without an end within 14 days: i-1; ${advice}`;
      expect(await hold(value)).toMatchObject({ mark: "note", text });
    });

    it("for more than 14 days already are named by the begin of the hold", async () => {
      const text = `${short}; for more than 14 days already: i-1; ${advice}`;
      expect(await hold("2026-11-08T23:59Z/2026-11-24T12:00Z by jane")).toMatchObject({ mark: "note", text });
    });

    it.each(["2026-11-30", "2026-11-09T00:00Z/2026-11-24T12:00Z", "2026-11-22T12:00Z/2027-03-01"])(
      "by %s are counted alone",
      async (value) => {
        expect(await hold(value)).toMatchObject({ mark: "note", text: short });
      },
    );
  });

  it("are told of holds that cannot be read", async () => {
    const given = targets({ tags: { "ec2-start-stop:hold": "next week" } }, {});
    expect(await checkOf(PAIR, "Target dev: holds", { targets: given })).toMatchObject({
      mark: "note",
      text: '1 of 2 held by the tag ec2-start-stop:hold; for ever by values that are no ISO 8601 date-time, date or interval (begin/end): "next week" of i-1',
    });
  });
});

describe("keys of volumes", () => {
  const volumeKeys = async () => [{ volumeId: "vol-1", keyArn: KEY }];

  it("that are a customer's and not in the config make starts fall back", async () => {
    expect(await checkOf(PAIR, "Target dev: volume keys", { volumeKeys })).toMatchObject({
      mark: "wrong",
      differences: [{ name: "vol-1 of i-0123456789abcdef0", got: KEY, expected: "a key of kmsKeyArns" }],
      fix: `in ec2-start-stop.yaml add ${KEY} to kmsKeyArns, then ec2-start-stop synth && terraform -chdir=cdktf.out/stacks/dev apply`,
    });
  });

  it.each([
    ["AWS's own", PAIR, { volumeKeys, key: async () => ({ byCustomer: false, state: "Enabled" }) }, "ok"],
    ["in the config", { ...PAIR, kmsKeyArns: [KEY] }, { volumeKeys }, "ok"],
    [
      "of what nothing starts",
      { ...PAIR, schedules: { "dev-stop": PAIR.schedules["dev-stop"] } },
      { volumeKeys },
      "not-applicable",
    ],
  ] as const)("are right when they are %s", async (_, config, given, mark) => {
    expect(await checkOf(config, "Target dev: volume keys", given)).toMatchObject({ mark });
  });

  it.each([
    ["Disabled", `aws kms enable-key --key-id ${KEY} --region ap-northeast-2`],
    [
      "PendingDeletion",
      `aws kms cancel-key-deletion --key-id ${KEY} --region ap-northeast-2 && aws kms enable-key --key-id ${KEY} --region ap-northeast-2`,
    ],
  ])("in the config must be usable: %s", async (state, fix) => {
    const key = async () => ({ byCustomer: true, state });
    const check = await checkOf({ ...PAIR, kmsKeyArns: [KEY] }, "KMS keys: 0b1c", { key });
    expect(check).toMatchObject({ mark: "wrong", fix });
  });
});

describe("settings of an organization", () => {
  it("are compared", async () => {
    const fake = deployedAs(deploymentOf(ORGANIZATION));
    const describe = async (name: string) => {
      const { vpc: _, ...found } = (await fake.describe(name)) ?? {};
      return { ...found, traces: false, logLevel: "INFO" } as never;
    };
    const settings = await checkOf(ORGANIZATION, "Function dev-StopEC2Instances: settings", {
      describe,
      reservedConcurrency: async () => 0,
    });
    expect(settings.differences).toEqual([
      { name: "log level", got: "INFO", expected: "WARN" },
      {
        name: "subnets",
        got: "nothing",
        expected: "subnet-0123456789abcdef0, subnet-0aaaaaaaaaaaaaaaa",
      },
      { name: "security groups", got: "nothing", expected: "sg-0123456789abcdef0" },
      { name: "tracing", got: "false", expected: "true" },
      { name: "reserved concurrency", got: "0", expected: "5" },
    ]);
    const logGroup = async (name: string) => ({ name, arn: name, retentionDays: 30 });
    const logs = await checkOf(ORGANIZATION, "Function dev-StopEC2Instances: log group", { logGroup });
    expect(logs.differences).toEqual([
      { name: "key", got: "nothing", expected: ORGANIZATION.functions.logGroupKmsKeyArn },
    ]);
  });

  it("are told where a function is throttled by hand and the config asks for no limit", async () => {
    const reservedConcurrency = async () => 0;
    expect(
      (await checkOf(PAIR, "Function dev-StopEC2Instances: settings", { reservedConcurrency })).differences,
    ).toEqual([{ name: "reserved concurrency", got: "0", expected: "nothing" }]);
  });
});

describe("a function", () => {
  const described = (given: object) => {
    const fake = deployedAs(deploymentOf(PAIR));
    return {
      describe: async (name: string) => {
        const found = await fake.describe(name);
        return found && { ...found, ...given };
      },
    };
  };

  it.each([
    [
      { state: "Failed", stateReason: "the role is gone" },
      "wrong",
      "its last change failed: the role is gone",
    ],
    [
      { lastUpdateStatus: "Failed", lastUpdateReason: "no space" },
      "wrong",
      "its last change failed: no space",
    ],
    [{ lastUpdateStatus: "InProgress" }, "note", "an update is in progress: run doctor again"],
    [{ state: "Inactive" }, "note", expect.stringContaining("its next invocation wakes it up")],
    [{}, "ok", "Active"],
  ])("is told in its state: %j", async (given, mark, text) => {
    const check = await checkOf(PAIR, "Function dev-StopEC2Instances: state", described(given));
    expect(check).toMatchObject({ mark, text });
  });

  describe("with other code", () => {
    const other = described({ codeSha256: "another" });
    const codeOf = (config: Config, given: Partial<AwsReader> = {}) =>
      checkOf(config, "Function dev-StopEC2Instances: code", { ...other, ...given });
    const packed = { ...PAIR, code: "archive" } as const;
    const deployed = (files: Record<string, Uint8Array>) => ({ code: async () => ({ files }) });

    it("is told by the hash of a built zip", async () => {
      expect(await codeOf(PAIR)).toMatchObject({
        mark: "wrong",
        differences: [{ name: "SHA-256", got: "another", expected: BUILT.zipSha256 }],
        fix: "ec2-start-stop synth && terraform -chdir=cdktf.out/stacks/dev apply",
      });
    });

    it("is told by the files where Terraform packed them", async () => {
      expect(await codeOf(packed, deployed({ ...BUILT.files(), "folder/": Buffer.of() }))).toMatchObject({
        mark: "ok",
        text: "this version's, file by file",
      });
      const changed = deployed({ "index.js": Buffer.from("other"), "extra.js": Buffer.of() });
      const { mark, differences } = await codeOf(packed, changed);
      expect(mark).toBe("wrong");
      expect(differences).toMatchObject([
        {
          name: "index.js",
          got: expect.stringMatching(/^5 bytes/),
          expected: expect.stringMatching(/^8 bytes/),
        },
        { name: "aws-sdk.js", got: "no such file" },
        { name: "extra.js", expected: "no such file" },
      ]);
    });

    it("cannot be told where those cannot be fetched", async () => {
      expect(await codeOf(packed)).toMatchObject({
        mark: "unknown",
        text: "Terraform packed it, and its files could not be fetched to be compared: this account gives out no code",
      });
      expect(await codeOf(packed, { code: refused("lambda:GetFunction") })).toMatchObject({
        mark: "unknown",
        missingPermission: "lambda:GetFunction",
      });
    });
  });

  it.each([
    ["nodejs20.x", "wrong", "nodejs20.x is deprecated since 2026-04-30"],
    ["nodejs22.x", "ok", "nodejs22.x, supported until 2027-04-30"],
    ["nodejs30.x", "ok", "nodejs30.x"],
  ])("has a runtime that lasts: %s", async (runtime, mark, text) => {
    const config = { ...PAIR, functions: { runtime } };
    expect(await checkOf(config, "Function dev-StopEC2Instances: runtime")).toMatchObject({ mark, text });
  });
});

describe("the account", () => {
  it.each([
    [["123456789012"], "ok"],
    [["210987654321"], "wrong"],
    [undefined, "not-applicable"],
  ] as const)("is one that the config allows: %j", async (allowedAccountIds, mark) => {
    const config = { ...PAIR, ...(allowedAccountIds ? { allowedAccountIds } : {}) };
    expect(await checkOf(config, "Account: allowed")).toMatchObject({ mark });
  });
});

it("repeats what the config is warned of", async () => {
  const config = { ...PAIR, holidays: { kr: ["2026-01-01"] } };
  expect(await checkOf(config, "Config: holidays.kr")).toMatchObject({
    mark: "note",
    text: "calendar kr: no schedule names it, so it has no effect",
  });
});

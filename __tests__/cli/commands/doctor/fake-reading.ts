import { AwsError } from "../../../../cli/aws/call";
import type { BuiltCode } from "../../../../cli/commands/doctor/code";
import type { AwsReading } from "../../../../cli/commands/doctor/reading";
import type { Deployment } from "../../../../cli/deployment/deployment";
import type { FleetInstance, FleetTarget } from "../../../../cli/instances/instance";
import { AccountArns } from "../../../../model/arns";
import { blueprint } from "../../../../model/blueprint";
import { planOf } from "../../../../model/plan";
import { ACCOUNT, NOW } from "./deployment-of";

export const CALLER = "arn:aws:iam::123456789012:user/ops";

export const BUILT: BuiltCode = {
  zipSha256: "of the built zip",
  files: () => ({ "index.js": Buffer.from("handler;"), "aws-sdk.js": Buffer.from("sdk;") }),
};

/** An AWS in which all is as the config says, but for what is given. */
export function fakeReading(deployment: Deployment, given: Partial<AwsReading> = {}): AwsReading {
  const expected = blueprint(planOf(deployment.config), new AccountArns(ACCOUNT));
  const roles = [expected.functionRole, ...(expected.scheduler ? [expected.scheduler.role] : [])];
  const functionNamed = (name: string) => expected.functions.find((each) => each.name === name);
  return {
    identity: async () => ({ accountId: ACCOUNT.id, arn: CALLER }),
    describe: async (name) => {
      const found = functionNamed(name);
      return (
        found && {
          ...found,
          version: "$LATEST",
          codeSha256: BUILT.zipSha256,
          lastModified: NOW,
          state: "Active",
        }
      );
    },
    code: async () => ({ unreadable: "this AWS hands out no code" }),
    delivery: async (name) => functionNamed(name),
    invokers: async () => [
      {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnLike: { "AWS:SourceArn": `arn:aws:events:*:*:rule/${deployment.names.prefix}-*` } },
      },
    ],
    logGroup: async () => ({ retentionDays: expected.functions[0]?.logRetentionDays ?? 0 }),
    role: async (name) => roles.find((role) => role.name === name) as never,
    inlinePolicy: async (name) => roles.find((role) => role.name === name)?.policy,
    inlinePolicyNames: async (name) => roles.flatMap((role) => (role.name === name ? [role.policyName] : [])),
    attachedPolicyArns: async () => [],
    refusals: async () => [],
    rules: async (prefix) => expected.rules.filter(({ name }) => name.startsWith(prefix)),
    ruleTargets: async (name) =>
      expected.rules
        .filter((rule) => rule.name === name)
        .map(({ targetId, functionArn, input, ...rest }) => ({
          ...rest,
          id: targetId,
          arn: functionArn,
          inputTemplate: input,
        })),
    scheduleGroup: async () => "ACTIVE",
    scheduleNames: async (group) =>
      (expected.scheduler?.schedules ?? []).flatMap((each) => (each.group === group ? [each.name] : [])),
    schedule: async (group, name) => {
      const found = expected.scheduler?.schedules.find((each) => each.group === group && each.name === name);
      return (
        found && {
          ...found,
          targetArn: found.functionArn,
          roleArn: expected.scheduler?.role.arn ?? "",
          flexibleMinutes: "OFF",
        }
      );
    },
    alarms: async () =>
      (expected.alerts?.alarms ?? []).map(({ name }) => ({
        name,
        state: "OK",
        actionsEnabled: true,
        actionArns: [expected.alerts?.topicArn ?? ""],
      })),
    subscriptions: async () => [
      { protocol: "email", endpoint: expected.alerts?.topic?.email ?? "ops@example.com", confirmed: true },
    ],
    queue: async () => ({ url: "https://sqs.example/q", messages: 0 }),
    targets: async ({ targets }) =>
      Object.entries(targets).map(([name, { instanceIds = ["i-1"] }]) =>
        targetOf(
          name,
          instanceIds.map((instanceId) => instance({ instanceId })),
        ),
      ),
    volumeKeys: async () => [],
    key: async () => ({ byCustomer: true, state: "Enabled" }),
    ...given,
  };
}

export function targetOf(name: string, instances: readonly FleetInstance[]): FleetTarget {
  return { name, regions: ["ap-northeast-2"], instances, missing: [], emptyRegions: [] };
}

export function instance(given: Partial<FleetInstance> = {}): FleetInstance {
  return {
    instanceId: "i-1",
    region: "ap-northeast-2",
    state: "running",
    tags: {},
    volumeIds: ["vol-1"],
    rootDeviceType: "ebs",
    ...given,
  };
}

/** What a reading does where the credentials lack a permission. */
export function refused(missingPermission: string) {
  return async (): Promise<never> => {
    throw new AwsError(`AWS refused: these credentials need the permission ${missingPermission}`, {
      missingPermission,
    });
  };
}

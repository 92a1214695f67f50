import type { AwsReader } from "../../../../cli/aws/reader";
import type { BuiltCode } from "../../../../cli/commands/doctor/check-context";
import type { Deployment } from "../../../../cli/deployment/deployment";
import type { TargetInstance } from "../../../../cli/instances/instance";
import { defined } from "../../../../contract/collections";
import { AccountArns } from "../../../../model/arns";
import { blueprint, type RoleSpec } from "../../../../model/blueprint";
import { planOf } from "../../../../model/plan";
import { instance as anyInstance, target } from "../../../support/builders";
import { type FakeAccount, fakeAws } from "../../../support/fake-aws";
import { ACCOUNT, NOW } from "./deployment-of";

export const BUILT: BuiltCode = {
  zipSha256: "of the built zip",
  files: () => ({ "index.js": Buffer.from("handler;"), "aws-sdk.js": Buffer.from("sdk;") }),
};

/** An account in which all is as the config says, but for what is given. */
export function deployedAs(deployment: Deployment, given: Partial<AwsReader> = {}): AwsReader {
  const expected = blueprint(planOf(deployment.config), new AccountArns(ACCOUNT));
  const { functions, functionRole, rules, scheduler, followUps, alerts } = expected;
  const has: FakeAccount = {
    roles: [functionRole, scheduler?.role ?? followUps?.role].flatMap((role) =>
      role ? [roleWithPolicy(role)] : [],
    ),
    functions: functions.map((each) => ({
      ...each,
      version: "$LATEST",
      codeSha256: BUILT.zipSha256,
      lastModified: NOW,
      state: "Active",
      packageType: "Zip",
    })),
    permissions: Object.fromEntries(
      functions.map(({ name, permission }) => [name, permission ? [permission] : []]),
    ),
    rules: rules.map(({ targetId, functionArn, input, ...rest }) => ({
      ...rest,
      tagKeys: [],
      targets: [{ ...rest, id: targetId, arn: functionArn, inputTemplate: input }],
    })),
    schedules: (scheduler?.schedules ?? []).map(({ functionArn, ...rest }) => ({
      ...rest,
      targetArn: functionArn,
      roleArn: scheduler?.role.arn ?? "",
      flexibleMinutes: "OFF",
    })),
    logGroups: functions.map(({ logGroup, logRetentionDays, logGroupKmsKeyArn }) => ({
      name: logGroup,
      retentionDays: logRetentionDays,
      ...defined({ kmsKeyArn: logGroupKmsKeyArn }),
      tagKeys: [],
    })),
  };
  return fakeAws(has, {
    reservedConcurrency: async (name) => functions.find((each) => each.name === name)?.reservedConcurrency,
    eventInvokeConfig: async (name) => functions.find((each) => each.name === name),
    alarms: async () =>
      (alerts?.alarms ?? []).map(({ name }) => ({
        name,
        state: "OK",
        actionsEnabled: true,
        actionArns: [alerts?.topicArn ?? ""],
      })),
    subscriptions: async () => [
      { protocol: "email", endpoint: alerts?.topic?.email ?? "ops@example.com", confirmed: true },
    ],
    scheduleGroup: async (name) =>
      [scheduler?.group, followUps?.group].includes(name) ? "ACTIVE" : undefined,
    queue: async () => ({ url: "https://sqs.example/q", messages: 0 }),
    targets: async ({ targets }) =>
      Object.entries(targets).map(([name, { instanceIds = ["i-1"] }]) =>
        target(
          instanceIds.map((instanceId) => instance({ instanceId })),
          { name },
        ),
      ),
    key: async () => ({ byCustomer: true, state: "Enabled" }),
    ...given,
  });
}

function roleWithPolicy({ policyName, policy, ...role }: RoleSpec) {
  return {
    ...role,
    path: "/",
    inlinePolicies: [{ name: policyName, document: policy }],
    managedPolicies: [],
    tagKeys: [],
  };
}

/** A target's instance that can be stopped and started. */
export function instance(given: Partial<TargetInstance> = {}): TargetInstance {
  return anyInstance({ volumeIds: ["vol-1"], rootDeviceType: "ebs", ...given });
}

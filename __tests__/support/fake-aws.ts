import { AwsError } from "../../cli/aws/call";
import type { DeployedRule, RuleTarget } from "../../cli/aws/events";
import type { ManagedPolicy, RoleDetails } from "../../cli/aws/iam";
import type { DeployedFunction, FunctionFiles, UnreadableCode } from "../../cli/aws/lambda";
import type { LogGroup } from "../../cli/aws/logs";
import type { IamStatement } from "../../cli/aws/policy";
import type { AwsReader } from "../../cli/aws/reader";
import type { EventBridgeSchedule } from "../../cli/aws/scheduler";

const ACCOUNT = "123456789012";
export const CALLER = `arn:aws:iam::${ACCOUNT}:user/ops`;
export const REGION = "ap-northeast-2";
/** Thursday, 18:00 in Seoul. */
export const NOW = new Date("2026-11-19T09:00:00Z");

export interface FakeRule extends DeployedRule {
  readonly tagKeys: readonly string[];
  readonly targets: readonly RuleTarget[];
}

/** One permission of a function's resource policy. */
export interface FakePermission {
  readonly statementId: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

/** What an account has; nothing else exists in it. Records are by the name of the function. */
export interface FakeAccount {
  readonly roles?: readonly RoleDetails[];
  readonly detachedPolicies?: readonly ManagedPolicy[];
  readonly functions?: readonly DeployedFunction[];
  readonly code?: Readonly<Record<string, FunctionFiles | UnreadableCode>>;
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly permissions?: Readonly<Record<string, readonly FakePermission[]>>;
  readonly rules?: readonly FakeRule[];
  /** Names of rules that match events. */
  readonly eventRules?: readonly string[];
  readonly schedules?: readonly EventBridgeSchedule[];
  readonly logGroups?: readonly (Pick<LogGroup, "name" | "retentionDays" | "kmsKeyArn"> & {
    readonly tagKeys: readonly string[];
  })[];
}

/**
 * Reads an account in memory.
 * @param given readings that answer otherwise
 */
export function fakeAws(has: FakeAccount = {}, given: Partial<AwsReader> = {}): AwsReader {
  const { roles = [], functions = [], rules = [], schedules = [], logGroups = [] } = has;
  const roleNamed = (name: string) => roles.find((role) => role.name === name);
  const lastPart = (arn: string) => arn.slice(arn.lastIndexOf(":") + 1);
  return {
    identity: async () => ({ accountId: ACCOUNT, arn: CALLER }),
    roles: async () => roles,
    role: async (name) => roleNamed(name),
    inlinePolicy: async (name, policy) =>
      roleNamed(name)?.inlinePolicies.find((each) => each.name === policy)?.document,
    inlinePolicyNames: async (name) => roleNamed(name)?.inlinePolicies.map((each) => each.name) ?? [],
    attachedPolicyArns: async (name) => roleNamed(name)?.managedPolicies.map(({ arn }) => arn) ?? [],
    detachedPolicies: async () => has.detachedPolicies ?? [],
    refusals: async () => [],

    functions: async () => functions,
    describe: async (name) => functions.find((each) => each.name === name),
    code: async (name) => has.code?.[name] ?? { unreadable: "this account gives out no code" },
    reservedConcurrency: async () => undefined,
    eventInvokeConfig: async () => undefined,
    functionPolicy: async (name) => (has.permissions?.[name] ?? []).map(statementOf),
    functionTags: async (arn) => has.tags?.[lastPart(arn)] ?? {},

    rules: async (prefix = "") =>
      [
        ...rules,
        ...(has.eventRules ?? []).map((name) => ({ name, arn: ruleArn(name), enabled: true })),
      ].filter(({ name }) => name.startsWith(prefix)),
    ruleTargets: async (name) => rules.find((rule) => rule.name === name)?.targets ?? [],
    ruleTagKeys: async (arn) => rules.find((rule) => rule.arn === arn)?.tagKeys ?? [],

    scheduleGroup: async (name) => (schedules.some(({ group }) => group === name) ? "ACTIVE" : undefined),
    scheduleNames: async (group) => schedules.filter((each) => group === undefined || each.group === group),
    schedule: async (group, name) => schedules.find((each) => each.group === group && each.name === name),

    logGroup: async (name) => {
      const found = logGroups.find((group) => group.name === name);
      return found && { ...found, arn: name };
    },
    logGroupTagKeys: async (arn) => logGroups.find(({ name }) => name === arn)?.tagKeys ?? [],

    alarms: async () => [],
    subscriptions: async () => undefined,
    queue: async () => undefined,
    targets: async () => [],
    volumeKeys: async () => [],
    key: async () => undefined,
    ...given,
  };
}

/** A reading whose credentials lack a permission. */
export function refused(missingPermission: string) {
  return async (): Promise<never> => {
    throw new AwsError(`AWS refused: these credentials need the permission ${missingPermission}`, {
      missingPermission,
    });
  };
}

/** As Lambda writes it. */
function statementOf({ statementId, principal, sourceArn }: FakePermission): IamStatement {
  return {
    Sid: statementId,
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Principal: { Service: principal },
    ...(sourceArn === undefined ? {} : { Condition: { ArnLike: { "AWS:SourceArn": sourceArn } } }),
  };
}

const EC2_POLICY = {
  arn: `arn:aws:iam::${ACCOUNT}:policy/StartStop`,
  name: "StartStop",
  document: { Statement: [{ Effect: "Allow", Action: ["ec2:Start*", "ec2:Stop*"] }] },
  attachmentCount: 1,
  otherVersions: [],
};

/** A role made by hand that may start and stop instances. */
export function roleNamed(name: string, changes: Partial<RoleDetails> = {}): RoleDetails {
  return {
    name,
    arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    path: "/",
    description: "Made by hand",
    trust: {
      Statement: [
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
      ],
    },
    inlinePolicies: [],
    managedPolicies: [EC2_POLICY],
    tagKeys: [],
    ...changes,
  };
}

/** A function made by hand, in Python. */
export function functionNamed(name: string, changes: Partial<DeployedFunction> = {}): DeployedFunction {
  return {
    name,
    arn: functionArn(name),
    version: "$LATEST",
    codeSha256: "of code by hand",
    lastModified: new Date(0),
    state: "Active",
    roleArn: roleNamed("Role").arn,
    runtime: "python3.9",
    handler: "lambda_function.lambda_handler",
    timeoutSeconds: 3,
    memoryMb: 128,
    logGroup: `/aws/lambda/${name}`,
    architecture: "x86_64",
    packageType: "Zip",
    variables: {},
    traces: false,
    ...changes,
  };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** Code of a function made by hand. */
export function python(action: "stop" | "start", ids: readonly string[], region = REGION): FunctionFiles {
  const source = `region = '${region}'\ninstances = ${JSON.stringify(ids)}\nec2.${action}_instances(InstanceIds=instances)\n`;
  return { files: { "lambda_function.py": Buffer.from(source) } };
}

export function ruleFor(functionName: string, changes: Partial<FakeRule> = {}): FakeRule {
  const name = changes.name ?? `${functionName}-rule`;
  return {
    name,
    arn: ruleArn(name),
    expression: "cron(0 11 ? * MON-FRI *)",
    enabled: true,
    tagKeys: [],
    targets: [{ id: "Id1", arn: functionArn(functionName) }],
    ...changes,
  };
}

function ruleArn(name: string): string {
  return `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;
}

export function scheduleFor(
  functionName: string,
  changes: Partial<EventBridgeSchedule> = {},
): EventBridgeSchedule {
  return {
    group: "default",
    name: `${functionName}-schedule`,
    expression: "cron(0 20 ? * MON-FRI *)",
    timezone: "Asia/Seoul",
    enabled: true,
    targetArn: functionArn(functionName),
    roleArn: roleNamed("SchedulerRole").arn,
    flexibleMinutes: "OFF",
    ...changes,
  };
}

import type {
  AccountFunction,
  AccountReader,
  AccountRole,
  AccountRule,
  AccountSchedule,
  FunctionCode,
  LogGroup,
  ManagedPolicy,
  Permission,
} from "../../../../cli/commands/adopt/account";

const ACCOUNT = "123456789012";
export const REGION = "ap-northeast-2";
/** Thursday, 18:00 in Seoul. */
export const NOW = new Date("2026-11-19T09:00:00Z");

export interface FakeAccount {
  readonly roles?: readonly AccountRole[];
  readonly functions?: readonly AccountFunction[];
  readonly code?: Readonly<Record<string, FunctionCode>>;
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly permissions?: Readonly<Record<string, readonly Permission[]>>;
  readonly rules?: readonly AccountRule[];
  readonly schedules?: readonly AccountSchedule[];
  readonly detachedPolicies?: readonly ManagedPolicy[];
  /** Names of rules that fire by events. */
  readonly eventRules?: readonly string[];
  readonly logGroups?: readonly LogGroup[];
}

export function fakeAccount(has: FakeAccount): AccountReader {
  return {
    region: REGION,
    roles: async () => has.roles ?? [],
    roleDescription: async () => "Made by hand",
    functions: async () => has.functions ?? [],
    functionCode: async (name) => has.code?.[name] ?? { unreadable: "none here" },
    functionTags: async (arn) => has.tags?.[arn.slice(arn.lastIndexOf(":") + 1)] ?? {},
    permissions: async (name) => has.permissions?.[name] ?? [],
    rules: async () => has.rules ?? [],
    schedules: async () => has.schedules ?? [],
    detachedPolicies: async () => has.detachedPolicies ?? [],
    ruleNames: async () => [...(has.rules ?? []).map(({ name }) => name), ...(has.eventRules ?? [])],
    logGroup: async (name) => has.logGroups?.find((group) => group.name === name),
  };
}

const EC2_POLICY = {
  arn: `arn:aws:iam::${ACCOUNT}:policy/StartStop`,
  name: "StartStop",
  document: { Statement: [{ Effect: "Allow", Action: ["ec2:Start*", "ec2:Stop*"] }] },
  attachmentCount: 1,
  otherVersions: [],
};

export function roleNamed(name: string, changes: Partial<AccountRole> = {}): AccountRole {
  return {
    name,
    arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    path: "/",
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

export function functionNamed(name: string, changes: Partial<AccountFunction> = {}): AccountFunction {
  return {
    name,
    arn: functionArn(name),
    roleArn: roleNamed("Role").arn,
    runtime: "python3.9",
    handler: "lambda_function.lambda_handler",
    architecture: "x86_64",
    packageType: "Zip",
    variables: {},
    inVpc: false,
    ...changes,
  };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

export function python(action: "stop" | "start", ids: readonly string[], region = REGION): FunctionCode {
  const source = `region = '${region}'\ninstances = ${JSON.stringify(ids)}\nec2.${action}_instances(InstanceIds=instances)\n`;
  return { files: { "lambda_function.py": source } };
}

export function ruleFor(functionName: string, changes: Partial<AccountRule> = {}): AccountRule {
  return {
    name: `${functionName}-rule`,
    expression: "cron(0 11 ? * MON-FRI *)",
    enabled: true,
    tagKeys: [],
    targets: [{ id: "Id1", arn: functionArn(functionName) }],
    ...changes,
  };
}

export function scheduleFor(functionName: string, changes: Partial<AccountSchedule> = {}): AccountSchedule {
  return {
    group: "default",
    name: `${functionName}-schedule`,
    expression: "cron(0 20 ? * MON-FRI *)",
    timezone: "Asia/Seoul",
    enabled: true,
    targetArn: functionArn(functionName),
    roleArn: roleNamed("SchedulerRole").arn,
    ...changes,
  };
}

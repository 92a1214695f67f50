/** What is read of an AWS account: plain data, and everything there is, whatever AWS's page size. */
export interface AccountReader {
  /** Region of everything but IAM. */
  readonly region: string;
  roles(): Promise<readonly AccountRole[]>;
  /** The account's own managed policies that no role, user or group holds, as a boundary neither. */
  detachedPolicies(): Promise<readonly ManagedPolicy[]>;
  /** What listing roles does not tell. */
  roleDescription(name: string): Promise<string | undefined>;
  functions(): Promise<readonly AccountFunction[]>;
  /** The text of what a function was deployed from, or why it cannot be read. */
  functionCode(name: string): Promise<FunctionCode>;
  functionTags(arn: string): Promise<Readonly<Record<string, string>>>;
  /** Who may invoke a function by its resource policy. */
  permissions(functionName: string): Promise<readonly Permission[]>;
  /** Rules of the default event bus that fire by time, with their targets. */
  rules(): Promise<readonly AccountRule[]>;
  /** Names of all rules of the default event bus, those that fire by events too. */
  ruleNames(): Promise<readonly string[]>;
  /** Schedules of EventBridge Scheduler, in all groups. */
  schedules(): Promise<readonly AccountSchedule[]>;
  logGroup(name: string): Promise<LogGroup | undefined>;
}

export interface PolicyDocument {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Resource?: string | readonly string[];
}

export interface AccountRole {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly trust: PolicyDocument;
  readonly boundaryArn?: string;
  readonly inlinePolicies: readonly { readonly name: string; readonly document: PolicyDocument }[];
  readonly managedPolicies: readonly ManagedPolicy[];
  readonly tagKeys: readonly string[];
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly document: PolicyDocument;
  /** Roles, users and groups that hold it. */
  readonly attachmentCount: number;
  /** Versions that are kept beside the one in force. */
  readonly otherVersions: readonly string[];
}

export interface AccountFunction {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly architecture: "arm64" | "x86_64";
  /** `Zip`, or `Image`, which would have to be replaced. */
  readonly packageType: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly inVpc: boolean;
}

export type FunctionCode =
  | { readonly files: Readonly<Record<string, string>> }
  | { readonly unreadable: string };

export interface Permission {
  readonly statementId: string;
  /** Such as `events.amazonaws.com`. */
  readonly principal: string;
  /** ARN of what it is for, with wildcards; none: where it names none, or several. */
  readonly sourceArn?: string;
}

export interface AccountRule {
  readonly name: string;
  /** `cron(...)` in UTC, or `rate(...)`. */
  readonly expression: string;
  readonly enabled: boolean;
  /** The AWS service that made the rule and changes it as it likes. */
  readonly managedBy?: string;
  readonly tagKeys: readonly string[];
  readonly targets: readonly RuleTarget[];
}

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /** Constant, or the template of an input transformer. */
  readonly input?: string;
}

export interface AccountSchedule {
  readonly group: string;
  readonly name: string;
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input?: string;
}

export interface LogGroup {
  readonly name: string;
  /** None: kept for ever. */
  readonly retentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly tagKeys: readonly string[];
}

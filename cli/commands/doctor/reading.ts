import type { Config } from "../../../config";
import type { FunctionReader, UnreadableCode } from "../../aws/lambda";
import type { FleetTarget } from "../../instances/instance";

/** What is read of AWS about a deployment: plain data. Nothing here changes anything. `undefined`: there is none. */
export type AwsReading = IdentityReading &
  FunctionReader &
  FunctionReading &
  RoleReading &
  RuleReading &
  SchedulerReading &
  AlertReading &
  InstanceReading;

export interface IdentityReading {
  /** As whom AWS is asked. */
  identity(): Promise<{ readonly accountId: string; readonly arn: string }>;
}

export interface FunctionReading {
  /** The files of what it runs, or why they cannot be read. */
  code(functionName: string): Promise<FunctionFiles | UnreadableCode>;
  /** How often and how long an event is tried. */
  delivery(functionName: string): Promise<FunctionDelivery | undefined>;
  /** Its resource policy: who may invoke it. */
  invokers(functionName: string): Promise<readonly Statement[]>;
  logGroup(name: string): Promise<{ readonly retentionDays?: number } | undefined>;
}

export interface FunctionFiles {
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface FunctionDelivery {
  readonly maxRetries?: number;
  readonly maxEventAgeSeconds?: number;
  readonly onFailureArn?: string;
}

export interface Policy {
  readonly Statement?: Statement | readonly Statement[];
}

type OneOrMore = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Principal?: string | Readonly<Record<string, OneOrMore>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

export interface RoleReading {
  role(name: string): Promise<DeployedRole | undefined>;
  inlinePolicy(roleName: string, policyName: string): Promise<Policy | undefined>;
  inlinePolicyNames(roleName: string): Promise<readonly string[]>;
  /** ARNs of the managed policies that it holds. */
  attachedPolicyArns(roleName: string): Promise<readonly string[]>;
  /** What IAM would refuse it of what is asked. */
  refusals(roleArn: string, asked: SimulatedCalls): Promise<readonly Refusal[]>;
}

export interface DeployedRole {
  readonly arn: string;
  readonly trust: Policy;
  readonly boundaryArn?: string;
}

/** Each of the actions on each of the resources. */
export interface SimulatedCalls {
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  readonly context: readonly SimulatedContext[];
}

export interface SimulatedContext {
  readonly key: string;
  readonly type: "string" | "boolean";
  readonly value: string;
}

export interface Refusal {
  readonly action: string;
  readonly resourceArn: string;
  /** `explicitDeny` or `implicitDeny`. */
  readonly decision: string;
  readonly byBoundary: boolean;
  /** Whether a policy of the organization refuses it. */
  readonly byOrganization: boolean;
}

export interface RuleReading {
  /** Rules of the default bus whose names begin so. */
  rules(namePrefix: string): Promise<readonly DeployedRule[]>;
  ruleTargets(ruleName: string): Promise<readonly RuleTarget[]>;
}

export interface DeployedRule {
  readonly name: string;
  /** None where it fires by events. */
  readonly expression?: string;
  readonly enabled: boolean;
}

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /** A constant one. */
  readonly input?: string;
  readonly inputPaths: Readonly<Record<string, string>>;
  readonly inputTemplate?: string;
  readonly maxRetries?: number;
  readonly maxEventAgeSeconds?: number;
  readonly deadLetterArn?: string;
}

export interface SchedulerReading {
  /** Its state, `ACTIVE` or `DELETING`. */
  scheduleGroup(name: string): Promise<string | undefined>;
  scheduleNames(group: string): Promise<readonly string[]>;
  schedule(group: string, name: string): Promise<DeployedSchedule | undefined>;
}

export interface DeployedSchedule {
  readonly expression: string;
  readonly timezone: string;
  readonly enabled: boolean;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input?: string;
  readonly maxRetries?: number;
  readonly maxEventAgeSeconds?: number;
  readonly deadLetterArn?: string;
  /** `OFF`, or how far a firing may be moved. */
  readonly flexibleMinutes: number | "OFF";
}

export interface AlertReading {
  /** Metric alarms whose names begin so. */
  alarms(namePrefix: string): Promise<readonly DeployedAlarm[]>;
  subscriptions(topicArn: string): Promise<readonly Subscription[] | undefined>;
  queue(name: string): Promise<{ readonly url: string; readonly messages: number } | undefined>;
}

export interface DeployedAlarm {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason?: string;
  readonly actionsEnabled: boolean;
  readonly actionArns: readonly string[];
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface InstanceReading {
  targets(config: Config): Promise<readonly FleetTarget[]>;
  /** Keys of the encrypted ones. */
  volumeKeys(region: string, volumeIds: readonly string[]): Promise<readonly VolumeKey[]>;
  key(keyArn: string): Promise<DeployedKey | undefined>;
}

export interface VolumeKey {
  readonly volumeId: string;
  readonly keyArn: string;
}

export interface DeployedKey {
  readonly byCustomer: boolean;
  /** `Enabled`, or why it cannot be used: `Disabled`, `PendingDeletion`. */
  readonly state: string;
}

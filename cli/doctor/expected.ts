import type { Warning } from "../../config";
import type { PolicyDocument } from "../../constructs/role-policy";
import type { Action } from "../../schedule/request";

/** Where a config is deployed. */
export interface AccountPlace {
  /** 12 digits. */
  readonly id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
}

/** What the constructs make of a config, as AWS would tell it. A test holds it to what they synthesize. */
export interface Expected {
  readonly functions: readonly ExpectedFunction[];
  readonly functionRole: ExpectedRole;
  /** For trigger `event-rule`; else empty. */
  readonly rules: readonly ExpectedRule[];
  /** For trigger `scheduler`. */
  readonly scheduler?: ExpectedScheduler;
  readonly alerts?: ExpectedAlerts;
  readonly warnings: readonly Warning[];
}

export interface ExpectedFunction {
  readonly action: Action;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly logRetentionDays: number;
  readonly maxRetries: number;
  readonly maxEventAgeSeconds: number;
  /** ARN of what is told of events that it gave up. */
  readonly onFailureArn?: string;
  /** ARN of its own queue for them. */
  readonly deadLetterArn?: string;
}

export interface ExpectedRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: object;
  readonly policyName: string;
  readonly policy: PolicyDocument;
  readonly boundaryArn?: string;
  /** ARNs of the managed policies that an adopted role keeps. Of a role of its own, others are nobody's business. */
  readonly onlyPolicyArns?: readonly string[];
}

/** What a trigger of either kind hands to a function, and how often. */
export interface ExpectedTarget {
  readonly functionName: string;
  readonly functionArn: string;
  readonly input: string;
  readonly maxRetries: number;
  readonly maxEventAgeSeconds: number;
  readonly deadLetterArn?: string;
}

export interface ExpectedRule extends ExpectedTarget {
  readonly name: string;
  readonly arn: string;
  readonly targetId: string;
  /** In UTC. */
  readonly expression: string;
  readonly enabled: boolean;
  readonly inputPaths: Readonly<Record<string, string>>;
}

export interface ExpectedScheduler {
  readonly group: string;
  readonly role: ExpectedRole;
  readonly schedules: readonly ExpectedSchedule[];
}

export interface ExpectedSchedule extends ExpectedTarget {
  readonly group: string;
  readonly name: string;
  readonly expression: string;
  /** IANA zone. */
  readonly timezone: string;
  readonly enabled: boolean;
}

export interface ExpectedAlerts {
  readonly topicArn: string;
  /** Address that a topic made for it sends to. */
  readonly email?: string;
  readonly queueName: string;
  readonly alarmNames: readonly string[];
}

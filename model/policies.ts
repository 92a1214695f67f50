import type { Action } from "../contract/actions";
import { IAM_POLICY_TEXT } from "../contract/patterns";
import type { RequestTarget } from "../contract/request";
import { isUnresolved, isUnresolvedList } from "./terraform-text";

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  /** Where it is a list token, it must be the whole list. */
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** What the statements depend on beside the targets. */
export interface RolePolicyInput {
  /** Beginning of an ARN of a service in a region of this account: `arn:aws:ec2:us-east-1:123456789012`. */
  readonly arnPrefix: (service: string, region: string) => string;
  /** The same of what belongs to AWS itself: `arn:aws:ssm:us-east-1:`. */
  readonly awsArnPrefix: (service: string, region: string) => string;
  /** ARN of each instance; a list token gives a list token. */
  readonly instanceArns: (region: string, ids: readonly string[]) => readonly string[];
  /** Region of the functions. */
  readonly region: string;
  readonly functionNames: readonly string[];
  /** What each action may be done to; an action that no schedule has is absent. */
  readonly targets: Readonly<Partial<Record<Action, readonly RequestTarget[]>>>;
  readonly kmsKeyArns: readonly string[];
  /** ARN of the queue for events that a function gave up. */
  readonly deadLetterQueueArn?: string;
  /** ARN of the topic that is told what a start gave up, with the names of what does not run. */
  readonly alertTopicArn?: string;
}

/**
 * What the functions may do: their own logs, reading instances, starting and stopping just their targets, and looking
 * inside those that have checks.
 */
export function rolePolicy(input: RolePolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      writeLogs(input),
      // EC2 offers neither resources nor tag conditions for its Describe actions.
      allow("DescribeInstancesTakesNoResource", ["ec2:DescribeInstances"], ["*"]),
      ...changeInstances(input),
      ...runChecks(input),
      ...useKmsKeys(input),
      ...(input.deadLetterQueueArn
        ? [allow("KeepGivenUpEvents", ["sqs:SendMessage"], [input.deadLetterQueueArn])]
        : []),
      ...(input.alertTopicArn ? [allow("TellWhatStartsGaveUp", ["sns:Publish"], [input.alertTopicArn])] : []),
    ],
  };
}

/** What EventBridge Scheduler may do: invoke just these functions, and keep what it could not deliver. */
export function schedulerPolicy(
  functionArns: readonly string[],
  deadLetterQueueArn?: string,
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      allow("InvokeTheFunctions", ["lambda:InvokeFunction"], functionArns),
      ...(deadLetterQueueArn
        ? [allow("KeepUndeliveredEvents", ["sqs:SendMessage"], [deadLetterQueueArn])]
        : []),
    ],
  };
}

function writeLogs({ arnPrefix, region, functionNames }: RolePolicyInput): PolicyStatement {
  // The `*` stands for the log streams, which Lambda names as it goes.
  const groups = functionNames.map((name) => `${arnPrefix("logs", region)}:log-group:/aws/lambda/${name}:*`);
  return allow("WriteAnyStreamOfOwnLogGroups", ["logs:CreateLogStream", "logs:PutLogEvents"], groups);
}

/** What may be done to an instance: a command is sent to it for its checks. */
type Deed = Action | "check";

/** A kind of instances (listed ids, or tags) with what is allowed on it. */
interface Grant {
  readonly deeds: Set<Deed>;
  readonly resources: Set<string>;
  readonly listToken?: readonly string[];
  readonly condition: PolicyStatement["Condition"];
  readonly byTags: boolean;
}

function changeInstances(input: RolePolicyInput): PolicyStatement[] {
  const grants = [...grantsPerTarget(input).values()];
  const names = new Map<string, number>();
  return mergeSameScope(grants).map(({ deeds, resources, listToken, condition, byTags }) => {
    const allowed = DEEDS.filter((deed) => deeds.has(deed));
    const name = `${allowed.map((deed) => VERBS[deed]).join("And")}${byTags ? "AnyInstanceSoTagged" : "ListedInstances"}`;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const sid = count === 1 ? name : `${name}${count}`;
    return allow(
      sid,
      allowed.map((deed) => ACTION_NAMES[deed]),
      listToken ?? [...resources],
      condition,
    );
  });
}

/** One grant for each instance id (under its exclusions) and for each set of tags, with all that is done to it. */
function grantsPerTarget({ targets, arnPrefix, instanceArns }: RolePolicyInput): Map<string, Grant> {
  const grants = new Map<string, Grant>();
  const add = (deed: Deed, key: string, grant: Omit<Grant, "deeds">) => {
    const known = grants.get(key);
    if (known) known.deeds.add(deed);
    else grants.set(key, { deeds: new Set([deed]), ...grant });
  };
  for (const deed of DEEDS) {
    for (const { region, instanceIds, tags, exclude } of targetsOf(deed, targets)) {
      const excluded = tagCondition(deed, "StringNotEquals", sayable(exclude));
      const scope = JSON.stringify(excluded ?? null);
      if (instanceIds && isUnresolvedList(instanceIds)) {
        const listToken = instanceArns(region, instanceIds);
        add(deed, `${scope} ${region} ${instanceIds[0]}`, grantOf([], excluded, false, listToken));
      } else {
        for (const arn of instanceIds ? instanceArns(region, instanceIds) : []) {
          add(deed, `${scope} ${arn}`, grantOf([arn], excluded, false));
        }
      }
      if (tags) {
        // Ids are not known before the run: the `*` is narrowed by the tags that the instance must bear.
        const condition = { ...tagCondition(deed, "StringEquals", tags), ...excluded };
        const anyInstance = `${arnPrefix("ec2", region)}:instance/*`;
        add(deed, `${JSON.stringify(condition)} ${anyInstance}`, grantOf([anyInstance], condition, true));
      }
    }
  }
  return grants;
}

function targetsOf(deed: Deed, targets: RolePolicyInput["targets"]): readonly RequestTarget[] {
  return deed === "check" ? checkedTargets(targets) : (targets[deed] ?? []);
}

function checkedTargets({ start = [] }: RolePolicyInput["targets"]): RequestTarget[] {
  return start.filter(({ checks }) => checks !== undefined);
}

function grantOf(
  resources: readonly string[],
  condition: PolicyStatement["Condition"],
  byTags: boolean,
  listToken?: readonly string[],
): Omit<Grant, "deeds"> {
  return { resources: new Set(resources), condition, byTags, ...(listToken ? { listToken } : {}) };
}

/** Grants that differ only in their resources share a statement, which the size limit of the policy asks for. */
function mergeSameScope(grants: readonly Grant[]): Grant[] {
  const merged = new Map<string, Grant>();
  for (const grant of grants) {
    const key = JSON.stringify([
      [...grant.deeds].sort(),
      grant.condition ?? null,
      grant.byTags,
      grant.listToken,
    ]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...grant, resources: new Set(grant.resources) });
    else for (const resource of grant.resources) known.resources.add(resource);
  }
  return [...merged.values()];
}

/** Beside the instances, a command needs its document, which bears no tags; of the results IAM narrows nothing. */
function runChecks({ targets, awsArnPrefix }: RolePolicyInput): PolicyStatement[] {
  const regions = [...new Set(checkedTargets(targets).map(({ region }) => region))];
  if (regions.length === 0) return [];
  const documents = regions.map((region) => `${awsArnPrefix("ssm", region)}:document/AWS-RunShellScript`);
  return [
    allow("CheckByNoOtherDocument", ["ssm:SendCommand"], documents),
    // SSM offers neither resources nor tag conditions for these two.
    allow(
      "ReadAgentsAndResultsTakesNoResource",
      ["ssm:DescribeInstanceInformation", "ssm:ListCommandInvocations"],
      ["*"],
    ),
  ];
}

/** All keys must match (or none, for exclusions), each with any of its values. */
function tagCondition(
  deed: Deed,
  operator: "StringEquals" | "StringNotEquals",
  tags: RequestTarget["tags"],
): PolicyStatement["Condition"] {
  if (tags === undefined) return undefined;
  const keys = Object.entries(tags).map(([key, values]) => [
    `${TAG_KEYS[deed]}/${key}`,
    values.map(iamLiteral),
  ]);
  return { [operator]: Object.fromEntries(keys) };
}

/** Exclusions that a policy can say: the function knows all of them, so the role may know fewer. */
function sayable(exclude: RequestTarget["exclude"]): RequestTarget["exclude"] {
  const entries = Object.entries(exclude ?? {}).filter(([key, values]) =>
    [key, ...values].every((text) => isUnresolved(text) || IAM_POLICY_TEXT.test(text)),
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** `${...}` would be a policy variable; IAM writes a literal `$` as `${$}`. Tokens of cdktf stay. */
function iamLiteral(text: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, () => "${$}{");
}

/** EC2 decrypts volumes on behalf of whoever starts the instance, by a grant which that caller must be allowed. */
function useKmsKeys({ kmsKeyArns, targets }: RolePolicyInput): PolicyStatement[] {
  if (kmsKeyArns.length === 0 || !targets.start?.length) return [];
  const regions = [...new Set(targets.start.map(({ region }) => region))];
  const condition = {
    Bool: { "kms:GrantIsForAWSResource": ["true"] },
    StringEquals: { "kms:ViaService": regions.map(ec2Endpoint) },
  };
  return [allow("LetEc2UseVolumeKeys", ["kms:CreateGrant"], kmsKeyArns, condition)];
}

function ec2Endpoint(region: string): string {
  return `ec2.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(condition ? { Condition: condition } : {}),
  };
}

const DEEDS: readonly Deed[] = ["stop", "start", "check"];
const VERBS: Readonly<Record<Deed, string>> = { stop: "Stop", start: "Start", check: "Check" };
const ACTION_NAMES: Readonly<Record<Deed, string>> = {
  stop: "ec2:StopInstances",
  start: "ec2:StartInstances",
  check: "ssm:SendCommand",
};
/**
 * What the tags of an instance are called in a condition. Of Run Command:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
const TAG_KEYS: Readonly<Record<Deed, string>> = {
  stop: "aws:ResourceTag",
  start: "aws:ResourceTag",
  check: "ssm:resourceTag",
};

/** Lambda runs the functions with their role. */
export const LAMBDA_TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
} as const;

/** Only schedules of these groups in this account, so that nobody else's Scheduler can use the role. */
export function schedulerTrust(accountId: string, groupArns: readonly string[]): object {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": accountId,
            "aws:SourceArn": groupArns.length === 1 ? groupArns[0] : groupArns,
          },
        },
      },
    ],
  };
}

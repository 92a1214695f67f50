import {
  type Action,
  CHECK_DOCUMENT,
  DELIVERY_PERMISSIONS,
  INSTANCE_PERMISSIONS,
  READ_PERMISSIONS,
} from "../contract/actions";
import { EVENT_PERMISSION, EVENT_SOURCE } from "../contract/events";
import { FOLLOW_UP_PERMISSIONS } from "../contract/follow-ups";
import { IAM_POLICY_TEXT } from "../contract/patterns";
import { type DeployedTarget, searchedTags } from "../contract/request";
import { isAny, managerTagKeys, type TagValue, type TagValues, writePattern } from "../contract/tags";
import type { ArnSource } from "./arns";
import { logGroupName } from "./names";
import { isUnresolved, isUnresolvedList } from "./terraform-text";

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  /** A list token must be the whole list. */
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** Input of {@link rolePolicy}. */
export interface RolePolicyInput {
  readonly arns: ArnSource;
  /** Region of the functions. */
  readonly region: string;
  readonly functionNames: readonly string[];
  /** Targets of each action. An action without a schedule is absent. */
  readonly targets: Readonly<Partial<Record<Action, readonly DeployedTarget[]>>>;
  readonly kmsKeyArns: readonly string[];
  /** ARN of the topic that receives the records of failed starts, which name the services that do not run. */
  readonly alertTopicArn?: string;
  /** ARN of the topic that receives the warnings of stops. */
  readonly warningTopicArn?: string;
  /** ARN of the topic that receives the messages on success. */
  readonly successTopicArn?: string;
  readonly followUps?: FollowUpGrant;
  /** ARN of the event bus that receives the outcomes. */
  readonly eventBusArn?: string;
  /** Whether Lambda puts the functions into a VPC. */
  readonly inVpc?: boolean;
  /** Whether X-Ray traces the runs. */
  readonly traces?: boolean;
}

/** What lets the functions write follow-ups. */
interface FollowUpGrant {
  /** ARN of the schedules of the follow-ups' group, with `*` for their names. */
  readonly scheduleArns: string;
  /** ARN of the role with which EventBridge Scheduler invokes the functions. */
  readonly roleArn: string;
}

/**
 * Returns the inline policy of the functions' role: write their own logs, describe instances, start and stop their
 * targets, and run the checks of targets that have some.
 */
export function rolePolicy(input: RolePolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      logStatement(input),
      // The `*`: ec2:DescribeInstances supports neither resources nor tag conditions.
      statement("DescribeInstances", [READ_PERMISSIONS.instances], ["*"]),
      ...instanceStatements(input),
      ...checkStatements(input),
      ...volumeKeyStatements(input),
      ...(input.alertTopicArn
        ? [statement("PublishFailedStarts", [DELIVERY_PERMISSIONS.notify], [input.alertTopicArn])]
        : []),
      ...(input.warningTopicArn
        ? [statement("PublishWarnings", [DELIVERY_PERMISSIONS.notify], [input.warningTopicArn])]
        : []),
      ...(input.successTopicArn
        ? [statement("PublishSuccesses", [DELIVERY_PERMISSIONS.notify], [input.successTopicArn])]
        : []),
      ...followUpStatements(input),
      ...eventStatements(input),
      ...networkStatements(input),
      // The `*`: X-Ray supports no resources for these two.
      ...(input.traces
        ? [statement("WriteTraces", ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])]
        : []),
    ],
  };
}

/** Returns the policy of the role of EventBridge Scheduler: invoke these functions, and send to the dead-letter queue. */
export function schedulerPolicy(
  functionArns: readonly string[],
  deadLetterQueueArn?: string,
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      statement("InvokeFunctions", [DELIVERY_PERMISSIONS.invoke], functionArns),
      ...(deadLetterQueueArn
        ? [statement("SendToDeadLetterQueue", [DELIVERY_PERMISSIONS.deadLetter], [deadLetterQueueArn])]
        : []),
    ],
  };
}

function logStatement({ arns, region, functionNames }: RolePolicyInput): PolicyStatement {
  // The `*` stands for the log streams, which Lambda creates.
  const groups = functionNames.map(
    (name) => `${arns.arnPrefix("logs", region)}:log-group:${logGroupName(name)}:*`,
  );
  return statement("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], groups);
}

/** An action on instances: start, stop, or check, which sends a command to the instance. */
type GrantedAction = keyof typeof INSTANCE_PERMISSIONS;

/** How a scope names its instances. */
type ScopeKind = "Listed" | "Tagged" | "All";

/** A scope of instances (listed ids, tags, or all) with the actions that are allowed on it. */
interface Grant {
  readonly actions: Set<GrantedAction>;
  readonly resources: Set<string>;
  readonly listToken?: readonly string[];
  readonly condition: PolicyStatement["Condition"];
  readonly kind: ScopeKind;
}

function instanceStatements(input: RolePolicyInput): PolicyStatement[] {
  const grants = [...grantsPerTarget(input).values()];
  const names = new Map<string, number>();
  return mergeOneKey(mergeSameScope(grants)).map(({ actions, resources, listToken, condition, kind }) => {
    const allowed = GRANTED_ACTIONS.filter((action) => actions.has(action));
    const name = `${allowed.map((action) => VERBS[action]).join("And")}${kind}Instances`;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const sid = count === 1 ? name : `${name}${count}`;
    return statement(
      sid,
      allowed.map((action) => INSTANCE_PERMISSIONS[action]),
      listToken ?? [...resources],
      condition,
    );
  });
}

/** Returns one grant per instance id with its exclusions, and per set of tags, with all actions on it. */
function grantsPerTarget({ targets, arns }: RolePolicyInput): Map<string, Grant> {
  const grants = new Map<string, Grant>();
  const add = (action: GrantedAction, key: string, grant: Omit<Grant, "actions">) => {
    const known = grants.get(key);
    if (known) known.actions.add(action);
    else grants.set(key, { actions: new Set([action]), ...grant });
  };
  for (const action of GRANTED_ACTIONS) {
    for (const target of targetsOf(action, targets)) {
      const { region, instanceIds, all, exclude = {} } = target;
      const tags = searchedTags(target);
      const excluded = excludingCondition(TAG_KEYS[action], expressibleInPolicy(exclude));
      const scope = JSON.stringify(excluded ?? null);
      if (instanceIds && isUnresolvedList(instanceIds)) {
        const listToken = arns.instanceArns(region, instanceIds);
        add(action, `${scope} ${region} ${instanceIds[0]}`, grantOf("Listed", [], excluded, listToken));
      } else {
        for (const arn of instanceIds ? arns.instanceArns(region, instanceIds) : []) {
          add(action, `${scope} ${arn}`, grantOf("Listed", [arn], excluded));
        }
      }
      if (tags) {
        // The `*`: ids are unknown before the run, so the condition restricts the instances by their tags.
        const wanted = tagCondition(TAG_KEYS[action], tags);
        // Checks are made on managed instances too.
        const unmanaged = all && action !== "check" ? WITHOUT_MANAGER : undefined;
        const condition = joinConditions(wanted, unmanaged, excluded);
        const anyInstance = `${arns.arnPrefix("ec2", region)}:instance/*`;
        const grant = grantOf(all ? "All" : "Tagged", [anyInstance], condition);
        add(action, `${JSON.stringify(condition ?? null)} ${anyInstance}`, grant);
      }
    }
  }
  return grants;
}

function targetsOf(action: GrantedAction, targets: RolePolicyInput["targets"]): readonly DeployedTarget[] {
  return action === "check" ? checkedTargets(targets) : (targets[action] ?? []);
}

function checkedTargets({ start = [] }: RolePolicyInput["targets"]): DeployedTarget[] {
  return start.filter(({ checks }) => checks !== undefined);
}

function grantOf(
  kind: ScopeKind,
  resources: readonly string[],
  condition: PolicyStatement["Condition"],
  listToken?: readonly string[],
): Omit<Grant, "actions"> {
  return { kind, resources: new Set(resources), condition, ...(listToken ? { listToken } : {}) };
}

/** Merges grants that differ only in their resources into one statement, because the size of a policy is limited. */
function mergeSameScope(grants: readonly Grant[]): Grant[] {
  const merged = new Map<string, Grant>();
  for (const grant of grants) {
    const key = JSON.stringify([
      [...grant.actions].sort(),
      grant.condition ?? null,
      grant.kind,
      grant.listToken,
    ]);
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...grant, resources: new Set(grant.resources) });
    else for (const resource of grant.resources) known.resources.add(resource);
  }
  return [...merged.values()];
}

/**
 * Merges grants that differ only in the values of one tag into one grant with all their values, which allows exactly as much.
 * Of several tags that a grant could be merged by, the one that most other grants have in common counts.
 */
function mergeOneKey(grants: readonly Grant[]): Grant[] {
  const keysOf = ({ condition, kind }: Grant) =>
    (kind === "Tagged" ? (["StringEquals", "StringLike"] as const) : []).flatMap((operator) =>
      Object.keys(condition?.[operator] ?? {})
        .sort()
        .map((key): ComparedKey => ({ operator, key })),
    );
  const withoutValues = ({ actions, resources, condition = {} }: Grant, { operator, key }: ComparedKey) => {
    const { [operator]: compared = {}, ...operators } = condition;
    const { [key]: _, ...others } = compared;
    const sorted = (map: object) => Object.entries(map).sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([
      operator,
      key,
      [...actions].sort(),
      [...resources],
      sorted(operators),
      sorted(others),
    ]);
  };
  const texts = grants.map((grant) => keysOf(grant).map((key) => ({ key, text: withoutValues(grant, key) })));
  const counts = new Map<string, number>();
  for (const { text } of texts.flat()) counts.set(text, (counts.get(text) ?? 0) + 1);
  const merged = new Map<string, Grant>();
  for (const [index, grant] of grants.entries()) {
    const most = Math.max(...(texts[index] ?? []).map(({ text }) => counts.get(text) ?? 0));
    const shared = texts[index]?.find(({ text }) => counts.get(text) === most);
    const known = shared && merged.get(shared.text);
    if (shared === undefined || known === undefined) merged.set(shared?.text ?? `${index}`, grant);
    else merged.set(shared.text, withValuesOf(known, grant, shared.key));
  }
  return [...merged.values()];
}

/** A condition key, and the operator by which it is compared with values. */
interface ComparedKey {
  readonly operator: "StringEquals" | "StringLike";
  readonly key: string;
}

function withValuesOf(grant: Grant, other: Grant, { operator, key }: ComparedKey): Grant {
  const values = [grant, other].flatMap(({ condition }) => condition?.[operator]?.[key] ?? []);
  const tags = { ...grant.condition?.[operator], [key]: [...new Set(values)] };
  return { ...grant, condition: { ...grant.condition, [operator]: tags } };
}

/** ssm:SendCommand must be allowed on the document too, which has no tags, so it has a statement of its own. */
function checkStatements({ targets, arns }: RolePolicyInput): PolicyStatement[] {
  const regions = [...new Set(checkedTargets(targets).map(({ region }) => region))];
  if (regions.length === 0) return [];
  const documents = regions.map((region) => `${arns.awsArnPrefix("ssm", region)}:document/${CHECK_DOCUMENT}`);
  return [
    statement("RunShellScriptDocument", [INSTANCE_PERMISSIONS.check], documents),
    // The `*`: these two actions support neither resources nor tag conditions.
    statement("ReadCommandResults", [READ_PERMISSIONS.agents, READ_PERMISSIONS.checkResults], ["*"]),
  ];
}

/**
 * Returns the condition on tags: all keys must match, each with one of its values. Undefined without tags.
 * @param prefix of the condition key of a tag, such as `aws:ResourceTag`
 */
export function tagCondition(prefix: string, tags: TagValues): PolicyStatement["Condition"] {
  const conditions = Object.entries(tags).map(([key, values]) => {
    if (values.some(isAny)) return { Null: { [`${prefix}/${key}`]: ["false"] } };
    const [operator, texts] = comparisonOf(values);
    return { [`String${operator}`]: { [`${prefix}/${key}`]: texts } };
  });
  return joinConditions(...conditions);
}

/** Returns the condition that no tag matches; an absent one does not. */
function excludingCondition(prefix: string, tags: TagValues): PolicyStatement["Condition"] {
  const conditions = Object.entries(tags).map(([key, values]) => {
    if (values.some(isAny)) return { Null: { [`${prefix}/${key}`]: ["true"] } };
    const [operator, texts] = comparisonOf(values);
    return { [`StringNot${operator}`]: { [`${prefix}/${key}`]: texts } };
  });
  return joinConditions(...conditions);
}

function comparisonOf(values: readonly TagValue[]): [operator: "Equals" | "Like", texts: readonly string[]] {
  const literals = values.filter((value) => typeof value === "string");
  return literals.length === values.length
    ? ["Equals", literals.map(escapePolicyVariables)]
    : ["Like", values.map(policyPattern)];
}

/** Joins conditions, which then must all hold. No two have the same operator and key. */
export function joinConditions(
  ...conditions: readonly PolicyStatement["Condition"][]
): PolicyStatement["Condition"] {
  const joined: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, keys] of conditions.flatMap((condition) => Object.entries(condition ?? {})))
    joined[operator] = Object.assign(joined[operator] ?? {}, keys);
  return Object.keys(joined).length === 0 ? undefined : joined;
}

/** Returns the exclusions that a policy can express: a key without the values that it cannot hold still excludes the others. */
function expressibleInPolicy(exclude: TagValues): TagValues {
  const isExpressible = (value: TagValue) => {
    const text = typeof value === "string" ? value : (value.like ?? "");
    return isUnresolved(text) || IAM_POLICY_TEXT.test(text);
  };
  return Object.fromEntries(
    Object.entries(exclude)
      .filter(([key]) => isExpressible(key))
      .map(([key, values]) => [key, values.filter(isExpressible)] as const)
      .filter(([, values]) => values.length > 0),
  );
}

/**
 * Escapes `${`, which would begin a policy variable; `${$}` is a literal `$`. Tokens of cdktf are kept.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function escapePolicyVariables(text: string): string {
  return text.replace(/\$\{(?!TfToken\[)/g, () => "${$}{");
}

/** Writes a value for StringLike, in which `${*}`, `${?}` and `${$}` are the literal characters. */
function policyPattern(value: TagValue): string {
  return writePattern(value, { anyText: "*", anyCharacter: "?" }, (character) =>
    character.replace(/[*?$]/, (special) => `\${${special}}`),
  );
}

/** EC2 decrypts a volume through a KMS grant, which the role that starts the instance must be allowed to create. */
function volumeKeyStatements({ kmsKeyArns, targets }: RolePolicyInput): PolicyStatement[] {
  if (kmsKeyArns.length === 0 || !targets.start?.length) return [];
  const regions = [...new Set(targets.start.map(({ region }) => region))];
  const condition = {
    Bool: { "kms:GrantIsForAWSResource": ["true"] },
    StringEquals: { "kms:ViaService": regions.map(ec2Endpoint) },
  };
  return [statement("CreateVolumeKeyGrants", ["kms:CreateGrant"], kmsKeyArns, condition)];
}

/** A schedule uses the role that its writer passes to EventBridge Scheduler: no other role, and to no other service. */
function followUpStatements({ followUps }: RolePolicyInput): PolicyStatement[] {
  if (followUps === undefined) return [];
  const { create, read, passRole } = FOLLOW_UP_PERMISSIONS;
  const condition = { StringEquals: { "iam:PassedToService": [SERVICE_PRINCIPALS.scheduler] } };
  return [
    statement("WriteFollowUps", [create, read], [followUps.scheduleArns]),
    statement("PassSchedulerRole", [passRole], [followUps.roleArn], condition),
  ];
}

/** Events of any other source are denied, since other people's rules trust the source of what is on the bus. */
function eventStatements({ eventBusArn }: RolePolicyInput): PolicyStatement[] {
  if (eventBusArn === undefined) return [];
  const condition = { StringEquals: { "events:source": [EVENT_SOURCE] } };
  return [statement("PutOutcomeEvents", [EVENT_PERMISSION], [eventBusArn], condition)];
}

/**
 * Lambda makes the network interfaces of a VPC with the functions' role, which its own code has too. The condition leaves
 * them to Lambda: calls of the code have the function's ARN as their source.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function networkStatements({ arns, region, functionNames, inVpc }: RolePolicyInput): PolicyStatement[] {
  if (!inVpc) return [];
  const functionArns = functionNames.map((name) => `${arns.arnPrefix("lambda", region)}:function:${name}`);
  const condition = { ArnNotEquals: { "lambda:SourceFunctionArn": functionArns } };
  const { change, read } = NETWORK_PERMISSIONS;
  // The `*/*`: Lambda asks for all network interfaces. Subnets and security groups may be shared by another account.
  const anyAccount = `${arns.awsArnPrefix("ec2", region)}*`;
  const resources = [
    `${arns.arnPrefix("ec2", region)}:*/*`,
    `${anyAccount}:subnet/*`,
    `${anyAccount}:security-group/*`,
  ];
  return [
    statement("ManageNetworkInterfaces", change, resources, condition),
    // The `*`: these two support neither resources nor tag conditions.
    statement("ReadNetwork", read, ["*"], condition),
  ];
}

const NETWORK_PERMISSIONS = {
  change: [
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  read: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
} as const;

function ec2Endpoint(region: string): string {
  return `ec2.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

function statement(
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

const GRANTED_ACTIONS: readonly GrantedAction[] = ["stop", "start", "check"];
const VERBS: Readonly<Record<GrantedAction, string>> = { stop: "Stop", start: "Start", check: "Check" };
/**
 * Condition keys of an instance's tags. Run Command has one of its own:
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
const TAG_KEYS: Readonly<Record<GrantedAction, string>> = {
  stop: "aws:ResourceTag",
  start: "aws:ResourceTag",
  check: "ssm:resourceTag",
};

/** What replaces its instances puts one of these tags on them. The functions leave them alone, and need no permission. */
const WITHOUT_MANAGER: PolicyStatement["Condition"] = {
  Null: Object.fromEntries(managerTagKeys().map((key) => [`${TAG_KEYS.stop}/${key}`, ["true"]])),
};

/** A resource-based policy, or the trust policy of a role: its statements have principals. */
export interface ResourcePolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly ResourceStatement[];
}

interface ResourceStatement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly Service: string } | { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Service principals. */
export const SERVICE_PRINCIPALS = {
  cloudwatch: "cloudwatch.amazonaws.com",
  events: "events.amazonaws.com",
  lambda: "lambda.amazonaws.com",
  scheduler: "scheduler.amazonaws.com",
} as const;

/** Trust policy of the functions' role: Lambda may assume it. */
export const LAMBDA_TRUST: ResourcePolicy = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: SERVICE_PRINCIPALS.lambda }, Action: "sts:AssumeRole" },
  ],
};

/**
 * Returns the trust policy of the role of EventBridge Scheduler: only schedules of these groups in this account may use it.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function schedulerTrust(accountId: string, groupArns: readonly string[]): ResourcePolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: SERVICE_PRINCIPALS.scheduler },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": accountId,
            "aws:SourceArn": singleOrList(groupArns),
          },
        },
      },
    ],
  };
}

/** Returns the policy of the dead-letter queue. Rules send as a service; schedules send with their role. */
export function deadLetterQueuePolicy(queueArn: string, ruleArns: readonly string[]): ResourcePolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RulesSendToDeadLetterQueue",
        Effect: "Allow",
        Principal: { Service: SERVICE_PRINCIPALS.events },
        Action: DELIVERY_PERMISSIONS.deadLetter,
        Resource: queueArn,
        Condition: { ArnLike: { "aws:SourceArn": singleOrList(ruleArns) } },
      },
    ],
  };
}

/** The alarms of this account whose ARNs match, with `*` as a wildcard. */
export interface AlarmSource {
  readonly accountId: string;
  readonly alarmArns: string;
}

/** Returns the policy of the topic: the alarms may publish to it. */
export function alertTopicPolicy(topicArn: string, alarms: AlarmSource): ResourcePolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: SERVICE_PRINCIPALS.cloudwatch },
        Action: DELIVERY_PERMISSIONS.notify,
        Resource: topicArn,
        Condition: {
          StringEquals: { "aws:SourceAccount": alarms.accountId },
          ArnLike: { "aws:SourceArn": alarms.alarmArns },
        },
      },
    ],
  };
}

/**
 * KMS permissions of a publisher to an encrypted topic. The `*` stands for GenerateDataKey and
 * GenerateDataKeyWithoutPlaintext.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const KEY_USE_PERMISSIONS = ["kms:Decrypt", "kms:GenerateDataKey*"];

/**
 * Returns the policy of the topic's KMS key, as AWS documents it for alarms: without conditions, since an alarm whose key
 * refuses it fails silently. The topic's own policy names the alarms. The resource `*` of a key policy is the key itself.
 * https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 * @param publisherArn role that publishes to the topic in addition to the alarms
 */
export function alertKeyPolicy(accountRootArn: string, publisherArn?: string): ResourcePolicy {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministersKey",
        Effect: "Allow",
        Principal: { AWS: accountRootArn },
        // The `*`: a key that its account cannot administer is lost. IAM policies still decide which principals may.
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "AlarmsEncrypt",
        Effect: "Allow",
        Principal: { Service: SERVICE_PRINCIPALS.cloudwatch },
        Action: KEY_USE_PERMISSIONS,
        Resource: "*",
      },
      ...(publisherArn
        ? [
            {
              Sid: "FunctionsEncrypt",
              Effect: "Allow",
              Principal: { AWS: publisherArn },
              Action: KEY_USE_PERMISSIONS,
              Resource: "*",
            } as const,
          ]
        : []),
    ],
  };
}

/** Returns a single value without its list, as AWS stores it. */
function singleOrList(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = values;
  return first === undefined || others.length > 0 ? values : first;
}

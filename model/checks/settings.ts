import {
  FUNCTION_SETTINGS,
  MAX_INSTANCES,
  MAX_RESOURCE_TAGS,
  MAX_TAG_VALUE_LENGTH,
  TRIGGER,
  VPC,
} from "../../contract/limits";
import {
  ACCOUNT_ID,
  EMAIL,
  KMS_KEY_ARN,
  NAME_PREFIX,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  RESOURCE_TAG,
  ROLE_ARN,
  ROLE_PATH,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
} from "../../contract/patterns";
import { ScheduleError } from "../../schedule/error";
import { parseTimezone } from "../../schedule/timezone";
import { pathTo, show } from "../problem";
import type { PartialProps } from "../schema";
import { isUnresolved, isUnresolvedList } from "../terraform-text";
import {
  entriesOf,
  mustBeInPartition,
  mustBeInRegion,
  mustBeWithin,
  mustMatch,
  type ReportProblem,
  textsOf,
} from "./field";
import { checkTagKey } from "./targets";

/** Checks all settings except targets, schedules, calendars and `adopt`. */
export function checkSettings(report: ReportProblem, props: PartialProps): void {
  mustMatch(report, "name", props.name, NAME_PREFIX, "letters, digits, `-` and `_`");
  mustMatch(report, "region", props.region, REGION_CODE, "an AWS region code such as `ap-northeast-2`");
  checkTimezone(report, "timezone", props.timezone);
  checkFunctions(report, props);
  checkAlerts(report, props);
  for (const [arn, index] of textsOf(props.kmsKeyArns)) {
    const expected = "the ARN of a KMS key (not of an alias, which IAM does not match)";
    mustMatch(report, pathTo("kmsKeyArns", index), arn, KMS_KEY_ARN, expected);
    mustBeInPartition(report, pathTo("kmsKeyArns", index), arn, props.region);
  }
  checkRoles(report, props);
  mustMatch(report, "rolePath", props.rolePath, ROLE_PATH, "a path such as `/teams/ops/`");
  const boundary = props.permissionsBoundaryArn;
  mustMatch(report, "permissionsBoundaryArn", boundary, POLICY_ARN, "the ARN of an IAM policy");
  mustBeInPartition(report, "permissionsBoundaryArn", boundary, props.region);
  checkAccountIds(report, props.allowedAccountIds);
  mustBeWithin(report, "maxInstances", props.maxInstances, MAX_INSTANCES);
  if (props.holdTag !== undefined) checkUserTagKey(report, "holdTag", props.holdTag);
  checkResourceTags(report, "tags", props.tags);
}

/** Checks the key of a tag that users set, unlike those with the prefix `aws:`. */
function checkUserTagKey(report: ReportProblem, path: string, key: string): void {
  checkTagKey(report, path, key);
  if (/^aws:/i.test(key)) {
    report(path, "a tag key that does not begin with `aws:`, which AWS reserves", show(key));
  }
}

/** Reports a zone that is not an IANA zone. Returns whether it was reported. */
export function checkTimezone(report: ReportProblem, path: string, timezone: string | undefined): boolean {
  if (timezone === undefined) return false;
  try {
    parseTimezone(timezone);
    return false;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    report(path, error.expected, error.got);
    return true;
  }
}

function checkFunctions(report: ReportProblem, { functions = {}, region }: PartialProps): void {
  for (const key of Object.keys(FUNCTION_SETTINGS) as (keyof typeof FUNCTION_SETTINGS)[]) {
    const [value, limits] = [functions[key], FUNCTION_SETTINGS[key]];
    if ("min" in limits && typeof value === "number") mustBeWithin(report, `functions.${key}`, value, limits);
  }
  const { logRetentionDays: days } = functions;
  const known: readonly number[] = FUNCTION_SETTINGS.logRetentionDays.values;
  if (days !== undefined && !isUnresolved(days) && !known.includes(days)) {
    const expected = `a number of days that CloudWatch Logs knows (${known.join(", ")})`;
    report("functions.logRetentionDays", expected, show(days));
  }
  checkRuntime(report, "functions.runtime", functions.runtime);
  checkVpc(report, functions.vpc);
  const { logGroupKmsKeyArn: key } = functions;
  const expectedKey = "the ARN of a KMS key (not of an alias, which may change its key)";
  mustMatch(report, "functions.logGroupKmsKeyArn", key, KMS_KEY_ARN, expectedKey);
  if (KMS_KEY_ARN.test(key ?? ""))
    mustBeInRegion(report, "functions.logGroupKmsKeyArn", key, region, "a key");
  for (const key of ["stopName", "startName"] as const) {
    mustMatch(report, `functions.${key}`, functions[key], NAME_PREFIX, "letters, digits, `-` and `_`");
  }
}

function checkVpc(report: ReportProblem, vpc: NonNullable<PartialProps["functions"]>["vpc"]): void {
  if (vpc === undefined) return;
  const lists = [
    ["subnetIds", SUBNET_ID, VPC.maxSubnets, "a subnet such as `subnet-0123456789abcdef0`"],
    [
      "securityGroupIds",
      SECURITY_GROUP_ID,
      VPC.maxSecurityGroups,
      "a security group such as `sg-0123456789abcdef0`",
    ],
  ] as const;
  for (const [key, pattern, max, what] of lists) {
    const { [key]: ids } = vpc;
    const path = `functions.vpc.${key}`;
    if (ids === undefined || isUnresolvedList(ids)) continue;
    if (ids.length === 0 || ids.length > max)
      report(path, `1 to ${max} ids`, ids.length === 0 ? "none" : `${ids.length}`);
    const seen = new Set<string>();
    for (const [id, index] of textsOf(ids)) {
      mustMatch(report, pathTo(path, index), id, pattern, `the id of ${what}`);
      if (seen.has(id)) report(pathTo(path, index), "each id once", `${show(id)} again`);
      seen.add(id);
    }
  }
}

/** Checks roles of your own. */
function checkRoles(report: ReportProblem, props: PartialProps): void {
  const { roleArn, schedulerRoleArn, region, trigger = TRIGGER.default, followUps = false } = props;
  for (const [path, arn] of Object.entries({ roleArn, schedulerRoleArn })) {
    mustMatch(report, path, arn, ROLE_ARN, "the ARN of an IAM role");
    mustBeInPartition(report, path, arn, region);
  }
  if (roleArn !== undefined && props.adopt?.role !== undefined) {
    report("roleArn", "no role of your own beside `adopt.role`, which becomes the functions' role", "both");
  }
  if (schedulerRoleArn !== undefined && trigger === "event-rule" && !followUps) {
    report("schedulerRoleArn", "`trigger: scheduler` or `followUps`, which use that role", "neither");
  }
}

function checkRuntime(report: ReportProblem, path: string, runtime: string | undefined): void {
  if (runtime === undefined || isUnresolved(runtime) || NODE_RUNTIME.test(runtime)) return;
  const [, version] = /^node(?:js)?[-_. :]?v?(\d+)(?:[._-].*)?$/i.exec(runtime) ?? [];
  const meant = `nodejs${version}.x`;
  const hint = NODE_RUNTIME.test(meant) ? ` (did you mean ${meant}?)` : "";
  report(path, "a Node.js runtime of Lambda from `nodejs20.x` on", `${show(runtime)}${hint}`);
}

function checkAlerts(report: ReportProblem, { alerts, region }: PartialProps): void {
  if (alerts === undefined) return;
  const { snsTopicArn, email } = alerts;
  if (snsTopicArn === undefined && email === undefined) {
    report("alerts", "`snsTopicArn` or `email`", "neither");
  }
  if (snsTopicArn !== undefined && email !== undefined) {
    report("alerts", "`snsTopicArn` or `email`, not both: subscribe the address to the topic", "both");
  }
  const topic = "the ARN of a standard SNS topic";
  mustMatch(report, "alerts.snsTopicArn", snsTopicArn, SNS_TOPIC_ARN, topic);
  // CloudWatch refuses an alarm whose action is in another region (PutMetricAlarm: "Invalid region ... specified").
  if (SNS_TOPIC_ARN.test(snsTopicArn ?? ""))
    mustBeInRegion(report, "alerts.snsTopicArn", snsTopicArn, region, "a topic");
  mustMatch(report, "alerts.email", email, EMAIL, "an e-mail address");
}

function checkAccountIds(report: ReportProblem, accountIds: PartialProps["allowedAccountIds"]): void {
  if (accountIds?.length === 0) {
    report("allowedAccountIds", "at least one account id, or no such setting at all", "none");
  }
  for (const [id, index] of textsOf(accountIds)) {
    const expected = "an AWS account id of 12 digits (quoted, where it begins with 0)";
    mustMatch(report, pathTo("allowedAccountIds", index), id, ACCOUNT_ID, expected);
  }
}

/** Checks the tags of the created resources, for which AWS allows fewer characters than for tags of instances. */
export function checkResourceTags(report: ReportProblem, of: string, tags: PartialProps["tags"]): void {
  const entries = entriesOf(tags);
  if (entries.length > MAX_RESOURCE_TAGS)
    report(of, `at most ${MAX_RESOURCE_TAGS} tags`, `${entries.length}`);
  for (const [key, value] of entries) {
    const path = pathTo(of, key);
    checkUserTagKey(report, path, key);
    const characters = "letters, digits, spaces and _.:/=+-@, which is what every tagged service allows";
    mustMatch(report, path, key, RESOURCE_TAG, `a tag key of ${characters}`);
    mustMatch(report, path, value, RESOURCE_TAG, `a tag value of ${characters}`);
    if (value !== undefined && [...value].length > MAX_TAG_VALUE_LENGTH) {
      report(
        path,
        `a tag value of at most ${MAX_TAG_VALUE_LENGTH} characters`,
        `${[...value].length} characters`,
      );
    }
  }
}

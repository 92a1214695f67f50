import { isRecord } from "../../contract/collections";
import {
  ACCOUNT_ID,
  EMAIL,
  KMS_KEY_ARN,
  NAME_PREFIX,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  RESOURCE_TAG,
  SNS_TOPIC_ARN,
} from "../../contract/patterns";
import { ScheduleError } from "../../schedule/error";
import { parseTimezone } from "../../schedule/timezone";
import { pathTo, show } from "../problem";
import { entriesOf, isKnown, mustBeOneOf, mustBeWithin, mustMatch, type Report, textsOf } from "./field";
import { checkTagKey } from "./targets";

/** What CloudWatch Logs accepts (PutRetentionPolicy). */
const RETENTION_DAYS: readonly unknown[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const LAMBDA_TIMEOUT_SECONDS = [1, 900] as const;
const LAMBDA_MEMORY_MB = [128, 10_240] as const;
const MAX_INSTANCES = [1, 100_000] as const;
const MAX_RESOURCE_TAGS = 50;
const MAX_TAG_VALUE = 256;

/** Everything but targets, schedules and calendars. */
export function checkSettings(report: Report, props: Readonly<Record<string, unknown>>): void {
  mustMatch(report, "name", props["name"], NAME_PREFIX, "letters, digits, `-` and `_`");
  if (props["region"] === undefined) report("region", "an AWS region code such as `ap-northeast-2`", "none");
  mustMatch(report, "region", props["region"], REGION_CODE, "an AWS region code such as `ap-northeast-2`");
  checkTimezone(report, "timezone", props["timezone"]);
  mustBeOneOf(report, "trigger", props["trigger"], ["event-rule", "scheduler"]);
  mustBeOneOf(report, "code", props["code"], ["archive", "zip"]);
  checkFunctions(report, props["functions"]);
  checkAlerts(report, props["alerts"]);
  for (const [arn, index] of textsOf(props["kmsKeyArns"])) {
    const expected = "the ARN of a KMS key (not of an alias, which IAM does not match)";
    mustMatch(report, pathTo("kmsKeyArns", index), arn, KMS_KEY_ARN, expected);
  }
  const boundary = props["permissionsBoundaryArn"];
  mustMatch(report, "permissionsBoundaryArn", boundary, POLICY_ARN, "the ARN of an IAM policy");
  checkAccountIds(report, props["allowedAccountIds"]);
  mustBeWithin(report, "maxInstances", props["maxInstances"], MAX_INSTANCES, "instances");
  const holdTag = props["holdTag"];
  if (typeof holdTag === "string") checkTagKey(report, "holdTag", holdTag);
  checkResourceTags(report, props["tags"]);
}

/** An IANA zone; whether it was reported. */
export function checkTimezone(report: Report, path: string, timezone: unknown): boolean {
  if (!isKnown(timezone) || typeof timezone !== "string") return false;
  try {
    parseTimezone(timezone);
    return false;
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    report(path, error.expected, error.got);
    return true;
  }
}

function checkFunctions(report: Report, functions: unknown): void {
  if (!isRecord(functions)) return;
  const check = <T>(key: string, rule: (path: string, value: unknown) => T) =>
    rule(`functions.${key}`, functions[key]);
  check("timeoutSeconds", (path, value) =>
    mustBeWithin(report, path, value, LAMBDA_TIMEOUT_SECONDS, "seconds"),
  );
  check("memoryMb", (path, value) => mustBeWithin(report, path, value, LAMBDA_MEMORY_MB, "MB"));
  check("logRetentionDays", (path, value) => {
    if (!isKnown(value) || RETENTION_DAYS.includes(value)) return;
    report(path, `a number of days that CloudWatch Logs knows (${RETENTION_DAYS.join(", ")})`, show(value));
  });
  const runtime = "a Node.js runtime of Lambda from `nodejs20.x` on";
  check("runtime", (path, value) => mustMatch(report, path, value, NODE_RUNTIME, runtime));
  check("architecture", (path, value) => mustBeOneOf(report, path, value, ["arm64", "x86_64"]));
  for (const key of ["stopName", "startName"]) {
    check(key, (path, value) => mustMatch(report, path, value, NAME_PREFIX, "letters, digits, `-` and `_`"));
  }
}

function checkAlerts(report: Report, alerts: unknown): void {
  if (!isRecord(alerts)) return;
  const { snsTopicArn, email } = alerts;
  if (snsTopicArn === undefined && email === undefined) {
    report("alerts", "`snsTopicArn` or `email`", "neither");
  }
  if (snsTopicArn !== undefined && email !== undefined) {
    report("alerts", "`snsTopicArn` or `email`, not both: subscribe the address to the topic", "both");
  }
  const topic = "the ARN of a standard SNS topic";
  mustMatch(report, "alerts.snsTopicArn", snsTopicArn, SNS_TOPIC_ARN, topic);
  mustMatch(report, "alerts.email", email, EMAIL, "an e-mail address");
}

function checkAccountIds(report: Report, accountIds: unknown): void {
  if (Array.isArray(accountIds) && accountIds.length === 0) {
    report("allowedAccountIds", "at least one account id, or no such setting at all", "none");
  }
  for (const [id, index] of textsOf(accountIds)) {
    const expected = "an AWS account id of 12 digits (quoted, where it begins with 0)";
    mustMatch(report, pathTo("allowedAccountIds", index), id, ACCOUNT_ID, expected);
  }
}

/** Tags that the resources made here shall bear, which AWS restricts more than those to look for. */
function checkResourceTags(report: Report, tags: unknown): void {
  const entries = entriesOf(tags);
  if (entries.length > MAX_RESOURCE_TAGS)
    report("tags", `at most ${MAX_RESOURCE_TAGS} tags`, `${entries.length}`);
  for (const [key, value] of entries) {
    const path = pathTo("tags", key);
    checkTagKey(report, path, key);
    if (/^aws:/i.test(key))
      report(path, "a tag key that does not begin with `aws:`, which AWS reserves", show(key));
    const characters = "letters, digits, spaces and _.:/=+-@, which is what every tagged service allows";
    mustMatch(report, path, key, RESOURCE_TAG, `a tag key of ${characters}`);
    mustMatch(report, path, value, RESOURCE_TAG, `a tag value of ${characters}`);
    if (typeof value === "string" && [...value].length > MAX_TAG_VALUE) {
      report(path, `a tag value of at most ${MAX_TAG_VALUE} characters`, `${[...value].length} characters`);
    }
  }
}

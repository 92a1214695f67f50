/**
 * AWS region codes: `ap-northeast-2`, `us-gov-west-1`, `eusc-de-east-1`. Codes become part of host names, so the function
 * accepts nothing else.
 */
export const REGION_CODE = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/;

/** ARN of a KMS key, not of an alias: IAM matches keys by their own ARN only. */
export const KMS_KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** ARN of a standard SNS topic: alarms cannot publish to a `.fifo` one. */
export const SNS_TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;

export const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]+$/;

/** ARN of a role, with its path. */
export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, Path */
export const ROLE_PATH = /^\/(?:[!-~]{1,510}\/)?$/;

/** Ids of the long form, or of the short form from before 2016. */
export const SUBNET_ID = /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/;
export const SECURITY_GROUP_ID = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;

export const ACCOUNT_ID = /^\d{12}$/;

/** Catches typing errors only. */
export const EMAIL = /^[^\s@<>"]+@[^\s@<>".]+(?:\.[^\s@<>".]+)+$/;

/** Node.js 20 or later: the bundle is written for it. */
export const NODE_RUNTIME = /^nodejs(?:2\d|[3-9]\d)\.x$/;

/** Characters that names of Lambda functions allow, the strictest of the names that begin with a prefix. */
export const NAME_PREFIX = /^[A-Za-z0-9_-]+$/;

/** Characters that the names of rules and of schedules allow. */
export const SCHEDULE_NAME = /^[A-Za-z0-9._-]+$/;

/** The region that an ARN names; undefined for what is not regional. */
export function regionOfArn(arn: string): string | undefined {
  return arn.split(":")[3] || undefined;
}

/** Characters that IAM allows in the tags of a role, the strictest of the tagged resources. */
export const RESOURCE_TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Characters that IAM allows in a policy document (PutRolePolicy): up to the end of Latin-1. */
export const IAM_POLICY_TEXT = /^[\t\n\r\u0020-\u00ff]*$/;

/** An instance id of the long form, or of the short form from before 2016. */
export const INSTANCE_ID = /^i-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Unit names of systemd (systemd.unit(5)), except those with a leading hyphen, which systemctl reads as an option. */
export const SYSTEMD_UNIT = /^[A-Za-z0-9:_.\\@][A-Za-z0-9:_.\\@-]{0,254}$/;

/** Turns a pattern for a whole text into one that finds all whole-word matches in a longer text. */
export function wholeWordsOf({ source }: RegExp): RegExp {
  return new RegExp(`\\b(?:${source.replace(/^\^|\$$/g, "")})\\b`, "g");
}

/**
 * The form of an ISO 8601 date-time, with the date, hour, minute, second, fraction and zone as groups. Its reader tests
 * whether the date exists, and decides on the zone if it names none.
 */
export const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?$/;
export const DATE_TIME_ZONE = /(Z|[+-]\d{2}:?\d{2})$/;

/** The form of a date, `yyyy-mm-dd`; `isDate` tests whether it exists. */
export const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text is a date, `yyyy-mm-dd`, of the calendar: February 30 is none, and there is no year 0. */
export function isDate(text: string): boolean {
  if (!DATE.test(text) || text.startsWith("0000")) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

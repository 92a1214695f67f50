/**
 * The IAM actions that each command needs; all but `invoke`, `services`, a test alert of `doctor` and those of holds only
 * read. Their help and docs/ list them, and a call under any other does not compile.
 */
export const PERMISSIONS = {
  adopt: [
    "iam:GetAccountAuthorizationDetails",
    "iam:GetRole",
    "lambda:ListFunctions",
    "lambda:GetFunction",
    "lambda:ListTags",
    "lambda:GetPolicy",
    "events:ListRules",
    "events:ListTagsForResource",
    "events:ListTargetsByRule",
    "scheduler:ListSchedules",
    "scheduler:GetSchedule",
    "logs:DescribeLogGroups",
    "logs:ListTagsForResource",
  ],
  /** The last is for `--send-test-alert` alone. */
  doctor: [
    "sts:GetCallerIdentity",
    "lambda:GetFunction",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionEventInvokeConfig",
    "lambda:GetPolicy",
    "logs:DescribeLogGroups",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:SimulatePrincipalPolicy",
    "events:ListRules",
    "events:ListTargetsByRule",
    "scheduler:GetScheduleGroup",
    "scheduler:ListSchedules",
    "scheduler:GetSchedule",
    "ec2:DescribeInstances",
    "ec2:DescribeSpotInstanceRequests",
    "ec2:DescribeVolumes",
    "kms:DescribeKey",
    "cloudwatch:DescribeAlarms",
    "sns:ListSubscriptionsByTopic",
    "sqs:GetQueueUrl",
    "sqs:GetQueueAttributes",
    "cloudwatch:SetAlarmState",
  ],
  /** `hold`, `extend`, `release` and `start`. Without the last two, kinds of spot requests and long reports are left out. */
  hold: [
    "ec2:DescribeInstances",
    "ec2:CreateTags",
    "sts:GetCallerIdentity",
    "lambda:GetFunctionConfiguration",
    "lambda:InvokeFunction",
    "ec2:DescribeSpotInstanceRequests",
    "logs:FilterLogEvents",
  ],
  /** Without the last, kinds of spot requests are left out. */
  holds: ["ec2:DescribeInstances", "lambda:GetFunctionConfiguration", "ec2:DescribeSpotInstanceRequests"],
  /** Without the last two it knows less, and says so. */
  history: [
    "cloudtrail:LookupEvents",
    "ec2:DescribeInstances",
    "ec2:DescribeSpotInstanceRequests",
    "logs:FilterLogEvents",
  ],
  /** `invoke` and `services`: to run a function and to print its report. Without the second and third, names are left out. */
  invoke: [
    "lambda:GetFunctionConfiguration",
    "lambda:InvokeFunction",
    "ec2:DescribeInstances",
    "ec2:DescribeSpotInstanceRequests",
    "logs:FilterLogEvents",
  ],
  logs: ["logs:FilterLogEvents"],
  /** Without the last, kinds of spot requests are left out. */
  skip: [
    "ec2:DescribeInstances",
    "ec2:CreateTags",
    "sts:GetCallerIdentity",
    "lambda:GetFunctionConfiguration",
    "ec2:DescribeSpotInstanceRequests",
  ],
  /** All but the first are optional: without them it knows less, and says so. The last two are for `followUps`. */
  status: [
    "ec2:DescribeInstances",
    "ec2:DescribeSpotInstanceRequests",
    "logs:FilterLogEvents",
    "scheduler:ListSchedules",
    "scheduler:GetSchedule",
  ],
} as const;

/** An IAM action that some command needs. */
export type Permission = (typeof PERMISSIONS)[keyof typeof PERMISSIONS][number];

/** What `doctor` calls; all of it only reads. The line in its help, and the words of its refusals. */
export const DOCTOR_PERMISSIONS = [
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
] as const;

export type DoctorPermission = (typeof DOCTOR_PERMISSIONS)[number];

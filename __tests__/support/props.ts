import type { Ec2StartStopProps } from "../../constructs";

/** Two instances, stopped at night and started in the morning. */
export const PAIR = {
  name: "dev",
  region: "ap-northeast-2",
  timezone: "Asia/Seoul",
  code: "zip",
  targets: { dev: { instanceIds: ["i-0123456789abcdef0", "i-08ce9b2d7eccf6d26"] } },
  schedules: {
    "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
    "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
  },
} as const satisfies Ec2StartStopProps;

/** Something of everything: ids, tags in two regions, exclusions, holidays, a schedule that is off. */
export const OFFICE = {
  ...PAIR,
  functions: { timeoutSeconds: 120, logRetentionDays: 90 },
  targets: {
    ...PAIR.targets,
    staging: {
      tags: { Environment: ["staging", "qa"], Team: "web" },
      exclude: { KeepRunning: "true" },
      regions: ["ap-northeast-2", "us-east-1"],
    },
  },
  schedules: {
    ...PAIR.schedules,
    "staging-hours": { running: "MON-FRI 08:00-20:00", targets: ["staging"], holidays: "kr" },
    "month-end": {
      action: "stop",
      targets: ["dev", "staging"],
      expression: "rate(30 days)",
      enabled: false,
      hibernate: true,
      description: "By hand only",
    },
  },
  holidays: { kr: ["2027-02-08", "2027-01-01"] },
  tags: { Team: "platform" },
} as const satisfies Ec2StartStopProps;

/** What the rules of an organization ask for: network, roles and logs. */
export const ORGANIZATION = {
  ...PAIR,
  trigger: "scheduler",
  functions: {
    vpc: {
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0aaaaaaaaaaaaaaaa"],
      securityGroupIds: ["sg-0123456789abcdef0"],
    },
    tracing: true,
    reservedConcurrency: 5,
    logLevel: "WARN",
    logGroupKmsKeyArn: "arn:aws:kms:ap-northeast-2:123456789012:key/logs",
  },
  rolePath: "/teams/ops/",
  permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
} as const satisfies Ec2StartStopProps;

/** The same with roles that are there already. */
export const OWN_ROLES = {
  ...ORGANIZATION,
  roleArn: "arn:aws:iam::123456789012:role/teams/own-functions",
  schedulerRoleArn: "arn:aws:iam::123456789012:role/own-scheduler",
} as const satisfies Ec2StartStopProps;

export function instanceIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `i-${index.toString(16).padStart(17, "0")}`);
}

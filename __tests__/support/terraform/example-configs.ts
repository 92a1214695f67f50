import type { Ec2StartStopProps } from "../../../model/props";
import { OTHER_REGION, REGION } from "../moto/aws";

const FIRST = "i-0123456789abcdef0";
const SECOND = "i-08ce9b2d7eccf6d26";

/**
 * Configs that between them use every option that constructs and module share. Names are in
 * alphabetical order, which is that of Terraform's maps.
 */
export const EXAMPLE_CONFIGS: Readonly<Record<string, Ec2StartStopProps>> = {
  minimal: {
    name: "minimal",
    region: REGION,
    trigger: "scheduler",
    targets: { dev: { instanceIds: [FIRST] } },
    schedules: { "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" } },
  },
  everything: {
    name: "everything",
    region: REGION,
    timezone: "Asia/Seoul",
    trigger: "scheduler",
    targets: {
      dev: { instanceIds: [FIRST, SECOND], checks: { systemd: ["nginx", "postgresql@16"], tcp: [80, 5432] } },
      lab: { instanceIds: ["i-11111111"], regions: [OTHER_REGION], exclude: { KeepRunning: "true" } },
      staging: {
        tags: { Environment: ["staging", "qa"], Team: "ops" },
        exclude: { KeepRunning: ["true", "yes"] },
        regions: [REGION, OTHER_REGION],
        checks: { command: 'test "${HOME%/}" = /root && [ 1 -lt 2 ] <&- # %{if}' },
      },
    },
    schedules: {
      "dev-hours": { running: "MON-FRI 08:00-20:00", targets: "dev", holidays: "kr", warnMinutes: 30 },
      "dev-midnight": { action: "stop", targets: "dev", expression: "rate(1 day)", hibernate: true },
      "lab-once": { action: "start", targets: "lab", expression: "at(2030-01-31T09:00:00)", timezone: "UTC" },
      "staging-start": {
        action: "start",
        targets: "staging",
        expression: "cron(0 9 ? * 2#1 *)",
        timezone: "America/New_York",
        holidays: "kr",
        enabled: false,
        latestMinutes: 1440,
      },
      "staging-stop": {
        action: "stop",
        targets: "staging",
        expression: "cron(0/30 18 ? * MON-FRI *)",
        holidays: "kr",
        stopOnHolidays: false,
        latestMinutes: 5,
        description: 'Says "${what}" it <does>',
      },
    },
    holidays: { kr: ["2027-02-08", "2027-01-01"] },
    functions: {
      timeoutSeconds: 120,
      memoryMb: 512,
      logRetentionDays: 90,
      runtime: "nodejs20.x",
      architecture: "x86_64",
      stopName: "StopEC2Instances",
      startName: "StartEC2Instances",
      vpc: {
        subnetIds: ["subnet-0123456789abcdef0", "subnet-0aaaaaaaaaaaaaaaa"],
        securityGroupIds: ["sg-0123456789abcdef0"],
      },
      tracing: true,
      reservedConcurrency: 5,
      logLevel: "WARN",
      logGroupKmsKeyArn: `arn:aws:kms:${REGION}:123456789012:key/0a1b`,
      keepLogGroups: true,
    },
    rolePath: "/teams/ops/",
    alerts: { email: "ops@example.com", onSuccess: true },
    kmsKeyArns: [`arn:aws:kms:${REGION}:123456789012:key/0b1c`],
    permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
    maxInstances: 50,
    holdTag: "leave-me",
    followUps: true,
    events: true,
    tags: { Team: "ops", "cost center": "1234" },
  },
  "awkward-text": {
    name: "awkward",
    region: REGION,
    trigger: "scheduler",
    targets: {
      odd: {
        tags: {
          'Quote"d': ["<aws.scheduler.scheduled-time>", "${aws:username}", "%{if}", "a\\b & c > d", "é"],
        },
        exclude: { Owner: "운영", Name: "ünwanted" },
      },
    },
    schedules: {
      "odd-start": { action: "start", targets: "odd", expression: "rate(2 hours)" },
      "odd-stop": { action: "stop", targets: "odd", expression: "rate(3 hours)" },
    },
    followUps: true,
  },
  patterns: {
    name: "patterns",
    region: REGION,
    trigger: "scheduler",
    targets: {
      everything: {
        all: true,
        exclude: { KeepRunning: { any: true }, Name: ["db", { like: "db-?" }], 소유자: { any: true } },
        regions: [REGION, OTHER_REGION],
        checks: { tcp: [22] },
      },
      "everything-else": { all: true, exclude: { "aws:autoscaling:groupName": { any: true } } },
      web: {
        tags: {
          Name: ["a$*?{b", { like: "web-**\\*\\?\\\\?${x}*" }],
          Owner: { any: true },
          Team: ["a", "b"],
        },
        exclude: { Name: [{ like: "*운영" }, { like: "web-1*" }, "web-2*"] },
      },
      "web-c": { tags: { Owner: { any: true }, Team: "c" }, exclude: { Team: { like: "c?" } } },
      "web-d": { tags: { Owner: { any: true }, Team: "d" }, exclude: { Team: { like: "c?" } } },
      "web-e": { tags: { Owner: { any: true }, Team: { like: "e-*" } } },
      "web-f": { tags: { Owner: { any: true }, Team: ["f", { like: "f-*" }, { like: "e-*" }] } },
    },
    schedules: {
      hours: { running: "MON-FRI 08:00-20:00", targets: ["web", "web-c", "web-d", "web-e", "web-f"] },
      night: { action: "stop", targets: ["everything", "everything-else"], expression: "cron(0 23 * * ? *)" },
      "night-start": { action: "start", targets: "everything", expression: "rate(2 hours)", enabled: false },
    },
    followUps: true,
  },
  dates: {
    name: "dates",
    region: REGION,
    timezone: "Asia/Seoul",
    trigger: "scheduler",
    targets: { dev: { instanceIds: [FIRST] }, lab: { instanceIds: [SECOND] } },
    schedules: {
      "night-stop": {
        action: "stop",
        targets: "lab",
        expression: "cron(30 22 * * ? *)",
        timezone: "Asia/Kathmandu",
        startDate: "2030-01-01T09:30",
        endDate: "2030-01-31",
        warnMinutes: 45,
      },
      nights: {
        running: "FRI,SAT 20:00-02:00",
        targets: "lab",
        startDate: "2029-01-31",
        endDate: "2029-02-28",
        warnMinutes: 30,
      },
      rate: {
        action: "stop",
        targets: "dev",
        expression: "rate(12 hours)",
        startDate: "2030-01-01T09:30:15-0530",
      },
      summer: {
        running: "MON-FRI 07:00-16:00",
        targets: "dev",
        startDate: "2030-06-01",
        endDate: "2030-08-31",
      },
      until: {
        action: "start",
        targets: "dev",
        expression: "cron(0 12 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        description: "Until summer ends",
        endDate: "2030-08-31T12:00Z",
      },
      winter: { running: "MON-FRI 16:00-24:00", targets: "dev", startDate: "2030-09-01" },
    },
    alerts: { email: "ops@example.com" },
    followUps: true,
  },
  rules: {
    name: "rules",
    region: REGION,
    trigger: "event-rule",
    targets: {
      dev: { instanceIds: [FIRST, SECOND] },
      more: { instanceIds: [SECOND, "i-0aaaaaaaaaaaaaaaa"], tags: { Environment: "<time>" } },
      other: { instanceIds: [FIRST], regions: [OTHER_REGION] },
      second: { instanceIds: [SECOND] },
    },
    schedules: {
      ...Object.fromEntries(
        Array.from({ length: 11 }, (_, index) => [
          `dev-start-${String(index).padStart(2, "0")}`,
          { action: "start", targets: "dev", expression: `cron(0 ${index} ? * MON-FRI *)`, holidays: "kr" },
        ]),
      ),
      "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
      "more-stop": { action: "stop", targets: "more", expression: "rate(1 hour)", enabled: false },
      "other-stop": { action: "stop", targets: "other", expression: "cron(0 20 L * ? *)", warnMinutes: 90 },
      "second-stop": { action: "stop", targets: "second", expression: "cron(0 21 ? * * *)" },
    },
    holidays: { kr: ["2027-01-01"] },
    alerts: { snsTopicArn: `arn:aws:sns:${REGION}:123456789012:alarms` },
    followUps: true,
    events: true,
  },
  "merged-tags": {
    name: "merged-tags",
    region: REGION,
    timezone: "Europe/Berlin",
    trigger: "scheduler",
    targets: {
      a: { tags: { Environment: "dev", Team: "a" } },
      b: { tags: { Environment: ["dev", "qa"], Team: "a" } },
      c: { tags: { Environment: "dev", Team: "c" } },
      d: { tags: { Environment: "dev", Team: "d" }, exclude: { Keep: "yes" } },
      e: { tags: { Environment: "dev", Team: "e" }, regions: [REGION, OTHER_REGION], checks: { tcp: [22] } },
      f: { tags: { Environment: "dev", Team: "f" }, regions: [REGION, OTHER_REGION], checks: { tcp: [22] } },
      ids: { instanceIds: [FIRST] },
      "ids-more": { instanceIds: [FIRST, SECOND] },
    },
    schedules: {
      break: { running: ["MON-FRI 08:00-12:00", "MON-FRI 12:30-20:00"], targets: ["a", "b", "c"] },
      nights: {
        running: ["SUN-THU 22:00-06:00", "FRI,SAT 20:00-24:00", "SUN 00:00-02:30"],
        targets: ["ids", "d", "ids-more"],
        holidays: "kr",
        stopOnHolidays: false,
      },
      sundays: { running: "SAT,SUN 10:00-18:00", targets: ["f", "e"], warnMinutes: 30, latestMinutes: 45 },
    },
    holidays: { kr: ["2027-02-28", "2027-01-01"] },
    alerts: { email: "ops@example.com" },
    rolePath: "/teams/ops/",
    followUps: true,
    functions: {
      vpc: { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] },
      tracing: true,
      reservedConcurrency: 2,
      logLevel: "WARN",
      logGroupKmsKeyArn: `arn:aws:kms:${REGION}:123456789012:key/0b1c`,
    },
  },
  "rules-with-checks": {
    name: "checked-rules",
    region: REGION,
    trigger: "event-rule",
    targets: {
      a: { instanceIds: [FIRST], checks: { tcp: [22] } },
      b: { instanceIds: [SECOND], checks: { tcp: [22] } },
      c: { instanceIds: ["i-0aaaaaaaaaaaaaaaa"], checks: { systemd: ["sshd"] } },
      d: { instanceIds: ["i-0bbbbbbbbbbbbbbbb"], exclude: { Keep: "yes" }, checks: { tcp: [22] } },
      e: { instanceIds: ["i-0cccccccccccccccc"] },
    },
    schedules: Object.fromEntries([
      ...["a", "b", "c", "d", "e"].map((targets, hour) => [
        `${targets}-start`,
        { action: "start", targets, expression: `cron(0 ${hour} ? * MON-FRI *)` },
      ]),
      ["f-stop", { action: "stop", targets: "a", expression: "cron(0 20 ? * MON-FRI *)" }],
    ]),
    alerts: { snsTopicArn: `arn:aws:sns:${REGION}:123456789012:alarms` },
  },
  "rules-without-alerts": {
    name: "quiet-rules",
    region: REGION,
    trigger: "event-rule",
    targets: { dev: { instanceIds: [FIRST], checks: { command: "true" } } },
    schedules: {
      "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)", enabled: false },
    },
  },
  "adopted-rules": {
    name: "adopted-rules",
    region: REGION,
    trigger: "event-rule",
    targets: { dev: { instanceIds: [FIRST, SECOND] } },
    schedules: {
      "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
      "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
      "dev-stop.again": { action: "stop", targets: "dev", expression: "cron(0 22 ? * MON-FRI *)" },
    },
    alerts: { snsTopicArn: `arn:aws:sns:${REGION}:123456789012:alarms` },
    adopt: {
      role: {
        name: "EC2StartStopRole",
        path: "/service-role/",
        description: 'Made in the console: "${what}"',
        keepPolicyArns: ["arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"],
      },
      functions: {
        stop: {
          name: "AdoptedStop",
          logGroup: true,
          logGroupKmsKeyArn: `arn:aws:kms:${REGION}:123456789012:key/0b1c`,
        },
        start: { name: "AdoptedStart" },
      },
      schedules: {
        "dev-stop": { rule: "NightlyStop", targetId: "Id-1" },
        "dev-stop.again": { rule: "LateStop", targetId: "Id-2" },
      },
    },
  },
  "adopted-schedules": {
    name: "adopted-schedules",
    region: REGION,
    trigger: "scheduler",
    targets: { dev: { instanceIds: [FIRST], checks: { tcp: [443] } } },
    schedules: {
      "dev-start": { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" },
      "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
    },
    alerts: { email: "ops@example.com", missedFirings: false },
    followUps: true,
    adopt: {
      role: { name: "SchedulesRole", path: "/service-role/" },
      schedules: {
        "dev-start": { group: "default", name: "MorningStart" },
        "dev-stop": { group: "default", name: "NightlyStop" },
      },
    },
  },
};

import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type Ec2StartStopProps, findProblems, formatProblem } from "../../constructs";
import { tagFilters } from "../../contract/instance-search";
import { EMAIL } from "../../contract/patterns";
import { printedSeed, propertyRuns } from "../support/property";
import { instanceIds, OFFICE, PAIR } from "../support/props";

type Changes = Readonly<Record<string, unknown>>;

/** Returns the problems of valid props with these changes, one per line. JavaScript callers may pass wrong types. */
function problemsWith(changes: Changes): string[] {
  return findProblems({ ...PAIR, ...changes } as unknown as Ec2StartStopProps).map(formatProblem);
}

function problemsOfTarget(target: Changes): string[] {
  return problemsWith({ targets: { ...PAIR.targets, other: target } });
}

function problemsOfSchedule(schedule: Changes, more: Changes = {}): string[] {
  const good = { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" };
  return problemsWith({ ...more, schedules: { one: { ...good, ...schedule } } });
}

describe("valid props", () => {
  it.each([
    ["a pair", PAIR],
    ["with everything", OFFICE],
    ["by EventBridge Scheduler", { ...OFFICE, trigger: "scheduler" as const }],
  ])("have no problem: %s", (_, props) => {
    expect(findProblems(props)).toEqual([]);
  });
});

describe("several mistakes", () => {
  it("are all found in one run, each with its path", () => {
    const problems = findProblems({
      region: "seoul",
      timezone: "Asia/Soul",
      targets: { dev: { instanceIds: ["i-123"] }, empty: {} },
      schedules: {
        one: { action: "stop", targets: "dve", expression: "cron(0 11 ? * MON-FRIN *)", timezone: "UTC" },
        two: { running: "MON-FRI 8-20", targets: ["dev"], holidays: "kr", timezone: "UTC", latestMinutes: 1 },
      },
      holidays: { us: ["2027-02-30"] },
      functions: { timeoutSeconds: 901 },
    });
    expect(problems.map(({ path }) => path)).toEqual([
      "region",
      "timezone",
      "functions.timeoutSeconds",
      "targets.dev.instanceIds[0]",
      "targets.empty",
      "holidays.us[0]",
      "schedules.one.targets",
      "schedules.one.expression",
      "schedules.two.holidays",
      "schedules.two.latestMinutes",
      "schedules.two.running",
    ]);
  });
});

describe("settings", () => {
  it.each<[Changes, string]>([
    [{ name: "my dev" }, '`name`: expected letters, digits, `-` and `_`, got "my dev"'],
    [
      { region: "ap-northeast2" },
      '`region`: expected an AWS region code such as `ap-northeast-2`, got "ap-northeast2"',
    ],
    [{ region: undefined }, "`region`: expected an AWS region code, such as ap-northeast-2, got nothing"],
    [
      { trigger: "schedular" },
      '`trigger`: expected event-rule or scheduler, got the text "schedular" (did you mean scheduler?)',
    ],
    [{ code: "tar" }, '`code`: expected archive or zip, got the text "tar"'],
    [
      { functions: { memoryMb: 64 } },
      "`functions.memoryMb`: expected a whole number of MB from 128 to 10,240, got 64",
    ],
    [
      { functions: { timeoutSeconds: 1.5 } },
      "`functions.timeoutSeconds`: expected seconds as a whole number, got the number 1.5",
    ],
    [
      { functions: { runtime: "nodejs18.x" } },
      '`functions.runtime`: expected a Node.js runtime of Lambda from `nodejs20.x` on, got "nodejs18.x"',
    ],
    ...[
      ["arm", "arm64"],
      ["aarch64", "arm64"],
      ["AMD64", "x86_64"],
      ["x64", "x86_64"],
      ["x86_65", "x86_64"],
    ].map(([architecture, meant]): [Changes, string] => [
      { functions: { architecture } },
      `\`functions.architecture\`: expected arm64 or x86_64, got the text "${architecture}" (did you mean ${meant}?)`,
    ]),
    ...["node22", "nodejs22", "NODEJS_22_X", "node-22.x"].map((runtime): [Changes, string] => [
      { functions: { runtime } },
      `\`functions.runtime\`: expected a Node.js runtime of Lambda from \`nodejs20.x\` on, got "${runtime}" (did you mean nodejs22.x?)`,
    ]),
    [
      { functions: { runtime: "python3.13" } },
      '`functions.runtime`: expected a Node.js runtime of Lambda from `nodejs20.x` on, got "python3.13"',
    ],
    [
      { alerts: { snsTopicArn: "arn:aws:sns:us-east-1:123456789012:alerts" } },
      "`alerts.snsTopicArn`: expected a topic in the region of the functions, ap-northeast-2, got one in us-east-1",
    ],
    [
      { alerts: { snsTopicArn: "arn:aws-cn:sns:ap-northeast-2:123456789012:alerts" } },
      '`alerts.snsTopicArn`: expected an ARN of the partition of ap-northeast-2, arn:aws:..., got "arn:aws-cn:sns:ap-northeast-2:123456789012:alerts"',
    ],
    [
      { kmsKeyArns: ["arn:aws-cn:kms:cn-north-1:123456789012:key/0a1b"] },
      '`kmsKeyArns[0]`: expected an ARN of the partition of ap-northeast-2, arn:aws:..., got "arn:aws-cn:kms:cn-north-1:123456789012:key/0a1b"',
    ],
    [
      { permissionsBoundaryArn: "arn:aws-us-gov:iam::123456789012:policy/boundary" },
      '`permissionsBoundaryArn`: expected an ARN of the partition of ap-northeast-2, arn:aws:..., got "arn:aws-us-gov:iam::123456789012:policy/boundary"',
    ],
    [
      { adopt: { role: { name: "role", keepPolicyArns: ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] } } },
      '`adopt.role.keepPolicyArns[0]`: expected an ARN of the partition of ap-northeast-2, arn:aws:..., got "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"',
    ],
    [
      {
        adopt: {
          functions: {
            stop: { name: "stopper", logGroupKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0a1b" },
          },
        },
      },
      "`adopt.functions.stop.logGroupKmsKeyArn`: expected a key in the region of the functions, ap-northeast-2, got one in us-east-1",
    ],
    [
      { functions: { stopName: "a.b" } },
      '`functions.stopName`: expected letters, digits, `-` and `_`, got "a.b"',
    ],
    [{ alerts: {} }, "`alerts`: expected `snsTopicArn` or `email`, got neither"],
    [{ alerts: { email: "nobody" } }, '`alerts.email`: expected an e-mail address, got "nobody"'],
    [
      { alerts: { snsTopicArn: "arn:aws:sns:us-east-1:123456789012:t.fifo" } },
      '`alerts.snsTopicArn`: expected the ARN of a standard SNS topic, got "arn:aws:sns:us-east-1:123456789012:t.fifo"',
    ],
    [
      { kmsKeyArns: ["alias/ebs"] },
      '`kmsKeyArns[0]`: expected the ARN of a KMS key (not of an alias, which IAM does not match), got "alias/ebs"',
    ],
    [
      { permissionsBoundaryArn: "boundary" },
      '`permissionsBoundaryArn`: expected the ARN of an IAM policy, got "boundary"',
    ],
    [
      { allowedAccountIds: ["1234"] },
      '`allowedAccountIds[0]`: expected an AWS account id of 12 digits (quoted, where it begins with 0), got "1234"',
    ],
    ...(
      [
        [
          { subnetIds: [], securityGroupIds: ["sg-0123456789abcdef0"] },
          "`functions.vpc.subnetIds`: expected 1 to 16 ids, got none",
        ],
        [
          { subnetIds: ["subnet-01234567"], securityGroupIds: ["web"] },
          '`functions.vpc.securityGroupIds[0]`: expected the id of a security group such as `sg-0123456789abcdef0`, got "web"',
        ],
        [
          {
            subnetIds: ["subnet-01234567"],
            securityGroupIds: Array.from({ length: 6 }, (_, index) => `sg-0000000${index}`),
          },
          "`functions.vpc.securityGroupIds`: expected 1 to 5 ids, got 6",
        ],
        [
          { subnetIds: ["subnet-01234567", "subnet-01234567"], securityGroupIds: ["sg-01234567"] },
          '`functions.vpc.subnetIds[1]`: expected each id once, got "subnet-01234567" again',
        ],
        [
          { subnetIds: ["subnet-01234567"] },
          "`functions.vpc.securityGroupIds`: expected a list of ids of security groups, got nothing",
        ],
      ] as const
    ).map(([vpc, expected]): [Changes, string] => [{ functions: { vpc } }, expected]),
    [
      { functions: { tracing: "Active" } },
      '`functions.tracing`: expected true or false, got the text "Active"',
    ],
    [
      { functions: { reservedConcurrency: 0 } },
      "`functions.reservedConcurrency`: expected a whole number of runs at a time from 1 to 1,000, got 0",
    ],
    [
      { functions: { logLevel: "warning" } },
      '`functions.logLevel`: expected TRACE or DEBUG or INFO or WARN or ERROR or FATAL, got the text "warning" (did you mean WARN?)',
    ],
    [
      { functions: { logGroupKmsKeyArn: "alias/logs" } },
      '`functions.logGroupKmsKeyArn`: expected the ARN of a KMS key (not of an alias, which may change its key), got "alias/logs"',
    ],
    [
      { functions: { logGroupKmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0a1b" } },
      "`functions.logGroupKmsKeyArn`: expected a key in the region of the functions, ap-northeast-2, got one in us-east-1",
    ],
    [{ rolePath: "ops" }, '`rolePath`: expected a path such as `/teams/ops/`, got "ops"'],
    [{ roleArn: "functions" }, '`roleArn`: expected the ARN of an IAM role, got "functions"'],
    [
      { roleArn: "arn:aws-cn:iam::123456789012:role/r" },
      '`roleArn`: expected an ARN of the partition of ap-northeast-2, arn:aws:..., got "arn:aws-cn:iam::123456789012:role/r"',
    ],
    [
      { roleArn: "arn:aws:iam::123456789012:role/r", adopt: { role: { name: "r" } } },
      "`roleArn`: expected no role of your own beside `adopt.role`, which becomes the functions' role, got both",
    ],
    [
      { schedulerRoleArn: "arn:aws:iam::123456789012:role/r" },
      "`schedulerRoleArn`: expected `trigger: scheduler` or `followUps`, which use that role, got neither",
    ],
    [{ maxInstances: 0 }, "`maxInstances`: expected a whole number of instances from 1 to 100,000, got 0"],
    [
      { holdTag: "AWS:hold" },
      '`holdTag`: expected a tag key that does not begin with `aws:`, which AWS reserves, got "AWS:hold"',
    ],
    [
      { holdTag: "Environment", targets: { dev: { tags: { Environment: "dev" } } } },
      '`targets.dev.tags.Environment`: expected a tag other than `holdTag`, whose value would hold each instance for ever, got "Environment"',
    ],
    [
      { targets: { dev: { tags: { Team: "a", "ec2-start-stop:hold": "" } } } },
      '`targets.dev.tags["ec2-start-stop:hold"]`: expected a tag other than `holdTag`, whose value would hold each instance for ever, got "ec2-start-stop:hold"',
    ],
    [{ holdTag: "" }, "`holdTag`: expected a tag key of 1 to 128 characters, got 0 characters"],
    [
      { tags: { "aws:team": "x" } },
      '`tags["aws:team"]`: expected a tag key that does not begin with `aws:`, which AWS reserves, got "aws:team"',
    ],
  ])("must hold: %j", (changes, expected) => {
    expect(problemsWith(changes)).toEqual([expected]);
  });

  it("may not set both destinations of alerts", () => {
    const alerts = { email: "a@example.com", snsTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alerts" };
    expect(problemsWith({ alerts })).toEqual([
      "`alerts`: expected `snsTopicArn` or `email`, not both: subscribe the address to the topic, got both",
    ]);
  });

  it("for log retention are the periods of CloudWatch Logs", () => {
    expect(problemsWith({ functions: { logRetentionDays: 31 } })[0]).toMatch(
      /^`functions.logRetentionDays`: expected a number of days that CloudWatch Logs knows \(1, 3, 5, .*3653\), got 31$/,
    );
  });
});

describe("start and end dates", () => {
  const scheduler = { trigger: "scheduler" };

  it("are days in the schedule's zone, or instants", () => {
    const dates = (startDate: string, endDate: string) =>
      problemsOfSchedule({ startDate, endDate }, scheduler);
    expect(dates("2027-01-04", "2027-01-04")).toEqual([]);
    expect(dates("2027-01-04T08:00", "2027-12-31T18:00+09:00")).toEqual([]);
  });

  it.each<[Changes, Changes, string]>([
    [
      { startDate: "2027-02-30" },
      scheduler,
      '`schedules.one.startDate`: expected a date as yyyy-mm-dd, or a date-time such as 2027-01-04T08:00, got "2027-02-30"',
    ],
    [
      { endDate: "2027-12-31" },
      {},
      "`schedules.one.endDate`: expected `trigger: scheduler`, since EventBridge rules have neither a start nor an end date, got event-rule",
    ],
    [
      { startDate: "2027-02-01", endDate: "2027-01-31" },
      scheduler,
      '`schedules.one.endDate`: expected a time after the startDate, 2027-01-31T15:00:00.000Z, got "2027-01-31"',
    ],
    [
      { expression: "at(2027-02-01T08:00:00)", startDate: "2027-01-01" },
      scheduler,
      '`schedules.one.startDate`: expected none, since at(...) fires once: EventBridge Scheduler ignores its dates, got "2027-01-01"',
    ],
  ])("must hold: %j with %j", (schedule, more, expected) => {
    expect(problemsOfSchedule(schedule, more)).toEqual([expected]);
  });

  it("of windows are days, since a window belongs to the day on which it starts", () => {
    const windows = { running: "MON-FRI 08:00-20:00", targets: "dev", endDate: "2027-01-04T12:00" };
    expect(problemsWith({ ...scheduler, schedules: { one: windows } })).toEqual([
      '`schedules.one.endDate`: expected a date as yyyy-mm-dd, since a window belongs to the day on which it starts, got "2027-01-04T12:00"',
    ]);
  });

  it("keep apart what would come too close: the summer's last stop and the winter's first start", () => {
    const start = {
      action: "start",
      targets: "dev",
      expression: "cron(0 8 ? * * *)",
      startDate: "2027-09-01",
    };
    const stop = { action: "stop", targets: "dev", expression: "cron(59 7 ? * * *)" };
    const problems = (more: Changes) =>
      problemsWith({ ...scheduler, schedules: { start, stop: { ...stop, ...more } } }).length;
    expect([problems({}), problems({ endDate: "2027-09-01" }), problems({ endDate: "2027-08-31" })]).toEqual([
      1, 1, 0,
    ]);
    const midnight = { ...stop, expression: "cron(59 23 ? * * *)", endDate: "2027-08-31" };
    const early = { ...start, expression: "cron(0 0 ? * * *)" };
    expect(problemsWith({ ...scheduler, schedules: { start: early, stop: midnight } })).toEqual([
      expect.stringMatching(/^`schedules.stop`: expected more than 2 minutes before `start` .*, got 1$/),
    ]);
  });
});

describe("targets", () => {
  it.each<[Changes, string]>([
    [{}, "`targets.other`: expected `instanceIds`, `tags` or both, or `all: true`, got neither"],
    [{ instanceIds: [] }, "`targets.other.instanceIds`: expected at least one instance id, got none"],
    [
      { instanceIds: [], tags: { Team: "web" } },
      "`targets.other.instanceIds`: expected at least one instance id, or no `instanceIds` at all, got none",
    ],
    [
      { instanceIds: ["i-0123456789ABCDEF0"] },
      '`targets.other.instanceIds[0]`: expected an instance id: `i-` and 17 (or 8) hexadecimal digits, got "i-0123456789ABCDEF0"',
    ],
    [
      { instanceIds: ["i-00000001", "i-00000002", "i-00000001"] },
      '`targets.other.instanceIds[2]`: expected each instance id once, got "i-00000001" again, as at index 0',
    ],
    [
      { instanceIds: ["i-00000001"], regions: ["us-east-1", "us-west-2"] },
      "`targets.other.regions`: expected one region, since instance ids live in one: make a target for each region, or name them by `tags`, got 2 regions",
    ],
    [{ tags: {} }, "`targets.other.tags`: expected at least one tag, or no such setting at all, got none"],
    [{ tags: { Env: [] } }, "`targets.other.tags.Env`: expected at least one value, got none"],
    [
      { tags: { Env: "x".repeat(257) } },
      "`targets.other.tags.Env`: expected a tag value of at most 256 characters, got 257 characters",
    ],
    [{ tags: { Env: ["a", "a"] } }, '`targets.other.tags.Env[1]`: expected each value once, got "a" again'],
    [
      { tags: { Env: "a", env: "b" } },
      '`targets.other.tags.env`: expected keys that differ by more than upper and lower case, which IAM cannot tell apart, got "Env"',
    ],
    [
      { tags: { "${aws:username}": "a" } },
      '`targets.other.tags["${aws:username}"]`: expected a tag key without `${`, which IAM reads as a policy variable, got "${aws:username}"',
    ],
    [
      { tags: { Env: "a" }, regions: ["us-east"] },
      '`targets.other.regions[0]`: expected an AWS region code such as `ap-northeast-2`, got "us-east"',
    ],
    [
      { tags: { Env: "a" }, regions: ["ap-northeast-2", "cn-north-1"] },
      '`targets.other.regions[1]`: expected a region of the partition of ap-northeast-2, aws, got "cn-north-1" of aws-cn',
    ],
    [
      { instanceIds: ["i-00000001"], regions: ["us-gov-west-1"] },
      '`targets.other.regions[0]`: expected a region of the partition of ap-northeast-2, aws, got "us-gov-west-1" of aws-us-gov',
    ],
    [
      { all: true, tags: { Env: "a" } },
      "`targets.other.all`: expected no `instanceIds` and `tags` beside it, since it has them too, got `tags`",
    ],
    [{ all: false }, "`targets.other.all`: expected true, got false"],
    [{ tags: { Env: {} } }, "`targets.other.tags.Env`: expected either `like` or `any`, got neither"],
    [
      { tags: { Env: { any: true, like: "a*" } } },
      "`targets.other.tags.Env`: expected either `like` or `any`, got both",
    ],
    [{ tags: { Env: { any: false } } }, "`targets.other.tags.Env.any`: expected true, got false"],
    [
      { tags: { Env: { prefix: "a" } } },
      '`targets.other.tags.Env.prefix`: expected one of the keys like, any, got the unknown key "prefix"',
    ],
    [
      { tags: { Env: { like: "web" } } },
      '`targets.other.tags.Env.like`: expected a pattern with `*` or `?`: write a literal value without `like`, got "web"',
    ],
    [
      { tags: { Env: ["b", { like: "web\\*" }] } },
      '`targets.other.tags.Env[1].like`: expected a pattern with `*` or `?`: write a literal value without `like`, got "web\\\\*"',
    ],
    [
      { tags: { Env: { like: "*" } } },
      '`targets.other.tags.Env.like`: expected `{ any: true }` for every value, got "*"',
    ],
    [
      { exclude: { Env: { like: "a\\b*" } }, tags: { Env: "a" } },
      '`targets.other.exclude.Env.like`: expected a backslash only before `*`, `?` or another backslash, got "a\\\\b*"',
    ],
    [
      { tags: { Env: { like: `${"x".repeat(256)}*` } } },
      "`targets.other.tags.Env.like`: expected a tag value of at most 256 characters, got 257 characters",
    ],
    [
      { tags: { Env: { like: "漢*" } } },
      '`targets.other.tags.Env`: expected characters up to U+00FF, since IAM policies take no others: use another tag, or `instanceIds`, got "漢*"',
    ],
    [
      { tags: { Env: ["a", { any: true }] } },
      "`targets.other.tags.Env[1]`: expected `any` alone, since it has the other values too, got 2 values",
    ],
    [
      { tags: { Env: [{ like: "a*" }, { like: "a*" }] } },
      '`targets.other.tags.Env[1]`: expected each value once, got {"like":"a*"} again',
    ],
    [
      { tags: { Env: ["a", { like: "web-1*" }] }, exclude: { Env: ["a", { like: "web-*" }] } },
      "`targets.other.exclude.Env`: expected exclusions that leave some of what `tags` demands of this key, got all of it",
    ],
    [
      { tags: { Env: "a" }, exclude: { env: { any: true } } },
      '`targets.other.exclude.env`: expected keys that differ by more than upper and lower case, which IAM cannot tell apart, got "Env"',
    ],
  ])("must hold: %j", (target, expected) => {
    expect(problemsOfTarget(target)).toEqual([expected]);
  });

  it("may have values by pattern, any value, and all instances", () => {
    const tags = { Name: ["db", { like: "web-*" }, { like: "a\\*?" }], Owner: { any: true } };
    expect(problemsOfTarget({ tags, exclude: { Name: { like: "web-1*" } } })).toEqual([]);
    expect(problemsOfTarget({ all: true, exclude: { Keep: { any: true } }, regions: ["us-east-1"] })).toEqual(
      [],
    );
  });

  it("cannot be found by tags that an IAM policy cannot contain, but exclude by them", () => {
    expect(problemsOfTarget({ tags: { Team: "café" }, exclude: { 보호: "예" } })).toEqual([]);
    expect(problemsOfTarget({ tags: { 환경: "dev" } })).toEqual([
      '`targets.other.tags["환경"]`: expected characters up to U+00FF, since IAM policies take no others: use another tag, or `instanceIds`, got "환경"',
    ]);
  });

  it("may have the tags of AWS, empty values and any literal text", () => {
    const tags = { "aws:cloudformation:stack-name": "web", Note: ["", "*", '${file("x")}', "a b"] };
    expect(problemsOfTarget({ tags })).toEqual([]);
  });

  it("must be some", () => {
    expect(problemsWith({ targets: {} })).toContain("`targets`: expected at least one target, got none");
  });
});

describe("checks of a target", () => {
  const problemsOfChecks = (checks: unknown) =>
    problemsOfTarget({ instanceIds: ["i-0123456789abcdef0"], checks });

  it("may be units, ports and a command of several lines", () => {
    const systemd = ["nginx", "postgresql@16-main.service", "dev-disk-by\\\\x2dlabel.mount"];
    expect(problemsOfChecks({ systemd, tcp: [1, 65_535], command: "set -e\n\ttest -f /run/ok" })).toEqual([]);
  });

  it.each<[unknown, string]>([
    [{}, "`targets.other.checks`: expected `systemd`, `tcp` or `command`, got none of them"],
    [
      { systemd: [] },
      "`targets.other.checks.systemd`: expected at least one entry, or no such setting at all, got none",
    ],
    [
      { systemd: ["nginx", "--now"] },
      '`targets.other.checks.systemd[1]`: expected the name of a systemd unit, such as `nginx`, got "--now"',
    ],
    [
      { systemd: ["a; reboot"] },
      '`targets.other.checks.systemd[0]`: expected the name of a systemd unit, such as `nginx`, got "a; reboot"',
    ],
    [
      { systemd: ["nginx", "nginx"] },
      '`targets.other.checks.systemd[1]`: expected each unit once, got "nginx" again',
    ],
    [{ tcp: [0] }, "`targets.other.checks.tcp[0]`: expected a TCP port from 1 to 65,535, got 0"],
    [{ tcp: [65_536] }, "`targets.other.checks.tcp[0]`: expected a TCP port from 1 to 65,535, got 65536"],
    [
      { tcp: [80.5] },
      "`targets.other.checks.tcp[0]`: expected a TCP port as a whole number, got the number 80.5",
    ],
    [{ tcp: [80, 80] }, "`targets.other.checks.tcp[1]`: expected each port once, got 80 again"],
    [
      { tcp: [-1e300] },
      "`targets.other.checks.tcp[0]`: expected a value that is known at synth, got a Terraform token",
    ],
    [{ command: " \n" }, '`targets.other.checks.command`: expected a shell command, got " \\n"'],
    [
      { command: "a\u0000b" },
      '`targets.other.checks.command`: expected text without control characters, got "a\\u0000b"',
    ],
    [
      { command: "x".repeat(1025) },
      "`targets.other.checks.command`: expected a command of at most 1,024 characters: put a longer one into a script on the instance, got 1,025",
    ],
    [
      { tcp: Array.from({ length: 20 }, (_, port) => port + 1), command: "true" },
      "`targets.other.checks`: expected at most 20 units, ports and commands; a `command` may look at several, got 21",
    ],
  ])("must hold: %j", (checks, expected) => {
    expect(problemsOfChecks(checks)).toEqual([expected]);
  });

  it("count in the size of a start function's environment, not of a stop's, and of no request", () => {
    const names = Array.from({ length: 9 }, (_, index) => `t${index}`);
    const target = { tags: { Team: "web" } };
    const checks = (name: string) => ({ command: name.padEnd(1_000, "x") });
    const targets = Object.fromEntries(names.map((name) => [name, { ...target, checks: checks(name) }]));
    const schedule = { targets: names, expression: "cron(0 20 ? * MON-FRI *)", enabled: false };
    const problems = (action: string) =>
      problemsWith({ targets, schedules: { one: { ...schedule, action } } });
    expect(problems("stop")).toEqual([]);
    expect(problems("start")).toEqual([
      expect.stringMatching(
        /^`targets`: expected all targets of the start schedules .* 4,096 bytes of environment .*; put long commands into scripts on the instances, got 9,\d{3} bytes$/,
      ),
    ]);
  });

  it.each([[null], ["nginx"], [{ systemd: 5 }], [{ tcp: "80" }], [{ command: ["true"] }]])(
    "of a wrong type end nothing: %j",
    (checks) => {
      expect(() => problemsOfChecks(checks)).not.toThrow();
    },
  );
});

describe("schedules", () => {
  it.each<[Changes, RegExp]>([
    [
      { targets: "dve" },
      /^`schedules.one.targets`: expected the name of a target \(dev\), got "dve" \(did you mean dev\?\)$/,
    ],
    [
      { targets: ["dev", "prod"] },
      /^`schedules.one.targets\[1\]`: expected the name of a target \(dev\), got "prod"$/,
    ],
    [
      { targets: "constructor" },
      /^`schedules.one.targets`: expected the name of a target \(dev\), got "constructor"$/,
    ],
    [{ targets: [] }, /^`schedules.one.targets`: expected the name of at least one target, got none$/],
    [
      { targets: ["dev", "dev"] },
      /^`schedules.one.targets\[1\]`: expected each target once, got "dev" again$/,
    ],
    [
      { holidays: "__proto__" },
      /^`schedules.one.holidays`: expected the name of a calendar in `holidays`, got "__proto__"$/,
    ],
    [{ action: "halt" }, /^`schedules.one.action`: expected start or stop, got the text "halt"$/],
    [
      { expression: undefined },
      /^`schedules.one`: expected `running`, or `action` with `expression`, got no `expression`$/,
    ],
    [
      { running: "daily 08:00-20:00" },
      /^`schedules.one`: expected either `running`, or `action` with `expression`, got both$/,
    ],
    [
      { expression: "cron(0 11 ? * MON-FRIN *)" },
      /^`schedules.one.expression`: expected .* in day-of-week, got .*FRIN/,
    ],
    [{ timezone: "KST" }, /^`schedules.one.timezone`: expected .*Area\/City.*, got "KST".*Asia\/Seoul/],
    [
      { latestMinutes: 1 },
      /^`schedules.one.latestMinutes`: expected a whole number of minutes from 2 to 1,440, got 1$/,
    ],
    [
      { latestMinutes: { toString: "x" } as never },
      /^`schedules.one.latestMinutes`: expected minutes as a whole number, got a mapping with the key toString$/,
    ],
    [
      { description: "x".repeat(513) },
      /^`schedules.one.description`: expected at most 512 characters, got 513 characters$/,
    ],
    [
      { expression: "at(2027-01-01T08:00:00)" },
      /^`schedules.one.expression`: expected .*`trigger: scheduler`.*one-time/,
    ],
    [
      { timezone: "America/New_York" },
      /^`schedules.one.expression`: expected .*`trigger: scheduler`.*America\/New_York/,
    ],
  ])("must hold: %j", (schedule, expected) => {
    const problems = problemsOfSchedule(schedule);
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it("may be once, or in a zone whose clocks change, with EventBridge Scheduler", () => {
    const more = { trigger: "scheduler" };
    expect(problemsOfSchedule({ expression: "at(2027-01-01T08:00:00)" }, more)).toEqual([]);
    expect(problemsOfSchedule({ timezone: "America/New_York" }, more)).toEqual([]);
  });

  it("report a wrong zone of the config once", () => {
    const paths = findProblems({ ...PAIR, timezone: "Asia/Soul" }).map(({ path }) => path);
    expect(paths).toEqual(["timezone"]);
  });

  it("must leave the least event ages of AWS before the opposite action", () => {
    const problems = (minute: number) =>
      problemsWith({
        schedules: {
          stop: { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" },
          start: { action: "start", targets: "dev", expression: `cron(${minute} 20 ? * MON-FRI *)` },
        },
      });
    expect(problems(3)).toEqual([]);
    expect(problems(2)).toEqual([
      "`schedules.stop`: expected more than 2 minutes before `start` does the opposite to some of its targets, as AWS may wait that long, got 2",
    ]);
  });

  it("may warn only of stops, by a topic, at a time that is exact", () => {
    const alerts = { email: "ops@example.com" };
    const problem = (schedule: Changes, more: Changes = { alerts }) =>
      problemsOfSchedule({ warnMinutes: 30, ...schedule }, more);
    const place = "`schedules.one.warnMinutes`: expected";
    expect(problem({})).toEqual([]);
    expect(problem({}, {})).toEqual([`${place} \`alerts\`, whose topic a warning is sent to, got none`]);
    expect(problem({ action: "start" })).toEqual([
      `${place} a stop, or \`running\` windows, to warn of, got a start`,
    ]);
    expect(problem({ warnMinutes: 1441 })).toEqual([
      `${place} a whole number of minutes from 1 to 1,440, got 1441`,
    ]);
    const exact = `${place} times with an exact form 30 minutes earlier, got`;
    expect(problem({ expression: "rate(1 day)" })).toEqual([
      `${exact} "rate(1 day)" in Asia/Seoul: a rate counts from its deployment`,
    ]);
    expect(problem({ expression: "cron(0 0 ? * 2#1 *)", timezone: "UTC" })).toEqual([
      `${exact} "cron(0 0 ? * 2#1 *)" in UTC: no cron expression fires exactly so much earlier`,
    ]);
  });

  it("must differ in name from the warnings of others", () => {
    const schedules = {
      one: { ...PAIR.schedules["dev-stop"], warnMinutes: 30 },
      "one-warn": PAIR.schedules["dev-start"],
    };
    expect(problemsWith({ schedules, alerts: { email: "ops@example.com" } })).toEqual([
      '`schedules.one-warn`: expected names that differ from those of `schedules.one`, got "one-warn"',
    ]);
  });

  it("must have a latestMinutes that ends before the opposite action", () => {
    const start = { action: "start", targets: "dev", expression: "cron(0 8 ? * MON-FRI *)" } as const;
    const stop = { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" } as const;
    const problems = (latestMinutes: number) =>
      problemsWith({ schedules: { start, stop: { ...stop, latestMinutes } } });
    expect(problems(719)).toEqual([]);
    expect(problems(720)).toEqual([
      "`schedules.stop.latestMinutes`: expected fewer than 720 minutes, since `start` does the opposite to some of its targets 720 minutes later, got 720",
    ]);
  });
});

describe("names", () => {
  const stop = PAIR.schedules["dev-stop"];

  it("may be those of Object.prototype", () => {
    const named = JSON.parse(
      '{"__proto__": {"tags": {"__proto__": "x"}}, "constructor": {"instanceIds": ["i-00000001"]}}',
    );
    const schedules = JSON.parse(
      `{"__proto__": ${JSON.stringify({ ...stop, targets: ["__proto__", "constructor"], holidays: "__proto__" })}}`,
    );
    const holidays = JSON.parse('{"__proto__": ["2027-01-01"]}');
    expect(problemsWith({ targets: named, schedules, holidays })).toEqual([]);
  });

  it("must be valid in AWS", () => {
    expect(problemsWith({ schedules: { "a b": stop } })).toEqual([
      '`schedules["a b"]`: expected a name of letters, digits, `.`, `-` and `_`, got "a b"',
    ]);
  });

  it("must leave room for the derived names", () => {
    const adopt = { role: { name: "role" } };
    const problems = problemsWith({ name: "n".repeat(48), adopt, schedules: { ["s".repeat(16)]: stop } });
    expect(problems).toEqual([
      expect.stringMatching(
        /^`name`: expected a shorter name, so that the stop function's name has at most 64 characters, got "n+-StopEC2Instances" of 65$/,
      ),
      expect.stringMatching(
        /^`schedules.s+`: expected a shorter name, so that its rule's has at most 64 characters, got "n+\.s+" of 65$/,
      ),
    ]);
  });

  it.each([
    ["-functions-ap-northeast-2", { functions: { stopName: "stop", startName: "start" } }],
    ["-functions-ap-northeast-2-0b76e3", { rolePath: "/teams/ops/" }],
    ["-scheduler-ap-northeast-2", { adopt: { role: { name: "role" } }, followUps: true }],
    [
      "-followups",
      {
        functions: { stopName: "stop", startName: "start" },
        adopt: { role: { name: "role" } },
        schedulerRoleArn: "arn:aws:iam::123456789012:role/own-scheduler",
        followUps: true,
      },
    ],
  ] as const)("must leave room for %s", (suffix, others) => {
    const name = "n".repeat(65 - suffix.length);
    const schedules = { s: stop };
    expect(problemsWith({ name, schedules, ...others })).toEqual([
      expect.stringContaining(`got "${name}${suffix}" of 65`),
    ]);
    expect(problemsWith({ name: name.slice(1), schedules, ...others })).toEqual([]);
  });

  it("must differ from that of the watch, where there is one", () => {
    const schedules = { watch: stop, start: PAIR.schedules["dev-start"] };
    const alerts = { email: "ops@example.com" };
    expect(problemsWith({ schedules, alerts })).toEqual([
      '`schedules.watch`: expected a name other than `watch`, which the watch for missed firings has; or `missedFirings: false`, got "watch"',
    ]);
    expect(problemsWith({ schedules, alerts: { ...alerts, missedFirings: false } })).toEqual([]);
    expect(problemsWith({ schedules })).toEqual([]);
  });

  it("must differ from the names of windows and of further rules", () => {
    const window = { running: "MON-FRI 08:00-20:00", targets: "dev" };
    expect(problemsWith({ schedules: { a: window, "a-start": { ...stop, action: "start" } } })).toEqual([
      '`schedules.a-start`: expected names that differ from those of `schedules.a`, got "a-start"',
      expect.stringContaining("got a-start starts and a-stop stops target dev in the same minute"),
    ]);
    const split = { ...stop, expression: "cron(0/30 8-18 ? * MON-FRI *)" };
    expect(problemsWith({ schedules: { "a-2": stop, a: split } })).toEqual([
      '`schedules.a`: expected names that differ from those of `schedules.a-2`, got "a-2", one of the UTC rules it needs',
    ]);
  });

  it("of the functions must differ", () => {
    expect(problemsWith({ functions: { stopName: "same", startName: "same" } })).toEqual([
      '`functions.startName`: expected a name other than the stop function\'s, got "same"',
    ]);
  });

  it("cannot be AWS's own schedule group", () => {
    expect(problemsWith({ name: "default", trigger: "scheduler" })).toEqual([
      '`name`: expected a name other than `default`, which is AWS\'s own schedule group, got "default"',
    ]);
  });
});

describe("limits of AWS", () => {
  const both = (targets: Changes) => ({ targets: { dev: targets } });

  it("allow about 140 exact instances in the role's policy", () => {
    expect(problemsWith(both({ instanceIds: instanceIds(130) }))).toEqual([]);
    expect(problemsWith(both({ instanceIds: instanceIds(150) }))).toEqual([
      expect.stringMatching(
        /^`targets`: expected .* 10,240 characters of policy .*`tags` instead, got 1\d,\d{3} characters$/,
      ),
    ]);
  });

  it("allow 4 KB of environment for the targets that a function knows, whatever the number of their schedules", () => {
    const [stop, start] = [PAIR.schedules["dev-stop"], PAIR.schedules["dev-start"]];
    const named = { dev: { instanceIds: instanceIds(130) }, twin: { instanceIds: instanceIds(130) } };
    const schedules = { stop, start, off: { ...stop, targets: ["dev", "twin"], enabled: false } };
    expect(problemsWith({ targets: named, schedules })).toEqual([]);
    const problems = problemsWith(both({ instanceIds: instanceIds(200) }));
    expect(problems).toContainEqual(
      expect.stringMatching(
        /^`targets`: expected all targets of the stop schedules .* 4,096 bytes of environment .*`tags` instead, got 4,\d{3} bytes$/,
      ),
    );
  });

  it("allow 4 KB of environment for all schedules too, with follow-ups", () => {
    const named = both({ instanceIds: instanceIds(100) });
    expect(problemsWith(named)).toEqual([]);
    expect(problemsWith({ ...named, followUps: true })).toEqual(
      ["stop", "start"].map((action) =>
        expect.stringMatching(
          new RegExp(
            `^\`followUps\`: expected all schedules, .* ${action} function's 4,096 bytes of environment; .*\`tags\` .*, got 4,\\d{3} bytes, 2,\\d{3} of them in FOLLOW_UPS and SCHEDULES$`,
          ),
        ),
      ),
    );
    expect(problemsWith({ ...both({ instanceIds: instanceIds(80) }), followUps: true })).toEqual([]);
    const many = (count: number) => ({
      ...both({ tags: { Environment: "dev" } }),
      schedules: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`stop-${index}`, PAIR.schedules["dev-stop"]]),
      ),
      followUps: true,
    });
    expect(problemsWith(many(30))).toEqual([]);
    expect(problemsWith(many(40))).toEqual([expect.stringMatching(/^`followUps`: .* divide the config/)]);
    const beyond = problemsWith({ ...both({ instanceIds: instanceIds(200) }), followUps: true });
    expect(beyond.filter((problem) => problem.includes("of environment"))).toEqual(
      ["stop", "start"].map((action) => expect.stringContaining(`all targets of the ${action} schedules`)),
    );
  });

  it("allow about 70 schedules to the watch of rules, and more with EventBridge Scheduler", () => {
    const many = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `office-hours-stop-${index}`,
          { ...PAIR.schedules["dev-stop"], expression: `cron(${index % 60} 20 ? * MON-FRI *)` },
        ]),
      );
    const alerts = { email: "ops@example.com" };
    expect(problemsWith({ schedules: many(70), alerts })).toEqual([]);
    expect(problemsWith({ schedules: many(90), alerts })).toEqual([
      expect.stringMatching(
        /^`alerts.missedFirings`: expected names and expressions of all enabled schedules to fit in the watch's 8,192 characters .*`missedFirings: false`, got 10,\d{3} characters$/,
      ),
    ]);
    expect(problemsWith({ schedules: many(90), alerts, trigger: "scheduler" })).toEqual([]);
    expect(problemsWith({ schedules: many(90), alerts: { ...alerts, missedFirings: false } })).toEqual([]);
  });

  it("allow 8,192 characters of input for a rule, and more for EventBridge Scheduler", () => {
    const holidays = {
      long: Array.from({ length: 800 }, (_, day) =>
        new Date(1.8e12 + day * 864e5).toISOString().slice(0, 10),
      ),
    };
    const schedules = { start: { ...PAIR.schedules["dev-start"], holidays: "long" } };
    expect(problemsWith({ holidays, schedules })).toEqual([
      expect.stringMatching(
        /^`schedules.start`: expected a request .* at most 8,192 characters; .*, got 10,\d{3} characters$/,
      ),
    ]);
    expect(problemsWith({ holidays, schedules, trigger: "scheduler" })).toEqual([]);
  });

  it("allow 300 rules on a bus, and more schedules", () => {
    const schedules = Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [`s${index}`, PAIR.schedules["dev-stop"]]),
    );
    expect(problemsWith({ schedules })).toEqual([
      "`schedules`: expected at most 300 rules, AWS's limit for a bus; or `trigger: scheduler`, got 301 rules",
    ]);
    expect(problemsWith({ schedules, trigger: "scheduler" })).toEqual([]);
  });
});

describe("Terraform tokens", () => {
  const token = "${TfToken[TOKEN.7]}";

  it("are not checked", () => {
    const changes = {
      name: token,
      region: token,
      targets: {
        dev: { instanceIds: ["#{TfToken[TOKEN.1]}"] },
        one: { instanceIds: [token], tags: { Env: token } },
      },
      kmsKeyArns: ["#{TfToken[TOKEN.2]}"],
      alerts: { snsTopicArn: token },
      permissionsBoundaryArn: token,
      tags: { Team: token },
      functions: { timeoutSeconds: -1.8881545897087626e289 },
    };
    expect(problemsWith(changes)).toEqual([]);
  });
});

describe("props of any shape", () => {
  const anything = fc.anything({ withNullPrototype: true, maxDepth: 2 });
  const withAnything = fc.record(
    {
      name: anything,
      region: anything,
      timezone: anything,
      trigger: anything,
      functions: fc.oneof(
        anything,
        fc.record({ stopName: anything, runtime: anything }, { requiredKeys: [] }),
      ),
      targets: fc.oneof(
        anything,
        fc.dictionary(
          fc.string(),
          fc.record({ instanceIds: anything, tags: anything, regions: anything, exclude: anything }),
        ),
      ),
      schedules: fc.oneof(
        anything,
        fc.dictionary(
          fc.string(),
          fc.record(
            {
              action: fc.constantFrom("stop", 1),
              expression: fc.constantFrom("rate(1 day)", 2),
              targets: anything,
              holidays: anything,
              latestMinutes: anything,
              timezone: anything,
              running: anything,
              description: anything,
            },
            { requiredKeys: [] },
          ),
        ),
      ),
      holidays: anything,
      alerts: anything,
      kmsKeyArns: anything,
      tags: anything,
    },
    { requiredKeys: [] },
  );

  it("never make findProblems throw", () => {
    fc.assert(
      fc.property(withAnything, (props) => {
        expect(
          findProblems(props as unknown as Ec2StartStopProps).every(({ expected }) => expected !== ""),
        ).toBe(true);
      }),
      { numRuns: propertyRuns(500), seed: printedSeed("props of any shape") },
    );
  });
});

describe("settings of any type around valid targets and schedules", () => {
  const anything = fc.anything();
  const adopt = fc.record(
    {
      role: anything,
      functions: fc.oneof(anything, fc.record({ stop: anything })),
      schedules: fc.oneof(anything, fc.record({ "dev-stop": anything })),
    },
    { requiredKeys: [] },
  );
  const settings = fc.record(
    {
      adopt: fc.oneof(anything, adopt),
      alerts: fc.oneof(
        anything,
        fc.record({ email: anything, snsTopicArn: anything, missedFirings: anything }),
      ),
      allowedAccountIds: anything,
      events: anything,
      functions: anything,
      holdTag: anything,
      kmsKeyArns: anything,
      maxInstances: anything,
      name: anything,
      permissionsBoundaryArn: anything,
      tags: anything,
      trigger: fc.constantFrom("event-rule", "scheduler", 1),
    },
    { requiredKeys: [] },
  );

  it("never make findProblems throw", () => {
    fc.assert(
      fc.property(settings, (changes) => {
        expect(problemsWith(changes).every((line) => line.includes("expected"))).toBe(true);
      }),
      { numRuns: propertyRuns(200), seed: printedSeed("settings of any type") },
    );
  });
});

describe("a value from JavaScript", () => {
  const allOf = (props: unknown) => findProblems(props as Ec2StartStopProps).map(formatProblem);

  it.each([
    [
      { timezon: "Asia/Seoul" },
      '`timezon`: expected a known key, got the unknown key "timezon" (did you mean timezone?)',
    ],
    [
      { targets: { dev: { tags: { A: "b" }, exlude: { C: "d" } } } },
      "`targets.dev.exlude`: expected a known key",
    ],
    [{ functions: { timeout: 5 } }, "`functions.timeout`: expected one of the keys timeoutSeconds,"],
  ])("is refused for an unknown key with any value: %j", (changes, message) => {
    expect(problemsWith(changes)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ["functions", new Map([["timeoutSeconds", 5]]), "Map"],
    ["tags", new Date(0), "Date"],
    ["functions", Object("x"), "String"],
  ])("is refused if %s is no plain object: %s", (key, value, type) => {
    expect(problemsWith({ [key]: value })).toEqual([
      `\`${key}\`: expected a plain object, got an object of type ${type}`,
    ]);
  });

  it("may be an instance of a class", () => {
    class Settings {
      timeoutSeconds = 5;
    }
    expect(problemsWith({ functions: new Settings() })).toEqual([]);
  });

  it("may be undefined for a setting, not for a name", () => {
    expect(problemsWith({ timezone: undefined, functions: { memoryMb: undefined } })).toEqual([]);
    expect(problemsOfTarget({ tags: { A: "b", Owner: undefined } })).toEqual([
      expect.stringMatching(/^`targets\.other\.tags\.Owner`: expected .*, got nothing$/),
    ]);
    expect(problemsWith({ schedules: { ...PAIR.schedules, x: undefined } })).toEqual([
      expect.stringMatching(/^`schedules\.x`: expected .*, got nothing$/),
    ]);
  });

  it("is refused if it refers to itself", () => {
    const functions: Record<string, unknown> = {};
    functions["timeoutSeconds"] = functions;
    const targets: Record<string, unknown> = { ...PAIR.targets };
    targets["self"] = targets;
    expect(problemsWith({ functions })).toEqual([
      expect.stringMatching(/^`functions\.timeoutSeconds`: expected/),
    ]);
    expect(problemsWith({ targets })).toEqual([
      "`targets.self`: expected a value that does not hold itself, got one that does",
    ]);
  });

  it.each([
    [undefined, "nothing"],
    [null, "an empty value"],
    ["x", 'the text "x"'],
    [5, "the number 5"],
  ])("is refused as a whole: %s", (props, got) => {
    expect(allOf(props)).toEqual([`expected props: region, targets, schedules and more, by key, got ${got}`]);
  });
});

describe("frozen props", () => {
  it("are validated once, and callers cannot change their problems", () => {
    const props = Object.freeze({ ...PAIR, region: "seoul" });
    findProblems(props).pop();
    expect(findProblems(props)).toHaveLength(1);
  });
});

describe("thousands of targets", () => {
  const many = (count: number, id: (index: number) => string) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`t${index}`, { instanceIds: [id(index)] }]),
    );

  it("of one id are checked within seconds, alone and in one schedule", () => {
    const targets = many(8000, () => "i-00000001");
    const all = { targets: Object.keys(targets) };
    const began = process.cpuUsage();
    const problems = findProblems({
      region: "us-east-1",
      targets,
      schedules: {
        stop: { action: "stop", expression: "cron(0 20 * * ? *)", ...all },
        start: { action: "start", expression: "cron(0 8 * * ? *)", ...all },
      },
    });
    expect(problems).toEqual([]);
    // The time of the processor, since other tests run at the same time.
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
  });

  it("are checked within seconds beside thousands of names that do not exist", () => {
    const targets = many(4000, () => "i-00000001");
    const schedules = Object.fromEntries(
      Object.keys(targets).map((name) => [
        `s-${name}`,
        { action: "stop" as const, expression: "cron(0 20 * * ? *)", targets: `x${name}` },
      ]),
    );
    const began = process.cpuUsage();
    const problems = findProblems({ region: "us-east-1", trigger: "scheduler", targets, schedules });
    expect(problems.filter(({ got }) => got.startsWith('"xt'))).toHaveLength(4000);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
  });
});

describe("many starts and stops of the same instances", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Seoul"];
  const monthly = (count: number, minuteOf: (index: number) => number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `s${index}`,
        {
          action: index % 2 === 0 ? ("start" as const) : ("stop" as const),
          expression: `cron(${minuteOf(index)} ${index % 24} L * ? *)`,
          targets: "dev",
          timezone: zones[index % zones.length] ?? "UTC",
        },
      ]),
    );
  const problemsOf = (schedules: Ec2StartStopProps["schedules"]) =>
    findProblems({ region: "us-east-1", trigger: "scheduler", targets: { dev: { all: true } }, schedules });

  it("are refused where comparing their firings over the years would take too long", () => {
    const began = process.cpuUsage();
    expect(problemsOf(monthly(600, (index) => index % 60))).toEqual([
      expect.objectContaining({ path: "schedules", got: "more than 100,000 firings to compare" }),
    ]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
  });

  it("are accepted where each fires once, among others that fire every month", () => {
    const once = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [
        `once-${index}`,
        {
          action: index % 2 === 0 ? ("start" as const) : ("stop" as const),
          expression: `at(${2040 + (index % 50)}-03-${String((index % 27) + 1).padStart(2, "0")}T08:${index % 2 === 0 ? "00" : "30"}:00)`,
          targets: "dev",
        },
      ]),
    );
    const began = process.cpuUsage();
    expect(problemsOf({ ...once, ...monthly(10, (index) => (index % 2 === 0 ? 15 : 45)) })).toEqual([]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(12_000);
  });

  it("are accepted where their times of day alone tell them apart, in all zones", () => {
    const schedules = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `s${index}`,
        {
          action: index % 2 === 0 ? ("start" as const) : ("stop" as const),
          expression: `cron(${index >> 2} ${index % 2 === 0 ? 0 : 4} L * ? *)`,
          targets: "dev",
          timezone: index % 4 < 2 ? "Asia/Seoul" : "Asia/Taipei",
        },
      ]),
    );
    const began = process.cpuUsage();
    expect(problemsOf(schedules)).toEqual([]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
  });
});

it("a long e-mail address is matched in linear time", () => {
  const began = process.cpuUsage();
  expect(EMAIL.test(`a@${"b.".repeat(30_000)}`)).toBe(false);
  expect(EMAIL.test(`a@${"b".repeat(30_000)}.c`)).toBe(true);
  // The time of the processor, since other tests run at the same time.
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(1000);
});

describe("tags with many values", () => {
  const tags = (keys: number, values: number) =>
    Object.fromEntries(
      Array.from({ length: keys }, (_, key) => [
        `k${key}`,
        Array.from({ length: values }, (_, value) => `v${value}`),
      ]),
    );
  const problemsOf = (selected: Record<string, string[]>) =>
    findProblems({
      region: "us-east-1",
      targets: { dev: { tags: selected } },
      schedules: { stop: { action: "stop", targets: "dev", expression: "cron(0 20 * * ? *)" } },
    }).filter(({ path }) => path === "targets.dev.tags");

  it("are refused where EC2 takes them in too many calls only", () => {
    expect(problemsOf(tags(22, 201))).toEqual([
      {
        path: "targets.dev.tags",
        expected:
          "tags that take at most 100 calls of DescribeInstances, which takes 200 values of a tag: fewer values, or several targets",
        got: "4,194,304 calls",
      },
    ]);
    expect(problemsOf(tags(22, 200))).toEqual([]);
    expect(problemsOf(tags(6, 201))).toEqual([]);
    expect(problemsOf(tags(7, 201))).toHaveLength(1);
  });

  it("are refused with more keys than an instance can have, those of AWS apart", () => {
    const began = process.cpuUsage();
    expect(problemsOf(tags(5000, 1))).toEqual([
      {
        path: "targets.dev.tags",
        expected: "at most 50 tags, since an instance has no more",
        got: "5000",
      },
    ]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(6000);
    expect(problemsOf({ ...tags(50, 1), "aws:autoscaling:groupName": ["web"] })).toEqual([]);
  });

  it("make the function's filters throw rather than multiply", () => {
    expect(() => tagFilters(tags(22, 201))).toThrow("at most 100 calls of DescribeInstances, got 4194304");
    expect(tagFilters(tags(2, 201))).toHaveLength(4);
  });
});

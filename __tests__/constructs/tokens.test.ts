import { describe, expect, it } from "@jest/globals";
import { Fn, Lazy, Token } from "cdktf";
import type * as z from "zod/mini";
import { type Ec2StartStopProps, formatProblem, InvalidPropsError } from "../../constructs";
import { pathTo } from "../../model/problem";
import { propsSchema } from "../../model/schema";
import { PAIR } from "../support/props";
import { ofType, synthesize } from "../support/terraform/synthesize";

/** A config with every setting, so that each can be replaced by a token. */
const EVERYTHING = {
  ...PAIR,
  trigger: "event-rule",
  functions: {
    timeoutSeconds: 60,
    memoryMb: 256,
    logRetentionDays: 30,
    runtime: "nodejs22.x",
    architecture: "arm64",
    vpc: { subnetIds: ["subnet-0123456789abcdef0"], securityGroupIds: ["sg-0123456789abcdef0"] },
    tracing: true,
    reservedConcurrency: 2,
    logLevel: "INFO",
    logGroupKmsKeyArn: "arn:aws:kms:ap-northeast-2:123456789012:key/0a1b",
    keepLogGroups: true,
    stopName: "dev-stop",
    startName: "dev-start",
  },
  targets: {
    dev: {
      instanceIds: ["i-0123456789abcdef0"],
      tags: { Stage: "qa", Team: ["web"] },
      exclude: { Keep: ["true"] },
      regions: ["ap-northeast-2"],
      checks: { systemd: ["nginx"], tcp: [80], command: "true" },
    },
  },
  schedules: {
    one: {
      action: "start",
      expression: "cron(0 8 ? * MON-FRI *)",
      targets: ["dev"],
      timezone: "Asia/Seoul",
      enabled: true,
      description: "In the morning",
      holidays: "kr",
      stopOnHolidays: true,
      latestMinutes: 60,
      hibernate: false,
    },
    two: { running: ["SAT 08:00-20:00"], targets: "dev" },
    three: {
      action: "stop",
      expression: "cron(0 20 ? * MON-FRI *)",
      targets: "dev",
      warnMinutes: 30,
    },
  },
  holidays: { kr: ["2027-01-01"] },
  alerts: {
    snsTopicArn: "arn:aws:sns:ap-northeast-2:123456789012:alerts",
    missedFirings: true,
    onSuccess: true,
  },
  kmsKeyArns: ["arn:aws:kms:ap-northeast-2:123456789012:key/0a1b"],
  rolePath: "/teams/ops/",
  permissionsBoundaryArn: "arn:aws:iam::123456789012:policy/boundary",
  allowedAccountIds: ["123456789012"],
  maxInstances: 1000,
  holdTag: "hold",
  followUps: true,
  events: true,
  tags: { Team: "web" },
} as const satisfies Ec2StartStopProps;

const WITH_EMAIL = {
  ...EVERYTHING,
  alerts: { email: "a@example.com" },
} as const;
const { stopName: _stop, startName: _start, ...functions } = EVERYTHING.functions;
const ADOPTING = {
  ...EVERYTHING,
  functions,
  adopt: {
    role: {
      name: "role",
      path: "/service-role/",
      description: "By hand",
      keepPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
    },
    functions: {
      stop: {
        name: "stopper",
        logGroup: true,
        logGroupKmsKeyArn: EVERYTHING.kmsKeyArns[0],
      },
      start: {
        name: "starter",
        logGroup: true,
        logGroupKmsKeyArn: EVERYTHING.kmsKeyArns[0],
      },
    },
    schedules: { one: { rule: "by-hand", targetId: "Id1" } },
  },
} as const;
const OWN_ROLES = {
  ...EVERYTHING,
  roleArn: "arn:aws:iam::123456789012:role/teams/functions",
  schedulerRoleArn: "arn:aws:iam::123456789012:role/scheduler",
} as const;
const ADOPTING_SCHEDULE = {
  ...EVERYTHING,
  trigger: "scheduler",
  schedules: {
    ...EVERYTHING.schedules,
    one: { ...EVERYTHING.schedules.one, startDate: "2030-01-04", endDate: "2030-12-31T18:00" },
  },
  adopt: { schedules: { one: { group: "default", name: "by-hand" } } },
} as const;

const MARKER = "known-to-terraform-only";
const expression = Fn.jsondecode(MARKER);
/** Tokens of cdktf for values that only Terraform knows. */
const TOKENS: Readonly<Record<string, unknown>> = {
  text: Token.asString(expression),
  list: Token.asList(expression),
  number: Token.asNumber(expression),
  map: Token.asStringMap(expression),
  boolean: Fn.tobool(expression),
  "lazy text": Lazy.stringValue({ produce: () => MARKER }),
  "lazy list": Lazy.listValue({ produce: () => [MARKER] }),
  "list of a lazy value": Token.asList(Lazy.anyValue({ produce: () => [MARKER] })),
  "lazy value": Lazy.anyValue({ produce: () => [MARKER] }),
  "item of a list": Token.asList(expression)[0],
  "number in a text": `port-${Token.asNumber(expression)}-${Token.asNumber(expression)}`,
};

type Schema = z.core.$ZodType;
type Path = readonly (string | number)[];

/** A path in a config, as keys, and with `*` for names and indexes. */
interface Place {
  readonly at: Path;
  readonly generic: string;
}

const defOf = (schema: Schema) => (schema as z.core.$ZodTypes)._zod.def;

/** Returns every path of the schema that the value has; without a value, every possible path. */
function placesOf(schema: Schema, value: unknown, { at, generic }: Place): Place[] {
  const def = defOf(schema);
  const own = generic === "" ? [] : [{ at, generic }];
  const below = (of: Schema, key: string | number, name: string, all: boolean) => {
    const member = all ? undefined : (value as Record<string | number, unknown>)[key];
    if (!all && member === undefined) return [];
    return placesOf(of, member, {
      at: [...at, key],
      generic: `${generic}.${name}`,
    });
  };
  const everything = value === undefined;
  if (def.type === "optional") return placesOf(def.innerType, value, { at, generic });
  if (def.type === "object") {
    const members = Object.entries(def.shape).flatMap(([key, member]) => below(member, key, key, everything));
    return [...own, ...members];
  }
  if (def.type === "record") {
    const keys = everything ? ["*"] : Object.keys(value as object);
    return [...own, ...keys.flatMap((key) => below(def.valueType, key, "*", everything))];
  }
  if (def.type === "array") return [...own, ...below(def.element, 0, "*", everything)];
  if (def.type === "union") {
    const options = everything ? def.options : def.options.filter((option) => isOf(option, value));
    return options.flatMap((option) => placesOf(option, value, { at, generic }));
  }
  return own;
}

function isOf(schema: Schema, value: unknown): boolean {
  const def = defOf(schema);
  if (def.type === "object") return Object.keys(value as object).every((key) => key in def.shape);
  return (def.type === "array") === Array.isArray(value);
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [key]: replaced(members[key], rest, by) };
}

const ROOT: Place = { at: [], generic: "" };
const PATTERNS = {
  Name: { like: "web-*" },
  Owner: { any: true as const },
  Stage: [{ like: "qa-*" }],
  Team: [{ any: true as const }],
};
const BY_PATTERNS = {
  ...EVERYTHING,
  targets: {
    ...EVERYTHING.targets,
    patterns: { tags: PATTERNS },
    all: { all: true as const, exclude: PATTERNS },
  },
  schedules: {
    ...EVERYTHING.schedules,
    nightly: { action: "stop" as const, targets: ["patterns", "all"], expression: "cron(30 21 * * ? *)" },
  },
};
const CONFIGS = {
  everything: EVERYTHING,
  "with patterns": BY_PATTERNS,
  "with an address": WITH_EMAIL,
  "with roles of its own": OWN_ROLES,
  adopting: ADOPTING,
  "adopting a schedule": ADOPTING_SCHEDULE,
};
const pathOf = (at: Path) => at.reduce<string>((parent, key) => pathTo(parent, key), "");

/** Returns `passed on`, `refused`, or another result of a config with one token. */
function outcomeOf(config: unknown, at: Path, token: unknown): string {
  const props = replaced(config, at, token) as Ec2StartStopProps;
  try {
    return synthesize(props).text.includes(MARKER) ? "passed on" : "dropped";
  } catch (error) {
    if (!(error instanceof InvalidPropsError)) return String(error).split("\n")[0] ?? "";
    const [path, lines] = [pathOf(at), error.problems.map(formatProblem)];
    const refusals = [
      // A list token as the only item of a list is that list.
      ...[path, path.replace(/\[\d+\]$/, "")].map(
        (refused) => `\`${refused}\`: expected a value that is known at synth, got a Terraform token`,
      ),
      `\`${path}\`: expected a text: a list token must be the whole list, got a list token`,
      `\`${path}\`: expected a text: Token.asString makes one of a number token, got a number token in a text`,
    ];
    return refusals.includes(lines.join()) ? "refused" : lines.join();
  }
}

describe("Terraform tokens in the props", () => {
  it("are looked at in every place that the schema has", () => {
    const tried = Object.values(CONFIGS).flatMap((config) => placesOf(propsSchema, config, ROOT));
    const all = placesOf(propsSchema, undefined, ROOT).map(({ generic }) => generic);
    expect(all.length).toBeGreaterThan(70);
    expect(new Set(tried.map(({ generic }) => generic))).toEqual(new Set(all));
  });

  it.each(Object.entries(CONFIGS))("hold, but for them: %s", (_, config) => {
    expect(() => synthesize(config)).not.toThrow();
  });

  describe.each(Object.entries(CONFIGS))("of a config: %s", (name, config) => {
    const others = name === "everything" ? [] : placesOf(propsSchema, EVERYTHING, ROOT);
    const places = placesOf(propsSchema, config, ROOT).filter(
      ({ at }) => !others.some((other) => pathOf(other.at) === pathOf(at)),
    );

    it.each(Object.keys(TOKENS))("a token of the kind %s is passed on or refused by its path", (kind) => {
      const wrong = places.flatMap(({ at }) => {
        const outcome = outcomeOf(config, at, TOKENS[kind]);
        return ["passed on", "refused"].includes(outcome) ? [] : [[pathOf(at), outcome]];
      });
      expect(wrong).toEqual([]);
    });
  });

  it("are refused in a list of others, where cdktf loses the others", () => {
    const list = Token.asList(expression);
    for (const [at, value] of [
      [
        ["targets", "dev", "instanceIds"],
        ["i-0123456789abcdef0", ...list],
      ],
      [
        ["targets", "dev", "instanceIds"],
        [...list, "i-0123456789abcdef0"],
      ],
      [["kmsKeyArns"], [...EVERYTHING.kmsKeyArns, ...list]],
    ] as const) {
      const message = outcomeOf(EVERYTHING, at, value);
      expect(message).toContain(`\`${pathOf(at)}[${value.indexOf(list[0] ?? "")}]\``);
      expect(message).toContain("a list token must be the whole list");
    }
  });

  it("of numbers are passed on in a text by Token.asString", () => {
    const command = `nc -z localhost ${Token.asString(Token.asNumber(expression))}`;
    expect(outcomeOf(EVERYTHING, ["targets", "dev", "checks", "command"], command)).toBe("passed on");
  });

  it("name no function that `adopt` names", () => {
    const { adopt } = ADOPTING;
    const props = { ...EVERYTHING, adopt, functions: { stopName: String(TOKENS["text"]) } };
    expect(() => synthesize(props)).toThrow(
      "`functions.stopName`: expected the name in `adopt.functions.stop.name`, or nothing, got a Terraform token",
    );
  });

  it("of an empty list fail at plan by their path", () => {
    const targets = { dev: { instanceIds: TOKENS["list"] as string[] } };
    const stack = synthesize({ ...EVERYTHING, targets, kmsKeyArns: TOKENS["lazy list"] as string[] });
    const policies = ofType(stack, "aws_iam_role_policy") as { lifecycle?: { precondition: unknown } }[];
    expect(policies.flatMap(({ lifecycle }) => lifecycle?.precondition ?? [])).toEqual([
      {
        condition: expect.stringMatching(/^\$\{\(?length\(concat\(\[data\..*jsondecode\(.*\) > 1\)?\}$/),
        error_message: "targets.dev.instanceIds: expected at least one, got an empty list.",
      },
      {
        condition: expect.stringContaining(MARKER),
        error_message: "kmsKeyArns: expected at least one, got an empty list.",
      },
    ]);
  });

  it("are passed on as keys of tags, and refused as other names", () => {
    const withKey = <T>(map: Readonly<Record<string, T>>, value: T) => ({
      ...map,
      [String(TOKENS["text"])]: value,
    });
    const { targets, schedules, tags } = EVERYTHING;
    expect(synthesize({ ...EVERYTHING, tags: withKey(tags, "x") }).text).toContain(MARKER);
    for (const props of [
      { ...EVERYTHING, targets: withKey(targets, targets.dev) },
      { ...EVERYTHING, schedules: withKey(schedules, schedules.three) },
    ] as Ec2StartStopProps[]) {
      expect(() => synthesize(props)).toThrow(/\[".*TfToken.*"\]`: expected a value that is known at synth/);
    }
  });

  it("are passed on where the schema says so, and only there", () => {
    const passedOn = placesOf(propsSchema, EVERYTHING, ROOT).flatMap(({ at }) =>
      ["text", "list", "number", "map", "boolean"].flatMap((kind) =>
        outcomeOf(EVERYTHING, at, TOKENS[kind]) === "passed on" ? [`${pathOf(at)}: ${kind}`] : [],
      ),
    );
    expect(passedOn).toMatchInlineSnapshot(`
      [
        "name: text",
        "region: text",
        "functions.timeoutSeconds: number",
        "functions.memoryMb: number",
        "functions.logRetentionDays: number",
        "functions.runtime: text",
        "functions.architecture: text",
        "functions.vpc.subnetIds: list",
        "functions.vpc.subnetIds[0]: text",
        "functions.vpc.securityGroupIds: list",
        "functions.vpc.securityGroupIds[0]: text",
        "functions.reservedConcurrency: number",
        "functions.logLevel: text",
        "functions.logGroupKmsKeyArn: text",
        "functions.stopName: text",
        "functions.startName: text",
        "targets.dev.instanceIds: list",
        "targets.dev.instanceIds[0]: text",
        "targets.dev.tags.Stage: text",
        "targets.dev.tags.Team: text",
        "targets.dev.tags.Team[0]: text",
        "targets.dev.exclude.Keep: text",
        "targets.dev.exclude.Keep[0]: text",
        "targets.dev.regions[0]: text",
        "targets.dev.checks.systemd[0]: text",
        "targets.dev.checks.command: text",
        "schedules.one.description: text",
        "alerts.snsTopicArn: text",
        "kmsKeyArns: list",
        "kmsKeyArns[0]: text",
        "rolePath: text",
        "permissionsBoundaryArn: text",
        "allowedAccountIds[0]: text",
        "holdTag: text",
        "tags.Team: text",
      ]
    `);
  });
});

describe("props with getters that throw", () => {
  const reason = new Error("not yet");
  const unreadable = (at: string, value: object = {}) =>
    Object.defineProperty(value, at, {
      enumerable: true,
      get: () => {
        throw reason;
      },
    });
  const hidden = new Proxy(
    {},
    {
      ownKeys: () => {
        throw reason;
      },
    },
  );

  it.each([
    ["name", unreadable("name", { ...EVERYTHING })],
    ["targets.dev.tags", { ...EVERYTHING, targets: { dev: unreadable("tags") } }],
    [
      "targets.dev.instanceIds[1]",
      { ...EVERYTHING, targets: { dev: { instanceIds: unreadable("1", ["i-0123456789abcdef0", ""]) } } },
    ],
    ["functions", { ...EVERYTHING, functions: hidden }],
    ["holidays.kr", { ...EVERYTHING, holidays: unreadable("kr") }],
    ["", hidden],
  ])("are refused by the path, with the cause: %s", (path, props) => {
    const [prefix, expected] = [path === "" ? "" : `\`${path}\`: `, "expected a value that can be read"];
    try {
      synthesize(props as Ec2StartStopProps);
      throw new Error("none was refused");
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidPropsError);
      expect((error as Error).message).toBe(
        `Ec2StartStop cannot be built:\n- ${prefix}${expected}, got an error: not yet`,
      );
      expect((error as Error).cause).toBe(reason);
    }
  });
});

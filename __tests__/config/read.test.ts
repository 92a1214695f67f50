import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { parseConfig } from "../../config";
import { ConfigError } from "../../config/error";
import { problemsOf } from "../support/problems-of";
import { printedSeed, propertyRuns } from "../support/property";

describe("one run over a config", () => {
  it("reports every problem of any kind, in the order of the lines", async () => {
    expect(
      await problemsOf(`name: dev!
regoin: ap-northeast-2
region: ap-northeast-2
timezone: KST
targets:
  dev: { instanceIds: [i-0123456789abcdef0, i-0123456789abcdef0, i-1] }
  dev: {}
schedules:
  dev-stop: { action: stop, targets: dve, expression: "cron(0 11 ? * MON-FRIN *)" }
  dev-start: { action: 1, targets: dev, expression: "cron(0 8 31 2 ? *)" }
  dev-hours: { running: "MON-FRI 8:00-20:00", targets: dev, holidays: kr }
holidays: { kor: [2027-13-01] }
`),
    ).toEqual([
      'f.yaml:1: `name`: expected letters, digits, `-` and `_`, got "dev!"',
      'f.yaml:2: `regoin`: expected a known key, got the unknown key "regoin" (did you mean region?)',
      expect.stringMatching(/^f\.yaml:4: `timezone`: .* got "KST" \(did you mean Asia\/Seoul\?\)$/),
      'f.yaml:6: `targets.dev.instanceIds[1]`: expected each instance id once, got "i-0123456789abcdef0" again, as at index 0',
      expect.stringMatching(/^f\.yaml:6: `targets\.dev\.instanceIds\[2\]`: .* got "i-1"$/),
      "f.yaml:7: `targets.dev`: expected each key once (first on line 6), got it again",
      'f.yaml:9: `schedules.dev-stop.targets`: expected the name of a target (dev), got "dve" (did you mean dev?)',
      expect.stringMatching(
        /^f\.yaml:9: `schedules\.dev-stop\.expression`: .* in day-of-week, got "MON-FRIN"/,
      ),
      "f.yaml:10: `schedules.dev-start.action`: expected start or stop, got the number 1",
      expect.stringMatching(/^f\.yaml:10: `schedules\.dev-start\.expression`: /),
      expect.stringMatching(/^f\.yaml:11: `schedules\.dev-hours\.holidays`: .* got "kr"/),
      expect.stringMatching(/^f\.yaml:11: `schedules\.dev-hours\.running`: .* got "8:00"/),
      'f.yaml:12: `holidays.kor[0]`: expected a date that exists, got "2027-13-01"',
    ]);
  });

  it("does not report references to a name whose definition is invalid", async () => {
    expect(
      await problemsOf(`region: ap-northeast-2
targets:
  dev: [i-0123456789abcdef0]
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)", holidays: kr }
holidays: { kr: 2027-01-01 }
`),
    ).toEqual([
      "f.yaml:3: `targets.dev`: expected a target: instanceIds, tags or both, or all, got a list of 1",
      'f.yaml:6: `holidays.kr`: expected a list of dates as yyyy-mm-dd, or a mapping with dates, ics or country, got the text "2027-01-01"',
    ]);
  });

  it("suggests trigger scheduler for a zone with clock changes", async () => {
    const text = `region: us-east-1
timezone: America/New_York
targets: { dev: { instanceIds: [i-0123456789abcdef0] } }
schedules:
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
`;
    expect(await problemsOf(text)).toEqual([
      expect.stringMatching(/^f\.yaml:5: `schedules\.dev-stop\.expression`: .*`trigger: scheduler`/),
    ]);
    expect(await problemsOf(`${text}trigger: scheduler\n`)).toEqual([]);
  });
});

describe("any config at all", () => {
  it("is read, or refused with an expectation and a value per problem, and never crashes", async () => {
    const odd = fc.oneof(
      fc.constantFrom(
        null,
        true,
        0,
        -1,
        1e300,
        "",
        " ",
        "dev",
        "constructor",
        "__proto__",
        "${x}",
        "a.b[0]",
        "서울",
        "NaN",
        "undefined",
        'a"NaN`undefined',
      ),
      fc.constantFrom(
        [],
        {},
        [[]],
        { NaN: "NaN" },
        { undefined: 1 },
        [null],
        { "": 1 },
        { "a.b": {} },
        { toString: "x" },
      ),
      fc.string(),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const property = fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), odd), { maxLength: 4 }),
      async (changes) => {
        let config: unknown = structuredClone(WHOLE);
        for (const [at, value] of changes) config = replaceNode(config, at % countNodes(config), value);
        const text = stringify(config);
        try {
          expect(await parseConfig(text)).toEqual(config);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          expect(error.problems.length).toBeGreaterThan(0);
          for (const { expected, got } of error.problems) expect([expected, got]).not.toContain("");
          // A config may say these words itself, and a message repeats what it got.
          const shown = /undefined|\[object|NaN/;
          if (!shown.test(text)) expect(error.message).not.toMatch(shown);
        }
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(500), seed: printedSeed("any config") });
  });
});

const WHOLE = {
  name: "dev",
  region: "ap-northeast-2",
  timezone: "Asia/Seoul",
  trigger: "scheduler",
  functions: { timeoutSeconds: 60, architecture: "arm64" },
  targets: {
    dev: { instanceIds: ["i-0123456789abcdef0"] },
    staging: { tags: { Environment: ["staging", "qa"] }, exclude: { Keep: "x" }, regions: ["us-east-1"] },
  },
  schedules: {
    stop: { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)", holidays: "kr" },
    hours: {
      running: ["MON-FRI 08:00-20:00"],
      targets: ["dev", "staging"],
      enabled: false,
      latestMinutes: 30,
    },
  },
  holidays: { kr: ["2027-01-01"] },
  alerts: { email: "ops@example.com" },
  allowedAccountIds: ["123456789012"],
  tags: { Team: "ops" },
  backend: { s3: { bucket: "b" } },
};

function countNodes(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + countNodes(inner), 1);
}

/** Replaces the n-th node of a value, counted from the root. */
function replaceNode(value: unknown, n: number, by: unknown): unknown {
  if (n === 0) return by;
  if (typeof value !== "object" || value === null) return value;
  let before = 1;
  const members = Object.entries(value).map(([key, inner]) => {
    const at = n - before;
    before += countNodes(inner);
    return [key, at >= 0 && at < countNodes(inner) ? replaceNode(inner, at, by) : inner] as const;
  });
  return Array.isArray(value) ? members.map(([, inner]) => inner) : Object.fromEntries(members);
}

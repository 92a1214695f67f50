import { describe, expect, it } from "@jest/globals";
import { parseConfig } from "../../config";
import { problemsOf, VALID } from "../support/problems-of";

describe("keys and types of the config file", () => {
  it("reads a valid config", async () => {
    expect(await parseConfig(VALID)).toEqual({
      region: "ap-northeast-2",
      targets: { dev: { instanceIds: ["i-0123456789abcdef0"] } },
      schedules: { "dev-stop": { action: "stop", targets: "dev", expression: "cron(0 20 ? * MON-FRI *)" } },
    });
  });

  it("reports missing keys", async () => {
    expect(await problemsOf("name: dev\n")).toEqual([
      "f.yaml: `region`: expected an AWS region code, such as ap-northeast-2, got nothing",
      "f.yaml: `targets`: expected targets by name, got nothing",
      "f.yaml: `schedules`: expected schedules by name, got nothing",
    ]);
  });

  it("refuses tokens of cdktf, which would stand for another value", async () => {
    expect(
      await problemsOf(
        `${VALID}holdTag: "\${TfToken[TOKEN.1]}"\nkmsKeyArns: ["#{TfToken[TOKEN.2]}"]\nbackend: { s3: { keys: ["a\${TfToken[TOKEN.3]}"] } }\n`,
      ),
    ).toEqual([
      "f.yaml:6: `holdTag`: expected a value that is known at synth, got a Terraform token",
      "f.yaml:7: `kmsKeyArns`: expected a value that is known at synth, got a Terraform token",
      "f.yaml:8: `backend.s3.keys[0]`: expected a value that is known at synth, got a Terraform token",
    ]);
  });

  it.each([
    ["\\uD800", "text in Unicode, in which surrogates are in pairs"],
    ["\\u0007", "text without control characters"],
    ["\\x9b", "text without control characters"],
    ["\\r", "text without control characters"],
    ["e\\u0301", "text of composed characters (NFC), to which Terraform converts it"],
  ])("refuses a text that Terraform would change, by its path: %s", async (text, expected) => {
    const description = VALID.replace("{ action", `{ description: "a${text}", action`);
    const backend = `${VALID}backend: { s3: { key: [{ deep: "${text}" }] } }\n`;
    const key = VALID.replace("{ instanceIds", `{ tags: { "${text}": x }, instanceIds`);
    expect(await problemsOf(description)).toEqual([
      expect.stringContaining(`f.yaml:5: \`schedules.dev-stop.description\`: expected ${expected}, got "a`),
    ]);
    expect(await problemsOf(backend)).toEqual([
      expect.stringContaining(`f.yaml:6: \`backend.s3.key[0].deep\`: expected ${expected}, got "`),
    ]);
    expect(await problemsOf(key)).toEqual([expect.stringContaining(`"]\`: expected ${expected}, got "`)]);
  });

  it("takes every other text", async () => {
    for (const text of [
      "\\t\\n",
      "\\u2028",
      "\\u00e9",
      "\uD55C\uAE00",
      "\u{1F600}",
      "%{ if x }$${y}",
      "\\uD83D\\uDE00",
    ])
      expect(await problemsOf(VALID.replace("{ action", `{ description: "${text}", action`))).toEqual([]);
  });

  it("suggests the nearest key", async () => {
    expect(await problemsOf(VALID.replace("expression:", "expresion:").replace("region", "regoin"))).toEqual([
      "f.yaml: `region`: expected an AWS region code, such as ap-northeast-2, got nothing",
      'f.yaml:1: `regoin`: expected a known key, got the unknown key "regoin" (did you mean region?)',
      'f.yaml:5: `schedules.dev-stop.expresion`: expected a known key, got the unknown key "expresion" (did you mean expression?)',
    ]);
  });

  it("lists the known keys if none is similar", async () => {
    expect(await problemsOf(`${VALID}functions: { colour: red }\n`)).toEqual([
      'f.yaml:6: `functions.colour`: expected one of the keys timeoutSeconds, memoryMb, logRetentionDays, runtime, architecture, vpc, tracing, reservedConcurrency, logLevel, logGroupKmsKeyArn, keepLogGroups, stopName, startName, got the unknown key "colour"',
    ]);
  });

  it("describes the actual value in plain words", async () => {
    expect(
      await problemsOf(`region: [a]
timezone:
trigger: event-rul
code: 1
functions: { timeoutSeconds: "60", memoryMb: 256.5, logRetentionDays: yes }
targets:
  a: { instanceIds: i-0123456789abcdef0 }
  b: [i-0123456789abcdef0]
  c: 4
  d: { tags: { Owner: { a: b }, Live: true }, regions: {} }
schedules: []
`),
    ).toEqual([
      "f.yaml:1: `region`: expected an AWS region code, such as ap-northeast-2, got a list of 1",
      "f.yaml:2: `timezone`: expected an IANA time zone, such as Asia/Seoul, got an empty value",
      'f.yaml:3: `trigger`: expected event-rule or scheduler, got the text "event-rul" (did you mean event-rule?)',
      "f.yaml:4: `code`: expected archive or zip, got the number 1",
      'f.yaml:5: `functions.timeoutSeconds`: expected seconds as a whole number, got the text "60"',
      "f.yaml:5: `functions.memoryMb`: expected MB as a whole number, got the number 256.5",
      'f.yaml:5: `functions.logRetentionDays`: expected days as a whole number, got the text "yes"',
      'f.yaml:7: `targets.a.instanceIds`: expected a list of instance ids, got the text "i-0123456789abcdef0"',
      "f.yaml:8: `targets.b`: expected a target: instanceIds, tags or both, or all, got a list of 1",
      "f.yaml:9: `targets.c`: expected a target: instanceIds, tags or both, or all, got the number 4",
      'f.yaml:10: `targets.d.tags.Owner.a`: expected one of the keys like, any, got the unknown key "a"',
      "f.yaml:10: `targets.d.tags.Live`: expected a tag's value as text, { like: pattern } or { any: true }, or a list of these, got true without quotes",
      "f.yaml:10: `targets.d.regions`: expected a list of AWS region codes, got an empty mapping",
      "f.yaml:11: `schedules`: expected schedules by name, got an empty list",
    ]);
  });

  it("reads service checks, and reports invalid ones", async () => {
    const withChecks = (checks: string) => VALID.replace("abcdef0] }", `abcdef0], checks: ${checks} }`);
    const { targets } = await parseConfig(withChecks("{ systemd: [nginx], tcp: [80], command: 'true' }"));
    expect(targets["dev"]?.checks).toEqual({ systemd: ["nginx"], tcp: [80], command: "true" });
    expect(await problemsOf(withChecks("{ systmd: [nginx], tcp: [http], command: true }"))).toEqual([
      'f.yaml:3: `targets.dev.checks.tcp[0]`: expected a TCP port as a whole number, got the text "http"',
      "f.yaml:3: `targets.dev.checks.command`: expected a shell command as text, got true without quotes",
      'f.yaml:3: `targets.dev.checks.systmd`: expected a known key, got the unknown key "systmd" (did you mean systemd?)',
    ]);
  });

  it("reports the path of the invalid item of a list", async () => {
    expect(await problemsOf(VALID.replace("targets: dev", "targets: [dev, 5, { a: 1 }]"))).toEqual([
      "f.yaml:5: `schedules.dev-stop.targets[1]`: expected the name of a target, got the number 5 without quotes",
      "f.yaml:5: `schedules.dev-stop.targets[2]`: expected the name of a target, got a mapping with the key a",
    ]);
  });

  it("shows a number as written, with leading zeros", async () => {
    expect(await problemsOf(`${VALID}allowedAccountIds: [012345678901]\n`)).toEqual([
      "f.yaml:6: `allowedAccountIds[0]`: expected an account id of 12 digits as text, in quotes, got the number 012345678901 without quotes",
    ]);
  });

  it("reports missing quotes around an expression with a comma", async () => {
    expect(
      await problemsOf(VALID.replace('"cron(0 20 ? * MON-FRI *)"', "cron(0 20 ? * MON,FRI *)")),
    ).toContain(
      'f.yaml:5: `schedules.dev-stop["FRI *)"]`: expected quotes around a value that holds a comma, got the unknown key "FRI *)"',
    );
  });

  it("accepts one backend with any arguments", async () => {
    const backend = {
      s3: { bucket: "b", key: "k", assume_role: { role_arn: "arn:aws:iam::1:role/r" }, list: [1] },
    };
    expect((await parseConfig(`${VALID}backend: ${JSON.stringify(backend)}\n`)).backend).toEqual(backend);
    expect(await problemsOf(`${VALID}backend: { s3: {}, gcs: {} }\n`)).toEqual([
      "f.yaml:6: `backend`: expected one backend, got a mapping with the keys s3, gcs",
    ]);
    expect(await problemsOf(`${VALID}backend: {}\n`)).toEqual([
      "f.yaml:6: `backend`: expected one backend, got an empty mapping",
    ]);
    expect(await problemsOf(`${VALID}backend: { s4: {} }\n`)).toEqual([
      'f.yaml:6: `backend.s4`: expected a known key, got the unknown key "s4" (did you mean s3?)',
    ]);
    expect(await problemsOf(`${VALID}backend: { s3: bucket }\n`)).toEqual([
      'f.yaml:6: `backend.s3`: expected the backend\'s arguments by name, got the text "bucket"',
    ]);
  });
});

describe("names that JavaScript gives a meaning", () => {
  it.each(["constructor", "toString", "hasOwnProperty", "valueOf"])(
    "takes %s as a name like any other",
    async (name) => {
      const text = VALID.replaceAll("dev-stop:", `${name}:`)
        .replace("  dev:", `  ${name}:`)
        .replace("targets: dev", `targets: ${name}`);
      const config = await parseConfig(`${text}holidays: { ${name}: [2027-01-01] }\n`);
      expect(Object.keys(config.targets)).toEqual([name]);
      expect(Object.keys(config.schedules)).toEqual([name]);
      expect(Object.keys(config.holidays ?? {})).toEqual([name]);
    },
  );

  it.each(["constructor", "toString"])(
    "does not take %s for a target that was never defined",
    async (name) => {
      expect(await problemsOf(VALID.replace("targets: dev", `targets: ${name}`))).toHaveLength(1);
    },
  );

  it.each(["constructor", "toString"])("does not treat %s as a known key", async (name) => {
    expect(await problemsOf(`${VALID}${name}: 1\n`)).toEqual([
      expect.stringContaining(`got the unknown key "${name}"`),
    ]);
  });

  it("refuses __proto__ everywhere, and does not change Object.prototype", async () => {
    const text = `__proto__: { polluted: 1 }
region: ap-northeast-2
targets:
  __proto__: { instanceIds: [i-0123456789abcdef0] }
  dev: { instanceIds: [i-0123456789abcdef0], tags: { __proto__: x } }
schedules:
  "__proto__": { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
  dev-stop: { action: stop, targets: dev, expression: "cron(0 20 ? * MON-FRI *)" }
backend: { s3: { __proto__: x } }
`;
    const refused = 'expected another name (JavaScript gives this one a meaning), got "__proto__"';
    expect(await problemsOf(text)).toEqual([
      `f.yaml:1: \`__proto__\`: ${refused}`,
      `f.yaml:4: \`targets.__proto__\`: ${refused}`,
      `f.yaml:5: \`targets.dev.tags.__proto__\`: ${refused}`,
      `f.yaml:7: \`schedules.__proto__\`: ${refused}`,
      `f.yaml:9: \`backend.s3.__proto__\`: ${refused}`,
    ]);
    expect("polluted" in {}).toBe(false);
  });
});

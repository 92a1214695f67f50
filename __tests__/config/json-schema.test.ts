import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import { configJsonSchema } from "../../config";
import { VALID } from "../support/problems-of";

const project = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(project, file), "utf8");

describe("the JSON Schema of the config file", () => {
  // The validator must ignore keywords for editors, such as title.
  const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());

  it("equals the committed file (npm run build:schema)", () => {
    expect(JSON.parse(read("config/ec2-start-stop.schema.json"))).toEqual(configJsonSchema());
  });

  it("is named in the first line of the example, which it accepts", () => {
    const example = read("ec2-start-stop.yaml");
    expect(example.split("\n")[0]).toBe(
      "# yaml-language-server: $schema=./config/ec2-start-stop.schema.json",
    );
    expect([validate(parse(example)), validate.errors]).toEqual([true, null]);
  });

  it.each([
    ["an unknown key", "regoin: x\n"],
    ["a wrong type", "maxInstances: many\n"],
    ["an account id without quotes", "allowedAccountIds: [123456789012]\n"],
    ["two backends", "backend: { s3: {}, gcs: {} }\n"],
    ["a memory that Lambda does not offer", "functions: { memoryMb: 64 }\n"],
    ["a country without years", "holidays: { kr: { country: KR } }\n"],
    ["a region of no country", "holidays: { kr: { region: BY, dates: [] } }\n"],
    ["a calendar of nothing but workdays", "holidays: { kr: { workdays: [2027-01-01] } }\n"],
  ])("refuses %s", (_what, more) => {
    expect(validate(parse(VALID))).toBe(true);
    expect(validate(parse(VALID + more))).toBe(false);
  });

  it("accepts calendars of every kind", () => {
    const calendars = "{ a: [2027-01-01], b: { ics: x.ics }, c: { country: DE, region: BY, years: [2027] } }";
    expect(validate(parse(`${VALID}holidays: ${calendars}\n`))).toBe(true);
  });

  it("accepts service checks, and refuses empty ones", () => {
    const withChecks = (checks: string) => VALID.replace("abcdef0] }", `abcdef0], checks: ${checks} }`);
    expect(validate(parse(withChecks("{ systemd: [nginx], tcp: [80], command: 'true' }")))).toBe(true);
    for (const checks of [
      "{}",
      "{ systemd: [] }",
      "{ systemd: [-a] }",
      "{ tcp: [0] }",
      "{ tcp: [80, 80] }",
    ]) {
      expect([checks, validate(parse(withChecks(checks)))]).toEqual([checks, false]);
    }
  });

  it.each([["action: stop, "], ['expression: "cron(0 20 ? * MON-FRI *)"']])("misses %s", (part) => {
    expect(validate(parse(VALID.replace(part, "")))).toBe(false);
  });

  it("explains every key", () => {
    expect(unexplained(configJsonSchema(), "")).toEqual([]);
  });
});

function unexplained(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties = {}, additionalProperties } = schema as {
    properties?: object;
    additionalProperties?: unknown;
  };
  const own = Object.entries(properties).flatMap(([key, value]) => [
    ...("description" in value ? [] : [`${path}.${key}`]),
    ...unexplained(value, `${path}.${key}`),
  ]);
  return [...own, ...unexplained(additionalProperties, `${path}.*`)];
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@cdktf/hcl2json";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  CODE,
  FUNCTION_SETTINGS,
  HOLD_TAG,
  LATEST_MINUTES,
  MAX_COMMAND_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_INSTANCES,
  MAX_NAME_LENGTH,
  MAX_SERVICE_CHECKS,
  MAX_TAG_KEY_LENGTH,
  MAX_TAG_VALUE_LENGTH,
  NAME,
  TCP_PORT,
  TIMEZONE,
  TRIGGER,
  VPC,
} from "../../contract/limits";

const project = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(project, file), "utf8");
const inEnglish = (value: number) => value.toLocaleString("en-US");

interface Bounds {
  readonly min: number;
  readonly max: number;
}

describe("the module's variables", () => {
  interface Variable {
    readonly default?: unknown;
    readonly description: string;
    readonly type: string;
    readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
  }
  let variables: Readonly<Record<string, readonly [Variable]>>;
  beforeAll(async () => {
    const { variable } = await parse("variables.tf", read("module/variables.tf"));
    variables = variable as typeof variables;
  });
  const named = (name: string): Variable => {
    const [variable] = variables[name] ?? [];
    if (variable === undefined) throw new Error(`The module has no variable ${name}`);
    return variable;
  };
  const conditionsOf = (name: string) =>
    (named(name).validation ?? []).map(({ condition }) => condition.replace(/\s+/g, " "));
  const { timeoutSeconds, memoryMb, logRetentionDays, runtime, architecture } = FUNCTION_SETTINGS;
  const { reservedConcurrency, logLevel } = FUNCTION_SETTINGS;

  it.each([
    ["name", NAME.default],
    ["timeout_seconds", timeoutSeconds.default],
    ["memory_mb", memoryMb.default],
    ["log_retention_days", logRetentionDays.default],
    ["runtime", runtime.default],
    ["architecture", architecture.default],
  ])("default %s to %p", (name, value) => {
    expect(named(name).default).toBe(value);
  });

  // null leaves the variable of the environment out, so that the function's own default holds.
  it.each([
    ["max_instances", String(MAX_INSTANCES.default)],
    ["hold_tag", `\`${HOLD_TAG.default}\``],
  ])("leave the default of %s to the function, and say it: %s", (name, value) => {
    const { default: none, description } = named(name);
    expect([none, description]).toEqual([null, expect.stringMatching(new RegExp(`null for .*${value}\\.$`))]);
  });

  it("default what a schedule leaves out as the config does", () => {
    const { type } = named("schedules");
    expect(/latest_minutes\s*=\s*optional\(number, (\d+)\)/.exec(type)?.[1]).toBe(
      String(LATEST_MINUTES.default),
    );
    expect(/timezone\s*=\s*optional\(string, "(.*?)"\)/.exec(type)?.[1]).toBe(TIMEZONE.default);
  });

  it.each<[string, string, Bounds]>([
    ["timeout_seconds", "var.timeout_seconds", timeoutSeconds],
    ["memory_mb", "var.memory_mb", memoryMb],
    ["max_instances", "var.max_instances", MAX_INSTANCES],
    ["reserved_concurrency", "var.reserved_concurrency", reservedConcurrency],
    ["vpc", "length(var.vpc.subnet_ids)", { min: 1, max: VPC.maxSubnets }],
    ["vpc", "length(var.vpc.security_group_ids)", { min: 1, max: VPC.maxSecurityGroups }],
    ["schedules", "s.latest_minutes", LATEST_MINUTES],
    ["schedules", "count", { min: 1, max: MAX_SERVICE_CHECKS }],
    ["schedules", "port", TCP_PORT],
  ])("take in %s %s within the same bounds", (name, term, { min, max }) => {
    const bounds = `${term} >= ${min} && ${term} <= ${max}`;
    expect(conditionsOf(name).filter((condition) => condition.includes(bounds))).toHaveLength(1);
  });

  it.each<[string, string]>([
    ["schedules", `length(value) <= ${MAX_TAG_VALUE_LENGTH}`],
    ["schedules", `[^[:cntrl:]]{1,${MAX_TAG_KEY_LENGTH}}$`],
    ["hold_tag", `[^[:cntrl:]]{1,${MAX_TAG_KEY_LENGTH}}$`],
    ["schedules", `length(text) <= ${MAX_DESCRIPTION_LENGTH}`],
    ["schedules", `length(command) <= ${MAX_COMMAND_LENGTH}`],
    ["stop_function_name", `{1,${MAX_NAME_LENGTH}}$`],
    ["start_function_name", `{1,${MAX_NAME_LENGTH}}$`],
  ])("bound lengths in %s alike: %s", (name, condition) => {
    expect(conditionsOf(name).join("\n")).toContain(condition);
  });

  it("take the same choices", () => {
    expect(conditionsOf("log_retention_days")[0]?.match(/\d+/g)?.map(Number)).toEqual([
      ...logRetentionDays.values,
    ]);
    expect(conditionsOf("architecture")[0]).toContain(JSON.stringify(architecture.values).replace(",", ", "));
    expect(conditionsOf("log_level")[0]).toContain(JSON.stringify(logLevel.values).replaceAll(",", ", "));
    const triggers = [...TRIGGER.values].sort().reverse();
    expect(conditionsOf("trigger")[0]).toContain(JSON.stringify(triggers).replace(",", ", "));
  });

  it("describe their bounds", () => {
    const described = ({ min, max }: Bounds) => `${min} to ${inEnglish(max)}.`;
    expect(named("timeout_seconds").description).toContain(described(timeoutSeconds));
    expect(named("memory_mb").description).toContain(described(memoryMb));
    const { min, max } = reservedConcurrency;
    expect(named("reserved_concurrency").description).toContain(`${min} to ${inEnglish(max)},`);
    const { description } = named("schedules");
    expect(description).toContain(`${LATEST_MINUTES.min} to ${LATEST_MINUTES.max}.`);
    expect(description).toContain(`of at most ${inEnglish(MAX_COMMAND_LENGTH)} characters`);
  });
});

describe("the doc comments of the props", () => {
  // The first of a name is that of the whole config, as with timezone.
  const comments = new Map(
    [...read("model/props.ts").matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\s+readonly (\w+)\?:/g)]
      .reverse()
      .map(([, comment = "", key = ""]) => [key, comment.replace(/\s*\n\s*\* ?/g, " ")] as const),
  );
  const { timeoutSeconds, memoryMb, logRetentionDays, runtime, architecture } = FUNCTION_SETTINGS;

  it.each([
    ["name", NAME],
    ["timezone", TIMEZONE],
    ["trigger", TRIGGER],
    ["code", CODE],
    ["maxInstances", MAX_INSTANCES],
    ["holdTag", HOLD_TAG],
    ["timeoutSeconds", timeoutSeconds],
    ["memoryMb", memoryMb],
    ["logRetentionDays", logRetentionDays],
    ["runtime", runtime],
    ["architecture", architecture],
  ])("say the default of %s", (key, { default: value }) => {
    const [, said] = /@default (.*?)\s*(?:@see|$)/.exec(comments.get(key) ?? "") ?? [];
    expect(said?.replaceAll('"', "")).toBe(String(value));
  });

  it("say the bounds", () => {
    expect(comments.get("timeoutSeconds")).toContain(`${timeoutSeconds.min} to ${timeoutSeconds.max}.`);
    expect(comments.get("memoryMb")).toContain(`${memoryMb.min} to ${inEnglish(memoryMb.max)}.`);
    const { min, max, default: minutes } = LATEST_MINUTES;
    expect(comments.get("latestMinutes")).toContain(`minutes (${min} to ${inEnglish(max)})`);
    expect(comments.get("latestMinutes")).toContain(`@default ${minutes}, or less`);
  });
});

import { renderArguments } from "../cli/commands/adopt/module-imports";
import { isRecord } from "../contract/collections";
import { offsetText } from "../contract/date-time";
import * as limits from "../contract/limits";
import {
  ACCOUNT_ID,
  DATE,
  EMAIL,
  IAM_POLICY_TEXT,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NAME_PREFIX,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  RESOURCE_TAG,
  ROLE_ARN,
  ROLE_PATH,
  SCHEDULE_NAME,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
  SYSTEMD_UNIT,
} from "../contract/patterns";
import { managerTagKeys } from "../contract/tags";
import { PARTITIONS } from "../model/arns";
import { zoneOfAbbreviation } from "../schedule/timezone-hints";
import { citiesByArea, otherNames } from "../schedule/timezone-names";
import { Zone } from "../schedule/zone";

// Writes module/facts.tf: what the module must know as the library does, in HCL, which cannot import it.

/** A part of the config file's JSON Schema. */
interface SchemaPart {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly additionalProperties?: SchemaPart | boolean;
  readonly anyOf?: readonly SchemaPart[];
}

const HEAD = `# Generated from contract/, model/, schedule/ and the schema of the config file by \`npm run build:module\`; do not edit.
`;

const MAX_LINE_LENGTH = 116;

/** From when on an offset must hold. */
const FROM = Date.parse("2026-01-01T00:00:00Z");

/** Names of the blocks of a config by the schema's path; \`*\` stands for a name of one's own. */
const BLOCKS: Readonly<Record<string, string>> = {
  "": "config",
  functions: "functions",
  "functions.vpc": "vpc",
  "targets.*": "target",
  "targets.*.checks": "checks",
  "schedules.*": "schedule",
  "holidays.*": "calendar",
  alerts: "alerts",
  adopt: "adopt",
  "adopt.role": "adopt_role",
  "adopt.functions": "adopt_functions",
  "adopt.functions.stop": "adopt_function",
  "adopt.schedules.*": "adopt_schedule",
};

/** Patterns that the module checks texts by. */
const PATTERNS = {
  ACCOUNT_ID,
  DATE,
  EMAIL,
  IAM_POLICY_TEXT,
  INSTANCE_ID,
  KMS_KEY_ARN,
  NAME_PREFIX,
  NODE_RUNTIME,
  POLICY_ARN,
  REGION_CODE,
  RESOURCE_TAG,
  ROLE_ARN,
  ROLE_PATH,
  SCHEDULE_NAME,
  SECURITY_GROUP_ID,
  SNS_TOPIC_ARN,
  SUBNET_ID,
  SYSTEMD_UNIT,
};

/** The text of module/facts.tf. */
export function moduleFacts(schema: object): string {
  const blocks = blocksOf(schema as SchemaPart);
  const functions = limits.FUNCTION_SETTINGS;
  const { values: logRetentionDays, default: defaultLogRetentionDays } = functions.logRetentionDays;
  const facts = {
    kinds: mapOf(blocks, (properties) => mapOf(properties, kindOf)),
    limits: {
      latestMinutes: limits.LATEST_MINUTES,
      warnMinutes: limits.WARN_MINUTES,
      maxInstances: limits.MAX_INSTANCES,
      timeoutSeconds: functions.timeoutSeconds,
      memoryMb: functions.memoryMb,
      reservedConcurrency: functions.reservedConcurrency,
    },
    defaults: {
      name: limits.NAME.default,
      timezone: limits.TIMEZONE.default,
      latest_minutes: limits.LATEST_MINUTES.default,
      timeout_seconds: functions.timeoutSeconds.default,
      memory_mb: functions.memoryMb.default,
      log_retention_days: defaultLogRetentionDays,
      runtime: functions.runtime.default,
      architecture: functions.architecture.default,
      hold_tag: limits.HOLD_TAG.default,
    },
    known_triggers: limits.TRIGGER.values,
    architectures: functions.architecture.values,
    log_levels: functions.logLevel.values,
    max_subnets: limits.VPC.maxSubnets,
    max_security_groups: limits.VPC.maxSecurityGroups,
    tcp_port: limits.TCP_PORT,
    max_service_checks: limits.MAX_SERVICE_CHECKS,
    max_command_length: limits.MAX_COMMAND_LENGTH,
    max_tag_key_length: limits.MAX_TAG_KEY_LENGTH,
    max_tag_value_length: limits.MAX_TAG_VALUE_LENGTH,
    max_resource_tags: limits.MAX_RESOURCE_TAGS,
    max_description_length: limits.MAX_DESCRIPTION_LENGTH,
    max_name_length: limits.MAX_NAME_LENGTH,
    max_role_policy_length: limits.MAX_ROLE_POLICY_LENGTH,
    max_environment_bytes: limits.MAX_ENVIRONMENT_BYTES,
    max_rule_input_length: limits.MAX_RULE_INPUT_LENGTH,
    patterns: Object.fromEntries(
      Object.entries(PATTERNS).map(([name, pattern]) => [name.toLowerCase(), inHcl(pattern)]),
    ),
    partitions: Object.fromEntries(PARTITIONS),
    zone_abbreviations: Object.fromEntries(zoneOfAbbreviation),
    other_zones: otherNames,
  };
  const areas = Object.keys(citiesByArea);
  const width = Math.max(...areas.map((area) => area.length));
  return [
    HEAD,
    "locals {",
    ...renderArguments(Object.entries(facts), "  "),
    "",
    // Apart, for the length of its line.
    ...renderArguments([["log_days", logRetentionDays]], "  "),
    "",
    "  manager_tags = [",
    ...managerTagKeys().map((key) => `    ${JSON.stringify(key)},`),
    "  ]",
    "",
    "  # With its offset from UTC, a zone in which clocks never change.",
    "  zones_by_area = {",
    ...Object.entries(citiesByArea).flatMap(([area, cities]) => [
      `    ${area.padEnd(width)} = <<-EOT`,
      ...wrapped(cities.split(" ").map((city) => city + fixedOffset(`${area}/${city}`))).map(
        (line) => `      ${line}`,
      ),
      "    EOT",
    ]),
    "  }",
    "}",
    "",
  ].join("\n");
}

/** `=+09:00` for a zone whose clocks change no more; nothing for others. */
function fixedOffset(timezone: string): string {
  const zone = Zone.of(timezone);
  return zone.nextChange(FROM) === undefined ? `=${offsetText(zone.offsetAt(FROM))}` : "";
}

function blocksOf(schema: SchemaPart): Record<string, Readonly<Record<string, SchemaPart>>> {
  const found: Record<string, Readonly<Record<string, SchemaPart>>> = {};
  const visit = (path: string, part: SchemaPart): void => {
    const block = BLOCKS[path];
    if (part.properties !== undefined && block !== undefined)
      found[block] = { ...found[block], ...part.properties };
    const below = (key: string) => (path === "" ? key : `${path}.${key}`);
    for (const [key, each] of Object.entries(part.properties ?? {})) visit(below(key), each);
    for (const each of part.anyOf ?? []) visit(path, each);
    if (isRecord(part.additionalProperties)) visit(below("*"), part.additionalProperties);
  };
  visit("", schema);
  return found;
}

/** What a key holds; `texts` is a text or a list of texts. */
function kindOf({ type, anyOf = [] }: SchemaPart): string {
  if (type === "array") return "list";
  if (type === "object") return "object";
  if (type === "boolean") return "bool";
  if (type === "integer") return "number";
  return anyOf.length > 0 ? "texts" : "text";
}

/** A pattern as Terraform reads it. */
function inHcl({ source }: RegExp): string {
  return source
    .replaceAll("(?:", "(")
    .replaceAll("\\/", "/")
    .replaceAll("\\d", "[0-9]")
    .replaceAll("[\\w", "[A-Za-z0-9_")
    .replaceAll(/\\u00(..)/g, "\\x{$1}");
}

function mapOf<T, U>(map: Readonly<Record<string, T>>, change: (value: T, key: string) => U) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

function wrapped(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= MAX_LINE_LENGTH - 6)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

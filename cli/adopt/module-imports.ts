import type { ActionScheduleProps, TargetProps } from "../../constructs/props";
import { adoptText } from "./adopt-text";
import type { Proposal } from "./proposal";

/** What of the module can be imported, as module/*.tf names it: a test holds these to it. */
export const MODULE_RESOURCES = {
  function: "aws_lambda_function.this",
  logGroup: "aws_cloudwatch_log_group.this",
} as const;

const ACTIONS = ["stop", "start"] as const;

/**
 * Terraform: the module's call with what it has to say for the adopted functions, and their import blocks. What was
 * found stands above as comments.
 */
export function moduleText(proposal: Proposal, moduleAddress: string): string {
  const found = adoptText(proposal).trimEnd().split("\n");
  const comments = found.map((line) => `# ${line}`.trimEnd()).join("\n");
  return [
    `${comments}\n`,
    moduleCall(proposal, moduleAddress),
    ...importBlocks(proposal, moduleAddress),
  ].join("\n");
}

function importBlocks({ additions }: Proposal, moduleAddress: string): string[] {
  const functions = additions.adopt?.functions ?? {};
  return ACTIONS.flatMap((action) => {
    const adopted = functions[action];
    if (adopted === undefined) return [];
    const at = (resource: string) => `${moduleAddress}.${resource}[${hcl(action)}]`;
    return [
      importBlock(at(MODULE_RESOURCES.function), adopted.name),
      ...(adopted.logGroup
        ? [importBlock(at(MODULE_RESOURCES.logGroup), `/aws/lambda/${adopted.name}`)]
        : []),
    ];
  });
}

function importBlock(to: string, id: string): string {
  return `import {\n  to = ${to}\n  id = ${hcl(id)}\n}\n`;
}

function moduleCall({ additions }: Proposal, moduleAddress: string): string {
  const { adopt, functions = {}, permissionsBoundaryArn, schedules = {}, targets = {} } = additions;
  const settings = Object.entries({
    stop_function_name: adopt?.functions?.stop?.name,
    start_function_name: adopt?.functions?.start?.name,
    architecture: functions.architecture,
    log_retention_days: functions.logRetentionDays,
    permissions_boundary: permissionsBoundaryArn,
  }).filter(([, value]) => value !== undefined);
  const width = Math.max(0, ...settings.map(([name]) => name.length));
  const name = moduleAddress.slice(moduleAddress.lastIndexOf(".") + 1);
  return [
    `module ${hcl(name)} {`,
    "  # source = ...",
    ...settings.map(([key, value]) => `  ${key.padEnd(width)} = ${hcl(value)}`),
    "",
    "  schedules = {",
    ...Object.entries(schedules).flatMap(([key, schedule]) =>
      scheduleLines(key, schedule as ActionScheduleProps, targets, additions.timezone),
    ),
    "  }",
    "}",
    "",
  ].join("\n");
}

function scheduleLines(
  key: string,
  { action, expression, timezone, enabled, targets: names }: ActionScheduleProps,
  targets: Readonly<Record<string, TargetProps>>,
  defaultTimezone: string | undefined,
): string[] {
  const target = targets[typeof names === "string" ? names : (names[0] ?? "")] ?? {};
  const ids = target.instanceIds ?? [];
  const zone = timezone ?? defaultTimezone ?? "UTC";
  const lines = [
    ["action", hcl(action)],
    ["schedule_expression", hcl(expression)],
    ["timezone", hcl(zone)],
    ["instance_ids", `${hcl(ids)}${ids.length === 0 ? " # fill in" : ""}`],
    ...(target.regions ? [["regions", hcl(target.regions)]] : []),
    ...(enabled === false ? [["enabled", "false"]] : []),
  ];
  const width = Math.max(...lines.map(([name = ""]) => name.length));
  return [
    `    ${hcl(key)} = {`,
    ...lines.map(([name = "", value]) => `      ${name.padEnd(width)} = ${value}`),
    "    }",
  ];
}

/** A value as HCL reads it back: JSON, but for templates. */
function hcl(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hcl).join(", ")}]`;
  return JSON.stringify(value).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

import { ACTIONS } from "../../../contract/actions";
import { defined, isRecord } from "../../../contract/collections";
import { LATEST_MINUTES, TIMEZONE } from "../../../contract/limits";
import type { AdoptedRuleProps, AdoptedScheduleProps, AdoptProps } from "../../../model/adoption";
import { logGroupName } from "../../../model/names";
import type { ActionScheduleProps } from "../../../model/props";
import type { Terminal } from "../../context";
import type { ConfigAdditions } from "./config-edit";
import type { Proposal } from "./proposal";
import { planProposed } from "./schedules";
import { renderProposal } from "./text";

/** Addresses of the module's importable resources; a test compares them with module/*.tf. */
export const MODULE_RESOURCES = {
  /** One, if any. */
  role: "aws_iam_role.functions",
  /** By action. */
  function: "aws_lambda_function.this",
  logGroup: "aws_cloudwatch_log_group.this",
  /** By the name of the schedule. */
  rule: "aws_cloudwatch_event_rule.this",
  target: "aws_cloudwatch_event_target.this",
  schedule: "aws_scheduler_schedule.this",
} as const;

/**
 * Terraform: a call of the module with the arguments that adopting needs, and the import blocks. The findings stand above
 * as comments; where everything is adopted already, there is nothing else.
 */
export function renderModule(proposal: Proposal, moduleAddress: string, terminal: Terminal): string {
  const found = renderProposal(proposal, terminal).trimEnd().split("\n");
  const comments = found.map((line) => `# ${line}`.trimEnd()).join("\n");
  const { additions, alreadyAdopted } = proposal;
  if (Object.keys(additions).length === 0)
    return `${describeAlreadyAdopted(alreadyAdopted)}\n#\n${comments}\n`;
  const before =
    alreadyAdopted.length === 0 ? "" : `${describeAlreadyAdopted(alreadyAdopted)}\n${ADD_TO_CALL}\n#\n`;
  return [
    `${before}${comments}\n`,
    renderModuleCall(additions, moduleAddress),
    ...renderImports(additions.adopt ?? {}, moduleAddress),
  ].join("\n");
}

const ADD_TO_CALL = "# Does a call of the module make them, add to that one what stands below.";

function describeAlreadyAdopted(names: readonly string[]): string {
  const run = names.length === 1 ? "runs" : "run";
  return `# ${names.join(" and ")} ${run} this project's code already: nothing to import.`;
}

function renderImports(
  { role, functions = {}, schedules = {} }: AdoptProps,
  moduleAddress: string,
): string[] {
  const block = (resource: string, key: string | number, id: string) =>
    `import {\n  to = ${moduleAddress}.${resource}[${renderHcl(key)}]\n  id = ${renderHcl(id)}\n}\n`;
  return [
    ...(role ? [block(MODULE_RESOURCES.role, 0, role.name)] : []),
    ...ACTIONS.flatMap((action) => {
      const adopted = functions[action];
      if (adopted === undefined) return [];
      const logGroup = logGroupName(adopted.name);
      return [
        block(MODULE_RESOURCES.function, action, adopted.name),
        ...(adopted.logGroup ? [block(MODULE_RESOURCES.logGroup, action, logGroup)] : []),
      ];
    }),
    ...Object.entries(schedules).flatMap(([name, adopted]) =>
      isRule(adopted)
        ? [
            block(MODULE_RESOURCES.rule, name, adopted.rule),
            block(MODULE_RESOURCES.target, name, `${adopted.rule}/${adopted.targetId}`),
          ]
        : [block(MODULE_RESOURCES.schedule, name, `${adopted.group}/${adopted.name}`)],
    ),
  ];
}

function renderModuleCall(additions: ConfigAdditions, moduleAddress: string): string {
  const {
    adopt = {},
    functions = {},
    permissionsBoundaryArn,
    trigger,
    timezone = TIMEZONE.default,
  } = additions;
  const adopted = toAdoptArgument(adopt);
  const settings = defined({
    architecture: functions.architecture,
    log_retention_days: functions.logRetentionDays,
  });
  const given = (value: object) => (Object.keys(value).length > 0 ? value : undefined);
  return [
    `module ${renderHcl(moduleAddress.slice(moduleAddress.lastIndexOf(".") + 1))} {`,
    "  # source = ...",
    ...renderArguments(
      [
        ["trigger", trigger],
        ["timezone", timezone],
        ["permissions_boundary_arn", permissionsBoundaryArn],
        ["functions", given(settings)],
      ],
      "  ",
    ),
    "",
    "  targets = {",
    ...renderTargets(additions),
    "  }",
    "",
    "  schedules = {",
    ...renderSchedules(additions),
    "  }",
    ...(given(adopted) ? ["", ...renderArguments([["adopt", adopted]], "  ")] : []),
    "}",
    "",
  ].join("\n");
}

/** The module's `adopt`: the import blocks say what of it exists. */
function toAdoptArgument({ role, functions = {}, schedules = {} }: AdoptProps): Record<string, unknown> {
  const names = ACTIONS.flatMap((action) => {
    const { name, logGroupKmsKeyArn } = functions[action] ?? {};
    return name === undefined ? [] : [[action, { name, log_group_kms_key_arn: logGroupKmsKeyArn }] as const];
  });
  const triggers = Object.entries(schedules).map(
    ([name, adopted]) =>
      [name, isRule(adopted) ? { rule: adopted.rule, target_id: adopted.targetId } : adopted] as const,
  );
  return {
    ...(role
      ? {
          role: {
            name: role.name,
            path: role.path,
            description: role.description,
            keep_policy_arns: role.keepPolicyArns,
          },
        }
      : {}),
    ...(names.length > 0 ? { functions: Object.fromEntries(names) } : {}),
    ...(triggers.length > 0 ? { schedules: Object.fromEntries(triggers) } : {}),
  };
}

function renderTargets({ targets = {} }: ConfigAdditions): string[] {
  return Object.entries(targets).flatMap(([name, { instanceIds = [], regions }]) => [
    `    ${renderHclName(name)} = {`,
    ...renderArguments(
      [
        ["instance_ids", instanceIds],
        ["regions", regions],
      ],
      "      ",
      instanceIds.length === 0 ? { instance_ids: "fill in" } : {},
    ),
    "    }",
  ]);
}

function renderSchedules(additions: ConfigAdditions): string[] {
  const latest = findLatestMinutes(additions);
  return Object.entries(additions.schedules ?? {}).flatMap(([name, schedule]) => {
    const { action, expression, targets, timezone, startDate, endDate, enabled } =
      schedule as ActionScheduleProps;
    return [
      `    ${renderHclName(name)} = {`,
      ...renderArguments(
        [
          ["action", action],
          ["expression", expression],
          ["targets", targets],
          ["timezone", timezone],
          ["start_date", startDate],
          ["end_date", endDate],
          ["enabled", enabled],
          ["latest_minutes", latest.get(name)],
        ],
        "      ",
      ),
      "    }",
    ];
  });
}

/** Finds each schedule's latestMinutes below the module's default, which Terraform cannot compute itself. */
function findLatestMinutes(additions: ConfigAdditions): ReadonlyMap<string, number> {
  const { schedules = {} } = additions;
  return new Map(
    planProposed({ ...additions, schedules }).flatMap(({ name, latestMinutes: minutes }) =>
      minutes < LATEST_MINUTES.default ? [[name, minutes] as const] : [],
    ),
  );
}

function isRule(adopted: AdoptedRuleProps | AdoptedScheduleProps): adopted is AdoptedRuleProps {
  return "rule" in adopted;
}

/** Renders a value as HCL: JSON with templates escaped, and objects as `terraform fmt` lays them out. */
export function renderHcl(value: unknown, indent = ""): string {
  if (Array.isArray(value)) return `[${value.map((item) => renderHcl(item, indent)).join(", ")}]`;
  if (isRecord(value)) {
    return ["{", ...renderArguments(Object.entries(value), `${indent}  `), `${indent}}`].join("\n");
  }
  return JSON.stringify(value).replace(/[$%](?=\{)/g, "$&$&");
}

/**
 * `name = value`, a line each or more, their equals signs beneath each other; what is undefined is left out.
 * @param comments comment after a value, by its name
 */
export function renderArguments(
  entries: readonly (readonly [string, unknown])[],
  indent: string,
  comments: Readonly<Record<string, string>> = {},
): string[] {
  const given = entries
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name: renderHclName(name), key: name, value }));
  const width = (at: number) => {
    // Values of several lines stand on their own: what is before and what is after them is aligned by itself.
    const isLong = (index: number) => isRecord(given[index]?.value);
    if (isLong(at)) return 0;
    let [first, last] = [at, at];
    while (first > 0 && !isLong(first - 1)) first -= 1;
    while (last < given.length - 1 && !isLong(last + 1)) last += 1;
    return Math.max(...given.slice(first, last + 1).map(({ name }) => name.length));
  };
  return given.map(({ name, key, value }, index) => {
    const comment = comments[key] === undefined ? "" : ` # ${comments[key]}`;
    return `${indent}${name.padEnd(width(index))} = ${renderHcl(value, indent)}${comment}`;
  });
}

/** Renders an attribute's name, quoted only where Terraform requires it: `for` begins an expression. */
export function renderHclName(name: string): string {
  return /^(?!for$)[A-Za-z_][\w-]*$/.test(name) ? name : renderHcl(name);
}

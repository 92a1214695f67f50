import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import {
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
} from "@aws-sdk/client-scheduler";
import { type Aws, REGION } from "./aws";

/** A rule's target or a schedule, as AWS holds it. */
export interface DeployedTrigger {
  readonly name: string;
  readonly functionArn: string;
  /** Who calls the function: the rule itself, or a role that a schedule of the group takes on. */
  readonly invoker: { readonly ruleArn: string } | { readonly roleArn: string; readonly groupArn: string };
  readonly expression: string;
  /** IANA zone in which AWS reads the expression. */
  readonly timezone: string;
  /** What the function is handed by a firing that was due at `time`. */
  eventAt(time: Date): unknown;
}

/** AWS writes firing times without fractions of a second. */
const awsTime = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

function valueAt(event: unknown, path: string): unknown {
  const keys = path.replace(/^\$\.?/, "").split(".");
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}

/** As EventBridge fills an input template: a string gets quotes where the template has none around it. */
export function transformInput(
  template: string,
  paths: Readonly<Record<string, string>>,
  event: unknown,
): string {
  return template.replace(/"<([\w-]+)>"|<([\w-]+)>/g, (whole, quoted?: string, bare?: string) => {
    const path = paths[quoted ?? bare ?? ""];
    return path === undefined ? whole : JSON.stringify(valueAt(event, path) ?? "");
  });
}

/** What a rule with a schedule hands to a target that has no input of its own. */
const scheduledEvent = (ruleArn: string, time: Date) => ({
  version: "0",
  id: "00000000-0000-4000-8000-000000000000",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: ruleArn.split(":")[4],
  time: awsTime(time),
  region: REGION,
  resources: [ruleArn],
  detail: {},
});

function ruleEvent(ruleArn: string, target: Target, time: Date): unknown {
  const event = scheduledEvent(ruleArn, time);
  const { InputTemplate, InputPathsMap = {} } = target.InputTransformer ?? {};
  if (InputTemplate !== undefined) return JSON.parse(transformInput(InputTemplate, InputPathsMap, event));
  return target.Input === undefined ? event : JSON.parse(target.Input);
}

async function readRule(
  aws: Aws,
  { Name = "", Arn = "", ScheduleExpression }: Rule,
): Promise<DeployedTrigger[]> {
  const { Targets = [] } = await aws.events.send(new ListTargetsByRuleCommand({ Rule: Name }));
  return Targets.map((target) => ({
    name: Name,
    functionArn: target.Arn ?? "",
    invoker: { ruleArn: Arn },
    expression: ScheduleExpression ?? "",
    timezone: "UTC",
    eventAt: (time) => ruleEvent(Arn, target, time),
  }));
}

/** `arn:aws:scheduler:<region>:<account>:schedule/<group>/<name>` is in `...:schedule-group/<group>`. */
const groupArnOf = (scheduleArn: string): string =>
  scheduleArn.slice(0, scheduleArn.lastIndexOf("/")).replace(":schedule/", ":schedule-group/");

const readSchedule = (schedule: GetScheduleCommandOutput): DeployedTrigger => ({
  name: schedule.Name ?? "",
  functionArn: schedule.Target?.Arn ?? "",
  invoker: { roleArn: schedule.Target?.RoleArn ?? "", groupArn: groupArnOf(schedule.Arn ?? "") },
  expression: schedule.ScheduleExpression ?? "",
  timezone: schedule.ScheduleExpressionTimezone ?? "UTC",
  eventAt: (time) =>
    JSON.parse((schedule.Target?.Input ?? "{}").replaceAll("<aws.scheduler.scheduled-time>", awsTime(time))),
});

/** Every enabled rule's targets and every enabled schedule. */
export async function readTriggers(aws: Aws): Promise<readonly DeployedTrigger[]> {
  const { Rules = [] } = await aws.events.send(new ListRulesCommand({}));
  const enabledRules = Rules.filter(({ State }) => State === "ENABLED");
  const ruleTargets = await Promise.all(enabledRules.map((rule) => readRule(aws, rule)));
  const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const schedules = await Promise.all(
    Schedules.map(({ GroupName, Name }) => aws.scheduler.send(new GetScheduleCommand({ GroupName, Name }))),
  );
  return [...ruleTargets.flat(), ...schedules.filter(({ State }) => State === "ENABLED").map(readSchedule)];
}

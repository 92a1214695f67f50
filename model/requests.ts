import type { Action } from "../contract/actions";
import { defined } from "../contract/collections";
import type { RequestTarget, ServiceChecks, StartStopRequest } from "../contract/request";
import type { Ec2StartStopProps, TargetProps } from "./props";
import { isUnresolvedList, type TextWriter } from "./terraform-text";

type TagMap = Readonly<Record<string, readonly string[]>>;

/**
 * Converts targets to those of a request: one entry per region, each instance once. `checks` are kept for starts only.
 */
export function requestTargets(
  props: Ec2StartStopProps,
  targetNames: readonly string[],
  action: Action,
): RequestTarget[] {
  const parts = targetNames.flatMap((name) =>
    Object.hasOwn(props.targets, name) ? expandTarget(props.targets[name], props.region, action) : [],
  );
  return unique(mergeBareIdTargets(parts));
}

/** Returns tags with each value as a list; undefined if there are none. */
export function tagLists(tags: TargetProps["tags"]): TagMap | undefined {
  const entries = Object.entries(tags ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === "string" ? [value] : [...value]]),
  );
}

function expandTarget(
  target: TargetProps | undefined,
  defaultRegion: string,
  action: Action,
): RequestTarget[] {
  if (target === undefined) return [];
  const tags = tagLists(target.tags);
  const exclude = tagLists(target.exclude);
  const checks = action === "start" ? inKeyOrder(target.checks) : undefined;
  const regions = target.regions?.length ? target.regions : [defaultRegion];
  return regions.map((region) => ({
    region,
    ...(target.instanceIds?.length ? { instanceIds: [...new Set(target.instanceIds)] } : {}),
    ...(tags ? { tags } : {}),
    ...(exclude ? { exclude } : {}),
    ...(checks ? { checks } : {}),
  }));
}

/** Returns checks with their keys in a fixed order, so that equal ones have equal JSON. */
function inKeyOrder(checks: ServiceChecks | undefined): ServiceChecks | undefined {
  if (checks === undefined) return undefined;
  const { systemd, tcp, command } = checks;
  return {
    ...(systemd ? { systemd: [...systemd] } : {}),
    ...(tcp ? { tcp: [...tcp] } : {}),
    ...defined({ command }),
  };
}

/** Merges targets that consist of ids in one region, with the same checks, to keep the input short. */
function mergeBareIdTargets(parts: readonly RequestTarget[]): RequestTarget[] {
  const merged = new Map<string, RequestTarget[]>();
  for (const [index, part] of parts.entries()) {
    const key = isBareIds(part) ? JSON.stringify([part.region, part.checks]) : String(index);
    const group = merged.get(key);
    if (group === undefined) merged.set(key, [part]);
    else group.push(part);
  }
  return [...merged.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    const instanceIds = [...new Set(group.flatMap((part) => part.instanceIds ?? []))];
    const { region, checks } = first;
    return { region, instanceIds, ...(checks ? { checks } : {}) };
  });
}

/** A list token stands for an unknown number of ids, so it cannot be merged. */
function isBareIds({ instanceIds, tags, exclude }: RequestTarget): boolean {
  return (
    instanceIds !== undefined && !isUnresolvedList(instanceIds) && tags === undefined && exclude === undefined
  );
}

function unique(parts: readonly RequestTarget[]): RequestTarget[] {
  return [...new Map(parts.map((part) => [JSON.stringify(part), part])).values()];
}

/** Placeholder of the input transformer for the firing's time. EventBridge adds the quotes itself. */
const RULE_TIME_PLACEHOLDER = "<time>";
/** Path of the placeholder's value in the event of a rule. */
export const RULE_INPUT_PATHS = { time: "$.time" } as const;
/** Context attribute of EventBridge Scheduler, which is replaced without quotes being added. */
const SCHEDULER_TIME_PLACEHOLDER = '"<aws.scheduler.scheduled-time>"';

/**
 * Returns the input template of a rule's target: the request, in which EventBridge fills in the firing's time.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function ruleInputTemplate(request: StartStopRequest, writer: TextWriter): string {
  return withScheduledTime(request, RULE_TIME_PLACEHOLDER, writer);
}

/**
 * Returns the input of a schedule: the request, in which EventBridge Scheduler fills in the firing's time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function schedulerInput(request: StartStopRequest, writer: TextWriter): string {
  return withScheduledTime(request, SCHEDULER_TIME_PLACEHOLDER, writer);
}

/** Inserts the placeholder unescaped, after all text from the config has been escaped. */
function withScheduledTime(request: StartStopRequest, placeholder: string, writer: TextWriter): string {
  const { schedule, action, ...rest } = request;
  const head = writer.json({ schedule, action }).slice(0, -1);
  const tail = writer.json(rest).slice(1);
  return `${head},"scheduledTime":${placeholder},${tail}`;
}

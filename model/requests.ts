import type { Action } from "../contract/actions";
import { defined } from "../contract/collections";
import type {
  DeployedTarget,
  RequestTarget,
  ServiceChecks,
  StartStopRequest,
  TargetInstances,
} from "../contract/request";
import type { TagValue, TagValues } from "../contract/tags";
import type { Ec2StartStopProps, TargetProps } from "./props";
import { isUnresolvedList, type TextWriter } from "./terraform-text";

/**
 * Converts targets to those of a request: one entry per region, each instance once. A start asks for the deployed checks of
 * targets that have some.
 */
export function requestTargets(
  props: Ec2StartStopProps,
  targetNames: readonly string[],
  action: Action,
): RequestTarget[] {
  return mergeTargets(
    expandTargets(props, targetNames, action).map(({ checks, ...instances }) => ({
      ...instances,
      ...(checks ? { checks: true } : {}),
    })),
  );
}

/**
 * Converts the targets of all schedules of an action to those that its function knows: one entry per region, each instance
 * once, `checks` for starts only.
 * @param enabled names of the targets of enabled schedules, which are those of the default request
 * @param disabled names of the other targets
 */
export function deployedTargets(
  props: Ec2StartStopProps,
  enabled: readonly string[],
  disabled: readonly string[],
  action: Action,
): DeployedTarget[] {
  const byDefault = mergeTargets(expandTargets(props, enabled, action));
  const texts = new Set(byDefault.map((target) => JSON.stringify(target)));
  const idsOf = new Map(
    byDefault.filter(isBareIds).map((each) => [mergeKey(each), new Set(each.instanceIds)]),
  );
  // An environment has room for few ids, so each is named once.
  const added = mergeTargets(expandTargets(props, disabled, action)).flatMap((target) => {
    if (!isBareIds(target)) return texts.has(JSON.stringify(target)) ? [] : [target];
    const instanceIds = target.instanceIds?.filter((id) => !idsOf.get(mergeKey(target))?.has(id)) ?? [];
    return instanceIds.length === 0 ? [] : [{ ...target, instanceIds }];
  });
  return [...byDefault, ...added.map((target) => ({ ...target, default: false as const }))];
}

/** Returns the instances of a target, one entry per region. */
export function targetInstances(props: Ec2StartStopProps, targetName: string): TargetInstances[] {
  // Only a start has checks.
  return expandTargets(props, [targetName], "stop");
}

function expandTargets(
  props: Ec2StartStopProps,
  targetNames: readonly string[],
  action: Action,
): DeployedTarget[] {
  return targetNames.flatMap((name) =>
    Object.hasOwn(props.targets, name) ? expandTarget(props.targets[name], props.region, action) : [],
  );
}

/** Returns tags with each value as a list; undefined if there are none. */
export function tagLists(tags: TargetProps["tags"]): TagValues | undefined {
  const entries = Object.entries(tags ?? {});
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([key, value]) => [key, [value].flat() as readonly TagValue[]]));
}

function expandTarget(
  target: TargetProps | undefined,
  defaultRegion: string,
  action: Action,
): DeployedTarget[] {
  if (target === undefined) return [];
  const tags = tagLists(target.tags);
  const exclude = tagLists(target.exclude);
  const checks = action === "start" ? inKeyOrder(target.checks) : undefined;
  const regions = target.regions?.length ? target.regions : [defaultRegion];
  return regions.map((region) => ({
    region,
    ...(target.instanceIds?.length ? { instanceIds: [...new Set(target.instanceIds)] } : {}),
    ...(tags ? { tags } : {}),
    ...(target.all ? { all: true as const } : {}),
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

/** A target of a request or of a deployment. */
type AnyTarget = RequestTarget | DeployedTarget;

/** Merges targets that consist of ids in one region, with the same checks, and keeps each of the others once. */
function mergeTargets<Target extends AnyTarget>(parts: readonly Target[]): Target[] {
  const groups = new Map<string, Target[]>();
  for (const part of parts) {
    const key = isBareIds(part) ? mergeKey(part) : JSON.stringify(part);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [part]);
    else if (isBareIds(part)) group.push(part);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group;
    return { ...first, instanceIds: [...new Set(group.flatMap((part) => part.instanceIds ?? []))] };
  });
}

function mergeKey({ region, checks }: AnyTarget): string {
  return JSON.stringify([region, checks]);
}

/** A list token stands for an unknown number of ids, so it cannot be merged. */
function isBareIds({ instanceIds, tags, all, exclude }: AnyTarget): boolean {
  return (
    instanceIds !== undefined && !isUnresolvedList(instanceIds) && (tags ?? all ?? exclude) === undefined
  );
}

/** Placeholder of the input transformer for the firing's time. EventBridge adds the quotes itself. */
const RULE_TIME_PLACEHOLDER = "<time>";
/** Path of the placeholder's value in the event of a rule. */
export const RULE_INPUT_PATHS = { time: "$.time" } as const;
/** Context attribute of EventBridge Scheduler, which is replaced without quotes being added. */
const SCHEDULER_TIME_PLACEHOLDER = '"<aws.scheduler.scheduled-time>"';

/** What a trigger hands over besides the firing's time: the request, or the event of the watch, with a first member or two. */
export interface TriggerInput {
  /** Stands before the time. */
  readonly head: object;
  /** Stands behind it. */
  readonly tail: object;
}

export function requestInput({ schedule, action, ...tail }: StartStopRequest): TriggerInput {
  return { head: { schedule, action }, tail };
}

/**
 * Returns the input template of a rule's target, in which EventBridge fills in the firing's time.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function ruleInputTemplate(input: TriggerInput, writer: TextWriter): string {
  return withScheduledTime(input, RULE_TIME_PLACEHOLDER, writer);
}

/**
 * Returns the input of a schedule, in which EventBridge Scheduler fills in the firing's time.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function schedulerInput(input: TriggerInput, writer: TextWriter): string {
  return withScheduledTime(input, SCHEDULER_TIME_PLACEHOLDER, writer);
}

/** Inserts the placeholder unescaped, after all text from the config has been escaped. */
function withScheduledTime({ head, tail }: TriggerInput, placeholder: string, writer: TextWriter): string {
  return `${writer.json(head).slice(0, -1)},"scheduledTime":${placeholder},${writer.json(tail).slice(1)}`;
}

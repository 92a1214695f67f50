import { ACTIONS } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import type { AdoptedRuleProps, AdoptedScheduleProps, AdoptedTriggers } from "../../../model/adoption";
import { namesOf, RULE_TARGET_ID } from "../../../model/names";
import type { PlannedSchedule } from "../../../model/plan";
import { Schedule, type ScheduleOptions } from "../../../schedule";
import type { AwsCli } from "../../aws/cli-commands";
import { formatIso } from "../../terminal/time";
import type { ExistingConfig } from "./config-edit";
import { type AdoptionFinding, describeRemovedTags } from "./finding";
import type { FoundTrigger, Inventory } from "./inventory";

interface TriggerMatch {
  /** By the name of the planned schedule. */
  readonly adopt: AdoptedTriggers;
  readonly adopted: readonly FoundTrigger[];
  readonly findings: readonly AdoptionFinding[];
}

interface MatchOptions {
  readonly kind: TriggerKind;
  readonly now: Date;
  readonly cli: AwsCli;
}

const COMPARED_FIRINGS = 40;

/**
 * Finds for each schedule of the config what fires it already: first what fires at the same times, then, where just
 * one of each is left for an action, that one, whose times are changed in place. Never what fires for instances that the
 * schedule has none of: nothing would start or stop those any more.
 */
export function matchTriggers(
  triggers: readonly FoundTrigger[],
  plan: readonly PlannedSchedule[],
  { kind, now, cli }: MatchOptions,
): TriggerMatch {
  const adopt: Record<string, AdoptedTriggers[string]> = {};
  const adopted: FoundTrigger[] = [];
  const findings: AdoptionFinding[] = [];
  const takeOver = (trigger: FoundTrigger, planned: PlannedSchedule, how: string) => {
    adopt[planned.name] = adoptedTriggerProps(trigger);
    adopted.push(trigger);
    const state =
      trigger.enabled === planned.enabled ? "" : `; it is switched ${planned.enabled ? "on" : "off"}`;
    findings.push(createTriggerFinding(trigger, "adopt", `schedules.${planned.name}${how}${state}`, cli));
  };
  const isFree = ({ name }: PlannedSchedule) => adopt[name] === undefined;
  const open: FoundTrigger[] = [];
  for (const trigger of triggers) {
    const obstacle = findTriggerObstacle(trigger, kind);
    if (trigger.action === undefined) findings.push(createTriggerFinding(trigger, "keep", NO_ACTION, cli));
    else if (obstacle !== undefined) findings.push(createTriggerFinding(trigger, "recreate", obstacle, cli));
    else open.push(trigger);
  }
  const unmatched = open.filter((trigger) => {
    const same = plan.find(
      (planned) =>
        isFree(planned) && isForSameInstances(trigger, planned) && firesAsPlanned(trigger, planned, now),
    );
    if (same) takeOver(trigger, same, ": the same times");
    return same === undefined;
  });
  for (const action of ACTIONS) {
    const left = unmatched.filter((trigger) => trigger.action === action);
    const free = plan.filter((planned) => isFree(planned) && planned.action === action);
    const [trigger, planned] = [left[0], free[0]];
    if (
      left.length === 1 &&
      free.length === 1 &&
      trigger &&
      planned &&
      isForSameInstances(trigger, planned)
    ) {
      const { expression, timezone, startDate, endDate } = planned.schedule;
      const dates = defined({
        startDate: startDate && formatIso(startDate),
        endDate: endDate && formatIso(endDate),
      });
      const times = `${describeTimes(trigger)} becomes ${describeTimes({ expression, timezone, ...dates })}`;
      takeOver(trigger, planned, `: its times change in place (${times})`);
    } else {
      findings.push(
        ...left.map((each) => createTriggerFinding(each, "keep", describeUnplanned(each, plan), cli)),
      );
    }
  }
  return { adopt, adopted, findings };
}

/** Why a trigger is kept whose action is unknown. */
export const NO_ACTION = "what it calls does not say whether it stops or starts";

function describeUnplanned(trigger: FoundTrigger, plan: readonly PlannedSchedule[]): string {
  const { action, instanceIds } = trigger;
  const what = plan.some((planned) => isForSameInstances(trigger, planned))
    ? `fires at ${describeTimes(trigger)}`
    : `has a ${action} of ${instanceIds.join(", ") || "instances"}`;
  return `no schedule in the config ${what}; until it is removed, this goes on calling`;
}

/** Whether a schedule has the action of a trigger, for some of its instances, as far as both name theirs. */
function isForSameInstances({ action, instanceIds }: FoundTrigger, planned: PlannedSchedule): boolean {
  if (planned.action !== action) return false;
  const { targets } = planned.request;
  const isNamed = instanceIds.length > 0 && targets.every(({ tags, all }) => !tags && !all);
  return !isNamed || targets.some((target) => target.instanceIds?.some((id) => instanceIds.includes(id)));
}

type TriggerTimes = Pick<FoundTrigger, "expression" | "timezone" | "startDate" | "endDate">;

function describeTimes({ expression, timezone, ...dates }: TriggerTimes): string {
  return `${expression} ${timezone}${describeDates(dates)}`;
}

/** ` from 2030-06-01T00:00:00Z until 2030-09-01T00:00:00Z`; empty for what has no dates. */
export function describeDates({ startDate, endDate }: Pick<FoundTrigger, "startDate" | "endDate">): string {
  const from = startDate ? ` from ${startDate}` : "";
  return endDate ? `${from} until ${endDate}` : from;
}

function firesAsPlanned(trigger: FoundTrigger, { schedule }: PlannedSchedule, now: Date): boolean {
  const found = parseTriggerSchedule(trigger);
  return found !== undefined && haveSameFirings(found, schedule, now);
}

/** Whether two fire at the same times from now on; when a rate fires depends on when it was made. */
export function haveSameFirings(one: Schedule, other: Schedule, now: Date): boolean {
  if (one.kind === "rate" || other.kind === "rate") return one.expression === other.expression;
  const times = (each: Schedule) => each.next({ from: now, count: COMPARED_FIRINGS }).map(Number).join();
  return times(one) === times(other);
}

/** Returns undefined for an expression that this library does not know: it matches nothing. */
export function parseTriggerSchedule(trigger: FoundTrigger): Schedule | undefined {
  const { expression, timezone } = trigger;
  try {
    return Schedule.parse(expression, { timezone, ...triggerDates(trigger) });
  } catch {
    return undefined;
  }
}

/**
 * When a schedule begins and ends; EventBridge Scheduler ignores both for `at(...)`. What it ends before is a second later,
 * so that what is deployed of it, which ends a second earlier, is what was found.
 */
export function triggerDates({
  expression,
  startDate,
  endDate,
}: FoundTrigger): Pick<ScheduleOptions, "startDate" | "endDate"> {
  if (expression.startsWith("at(")) return {};
  return defined({
    startDate: startDate === undefined ? undefined : new Date(startDate),
    endDate: endDate === undefined ? undefined : new Date(Date.parse(endDate) + 1000),
  });
}

interface UnmanagedTriggers {
  /** Triggers that may be adopted. */
  readonly triggers: readonly FoundTrigger[];
  /** About those that call unrelated functions. */
  readonly findings: readonly AdoptionFinding[];
}

/** The input that this project writes: a request with a placeholder for the time of the firing. */
const OWN_INPUT = /"scheduledTime":\s*(?:<time>|"<aws\.scheduler\.scheduled-time>")/;

/** Whether this project made or adopted a trigger already. */
export function passesRequest({ input = "" }: FoundTrigger): boolean {
  return OWN_INPUT.test(input);
}

/** The triggers not managed by this config and not belonging to unrelated functions. */
export function selectUnmanaged(
  { triggers, functions }: Inventory,
  { given }: ExistingConfig,
  cli: AwsCli,
): UnmanagedTriggers {
  const names = namesOf({ region: "", ...given });
  const adopted = new Set(Object.values(given.adopt?.functions ?? {}).map(({ name }) => name));
  const others = new Set(
    functions
      .filter(({ name, isOurs, cloudFormationStack }) =>
        isOurs ? !adopted.has(name) : cloudFormationStack !== undefined,
      )
      .map(({ name }) => name),
  );
  const isOwn = ({ kind, name, targetId, group }: FoundTrigger) =>
    kind === "rule"
      ? name.startsWith(names.scope) && targetId === RULE_TARGET_ID
      : group === names.scheduleGroup;
  const left = triggers.filter(({ functionName }) => functionName !== undefined && others.has(functionName));
  return {
    triggers: triggers.filter((each) => !left.includes(each) && !isOwn(each)),
    findings: left.map((each) =>
      createTriggerFinding(each, "keep", `it calls ${each.functionName}, which is kept`, cli),
    ),
  };
}

export type TriggerKind = "event-rule" | "scheduler";

/** Why a rule or schedule cannot be taken over in place, if it cannot. */
export function findTriggerObstacle(trigger: FoundTrigger, kind: TriggerKind): string | undefined {
  if (trigger.managedBy !== undefined) return `${trigger.managedBy} made it and keeps it as it is`;
  if (trigger.otherTargets > 0) {
    const others = trigger.otherTargets === 1 ? "another target" : `${trigger.otherTargets} other targets`;
    return `it has ${others}, which a change of its times would move too`;
  }
  const own = trigger.kind === "rule" ? "event-rule" : "scheduler";
  return own === kind ? undefined : `a ${trigger.kind} cannot become what trigger \`${kind}\` makes`;
}

/** Maps an adopted trigger onto the config. */
export function adoptedTriggerProps(trigger: FoundTrigger): AdoptedRuleProps | AdoptedScheduleProps {
  return trigger.kind === "rule"
    ? { rule: trigger.name, targetId: trigger.targetId }
    : { group: trigger.group, name: trigger.name };
}

export function createTriggerFinding(
  trigger: FoundTrigger,
  fate: AdoptionFinding["fate"],
  why: string,
  cli: AwsCli,
): AdoptionFinding {
  const { kind, tagKeys } = trigger;
  const removedTags = fate === "adopt" ? describeRemovedTags(tagKeys) : "";
  const isRemoved = fate === "recreate" || fate === "obsolete";
  return {
    kind,
    name: findingNameOf(trigger),
    fate,
    why: `${why}${removedTags}`,
    ...(isRemoved ? { removal: listTriggerRemovals(trigger, cli) } : {}),
  };
}

/** The name of a rule or schedule in a finding. */
export function findingNameOf({ kind, group, name }: FoundTrigger): string {
  return kind === "rule" ? name : `${group}/${name}`;
}

function listTriggerRemovals(
  { kind, name, group, targetId, otherTargets }: FoundTrigger,
  cli: AwsCli,
): string[] {
  if (kind === "schedule") return [cli.deleteSchedule(group, name)];
  return [cli.removeTarget(name, targetId), ...(otherTargets === 0 ? [cli.deleteRule(name)] : [])];
}

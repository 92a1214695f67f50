import type { AdoptedTriggers } from "../../constructs/adoption";
import type { PlannedSchedule } from "../../constructs/plan";
import { Schedule } from "../../schedule";
import { ACTIONS } from "../../schedule/action";
import type { Finding } from "./finding";
import type { FoundTrigger } from "./inventory";
import type { AwsCli } from "./removal";
import { adoptedTriggerProps, obstacleTo, type TriggerKind, triggerFinding } from "./trigger-finding";

export interface TriggerMatch {
  /** By the name of the planned schedule. */
  readonly adopt: AdoptedTriggers;
  readonly adopted: readonly FoundTrigger[];
  readonly findings: readonly Finding[];
}

export interface MatchOptions {
  readonly kind: TriggerKind;
  readonly now: Date;
  readonly cli: AwsCli;
}

const COMPARED_FIRINGS = 40;

/**
 * Finds for each schedule of the config what fires it already: first what fires at the same times, then, where just
 * one of each is left for an action, that one, whose times are changed in place.
 */
export function matchTriggers(
  triggers: readonly FoundTrigger[],
  plan: readonly PlannedSchedule[],
  { kind, now, cli }: MatchOptions,
): TriggerMatch {
  const adopt: Record<string, AdoptedTriggers[string]> = {};
  const adopted: FoundTrigger[] = [];
  const findings: Finding[] = [];
  const takeOver = (trigger: FoundTrigger, planned: PlannedSchedule, how: string) => {
    adopt[planned.name] = adoptedTriggerProps(trigger);
    adopted.push(trigger);
    const state =
      trigger.enabled === planned.enabled ? "" : `; it is switched ${planned.enabled ? "on" : "off"}`;
    findings.push(triggerFinding(trigger, "adopt", `schedules.${planned.name}${how}${state}`, cli));
  };
  const isFree = ({ name }: PlannedSchedule) => adopt[name] === undefined;
  const open: FoundTrigger[] = [];
  for (const trigger of triggers) {
    const obstacle = obstacleTo(trigger, kind);
    if (trigger.action === undefined) findings.push(triggerFinding(trigger, "leave", NO_ACTION, cli));
    else if (obstacle !== undefined) findings.push(triggerFinding(trigger, "beside", obstacle, cli));
    else open.push(trigger);
  }
  const unmatched = open.filter((trigger) => {
    const same = plan.find(
      (planned) => isFree(planned) && planned.action === trigger.action && firesAlike(trigger, planned, now),
    );
    if (same) takeOver(trigger, same, ": the same times");
    return same === undefined;
  });
  for (const action of ACTIONS) {
    const left = unmatched.filter((trigger) => trigger.action === action);
    const free = plan.filter((planned) => isFree(planned) && planned.action === action);
    const [trigger, planned] = [left[0], free[0]];
    if (left.length === 1 && free.length === 1 && trigger && planned) {
      const { expression, timezone } = planned.schedule;
      const times = `${trigger.expression} ${trigger.timezone} becomes ${expression} ${timezone}`;
      takeOver(trigger, planned, `: its times change in place (${times})`);
    } else {
      findings.push(...left.map((each) => triggerFinding(each, "leave", unplanned(each), cli)));
    }
  }
  return { adopt, adopted, findings };
}

const NO_ACTION = "what it calls does not say whether it stops or starts";

function unplanned({ expression, timezone }: FoundTrigger): string {
  return `no schedule in the config fires at ${expression} ${timezone}; until it is removed, this goes on calling`;
}

function firesAlike(trigger: FoundTrigger, { schedule }: PlannedSchedule, now: Date): boolean {
  const found = readSchedule(trigger);
  return found !== undefined && sameFirings(found, schedule, now);
}

/** Whether two fire at the same times from now on; when a rate fires depends on when it was made. */
export function sameFirings(one: Schedule, other: Schedule, now: Date): boolean {
  if (one.kind === "rate" || other.kind === "rate") return one.expression === other.expression;
  const times = (each: Schedule) => each.next({ from: now, count: COMPARED_FIRINGS }).map(Number).join();
  return times(one) === times(other);
}

/** What AWS took and this library does not know is just not matched. */
export function readSchedule({ expression, timezone }: FoundTrigger): Schedule | undefined {
  try {
    return Schedule.parse(expression, { timezone });
  } catch {
    return undefined;
  }
}

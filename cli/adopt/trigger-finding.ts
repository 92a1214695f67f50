import type { AdoptedRuleProps, AdoptedScheduleProps } from "../../constructs/adoption";
import type { Finding } from "./finding";
import type { FoundTrigger } from "./inventory";
import { lostTags } from "./lost-tags";
import type { AwsCli } from "./removal";

export type TriggerKind = "event-rule" | "scheduler";

/** Why a rule or schedule cannot be taken over in place, if it cannot. */
export function obstacleTo(trigger: FoundTrigger, kind: TriggerKind): string | undefined {
  if (trigger.managedBy !== undefined) return `${trigger.managedBy} made it and keeps it as it is`;
  if (trigger.otherTargets > 0) {
    const others = trigger.otherTargets === 1 ? "another target" : `${trigger.otherTargets} other targets`;
    return `it has ${others}, which a change of its times would move too`;
  }
  const own = trigger.kind === "rule" ? "event-rule" : "scheduler";
  return own === kind ? undefined : `a ${trigger.kind} cannot become what trigger \`${kind}\` makes`;
}

/** The same as the config writes it. */
export function adoptedTriggerProps(trigger: FoundTrigger): AdoptedRuleProps | AdoptedScheduleProps {
  return trigger.kind === "rule"
    ? { rule: trigger.name, targetId: trigger.targetId }
    : { group: trigger.group, name: trigger.name };
}

export function triggerFinding(
  trigger: FoundTrigger,
  fate: Finding["fate"],
  why: string,
  cli: AwsCli,
): Finding {
  const { kind, tagKeys } = trigger;
  const name = kind === "rule" ? trigger.name : `${trigger.group}/${trigger.name}`;
  const told = fate === "adopt" ? `${why}${lostTags(tagKeys)}` : why;
  const isRemoved = fate === "beside" || fate === "replaced";
  return { kind, name, fate, why: told, ...(isRemoved ? { removal: removalOf(trigger, cli) } : {}) };
}

function removalOf({ kind, name, group, targetId, otherTargets }: FoundTrigger, cli: AwsCli): string[] {
  if (kind === "schedule") return [cli.deleteSchedule(group, name)];
  return [cli.removeTarget(name, targetId), ...(otherTargets === 0 ? [cli.deleteRule(name)] : [])];
}

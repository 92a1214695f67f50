import { namesOf } from "../../constructs/names";
import type { ExistingConfig } from "./existing-config";
import type { Finding } from "./finding";
import type { FoundTrigger, Inventory } from "./inventory";
import type { AwsCli } from "./removal";
import { triggerFinding } from "./trigger-finding";

export interface FreeTriggers {
  /** Those that may be taken over. */
  readonly triggers: readonly FoundTrigger[];
  /** About those that call what belongs to somebody else. */
  readonly findings: readonly Finding[];
}

/** What this project writes: a request into which the trigger fills in the time of the firing. */
const OWN_INPUT = /"scheduledTime":\s*(?:<time>|"<aws\.scheduler\.scheduled-time>")/;

/** Whether this project made or took over a trigger already. */
export function handsOverRequest({ input = "" }: FoundTrigger): boolean {
  return OWN_INPUT.test(input);
}

/** The triggers but for those that this config made itself, and those of functions that are another's. */
export function freeTriggers(
  { triggers, functions }: Inventory,
  { given }: ExistingConfig,
  cli: AwsCli,
): FreeTriggers {
  const names = namesOf(given);
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
      ? name.startsWith(`${names.prefix}-`) && targetId === "function"
      : group === names.scheduleGroup;
  const left = triggers.filter(({ functionName }) => functionName !== undefined && others.has(functionName));
  return {
    triggers: triggers.filter((each) => !left.includes(each) && !isOwn(each)),
    findings: left.map((each) =>
      triggerFinding(each, "leave", `it calls ${each.functionName}, which is left alone`, cli),
    ),
  };
}

import type { AwsCli } from "../../aws/cli-commands";
import type { AwsReader } from "../../aws/reader";
import type { FoundFunction, FoundTrigger, Inventory } from "./inventory";
import { leftOverInlinePolicies, leftOverPermissions, leftOverPolicies, leftOverRoles } from "./leftovers";
import type { Finding } from "./proposal";
import { handsOverRequest, readSchedule, sameFirings, triggerFinding } from "./triggers";

export interface TakenOver {
  /** Names of the functions that run this project's code already, so that there is nothing to import. */
  readonly functions: readonly string[];
  /** About them, and what was made by hand for them and is left over. */
  readonly findings: readonly Finding[];
  /** What may still be taken over. */
  readonly rest: Inventory;
}

export interface LeftOverOptions {
  readonly cli: AwsCli;
  readonly now: Date;
}

/**
 * Tells what runs this project's code already from what may still be taken over, where no config says which is which.
 * A command that removes something is given only where nothing needs it, whoever made the functions.
 */
export async function takenOver(
  aws: AwsReader,
  inventory: Inventory,
  options: LeftOverOptions,
): Promise<TakenOver> {
  const functions = inventory.functions.filter(({ isOurs }) => isOurs);
  if (functions.length === 0) return { functions: [], findings: [], rest: inventory };
  const names = new Set<string | undefined>(functions.map(({ name }) => name));
  const triggers = inventory.triggers.filter(({ functionName }) => names.has(functionName));
  const replaced = triggers.filter((trigger) => replacementOf(trigger, triggers, options.now) !== undefined);
  const idle = inventory.functions.flatMap((each) => {
    const stands = standIn(each, inventory, triggers);
    return stands === undefined ? [] : [{ ...each, stands }];
  });
  const [rules, detached] = await Promise.all([aws.rules(), aws.detachedPolicies()]);
  const ruleNames = rules.map(({ name }) => name);
  const gone = new Set([...names, ...idle.map(({ name }) => name)]);
  return {
    functions: functions.map(({ name }) => name),
    findings: [
      ...functions.map(({ name, behaviour }) => leave(name, `${behaviour.because}: nothing to import`)),
      ...idle.map(({ name, stands }) =>
        leave(
          name,
          `no rule or schedule calls it, and ${stands} does the same to its instances; who else calls it cannot be told from here`,
        ),
      ),
      // Before the permissions, since a rule that may no longer call its function would fail.
      ...triggers.map((trigger) => aboutTrigger(trigger, triggers, options)),
      ...functions.flatMap((each) =>
        leftOverPermissions(each, { triggers, replaced, ruleNames, ...options }),
      ),
      ...leftOverInlinePolicies(functions, inventory, options),
      ...leftOverRoles(functions, inventory, options),
      ...leftOverPolicies(detached, options),
    ],
    rest: {
      ...inventory,
      functions: inventory.functions.filter(({ name }) => !gone.has(name)),
      triggers: inventory.triggers.filter((each) => !triggers.includes(each)),
    },
  };
}

/** Somebody's own request, written for these functions. */
const ANY_REQUEST = /"(?:schedule|action|targets|scheduledTime)"\s*:/;

/** The trigger of this project that calls the same function at the same times, where one calls it without a request. */
function replacementOf(
  trigger: FoundTrigger,
  all: readonly FoundTrigger[],
  now: Date,
): FoundTrigger | undefined {
  const isAnothers =
    trigger.managedBy !== undefined || trigger.tagKeys.some((key) => key.startsWith("aws:cloudformation:"));
  if (isAnothers || ANY_REQUEST.test(trigger.input ?? "")) return undefined;
  const schedule = readSchedule(trigger);
  if (schedule === undefined) return undefined;
  return all.find((other) => {
    if (!handsOverRequest(other) || other.functionName !== trigger.functionName) return false;
    const theirs = readSchedule(other);
    return (other.enabled || !trigger.enabled) && theirs !== undefined && sameFirings(schedule, theirs, now);
  });
}

function aboutTrigger(
  trigger: FoundTrigger,
  all: readonly FoundTrigger[],
  { cli, now }: LeftOverOptions,
): Finding {
  const { functionName, input = "" } = trigger;
  const by = replacementOf(trigger, all, now);
  if (by !== undefined) {
    return triggerFinding(trigger, "replaced", `${by.name} calls ${functionName} at the same times`, cli);
  }
  const why = ANY_REQUEST.test(input)
    ? `it hands ${functionName} a request already`
    : `it calls ${functionName} for all its targets, and nothing of this project does at the same times: is it still meant?`;
  return triggerFinding(trigger, "leave", why, cli);
}

/** The function that does the same by now, where nothing calls one that was made by hand. */
function standIn(
  { name, isOurs, behaviour }: FoundFunction,
  { functions, triggers }: Inventory,
  callers: readonly FoundTrigger[],
): string | undefined {
  const { action, instanceIds } = behaviour;
  if (isOurs || instanceIds.length === 0 || triggers.some((each) => each.functionName === name)) {
    return undefined;
  }
  return functions.find((other) => {
    const own = callers.filter((each) => handsOverRequest(each) && each.functionName === other.name);
    const ids = new Set(own.flatMap((each) => each.instanceIds));
    return other.isOurs && other.behaviour.action === action && instanceIds.every((id) => ids.has(id));
  })?.name;
}

function leave(name: string, why: string): Finding {
  return { kind: "function", name, fate: "leave", why };
}

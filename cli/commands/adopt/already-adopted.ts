import type { AwsCli } from "../../aws/cli-commands";
import type { AwsReader } from "../../aws/reader";
import { type AdoptionFinding, keepFunction } from "./finding";
import type { FoundFunction, FoundTrigger, Inventory } from "./inventory";
import { findLeftoverInlinePolicies, findLeftoverPolicies, findLeftoverRoles } from "./leftovers";
import { findLeftoverPermissions } from "./permissions";
import { createTriggerFinding, haveSameFirings, parseTriggerSchedule, passesRequest } from "./triggers";

interface AlreadyAdopted {
  /** Names of the functions that run this project's code already, so that there is nothing to import. */
  readonly functions: readonly string[];
  /** Findings about them and about leftovers made by hand for them. */
  readonly findings: readonly AdoptionFinding[];
  /** The inventory that may still be adopted. */
  readonly rest: Inventory;
}

interface SplitOptions {
  readonly cli: AwsCli;
  readonly now: Date;
}

/**
 * Splits an inventory into what runs this project's code already and what may still be adopted, where no config says
 * which is which. A removal is proposed only for what no function needs.
 */
export async function splitAlreadyAdopted(
  aws: AwsReader,
  inventory: Inventory,
  options: SplitOptions,
): Promise<AlreadyAdopted> {
  const functions = inventory.functions.filter(({ isOurs }) => isOurs);
  if (functions.length === 0) return { functions: [], findings: [], rest: inventory };
  const names = new Set<string | undefined>(functions.map(({ name }) => name));
  const triggers = inventory.triggers.filter(({ functionName }) => names.has(functionName));
  const obsolete = triggers.filter(
    (trigger) => findReplacement(trigger, triggers, options.now) !== undefined,
  );
  const idle = inventory.functions.flatMap((each) => {
    const successor = findSuccessor(each, inventory, triggers);
    return successor === undefined ? [] : [{ ...each, successor }];
  });
  const [rules, detached] = await Promise.all([aws.rules(), aws.detachedPolicies()]);
  const ruleNames = rules.map(({ name }) => name);
  const gone = new Set([...names, ...idle.map(({ name }) => name)]);
  return {
    functions: functions.map(({ name }) => name),
    findings: [
      ...functions.map(({ name, behaviour }) =>
        keepFunction(name, `${behaviour.because}: nothing to import`),
      ),
      ...idle.map(({ name, successor }) =>
        keepFunction(
          name,
          `no rule or schedule calls it, and ${successor} does the same to its instances; check whether anything else calls it`,
        ),
      ),
      // Before the permissions, since a rule that may no longer call its function would fail.
      ...triggers.map((trigger) => judgeTrigger(trigger, triggers, options)),
      ...functions.flatMap((each) =>
        findLeftoverPermissions(each, { triggers, obsolete, ruleNames, ...options }),
      ),
      ...findLeftoverInlinePolicies(functions, inventory, options.cli),
      ...findLeftoverRoles(functions, inventory, options.cli),
      ...findLeftoverPolicies(detached, options.cli),
    ],
    rest: {
      ...inventory,
      functions: inventory.functions.filter(({ name }) => !gone.has(name)),
      triggers: inventory.triggers.filter((each) => !triggers.includes(each)),
    },
  };
}

/** A request for these functions that a user wrote. */
const ANY_REQUEST = /"(?:schedule|action|targets|scheduledTime)"\s*:/;

/** A request that only warns of a stop, and so replaces none. */
const WARNING = /"warnMinutes":/;

/** The trigger of this project that calls the same function at the same times as one without a request. */
function findReplacement(
  trigger: FoundTrigger,
  all: readonly FoundTrigger[],
  now: Date,
): FoundTrigger | undefined {
  const isAnothers =
    trigger.managedBy !== undefined || trigger.tagKeys.some((key) => key.startsWith("aws:cloudformation:"));
  if (isAnothers || ANY_REQUEST.test(trigger.input ?? "")) return undefined;
  const schedule = parseTriggerSchedule(trigger);
  if (schedule === undefined) return undefined;
  return all.find((other) => {
    if (!passesRequest(other) || WARNING.test(other.input ?? "")) return false;
    if (other.functionName !== trigger.functionName) return false;
    const theirs = parseTriggerSchedule(other);
    return (
      (other.enabled || !trigger.enabled) && theirs !== undefined && haveSameFirings(schedule, theirs, now)
    );
  });
}

function judgeTrigger(
  trigger: FoundTrigger,
  all: readonly FoundTrigger[],
  { cli, now }: SplitOptions,
): AdoptionFinding {
  const { functionName, input = "" } = trigger;
  const by = findReplacement(trigger, all, now);
  if (by !== undefined) {
    return createTriggerFinding(
      trigger,
      "obsolete",
      `${by.name} calls ${functionName} at the same times`,
      cli,
    );
  }
  const why = ANY_REQUEST.test(input)
    ? `it hands ${functionName} a request already`
    : `it calls ${functionName} for all its targets, and nothing of this project does at the same times: is it still meant?`;
  return createTriggerFinding(trigger, "keep", why, cli);
}

/** The function of this project that took the place of one made by hand that nothing calls. */
function findSuccessor(
  { name, isOurs, behaviour }: FoundFunction,
  { functions, triggers }: Inventory,
  callers: readonly FoundTrigger[],
): string | undefined {
  const { action, instanceIds } = behaviour;
  if (isOurs || instanceIds.length === 0 || triggers.some((each) => each.functionName === name)) {
    return undefined;
  }
  return functions.find((other) => {
    const own = callers.filter((each) => passesRequest(each) && each.functionName === other.name);
    const ids = new Set(own.flatMap((each) => each.instanceIds));
    return other.isOurs && other.behaviour.action === action && instanceIds.every((id) => ids.has(id));
  })?.name;
}

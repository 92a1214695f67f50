import { SERVICE_PRINCIPALS } from "../../../model/policies";
import type { AwsCli } from "../../aws/cli-commands";
import type { AdoptionFinding } from "./finding";
import type { FoundFunction, Inventory } from "./inventory";
import { describePrincipal, ruleNameOf } from "./permissions";
import { findingNameOf } from "./triggers";

interface EventDrivenOptions {
  /** Names, as in findings, of the rules and schedules that go on calling what they call. */
  readonly keptTriggers: ReadonlySet<string>;
  readonly cli: AwsCli;
}

/**
 * Judges a function that both starts and stops, as its event says. It cannot become one of two functions, so both are
 * made new; undefined where nothing says which of its calls do what.
 */
export function judgeEventDriven(
  each: FoundFunction,
  inventory: Inventory,
  { keptTriggers, cli }: EventDrivenOptions,
): AdoptionFinding | undefined {
  const { name, behaviour } = each;
  const calls = inventory.triggers.filter(({ functionName }) => functionName === name);
  const common = { kind: "function", name } as const;
  const removal = [cli.deleteFunction(name)];
  if (calls.length === 0) {
    const why = findSuccession(each, inventory);
    return why === undefined ? undefined : { ...common, fate: "obsolete", why, removal };
  }
  if (calls.every(({ action }) => action === undefined)) return undefined;
  const why = `${behaviour.because}, and its events say which: two functions take its place`;
  const kept = calls.map(findingNameOf).filter((call) => keptTriggers.has(call));
  if (kept.length > 0) {
    return { ...common, fate: "recreate", why: `${why}; ${kept.join(", ")} still calls this one` };
  }
  const others = findOtherCallers(
    each,
    calls.map((call) => call.name),
  );
  if (others.length > 0) {
    const who = others.join(", ");
    return {
      ...common,
      fate: "recreate",
      why: `${why}; ${who} may call it too: check whether it still does`,
    };
  }
  return { ...common, fate: "recreate", why, removal };
}

/** Why a function that nothing calls is obsolete: the rules that may invoke it call functions of this project. */
function findSuccession(each: FoundFunction, { functions, triggers }: Inventory): string | undefined {
  if (!each.behaviour.doesBoth || each.permissions.length === 0) return undefined;
  const own = functions.filter(({ isOurs }) => isOurs).map(({ name }) => name);
  const rules = triggers.filter(
    ({ kind, functionName }) => kind === "rule" && functionName !== undefined && own.includes(functionName),
  );
  const others = findOtherCallers(
    each,
    rules.map(({ name }) => name),
  );
  return others.length > 0
    ? undefined
    : `the rules that called it call ${own.join(" and ")} now, and nothing else may`;
}

/** What else than these rules, and schedules, may invoke a function by its own policy. */
function findOtherCallers({ arn, permissions }: FoundFunction, rules: readonly string[]): string[] {
  const others = permissions.filter(({ principal, sourceArn = "" }) => {
    const rule = ruleNameOf(sourceArn, arn);
    const isKnown = principal === SERVICE_PRINCIPALS.events && rule !== undefined && rules.includes(rule);
    return !isKnown && principal !== SERVICE_PRINCIPALS.scheduler;
  });
  return [...new Set(others.map((other) => other.sourceArn ?? describePrincipal(other)))];
}

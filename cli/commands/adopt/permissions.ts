import { ADOPTED_RULE_STATEMENT_PREFIX, RULES_STATEMENT_PREFIX } from "../../../model/names";
import { SERVICE_PRINCIPALS } from "../../../model/policies";
import type { AwsCli } from "../../aws/cli-commands";
import type { AdoptionFinding } from "./finding";
import type { FoundFunction, FoundTrigger, InvokePermission } from "./inventory";

/** Whether this project made a permission itself. */
export function isOwnPermission({ statementId }: InvokePermission): boolean {
  return [RULES_STATEMENT_PREFIX, ADOPTED_RULE_STATEMENT_PREFIX].some((prefix) =>
    statementId.startsWith(prefix),
  );
}

/** Names the principal of a permission in a message. */
export function describePrincipal({ principal }: InvokePermission): string {
  return principal || "an unnamed principal";
}

interface LeftoverPermissionOptions {
  /** Triggers that call functions of this project. */
  readonly triggers: readonly FoundTrigger[];
  /** The obsolete ones among them. */
  readonly obsolete: readonly FoundTrigger[];
  /** All rules of the default bus. */
  readonly ruleNames: readonly string[];
  readonly cli: AwsCli;
}

/** Permissions that this project did not make: whether each can be removed, and why. */
export function findLeftoverPermissions(
  each: FoundFunction,
  options: LeftoverPermissionOptions,
): AdoptionFinding[] {
  return each.permissions
    .filter((permission) => !isOwnPermission(permission))
    .map((permission): AdoptionFinding => {
      const { statementId } = permission;
      const common = { kind: "permission", name: `${each.name}/${statementId}` } as const;
      const why = findRemovalReason(permission, each, options);
      if (why === undefined) {
        const who = describePrincipal(permission);
        const open = `it lets ${who} invoke the function: check whether that is still needed`;
        return { ...common, fate: "keep", why: open };
      }
      return {
        ...common,
        ...{ fate: "obsolete", why, removal: [options.cli.removePermission(each.name, statementId)] },
      };
    });
}

function findRemovalReason(
  { principal, sourceArn }: InvokePermission,
  { name, arn, permissions }: FoundFunction,
  { triggers, obsolete, ruleNames }: LeftoverPermissionOptions,
): string | undefined {
  if (principal !== SERVICE_PRINCIPALS.events || sourceArn === undefined) return undefined;
  const same = permissions.find(
    (own) =>
      isOwnPermission(own) &&
      own.principal === SERVICE_PRINCIPALS.events &&
      own.sourceArn !== undefined &&
      matchesSource(own.sourceArn, sourceArn),
  );
  if (same) return `${same.statementId} lets the same invoke the function`;
  const rule = ruleNameOf(sourceArn, arn);
  if (rule === undefined) return undefined;
  if (!ruleNames.includes(rule)) return `there is no rule ${rule} any more`;
  const calls = triggers.filter(
    (each) => each.kind === "rule" && each.name === rule && each.functionName === name,
  );
  const isLeftOver = calls.length > 0 && calls.every((each) => obsolete.includes(each));
  return isLeftOver ? `the rule ${rule} is obsolete, too` : undefined;
}

/** This project's permissions are for one rule, or for all whose names begin alike. */
function matchesSource(pattern: string, sourceArn: string): boolean {
  return pattern === sourceArn || (pattern.endsWith("*") && sourceArn.startsWith(pattern.slice(0, -1)));
}

/** Name of a rule of the function's own account and region; a rule of another bus has the bus before its name. */
export function ruleNameOf(sourceArn: string, functionArn: string): string | undefined {
  const [, partition, , region, account] = functionArn.split(":");
  const prefix = `arn:${partition}:events:${region}:${account}:rule/`;
  if (!sourceArn.startsWith(prefix)) return undefined;
  const name = sourceArn.slice(prefix.length);
  return /^[\w.-]+$/.test(name) ? name : undefined;
}

import type { Permission } from "./account";
import { OWN_STATEMENT } from "./choose-functions";
import type { Finding } from "./finding";
import type { FoundFunction, FoundTrigger } from "./inventory";
import type { AwsCli } from "./removal";

export interface PermissionOptions {
  /** Those that call functions of this project. */
  readonly triggers: readonly FoundTrigger[];
  /** Those of them that are left over. */
  readonly replaced: readonly FoundTrigger[];
  /** All rules of the default bus. */
  readonly ruleNames: readonly string[];
  readonly cli: AwsCli;
}

const EVENTS = "events.amazonaws.com";

/** The permissions that this project did not make, each with why it can go, or that this cannot be told. */
export function leftOverPermissions(each: FoundFunction, options: PermissionOptions): Finding[] {
  return each.permissions
    .filter(({ statementId }) => !OWN_STATEMENT.test(statementId))
    .map((permission): Finding => {
      const { statementId, principal } = permission;
      const common = { kind: "permission", name: `${each.name}/${statementId}` } as const;
      const why = needlessSince(permission, each, options);
      if (why === undefined) {
        const who = principal || "somebody";
        const told = `it lets ${who} invoke the function; whether that is still meant cannot be told from here`;
        return { ...common, fate: "leave", why: told };
      }
      return {
        ...common,
        ...{ fate: "replaced", why, removal: [options.cli.removePermission(each.name, statementId)] },
      };
    });
}

function needlessSince(
  { principal, sourceArn }: Permission,
  { name, arn, permissions }: FoundFunction,
  { triggers, replaced, ruleNames }: PermissionOptions,
): string | undefined {
  if (principal !== EVENTS || sourceArn === undefined) return undefined;
  const same = permissions.find(
    (own) =>
      OWN_STATEMENT.test(own.statementId) &&
      own.principal === EVENTS &&
      own.sourceArn !== undefined &&
      covers(own.sourceArn, sourceArn),
  );
  if (same) return `${same.statementId} lets the same invoke the function`;
  const rule = defaultBusRule(sourceArn, arn);
  if (rule === undefined) return undefined;
  if (!ruleNames.includes(rule)) return `there is no rule ${rule} any more`;
  const calls = triggers.filter(
    (each) => each.kind === "rule" && each.name === rule && each.functionName === name,
  );
  const isLeftOver = calls.length > 0 && calls.every((each) => replaced.includes(each));
  return isLeftOver ? `the rule ${rule} is left over, too` : undefined;
}

/** This project's permissions are for one rule, or for all whose names begin alike. */
function covers(pattern: string, sourceArn: string): boolean {
  return pattern === sourceArn || (pattern.endsWith("*") && sourceArn.startsWith(pattern.slice(0, -1)));
}

/** Name of a rule of the function's own account and region; a rule of another bus has the bus before its name. */
function defaultBusRule(sourceArn: string, functionArn: string): string | undefined {
  const [, partition, , region, account] = functionArn.split(":");
  const prefix = `arn:${partition}:events:${region}:${account}:rule/`;
  if (!sourceArn.startsWith(prefix)) return undefined;
  const name = sourceArn.slice(prefix.length);
  return /^[\w.-]+$/.test(name) ? name : undefined;
}

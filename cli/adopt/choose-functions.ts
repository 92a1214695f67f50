import type { AdoptedFunctionProps } from "../../constructs/adoption";
import type { Action } from "../../schedule/request";
import type { LogGroup } from "./account";
import type { Finding } from "./finding";
import type { FoundFunction, Inventory } from "./inventory";
import { lostTags } from "./lost-tags";
import type { AwsCli } from "./removal";

export interface FunctionChoice {
  /** The one that is taken over for each action. */
  readonly adopted: Readonly<Partial<Record<Action, FoundFunction>>>;
  readonly findings: readonly Finding[];
}

export interface FunctionOptions {
  /** Actions of the config's schedules. */
  readonly needed: ReadonlySet<Action>;
  /** Names of the functions that the config adopts already. */
  readonly adoptedBefore: readonly string[];
  readonly cli: AwsCli;
}

/** For each action the one function to take over; others that do the same are replaced by it. */
export function chooseFunctions(
  { functions, triggers }: Inventory,
  { needed, adoptedBefore, cli }: FunctionOptions,
): FunctionChoice {
  const adopted: Partial<Record<Action, FoundFunction>> = {};
  const findings: Finding[] = [];
  const triggerCount = ({ name }: FoundFunction) =>
    triggers.filter((each) => each.functionName === name).length;
  // One that something calls comes before one that nobody uses.
  for (const each of [...functions].sort((a, b) => triggerCount(b) - triggerCount(a))) {
    const { action } = each.behaviour;
    const obstacle = obstacleTo(each, adoptedBefore);
    if (obstacle !== undefined || action === undefined) {
      findings.push(leave(each, obstacle ?? each.behaviour.because));
    } else if (!needed.has(action)) {
      findings.push(leave(each, `no schedule of the config has the action ${action}`));
    } else if (adopted[action]) {
      const why = `${adopted[action].name} takes its place: there is one function that can ${action}`;
      const removal = [cli.deleteFunction(each.name)];
      findings.push({ kind: "function", name: each.name, fate: "beside", why, removal });
    } else {
      adopted[action] = each;
      findings.push(...adopt(each, action, cli));
    }
  }
  return { adopted, findings };
}

/** Permissions that this project makes itself. */
export const OWN_STATEMENT = /^(?:AllowRulesOfThisConfig$|AllowAdoptedRule-)/;

/** The same as the config writes it. */
export function adoptedFunctionProps({ name, ownLogGroup, isOurs }: FoundFunction): AdoptedFunctionProps {
  // A group that is there by now may have been made after the function was adopted.
  if (!ownLogGroup || isOurs) return { name };
  const { kmsKeyArn } = ownLogGroup;
  return { name, logGroup: true, ...(kmsKeyArn === undefined ? {} : { logGroupKmsKeyArn: kmsKeyArn }) };
}

function obstacleTo(
  { name, behaviour, allowed, packageType, cloudFormationStack, isOurs }: FoundFunction,
  adoptedBefore: readonly string[],
): string | undefined {
  if (isOurs) return adoptedBefore.includes(name) ? undefined : "it belongs to a deployment of this project";
  if (cloudFormationStack !== undefined)
    return `it belongs to the CloudFormation stack ${cloudFormationStack}`;
  const { action, because } = behaviour;
  if (action === undefined) return because;
  if (!allowed.includes(action)) return `${because}, but its role does not allow it`;
  // Another package type forces replacement.
  return packageType === "Zip"
    ? undefined
    : `it runs from a container image, which would have to be replaced`;
}

function adopt(each: FoundFunction, action: Action, cli: AwsCli): Finding[] {
  const { name, behaviour, runtime, ownLogGroup, permissions, inVpc, tagKeys } = each;
  const vpc = inVpc ? ", and it leaves its VPC" : "";
  const changes = each.isOurs
    ? ""
    : `; its code (${runtime}), settings and environment change in place${vpc}${lostTags(tagKeys)}`;
  const why = `functions.${action}: ${behaviour.because}${changes}`;
  const logs: Finding[] = ownLogGroup
    ? [
        {
          kind: "log group",
          name: ownLogGroup.name,
          fate: "adopt",
          why: logGroupFate(ownLogGroup, each.isOurs),
        },
      ]
    : [];
  return [
    { kind: "function", name, fate: "adopt", why },
    ...logs,
    ...permissions
      .filter(({ statementId }) => !OWN_STATEMENT.test(statementId))
      .map(
        ({ statementId, principal }): Finding => ({
          kind: "permission",
          name: `${name}/${statementId}`,
          fate: "beside",
          why: `every attribute of a permission forces replacement; it lets ${principal || "somebody"} invoke the function`,
          removal: [cli.removePermission(name, statementId)],
        }),
      ),
  ];
}

function logGroupFate({ kmsKeyArn, tagKeys }: LogGroup, isOurs: boolean): string {
  const key = kmsKeyArn === undefined ? "" : `, with its key ${kmsKeyArn}`;
  return `the function's own${key}${isOurs ? "" : lostTags(tagKeys)}`;
}

function leave({ name }: FoundFunction, why: string): Finding {
  return { kind: "function", name, fate: "leave", why };
}

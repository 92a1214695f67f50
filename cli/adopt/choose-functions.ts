import type { AdoptedFunctionProps } from "../../constructs/adoption";
import type { Action } from "../../schedule/request";
import type { Finding } from "./finding";
import type { FoundFunction, Inventory } from "./inventory";
import type { AwsCli } from "./removal";

export interface FunctionChoice {
  /** The one that is taken over for each action. */
  readonly adopted: Readonly<Partial<Record<Action, FoundFunction>>>;
  readonly findings: readonly Finding[];
}

/** For each action the one function to take over; others that do the same are replaced by it. */
export function chooseFunctions(
  { functions, triggers }: Inventory,
  needed: ReadonlySet<Action>,
  cli: AwsCli,
): FunctionChoice {
  const adopted: Partial<Record<Action, FoundFunction>> = {};
  const findings: Finding[] = [];
  const triggerCount = ({ name }: FoundFunction) =>
    triggers.filter((each) => each.functionName === name).length;
  // One that something calls comes before one that nobody uses.
  for (const each of [...functions].sort((a, b) => triggerCount(b) - triggerCount(a))) {
    const { action } = each.behaviour;
    const obstacle = obstacleTo(each);
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

/** The same as the config writes it. */
export function adoptedFunctionProps({ name, ownLogGroup }: FoundFunction): AdoptedFunctionProps {
  return { name, ...(ownLogGroup ? { logGroup: true } : {}) };
}

function obstacleTo({ behaviour, allowed, packageType, keeper }: FoundFunction): string | undefined {
  if (keeper !== undefined) return `it belongs to ${keeper}`;
  const { action, because } = behaviour;
  if (action === undefined) return because;
  if (!allowed.includes(action)) return `${because}, but its role does not allow it`;
  // Another package type forces replacement.
  return packageType === "Zip"
    ? undefined
    : `it runs from a container image, which would have to be replaced`;
}

function adopt(each: FoundFunction, action: Action, cli: AwsCli): Finding[] {
  const { name, behaviour, runtime, ownLogGroup, permissions, inVpc } = each;
  const why = `${behaviour.because}: functions.${action}; its code, ${runtime ? `${runtime}, ` : ""}settings and environment are replaced in place${inVpc ? ", and it leaves its VPC" : ""}`;
  const logs: Finding = ownLogGroup
    ? {
        kind: "log group",
        name: ownLogGroup.name,
        fate: "adopt",
        why: `the function's own${ownLogGroup.kmsKeyArn ? `; its key ${ownLogGroup.kmsKeyArn} is taken off` : ""}`,
      }
    : { kind: "log group", name: `/aws/lambda/${name}`, fate: "leave", why: "there is none yet: it is made" };
  return [
    { kind: "function", name, fate: "adopt", why },
    logs,
    ...permissions.map(
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

function leave({ name }: FoundFunction, why: string): Finding {
  return { kind: "function", name, fate: "leave", why };
}

import type { Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import { type Architecture, FUNCTION_SETTINGS } from "../../../contract/limits";
import type { AdoptedFunctionProps } from "../../../model/adoption";
import type { FunctionSettings } from "../../../model/props";
import type { AwsCli } from "../../aws/cli-commands";
import { judgeEventDriven } from "./event-driven";
import { type AdoptionFinding, describeRemovedTags, keepFunction } from "./finding";
import type { FoundFunction, Inventory, TaggedLogGroup } from "./inventory";
import { describePrincipal, isOwnPermission } from "./permissions";

interface FunctionChoice {
  readonly adopted: Readonly<Partial<Record<Action, FoundFunction>>>;
  /** Functions whose work new ones do, so that they can be removed later. */
  readonly replaced: readonly FoundFunction[];
  readonly findings: readonly AdoptionFinding[];
}

interface FunctionOptions {
  /** Actions of the config's schedules. */
  readonly needed: ReadonlySet<Action>;
  /** Names of the functions that the config adopts already. */
  readonly adoptedBefore: readonly string[];
  /** Names, as in findings, of the rules and schedules that go on calling what they call. */
  readonly keptTriggers: ReadonlySet<string>;
  readonly cli: AwsCli;
}

/** Chooses one function to adopt for each action; it replaces others that do the same. */
export function chooseFunctions(
  inventory: Inventory,
  { needed, adoptedBefore, keptTriggers, cli }: FunctionOptions,
): FunctionChoice {
  const { functions, triggers } = inventory;
  const adopted: Partial<Record<Action, FoundFunction>> = {};
  const replaced: FoundFunction[] = [];
  const findings: AdoptionFinding[] = [];
  const triggerCount = ({ name }: FoundFunction) =>
    triggers.filter((each) => each.functionName === name).length;
  // Functions with triggers come before unused ones.
  for (const each of [...functions].sort((a, b) => triggerCount(b) - triggerCount(a))) {
    const { action } = each.behaviour;
    const obstacle = findFunctionObstacle(each, adoptedBefore);
    if (obstacle !== undefined) {
      findings.push(keepFunction(each.name, obstacle));
    } else if (action === undefined) {
      const finding =
        judgeEventDriven(each, inventory, { keptTriggers, cli }) ??
        keepFunction(each.name, describeUnknown(each));
      if (finding.removal !== undefined) replaced.push(each);
      findings.push(finding);
    } else if (!needed.has(action)) {
      findings.push(keepFunction(each.name, `no schedule of the config has the action ${action}`));
    } else if (adopted[action]) {
      const why = `${adopted[action].name} takes its place: there is one function that can ${action}`;
      const removal = [cli.deleteFunction(each.name)];
      findings.push({ kind: "function", name: each.name, fate: "recreate", why, removal });
    } else {
      adopted[action] = each;
      findings.push(...adoptFunction(each, action, cli));
    }
  }
  return { adopted, replaced, findings };
}

/** Maps an adopted function onto the config. */
export function adoptedFunctionProps({ name, ownLogGroup, isOurs }: FoundFunction): AdoptedFunctionProps {
  // A group that is there by now may have been made after the function was adopted.
  if (!ownLogGroup || isOurs) return { name };
  const { kmsKeyArn } = ownLogGroup;
  return { name, logGroup: true, ...defined({ logGroupKmsKeyArn: kmsKeyArn }) };
}

function findFunctionObstacle(
  { name, behaviour, allowed, packageType, cloudFormationStack, isOurs }: FoundFunction,
  adoptedBefore: readonly string[],
): string | undefined {
  if (isOurs) return adoptedBefore.includes(name) ? undefined : "it belongs to a deployment of this project";
  if (cloudFormationStack !== undefined)
    return `it belongs to the CloudFormation stack ${cloudFormationStack}`;
  const { action, because } = behaviour;
  if (action === undefined) return undefined;
  if (!allowed.includes(action)) return `${because}, but its role does not allow it`;
  // Another package type forces replacement.
  return packageType === "Zip"
    ? undefined
    : `it runs from a container image, which would have to be replaced`;
}

function describeUnknown({ behaviour: { doesBoth, because } }: FoundFunction): string {
  return doesBoth ? `${because}, and nothing that calls it says which` : because;
}

function adoptFunction(each: FoundFunction, action: Action, cli: AwsCli): AdoptionFinding[] {
  const { name, behaviour, runtime, ownLogGroup, permissions, vpc: ownVpc, tagKeys } = each;
  const vpc = ownVpc ? ", and it leaves its VPC unless `functions.vpc` has it" : "";
  const changes = each.isOurs
    ? ""
    : `; its code (${runtime}), settings and environment change in place${vpc}${describeRemovedTags(tagKeys)}`;
  const why = `functions.${action}: ${behaviour.because}${changes}`;
  const logs: AdoptionFinding[] = ownLogGroup
    ? [
        {
          kind: "log group",
          name: ownLogGroup.name,
          fate: "adopt",
          why: describeLogGroup(ownLogGroup, each.isOurs),
        },
      ]
    : [];
  return [
    { kind: "function", name, fate: "adopt", why },
    ...logs,
    ...permissions
      .filter((permission) => !isOwnPermission(permission))
      .map(
        (permission): AdoptionFinding => ({
          kind: "permission",
          name: `${name}/${permission.statementId}`,
          fate: "recreate",
          why: `every attribute of a permission forces replacement; it lets ${describePrincipal(permission)} invoke the function`,
          removal: [cli.removePermission(name, permission.statementId)],
        }),
      ),
  ];
}

function describeLogGroup({ kmsKeyArn, tagKeys }: TaggedLogGroup, isOurs: boolean): string {
  const key = kmsKeyArn === undefined ? "" : `, with its key ${kmsKeyArn}`;
  return `the function's own${key}${isOurs ? "" : describeRemovedTags(tagKeys)}`;
}

/** The longest retention of CloudWatch Logs, for groups that never expire: the functions' groups have one. */
const MAX_RETENTION_DAYS = Math.max(...FUNCTION_SETTINGS.logRetentionDays.values);

interface KeptSettings {
  /** Settings that keep the functions as they are. */
  readonly settings: FunctionSettings;
  readonly notes: readonly string[];
}

/** Settings of adopted functions that the defaults would change: their architecture, and how long logs are kept. */
export function findSettingsToKeep(
  functions: readonly FoundFunction[],
  given: FunctionSettings,
): KeptSettings {
  const notes: string[] = [];
  const settings: { architecture?: Architecture; logRetentionDays?: number } = {};
  const architectures = new Set(functions.map(({ architecture }) => architecture));
  const [architecture] = architectures;
  if (given.architecture === undefined && architecture !== undefined) {
    if (architectures.size > 1) {
      notes.push(
        `functions.architecture: the functions differ, and both become ${FUNCTION_SETTINGS.architecture.default}`,
      );
    } else if (architecture !== FUNCTION_SETTINGS.architecture.default) settings.architecture = architecture;
  }
  const groups = functions.flatMap(({ ownLogGroup }) => ownLogGroup ?? []);
  const longest = Math.max(0, ...groups.map(({ retentionDays }) => retentionDays ?? MAX_RETENTION_DAYS));
  const neverExpires = groups.some(({ retentionDays }) => retentionDays === undefined);
  if (given.logRetentionDays === undefined) {
    // The default would delete all older logs.
    if (longest > FUNCTION_SETTINGS.logRetentionDays.default) settings.logRetentionDays = longest;
  } else if (longest > given.logRetentionDays) {
    notes.push(
      `functions.logRetentionDays: logs older than ${given.logRetentionDays} days are deleted; they were kept for ${neverExpires ? "ever" : `${longest} days`} so far`,
    );
  }
  return { settings, notes };
}

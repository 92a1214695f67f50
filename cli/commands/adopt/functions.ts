import { ACTIONS, type Action } from "../../../contract/actions";
import type { AdoptedFunctionProps } from "../../../model/adoption";
import type { FunctionSettings } from "../../../model/props";
import type { AwsCli } from "../../aws/cli-commands";
import type { DeployedFunction, FileFilter, FunctionFiles, UnreadableCode } from "../../aws/lambda";
import { type IamStatement, listOf } from "../../aws/policy";
import type { FoundFunction, Inventory, TaggedLogGroup } from "./inventory";
import { type Finding, lostTags } from "./proposal";

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

function logGroupFate({ kmsKeyArn, tagKeys }: TaggedLogGroup, isOurs: boolean): string {
  const key = kmsKeyArn === undefined ? "" : `, with its key ${kmsKeyArn}`;
  return `the function's own${key}${isOurs ? "" : lostTags(tagKeys)}`;
}

function leave({ name }: FoundFunction, why: string): Finding {
  return { kind: "function", name, fate: "leave", why };
}

/** What a function seems to do, and with which instances. */
export interface Behaviour {
  /** None where it does neither, or both. */
  readonly action?: Action;
  /** How that is known, completing "it ...". */
  readonly because: string;
  /** In the order in which they are written. */
  readonly instanceIds: readonly string[];
  /** Region code that its code names, where that is one. */
  readonly region?: string;
}

const CALLS: Readonly<Record<Action, RegExp>> = {
  stop: /\bstop_instances\b|\bStopInstancesCommand\b|\.stopInstances\b|["']stop-instances["']/,
  start: /\bstart_instances\b|\bStartInstancesCommand\b|\.startInstances\b|["']start-instances["']/,
};
const NAMED: Readonly<Record<Action, RegExp>> = {
  stop: /stop|shut-?_?down|turn-?_?off/i,
  start: /start|turn-?_?on|boot|wake/i,
};
const INSTANCE_ID = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g;
const REGION = /["']([a-z]{2}(?:-[a-z]+)+-\d{1,2})["']/g;

/** By its code where that can be read, else by its name. */
export function behaviourOf(
  { name, variables }: DeployedFunction,
  code: FunctionFiles | UnreadableCode,
): Behaviour {
  const settings = Object.values(variables).join("\n");
  if ("unreadable" in code) {
    return {
      ...choose(NAMED, name.replace(/restart/gi, ""), "its name says"),
      instanceIds: instanceIdsIn(settings),
    };
  }
  const decoder = new TextDecoder();
  const source = Object.values(code.files)
    .map((bytes) => decoder.decode(bytes))
    .join("\n");
  const regions = new Set([...source.matchAll(REGION)].map(([, region = ""]) => region));
  const [region, ...others] = regions;
  return {
    ...choose(CALLS, source, "its code calls"),
    instanceIds: instanceIdsIn(`${source}\n${settings}`),
    ...(region !== undefined && others.length === 0 ? { region } : {}),
  };
}

/** Each instance id in a text, once. */
export function instanceIdsIn(text: string): string[] {
  return [...new Set(text.match(INSTANCE_ID) ?? [])];
}

function choose(
  patterns: Readonly<Record<Action, RegExp>>,
  text: string,
  how: string,
): Pick<Behaviour, "action" | "because"> {
  const actions = ACTIONS.filter((action) => patterns[action].test(text));
  const [action, other] = actions;
  if (action === undefined) return { because: `${how} neither stop nor start` };
  if (other !== undefined) return { because: `${how} both stop and start` };
  return { action, because: `${how} ${action}` };
}

/** The longest that CloudWatch Logs keeps logs, short of for ever, in days. */
const LONGEST_RETENTION = 3653;
const DEFAULT_RETENTION = 30;
const DEFAULT_ARCHITECTURE = "arm64";

export interface KeptSettings {
  /** What the config has to say for things to stay as they are. */
  readonly settings: FunctionSettings;
  readonly notes: readonly string[];
}

/** Settings of adopted functions whose defaults would change more than the code: their processor, and what becomes of their logs. */
export function settingsToKeep(functions: readonly FoundFunction[], given: FunctionSettings): KeptSettings {
  const notes: string[] = [];
  const settings: { architecture?: "arm64" | "x86_64"; logRetentionDays?: number } = {};
  const architectures = new Set(functions.map(({ architecture }) => architecture));
  const [architecture] = architectures;
  if (given.architecture === undefined && architecture !== undefined) {
    if (architectures.size > 1) {
      notes.push(`functions.architecture: the functions differ, and both become ${DEFAULT_ARCHITECTURE}`);
    } else if (architecture !== DEFAULT_ARCHITECTURE) settings.architecture = architecture;
  }
  const groups = functions.flatMap(({ ownLogGroup }) => ownLogGroup ?? []);
  const longest = Math.max(0, ...groups.map(({ retentionDays }) => retentionDays ?? LONGEST_RETENTION));
  if (given.logRetentionDays === undefined) {
    // The default would delete all older logs.
    if (longest > DEFAULT_RETENTION) settings.logRetentionDays = longest;
  } else if (longest > given.logRetentionDays) {
    notes.push(
      `functions.logRetentionDays: logs older than ${given.logRetentionDays} days are deleted; they were kept for ${longest === LONGEST_RETENTION ? "ever" : `${longest} days`} so far`,
    );
  }
  return { settings, notes };
}

const MAX_FILE_BYTES = 500_000;
const SOURCE = /\.(?:py|js|mjs|cjs|ts|rb)$/;

/**
 * Sources at the top of an archive and the handler's own. What lies deeper are packages, such as the AWS SDK itself.
 * @param handler such as `src/app.handler`
 */
export function isOwnSource(handler: string): FileFilter {
  const handlerFile = handler.slice(0, handler.lastIndexOf("."));
  return ({ name, originalSize }) =>
    SOURCE.test(name) &&
    (!name.includes("/") || name.replace(SOURCE, "") === handlerFile) &&
    originalSize <= MAX_FILE_BYTES;
}

/** A statement of a function's resource policy. */
export interface Permission {
  readonly statementId: string;
  /** Such as `events.amazonaws.com`. */
  readonly principal: string;
  /** ARN of what it is for, with wildcards; none where it names none, or several. */
  readonly sourceArn?: string;
}

export function permissionOf({ Sid = "", Principal, Condition = {} }: IamStatement): Permission {
  const principals =
    typeof Principal === "string" ? [Principal] : listOf(Principal?.["Service"] ?? Principal?.["AWS"]);
  const sourceArn = sourceArnOf(Condition);
  return {
    statementId: Sid,
    principal: principals.join(", "),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  };
}

/** Lambda writes it as `ArnLike`, with `AWS:SourceArn`. */
function sourceArnOf(condition: NonNullable<IamStatement["Condition"]>): string | undefined {
  const found = ["ArnLike", "ArnEquals", "StringEquals", "StringLike"].flatMap((operator) =>
    Object.entries(condition[operator] ?? {}).filter(([key]) => key.toLowerCase() === "aws:sourcearn"),
  );
  const value = found.length === 1 ? found[0]?.[1] : undefined;
  return typeof value === "string" ? value : undefined;
}

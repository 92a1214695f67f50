import type { Action } from "../../../contract/actions";
import { defined } from "../../../contract/collections";
import { TIMEZONE, TRIGGER } from "../../../contract/limits";
import type { AdoptProps } from "../../../model/adoption";
import { planSchedules } from "../../../model/plan";
import type { AwsCli } from "../../aws/cli-commands";
import type { AwsReader } from "../../aws/reader";
import { splitAlreadyAdopted } from "./already-adopted";
import type { ConfigAdditions, ExistingConfig } from "./config-edit";
import type { AdoptionFinding } from "./finding";
import { adoptedFunctionProps, chooseFunctions, findSettingsToKeep } from "./functions";
import type { FoundFunction, FoundTrigger, Inventory } from "./inventory";
import { findLeftoverPolicies, findLeftoverRoles } from "./leftovers";
import { adoptedRoleProps, chooseRole, findReplacedFunctionRoles, type RoleChoice } from "./role";
import { describeSameMinutes, guessTimezone, proposeSchedules } from "./schedules";
import { matchTriggers, passesRequest, selectUnmanaged, type TriggerKind } from "./triggers";

/** The findings, and the additions to the config that adopting needs. */
export interface Proposal {
  readonly region: string;
  readonly findings: readonly AdoptionFinding[];
  /** Questions for the user, each with the assumption made until it is answered. */
  readonly questions: readonly string[];
  /** The steps left to do by hand. */
  readonly notes: readonly string[];
  /** Top-level keys of the config with what is to be added. */
  readonly additions: ConfigAdditions;
  /** For the module: names of the functions that run this project's code already, which are not in the additions. */
  readonly alreadyAdopted: readonly string[];
}

interface ProposalSettings {
  readonly existing: ExistingConfig;
  /** As asked for; none: the config's, or the likely one. */
  readonly timezone?: string;
  readonly now: Date;
  readonly cli: AwsCli;
  /**
   * For the plain Terraform module, which cannot convert times between zones.
   * @default false
   */
  readonly module?: boolean;
}

interface TriggerProposal {
  readonly adopt: NonNullable<AdoptProps["schedules"]>;
  readonly adopted: readonly FoundTrigger[];
  readonly findings: readonly AdoptionFinding[];
  readonly questions: readonly string[];
  readonly additions: ConfigAdditions;
}

/** Maps what was found onto a config. */
export async function propose(
  aws: AwsReader,
  inventory: Inventory,
  settings: ProposalSettings,
): Promise<Proposal> {
  if (!settings.module) return await proposeFor(aws, inventory, settings);
  const { functions, findings, rest } = await splitAlreadyAdopted(aws, inventory, settings);
  const proposal = await proposeFor(aws, rest, settings);
  const all = { ...proposal, findings: [...proposal.findings, ...findings], alreadyAdopted: functions };
  const { adopt, schedules } = proposal.additions;
  const isDone = functions.length > 0 && adopt === undefined && schedules === undefined;
  return isDone ? { ...all, questions: [], notes: [], additions: {} } : all;
}

async function proposeFor(
  aws: AwsReader,
  inventory: Inventory,
  settings: ProposalSettings,
): Promise<Proposal> {
  const { existing, cli } = settings;
  const adoptedBefore = Object.values(existing.given.adopt?.functions ?? {}).map(({ name }) => name);
  const needed = findNeededActions(inventory, existing);
  const free = selectUnmanaged(inventory, existing, cli);
  const triggers = chooseTriggers({ ...inventory, triggers: free.triggers }, settings);
  const keptTriggers = new Set(
    [...triggers.findings, ...free.findings].filter(({ fate }) => fate === "keep").map(({ name }) => name),
  );
  const functions = chooseFunctions(inventory, { needed, adoptedBefore, keptTriggers, cli });
  const adopted = [functions.adopted.stop, functions.adopted.start].filter((each) => each !== undefined);
  const role = chooseRole(adopted, inventory, cli);
  const judgedRoles = new Set(role.findings.map(({ name }) => name));
  const kept = findSettingsToKeep(adopted, existing.given.functions ?? {});
  const boundary =
    existing.given.permissionsBoundaryArn === undefined ? role.adopted?.boundaryArn : undefined;
  const adopt = await readAdoptProps(aws, functions.adopted, role, triggers);
  return {
    region: inventory.region,
    findings: [
      ...functions.findings,
      ...role.findings,
      ...findReplacedFunctionRoles(functions.replaced, inventory, cli).filter(
        ({ name }) => !judgedRoles.has(name),
      ),
      ...triggers.findings,
      ...free.findings,
      ...findReplacedRoles(triggers, inventory, cli),
      ...(await findLeftovers(aws, inventory, adopted, cli)),
    ],
    questions: triggers.questions,
    notes: [...listNotes(triggers, existing, settings.now), ...kept.notes],
    additions: {
      ...(existing.given.region === undefined ? { region: inventory.region } : {}),
      ...triggers.additions,
      ...(Object.keys(kept.settings).length > 0 ? { functions: kept.settings } : {}),
      ...defined({ permissionsBoundaryArn: boundary }),
      ...(Object.keys(adopt).length > 0 ? { adopt } : {}),
    },
    alreadyAdopted: [],
  };
}

/** The actions of the config's schedules, or where it has none, of what was found. */
function findNeededActions({ triggers }: Inventory, { whole }: ExistingConfig): Set<Action> {
  const actions = whole ? planSchedules(whole) : triggers;
  const known = new Set(actions.flatMap(({ action }) => action ?? []));
  return known.size > 0 ? known : new Set(["stop", "start"]);
}

function chooseTriggers({ triggers, region }: Inventory, settings: ProposalSettings): TriggerProposal {
  const { existing, now, cli } = settings;
  const { given, whole } = existing;
  if (whole) {
    const kind = whole.trigger ?? TRIGGER.default;
    const match = matchTriggers(triggers, planSchedules(whole), { kind, now, cli });
    return { ...match, questions: [], additions: {} };
  }
  const kind = given.trigger ?? (settings.module ? chooseKindForModule(triggers) : chooseUsedKind(triggers));
  const timezone = settings.timezone ?? given.timezone ?? findCommonZone(triggers) ?? guessTimezone(region);
  const targets = given.targets ?? {};
  const proposal = proposeSchedules(triggers, {
    ...{ kind, region, timezone, now, cli, targets },
    rulesInUtc: settings.module === true,
  });
  return {
    ...proposal,
    additions: {
      ...(given.timezone === undefined && timezone !== TIMEZONE.default ? { timezone } : {}),
      ...(given.trigger === undefined ? { trigger: kind } : {}),
      ...(Object.keys(proposal.targets).length > 0 ? { targets: proposal.targets } : {}),
      ...(Object.keys(proposal.schedules).length > 0 ? { schedules: proposal.schedules } : {}),
    },
  };
}

/** Chooses what most are; schedules where one has dates, which rules have not. */
function chooseUsedKind(triggers: readonly FoundTrigger[]): TriggerKind {
  if (triggers.some(({ startDate, endDate }) => startDate ?? endDate)) return "scheduler";
  const rules = triggers.filter(({ kind }) => kind === "rule").length;
  return triggers.length - rules > rules ? "scheduler" : "event-rule";
}

/** Chooses rules only if all triggers are rules: a schedule in a zone cannot become one without conversion. */
function chooseKindForModule(triggers: readonly FoundTrigger[]): TriggerKind {
  return triggers.length > 0 && triggers.every(({ kind }) => kind === "rule") ? "event-rule" : "scheduler";
}

/** The zone that all schedules are in. Rules have none. */
function findCommonZone(triggers: readonly FoundTrigger[]): string | undefined {
  const [zone, ...others] = new Set(
    triggers.filter(({ kind }) => kind === "schedule").map(({ timezone }) => timezone),
  );
  return others.length === 0 ? zone : undefined;
}

async function readAdoptProps(
  aws: AwsReader,
  { stop, start }: Readonly<Partial<Record<Action, FoundFunction>>>,
  { adopted, keepPolicyArns }: RoleChoice,
  triggers: TriggerProposal,
): Promise<AdoptProps> {
  const functions = {
    ...(stop ? { stop: adoptedFunctionProps(stop) } : {}),
    ...(start ? { start: adoptedFunctionProps(start) } : {}),
  };
  const role = adopted && (await aws.role(adopted.name));
  return {
    ...(adopted ? { role: adoptedRoleProps(adopted, role?.description, keepPolicyArns) } : {}),
    ...(stop || start ? { functions } : {}),
    ...(Object.keys(triggers.adopt).length > 0 ? { schedules: triggers.adopt } : {}),
  };
}

/** Roles and policies without users, where the config adopted its functions before. */
async function findLeftovers(
  aws: AwsReader,
  inventory: Inventory,
  adopted: readonly FoundFunction[],
  cli: AwsCli,
): Promise<AdoptionFinding[]> {
  const ours = adopted.filter(({ isOurs }) => isOurs);
  if (ours.length === 0) return [];
  const detached = await aws.detachedPolicies();
  return [...findLeftoverRoles(ours, inventory, cli), ...findLeftoverPolicies(detached, cli)];
}

/** The roles with which adopted schedules invoked their functions: a narrower one takes their place. */
function findReplacedRoles(
  { adopted }: TriggerProposal,
  { roles, scheduleRoleUsers, roleUsers }: Inventory,
  cli: AwsCli,
): AdoptionFinding[] {
  const names = new Set(adopted.map(({ name }) => name));
  const called = adopted.filter((each) => each.kind === "schedule" && !passesRequest(each));
  const arns = new Set(called.map(({ roleArn }) => roleArn));
  return roles
    .filter(({ arn }) => arns.has(arn))
    .map((role): AdoptionFinding => {
      const others = (scheduleRoleUsers.get(role.arn) ?? []).filter((user) => !names.has(user));
      const users = [...others, ...(roleUsers.get(role.arn) ?? [])];
      const finding = { kind: "role", name: role.name, fate: "recreate" } as const;
      const why = "the schedules get a role that may invoke just these functions";
      if (users.length > 0) return { ...finding, why: `${why}; ${users.join(", ")} still uses this one` };
      return { ...finding, why, removal: cli.deleteRole(role) };
    });
}

function listNotes(
  { additions, adopted }: TriggerProposal,
  { whole, given }: ExistingConfig,
  now: Date,
): string[] {
  const { schedules } = additions;
  const targets = { ...given.targets, ...additions.targets };
  const unknown = Object.entries(additions.targets ?? {}).filter(
    ([, { instanceIds }]) => !instanceIds?.length,
  );
  return [
    ...unknown.map(
      ([name]) =>
        `targets.${name}.instanceIds: fill in the instance ids, which could not be read from the code`,
    ),
    ...(schedules ? describeSameMinutes({ ...given, ...additions, targets, schedules }, now) : []),
    ...(whole === undefined && given.schedules === undefined && adopted.length === 0 && !schedules
      ? ["schedules: nothing calls the functions yet, so write when they shall run"]
      : []),
  ];
}

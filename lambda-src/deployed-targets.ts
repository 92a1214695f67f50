import { defined, truncate } from "../contract/collections";
import {
  type DeployedSchedule,
  type DeployedSchedules,
  type DeployedTarget,
  type RequestTarget,
  type ScheduleTimes,
  type ServiceChecks,
  searchedTags,
} from "../contract/request";
import { coversValue, demandsAtLeast, leavesOutAtLeast, type TagValues } from "../contract/tags";
import {
  action,
  addProblem,
  bool,
  checkFields,
  date,
  dateTime,
  type FieldCheck,
  listOf,
  onlyTrue,
  port,
  region,
  show,
  tagValues,
  text,
  timezone,
  unit,
  wholeNumberFrom,
} from "./fields";

/** A target of a run: instances that the deployment knows, with the deployed checks that the request asks for. */
export interface RunTarget extends Omit<RequestTarget, "checks"> {
  readonly checks: readonly ServiceChecks[];
}

/** Checks the members that a target of a request and one of a deployment have in common. */
export function checkTarget(
  value: unknown,
  path: string,
  problems: string[],
  others: Readonly<Record<string, FieldCheck>>,
): void {
  const fields = checkFields(value, path, problems, ["region"], {
    region,
    instanceIds: listOf(text, 1),
    tags: tagValues,
    all: onlyTrue,
    exclude: tagValues,
    ...others,
  });
  if (fields === undefined) return;
  const given = ["instanceIds", "tags", "all"].filter((key) => fields[key] !== undefined);
  if (given.length === 0 || (given.length > 1 && given.includes("all"))) {
    const got = given.join(" and ") || "neither";
    problems.push(`Expected \`${path}\` to have instanceIds, tags or both, or \`all\` alone, got ${got}`);
  }
}

/**
 * Checks the value of the environment variable TARGETS. A list of ids from Terraform may be empty, which must not keep the
 * function from all its other targets.
 */
export const targetsVariable: FieldCheck = listOf((value, path, problems) => {
  checkTarget(value, path, problems, {
    instanceIds: listOf(text, 0),
    checks: serviceChecks,
    default: bool,
  });
}, 0);

/** Checks the value of the environment variable SCHEDULES. */
export const schedulesVariable: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, ["targets", "calendars", "schedules"], {
    targets: listOf(
      (target, at, found) => checkTarget(target, at, found, { instanceIds: listOf(text, 0) }),
      0,
    ),
    calendars: listOf(listOf(date, 0), 0),
    schedules: listOf(deployedSchedule, 0),
  } satisfies Record<keyof DeployedSchedules, FieldCheck>);
};

/** Checks when a schedule fires. */
export const SCHEDULE_TIMES = {
  name: text,
  action,
  expression: text,
  timezone,
  startDate: dateTime,
  endDate: dateTime,
} satisfies Record<keyof ScheduleTimes, FieldCheck>;

const deployedSchedule: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, ["name", "action", "expression", "targets"], {
    ...SCHEDULE_TIMES,
    targets: listOf(wholeNumberFrom(0), 1),
    calendar: wholeNumberFrom(0),
  } satisfies Record<keyof DeployedSchedule, FieldCheck>);
};

const serviceChecks: FieldCheck = (value, path, problems) => {
  const fields = checkFields(value, path, problems, [], {
    systemd: listOf(unit, 1),
    tcp: listOf(port, 1),
    command: text,
  } satisfies Record<keyof ServiceChecks, FieldCheck>);
  if (fields && Object.keys(fields).length === 0) {
    problems.push(`Expected \`${path}\` to have systemd, tcp or command, got none`);
  }
};

/** Returns the targets of the default request. */
export function defaultTargets(deployed: readonly DeployedTarget[]): RunTarget[] {
  return deployed
    .filter((target) => target.default !== false)
    .map(({ default: _, checks, ...instances }) => ({ ...instances, checks: checks ? [checks] : [] }));
}

/**
 * Returns the targets of a follow-up: the deployed ones, each narrowed to the ids that the follow-up names. Instances that the
 * deployment no longer has are left out without an error, since it may have changed after the follow-up was written.
 */
export function resolveFollowUp(
  targets: readonly RequestTarget[],
  deployed: readonly DeployedTarget[],
): RunTarget[] {
  return targets.flatMap((target) => {
    const named = [...new Set([...(target.instanceIds ?? []), ...(target.only ?? [])])];
    return deployed
      .filter(({ region }) => region === target.region)
      .flatMap((known): RunTarget[] => {
        const listed = new Set(known.instanceIds);
        const ids = named.filter((id) => listed.has(id));
        const exclude = joinedTags(known.exclude, target.exclude);
        const common = {
          region: known.region,
          ...(Object.keys(exclude).length > 0 ? { exclude } : {}),
          checks: target.checks && known.checks ? [known.checks] : [],
        };
        return [
          ...(ids.length > 0 ? [{ ...common, instanceIds: ids }] : []),
          ...(known.tags ? [{ ...common, tags: known.tags, only: named }] : []),
          ...(known.all ? [{ ...common, all: known.all, only: named }] : []),
        ];
      });
  });
}

function joinedTags(a: TagValues = {}, b: TagValues = {}): TagValues {
  const joined = Object.entries(b).map(([key, values]) => {
    const others = Object.hasOwn(a, key) ? (a[key] ?? []) : [];
    return [key, [...others, ...values.filter((value) => !coversValue(others, value))]] as const;
  });
  return { ...a, ...Object.fromEntries(joined) };
}

/**
 * Finds the deployed targets that a request's target is a part of, and returns it with their checks where it asks for
 * them: one for its tags, and one for its ids with the same checks. Adds a problem for each part that no deployed target
 * has: what a request names must be listed there, or be narrower.
 */
export function matchDeployedTargets(
  target: RequestTarget,
  path: string,
  deployed: readonly DeployedTarget[],
  problems: string[],
): RunTarget[] {
  const known = deployed.filter((each) => each.region === target.region);
  if (known.length === 0) {
    const regions = [...new Set(deployed.map((each) => each.region))];
    addProblem(
      problems,
      `${path}.region`,
      `a region of this deployment (${listed(regions) || "none"})`,
      target.region,
    );
    return [];
  }
  const resolver = new TargetResolver(target, path, known, problems);
  return resolver.resolve();
}

/** Matches one target of a request with the deployed targets of its region. */
class TargetResolver {
  readonly #target: RequestTarget;
  readonly #path: string;
  readonly #known: readonly DeployedTarget[];
  readonly #problems: string[];
  #lacksExclusion: DeployedTarget | undefined;

  constructor(target: RequestTarget, path: string, known: readonly DeployedTarget[], problems: string[]) {
    this.#target = target;
    this.#path = path;
    this.#known = known;
    this.#problems = problems;
  }

  resolve(): RunTarget[] {
    const before = this.#problems.length;
    const parts = [...this.#byIds(), ...this.#byTags()];
    if (this.#lacksExclusion) {
      const needed = `at least ${show(this.#lacksExclusion.exclude)}, which this deployment leaves out`;
      addProblem(this.#problems, `${this.#path}.exclude`, needed, this.#target.exclude);
    } else if (
      this.#problems.length === before &&
      this.#target.checks &&
      parts.every(({ checks }) => checks.length === 0)
    ) {
      this.#problems.push(
        `Expected \`${this.#path}\` to have no \`checks\`, since this deployment has none for these instances, got true`,
      );
    }
    return parts;
  }

  #byIds(): RunTarget[] {
    const { region, instanceIds = [] } = this.#target;
    const parts = new Map<string, { readonly ids: string[]; readonly checks: readonly ServiceChecks[] }>();
    const listingOf = new Map<string, DeployedTarget[]>();
    for (const each of this.#known) {
      for (const id of each.instanceIds ?? []) listingOf.set(id, [...(listingOf.get(id) ?? []), each]);
    }
    for (const [index, id] of instanceIds.entries()) {
      const listing = listingOf.get(id);
      if (listing === undefined) {
        const ids = listed([...listingOf.keys()]);
        const what = `an instance of this deployment in ${region} (${ids || "none by id"})`;
        addProblem(this.#problems, `${this.#path}.instanceIds[${index}]`, what, id);
        continue;
      }
      const checks = this.#checksOf(listing);
      const key = JSON.stringify(checks);
      const part = parts.get(key);
      if (part) part.ids.push(id);
      else parts.set(key, { ids: [id], checks });
    }
    return [...parts.values()].map(({ ids, checks }) => this.#part({ instanceIds: ids }, checks));
  }

  #byTags(): RunTarget[] {
    const { region, tags, all, only } = this.#target;
    const searched = searchedTags(this.#target);
    if (searched === undefined) return [];
    const wider = this.#known.filter((each) => {
      const deployed = searchedTags(each);
      return deployed !== undefined && demandsAtLeast(searched, deployed);
    });
    if (wider.length === 0) {
      const known = listed(this.#known.flatMap((each) => (each.tags ? [JSON.stringify(each.tags)] : [])));
      const what = `tags of this deployment in ${region}, or narrower (${known || "none by tags"})`;
      addProblem(this.#problems, `${this.#path}.${all ? "all" : "tags"}`, what, all ?? tags);
      return [];
    }
    return [this.#part(defined({ tags, all, only }), this.#checksOf(wider))];
  }

  #part(
    instances: Pick<RequestTarget, "instanceIds" | "tags" | "all" | "only">,
    checks: readonly ServiceChecks[],
  ): RunTarget {
    const { region, exclude } = this.#target;
    return { region, ...instances, ...(exclude ? { exclude } : {}), checks };
  }

  /** Returns the checks of the deployed targets that leave out no more than the request does. */
  #checksOf(having: readonly DeployedTarget[]): readonly ServiceChecks[] {
    const { exclude = {}, checks } = this.#target;
    const covering = having.filter((each) => leavesOutAtLeast(exclude, each.exclude ?? {}));
    if (covering.length === 0) this.#lacksExclusion = having[0];
    return checks ? covering.flatMap((each) => each.checks ?? []) : [];
  }
}

const MAX_LISTED = 5;
const MAX_LIST_LENGTH = 300;

function listed(texts: readonly string[]): string {
  const more = texts.length - MAX_LISTED;
  const shown = truncate(texts.slice(0, MAX_LISTED).join(", "), MAX_LIST_LENGTH);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

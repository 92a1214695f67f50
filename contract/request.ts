import type { Action } from "./actions";
import { defined } from "./collections";
import type { FollowUp } from "./follow-ups";
import { excludingTag, matchesAllTags, type TagValues } from "./tags";

/**
 * The request that a trigger passes to a function: the contract between the blueprint, which puts it into rule targets and
 * schedules, and the function. It selects among the deployed targets: the function refuses what its deployment does not
 * know, and what runs inside an instance never comes from a request.
 */
export interface StartStopRequest {
  /** Name of the schedule that fired, for the report. */
  readonly schedule: string;
  /** Action of the function that gets it: each refuses the other's. */
  readonly action: Action;
  /**
   * When the firing was due: ISO 8601 with a zone, filled in by the trigger. A retry has the same value, and so
   * belongs to the same firing.
   * @default now
   */
  readonly scheduledTime?: string;
  /** Instances to start or stop: targets of the deployment, or parts of them. */
  readonly targets: readonly RequestTarget[];
  /**
   * IANA zone of the dates in `holidays`.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * Dates (`yyyy-mm-dd`, in `timezone`) on which the action is skipped.
   * @default none
   */
  readonly holidays?: readonly string[];
  /**
   * Minutes after `scheduledTime` during which the request may change anything.
   * @default 60
   */
  readonly latestMinutes?: number;
  /**
   * Whether a stop hibernates the instances that support it.
   * @default false
   */
  readonly hibernate?: boolean;
  /**
   * Whether to only ask EC2 if it would perform the change.
   * @default false
   */
  readonly dryRun?: boolean;
  /**
   * Whether to only run the deployed checks, as `checks` of the targets asks, on their running instances, and to start
   * nothing. For action `start`, whose role has the permissions.
   * @default false
   */
  readonly checkOnly?: boolean;
  /**
   * Makes the request a warning: it publishes to the topic which instances the stop in this many minutes will reach, and
   * changes nothing. For action `stop`. `scheduledTime` is the warning's own; `holidays` and holds are judged at the time
   * of the stop, so the calendar is that of the stop as it is.
   * @default no warning: the request stops them
   */
  readonly warnMinutes?: number;
  /**
   * Set if an earlier run has left this request for later. It decides anew: it reads the instances, their holds and what
   * the schedules say now.
   * @default a firing, or a request by hand
   */
  readonly followUp?: FollowUp;
}

/**
 * The function's own environment variables. `TARGETS` has the targets of all schedules of its action, as JSON of
 * `DeployedTarget[]`; `HIBERNATE` is `true` if the default request stops by hibernating. `FOLLOW_UPS`
 * (`FollowUpSettings`) and `SCHEDULES` (`DeployedSchedules`) are JSON too, and set where the deployment has follow-ups.
 * `TOPIC_ARN` is set where a stop is warned of, or where `ON_SUCCESS` is `true`: then the topic gets messages about what
 * firings have started or stopped. `EVENTS` is `true` where outcomes are put on the event bus.
 */
export type FunctionVariable =
  | "ACTION"
  | "TARGETS"
  | "HIBERNATE"
  | "HOLD_TAG"
  | "MAX_INSTANCES"
  | "FOLLOW_UPS"
  | "SCHEDULES"
  | "TOPIC_ARN"
  | "ON_SUCCESS"
  | "EVENTS";

/** Suffix of a warning's name, after the name of its schedule: `dev-stop-warn`. */
export const WARNING_SUFFIX = "-warn";

/** Schedule name of the default request in reports. It has all deployed targets but those with `default: false`. */
export const DEFAULT_REQUEST_NAME = "default";

/** Instances of one region: by id, by tag, the union of both, or all of them. */
export interface TargetInstances {
  /** AWS region code, such as `ap-northeast-2`. */
  readonly region: string;
  /**
   * Instance ids such as `i-0123456789abcdef0`.
   * @default none
   */
  readonly instanceIds?: readonly string[];
  /**
   * Tags of the instances: all keys must match, each with any of its values.
   * @default none
   */
  readonly tags?: TagValues;
  /**
   * Every instance of the region, in place of ids and tags.
   * @default those with the ids or the tags
   */
  readonly all?: true;
  /**
   * Tags that exclude an instance, even if it is named by id: any match is enough.
   * @default none
   */
  readonly exclude?: TagValues;
}

/**
 * Returns the tags with which a target is searched for: none for all instances; undefined for a target by ids alone. Tags
 * of a request or of a config are never empty, so that only `all` finds everything.
 */
export function searchedTags({ tags, all }: Pick<TargetInstances, "tags" | "all">): TagValues | undefined {
  return all ? {} : tags;
}

/** A target of a request: a deployed target, or a part of one. */
export interface RequestTarget extends TargetInstances {
  /**
   * Ids that narrow `tags` or `all`: of the instances found so, only those. What a follow-up is about.
   * @default all of them
   */
  readonly only?: readonly string[];
  /**
   * Whether to run the deployed checks of these instances after their start, as the inputs of triggers ask.
   * @default nothing is checked
   */
  readonly checks?: true;
}

/**
 * Returns a target narrowed to those of some instances that it finds, by their ids and by its tags; undefined where it
 * finds none of them.
 */
export function narrowTarget(
  target: RequestTarget,
  instances: readonly {
    readonly instanceId: string;
    readonly region: string;
    readonly tags: ReadonlyMap<string, string>;
  }[],
): RequestTarget | undefined {
  const { region, instanceIds, tags, all, only, exclude, checks } = target;
  const searched = searchedTags(target);
  const here = instances.filter(
    (each) => each.region === region && !(exclude && excludingTag(each.tags, exclude) !== undefined),
  );
  const [listed, narrowing] = [new Set(instanceIds), only && new Set(only)];
  const byId = here.filter(({ instanceId }) => listed.has(instanceId));
  const byTags = here.filter(
    (each) => searched && matchesAllTags(each.tags, searched) && narrowing?.has(each.instanceId) !== false,
  );
  const idsOf = (some: typeof here) =>
    some.length > 0 ? some.map(({ instanceId }) => instanceId) : undefined;
  if (byId.length + byTags.length === 0) return undefined;
  return {
    region,
    ...defined({
      instanceIds: idsOf(byId),
      ...(byTags.length > 0 ? { tags, all } : {}),
      only: idsOf(byTags),
      exclude,
      checks,
    }),
  };
}

/** A target that a function's deployment knows. */
export interface DeployedTarget extends TargetInstances {
  /**
   * The services to check on each instance after its start, if the request asks for it.
   * @default nothing is checked
   */
  readonly checks?: ServiceChecks;
  /**
   * False for a target of disabled schedules only, which the default request leaves out.
   * @default true
   */
  readonly default?: false;
}

/**
 * The enabled schedules of both actions, as the function knows them: what says whether an instance should run now. Targets
 * and calendars stand in lists of their own and are named by index, since an environment has little room.
 */
export interface DeployedSchedules {
  readonly targets: readonly TargetInstances[];
  /** Dates (`yyyy-mm-dd`) on which a schedule is skipped. */
  readonly calendars: readonly (readonly string[])[];
  readonly schedules: readonly DeployedSchedule[];
}

/** When a schedule fires. */
export interface ScheduleTimes {
  readonly name: string;
  readonly action: Action;
  /** As AWS takes it, in `timezone`: `cron(...)`, `rate(...)` or `at(...)`. */
  readonly expression: string;
  /**
   * IANA zone of the expression, and of the calendar's dates if it has one.
   * @default "UTC"
   */
  readonly timezone?: string;
  /**
   * The first instant at which it may fire, in ISO 8601.
   * @default no beginning
   */
  readonly startDate?: string;
  /**
   * The instant from which on it fires no more, in ISO 8601.
   * @default no end
   */
  readonly endDate?: string;
}

export interface DeployedSchedule extends ScheduleTimes {
  /** Indices of its targets. */
  readonly targets: readonly number[];
  /**
   * Index of its calendar.
   * @default no holidays
   */
  readonly calendar?: number;
}

/** Checks that run on an instance through SSM Run Command. At least one of the three. */
export interface ServiceChecks {
  /**
   * systemd units that must be active, such as `nginx`.
   * @default none
   */
  readonly systemd?: readonly string[];
  /**
   * TCP ports on which something must listen.
   * @default none
   */
  readonly tcp?: readonly number[];
  /**
   * A shell command that must end with exit code 0.
   * @default none
   */
  readonly command?: string;
}

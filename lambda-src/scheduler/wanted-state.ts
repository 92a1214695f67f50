import { type Action, oppositeOf, STATE_AFTER } from "../../contract/actions";
import { type DeployedSchedule, type DeployedSchedules, searchedTags } from "../../contract/request";
import { excludingTag, matchesAllTags } from "../../contract/tags";
import { isEffective, NearFirings } from "../../schedule/near-firings";
import type { TimelineSchedule } from "../../schedule/timeline";
import type { Candidate } from "../candidate";
import { parseSchedule } from "../parse-schedule";

/** The states that the deployed schedules want instances in, as of one instant. */
export class WantedState {
  readonly #deployed: DeployedSchedules;
  readonly #near: NearFirings;
  readonly #schedules: readonly TimelineSchedule[];
  readonly #memberships = new Map<string, readonly TimelineSchedule[]>();
  readonly #answers = new Map<string, unknown>();

  constructor(deployed: DeployedSchedules, now: number) {
    this.#deployed = deployed;
    this.#near = new NearFirings(new Date(now));
    this.#schedules = deployed.schedules.map((schedule) => this.#parse(schedule));
  }

  /** Returns the next opposite firing of an instance's schedules, in milliseconds since 1970; undefined if none is known. */
  nextOpposite(candidate: Candidate, action: Action): number | undefined {
    return this.#remember(candidate, `next ${action}`, (schedules) => {
      const opposite = schedules.filter((schedule) => schedule.action === oppositeOf(action));
      return this.#near.nextEffective(opposite)?.at.getTime();
    });
  }

  /** Returns why the schedules do not want an instance changed now; undefined if they do. */
  refusalOf(candidate: Candidate, action: Action): string | undefined {
    return this.#remember(candidate, `now ${action}`, (schedules) => {
      if (schedules.length === 0) return "no enabled schedule has it now";
      if (schedules.every((schedule) => schedule.action === action)) return undefined;
      if (schedules.some(({ schedule }) => schedule.kind === "rate"))
        return "a rate counts from its deployment, so what the schedules say now is not known";
      const change = this.#near.lastChange(schedules);
      if (change === undefined) return "no schedule has fired yet";
      return change.action === action ? undefined : said(change.action, change.since.at);
    });
  }

  /** Returns the opposite firing since another firing, as the reason to change nothing; undefined if there is none. */
  overruling(candidate: Candidate, action: Action, firedAt: number): string | undefined {
    return this.#remember(candidate, `since ${action} ${firedAt}`, (schedules) => {
      const opposite = oppositeOf(action);
      // Of a start and a stop at the same instant, the stop counts as the last.
      const since = opposite === "stop" ? firedAt : firedAt + 1;
      const later = this.#near
        .upToNow(schedules.filter((schedule) => schedule.action === opposite))
        .find((firing) => isEffective(firing) && +firing.at >= since);
      return later && said(opposite, later.at);
    });
  }

  /** Computes an answer once for all instances of the same schedules. */
  #remember<T>(candidate: Candidate, question: string, answer: (of: readonly TimelineSchedule[]) => T): T {
    const indices = this.#targetsOf(candidate);
    const members = indices.join();
    const schedules =
      this.#memberships.get(members) ??
      this.#schedules.filter((_, at) =>
        this.#deployed.schedules[at]?.targets.some((index) => indices.includes(index)),
      );
    this.#memberships.set(members, schedules);
    const key = `${question} ${members}`;
    if (!this.#answers.has(key)) this.#answers.set(key, answer(schedules));
    return this.#answers.get(key) as T;
  }

  /** Returns the indices of the targets that have an instance. */
  #targetsOf({ instanceId, region, snapshot: { tags } }: Candidate): number[] {
    return this.#deployed.targets.flatMap((target, index) => {
      const isNamed = target.instanceIds?.includes(instanceId) ?? false;
      const searched = searchedTags(target);
      const isFound = isNamed || (searched !== undefined && matchesAllTags(tags, searched));
      if (target.region !== region || !isFound) return [];
      return target.exclude && excludingTag(tags, target.exclude) !== undefined ? [] : [index];
    });
  }

  #parse(deployed: DeployedSchedule): TimelineSchedule {
    const { name, action, calendar } = deployed;
    return {
      name,
      action,
      schedule: parseSchedule(deployed),
      enabled: true,
      targetNames: [],
      skipDates: calendar === undefined ? [] : (this.#deployed.calendars[calendar] ?? []),
    };
  }
}

function said(action: Action, since: Date): string {
  return `the schedules say ${STATE_AFTER[action]} since ${since.toISOString()}`;
}

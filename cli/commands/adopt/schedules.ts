import type { Config } from "../../../config";
import { defined } from "../../../contract/collections";
import { clockTimeWithOffset } from "../../../contract/date-time";
import { MINUTE_MS } from "../../../contract/units";
import type { AdoptedTriggers } from "../../../model/adoption";
import { type PlannedSchedule, planSchedules } from "../../../model/plan";
import type { ActionScheduleProps, TargetProps } from "../../../model/props";
import { conflictsOf } from "../../../model/warnings";
import { Schedule } from "../../../schedule";
import { cronToUtc } from "../../../schedule/utc-conversion";
import { Zone } from "../../../schedule/zone";
import type { AwsCli } from "../../aws/cli-commands";
import { formatLocalMinute } from "../../terminal/time";
import type { AdoptionFinding } from "./finding";
import type { FoundTrigger } from "./inventory";
import {
  adoptedTriggerProps,
  createTriggerFinding,
  describeDates,
  findTriggerObstacle,
  NO_ACTION,
  parseTriggerSchedule,
  type TriggerKind,
  triggerDates,
} from "./triggers";

interface ScheduleProposal {
  readonly targets: Readonly<Record<string, TargetProps>>;
  readonly schedules: Readonly<Record<string, ActionScheduleProps>>;
  readonly adopt: AdoptedTriggers;
  readonly adopted: readonly FoundTrigger[];
  readonly findings: readonly AdoptionFinding[];
  /** Which local time each UTC time of a rule is read as, for the user to confirm. */
  readonly questions: readonly string[];
}

interface ScheduleProposalOptions {
  readonly kind: TriggerKind;
  readonly region: string;
  /** IANA zone in which schedules are written. */
  readonly timezone: string;
  readonly now: Date;
  readonly cli: AwsCli;
  /** Targets that the config has. */
  readonly targets: Readonly<Record<string, TargetProps>>;
  /**
   * Whether schedules that become rules stay in UTC, since the module does not convert times.
   * @default false
   */
  readonly rulesInUtc?: boolean;
}

/** Writes a config's schedules and targets from what fires already. */
export function proposeSchedules(
  triggers: readonly FoundTrigger[],
  options: ScheduleProposalOptions,
): ScheduleProposal {
  const { kind, cli } = options;
  const targets = new TargetNames(options);
  const schedules: Record<string, ActionScheduleProps> = {};
  const adopt: Record<string, AdoptedTriggers[string]> = {};
  const adopted: FoundTrigger[] = [];
  const findings: AdoptionFinding[] = [];
  const questions: string[] = [];
  for (const trigger of triggers) {
    const { action } = trigger;
    if (action === undefined || parseTriggerSchedule(trigger) === undefined) {
      const why =
        action === undefined
          ? NO_ACTION
          : `${trigger.expression} is not a time expression that is known here`;
      findings.push(createTriggerFinding(trigger, "keep", why, cli));
      continue;
    }
    const name = findFreeName(trigger.name, schedules);
    const { expression, timezone, question } = proposeTimes(trigger, options);
    const dates = proposeDates(trigger, timezone, options);
    schedules[name] = {
      action,
      targets: targets.nameOf(trigger),
      expression,
      ...(timezone === options.timezone ? {} : { timezone }),
      ...dates.props,
      ...(trigger.enabled && !dates.isOver ? {} : { enabled: false }),
    };
    questions.push(...[question, dates.question].filter((each) => each !== undefined));
    const obstacle = findTriggerObstacle(trigger, kind);
    const note = dates.note === undefined ? "" : `; ${dates.note}`;
    if (obstacle === undefined) {
      adopt[name] = adoptedTriggerProps(trigger);
      adopted.push(trigger);
      findings.push(createTriggerFinding(trigger, "adopt", `schedules.${name}${note}`, cli));
    } else {
      const why = `${obstacle}; schedules.${name} is made${note}`;
      findings.push(createTriggerFinding(trigger, "recreate", why, cli));
    }
  }
  return { targets: targets.added, schedules, adopt, adopted, findings, questions };
}

interface Times {
  readonly expression: string;
  readonly timezone: string;
  readonly question?: string;
}

/** A schedule keeps its zone; the UTC of a rule becomes the given zone where that is exact. */
function proposeTimes(
  trigger: FoundTrigger,
  { timezone, kind, now, rulesInUtc }: ScheduleProposalOptions,
): Times {
  const utc = { expression: trigger.expression, timezone: trigger.timezone };
  const staysInUtc = rulesInUtc === true && kind === "event-rule";
  if (trigger.kind === "schedule" || timezone === "UTC") return utc;
  if (trigger.expression.startsWith("rate(")) return staysInUtc ? utc : { ...utc, timezone };
  const { expression, exact } = convertFromUtc(trigger.expression, timezone, now);
  const next = parseTriggerSchedule({ ...trigger, timezone: "UTC" })?.next({ from: now })[0];
  const fires = next ? `, which fires next at ${formatLocalTime(next, timezone)} in ${timezone},` : "";
  const asked = `${trigger.name}: ${trigger.expression} in UTC${fires}`;
  if (expression === undefined) {
    return {
      ...utc,
      question: `${asked} has no single local expression: it stays in UTC. Is that meant?`,
    };
  }
  const stands = `stands for ${expression}`;
  if (staysInUtc) {
    const until = exact ? "" : " until its clocks change";
    return {
      ...utc,
      question: `${asked} ${stands} in ${timezone}${until}. It stays in UTC, which is what rules read.`,
    };
  }
  if (exact) return { expression, timezone, question: `${asked} ${stands} in ${timezone}. Is that meant?` };
  const drifts = `${stands} only until its clocks change, since UTC's do not`;
  if (kind === "scheduler") {
    return {
      expression,
      timezone,
      question: `${asked} ${drifts}. It is taken as that all year. Is that meant?`,
    };
  }
  return { ...utc, question: `${asked} ${drifts}. It stays in UTC: a rule can do no other. Is that meant?` };
}

interface Dates {
  readonly props: Pick<ActionScheduleProps, "startDate" | "endDate">;
  /** Whether it has ended, so that it never fires again. */
  readonly isOver: boolean;
  readonly note?: string;
  readonly question?: string;
}

/** A schedule keeps its dates, except for a start that is past, with which AWS refuses every change. */
function proposeDates(
  trigger: FoundTrigger,
  timezone: string,
  { kind, now }: ScheduleProposalOptions,
): Dates {
  const { startDate, endDate } = triggerDates(trigger);
  if (endDate && endDate <= now) {
    const note = `it ended at ${trigger.endDate}, so it is switched off`;
    return { props: {}, isOver: true, note };
  }
  const start = startDate && startDate > now ? startDate : undefined;
  if (kind === "event-rule" && (start ?? endDate)) {
    const question = `${trigger.name} fires${describeDates(trigger)}, but rules have no dates: it fires at any time. Is that meant?`;
    return { props: {}, isOver: false, question };
  }
  const textOf = (date: Date | undefined) => date && clockTimeWithOffset(date.getTime(), timezone);
  const counts = startDate && !start && trigger.expression.startsWith("rate(");
  return {
    props: defined({ startDate: textOf(start), endDate: textOf(endDate) }),
    isOver: false,
    ...(counts ? { note: `it counts from its change on, no more from ${trigger.startDate}` } : {}),
  };
}

function formatLocalTime(at: Date, timezone: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(at);
  return formatLocalMinute(`${parts.replace(" ", "T")}:00`);
}

/** Schedules' names have the same characters as those of rules. */
function findFreeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  let name = wanted;
  for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `${wanted}-${count}`;
  return name;
}

/** Names one target for the instances of each function or input; unknown instances are left to be filled in. */
class TargetNames {
  readonly added: Record<string, TargetProps> = {};
  readonly #options: ScheduleProposalOptions;

  constructor(options: ScheduleProposalOptions) {
    this.#options = options;
  }

  nameOf({ instanceIds, instanceRegion }: FoundTrigger): string | string[] {
    const { targets, region } = this.#options;
    const known = Object.entries({ ...targets, ...this.added });
    const same = known.find(([, target]) => haveSameIds(target.instanceIds, instanceIds));
    if (same) return same[0];
    const given = Object.keys(targets);
    if (given.length > 0 && instanceIds.length === 0) return given.length === 1 ? (given[0] ?? "") : given;
    const name = findFreeName("instances", Object.fromEntries(known));
    const elsewhere = instanceRegion !== undefined && instanceRegion !== region;
    this.added[name] = { instanceIds, ...(elsewhere ? { regions: [instanceRegion] } : {}) };
    return name;
  }
}

function haveSameIds(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && [...a].sort().join() === [...b].sort().join();
}

/** The part of a config that decides its schedules. */
type ScheduleSettings = Pick<Partial<Config>, "holidays" | "region" | "targets" | "timezone" | "trigger"> &
  Pick<Config, "schedules">;

/** The schedules with what follows from when they fire; instance ids may still be missing. */
export function planProposed(settings: ScheduleSettings): PlannedSchedule[] {
  return planSchedules({ region: "", targets: {}, ...settings });
}

/** Starts and stops of the same instances in the same minute, each with the way out: a config that has them is refused. */
export function describeSameMinutes(settings: ScheduleSettings, now: Date): string[] {
  const props = { region: "", targets: {}, ...settings };
  return conflictsOf(props, planProposed(settings), now)
    .filter(({ severity }) => severity === "error")
    .map(
      ({ path, message }) =>
        `${path}: ${message}: one would undo the other, so write another time for one of them, or \`enabled: false\``,
    );
}

/** Zones of the regions that lie in a country with one zone and no clock changes, as a first guess. */
const ZONES: Readonly<Record<string, string>> = {
  "af-south-1": "Africa/Johannesburg",
  "ap-east-1": "Asia/Hong_Kong",
  "ap-northeast-1": "Asia/Tokyo",
  "ap-northeast-2": "Asia/Seoul",
  "ap-northeast-3": "Asia/Tokyo",
  "ap-south-1": "Asia/Kolkata",
  "ap-south-2": "Asia/Kolkata",
  "ap-southeast-1": "Asia/Singapore",
  "ap-southeast-5": "Asia/Kuala_Lumpur",
  "ap-southeast-7": "Asia/Bangkok",
  "cn-north-1": "Asia/Shanghai",
  "cn-northwest-1": "Asia/Shanghai",
  "me-central-1": "Asia/Dubai",
  "me-south-1": "Asia/Bahrain",
};

/** Guesses the zone of a region's users; UTC if it is ambiguous. */
export function guessTimezone(region: string): string {
  return ZONES[region] ?? "UTC";
}

/** An expression in local time for one that AWS reads in UTC. */
interface LocalExpression {
  /** The same times in the zone; absent if a single expression cannot have them. */
  readonly expression?: string;
  /** Whether they are the same all year: not where the zone changes its clocks. */
  readonly exact: boolean;
}

/** Turns `cron(0 11 ? * MON-FRI *)` in UTC into `cron(0 20 ? * MON-FRI *)` for Asia/Seoul. */
export function convertFromUtc(utcExpression: string, timezone: string, now: Date): LocalExpression {
  const { expression, pattern } = Schedule.parse(utcExpression);
  if (pattern === undefined) return { expression, exact: true };
  const zone = Zone.of(timezone);
  const exact = zone.nextChange(+now) === undefined;
  const offsetMinutes = zone.offsetAt(+now) / MINUTE_MS;
  if (offsetMinutes === 0) return { expression, exact };
  // Converting from UTC to a zone equals converting from the opposite offset to UTC.
  const { expressions } = cronToUtc(expression, pattern, Zone.of(formatOffset(-offsetMinutes)), +now);
  const [local, ...more] = expressions ?? [];
  return local === undefined || more.length > 0 ? { exact } : { expression: local, exact };
}

/** `+09:00`, of 540. */
function formatOffset(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const digits = [hours, rest].map((part) => String(part).padStart(2, "0")).join(":");
  return `${minutes < 0 ? "-" : "+"}${digits}`;
}

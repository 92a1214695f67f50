import { MAX_INSTANCES, TIMEZONE } from "../contract/limits";
import { regionOfArn } from "../contract/patterns";
import { KNOWN_REGIONS } from "../contract/regions";
import { describeTags } from "../contract/tags";
import { calendarWarnings } from "../schedule/calendar";
import { type Conflict, type ConflictTarget, findConflicts } from "../schedule/conflicts";
import { dayOfWeekRule, numbersText } from "../schedule/cron-field";
import { quote } from "../schedule/error";
import { nearestName } from "../schedule/nearest-name";
import { canWatchRate } from "./alarms";
import type { PlannedSchedule } from "./plan";
import { pathTo } from "./problem";
import type { Ec2StartStopProps } from "./props";
import { tagLists } from "./requests";
import { coverageOfTargets } from "./shared-instances";
import { isUnresolved, isUnresolvedList } from "./terraform-text";
import { enabledRates } from "./watch";

/** Something in valid props that is probably a mistake. */
export interface Warning {
  /**
   * `error`: a contradiction, which is refused. `warning`: probably a mistake, refused only in strict mode. `note`: for
   * information.
   */
  readonly severity: "error" | "warning" | "note";
  /**
   * `ended`, `ends-soon` and `empty` concern a calendar, `short-retry-window` concerns checks, `unused` a calendar, a
   * target, checks or a key, `all-instances` a target, `wildcard` a tag, `unknown-region` a region, `left-behind` an
   * earlier deployment of a config, and all others concern schedules.
   */
  readonly kind:
    | Conflict["kind"]
    | "ended"
    | "ends-soon"
    | "empty"
    | "short-retry-window"
    | "unused"
    | "all-instances"
    | "unknown-region"
    | "wildcard"
    | "weekday-numbers"
    | "not-watched"
    | "past-start"
    | "overtaken-warning"
    | "left-behind";
  /** Path of its subject: `schedules.dev-stop`, `holidays.kr`. Empty for the config as a whole. */
  readonly path: string;
  /** One sentence that names the schedule, target or calendar. */
  readonly message: string;
  /** Names of the schedules concerned. */
  readonly schedules: readonly string[];
  /** Names of the targets concerned. */
  readonly targets: readonly string[];
  /**
   * First instant at which it happens.
   * @default it has no such instant
   */
  readonly at?: Date;
}

type Props = Pick<
  Ec2StartStopProps,
  "alerts" | "holidays" | "kmsKeyArns" | "maxInstances" | "region" | "schedules" | "targets" | "timezone"
>;

/** Returns the warnings about a plan as of `from`. */
export function warningsOf(props: Props, plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const found = [
    ...conflictsOf(props, plan, from),
    ...weekdayNumbers(plan),
    ...notWatched(props, plan),
    ...pastStarts(plan, from),
    ...overtakenWarnings(plan),
    ...warningsOfCalendars(props, from),
    ...unusedTargets(props, plan),
    ...wildcards(props),
    ...allInstances(props),
    ...unknownRegions(props),
    ...unusedKeys(props, plan),
    ...unusedChecks(props, plan),
    ...shortRetryWindows(plan),
  ];
  const order = ["error", "warning", "note"];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** Returns the conflicts between the schedules of a plan as of `from`. */
export function conflictsOf(props: Props, plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const schedules = plan.map((planned) => ({ ...planned, skipDates: planned.request.holidays ?? [] }));
  const keys = new Map(plan.map(({ name, key }) => [name, key]));
  return findConflicts(schedules, conflictTargets(props), from).map((conflict) => {
    // Attach the warning to the later schedule, which causes the conflict.
    const key = keys.get(conflict.schedules.at(-1) ?? "");
    return { ...conflict, path: key === undefined ? "" : pathTo("schedules", key) };
  });
}

function conflictTargets(props: Props): ConflictTarget[] {
  return [...coverageOfTargets(props)].map(([name, { ids, tagSets }]) => ({
    name,
    instanceIds: ids,
    tagSets,
  }));
}

/**
 * Warns about days of the week in numbers that would be working days or a weekend if MON were 1, as in Unix: several days
 * with SUN and without SAT.
 */
function weekdayNumbers(plan: readonly PlannedSchedule[]): Warning[] {
  return plan.flatMap(({ name, key, schedule }) => {
    const { pattern } = schedule;
    if (pattern?.day.kind !== "days-of-week" || !/^[\d,-]+$/.test(pattern.text.dayOfWeek)) return [];
    const numbers = pattern.day.weekdays.map((weekday) => weekday + 1);
    const isWithSunday = numbers.length > 1 && numbers[0] === 1 && numbers.at(-1) !== 7;
    if (!isWithSunday && numbers.join() !== "6,7") return [];
    const fromMonday = numbers.map((number) => (number % 7) + 1).sort((a, b) => a - b);
    const [days, meant] = [numbers, fromMonday].map((values) => numbersText(values, dayOfWeekRule));
    const message = `${name}: the days of the week ${pattern.text.dayOfWeek} are ${days}, since EventBridge counts from 1 (SUN): write ${days}, or ${meant} if that was meant`;
    return [warningAt(pathTo("schedules", key), "weekday-numbers", message, { schedules: [name] })];
  });
}

/** Warns about schedules without an alarm on missed firings, where alerts ask for such alarms. */
function notWatched(props: Props, plan: readonly PlannedSchedule[]): Warning[] {
  return enabledRates(props, plan)
    .filter((rate) => !canWatchRate(rate))
    .map(({ name, key }) => {
      const message = `${name}: not watched, since an alarm on missed firings of a rate has no start or end and looks back no further than a week: use cron(...)`;
      return warningAt(pathTo("schedules", key), "not-watched", message, { schedules: [name] });
    });
}

/** Warns about start dates that are past: as they are they do no harm, but the next change of the schedule is refused. */
function pastStarts(plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const past = plan.filter(({ schedule: { startDate } }) => startDate !== undefined && startDate <= from);
  return [...new Map(past.map((planned) => [planned.key, planned])).values()].map(
    ({ key, schedule: { startDate } }) => {
      const path = `${pathTo("schedules", key)}.startDate`;
      const message = `${path} is past (${startDate?.toISOString()}): remove it, since EventBridge Scheduler refuses to make or change a schedule with it`;
      return warningAt(path, "past-start", message, { schedules: [key] });
    },
  );
}

/** Warns about warnings of a stop that come before the start of what it stops. */
function overtakenWarnings(plan: readonly PlannedSchedule[]): Warning[] {
  return plan.flatMap(({ name, key, enabled, warning }) => {
    const { overtakenBy: start, request } = warning ?? {};
    if (!enabled || start === undefined) return [];
    const minutes = (count: number) => `${count} ${count === 1 ? "minute" : "minutes"}`;
    const message = `${name}: it is warned of ${minutes(request?.warnMinutes ?? 0)} before, when what ${start.name} starts ${minutes(start.minutesBeforeStop)} before it does not run yet, so that is stopped without a warning`;
    const schedules = [start.name, name];
    return [warningAt(pathTo("schedules", key), "overtaken-warning", message, { schedules })];
  });
}

function unusedTargets({ targets }: Props, plan: readonly PlannedSchedule[]): Warning[] {
  const used = new Set(plan.flatMap(({ targetNames }) => targetNames));
  return Object.keys(targets)
    .filter((name) => !used.has(name))
    .map((name) => {
      const message = `target ${name}: no schedule names it, so nothing starts or stops it`;
      return warningAt(pathTo("targets", name), "unused", message, { targets: [name] });
    });
}

/** Warns about wildcards in the keys and values of tags, which are compared literally. */
function wildcards({ targets }: Props): Warning[] {
  return Object.entries(targets).flatMap(([name, { tags = {}, exclude = {} }]) =>
    Object.entries({ tags, exclude }).flatMap(([setting, values]) =>
      Object.entries(values).flatMap(([key, value]) => {
        const path = pathTo(`${pathTo("targets", name)}.${setting}`, key);
        if (!isUnresolved(key) && /[*?]/.test(key)) {
          const message = `target ${name}: keys are literal, so ${quote(key)} finds only instances with a tag of exactly this key`;
          return [warningAt(path, "wildcard", message, { targets: [name] })];
        }
        const texts = [value].flat().filter((each) => typeof each === "string");
        const literal = texts.find((text) => !isUnresolved(text) && /[*?]/.test(text));
        if (literal === undefined) return [];
        const pattern = literal === "*" ? "{ any: true }" : `{ like: ${quote(literal)} }`;
        const message = `target ${name}: texts are literal, so ${quote(literal)} finds only instances with exactly this value of the tag ${key}: write ${pattern} for a pattern`;
        return [warningAt(path, "wildcard", message, { targets: [name] })];
      }),
    ),
  );
}

/** Names each target of all instances, whatever its name says. */
function allInstances({ maxInstances, region, targets }: Props): Warning[] {
  return Object.entries(targets).flatMap(([name, { all, regions = [region], exclude }]) => {
    if (all === undefined) return [];
    const left = exclude === undefined ? "" : ` but those with ${describeTags(tagLists(exclude) ?? {})}`;
    const where = isUnresolvedList(regions) ? "its regions" : regions.join(", ");
    const message = `target ${name}: all instances of the account in ${where}${left}, as long as a run finds at most ${maxInstances ?? MAX_INSTANCES.default} (maxInstances); none that its manager would replace`;
    const path = `${pathTo("targets", name)}.all`;
    return [{ ...warningAt(path, "all-instances", message, { targets: [name] }), severity: "note" as const }];
  });
}

function unknownRegions({ region, targets }: Props): Warning[] {
  const own = [[region, "region", []] as const];
  const ofTargets = Object.entries(targets).flatMap(([name, { regions = [] }]) =>
    (isUnresolvedList(regions) ? [] : regions).map(
      (code, index) => [code, `${pathTo("targets", name)}.regions[${index}]`, [name]] as const,
    ),
  );
  return [...own, ...ofTargets].flatMap(([code, path, names]) => {
    if (isUnresolved(code) || KNOWN_REGIONS.includes(code)) return [];
    const nearest = nearestName(code, KNOWN_REGIONS);
    const hint = nearest === undefined ? "" : ` (did you mean ${nearest}?)`;
    const message = `${path}: ${quote(code)} is no region known to this version${hint}`;
    return [warningAt(path, "unknown-region", message, { targets: names })];
  });
}

/** Warns about keys in regions in which no instance is started: the volumes of an instance are encrypted in its region. */
function unusedKeys({ kmsKeyArns = [] }: Props, plan: readonly PlannedSchedule[]): Warning[] {
  if (isUnresolvedList(kmsKeyArns) || kmsKeyArns.length === 0) return [];
  const starts = plan.filter(({ action }) => action === "start");
  const started = new Set(starts.flatMap(({ request }) => request.targets.map(({ region }) => region)));
  if ([...started].some(isUnresolved)) return [];
  return kmsKeyArns.flatMap((arn, index) => {
    const region = isUnresolved(arn) ? undefined : regionOfArn(arn);
    if (region === undefined || started.has(region)) return [];
    const path = pathTo("kmsKeyArns", index);
    const message = `${path}: no schedule starts instances in ${region}, so this key is not used`;
    return [warningAt(path, "unused", message)];
  });
}

/** Warns about checks of targets that no schedule starts: checks run only after a start. */
function unusedChecks({ targets }: Props, plan: readonly PlannedSchedule[]): Warning[] {
  const started = new Set(plan.flatMap(({ action, targetNames }) => (action === "start" ? targetNames : [])));
  return Object.entries(targets).flatMap(([name, { checks }]) => {
    if (checks === undefined || started.has(name)) return [];
    const path = `${pathTo("targets", name)}.checks`;
    const message = `target ${name}: no schedule starts it, so its checks are never run`;
    return [warningAt(path, "unused", message, { targets: [name] })];
  });
}

/**
 * Lambda's retries check a pending service again after one and three minutes. With the runs themselves all attempts take
 * up to five minutes, and the event age of a function is half of the least `latestMinutes`.
 */
const MINUTES_FOR_ALL_ATTEMPTS = 10;

function shortRetryWindows(plan: readonly PlannedSchedule[]): Warning[] {
  const starts = plan.filter(({ action }) => action === "start");
  if (!starts.some(({ request }) => request.targets.some(({ checks }) => checks))) return [];
  return starts
    .filter(({ latestMinutes }) => latestMinutes < MINUTES_FOR_ALL_ATTEMPTS)
    .map(({ name, key, latestMinutes }) => {
      const message = `${name}: latestMinutes is ${latestMinutes}, too short for all three attempts of its targets' checks; use at least ${MINUTES_FOR_ALL_ATTEMPTS}`;
      return warningAt(pathTo("schedules", key), "short-retry-window", message, { schedules: [name] });
    });
}

function warningsOfCalendars({ holidays = {}, schedules, timezone }: Props, from: Date): Warning[] {
  const zone = timezone ?? TIMEZONE.default;
  const used = new Set(Object.values(schedules).map((schedule) => schedule.holidays));
  return Object.entries(holidays).flatMap(([name, dates]) => {
    const warning = (kind: Warning["kind"], what: string) =>
      warningAt(pathTo("holidays", name), kind, `calendar ${name}: ${what}`);
    if (!used.has(name)) return [warning("unused", "no schedule names it, so it has no effect")];
    if (dates.length === 0) return [warning("empty", "it has no dates")];
    return calendarWarnings(dates, from, zone).map(({ kind, message }) => warning(kind, message));
  });
}

/** Creates a warning of severity `warning`. */
export function warningAt(
  path: string,
  kind: Warning["kind"],
  message: string,
  { schedules = [], targets = [] }: Partial<Pick<Warning, "schedules" | "targets">> = {},
): Warning {
  return { severity: "warning", kind, path, message, schedules, targets };
}

import { TIMEZONE } from "../contract/limits";
import { calendarWarnings } from "../schedule/calendar";
import { type Conflict, type ConflictTarget, findConflicts } from "../schedule/conflicts";
import { hasServiceChecks, type PlannedSchedule } from "./plan";
import { pathTo } from "./problem";
import type { Ec2StartStopProps } from "./props";

/** Something in valid props that is probably a mistake. */
export interface Warning {
  /**
   * `error`: a contradiction, which is refused. `warning`: probably a mistake, refused only in strict mode. `note`: for
   * information.
   */
  readonly severity: "error" | "warning" | "note";
  /**
   * `ended`, `ends-soon` and `empty` concern a calendar, `short-retry-window` concerns checks, `unused` a calendar or
   * checks, and all others concern schedules.
   */
  readonly kind: Conflict["kind"] | "ended" | "ends-soon" | "empty" | "short-retry-window" | "unused";
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

type Props = Pick<Ec2StartStopProps, "holidays" | "region" | "schedules" | "targets" | "timezone">;

/** Returns the warnings about a plan as of `from`: conflicting schedules, ending calendars and checks. */
export function warningsOf(props: Props, plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const ofChecks = [...unusedChecks(props, plan), ...shortRetryWindows(plan)];
  const found = [...conflictsOf(props, plan, from), ...warningsOfCalendars(props, from), ...ofChecks];
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

function conflictTargets({ targets, region }: Props): ConflictTarget[] {
  return Object.entries(targets).map(([name, { instanceIds = [], tags, regions = [] }]) => ({
    name,
    instanceIds: instanceIds.map((id) => `${regions[0] ?? region} ${id}`),
    byTags: Object.keys(tags ?? {}).length > 0,
  }));
}

/** Checks run only after a start, so those of a target without a start schedule never run. */
function unusedChecks({ targets }: Props, plan: readonly PlannedSchedule[]): Warning[] {
  const started = new Set(plan.flatMap(({ action, targetNames }) => (action === "start" ? targetNames : [])));
  return Object.entries(targets).flatMap(([name, { checks }]) =>
    checks === undefined || started.has(name)
      ? []
      : [
          {
            severity: "warning",
            kind: "unused",
            path: `${pathTo("targets", name)}.checks`,
            message: `target ${name}: no schedule starts it, so its checks are never run`,
            schedules: [],
            targets: [name],
          },
        ],
  );
}

/**
 * Lambda's retries check a pending service again after one and three minutes. With the runs themselves all attempts take
 * up to five minutes, and the event age of a function is half of the least `latestMinutes`.
 */
const MINUTES_FOR_ALL_ATTEMPTS = 10;

function shortRetryWindows(plan: readonly PlannedSchedule[]): Warning[] {
  const starts = plan.filter(({ action }) => action === "start");
  if (!hasServiceChecks({ start: starts.flatMap(({ request }) => request.targets) })) return [];
  return starts
    .filter(({ latestMinutes }) => latestMinutes < MINUTES_FOR_ALL_ATTEMPTS)
    .map(({ name, key, latestMinutes }) => ({
      severity: "warning",
      kind: "short-retry-window",
      path: pathTo("schedules", key),
      message: `${name}: latestMinutes is ${latestMinutes}, too short for all three attempts of its targets' checks; use at least ${MINUTES_FOR_ALL_ATTEMPTS}`,
      schedules: [name],
      targets: [],
    }));
}

function warningsOfCalendars({ holidays = {}, schedules, timezone }: Props, from: Date): Warning[] {
  const zone = timezone ?? TIMEZONE.default;
  const used = new Set(Object.values(schedules).map((schedule) => schedule.holidays));
  return Object.entries(holidays).flatMap(([name, dates]) => {
    const warning = (kind: Warning["kind"], what: string): Warning => ({
      severity: "warning",
      kind,
      path: pathTo("holidays", name),
      message: `calendar ${name}: ${what}`,
      schedules: [],
      targets: [],
    });
    if (!used.has(name)) return [warning("unused", "no schedule names it, so it has no effect")];
    if (dates.length === 0) return [warning("empty", "it has no dates")];
    return calendarWarnings(dates, from, zone).map(({ kind, message }) => warning(kind, message));
  });
}

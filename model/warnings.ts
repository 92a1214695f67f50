import { TIMEZONE } from "../contract/limits";
import { calendarWarnings } from "../schedule/calendar";
import { type Conflict, type ConflictTarget, findConflicts } from "../schedule/conflicts";
import { hasServiceChecks, type PlannedSchedule } from "./plan";
import { pathTo } from "./problem";
import type { Ec2StartStopProps } from "./props";

/** Something about valid props that may not be what was meant. */
export interface Warning {
  /**
   * What it is about. `error`: cannot have been meant, and is refused. `warning`: refused where somebody asked for
   * strictness. `note`: for information.
   */
  readonly severity: "error" | "warning" | "note";
  /**
   * `ended`, `ends-soon` and `empty` are about a calendar, `hasty` about checks, `unused` about one of either, the others
   * about schedules.
   */
  readonly kind: Conflict["kind"] | "ended" | "ends-soon" | "empty" | "hasty" | "unused";
  /** Where, as a config path: `schedules.dev-stop`, `holidays.kr`. Empty where it is about no part in particular. */
  readonly path: string;
  /** One sentence that names what it is about. */
  readonly message: string;
  /** Names of the schedules that it is about. */
  readonly schedules: readonly string[];
  /** Names of the targets that it is about. */
  readonly targets: readonly string[];
  /** The first moment, where there is one. */
  readonly at?: Date;
}

type Props = Pick<Ec2StartStopProps, "holidays" | "region" | "schedules" | "targets" | "timezone">;

/** What is odd about a plan, seen from an instant: calendars that end and schedules in each other's way. */
export function warningsOf(props: Props, plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const ofChecks = [...unusedChecks(props, plan), ...shortRetryWindows(plan)];
  const found = [...conflictsOf(props, plan, from), ...warningsOfCalendars(props, from), ...ofChecks];
  const order = ["error", "warning", "note"];
  return found.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** How the schedules of a plan get in each other's way. */
export function conflictsOf(props: Props, plan: readonly PlannedSchedule[], from: Date): Warning[] {
  const schedules = plan.map((planned) => ({ ...planned, skipDates: planned.request.holidays ?? [] }));
  const keys = new Map(plan.map(({ name, key }) => [name, key]));
  return findConflicts(schedules, conflictTargets(props), from).map((conflict) => {
    // The later ones come into the way of the first.
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

/** Checks are run after a start: of a target that nothing starts, never. */
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
 * A service that is not up yet is looked for again one and three minutes later, by Lambda's retries. With the runs
 * themselves that takes up to five minutes, and a function may hold an event for half of the least `latestMinutes`.
 */
const MINUTES_FOR_ALL_ATTEMPTS = 10;

function shortRetryWindows(plan: readonly PlannedSchedule[]): Warning[] {
  const starts = plan.filter(({ action }) => action === "start");
  if (!hasServiceChecks({ start: starts.flatMap(({ request }) => request.targets) })) return [];
  return starts
    .filter(({ latestMinutes }) => latestMinutes < MINUTES_FOR_ALL_ATTEMPTS)
    .map(({ name, key, latestMinutes }) => ({
      severity: "warning",
      kind: "hasty",
      path: pathTo("schedules", key),
      message: `${name}: its latestMinutes, ${latestMinutes}, leave checks no time for a third look at services that are slow to come up: ${MINUTES_FOR_ALL_ATTEMPTS} do`,
      schedules: [name],
      targets: [],
    }));
}

function warningsOfCalendars({ holidays = {}, schedules, timezone }: Props, from: Date): Warning[] {
  const zone = timezone ?? TIMEZONE.default;
  const used = new Set(Object.values(schedules).map((schedule) => schedule.holidays));
  return Object.entries(holidays).flatMap(([name, dates]) => {
    const about = (kind: Warning["kind"], what: string): Warning => ({
      severity: "warning",
      kind,
      path: pathTo("holidays", name),
      message: `calendar ${name}: ${what}`,
      schedules: [],
      targets: [],
    });
    if (!used.has(name)) return [about("unused", "no schedule names it, so it has no effect")];
    if (dates.length === 0) return [about("empty", "it has no dates")];
    return calendarWarnings(dates, from, zone).map(({ kind, message }) => about(kind, message));
  });
}

import { ACTIONS } from "../../contract/actions";
import { readInstant } from "../../contract/date-time";
import { FIRING_PERIOD_MS, FIRING_STATES } from "../../contract/metrics";
import type { ScheduleTimes } from "../../contract/request";
import { MINUTE_MS } from "../../contract/units";
import { WATCH_PERIOD_MS, WATCH_WINDOWS, type WatchRequest } from "../../contract/watch";
import type { Schedule } from "../../schedule/schedule";
import { SCHEDULE_TIMES } from "../deployed-targets";
import { checkFields, dateTime, type FieldCheck, listOf, text } from "../fields";
import type { FiringLog, LoggedFiring } from "../firings";
import { parseSchedule } from "../parse-schedule";
import { RequestError } from "../request";
import type { Settings } from "../settings";

/** What a firing of the watch has logged. */
export interface WatchReport {
  readonly watch: string;
  readonly scheduledTime: string;
  /** Numbers of coming firings, and of those that should have been: at most one per schedule and five minutes. */
  readonly announced: number;
  readonly due: number;
}

/** The tolerated difference between the clocks of the trigger and the function. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

/**
 * Logs which firings of the schedules come and which should have been. It logs its own too, so that the alarm on the watch
 * is like all others. Firings on holidays count, since they run and report that they did nothing.
 * @throws {RequestError} with everything that is wrong with the event
 */
export function runWatch(event: unknown, settings: Settings, now: number, log: FiringLog): WatchReport {
  const { watch, scheduledTime, functionNames, schedules } = readWatch(event);
  const { action, functionName } = settings;
  const at = readInstant(scheduledTime) ?? now;
  if (at - now > CLOCK_SKEW_MS)
    throw new RequestError([`Expected \`scheduledTime\` to have come, got ${scheduledTime}`]);
  const parsed = schedules.map((schedule, index) => parse(schedule, index));
  const own = { schedule: watch, action, functionName };
  log.write({ ...own, at }, { FiringState: FIRING_STATES.begun });
  log.write({ ...own, at: at + WATCH_PERIOD_MS }, { FiringAnnounced: 1, FiringState: FIRING_STATES.due });
  const write = (
    { from, until }: { readonly from: number; readonly until: number },
    values: Parameters<FiringLog["write"]>[1],
  ) => {
    const firings = parsed.flatMap(({ of, schedule }) =>
      firingsIn(schedule, at + from, at + until).map(
        (firing): LoggedFiring => ({
          schedule: of.name,
          action: of.action,
          functionName: functionNames[of.action] ?? "",
          at: firing,
        }),
      ),
    );
    for (const firing of firings) log.write(firing, values);
    return firings.length;
  };
  // A late watch announces nothing that is past: another deployment may have been in force then.
  const announced = { ...WATCH_WINDOWS.announced, from: Math.max(WATCH_WINDOWS.announced.from, now - at) };
  return {
    watch,
    scheduledTime,
    announced: write(announced, { FiringAnnounced: 1 }),
    due: write(WATCH_WINDOWS.due, { FiringState: FIRING_STATES.due }),
  };
}

/** Returns when a schedule fires in a period, one time for each period of the alarm. */
function firingsIn(schedule: Schedule, from: number, until: number): number[] {
  const times = schedule.next({ from: new Date(from), until: new Date(until) });
  const periods = times.map((time) => Math.floor(+time / FIRING_PERIOD_MS) * FIRING_PERIOD_MS);
  return [...new Set(periods)];
}

function parse(of: ScheduleTimes, index: number): { of: ScheduleTimes; schedule: Schedule } {
  try {
    return { of, schedule: parseSchedule(of) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RequestError([`\`schedules[${index}]\`: ${reason}`]);
  }
}

function readWatch(event: unknown): WatchRequest {
  const problems: string[] = [];
  checkFields(event, "", problems, ["watch", "scheduledTime", "functionNames", "schedules"], {
    watch: text,
    scheduledTime: dateTime,
    functionNames,
    schedules: listOf(watchedSchedule, 0),
  } satisfies Record<keyof WatchRequest, FieldCheck>);
  if (problems.length > 0) throw new RequestError(problems);
  return event as WatchRequest;
}

const functionNames: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, [], Object.fromEntries(ACTIONS.map((each) => [each, text])));
};

const watchedSchedule: FieldCheck = (value, path, problems) => {
  checkFields(value, path, problems, ["name", "action", "expression"], SCHEDULE_TIMES);
};

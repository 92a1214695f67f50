import { ScheduleError } from "./error";
import type { Action } from "./request";

/** A weekly window in which the targets run: it belongs to the days on which it starts. */
export class WorkingWindow {
  /** Days on which the window starts, 1 (Sunday) to 7 (Saturday), ascending. */
  readonly days: readonly number[];

  private constructor(days: readonly number[]) {
    this.days = days;
  }
}

export interface WindowSchedule {
  readonly action: Action;
  /** What follows `<config key>-` in the schedule's full name. */
  readonly suffix: string;
  /** `cron(...)`, in the schedule's zone. */
  readonly expression: string;
  /** Days from the window's start day to this firing's date: 1 for the stop of an overnight window, else 0. */
  readonly dayOffset: number;
}

export interface WindowSchedules {
  /** The windows as merged, in the order of the week. */
  readonly windows: readonly WorkingWindow[];
  readonly schedules: readonly WindowSchedule[];
}

export function runningWindows(_running: string | readonly string[]): WindowSchedules {
  throw new ScheduleError({ field: "running", expected: "a build with windows", got: "none" });
}

export { ScheduleError } from "./error";
export type { Action, RequestTarget, StartStopRequest } from "./request";
export type {
  ClockChangeEffect,
  CronFields,
  Firing,
  FiringOptions,
  RateUnit,
  ScheduleKind,
  ScheduleOptions,
  UtcConversion,
} from "./schedule";
export { Schedule } from "./schedule";
export { parseTimezone } from "./timezone";
export type { WindowSchedule, WindowSchedules } from "./windows";
export { runningWindows, WorkingWindow } from "./windows";

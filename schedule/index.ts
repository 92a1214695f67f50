export type { Action } from "../contract/actions";
export type { RequestTarget, StartStopRequest } from "../contract/request";
export type { CalendarParts, CalendarWarning } from "./calendar";
export { calendarDates, calendarWarnings, isHoliday } from "./calendar";
export type { CountryCalendar } from "./calendar-country";
export { countryHolidays } from "./calendar-country";
export type { IcsOptions } from "./calendar-ics";
export { icsHolidays } from "./calendar-ics";
export type { Conflict, ConflictKind, ConflictSchedule, ConflictTarget } from "./conflicts";
export { findConflicts } from "./conflicts";
export type { CronFields } from "./cron";
export type { ScheduleErrorDetails } from "./error";
export { ScheduleError } from "./error";
export type { RateUnit } from "./rate";
export type { WindowSchedule, WindowSchedules } from "./running-windows";
export { runningWindows } from "./running-windows";
export type { ClockChangeEffect, Firing, FiringOptions, ScheduleKind, ScheduleOptions } from "./schedule";
export { Schedule } from "./schedule";
export type {
  ClockChange,
  RunningTime,
  TargetSpan,
  TargetState,
  TargetTimeline,
  Timeline,
  TimelineFiring,
  TimelinePeriod,
  TimelineSchedule,
} from "./timeline";
export { buildTimeline, nextFirings } from "./timeline";
export { parseTimezone, timezoneNames } from "./timezone";
export type { UtcConversion } from "./utc-conversion";
export type { Weekday } from "./window";
export { WorkingWindow } from "./window";

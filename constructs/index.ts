export type { Action } from "../contract/actions";
export type { RequestTarget, ServiceChecks, StartStopRequest } from "../contract/request";
export type { TagPattern, TagValue } from "../contract/tags";
export type {
  AdoptedFunctionProps,
  AdoptedRoleProps,
  AdoptedRuleProps,
  AdoptedScheduleProps,
  AdoptProps,
} from "../model/adoption";
export { type PlannedSchedule, type PlannedWarning, planSchedules } from "../model/plan";
export { formatProblem, InvalidPropsError, type Problem } from "../model/problem";
export type {
  ActionScheduleProps,
  AlertProps,
  Ec2StartStopProps,
  FunctionSettings,
  RunningScheduleProps,
  ScheduleProps,
  TargetProps,
  VpcSettings,
} from "../model/props";
export { findProblems, findWarnings } from "../model/validate";
export type { Warning } from "../model/warnings";
export { Ec2StartStop, type Ec2StartStopConstructProps } from "./ec2-start-stop";

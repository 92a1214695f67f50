export type { Action, RequestTarget, ServiceChecks, StartStopRequest } from "../schedule/request";
export type {
  AdoptedFunctionProps,
  AdoptedRoleProps,
  AdoptedRuleProps,
  AdoptedScheduleProps,
  AdoptProps,
} from "./adoption";
export { Ec2StartStop } from "./ec2-start-stop";
export { defaultRequest, type PlannedSchedule, planSchedules } from "./plan";
export { formatProblem, InvalidPropsError, type Problem } from "./problem";
export type {
  ActionScheduleProps,
  AlertProps,
  Ec2StartStopProps,
  FunctionSettings,
  RunningScheduleProps,
  ScheduleProps,
  TargetProps,
} from "./props";
export { findProblems, findWarnings } from "./validation";
export type { Warning } from "./warnings";

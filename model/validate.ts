import { isRecord } from "../contract/collections";
import { checkAdoption } from "./checks/adoption";
import { checkCalendars } from "./checks/calendars";
import type { ReportProblem } from "./checks/field";
import { checkComparable, checkLatestMinutes, checkNames, checkSizes } from "./checks/limits";
import { checkSchedules } from "./checks/schedules";
import { checkSettings } from "./checks/settings";
import { checkTargets } from "./checks/targets";
import { OverlapIndex } from "./overlaps";
import { completeSchedules, type PlannedSchedule } from "./plan";
import { exclude, InvalidPropsError, type Problem } from "./problem";
import type { Ec2StartStopProps } from "./props";
import { type PartialProps, propsSchema } from "./schema";
import { parseShape } from "./shape";
import { conflictsOf, type Warning, warningsOf } from "./warnings";

/**
 * Returns every problem of the props; an empty list if they are valid. Never throws: a missing value or one of a
 * wrong type is a problem too. Terraform tokens are not checked, because their values are unknown at synth. Size limits,
 * and schedules that contradict each other, are checked only once targets, calendars and the region are valid.
 *
 * @param now start of the period in which schedules may not start and stop the same instances in the same minute;
 *   default the present
 */
export function findProblems(props: Ec2StartStopProps, now?: Date): Problem[] {
  return [...validate(props, now).problems];
}

/**
 * Finds probable mistakes in valid props: conflicting schedules, calendars that end, and checks that never run.
 * @param now start of the period in which they are looked for; default the present
 * @example
 * import { findWarnings } from "ec2-start-stop";
 *
 * const warnings = findWarnings({
 *   region: "ap-northeast-2",
 *   targets: { dev: { tags: { Environment: "dev" } } },
 *   schedules: { nightly: { action: "stop", expression: "cron(0 11 ? * MON-FRI *)", targets: "dev" } },
 * });
 * warnings.map(({ severity, kind }) => `${severity}: ${kind}`); // ["note: never-started"]
 */
export function findWarnings(props: Ec2StartStopProps, now?: Date): Warning[] {
  const { props: valid, plan = [], now: validatedFrom, warnings } = validate(props, now);
  return now === undefined || +now === +validatedFrom ? [...warnings] : warningsOf(valid, plan, now);
}

/**
 * Returns the plan of valid props, with its warnings.
 * @throws InvalidPropsError with all problems
 */
export function validPlan(props: Ec2StartStopProps): ValidPlan {
  const { problems, props: valid, plan, warnings } = validate(props);
  if (problems.length > 0 || plan === undefined) throw new InvalidPropsError(problems);
  return { props: valid, plan, warnings };
}

interface ValidPlan {
  /** Without members that are undefined. */
  readonly props: Ec2StartStopProps;
  readonly plan: readonly PlannedSchedule[];
  readonly warnings: readonly Warning[];
}

interface Validation {
  readonly problems: Problem[];
  /** The valid part of the props. */
  readonly props: Ec2StartStopProps;
  readonly plan?: PlannedSchedule[];
  readonly warnings: readonly Warning[];
  readonly now: Date;
}

// A config is validated when it is read and again by the construct. Frozen props cannot change in between, so their
// result is kept: a thousand schedules take a tenth of a second.
const validations = new WeakMap<Ec2StartStopProps, Validation>();

function validate(props: Ec2StartStopProps, now = new Date()): Validation {
  const known = validations.get(props);
  if (known) return known;
  const validation = validateAll(props, now);
  if (isRecord(props) && Object.isFrozen(props)) validations.set(props, validation);
  return validation;
}

function validateAll(props: Ec2StartStopProps, now: Date): Validation {
  const { problems: shapeProblems, valid } = parseShape(propsSchema, props, { tokens: true });
  const valueProblems: Problem[] = [];
  const report: ReportProblem = (path, expected, got) => valueProblems.push({ path, expected, got });
  const problems = () => [
    ...shapeProblems,
    ...exclude(
      shapeProblems.map(({ path }) => path),
      valueProblems,
    ),
  ];
  checkSettings(report, valid);
  checkTargets(report, valid);
  checkCalendars(report, valid.holidays);
  const schedules = checkSchedules(report, valid);
  checkAdoption(report, valid, schedules);

  const validProps = completeProps(valid);
  checkNames(report, validProps, schedules);
  const overlaps = new OverlapIndex(validProps, schedules);
  if (!checkComparable(report, schedules, overlaps))
    return { problems: problems(), props: validProps, warnings: [], now };
  checkLatestMinutes(report, schedules, overlaps);
  if (problems().some(({ path }) => NEEDED_FOR_A_PLAN.test(path)))
    return { problems: problems(), props: validProps, warnings: [], now };
  const plan = completeSchedules(validProps, schedules, overlaps);
  checkSizes(report, validProps, plan);
  const warnings = (problems().length === 0 ? warningsOf : conflictsOf)(validProps, plan, now);
  for (const { severity, path, message } of warnings) {
    if (severity === "error") report(path, "start and stop at different times", message);
  }
  return { problems: problems(), props: validProps, plan, warnings, now };
}

const NEEDED_FOR_A_PLAN = /^(?:targets|holidays|region|kmsKeyArns)\b/;

/** Fills in required props that are missing: those are problems already, so no plan is returned for them. */
function completeProps(valid: PartialProps): Ec2StartStopProps {
  return {
    region: "",
    targets: {},
    schedules: {},
    ...(withoutUndefined(valid) as Partial<Ec2StartStopProps>),
  };
}

/** Removes items and members that are undefined, at any depth. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(withoutUndefined);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutUndefined(member)]));
}

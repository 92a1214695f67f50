import { isRecord } from "../contract/collections";
import { checkAdoption } from "./checks/adoption";
import { checkCalendars } from "./checks/calendars";
import type { ReportProblem } from "./checks/field";
import { checkLateness, checkNames, checkSizes } from "./checks/limits";
import { checkSchedules } from "./checks/schedules";
import { checkSettings } from "./checks/settings";
import { checkTargets } from "./checks/targets";
import { OverlapIndex } from "./overlaps";
import { completeSchedules, type PlannedSchedule } from "./plan";
import { exclude, InvalidPropsError, type Problem } from "./problem";
import type { Ec2StartStopProps } from "./props";
import { propsSchema, type SoundProps } from "./schema";
import { parseShape } from "./shape";
import { conflictsOf, type Warning, warningsOf } from "./warnings";

/**
 * Everything that is wrong with the props, found in one go; empty when they hold. Never throws: what is missing or
 * of the wrong type is reported or left to the check of shapes before it. Values that only Terraform will know are
 * not checked. Sizes, and whether schedules meet, are checked once targets, calendars and the region hold.
 *
 * @param now schedules may not start and stop the same instances in the same minute from here on; default the present
 */
export function findProblems(props: Ec2StartStopProps, now?: Date): Problem[] {
  return [...examine(props, now).problems];
}

/**
 * What is odd about props that hold: schedules that get in each other's way, and calendars that end.
 * @param now seen from here; default the present
 */
export function findWarnings(props: Ec2StartStopProps, now?: Date): Warning[] {
  const { props: sound, plan = [], now: examinedFrom, warnings } = examine(props, now);
  return now === undefined || +now === +examinedFrom ? [...warnings] : warningsOf(sound, plan, now);
}

/**
 * The plan of props that hold, with what is odd about it.
 * @throws InvalidPropsError with all problems, if there is any
 */
export function validPlan(props: Ec2StartStopProps): ValidPlan {
  const { problems, props: sound, plan, warnings } = examine(props);
  if (problems.length > 0 || plan === undefined) throw new InvalidPropsError(problems);
  return { props: sound, plan, warnings };
}

interface ValidPlan {
  /** Without members that are undefined. */
  readonly props: Ec2StartStopProps;
  readonly plan: readonly PlannedSchedule[];
  readonly warnings: readonly Warning[];
}

interface Examined {
  readonly problems: Problem[];
  /** What is sound of them. */
  readonly props: Ec2StartStopProps;
  readonly plan?: PlannedSchedule[];
  readonly warnings: readonly Warning[];
  readonly now: Date;
}

// A config is checked when it is read and again by the construct. Where it is frozen, which says that it will not
// change, once is enough; a thousand schedules take a tenth of a second.
const frozenProps = new WeakMap<Ec2StartStopProps, Examined>();

function examine(props: Ec2StartStopProps, now = new Date()): Examined {
  const known = frozenProps.get(props);
  if (known) return known;
  const examined = examineAll(props, now);
  if (isRecord(props) && Object.isFrozen(props)) frozenProps.set(props, examined);
  return examined;
}

function examineAll(props: Ec2StartStopProps, now: Date): Examined {
  const { problems: misfits, sound } = parseShape(propsSchema, props, { tokens: true });
  const found: Problem[] = [];
  const report: ReportProblem = (path, expected, got) => found.push({ path, expected, got });
  const problems = () => [
    ...misfits,
    ...exclude(
      misfits.map(({ path }) => path),
      found,
    ),
  ];
  checkSettings(report, sound);
  checkTargets(report, sound.targets);
  checkCalendars(report, sound.holidays);
  const schedules = checkSchedules(report, sound);
  checkAdoption(report, sound, schedules);

  const planned = withoutGaps(sound);
  checkNames(report, planned, schedules);
  const opposites = new OverlapIndex(planned, schedules);
  checkLateness(report, schedules, opposites);
  if (problems().some(({ path }) => SIZED_PARTS.test(path)))
    return { problems: problems(), props: planned, warnings: [], now };
  const plan = completeSchedules(planned, schedules, opposites);
  checkSizes(report, planned, plan);
  const warnings = (problems().length === 0 ? warningsOf : conflictsOf)(planned, plan, now);
  for (const { severity, path, message } of warnings) {
    if (severity === "error") report(path, "start and stop at different times", message);
  }
  return { problems: problems(), props: planned, plan, warnings, now };
}

const SIZED_PARTS = /^(?:targets|holidays|region|kmsKeyArns)\b/;

/** What is sound of the props, as props. What is missing is a problem; then no plan is made of them. */
function withoutGaps(sound: SoundProps): Ec2StartStopProps {
  return { region: "", targets: {}, schedules: {}, ...(dense(sound) as Partial<Ec2StartStopProps>) };
}

/** Without items and members that are undefined. */
function dense(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(dense);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, dense(member)]));
}

import { isRecord } from "../contract/collections";
import type { AdoptProps } from "./adoption";
import { checkAdoption } from "./checks/adoption";
import { checkCalendars } from "./checks/calendars";
import { entriesOf, type Report } from "./checks/field";
import { checkLateness, checkNames, checkSizes } from "./checks/limits";
import { checkSchedules } from "./checks/schedules";
import { checkSettings } from "./checks/settings";
import { checkTargets } from "./checks/targets";
import { OverlapIndex } from "./overlaps";
import { completeSchedules, type PlannedSchedule } from "./plan";
import { InvalidPropsError, type Problem } from "./problem";
import type { Ec2StartStopProps, TargetProps } from "./props";
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
  const { plan = [], now: examinedFrom, warnings } = examine(props, now);
  return now === undefined || +now === +examinedFrom ? [...warnings] : warningsOf(props, plan, now);
}

/**
 * The plan of props that hold, with what is odd about it.
 * @throws InvalidPropsError with all problems, if there is any
 */
export function validPlan(props: Ec2StartStopProps): ValidPlan {
  const { problems, plan, warnings } = examine(props);
  if (problems.length > 0 || plan === undefined) throw new InvalidPropsError(problems);
  return { plan, warnings };
}

export interface ValidPlan {
  readonly plan: readonly PlannedSchedule[];
  readonly warnings: readonly Warning[];
}

interface Examined {
  readonly problems: Problem[];
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
  if (Object.isFrozen(props)) frozenProps.set(props, examined);
  return examined;
}

function examineAll(props: Ec2StartStopProps, now: Date): Examined {
  const problems: Problem[] = [];
  const report: Report = (path, expected, got) => problems.push({ path, expected, got });
  const settings = props as object as Readonly<Record<string, unknown>>;
  checkSettings(report, settings);
  checkTargets(report, props.targets);
  checkCalendars(report, props.holidays);
  const schedules = checkSchedules(report, settings);
  checkAdoption(report, settings, schedules);

  const sound = withSoundShape(props);
  checkNames(report, sound, schedules);
  const opposites = new OverlapIndex(sound, schedules);
  checkLateness(report, schedules, opposites);
  if (problems.some(({ path }) => SIZED_PARTS.test(path))) return { problems, warnings: [], now };
  const plan = completeSchedules(sound, schedules, opposites);
  checkSizes(report, sound, plan);
  const warnings = (problems.length === 0 ? warningsOf : conflictsOf)(sound, plan, now);
  for (const { severity, path, message } of warnings) {
    if (severity === "error") report(path, "start and stop at different times", message);
  }
  return { problems, plan, warnings, now };
}

const SIZED_PARTS = /^(?:targets|holidays|region|kmsKeyArns)\b|\.latestMinutes$/;

/** The props with only those parts that later checks can read, whatever a caller without types passed. */
function withSoundShape(props: Ec2StartStopProps): Ec2StartStopProps {
  const targets = entriesOf(props.targets).filter(([, target]) => isReadableTarget(target));
  const { functions, name, kmsKeyArns, holidays, allowedAccountIds, adopt, holdTag, maxInstances, ...rest } =
    props;
  return {
    ...rest,
    region: typeof props.region === "string" ? props.region : "",
    targets: Object.fromEntries(targets) as Readonly<Record<string, TargetProps>>,
    ...(typeof name === "string" ? { name } : {}),
    ...(isRecord(functions) ? { functions } : {}),
    ...(isTexts(kmsKeyArns) ? { kmsKeyArns } : {}),
    ...(isTexts(allowedAccountIds) ? { allowedAccountIds } : {}),
    ...(typeof holdTag === "string" ? { holdTag } : {}),
    ...(typeof maxInstances === "number" ? { maxInstances } : {}),
    ...(isRecord(adopt) ? { adopt: withReadableSchedules(adopt) } : {}),
    ...(isRecord(holidays) && Object.values(holidays).every(isTexts) ? { holidays } : {}),
  };
}

function withReadableSchedules({ schedules, ...rest }: AdoptProps): AdoptProps {
  const readable = isRecord(schedules) && Object.values(schedules).every(isRecord);
  return readable ? { ...rest, schedules } : rest;
}

function isReadableTarget(target: unknown): boolean {
  if (!isRecord(target)) return false;
  const { instanceIds, tags, exclude, regions, checks } = target;
  if (checks !== undefined && !isReadableChecks(checks)) return false;
  const readableLists = [instanceIds, regions].every((list) => list === undefined || isTexts(list));
  return readableLists && [tags, exclude].every((filter) => filter === undefined || isReadableFilter(filter));
}

function isReadableChecks(checks: unknown): boolean {
  if (!isRecord(checks)) return false;
  const { systemd, tcp, command } = checks;
  const areLists = [systemd, tcp].every((list) => list === undefined || Array.isArray(list));
  return areLists && (command === undefined || typeof command === "string");
}

function isReadableFilter(filter: unknown): boolean {
  return (
    isRecord(filter) && Object.values(filter).every((value) => typeof value === "string" || isTexts(value))
  );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

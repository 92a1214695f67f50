import { ACTIONS } from "../../contract/actions";
import {
  LATEST_MINUTES,
  MAX_ENVIRONMENT_BYTES,
  MAX_NAME_LENGTH,
  MAX_ROLE_POLICY_LENGTH,
  MAX_RULE_INPUT_LENGTH,
  MAX_RULES,
  MAX_SCHEDULER_INPUT_BYTES,
} from "../../contract/limits";
import type { DeployedTarget } from "../../contract/request";
import { WATCH_NAME } from "../../contract/watch";
import { sampleArns } from "../arns";
import { blueprint, type FunctionSpec, type RoleSpec, type TargetSpec } from "../blueprint";
import { DEFAULT_SCHEDULE_GROUP, namesOf, ruleKeys } from "../names";
import type { OverlapIndex } from "../overlaps";
import type { ParsedSchedule } from "../parsed-schedule";
import { type PlannedSchedule, planOf } from "../plan";
import { pathTo, show } from "../problem";
import type { Ec2StartStopProps } from "../props";
import { isUnresolved, PLAIN_TEXT } from "../terraform-text";
import { watchedSchedules } from "../watch";
import type { ReportProblem } from "./field";

const BY_TAGS = "name the instances by `tags` instead";
const FEWER_TARGETS = "let more instances share a tag, or divide the config";
const IN_SCRIPTS = "put long commands into scripts on the instances";

/** Checks the names that are derived from `name` and from schedules: their length, and that none occurs twice. */
export function checkNames(
  report: ReportProblem,
  props: Ec2StartStopProps,
  schedules: readonly ParsedSchedule[],
): void {
  const names = namesOf(props);
  const checkLength = (path: string, name: string, what: string, shorten: string) => {
    if (isUnresolved(name) || name.length <= MAX_NAME_LENGTH) return;
    report(
      path,
      `${shorten}, so that ${what} has at most ${MAX_NAME_LENGTH} characters`,
      `${show(name)} of ${name.length}`,
    );
  };
  for (const action of ACTIONS) {
    if (!schedules.some((parsed) => parsed.action === action)) continue;
    const key = `${action}Name` as const;
    const path = props.functions?.[key] === undefined ? "name" : `functions.${key}`;
    checkLength(path, names.functions[action], `the ${action} function's name`, "a shorter name");
  }
  if (names.functions.stop === names.functions.start) {
    report("functions.startName", "a name other than the stop function's", show(names.functions.start));
  }
  checkLength("name", names.functionRole, "the role's name", "a shorter name");
  if (props.trigger === "scheduler" || props.followUps)
    checkLength("name", names.schedulerRole, "the role's name", "a shorter name");
  if (props.followUps)
    checkLength("name", names.followUpGroup, "the name of the follow-ups' schedule group", "a shorter name");
  if (props.trigger === "scheduler") {
    if (names.scheduleGroup === DEFAULT_SCHEDULE_GROUP) {
      report(
        "name",
        `a name other than \`${DEFAULT_SCHEDULE_GROUP}\`, which is AWS's own schedule group`,
        show(names.scheduleGroup),
      );
    }
  }
  checkScheduleNames(report, props, names.scope, schedules);
}

function checkScheduleNames(
  report: ReportProblem,
  props: Ec2StartStopProps,
  scope: string,
  schedules: readonly ParsedSchedule[],
): void {
  const taken = new Map<string, string>();
  const planned = schedules.map(({ schedule, props: { enabled = true } }) => ({ schedule, enabled }));
  const hasWatch = watchedSchedules(props, planned).length > 0;
  let rules = hasWatch ? 1 : 0;
  for (const { key, name, utc, warning } of schedules) {
    const path = pathTo("schedules", key);
    const expressions = utc?.expressions ?? [""];
    const warnings = warning?.utc?.expressions ?? warning?.times.expressions ?? [];
    rules += expressions.length + warnings.length;
    const all = [
      ...ruleKeys(name, expressions).map(
        (derived, index) =>
          [derived, index > 0 ? ", one of the UTC rules it needs" : ", one of its windows"] as const,
      ),
      ...(warning ? ruleKeys(warning.name, warnings) : []).map(
        (derived) => [derived, ", its warning"] as const,
      ),
    ];
    for (const [derived, derivation] of all) {
      const full = props.trigger === "scheduler" ? derived : `${scope}${derived}`;
      if (!isUnresolved(full) && full.length > MAX_NAME_LENGTH) {
        const what = props.trigger === "scheduler" ? "schedule" : "rule";
        const expected = `a shorter name, so that its ${what}'s has at most ${MAX_NAME_LENGTH} characters`;
        report(path, expected, `${show(full)} of ${full.length}`);
      }
      if (hasWatch && derived === WATCH_NAME) {
        const expected = `a name other than \`${WATCH_NAME}\`, which the watch for missed firings has; or \`missedFirings: false\``;
        report(path, expected, show(derived));
      }
      const other = taken.get(derived);
      if (other !== undefined) {
        const cause = derived === key ? "" : derivation;
        report(path, `names that differ from those of \`${other}\``, `${show(derived)}${cause}`);
      }
      taken.set(derived, pathTo("schedules", key));
    }
  }
  if (props.trigger !== "scheduler" && rules > MAX_RULES) {
    const expected = `at most ${MAX_RULES} rules, AWS's limit for a bus; or \`trigger: scheduler\``;
    report("schedules", expected, `${rules} rules`);
  }
}

/** Takes a few seconds. */
const MAX_COMPARED_FIRINGS = 100_000;

/** Checks that the times of the schedules can be compared in bounded time. Returns whether they can. */
export function checkComparable(
  report: ReportProblem,
  schedules: readonly ParsedSchedule[],
  overlaps: OverlapIndex,
): boolean {
  const horizonMinutes = LATEST_MINUTES.default;
  const count = overlaps.comparedFirings(schedules, horizonMinutes, MAX_COMPARED_FIRINGS);
  if (count <= MAX_COMPARED_FIRINGS) return true;
  const expected = `fewer starts and stops of the same instances that may be less than ${horizonMinutes} minutes apart in some months or years; use days of the week, or divide the config`;
  report("schedules", expected, `more than ${formatNumber(MAX_COMPARED_FIRINGS)} firings to compare`);
  return false;
}

/** Checks `latestMinutes`: a late run may not act after the opposite action that follows on the same targets. */
export function checkLatestMinutes(
  report: ReportProblem,
  schedules: readonly ParsedSchedule[],
  overlaps: OverlapIndex,
): void {
  for (const parsed of schedules) {
    const { latestMinutes, enabled } = parsed.props;
    if (enabled === false) continue;
    const next = overlaps.soonestAfter(parsed, latestMinutes ?? LATEST_MINUTES.min);
    if (next === undefined) continue;
    const path = pathTo("schedules", parsed.key);
    const opposite = `\`${next.schedule.name}\` does the opposite to some of its targets`;
    if (latestMinutes === undefined) {
      const expected = `more than ${LATEST_MINUTES.min} minutes before ${opposite}, as AWS may wait that long`;
      report(path, expected, `${next.minutes}`);
    } else {
      const expected = `fewer than ${next.minutes} minutes, since ${opposite} ${next.minutes} minutes later`;
      report(`${path}.latestMinutes`, expected, String(latestMinutes));
    }
  }
}

/** Checks AWS's size limits of policies, function environments and trigger inputs. */
export function checkSizes(
  report: ReportProblem,
  props: Ec2StartStopProps,
  schedules: readonly PlannedSchedule[],
): void {
  const { functionRole, functions, rules, scheduler } = blueprint(
    planOf(props, schedules),
    sampleArns(props.region),
  );
  checkRolePolicy(report, functionRole);
  for (const each of functions) checkEnvironment(report, each);
  checkInputs(report, rules, (input) => input.length, MAX_RULE_INPUT_LENGTH, "characters");
  checkInputs(report, scheduler?.schedules ?? [], Buffer.byteLength, MAX_SCHEDULER_INPUT_BYTES, "bytes");
}

function checkRolePolicy(report: ReportProblem, { policy, given }: RoleSpec): void {
  // A role of your own may have the policy in several parts.
  if (given) return;
  const size = PLAIN_TEXT.json(policy).length;
  if (size <= MAX_ROLE_POLICY_LENGTH) return;
  const tagged = policy.Statement.filter(({ Sid }) => Sid.includes("TaggedInstances"));
  const isMostlyTags = PLAIN_TEXT.json(tagged).length > size / 2;
  const what = isMostlyTags ? "tags that fit" : "instances whose exact ARNs fit";
  const expected = `${what} in a role's ${formatNumber(MAX_ROLE_POLICY_LENGTH)} characters of policy${isMostlyTags ? "" : " (about 140)"}`;
  report(
    "targets",
    `${expected}; ${isMostlyTags ? FEWER_TARGETS : BY_TAGS}`,
    `${formatNumber(size)} characters`,
  );
}

function checkEnvironment(report: ReportProblem, { action, variables }: FunctionSpec): void {
  const sizeOf = (some: FunctionSpec["variables"]) =>
    Object.entries(some).reduce((sum, pair) => sum + Buffer.byteLength(pair.join("")), 0);
  const size = sizeOf(variables);
  if (size <= MAX_ENVIRONMENT_BYTES) return;
  const { FOLLOW_UPS, SCHEDULES, ...others } = variables;
  if (FOLLOW_UPS !== undefined && SCHEDULES !== undefined && sizeOf(others) <= MAX_ENVIRONMENT_BYTES) {
    const added = { FOLLOW_UPS, SCHEDULES };
    report(
      "followUps",
      `all schedules, with their targets and calendars, to fit beside the targets in the ${action} function's ${formatNumber(MAX_ENVIRONMENT_BYTES)} bytes of environment; ${BY_TAGS}, shorten \`holidays\`, divide the config, or do without follow-ups`,
      `${formatNumber(size)} bytes, ${formatNumber(sizeOf(added))} of them in ${Object.keys(added).join(" and ")}`,
    );
    return;
  }
  const expected = `all targets of the ${action} schedules to fit in its function's ${formatNumber(MAX_ENVIRONMENT_BYTES)} bytes`;
  const advice = size - commandBytes(variables) > MAX_ENVIRONMENT_BYTES ? adviceFor(variables) : IN_SCRIPTS;
  report("targets", `${expected} of environment (about 180 ids); ${advice}`, `${formatNumber(size)} bytes`);
}

/** Targets that are named by tags already take room by their number. */
function adviceFor({ TARGETS = "[]" }: FunctionSpec["variables"]): string {
  const targets: readonly DeployedTarget[] = JSON.parse(TARGETS);
  return targets.some(({ instanceIds }) => instanceIds !== undefined) ? BY_TAGS : FEWER_TARGETS;
}

function commandBytes({ TARGETS = "[]" }: FunctionSpec["variables"]): number {
  const targets: readonly DeployedTarget[] = JSON.parse(TARGETS);
  return targets.reduce((sum, { checks }) => sum + Buffer.byteLength(checks?.command ?? ""), 0);
}

/** Several rules or EventBridge schedules may come from one entry of `schedules`, which is reported once. */
function checkInputs(
  report: ReportProblem,
  targets: readonly TargetSpec[],
  sizeOf: (input: string) => number,
  limit: number,
  unit: string,
): void {
  const reported = new Set<string>();
  for (const { scheduleKey, input } of targets) {
    const size = sizeOf(input);
    if (size <= limit) continue;
    if (scheduleKey === undefined) {
      const expected = `names and expressions of all enabled schedules to fit in the watch's ${formatNumber(limit)} ${unit} (about 70 schedules); divide the config, or write \`missedFirings: false\``;
      report("alerts.missedFirings", expected, `${formatNumber(size)} ${unit}`);
      continue;
    }
    if (reported.has(scheduleKey)) continue;
    reported.add(scheduleKey);
    const expected = `a request (targets and holidays) of at most ${formatNumber(limit)} ${unit}; ${BY_TAGS}`;
    report(pathTo("schedules", scheduleKey), expected, `${formatNumber(size)} ${unit}`);
  }
}

function formatNumber(value: number): string {
  return value.toLocaleString("en-US");
}

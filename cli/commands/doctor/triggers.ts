import type { FollowUpsSpec, RuleSpec, SchedulerSpec, ScheduleSpec } from "../../../model/blueprint";
import type { DeployedRule, RuleTarget } from "../../aws/events";
import { type Check, type CheckGroup, type CheckResult, judgeDifferences, note, ok, wrong } from "./check";
import { type CheckContext, memoizeAsync } from "./check-context";
import { compareJson, compareRetries, compareTexts, compareValues, formatState } from "./compare";

/** Checks the rules of the config, each with its target, and finds rules left over from an earlier one. */
export function createRuleChecks(context: CheckContext): CheckGroup {
  const { expected, deployment, read } = context;
  const { scope } = deployment.names;
  const listed = memoizeAsync(() => read.rules(scope));
  const ruleNamed = async (name: string) => {
    // An adopted rule keeps its name, whatever that begins with.
    const rules = name.startsWith(scope) ? await listed() : await read.rules(name);
    return rules.find((rule) => rule.name === name);
  };
  return {
    subject: "Rules",
    checks: [
      ...expected.rules.map((rule) => ({
        name: rule.name,
        run: () => checkRule(rule, ruleNamed, context),
      })),
      {
        name: "leftovers",
        run: async () => judgeLeftovers(await findLeftoverRules(await listed(), context)),
      },
    ],
  };
}

async function checkRule(
  expected: RuleSpec,
  ruleNamed: (name: string) => Promise<DeployedRule | undefined>,
  { read, fixes, deployment }: CheckContext,
): Promise<CheckResult> {
  const found = await ruleNamed(expected.name);
  if (found === undefined) return wrong("there is no such rule", fixes.deploy);
  const state = compareValues("state", formatState(found.enabled), formatState(expected.enabled));
  const targets = await read.ruleTargets(expected.name);
  const target = targets.find(({ id }) => id === expected.targetId);
  const differences = [
    ...compareValues("expression", found.expression, expected.expression),
    ...(target === undefined
      ? compareValues("target", undefined, expected.functionName)
      : compareTarget(target, expected)),
  ];
  const others = targets.filter((each) => each !== target);
  if (state.length + differences.length === 0 && others.length > 0) {
    return note(`as in the config, and it also fires ${others.map(({ arn }) => arn).join(", ")}`);
  }
  const verb = expected.enabled ? "enable-rule" : "disable-rule";
  const fix =
    differences.length === 0
      ? fixes.aws(["events", verb, "--name", expected.name], deployment.config.region)
      : fixes.deploy;
  return judgeDifferences(
    [...state, ...differences],
    `${expected.expression} UTC${expected.enabled ? "" : ", disabled"}`,
    fix,
  );
}

function compareTarget(target: RuleTarget, expected: RuleSpec) {
  return [
    ...compareValues("target", target.arn, expected.functionArn),
    ...compareJson(target.inputPaths ?? {}, expected.inputPaths, "input paths"),
    ...compareTexts("input", target.inputTemplate ?? target.input, expected.input),
    ...compareRetries(target, expected),
  ];
}

/** Rules of the config's scope that fire one of its functions and are not in the config. */
async function findLeftoverRules(
  rules: readonly DeployedRule[],
  { expected, read, fixes }: CheckContext,
): Promise<Leftover[]> {
  const known = new Set(expected.rules.map(({ name }) => name));
  const functionNames = new Map(expected.functions.map(({ arn, name }) => [arn, name]));
  const found: Leftover[] = [];
  for (const { name, enabled, expression = "by events" } of rules) {
    if (known.has(name)) continue;
    const own = (await read.ruleTargets(name)).filter(({ arn }) => functionNames.has(arn));
    const [first] = own;
    if (first === undefined) continue;
    const targetIds = own.map(({ id }) => id);
    const fires = functionNames.get(first.arn) ?? first.arn;
    found.push({ name, enabled, when: expression, fires, removal: fixes.removeRule(name, targetIds) });
  }
  return found;
}

/** Checks the schedules of the config and their group, and finds schedules left over from an earlier one. */
export function createScheduleChecks(scheduler: SchedulerSpec, context: CheckContext): CheckGroup {
  return {
    subject: "Schedules",
    checks: [
      createGroupCheck(scheduler.group, context),
      ...scheduler.schedules.map((schedule) => ({
        name: schedule.name,
        run: () => checkSchedule(schedule, scheduler, context),
      })),
      {
        name: "leftovers",
        run: async () => judgeLeftovers(await findLeftoverSchedules(scheduler, context)),
      },
    ],
  };
}

/** Checks the schedule group of the follow-ups. The schedules in it belong to the functions and are not compared. */
export function createFollowUpChecks({ group }: FollowUpsSpec, context: CheckContext): CheckGroup {
  return { subject: "Follow-ups", checks: [createGroupCheck(group, context)] };
}

function createGroupCheck(group: string, { read, fixes }: CheckContext): Check {
  return {
    name: `group ${group}`,
    run: async () => {
      const state = await read.scheduleGroup(group);
      if (state === undefined) return wrong("there is no such group", fixes.deploy);
      return state === "ACTIVE" ? ok(state) : wrong(`it is ${state}`, fixes.deploy);
    },
  };
}

async function checkSchedule(
  expected: ScheduleSpec,
  { role }: SchedulerSpec,
  { read, fixes }: CheckContext,
): Promise<CheckResult> {
  const found = await read.schedule(expected.group, expected.name);
  if (found === undefined)
    return wrong(`there is no such schedule in the group ${expected.group}`, fixes.deploy);
  const differences = [
    ...compareValues("expression", found.expression, expected.expression),
    ...compareValues("zone", found.timezone, expected.timezone),
    ...compareValues("start date", found.startDate, expected.startDate),
    ...compareValues("end date", found.endDate, expected.endDate),
    ...compareValues("state", formatState(found.enabled), formatState(expected.enabled)),
    ...compareValues("flexible time window", found.flexibleMinutes, "OFF"),
    ...compareValues("target", found.targetArn, expected.functionArn),
    ...compareValues("role", found.roleArn, role.arn),
    ...compareTexts("input", found.input, expected.input),
    ...compareRetries(found, expected),
  ];
  const text = `${expected.expression} ${expected.timezone}${expected.enabled ? "" : ", disabled"}`;
  return judgeDifferences(differences, text, fixes.deploy);
}

/** Schedules in the config's own group that are not in the config. */
async function findLeftoverSchedules(
  { group, schedules }: SchedulerSpec,
  { read, fixes }: CheckContext,
): Promise<Leftover[]> {
  const known = new Set(schedules.filter((each) => each.group === group).map(({ name }) => name));
  const found: Leftover[] = [];
  for (const { name } of await read.scheduleNames(group)) {
    if (known.has(name)) continue;
    const schedule = await read.schedule(group, name);
    if (schedule === undefined) continue;
    const { enabled, expression, targetArn } = schedule;
    const fires = targetArn.slice(targetArn.lastIndexOf(":") + 1);
    found.push({ name, enabled, when: expression, fires, removal: fixes.removeSchedule(group, name) });
  }
  return found;
}

/** A rule or schedule of an earlier config. */
interface Leftover {
  readonly name: string;
  readonly enabled: boolean;
  readonly when: string;
  /** Name of the function. */
  readonly fires: string;
  /** The command that removes it. */
  readonly removal: string;
}

/** Enabled leftovers are errors; disabled ones are only noted. */
function judgeLeftovers(found: readonly Leftover[]): CheckResult {
  if (found.length === 0) return ok("none");
  const firing = found.filter(({ enabled }) => enabled);
  const concerned = firing.length > 0 ? firing : found;
  const names = concerned.map(({ name }) => name).join(", ");
  const fix = concerned.map(({ removal }) => removal).join(" && ");
  if (firing.length === 0) return note(`${names}: disabled, and not in the config`, fix);
  const differences = firing.map(({ name, fires, when }) => ({
    name,
    got: `fires ${fires}, ${when}`,
    expected: "no such thing",
  }));
  return wrong(`${names}: not in the config`, fix, differences);
}

import type { Around } from "./around";
import { compared, type Examination, type Finding, ok, wrong } from "./check";
import { differenceOf, textDifferences } from "./difference";
import type { ExpectedSchedule, ExpectedScheduler } from "./expected";
import { type LeftOver, leftOverFinding } from "./left-over";
import { retryDifferences, stateText } from "./trigger-differences";

/** The schedules of the config and their group, and those that are left from an earlier one. */
export function examineSchedules(scheduler: ExpectedScheduler, around: Around): Examination {
  const { read, fixes } = around;
  return {
    subject: "Schedules",
    looks: [
      {
        name: `group ${scheduler.group}`,
        look: async () => {
          const state = await read.scheduleGroup(scheduler.group);
          if (state === undefined) return wrong("there is no such group", fixes.deploy);
          return state === "ACTIVE" ? ok(state) : wrong(`it is ${state}`, fixes.deploy);
        },
      },
      ...scheduler.schedules.map((schedule) => ({
        name: schedule.name,
        look: () => scheduleFinding(schedule, scheduler, around),
      })),
      { name: "left over", look: () => leftOver(scheduler, around) },
    ],
  };
}

async function scheduleFinding(
  expected: ExpectedSchedule,
  { role }: ExpectedScheduler,
  { read, fixes }: Around,
): Promise<Finding> {
  const found = await read.schedule(expected.group, expected.name);
  if (found === undefined)
    return wrong(`there is no such schedule in the group ${expected.group}`, fixes.deploy);
  const differences = [
    ...differenceOf("expression", found.expression, expected.expression),
    ...differenceOf("zone", found.timezone, expected.timezone),
    ...differenceOf("state", stateText(found.enabled), stateText(expected.enabled)),
    ...differenceOf("flexible time window", found.flexibleMinutes, "OFF"),
    ...differenceOf("target", found.targetArn, expected.functionArn),
    ...differenceOf("role", found.roleArn, role.arn),
    ...textDifferences("input", found.input, expected.input),
    ...retryDifferences(found, expected),
  ];
  const text = `${expected.expression} ${expected.timezone}${expected.enabled ? "" : ", disabled"}`;
  return compared(differences, text, fixes.deploy);
}

/** The group is this config's alone: whatever else is in it was made by an earlier one. */
async function leftOver({ group, schedules }: ExpectedScheduler, { read, fixes }: Around): Promise<Finding> {
  const known = new Set(schedules.filter((each) => each.group === group).map(({ name }) => name));
  const found: LeftOver[] = [];
  for (const name of (await read.scheduleNames(group)).filter((each) => !known.has(each))) {
    const schedule = await read.schedule(group, name);
    if (schedule === undefined) continue;
    found.push({
      name,
      enabled: schedule.enabled,
      when: schedule.expression,
      fires: schedule.targetArn.slice(schedule.targetArn.lastIndexOf(":") + 1),
      removal: fixes.removeSchedule(group, name),
    });
  }
  return leftOverFinding(found);
}

import { isoText, localTime } from "../instant";
import { printable } from "../printable";
import { runOutcome } from "./run-text";
import type { InstanceStatus, ScheduleStatus, Status } from "./status";
import { VERDICT_TEXTS } from "./target-lines";

/** What is different from an earlier look: a line for each instance and each run, such as one appends to a log. */
export function changeLines(before: Status, after: Status): string[] {
  const time = clockTime(after);
  const lines = after.targets.flatMap((target) => {
    const earlier = before.targets.find(({ name }) => name === target.name);
    return [
      ...runChanges(earlier?.schedules ?? [], target.schedules),
      ...instanceChanges(earlier?.instances ?? [], target.instances),
    ].map((change) => `${time}  ${target.name}: ${change}`);
  });
  return lines.map(printable);
}

/** Of its zone, with seconds: looks are seconds apart. */
function clockTime({ now, timezone }: Status): string {
  return isoText(new Date(localTime(now, timezone))).slice(11, 19);
}

function runChanges(before: readonly ScheduleStatus[], after: readonly ScheduleStatus[]): string[] {
  return after.flatMap((schedule) => {
    const earlier = before.find(({ planned }) => planned.name === schedule.planned.name);
    const told = runText(schedule);
    return told === "" || (earlier !== undefined && runText(earlier) === told)
      ? []
      : [`${schedule.planned.name} ${told}`];
  });
}

function runText({ lastRun, lastFiring, missed }: ScheduleStatus): string {
  if (missed) return `left no run at ${lastFiring ? isoText(lastFiring.at) : "its firing"}`;
  return lastRun === undefined ? "" : `ran at ${isoText(lastRun.startedAt)}: ${runOutcome(lastRun).text}`;
}

function instanceChanges(before: readonly InstanceStatus[], after: readonly InstanceStatus[]): string[] {
  const earlier = new Map(before.map((instance) => [instance.instanceId, instance]));
  const present = new Set(after.map(({ instanceId }) => instanceId));
  return [
    ...after.flatMap((instance) => instanceChange(earlier.get(instance.instanceId), instance)),
    ...before
      .filter(({ instanceId }) => !present.has(instanceId))
      .map((instance) => `${titleOf(instance)} is no longer part of it`),
  ];
}

function instanceChange(before: InstanceStatus | undefined, after: InstanceStatus): string[] {
  if (before === undefined) return [`${titleOf(after)} is new: ${after.state}, ${judged(after)}`];
  const state = before.state === after.state ? after.state : `${before.state} -> ${after.state}`;
  return before.state === after.state && judged(before) === judged(after)
    ? []
    : [`${titleOf(after)} ${state}, ${judged(after)}`];
}

function judged({ verdict, services }: InstanceStatus): string {
  const ofServices = services && services.status !== "passed" ? `, services ${services.status}` : "";
  return VERDICT_TEXTS[verdict] + ofServices;
}

function titleOf({ instanceId, name }: InstanceStatus): string {
  return name === undefined ? instanceId : `${instanceId} ${name}`;
}

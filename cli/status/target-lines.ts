import { printable } from "../printable";
import { type Cell, type Paint, table } from "../table";
import type { Terminal } from "../terminal";
import { paragraph } from "../wrap";
import { instanceLines, paintOf } from "./instance-lines";
import { momentText } from "./moment-text";
import { runOutcome } from "./run-text";
import type { InstanceStatus, ScheduleStatus, Status, TargetStatus } from "./status";
import { VERDICTS, type Verdict } from "./verdict";

const INDENT = 2;
/** Of larger groups only those are shown that something is to be said of, and no more than this. */
export const MOST_ROWS = 20;
/** Of schedules, those that ran last or fire next are shown. */
const MOST_SCHEDULES = 8;

export interface TargetLinesOptions {
  readonly status: Status;
  /** Every instance and every schedule, however many there are. */
  readonly all: boolean;
  readonly terminal: Terminal;
}

/** One target: what it should be, its schedules, and its instances. */
export function targetLines(target: TargetStatus, options: TargetLinesOptions): string[] {
  const { status, all, terminal } = options;
  const { colors, columns } = terminal;
  const { timezone, now } = status;
  const shown = all ? target.instances : shownInstances(target.instances);
  return [
    `${colors.bold(printable(target.name))}  ${expectation(target, status, terminal)}`,
    ...paragraph(summary(target), columns, { indent: INDENT }),
    ...emptyLines(target, terminal),
    ...scheduleLines(target.schedules, options),
    ...(shown.length === 0 ? [] : instanceLines(shown, { target, timezone, now }, terminal)),
    ...hiddenLines(target, shown, terminal),
  ];
}

function expectation({ shouldBe }: TargetStatus, { now, timezone }: Status, { colors }: Terminal): string {
  if (shouldBe.state === "any") return colors.dim(`may be in any state: ${shouldBe.why}`);
  const { of, at } = shouldBe.since;
  return `should be ${shouldBe.state}, since ${momentText(at, now, timezone)} (${printable(of.name)})`;
}

/** `1,000 instances: 996 stopped, 4 running; 3 off, 1 changing`. */
function summary({ instances, counts }: TargetStatus): string {
  if (instances.length === 0) return "no instances";
  const states = new Map<string, number>();
  for (const { state } of instances) states.set(state, (states.get(state) ?? 0) + 1);
  const byCount = [...states]
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${number(count)} ${state}`);
  const verdicts = VERDICTS.filter((verdict) => verdict !== "ok" && counts[verdict] > 0).map(
    (verdict) => `${number(counts[verdict])} ${VERDICT_TEXTS[verdict]}`,
  );
  const what = `${number(instances.length)} ${instances.length === 1 ? "instance" : "instances"}`;
  return `${what}: ${byCount.join(", ")}; ${verdicts.join(", ") || "as it should be"}`;
}

export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  off: "not as it should be",
  changing: "changing",
  "left-alone": "left alone",
  ok: "as it should be",
};

export function number(count: number): string {
  return count.toLocaleString("en-US");
}

function emptyLines({ emptyRegions }: TargetStatus, { colors, columns }: Terminal): string[] {
  if (emptyRegions.length === 0) return [];
  const text = `no instance carries its tags in ${emptyRegions.join(", ")}`;
  return paragraph(text, columns, { indent: INDENT, paint: colors.yellow });
}

function scheduleLines(schedules: readonly ScheduleStatus[], options: TargetLinesOptions): string[] {
  const { status, all, terminal } = options;
  const { colors, columns } = terminal;
  if (schedules.length === 0) return [];
  const shown = all || schedules.length <= MOST_SCHEDULES ? schedules : nearest(schedules);
  const heading = ["Schedule", "Last run", "", "Next"].map((text) => ({ text, paint: colors.dim }));
  const rows = shown.map((schedule) => scheduleRow(schedule, status, terminal));
  const hidden = schedules.length - shown.length;
  return [
    ...table([heading, ...rows], { width: columns }),
    ...(hidden > 0 ? [colors.dim(`  and ${number(hidden)} more schedules (--all)`)] : []),
  ];
}

/** In the config's order. */
function nearest(schedules: readonly ScheduleStatus[]): ScheduleStatus[] {
  const half = MOST_SCHEDULES / 2;
  const by = (at: (schedule: ScheduleStatus) => number) => [...schedules].sort((a, b) => at(a) - at(b));
  const chosen = new Set([
    ...by(({ lastFiring }) => -(lastFiring?.at ?? 0)).slice(0, half),
    ...by(({ next }) => +(next?.at ?? Number.POSITIVE_INFINITY)).slice(0, half),
  ]);
  return schedules.filter((schedule) => chosen.has(schedule));
}

function scheduleRow(schedule: ScheduleStatus, status: Status, { colors }: Terminal): Cell[] {
  const { planned, lastRun, next } = schedule;
  const { now, timezone } = status;
  const zone = planned.schedule.timezone;
  const foreign = zone === timezone || planned.schedule.kind === "rate" ? "" : ` ${zone}`;
  if (!planned.enabled) return [planned.name, { text: "disabled", paint: colors.dim }];
  return [
    planned.name,
    lastRun === undefined ? "" : momentText(lastRun.startedAt, now, timezone),
    outcomeCell(schedule, status, colors),
    planned.schedule.kind === "rate"
      ? planned.schedule.describe()
      : next === undefined
        ? "never"
        : momentText(next.at, now, zone) + foreign,
  ];
}

function outcomeCell(
  { lastRun, lastFiring, missed }: ScheduleStatus,
  status: Status,
  colors: Terminal["colors"],
): Cell {
  if (missed && lastFiring !== undefined) {
    return {
      text: `no run at ${momentText(lastFiring.at, status.now, status.timezone)}`,
      paint: colors.yellow,
    };
  }
  if (lastRun === undefined)
    return { text: status.runsProblem === undefined ? "none yet" : "?", paint: colors.dim };
  const { text, kind } = runOutcome(lastRun);
  const paints: Record<typeof kind, Paint> = { good: colors.green, doubtful: colors.yellow, bad: colors.red };
  return { text, paint: paints[kind] };
}

/** Off first, then the others that something is said of; of a small group all, as they come. */
function shownInstances(instances: readonly InstanceStatus[]): readonly InstanceStatus[] {
  if (instances.length <= MOST_ROWS) return instances;
  const told = VERDICTS.filter((verdict) => verdict !== "ok").flatMap((verdict) =>
    instances.filter((instance) => instance.verdict === verdict),
  );
  const chosen = new Set(told.slice(0, MOST_ROWS));
  return instances.filter((instance) => chosen.has(instance));
}

function hiddenLines(
  { instances }: TargetStatus,
  shown: readonly InstanceStatus[],
  { colors, columns }: Terminal,
): string[] {
  if (shown.length === instances.length) return [];
  const shownSet = new Set(shown);
  const hidden = instances.filter((instance) => !shownSet.has(instance));
  const told = VERDICTS.flatMap((verdict) => {
    const count = hidden.filter((instance) => instance.verdict === verdict).length;
    return count === 0 ? [] : [`${number(count)} ${VERDICT_TEXTS[verdict]}`];
  });
  const worst = VERDICTS.find((verdict) => hidden.some((instance) => instance.verdict === verdict)) ?? "ok";
  const paint = worst === "off" ? paintOf(worst, colors) : colors.dim;
  return paragraph(`not shown: ${told.join(", ")} (--all)`, columns, { indent: INDENT, paint });
}

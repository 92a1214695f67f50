import { groupBy } from "../../../contract/collections";
import type { FollowUpKind } from "../../../contract/follow-ups";
import type { Terminal } from "../../context";
import { summarizeRun } from "../../runs/render";
import { dropEmptyColumns, renderTable } from "../../terminal/table";
import { joinSections, toPrintable, wrapParagraph } from "../../terminal/text";
import { describeLeastTime, formatMinute, formatMoment, formatUtcMinute } from "../../terminal/time";
import { type Cell, paintOf } from "../../terminal/tone";
import type { DueFollowUp } from "./follow-ups";
import {
  countInstances,
  type InstanceStatus,
  type ScheduleStatus,
  type Status,
  type TargetStatus,
  VERDICTS,
} from "./health";
import { MARKS, renderInstances, VERDICT_TEXTS } from "./instance-text";

export interface RenderStatusOptions {
  readonly terminal: Terminal;
  /** Every instance, however many there are. */
  readonly all: boolean;
}

/** The status to be read in a terminal. */
export function renderStatus(status: Status, { terminal, all }: RenderStatusOptions): string {
  const { bold, dim } = terminal.colors;
  const { name, region, timezone, now, targets } = status;
  const sections = [
    [
      `${bold(name)}  ${region}`,
      dim(
        `${formatMinute(floorToSecond(now), timezone)} ${timezone}, ${formatUtcMinute(floorToSecond(now))}`,
      ),
      ...renderNotes(status, terminal),
    ],
    ...targets.map((target) => renderTarget(target, { status, all, terminal })),
    renderFollowUps(status, { terminal, all }),
    [...renderLegend(status, terminal), ...renderVerdict(status, terminal)],
  ];
  return joinSections(sections);
}

function renderNotes(
  { runsError, functionsWithoutLogGroup, followUps, region }: Status,
  { colors, columns }: Terminal,
): string[] {
  const notes = [
    ...(runsError === undefined ? [] : [`The last runs are not known. ${runsError}`]),
    ...functionsWithoutLogGroup.map(
      (name) => `${name} has no log group in ${region}: it is not deployed there, or never ran`,
    ),
    ...(followUps?.problem === undefined ? [] : [`The follow-ups are not known. ${followUps.problem}`]),
  ];
  return notes.flatMap((note) => wrapParagraph(note, columns, { paint: colors.yellow }));
}

/** What a follow-up does when it is due, unless the schedules want something else by then. */
const FOLLOW_UP_TEXTS = {
  resume: ({ action }) => `goes on with the ${action}`,
  hold: ({ action }) => `${action} if due after a hold`,
  capacity: ({ action, attempt }) => `${action}, retry ${attempt} (capacity)`,
} as const satisfies Record<FollowUpKind, (followUp: DueFollowUp) => string>;

function renderFollowUps(
  { followUps, timezone, now }: Status,
  { terminal: { columns, colors }, all }: RenderStatusOptions,
): string[] {
  const { due } = followUps ?? { due: [] };
  if (due.length === 0) return [];
  const shown = all ? due : due.slice(0, MAX_ROWS);
  const heading = ["Due", "What", "Schedule", "Instances", "Until", "By run"];
  const rows = shown.map((followUp): Cell[] => [
    formatMoment(followUp.at, now, timezone),
    FOLLOW_UP_TEXTS[followUp.kind](followUp),
    followUp.schedule,
    formatNumber(followUp.instanceIds.length),
    followUp.notAfter === undefined ? "" : formatMoment(followUp.notAfter, now, timezone),
    { text: followUp.cause === followUp.schedule ? "" : followUp.cause, paint: colors.dim },
  ]);
  const hidden = due.length - shown.length;
  return [
    colors.bold("Follow-ups"),
    ...renderTable(dropEmptyColumns([heading.map((text) => ({ text, paint: colors.dim })), ...rows], 1), {
      width: columns,
    }),
    ...(hidden > 0 ? [colors.dim(`  and ${formatNumber(hidden)} more (--all)`)] : []),
  ];
}

/** Renders a legend of the marks that occur. */
function renderLegend({ targets }: Status, { colors }: Terminal): string[] {
  const present = VERDICTS.filter(
    (verdict) => verdict !== "ok" && targets.some(({ counts }) => counts[verdict] > 0),
  );
  if (present.length === 0) return [];
  return [colors.dim(present.map((verdict) => `${MARKS[verdict]} ${VERDICT_TEXTS[verdict]}`).join("   "))];
}

function renderVerdict(status: Status, { colors }: Terminal): string[] {
  const { total, wrong } = countInstances(status);
  if (total === 0) return [colors.yellow("No instances.")];
  if (wrong > 0) {
    const what = total === 1 ? "instance" : "instances";
    const are = wrong === 1 ? "is not as it" : "are not as they";
    return [
      colors.red(`${formatNumber(wrong)} of ${formatNumber(total)} ${what} ${are} should be.`),
      ...(status.targets.some(({ instances }) => instances.some(isChanged))
        ? [colors.dim("Who started or stopped one: ec2-start-stop history --instance ID")]
        : []),
    ];
  }
  const others = status.targets.some(({ counts }) => counts.changing + counts.skipped > 0);
  return [colors.green(others ? "All others are as they should be." : "All is as it should be.")];
}

/** Differs from the schedule because it was started or stopped by other means. */
function isChanged({ verdict, obstacle, state, expectedState }: InstanceStatus): boolean {
  return (
    verdict === "wrong" && obstacle === undefined && state !== "missing" && state !== expectedState.state
  );
}

function floorToSecond(instant: Date): Date {
  return new Date(Math.floor(+instant / 1000) * 1000);
}

const INDENT = 2;
/** Larger groups list only noteworthy instances, at most this many. */
const MAX_ROWS = 20;
/** Larger groups show the schedules that ran last or fire next. */
const MAX_SCHEDULES = 8;

interface RenderTargetOptions {
  readonly status: Status;
  /** Every instance and every schedule, however many there are. */
  readonly all: boolean;
  readonly terminal: Terminal;
}

/** One target: what it should be, its schedules, and its instances. */
function renderTarget(target: TargetStatus, options: RenderTargetOptions): string[] {
  const { status, all, terminal } = options;
  const { colors, columns } = terminal;
  const { timezone, now } = status;
  const shown = all ? target.instances : selectInstances(target.instances);
  return [
    `${colors.bold(toPrintable(target.name))}  ${describeExpectedState(target, status, terminal)}`,
    ...wrapParagraph(summarizeTarget(target), columns, { indent: INDENT }),
    ...renderLeastTime(target, terminal),
    ...renderEmptyRegions(target, terminal),
    ...renderSchedules(target.schedules, options),
    ...(shown.length === 0 ? [] : renderInstances(shown, { target, timezone, now }, terminal)),
    ...renderHidden(target, shown, terminal),
  ];
}

function describeExpectedState(
  { expectedState }: TargetStatus,
  { now, timezone }: Status,
  { colors }: Terminal,
): string {
  if (expectedState.state === "any") return colors.dim(`may be in any state: ${expectedState.why}`);
  const { of, at } = expectedState.since;
  return `should be ${expectedState.state}, since ${formatMoment(at, now, timezone)} (${toPrintable(of.name)})`;
}

/** `1,000 instances: 996 stopped, 4 running; 3 wrong, 1 changing`. */
function summarizeTarget({ instances, counts }: TargetStatus): string {
  if (instances.length === 0) return "no instances";
  const states = new Map<string, number>();
  for (const { state } of instances) states.set(state, (states.get(state) ?? 0) + 1);
  const byCount = [...states]
    .sort(([, a], [, b]) => b - a)
    .map(([state, count]) => `${formatNumber(count)} ${state}`);
  const verdicts = VERDICTS.filter((verdict) => verdict !== "ok" && counts[verdict] > 0).map(
    (verdict) => `${formatNumber(counts[verdict])} ${VERDICT_TEXTS[verdict]}`,
  );
  const what = `${formatNumber(instances.length)} ${instances.length === 1 ? "instance" : "instances"}`;
  return `${what}: ${byCount.join(", ")}; ${verdicts.join(", ") || "as it should be"}`;
}

function formatNumber(count: number): string {
  return count.toLocaleString("en-US");
}

/** EC2's rate is per region, so the largest one takes longest. */
function renderLeastTime({ instances }: TargetStatus, { colors, columns }: Terminal): string[] {
  const byRegion = groupBy(instances, ({ region }) => region).values();
  const note = describeLeastTime(Math.max(0, ...[...byRegion].map(({ length }) => length)));
  return note === undefined ? [] : wrapParagraph(note, columns, { indent: INDENT, paint: colors.dim });
}

function renderEmptyRegions({ emptyRegions }: TargetStatus, { colors, columns }: Terminal): string[] {
  if (emptyRegions.length === 0) return [];
  const text = `its search finds no instance in ${emptyRegions.join(", ")}`;
  return wrapParagraph(text, columns, { indent: INDENT, paint: colors.yellow });
}

function renderSchedules(schedules: readonly ScheduleStatus[], options: RenderTargetOptions): string[] {
  const { status, all, terminal } = options;
  const { colors, columns } = terminal;
  if (schedules.length === 0) return [];
  const shown = all || schedules.length <= MAX_SCHEDULES ? schedules : selectNearest(schedules);
  const heading = ["Schedule", "Last run", "", "Next"].map((text) => ({ text, paint: colors.dim }));
  const rows = shown.map((schedule) => renderScheduleRow(schedule, status, terminal));
  const hidden = schedules.length - shown.length;
  return [
    ...renderTable([heading, ...rows], { width: columns }),
    ...(hidden > 0 ? [colors.dim(`  and ${formatNumber(hidden)} more schedules (--all)`)] : []),
  ];
}

/** In the config's order. */
function selectNearest(schedules: readonly ScheduleStatus[]): ScheduleStatus[] {
  const half = MAX_SCHEDULES / 2;
  const by = (at: (schedule: ScheduleStatus) => number) => [...schedules].sort((a, b) => at(a) - at(b));
  const chosen = new Set([
    ...by(({ lastFiring }) => -(lastFiring?.at ?? 0)).slice(0, half),
    ...by(({ next }) => +(next?.at ?? Number.POSITIVE_INFINITY)).slice(0, half),
  ]);
  return schedules.filter((schedule) => chosen.has(schedule));
}

function renderScheduleRow(schedule: ScheduleStatus, status: Status, { colors }: Terminal): Cell[] {
  const { planned, lastRun, next, nextWarning } = schedule;
  const { now, timezone } = status;
  const zone = planned.schedule.timezone;
  const foreign = zone === timezone || planned.schedule.kind === "rate" ? "" : ` ${zone}`;
  if (!planned.enabled) return [planned.name, { text: "disabled", paint: colors.dim }];
  return [
    planned.name,
    lastRun === undefined ? "" : formatMoment(lastRun.startedAt, now, timezone),
    renderOutcome(schedule, status, colors),
    planned.schedule.kind === "rate"
      ? planned.schedule.describe()
      : next === undefined
        ? "never"
        : `${formatMoment(next.at, now, zone)}${foreign}${
            nextWarning === undefined ? "" : `, warns ${formatMoment(nextWarning.at, now, zone)}`
          }`,
  ];
}

function renderOutcome(
  { lastRun, lastFiring, missed }: ScheduleStatus,
  status: Status,
  colors: Terminal["colors"],
): Cell {
  if (missed && lastFiring !== undefined) {
    return {
      text: `no run at ${formatMoment(lastFiring.at, status.now, status.timezone)}`,
      paint: colors.yellow,
    };
  }
  if (lastRun === undefined)
    return { text: status.runsError === undefined ? "none yet" : "?", paint: colors.dim };
  const { text, tone } = summarizeRun(lastRun);
  return { text, paint: paintOf(tone, colors) };
}

/** Selects the noteworthy instances of a large group, worst first; all of a small one. */
function selectInstances(instances: readonly InstanceStatus[]): readonly InstanceStatus[] {
  if (instances.length <= MAX_ROWS) return instances;
  const noteworthy = VERDICTS.filter((verdict) => verdict !== "ok").flatMap((verdict) =>
    instances.filter((instance) => instance.verdict === verdict),
  );
  const chosen = new Set(noteworthy.slice(0, MAX_ROWS));
  return instances.filter((instance) => chosen.has(instance));
}

function renderHidden(
  { instances }: TargetStatus,
  shown: readonly InstanceStatus[],
  { colors, columns }: Terminal,
): string[] {
  if (shown.length === instances.length) return [];
  const shownSet = new Set(shown);
  const hidden = instances.filter((instance) => !shownSet.has(instance));
  const counts = VERDICTS.flatMap((verdict) => {
    const count = hidden.filter((instance) => instance.verdict === verdict).length;
    return count === 0 ? [] : [`${formatNumber(count)} ${VERDICT_TEXTS[verdict]}`];
  });
  const worst = VERDICTS.find((verdict) => hidden.some((instance) => instance.verdict === verdict)) ?? "ok";
  const paint = worst === "wrong" ? colors.red : colors.dim;
  return wrapParagraph(`not shown: ${counts.join(", ")} (--all)`, columns, { indent: INDENT, paint });
}

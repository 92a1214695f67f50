import type { Warning } from "../../../model/warnings";
import type { Schedule, UtcConversion } from "../../../schedule";
import type { ClockChange, TargetTimeline, TimelineFiring } from "../../../schedule/timeline";
import type { Terminal } from "../../context";
import type { WarningFiring } from "../../deployment/warning-firings";
import { fitsWidth, renderTable } from "../../terminal/table";
import { joinSections, toPrintable, wrapParagraph } from "../../terminal/text";
import {
  describeLeastTime,
  formatDuration,
  formatHours,
  formatLocalMinute,
  formatMinute,
  formatShare,
  formatShortLocal,
  formatShortUtc,
  formatSkip,
  formatUtcMinute,
} from "../../terminal/time";
import { type Cell, type Paint, unpainted } from "../../terminal/tone";
import { MAX_FIRINGS, type Preview } from "./model";

/** The preview to be read in a terminal. */
export function renderPreview(preview: Preview, warnings: readonly Warning[], terminal: Terminal): string {
  const { bold, dim, yellow } = terminal.colors;
  const { name, trigger, timezone, timeline, counted, requestedUntil } = preview;
  const [from, until] = [timeline.from, timeline.until].map((at) => formatMinute(at, timezone));
  const period = counted ? `The next firings from ${from} on` : `${from} to ${until}`;
  const sections = [
    [
      `${bold(name)}  trigger ${trigger}, ${timezone}`,
      dim(period),
      ...(requestedUntil === undefined ? [] : [yellow(describeCap(formatMinute(requestedUntil, timezone)))]),
    ],
    [
      ...renderSection("Schedules", renderScheduleRows(preview, terminal), terminal),
      ...renderRateNote(preview, terminal),
    ],
    renderSection("Firings", renderFiringRows(preview, terminal), terminal),
    renderClockChanges(preview, terminal),
    [
      ...renderSection("Targets", renderTargetRows(preview, terminal), terminal),
      ...renderLeastTime(preview, terminal),
    ],
    renderWarnings(warnings, terminal),
  ];
  return joinSections(sections);
}

/** Names the cap that shortened a preview. */
export function describeCap(requestedUntil: string): string {
  return `Shortened from ${requestedUntil}: a preview shows at most ${MAX_FIRINGS.toLocaleString("en-US")} firings.`;
}

function renderSection(title: string, rows: Cell[][], { columns, colors }: Terminal): string[] {
  return [colors.bold(title), ...renderTable(rows, { width: columns })];
}

function renderScheduleRows({ schedules, trigger }: Preview, { colors }: Terminal): Cell[][] {
  return schedules.map((planned) => {
    const { name, action, schedule, enabled, targetNames, utcExpressions } = planned;
    const utc = schedule.timezone === "UTC" ? [] : utcExpressions;
    return [
      name,
      enabled ? renderAction(action, colors) : { text: `${action}, disabled`, paint: colors.dim },
      schedule.describe(),
      formatNames(targetNames),
      `${schedule.expression} ${schedule.timezone}`,
      { text: trigger === "event-rule" && utc.length > 0 ? `UTC: ${utc.join(" ")}` : "", paint: colors.dim },
    ];
  });
}

function renderRateNote({ schedules }: Preview, { colors }: Terminal): string[] {
  if (!schedules.some(({ schedule }) => schedule.kind === "rate" && !schedule.startDate)) return [];
  return [
    colors.dim("  A rate counts from its deployment; here it counts from the beginning of the period."),
  ];
}

function renderFiringRows(
  { firings, stopWarnings, schedules, timezone }: Preview,
  { columns, colors }: Terminal,
): Cell[][] {
  const listed = [...firings, ...stopWarnings].sort((a, b) => +a.at - +b.at);
  if (listed.length === 0) return [["None in this period."]];
  const zones = new Set(schedules.map(({ schedule }) => schedule.timezone));
  const [zone] = zones.size === 1 ? zones : [];
  const heading = [
    zone ? `Local time, ${zone}` : "Local time",
    "UTC",
    "Action",
    "Schedule",
    "Zone",
    "Targets",
    "",
  ];
  const rowOf = (each: (typeof listed)[number], utc: (at: Date) => string) =>
    "stop" in each ? renderWarningRow(each, colors, utc) : renderFiringRow(each, colors, utc);
  const full = [
    heading.map((text): Cell => ({ text, paint: colors.dim })),
    ...listed.map((each) => rowOf(each, formatUtcMinute)),
  ].map((row) => (zone === undefined ? row : row.toSpliced(4, 1)));
  if (fitsWidth(full, columns)) return full;
  // Omit the targets on narrow terminals; the schedule rows already name them.
  const withoutTargets = full.map((row) => row.toSpliced(-2, 1));
  // The mark of a firing may be on the line below.
  if (
    fitsWidth(
      withoutTargets.map((row) => row.slice(0, -1)),
      columns,
    )
  )
    return withoutTargets;
  return withoutTargets.map((row, index) => {
    const each = listed[index - 1];
    if (each === undefined)
      return zone === undefined
        ? row.with(0, { text: `Local, ${timezone} or named`, paint: colors.dim })
        : row;
    const short = row.with(1, rowOf(each, formatShortUtc)[1] ?? "");
    const { of } = "stop" in each ? each.stop : each;
    return zone === undefined && of.schedule.timezone === timezone ? short.with(4, "") : short;
  });
}

function renderFiringRow(
  firing: TimelineFiring,
  colors: Terminal["colors"],
  utc: (at: Date) => string,
): Cell[] {
  const { of, local, skipped } = firing;
  const paint = paintOfFiring(firing, colors);
  const cell = (text: string) => ({ text, paint });
  return [
    cell(formatLocalMinute(local)),
    renderUtc(firing, paint, utc),
    skipped === undefined ? renderAction(of.action, colors) : cell(of.action),
    cell(of.name),
    cell(of.schedule.timezone),
    cell(formatNames(of.targetNames)),
    { text: formatSkip(firing), paint: colors.yellow },
  ];
}

/** Renders a warning, dim like firings that change nothing. */
function renderWarningRow(
  { at, local, stop: { of } }: WarningFiring,
  colors: Terminal["colors"],
  utc: (at: Date) => string,
): Cell[] {
  return [
    formatLocalMinute(local),
    utc(at),
    "warn",
    `warns of ${of.name}`,
    of.schedule.timezone,
    formatNames(of.targetNames),
    "",
  ].map((text) => ({ text, paint: colors.dim }));
}

function renderUtc({ at, skipped }: TimelineFiring, paint: Paint, utc: (at: Date) => string): Cell {
  return { text: skipped === "clock-change" ? "never" : utc(at), paint };
}

function paintOfFiring({ skipped }: TimelineFiring, colors: Terminal["colors"]): Paint {
  return skipped === undefined ? unpainted : colors.dim;
}

function renderClockChanges({ timeline }: Preview, { colors }: Terminal): string[] {
  if (timeline.clockChanges.length === 0) return [];
  const lines = timeline.clockChanges.flatMap((change) => [
    `  ${describeClockChange(change)}`,
    ...describeEffects(change).map((effect) => colors.yellow(`    ${effect}`)),
  ]);
  return [colors.bold("Clock changes"), ...lines];
}

/** Says how long EC2's rate makes a change of the most instances that the config allows: their real number is unknown here. */
function renderLeastTime({ maxInstances }: Preview, { colors, columns }: Terminal): string[] {
  const note = describeLeastTime(maxInstances);
  return note === undefined
    ? []
    : wrapParagraph(`${note} (maxInstances)`, columns, { indent: 2, paint: colors.dim });
}

function renderTargetRows({ timeline, counted }: Preview, { colors }: Terminal): Cell[][] {
  const heading = ["Target", "A week", "Saved/168 h", counted ? "" : "This period", ""];
  return [
    heading.map((text) => ({ text, paint: colors.dim })),
    ...timeline.targets.map((target): Cell[] => [
      target.name,
      target.week === undefined ? "?" : formatHours(target.week.runningHours),
      { text: target.week === undefined ? "?" : formatShare(target.week.savedShare), paint: colors.green },
      counted || target.inPeriod === undefined ? "" : formatHours(target.inPeriod.runningHours),
      { text: describeHours(target), paint: colors.dim },
    ]),
  ];
}

function renderWarnings(warnings: readonly Warning[], { colors }: Terminal): string[] {
  if (warnings.length === 0) return [];
  const lines = warnings.map(({ severity, message }) => {
    const paint = severity === "warning" ? colors.yellow : colors.dim;
    return paint(`  ${severity}: ${toPrintable(message)}`);
  });
  return [colors.bold("Warnings and notes"), ...lines];
}

function renderAction(action: "start" | "stop", colors: Terminal["colors"]): Cell {
  return { text: action, paint: action === "start" ? colors.green : colors.red };
}

const MAX_SHOWN_TARGETS = 3;

function formatNames(names: readonly string[]): string {
  if (names.length <= MAX_SHOWN_TARGETS) return names.join(", ");
  return `${names.slice(0, MAX_SHOWN_TARGETS - 1).join(", ")} and ${names.length - MAX_SHOWN_TARGETS + 1} more`;
}

/** One expression and its firings, to be read. */
export function renderExpression(
  schedule: Schedule,
  next: readonly Date[],
  utc: UtcConversion,
  isCapped: boolean,
  { columns, colors }: Terminal,
): string {
  const rows = next.map((at) => [formatMinute(at, schedule.timezone), formatUtcMinute(at)]);
  const heading = [`Local time, ${schedule.timezone}`, "UTC"].map((text) => ({ text, paint: colors.dim }));
  return [
    `${colors.bold(schedule.expression)}  ${schedule.timezone}`,
    schedule.describe(),
    utc.expressions === null ? `No rule in UTC: ${utc.reason}` : `In UTC: ${utc.expressions.join("  ")}`,
    "",
    ...(isCapped
      ? [`The first ${MAX_FIRINGS.toLocaleString("en-US")} firings: a preview shows no more.`]
      : []),
    ...(rows.length === 0
      ? ["No firing in this period."]
      : renderTable([heading, ...rows], { width: columns })),
    "",
  ].join("\n");
}

/** `Sun 2026-03-08 02:00 America/New_York: clocks go forward 1 h, to 03:00`. */
export function describeClockChange({ localBefore, localAfter, minutes, timezone }: ClockChange): string {
  const direction = minutes > 0 ? "forward" : "back";
  const shown = formatShortLocal(localAfter, localBefore);
  return `${formatLocalMinute(localBefore)} ${timezone}: clocks go ${direction} ${formatDuration(Math.abs(minutes))}, to ${shown}`;
}

/** Describes the effect on each affected firing. */
export function describeEffects({ effects, localBefore }: ClockChange): string[] {
  if (effects.length === 0) return ["no firing is affected"];
  return effects.map(({ of, kind, local }) =>
    kind === "skipped"
      ? `${of.name} at ${formatShortLocal(local, localBefore)} does not run: clocks never show that time`
      : `${of.name} at ${formatShortLocal(local, localBefore)} runs once, though clocks show that time twice: at the first`,
  );
}

/** Explains a target's hours where they are not obvious. */
export function describeHours({ actions, week, weekBasis }: TargetTimeline): string {
  if (actions.length === 0) return "no schedule in use";
  if (!actions.includes("start")) return "stops only: nothing here starts it";
  if (!actions.includes("stop")) return "starts only: nothing here stops it";
  if (week === undefined) return "not known before its first firing, or too many firings";
  return weekBasis === "mean" ? "mean of 52 weeks" : "";
}

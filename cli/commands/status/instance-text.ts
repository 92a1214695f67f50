import { STATE_AFTER } from "../../../contract/actions";
import type { Terminal } from "../../context";
import { describeObstacle } from "../../instances/obstacle";
import { formatServiceReport, summarizeInstance } from "../../runs/render";
import { dropEmptyColumns, renderRows } from "../../terminal/table";
import { wrapParagraph } from "../../terminal/text";
import { formatMoment } from "../../terminal/time";
import { type Cell, paintOf, type Tone, unpainted } from "../../terminal/tone";
import type { InstanceStatus, TargetStatus, Verdict } from "./health";

/** Printed before an instance, so that verdicts are distinguishable without colours. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  wrong: "!",
  changing: "~",
  skipped: "-",
  ok: " ",
};

const NOTE_INDENT = 6;

/** A line for each instance, with notes below it; those of several regions apart. */
export function renderInstances(
  instances: readonly InstanceStatus[],
  context: NotesContext,
  terminal: Terminal,
): string[] {
  const { columns, colors } = terminal;
  const heading = ["  Instance", "Name", "State", "Since", "Should be", "Last run"];
  const rows = instances.map((instance) => renderInstanceRow(instance, context, terminal));
  const filled = dropEmptyColumns([heading.map((text) => ({ text, paint: colors.dim })), ...rows], 1);
  const [headingLines = [], ...lines] = renderRows(filled, { width: columns, indent: 0 });
  const regions = new Set(instances.map(({ region }) => region));
  return [
    ...headingLines,
    ...instances.flatMap((instance, index) => [
      ...(regions.size > 1 && instances[index - 1]?.region !== instance.region
        ? [colors.dim(`  ${instance.region}`)]
        : []),
      ...(lines[index] ?? []),
      ...describeInstance(instance, context).flatMap((note) =>
        wrapParagraph(note, columns, {
          indent: NOTE_INDENT,
          paint: paintOf(VERDICT_TONES[instance.verdict], colors),
        }),
      ),
    ]),
  ];
}

export const VERDICT_TEXTS: Readonly<Record<Verdict, string>> = {
  wrong: "not as it should be",
  changing: "changing",
  skipped: "skipped",
  ok: "as it should be",
};

const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  wrong: "bad",
  changing: "doubtful",
  skipped: "idle",
  ok: "good",
};

function renderInstanceRow(
  instance: InstanceStatus,
  { timezone, now }: NotesContext,
  { colors }: Terminal,
): Cell[] {
  const { instanceId, name = "", state, since, expectedState, verdict, lastRun } = instance;
  const paint = paintOf(VERDICT_TONES[verdict], colors);
  const outcome = lastRun && summarizeInstance(lastRun.run, lastRun.entry);
  const bad = outcome?.tone === "bad" ? colors.red : colors.dim;
  return [
    { text: `${MARKS[verdict]} ${instanceId}`, paint: verdict === "ok" ? unpainted : paint },
    { text: name, paint: unpainted, mayBeCut: true },
    { text: state, paint },
    since === undefined ? "" : formatMoment(since, now, timezone),
    { text: expectedState.state, paint: verdict === "wrong" ? paint : colors.dim },
    { text: outcome?.text ?? "", paint: bad },
  ];
}

export interface NotesContext {
  readonly target: Pick<TargetStatus, "expectedState">;
  readonly timezone: string;
  readonly now: Date;
}

/** EC2's code for a stop through its API, which explains nothing. */
const REQUESTED_STOP = "Client.UserInitiatedShutdown";

/** Describes why an instance is in its state, beyond what the columns show. */
function describeInstance(instance: InstanceStatus, context: NotesContext): string[] {
  const { state, region, obstacle, afterHold, verdict, services } = instance;
  if (state === "missing") {
    return [
      `no such instance in ${region} (InvalidInstanceID.NotFound): correct the id, or take it out of the config`,
    ];
  }
  if (obstacle !== undefined) {
    const why = describeObstacle(obstacle, context.timezone);
    return [afterHold === undefined ? why : `${why}; then: ${afterHold}`];
  }
  return [
    ...describeOtherTarget(instance, context),
    ...(verdict === "ok" ? [] : describeState(instance, context)),
    ...(services === undefined || services.status === "passed" ? [] : [formatServiceReport(services)]),
    ...describeSpot(instance),
  ];
}

/** An instance of two targets follows the schedule that fired last. */
function describeOtherTarget({ expectedState }: InstanceStatus, { target }: NotesContext): string[] {
  if (expectedState.state === "any" || expectedState.state === target.expectedState.state) return [];
  return [`${expectedState.last.of.name}, of another target that has it too, fired last`];
}

function describeState(instance: InstanceStatus, context: NotesContext): string[] {
  const { state, expectedState } = instance;
  if (expectedState.state === "any" || state === expectedState.state) return [];
  const { timezone, now } = context;
  if (expectedState.fresh) {
    const { of, at } = expectedState.since;
    return [`${of.name} fired at ${formatMoment(at, now, timezone)}: the function may still be at it`];
  }
  if (state === "pending" || state === "stopping") return [];
  return [...describeReason(instance), ...describeLastRun(instance, context)];
}

/** Describes what the last run did to the instance. */
function describeLastRun({ lastRun, state }: InstanceStatus, { timezone, now }: NotesContext): string[] {
  if (lastRun === undefined) return [];
  const { run, entry } = lastRun;
  const outcome = summarizeInstance(run, entry);
  if (outcome === undefined) return [];
  const name = run.report?.schedule ?? run.functionName;
  const at = formatMoment(run.startedAt, now, timezone);
  if (outcome.tone === "bad") {
    const why = entry?.reason ?? run.report?.reason ?? run.error;
    return [`${name} at ${at}: ${outcome.text}${why === undefined ? "" : `: ${why}`}`];
  }
  if (entry?.outcome === "done" || entry?.outcome === "already") {
    const left = STATE_AFTER[run.report?.action ?? "stop"];
    // A run outside its schedule's times, such as one by `invoke`: it is as that run wanted it.
    if (left === state) return [`${name}, run at ${at}, outside its times, left it ${left}`];
    return [`${name} at ${at} left it ${left}: changed since`];
  }
  const why = entry?.reason ?? run.report?.reason;
  return [`${name} at ${at}: ${outcome.text}${why === undefined ? "" : `: ${why}`}`];
}

function describeReason({ state, stateReason }: InstanceStatus): string[] {
  if (state !== "stopped" || stateReason === undefined || stateReason.code === REQUESTED_STOP) return [];
  const { code, message } = stateReason;
  return [`EC2: ${message.startsWith(code) ? message : [code, message].filter(Boolean).join(": ")}`];
}

function describeSpot({ spot }: InstanceStatus): string[] {
  return spot === "unknown"
    ? [
        "spot instance: one of a one-time request can't be stopped, which needs ec2:DescribeSpotInstanceRequests to know",
      ]
    : [];
}

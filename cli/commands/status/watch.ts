import { AwsError } from "../../aws/call";
import { type Clock, type CommandContext, type Terminal, waitForAbort } from "../../context";
import { summarizeRun } from "../../runs/render";
import { toPrintable, wrapParagraph } from "../../terminal/text";
import { formatIso, toLocalMs } from "../../terminal/time";
import type { InstanceStatus, ScheduleStatus, Status } from "./health";
import { VERDICT_TEXTS } from "./instance-text";
import { renderStatus } from "./text";

/** Where each refresh is shown. */
export interface WatchScreen {
  show(status: Status, before: Status | undefined): void;
  /** A refresh failed; the last status is still what is known. */
  showFailure(message: string): void;
}

export interface WatchOptions {
  readonly read: () => Promise<Status>;
  readonly screen: WatchScreen;
  readonly clock: Clock;
  readonly intervalSeconds: number;
  readonly interrupted: AbortSignal;
}

/**
 * Refreshes until it is interrupted. After an error of AWS it tries again at the next refresh.
 *
 * @returns the last status, undefined where the last refresh failed
 * @throws {AwsError} where the first refresh fails: such an error is not transient
 */
export async function watchStatus(options: WatchOptions): Promise<Status | undefined> {
  const { read, screen, clock, intervalSeconds, interrupted } = options;
  const interruption = waitForAbort(interrupted);
  let known: Status | undefined;
  let last: Status | undefined;
  while (!interrupted.aborted) {
    try {
      const seen = await Promise.race([read(), interruption]);
      if (seen === undefined) break;
      screen.show(seen, known);
      known = last = seen;
    } catch (error) {
      if (known === undefined || !(error instanceof AwsError)) throw error;
      last = undefined;
      screen.showFailure(error.message);
    }
    await clock.sleep(intervalSeconds * 1000, interrupted);
  }
  return last;
}

/** Clears the screen and its scrollback, so that only the last status is there. */
const CLEAR = "\u001b[H\u001b[2J\u001b[3J";

export interface WatchScreenOptions {
  readonly all: boolean;
  readonly intervalSeconds: number;
}

/** On a terminal, each status is drawn over the one before; elsewhere only changes are appended. */
export function createWatchScreen(
  terminal: Pick<CommandContext, keyof Terminal | "interactive" | "out">,
  { all, intervalSeconds }: WatchScreenOptions,
): WatchScreen {
  const { columns, colors, out } = terminal;
  const failure = (message: string) =>
    wrapParagraph(`No answer, trying again: ${message}`, columns, { paint: colors.red })
      .map((line) => `${line}\n`)
      .join("");
  if (!terminal.interactive) {
    return {
      show: (status, before) =>
        out(
          before === undefined
            ? renderStatus(status, { terminal, all })
            : renderChanges(before, status)
                .map((line) => `${line}\n`)
                .join(""),
        ),
      showFailure: (message) => out(failure(message)),
    };
  }
  const hint = colors.dim(`Refreshed every ${intervalSeconds} s, until Ctrl-C.`);
  let shown: Status | undefined;
  const draw = (below: string) => {
    if (shown) out(`${CLEAR}${renderStatus(shown, { terminal, all })}${below}${hint}\n`);
  };
  return {
    show: (status) => {
      shown = status;
      draw("");
    },
    showFailure: (message) => draw(failure(message)),
  };
}

/** The changes since an earlier status: a line for each instance and each run, to be appended to a log. */
function renderChanges(before: Status, after: Status): string[] {
  const time = formatClockTime(after);
  const lines = after.targets.flatMap((target) => {
    const earlier = before.targets.find(({ name }) => name === target.name);
    return [
      ...describeRunChanges(earlier?.schedules ?? [], target.schedules),
      ...describeInstanceChanges(earlier?.instances ?? [], target.instances),
    ].map((change) => `${time}  ${target.name}: ${change}`);
  });
  return lines.map(toPrintable);
}

/** Local time with seconds, because refreshes are only seconds apart. */
function formatClockTime({ now, timezone }: Status): string {
  return formatIso(new Date(toLocalMs(now, timezone))).slice(11, 19);
}

function describeRunChanges(before: readonly ScheduleStatus[], after: readonly ScheduleStatus[]): string[] {
  return after.flatMap((schedule) => {
    const earlier = before.find(({ planned }) => planned.name === schedule.planned.name);
    const now = describeRun(schedule);
    return now === "" || (earlier !== undefined && describeRun(earlier) === now)
      ? []
      : [`${schedule.planned.name} ${now}`];
  });
}

function describeRun({ lastRun, lastFiring, missed }: ScheduleStatus): string {
  if (missed) return `left no run at ${lastFiring ? formatIso(lastFiring.at) : "its firing"}`;
  return lastRun === undefined ? "" : `ran at ${formatIso(lastRun.startedAt)}: ${summarizeRun(lastRun).text}`;
}

function describeInstanceChanges(
  before: readonly InstanceStatus[],
  after: readonly InstanceStatus[],
): string[] {
  const earlier = new Map(before.map((instance) => [instance.instanceId, instance]));
  const present = new Set(after.map(({ instanceId }) => instanceId));
  return [
    ...after.flatMap((instance) => describeInstanceChange(earlier.get(instance.instanceId), instance)),
    ...before
      .filter(({ instanceId }) => !present.has(instanceId))
      .map((instance) => `${nameInstance(instance)} is no longer part of it`),
  ];
}

function describeInstanceChange(before: InstanceStatus | undefined, after: InstanceStatus): string[] {
  if (before === undefined)
    return [`${nameInstance(after)} is new: ${after.state}, ${describeVerdict(after)}`];
  const state = before.state === after.state ? after.state : `${before.state} -> ${after.state}`;
  return before.state === after.state && describeVerdict(before) === describeVerdict(after)
    ? []
    : [`${nameInstance(after)} ${state}, ${describeVerdict(after)}`];
}

function describeVerdict({ verdict, services }: InstanceStatus): string {
  const ofServices = services && services.status !== "passed" ? `, services ${services.status}` : "";
  return VERDICT_TEXTS[verdict] + ofServices;
}

function nameInstance({ instanceId, name }: InstanceStatus): string {
  return name === undefined ? instanceId : `${instanceId} ${name}`;
}

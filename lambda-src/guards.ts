import { type Action, isReached } from "../contract/actions";
import { HOLD_VALUE, holdOf } from "../contract/holds";
import type { Candidate } from "./candidate";

export interface GuardOptions {
  readonly action: Action;
  readonly hibernate: boolean;
  readonly holdTag: string;
  /** IANA zone of the request, in which a hold is read that names none. */
  readonly timezone: string;
  /** When the stop or start was due, in milliseconds since 1970; undefined for a request that is due when it arrives. */
  readonly firedAt: number | undefined;
  readonly now: number;
}

/** Resolves a candidate that must not be changed; sets the stage of any other. */
export function applyGuards(candidate: Candidate, options: GuardOptions): void {
  const { before } = candidate;
  if (before.state === "terminated" || before.state === "shutting-down") {
    candidate.resolve("failed", `the instance is ${before.state}`);
    return;
  }
  applyHold(candidate, options);
  if (candidate.result) return;
  if (isReached(before.state, options.action)) {
    candidate.resolve("already");
    return;
  }
  if (before.manager !== undefined) {
    candidate.resolve("skipped", before.manager.reason);
  } else if (before.rootDeviceType === "instance-store") {
    candidate.resolve("skipped", "its root device is an instance store, which can't be stopped");
  } else {
    const changed = changedSince(candidate, options);
    if (changed === undefined) prepare(candidate, options);
    else candidate.resolve("skipped", changed);
  }
}

/**
 * Returns the reason to leave an instance alone that was started or stopped after the opposite was due: a run that comes
 * late, or again, does what one in time would have done.
 */
function changedSince({ before }: Candidate, { action, firedAt }: GuardOptions): string | undefined {
  const isStopped = before.state === "stopped" || before.state === "stopping";
  const changedAt = action === "stop" ? before.launchedAt : isStopped ? before.stoppedAt : undefined;
  if (firedAt === undefined || changedAt === undefined || changedAt <= firedAt) return undefined;
  const what = action === "stop" ? "started" : "stopped";
  return `${what} at ${new Date(changedAt).toISOString()}, after this ${action} was due`;
}

/** Resolves a candidate that its tag holds, as it was last read. */
export function applyHold(
  candidate: Candidate,
  { holdTag, now, timezone }: Pick<GuardOptions, "holdTag" | "now" | "timezone">,
): void {
  const value = candidate.snapshot.tags.get(holdTag);
  const reason = value === undefined ? undefined : describeHold(holdTag, value, now, timezone);
  if (value === undefined || reason === undefined) return;
  candidate.resolve("skipped", reason);
  // What is left alone for other reasons too is not looked at again.
  if (candidate.before.manager === undefined && candidate.before.rootDeviceType !== "instance-store")
    candidate.heldUntil = holdOf(value, now, timezone)?.until?.getTime();
}

/** Selects a running instance for checks. They change nothing, so holds and managers do not matter. */
export function selectRunning(candidate: Candidate): void {
  const { state } = candidate.before;
  if (state === "running") candidate.resolve("already");
  else candidate.resolve("skipped", `not running: ${state}`);
}

function prepare(candidate: Candidate, { action, hibernate }: GuardOptions): void {
  const { state, hibernationConfigured } = candidate.before;
  if (action === "start") {
    if (state === "stopping") candidate.stage = "waiting";
    if (state === "pending") candidate.stage = "watching";
    return;
  }
  candidate.hibernate = hibernate && hibernationConfigured !== false;
  if (hibernate && !candidate.hibernate) {
    candidate.note = "stopped without hibernating: it was not launched with hibernation configured";
  }
}

/** Returns why the value of a hold tag holds its instance now, or undefined when it does not. */
export function describeHold(tag: string, value: string, now: number, timezone?: string): string | undefined {
  const hold = holdOf(value, now, timezone);
  if (hold === undefined) return undefined;
  if (hold.unreadable) {
    return `held by tag ${tag}: its value ${JSON.stringify(value)} is no ${HOLD_VALUE}, so it holds for ever`;
  }
  return `held by tag ${tag}${hold.until === undefined ? "" : ` until ${hold.until.toISOString()}`}`;
}

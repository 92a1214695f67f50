import { type Action, isReached, oppositeOf, STATE_AFTER } from "../contract/actions";
import type { Candidate } from "./candidate";
import type { InstanceSnapshot } from "./describe";

/** EC2's reads lag behind its writes; after this time, an instance that reads as stopped has fallen back. */
const MAX_READ_LAG_MS = 10_000;
/** Reads that must agree before a state that may be outdated counts. */
const MIN_AGREEING_READS = 2;
/** How often a change is requested in all when its requests fail. */
const MAX_FAILED_REQUESTS = 4;

/** Records the state from EC2's answer to the change. */
export function recordAnswer(candidate: Candidate, state: string, action: Action, now: number): void {
  candidate.acceptedAt = now;
  candidate.snapshotWhenAccepted = candidate.snapshot;
  candidate.transientFault = undefined;
  candidate.unchangedReads = 0;
  if (state) candidate.state = state;
  if (isReached(state, action)) candidate.resolve("done");
}

/** Records the snapshot of a later read, which is undefined if it did not find the instance. */
export function recordSnapshot(
  candidate: Candidate,
  snapshot: InstanceSnapshot | undefined,
  action: Action,
  now: number,
): void {
  if (!snapshot) {
    if (++candidate.absentReads >= MIN_AGREEING_READS)
      candidate.resolve("failed", "the instance no longer exists");
    return;
  }
  const { state } = snapshot;
  candidate.absentReads = 0;
  candidate.snapshot = snapshot;
  candidate.state = state;
  if (isReached(state, action)) {
    candidate.resolve(wasRequested(candidate) ? "done" : "already");
  } else if (state === "terminated" || state === "shutting-down") {
    candidate.resolve("failed", `the instance is ${state}`);
  } else if (state !== STATE_AFTER[oppositeOf(action)]) {
    candidate.unchangedReads = 0;
  } else if (candidate.stage === "waiting") {
    candidate.stage = "ready";
  } else {
    recordUnchanged(candidate, action, now);
  }
}

/** Whether this run requested the change, or may have. */
function wasRequested(candidate: Candidate): boolean {
  return candidate.acceptedAt !== undefined || candidate.transientFault !== undefined;
}

/** Records that an instance is still, or again, in the state from before the change. */
function recordUnchanged(candidate: Candidate, action: Action, now: number): void {
  candidate.unchangedReads++;
  const isConfirmed = candidate.unchangedReads >= MIN_AGREEING_READS;
  if (candidate.acceptedAt === undefined || candidate.transientFault) {
    if (isConfirmed && candidate.failedRequests < MAX_FAILED_REQUESTS) candidate.stage = "ready";
  } else if (action === "start") {
    const lagOver = now - candidate.acceptedAt >= MAX_READ_LAG_MS;
    if (hasNewReason(candidate) || (isConfirmed && lagOver)) {
      candidate.lacksCapacity = isCapacity(candidate.snapshot.stateReason?.code ?? "");
      candidate.resolve("failed", fallbackReason(candidate.snapshot));
    }
  }
}

/** Whether the state has a reason from after the change: a lagging read shows the old reason with the old state. */
function hasNewReason({ snapshot, snapshotWhenAccepted }: Candidate): boolean {
  const now = snapshot.stateReason;
  const then = snapshotWhenAccepted?.stateReason;
  return now !== undefined && (now.code !== then?.code || now.message !== then.message);
}

function fallbackReason({ stateReason }: InstanceSnapshot): string {
  const text = "accepted, but the instance fell back to stopped";
  if (!stateReason) return `${text}; EC2 gives no reason`;
  const { code, message } = stateReason;
  return `${text}: ${message.startsWith(code) ? message : `${code}: ${message}`}${hint(code, message)}`;
}

function hint(code: string, message: string): string {
  if (isCapacity(code)) return " (no capacity: try later, another instance type or Availability Zone)";
  if (/kms/i.test(code + message) || code === "Client.InternalError") {
    return " (often a volume's KMS key that the function's role may not use: see kmsKeyArns)";
  }
  return "";
}

function isCapacity(code: string): boolean {
  return /capacity/i.test(code);
}

/** Resolves a candidate when time has run out; `readError` is the error of the last poll. */
export function resolveUnconfirmed(
  candidate: Candidate,
  action: Action,
  readError: string | undefined,
): void {
  const { transientFault, stage, state, stateRejection } = candidate;
  const fault = transientFault && `${transientFault.code}: ${transientFault.message}`;
  const because = [fault, stateRejection, readError].filter(Boolean).join("; ");
  const why = because ? ` (${because})` : "";
  if (stage === "waiting") {
    candidate.resolve("failed", `still ${state} when time ran out, so no ${action} was possible${why}`);
  } else if (stage === "ready" && !transientFault) {
    candidate.resolve("failed", `not attempted: time ran out${why}`);
  } else if (transientFault?.kind === "throttled" && !readError) {
    candidate.resolve("failed", `${transientFault.code}: ${transientFault.message}`);
  } else {
    candidate.resolve("unconfirmed", `last seen ${state} when time ran out${why}`);
  }
}

import { type Action, INSTANCE_PERMISSIONS } from "../contract/actions";
import { partition } from "../contract/collections";
import { IDS_PER_CALL } from "../contract/instance-search";
import { UnreadableAnswer } from "./answers";
import {
  type Batch,
  type BatchQueue,
  isUnhandled,
  type Rejections,
  recordAccepted,
  searchOf,
  splitNamed,
  splitUnnamed,
} from "./batches";
import { OutOfTimeError } from "./call-times";
import type { Candidate } from "./candidate";
import type { Ec2Calls } from "./ec2-calls";
import { type AwsFault, describeFault, namedIds, readFault, rejectionKind } from "./faults";
import type { InstanceTokens } from "./instance-tokens";
import type { Clock } from "./runtime";
import { recordAnswer } from "./verify";

export interface ActOptions {
  readonly action: Action;
  readonly dryRun: boolean;
  readonly calls: Ec2Calls;
  readonly clock: Clock;
  readonly rejections: Rejections;
  /** The batches that are still to request, kept between the calls of `act`. */
  readonly queue: BatchQueue;
  readonly tokens: InstanceTokens;
}

/** The fault of an answer without the instance: EC2 may not have changed it, so it is looked up, and asked for again. */
const UNLISTED = readFault(
  new UnreadableAnswer("expected the instance in EC2's answer, got none or others", 200),
);

/** EC2 may reject an instance for its state this often before it counts as failed. */
const MAX_STATE_REJECTIONS = 4;

/**
 * Requests the change from EC2 in as few calls as possible, and as far as its rate allows: the others stay ready. EC2
 * rejects a whole call for one instance: the instances that its message names are removed and the rest is requested again.
 * A call whose rejection names none is split.
 */
export async function act(candidates: readonly Candidate[], options: ActOptions): Promise<void> {
  const { calls, queue, rejections } = options;
  // Instances that turn out unable to hibernate are ready again, and stopped without it in a second round.
  for (let ready = candidates; ready.length > 0; ready = ready.filter(({ isReady }) => isReady)) {
    queue.offer(ready);
    for (let batch = queue.next(); batch; batch = queue.next()) {
      if (rejections.isExhausted(batch)) {
        resolveUnrequested(batch.members, batch.suspectedFor, options);
        continue;
      }
      const allowed = allowedPart(batch, options);
      // What is not requested in time is resolved when the run closes.
      if (!allowed || calls.times.timeToStart("change", allowed.members.length) <= 0) {
        queue.putBack(allowed ?? batch);
        return;
      }
      if (!(await requestChange(allowed, options))) return;
    }
  }
}

/**
 * Returns the part of a batch that fits into a call and for which EC2's rate has room, and adds the rest to the queue;
 * undefined if it has none.
 */
function allowedPart(batch: Batch, { queue, tokens }: ActOptions): Batch | undefined {
  const { members } = batch;
  const room = Math.min(IDS_PER_CALL, tokens.batchOf(members.length + queue.count()));
  if (room === 0) return undefined;
  queue.add({ ...batch, members: members.slice(room) });
  return { ...batch, members: members.slice(0, room) };
}

/**
 * Requests the change of one batch; adds the batches that a rejection leaves to request to the queue. Returns whether to go
 * on: after a refusal for EC2's rate, which says nothing of the instances, the others are looked at first.
 */
async function requestChange(batch: Batch, options: ActOptions): Promise<boolean> {
  const { action, calls, clock, dryRun, rejections, queue, tokens } = options;
  const { members } = batch;
  const hibernate = hibernates(batch);
  const isRepeated = members.some(isUnhandled);
  // Set before the call, so that a run that times out during the call does not report it as not attempted.
  for (const candidate of members) candidate.stage = "watching";
  try {
    const states = await calls.change(action, ids(members), { hibernate, dryRun, isRepeated });
    tokens.recordTaken(members.length);
    for (const candidate of members) {
      const state = states.get(candidate.instanceId);
      if (state === undefined) markTransient(candidate, UNLISTED);
      else recordAnswer(candidate, state, action, clock.now());
    }
    recordAccepted(batch);
    rejections.recordAuthorized();
    if (hibernate) rejections.recordHibernation(true);
  } catch (error) {
    const fault = readFault(error);
    if (fault.code === "DryRunOperation") {
      for (const candidate of members) candidate.resolve("skipped", `dry run: EC2 would ${action} it`);
      recordAccepted(batch);
      rejections.recordAuthorized();
      return true;
    }
    if (fault.kind === "ambiguous") {
      tokens.recordTaken(members.length, false);
      for (const candidate of members) markTransient(candidate, fault);
      return true;
    }
    for (const candidate of members) candidate.stage = "ready";
    if (fault.kind === "throttled" || error instanceof OutOfTimeError) {
      if (fault.kind === "throttled") tokens.recordRefused(members.length);
      queue.putBack(batch);
      return false;
    }
    handleRejection(batch, fault, options);
  }
  return true;
}

function markTransient(candidate: Candidate, fault: AwsFault): void {
  candidate.transientFault = fault;
  candidate.failedRequests++;
  candidate.unchangedReads = 0;
}

function handleRejection(batch: Batch, fault: AwsFault, options: ActOptions): void {
  const { action, rejections, queue } = options;
  const { members } = batch;
  const known = new Set(namedIds(fault.text, ids(members)));
  const [named, rest] = partition(members, ({ instanceId }) => known.has(instanceId));
  const concerned = named.length > 0 || members.length > 1 ? named : members;
  if (fault.kind !== "denied") rejections.recordAuthorized();
  else if (members.length === 1) rejections.recordDeniedAlone();
  if (rejections.isFinal(fault, queue.count())) {
    failAll([...members, ...queue.remove()], reasonOf(fault, action));
    return;
  }
  for (const candidate of concerned) applyRejection(candidate, fault, action);
  if (
    rest.some(({ hibernate }) => hibernate) &&
    named.length > 0 &&
    rejectionKind(fault) === "no-hibernation"
  ) {
    rejections.recordHibernation(false);
    if (rejections.givesUpHibernating) {
      resolveUnrequested([...rest, ...queue.remove(hibernates)], fault, options);
      return;
    }
  }
  if (named.length > 0) {
    queue.add(...splitNamed(batch, rest, fault, rejections));
    return;
  }
  rejections.unnamed++;
  if (members.length > 1) {
    queue.add(...splitUnnamed(batch, fault, rejections));
    return;
  }
  const search = batch.search ?? searchOf(batch, fault, rejections);
  search.rejected++;
  search.rejectedAlone++;
  if (rejections.givesUp(search, queue.count(search)))
    resolveUnrequested(
      queue.remove((other) => other.search === search),
      fault,
      options,
    );
}

/** Resolves instances for which no further calls are spent: the rejection of others stands for their own. */
function resolveUnrequested(
  candidates: readonly Candidate[],
  fault: AwsFault | undefined,
  { action, rejections }: ActOptions,
): void {
  if (!fault) return;
  const kind = rejectionKind(fault);
  for (const candidate of candidates) {
    const plainly = isStoppedPlainly(candidate, fault);
    if (kind === "state" || plainly) {
      applyRejection(candidate, fault, action);
      if (plainly && !candidate.hibernate) candidate.note += " (rejected for others like it)";
    } else {
      const calls = `${rejections.unnamed} rejected calls that named no instance`;
      candidate.lacksCapacity = kind === "capacity";
      candidate.resolve("failed", `${reasonOf(fault, action)} (not requested alone, after ${calls})`);
    }
  }
}

function reasonOf(fault: AwsFault, action: Action): string {
  return fault.kind === "denied"
    ? describeFault(INSTANCE_PERMISSIONS[action], fault)
    : `${fault.code}: ${fault.message}`;
}

/** Resolves a rejected candidate, or prepares it for another request. */
function applyRejection(candidate: Candidate, fault: AwsFault, action: Action): void {
  const kind = rejectionKind(fault);
  const reason = reasonOf(fault, action);
  if (kind === "state" && ++candidate.failedRequests <= MAX_STATE_REJECTIONS) {
    candidate.stateRejection = reason;
    candidate.stage = "waiting";
  } else if (isStoppedPlainly(candidate, fault)) {
    candidate.hibernate = false;
    candidate.note = `stopped without hibernating: ${fault.message}`;
    candidate.stage = "ready";
  } else if (action === "stop" && kind === "spot" && isOneTime(candidate, fault)) {
    candidate.resolve(
      "skipped",
      `spot instance of a one-time request, which can't be stopped (${fault.code})`,
    );
  } else if (action === "stop" && kind === "instance-store") {
    candidate.resolve(
      "skipped",
      `its root device is an instance store, which can't be stopped (${fault.code})`,
    );
  } else {
    candidate.lacksCapacity = kind === "capacity";
    candidate.resolve("failed", reason + hint(fault));
  }
}

/**
 * Whether to stop an instance without hibernating, since EC2 rejects its hibernation, or its stop for a reason that may lie
 * in the hibernation, such as its state.
 */
function isStoppedPlainly({ hibernate }: Candidate, fault: AwsFault): boolean {
  const kind = rejectionKind(fault);
  if (!hibernate || fault.kind === "denied") return false;
  return kind === "no-hibernation" || kind === "state" || (kind === "other" && !isStopProtection(fault));
}

/** DescribeInstances does not show whether a spot request is one-time or persistent; only the rejection does. */
function isOneTime(candidate: Candidate, { code, text }: AwsFault): boolean {
  return /one-time/i.test(text) || (candidate.before.spot && code === "UnsupportedOperation");
}

function hint(fault: AwsFault): string {
  return isStopProtection(fault) ? " (stop protection is on)" : "";
}

function isStopProtection({ code, message }: AwsFault): boolean {
  return code === "OperationNotPermitted" && /disableApiStop/.test(message);
}

function hibernates({ members }: Batch): boolean {
  return members.some(({ hibernate }) => hibernate);
}

function ids(members: readonly Candidate[]): string[] {
  return members.map(({ instanceId }) => instanceId);
}

function failAll(candidates: readonly Candidate[], reason: string): void {
  for (const candidate of candidates) candidate.resolve("failed", reason);
}

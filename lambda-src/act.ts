import { type Action, INSTANCE_PERMISSIONS } from "../contract/actions";
import { chunksOf } from "../contract/collections";
import { IDS_PER_CALL } from "../contract/instance-search";
import type { Candidate } from "./candidate";
import type { Ec2Calls } from "./ec2-calls";
import { type AwsFault, isTransient, namedIds, readFault, rejectionKind } from "./faults";
import type { Clock } from "./runtime";
import { recordAnswer } from "./verify";

export interface ActOptions {
  readonly action: Action;
  readonly dryRun: boolean;
  readonly calls: Ec2Calls;
  readonly clock: Clock;
  readonly deadline: number;
  /** The number of rejections in this region that named no instance; `act` increments it. */
  readonly unnamedRejections: { count: number };
}

/** After this many rejections that name no instance, splitting the calls further would only run into throttling. */
const MAX_UNNAMED_REJECTIONS = 100;
const NOT_ATTEMPTED = `not attempted: stopped after ${MAX_UNNAMED_REJECTIONS} rejected calls that named no instance`;
/** Access denied is final: at most this many calls, reads included, are spent on it. */
const MAX_CALLS_WHEN_DENIED = 3;
/** EC2 may reject an instance for its state this often before it counts as failed. */
const MAX_STATE_REJECTIONS = 4;

/**
 * Requests the change from EC2 in as few calls as possible. EC2 rejects a whole call for one instance: the instances that
 * its message names are removed and the rest is requested again. A call whose rejection names none is split in halves.
 */
export async function act(candidates: readonly Candidate[], options: ActOptions): Promise<void> {
  let ready = candidates;
  // Instances that turn out unable to hibernate are ready again, and stopped without it in a second round.
  while (ready.length > 0) {
    const [hibernating, plain] = partition(ready, (candidate) => candidate.hibernate);
    const queue = [...chunksOf(plain, IDS_PER_CALL), ...chunksOf(hibernating, IDS_PER_CALL)];
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      // What is not requested in time is resolved when the run closes.
      if (options.calls.times.timeToStart("change", batch.length) <= 0) return;
      if (options.unnamedRejections.count < MAX_UNNAMED_REJECTIONS) {
        queue.unshift(...(await requestChange(batch, queue, options)));
      } else {
        failAll([batch, ...queue.splice(0)].flat(), NOT_ATTEMPTED);
      }
    }
    ready = ready.filter(({ result, stage }) => !result && stage === "ready");
  }
}

/** Requests the change of one batch; returns the batches that a rejection leaves to request. */
async function requestChange(
  batch: Candidate[],
  queue: Candidate[][],
  options: ActOptions,
): Promise<Candidate[][]> {
  const { action, calls, clock, dryRun } = options;
  const hibernate = batch.some((candidate) => candidate.hibernate);
  // Set before the call, so that a run that times out during the call does not report it as not attempted.
  for (const candidate of batch) candidate.stage = "watching";
  try {
    const states = await calls.change(action, ids(batch), { hibernate, dryRun });
    for (const candidate of batch)
      recordAnswer(candidate, states.get(candidate.instanceId), action, clock.now());
    return [];
  } catch (error) {
    const fault = readFault(error);
    if (fault.code === "DryRunOperation") {
      for (const candidate of batch) candidate.resolve("skipped", `dry run: EC2 would ${action} it`);
      return [];
    }
    if (isTransient(fault)) {
      for (const candidate of batch) markTransient(candidate, fault);
      return [];
    }
    for (const candidate of batch) candidate.stage = "ready";
    return fault.kind === "denied"
      ? handleDenial(batch, queue, fault, options)
      : handleRejection(batch, fault, options);
  }
}

function markTransient(candidate: Candidate, fault: AwsFault): void {
  candidate.transientFault = fault;
  candidate.failedRequests++;
  candidate.unchangedReads = 0;
}

/** Fails the instances that a denial names, and requests the others again while `MAX_CALLS_WHEN_DENIED` allows it. */
function handleDenial(
  batch: Candidate[],
  queue: Candidate[][],
  fault: AwsFault,
  options: ActOptions,
): Candidate[][] {
  const { action, calls } = options;
  const reason = `${INSTANCE_PERMISSIONS[action]} is denied (${fault.code}): ${fault.message}`;
  const [named, rest] = splitNamed(batch, fault.message);
  const made = calls.counts.describe + calls.counts.start + calls.counts.stop;
  if (named.length > 0 && rest.length > 0 && made < MAX_CALLS_WHEN_DENIED) {
    failAll(named, reason);
    return [rest];
  }
  failAll([batch, ...queue.splice(0)].flat(), reason);
  return [];
}

function handleRejection(
  batch: Candidate[],
  fault: AwsFault,
  { action, unnamedRejections }: ActOptions,
): Candidate[][] {
  const [named, rest] = splitNamed(batch, fault.message);
  if (named.length === 0) unnamedRejections.count++;
  if (named.length === 0 && batch.length > 1) return splitUnnamed(batch, fault);
  for (const candidate of named.length > 0 ? named : batch) applyRejection(candidate, fault, action);
  return named.length > 0 ? splitSpot(rest, fault) : [];
}

/** Resolves a rejected candidate, or prepares it for another request. */
function applyRejection(candidate: Candidate, fault: AwsFault, action: Action): void {
  const kind = rejectionKind(fault);
  const reason = `${fault.code}: ${fault.message}`;
  if (kind === "no-hibernation" && candidate.hibernate) {
    candidate.hibernate = false;
    candidate.note = `stopped without hibernating: ${fault.message}`;
    candidate.stage = "ready";
  } else if (kind === "state" && ++candidate.failedRequests <= MAX_STATE_REJECTIONS) {
    candidate.stateRejection = reason;
    candidate.stage = "waiting";
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
    candidate.resolve("failed", reason + hint(fault));
  }
}

/** DescribeInstances does not show whether a spot request is one-time or persistent; only the rejection does. */
function isOneTime(candidate: Candidate, { code, message }: AwsFault): boolean {
  return /one-time/i.test(message) || (candidate.before.spot && code === "UnsupportedOperation");
}

function hint({ code, message }: AwsFault): string {
  if (code === "OperationNotPermitted" && /disableApiStop/.test(message)) return " (stop protection is on)";
  return "";
}

/** After a rejected spot instance, requests the other spot instances apart, since they are likely rejected too. */
function splitSpot(rest: Candidate[], fault: AwsFault): Candidate[][] {
  if (rejectionKind(fault) !== "spot") return rest.length > 0 ? [rest] : [];
  return partition(rest, ({ before }) => !before.spot).filter((part) => part.length > 0);
}

function splitUnnamed(batch: Candidate[], fault: AwsFault): Candidate[][] {
  const isSuspect = isSuspectOf(batch, fault);
  const [suspected, clear] = partition(batch, isSuspect);
  if (suspected.length > 0 && clear.length > 0) return [clear, suspected];
  const half = Math.ceil(batch.length / 2);
  return [batch.slice(0, half), batch.slice(half)];
}

/** Returns a test for the instances that a rejection which names none is likely about. */
function isSuspectOf(batch: readonly Candidate[], fault: AwsFault): (candidate: Candidate) => boolean {
  const kind = rejectionKind(fault);
  if (kind === "spot") return ({ before }) => before.spot;
  if (kind !== "capacity") return () => false;
  // The message names the instance type, and mostly the Availability Zone, that is short of capacity.
  const words = new Set(fault.message.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, "")));
  const zoneNamed = batch.some(({ before }) => words.has(before.availabilityZone ?? ""));
  return ({ before }) =>
    words.has(before.instanceType ?? "") && (!zoneNamed || words.has(before.availabilityZone ?? ""));
}

function splitNamed(batch: readonly Candidate[], message: string): [Candidate[], Candidate[]] {
  const named = new Set(namedIds(message, ids(batch)));
  return partition(batch, ({ instanceId }) => named.has(instanceId));
}

function partition<T>(list: readonly T[], test: (entry: T) => boolean): [T[], T[]] {
  return [list.filter((entry) => test(entry)), list.filter((entry) => !test(entry))];
}

function ids(batch: readonly Candidate[]): string[] {
  return batch.map(({ instanceId }) => instanceId);
}

function failAll(candidates: readonly Candidate[], reason: string): void {
  for (const candidate of candidates) candidate.resolve("failed", reason);
}

import { READ_PERMISSIONS } from "../contract/actions";
import { chunksOf, partition } from "../contract/collections";
import { IDS_PER_CALL } from "../contract/instance-search";
import { act } from "./act";
import { BatchQueue, Rejections } from "./batches";
import { OutOfTimeError } from "./call-times";
import { Candidate } from "./candidate";
import type { RunTarget } from "./deployed-targets";
import { describeSettled } from "./describe";
import { discover } from "./discover";
import type { DiscoveryGuard } from "./discovery-guard";
import type { Ec2Calls } from "./ec2-calls";
import { describeFault, readFault } from "./faults";
import type { FollowUps } from "./follow-ups";
import { applyGuards, applyHold, type GuardOptions, selectRunning } from "./guards";
import { InstanceTokens } from "./instance-tokens";
import type { Clock, Log } from "./runtime";
import type { ServiceRun } from "./services/service-run";
import type { SsmApi } from "./services/ssm-client";
import { recordSnapshot, resolveUnconfirmed } from "./verify";

export interface RegionRunOptions extends Omit<GuardOptions, "now"> {
  readonly region: string;
  readonly targets: readonly RunTarget[];
  readonly dryRun: boolean;
  /** Only run the service checks of running instances, start nothing. */
  readonly checkOnly: boolean;
  readonly schedule: string;
  readonly connectSsm: (region: string) => Promise<SsmApi>;
  readonly log: Log;
  readonly calls: Ec2Calls;
  readonly clock: Clock;
  readonly random: () => number;
  /** When, by the clock, the region must be done. */
  readonly deadline: number;
  readonly guard: DiscoveryGuard;
  readonly followUps: FollowUps;
  /** When the request becomes too late, by the clock. */
  readonly latestChange: number;
  /** The time of the stop of which the run only warns, in milliseconds since 1970. */
  readonly stopsAt: number | undefined;
  /** Whether another run left these instances for this one, since EC2's rate had no room for them. */
  readonly resumes: boolean;
}

const FIRST_POLL_MS = 2_000;
const POLL_BACKOFF_FACTOR = 1.8;
const MAX_POLL_MS = 10_000;
/** Time reserved for a last poll, so that an unconfirmed result is as recent as it can be. */
const LAST_POLL_MS = 1_500;
const MIN_PAUSE_MS = 500;
/** Time reserved after the last request to read its effect: an instance that starts takes longer than one accepted to stop. */
const CONFIRM_MS = { start: 60_000, stop: 10_000 } as const;
const MAX_CONFIRM_SHARE = 0.4;
export const NO_ROOM = "EC2's rate allows no more now";

/** A run in one region. Its results can be read at any time, finished or not. */
export class RegionRun {
  readonly candidates: Candidate[] = [];
  /** Why an id of the request has no instance, by id. */
  missing: ReadonlyMap<string, string> = new Map();
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly region: string;
  readonly #options: RegionRunOptions;
  readonly #rejections = new Rejections();
  readonly #queue = new BatchQueue();
  readonly #tokens: InstanceTokens;
  /** When a change can be requested at the latest, so that its effect is still read. */
  readonly #lastRequest: number;
  /** When the request becomes too late. */
  #latestChange: number;
  #discovered = false;
  /** The error of the last poll, if it failed. */
  #readError: string | undefined;
  #services: ServiceRun | undefined;
  /** The error that prevented all checks. */
  #servicesFault: string | undefined;

  constructor(options: RegionRunOptions) {
    this.#options = options;
    this.region = options.region;
    const { action, clock, random, deadline, latestChange, resumes } = options;
    const confirmMs = Math.min(CONFIRM_MS[action], (deadline - clock.now()) * MAX_CONFIRM_SHARE);
    this.#lastRequest = Math.min(deadline - confirmMs, latestChange);
    this.#latestChange = latestChange;
    this.#tokens = new InstanceTokens(action, clock, random, this.#lastRequest, resumes);
  }

  get counts() {
    return this.#options.calls.counts;
  }

  /** Discovers the instances, requests the change and polls until all are resolved or time runs out. Never throws. */
  async run(): Promise<void> {
    const resolved = new AbortController();
    try {
      await this.#discover();
      const changes = this.#changeAndConfirm()
        .then(() => this.#leaveForLater())
        .finally(() => resolved.abort());
      await Promise.all([this.#awaitHolds(), changes, this.#runChecks(resolved.signal)]);
    } catch (error) {
      this.errors.push(describeError(error));
    }
  }

  /** Resolves what is still open; answers that arrive later no longer count. */
  close(): void {
    if (!this.#discovered && this.errors.length === 0)
      this.errors.push("time ran out during the search for instances");
    for (const candidate of this.#unresolved())
      resolveUnconfirmed(candidate, this.#options.action, this.#readError);
    this.#services?.close();
    for (const candidate of this.#withChecks().filter(({ succeeded }) => succeeded)) {
      candidate.services ??= { status: "unchecked", reason: this.#servicesFault ?? "time ran out" };
    }
  }

  async #discover(): Promise<void> {
    const { region, targets, calls, checkOnly, guard, clock, followUps, stopsAt } = this.#options;
    const discovery = await discover(calls, targets, (foundByTags) => guard.count(region, foundByTags));
    this.#discovered = true;
    this.missing = discovery.missing;
    this.errors.push(...discovery.errors);
    this.warnings.push(...discovery.warnings);
    const stopped = await guard.admit(region);
    if (stopped !== undefined) {
      this.errors.push(stopped);
      return;
    }
    for (const { snapshot, excludedBy, checks } of discovery.instances.values()) {
      const candidate = new Candidate(region, snapshot, checks);
      this.candidates.push(candidate);
      if (excludedBy !== undefined) candidate.resolve("skipped", `excluded by tag ${excludedBy}`);
      else if (checkOnly) selectRunning(candidate);
      else applyGuards(candidate, { ...this.#options, now: stopsAt ?? clock.now() });
      if (stopsAt !== undefined && !candidate.result) resolveWarned(candidate, stopsAt);
    }
    this.#latestChange = Math.min(this.#latestChange, await followUps.recheck(this.#unresolved()));
  }

  /**
   * Has follow-ups written for the instances that are held. While they are, the others change, so that none of them waits for
   * EventBridge Scheduler.
   */
  async #awaitHolds(): Promise<void> {
    try {
      await this.#options.followUps.awaitHolds(this.candidates);
    } catch (error) {
      this.errors.push(describeError(error));
    }
  }

  /** Has follow-ups written for instances that EC2 lacks capacity for, and for those that are held by now. */
  async #leaveForLater(): Promise<void> {
    await this.#awaitHolds();
    const lacking = this.candidates.filter(
      ({ lacksCapacity, result }) => lacksCapacity && result?.outcome === "failed",
    );
    await this.#options.followUps.defer(lacking, { kind: "capacity" });
  }

  async #changeAndConfirm(): Promise<void> {
    const { calls, clock, dryRun, deadline } = this.#options;
    for (let polls = 0; ; polls++) {
      await this.#request();
      const unresolved = this.#unresolved();
      const latest = calls.times.timeToStart("read", Math.min(unresolved.length, IDS_PER_CALL));
      const left = Math.min(latest, deadline - clock.now() - LAST_POLL_MS);
      const [ready, watched] = partition(unresolved, ({ isReady }) => isReady);
      if (dryRun && (ready.length === 0 || left < MIN_PAUSE_MS)) {
        for (const candidate of unresolved)
          candidate.resolve("skipped", `dry run: not attempted while ${candidate.state}`);
        return;
      }
      if (unresolved.length === 0 || left < MIN_PAUSE_MS) return;
      const untilBatch = this.#untilBatchMs(ready.length);
      // After a refusal, the next batch waits for a poll, too.
      const untilPoll = watched.length > 0 || untilBatch === 0 ? this.#pauseMs(polls) : untilBatch;
      await clock.sleep(Math.min(untilPoll, untilBatch || untilPoll, left));
      // Instances that waited for EC2's rate are read again: someone may have changed or held them.
      const next = untilBatch <= untilPoll ? this.#queue.upcoming(IDS_PER_CALL) : [];
      if (!(await this.#poll([...watched, ...next]))) return;
    }
  }

  /** Requests what EC2's rate allows now, and defers what it does not allow within this run. */
  async #request(): Promise<void> {
    this.#failLate();
    await this.#leaveSurplus();
    await act(this.#ready(), {
      ...this.#options,
      rejections: this.#rejections,
      queue: this.#queue,
      tokens: this.#tokens,
    });
    await this.#leaveSurplus();
  }

  /** Resolves the instances that still wait as failed, once the request is too late. */
  #failLate(): void {
    if (this.#options.clock.now() < this.#latestChange) return;
    const due = new Date(this.#latestChange).toISOString();
    for (const candidate of this.#ready())
      candidate.resolve(
        "failed",
        `not attempted: EC2 had no room for it until ${due}, when the request became too late`,
      );
  }

  async #leaveSurplus(): Promise<void> {
    const { dryRun, followUps, clock } = this.#options;
    // Without follow-ups, the run requests as much as it can until its time is over.
    if (dryRun || !(followUps.enabled || clock.now() >= this.#lastRequest)) return;
    const ready = this.#ready();
    const surplus = this.#tokens.surplus(ready.length);
    if (!surplus) return;
    await followUps.defer(ready.slice(-surplus.count), { kind: "resume", at: surplus.at, reason: NO_ROOM });
  }

  /** Returns the milliseconds until EC2's rate has room for some of so many instances, or until none can be requested. */
  #untilBatchMs(ready: number): number {
    if (ready === 0) return Number.POSITIVE_INFINITY;
    const untilLast = this.#lastRequest - this.#options.clock.now();
    return Math.min(this.#tokens.timeUntilBatch(ready), Math.max(untilLast, MIN_PAUSE_MS));
  }

  /** Reads the instances; returns whether to poll again, which is pointless after a denial and without the time for it. */
  async #poll(unresolved: readonly Candidate[]): Promise<boolean> {
    const { calls, clock, action } = this.#options;
    try {
      for (const part of chunksOf(unresolved, IDS_PER_CALL)) {
        const { found, missing } = await describeSettled(
          calls,
          part.map(({ instanceId }) => instanceId),
        );
        const seen = new Map(found.map((snapshot) => [snapshot.instanceId, snapshot]));
        for (const candidate of part) {
          const { instanceId, snapshot } = candidate;
          const pending = missing.has(instanceId) ? undefined : { ...snapshot, state: "pending" };
          recordSnapshot(candidate, seen.get(instanceId) ?? pending, action, clock.now());
          if (candidate.isReady) applyHold(candidate, { ...this.#options, now: clock.now() });
        }
      }
      this.#readError = undefined;
      return true;
    } catch (error) {
      if (error instanceof OutOfTimeError) return false;
      const fault = readFault(error);
      this.#readError = describeFault(READ_PERMISSIONS.instances, fault);
      return fault.kind !== "denied";
    }
  }

  /** Runs the checks on each instance as soon as it runs, concurrently with the changes. An error here fails no start. */
  async #runChecks(allResolved: AbortSignal): Promise<void> {
    const { region, schedule, checkOnly, clock, random, deadline, log } = this.#options;
    const candidates = this.#withChecks();
    if (candidates.length === 0) return;
    try {
      const { makeSsmCalls, ServiceRun } = await import("./services");
      const api = await this.#options.connectSsm(region);
      const comment = `ec2-start-stop: checks of ${schedule}`;
      const calls = makeSsmCalls({ api, clock, random, deadline, comment });
      this.#services = new ServiceRun({
        candidates,
        calls,
        clock,
        random,
        deadline,
        isLastAttempt: checkOnly,
        allResolved,
        log: (entry) => log({ ...entry, region }),
      });
      await this.#services.run();
    } catch (error) {
      this.#servicesFault = describeError(error);
    }
  }

  /** The instances that have checks to run once they are started. */
  #withChecks(): Candidate[] {
    const { action, dryRun } = this.#options;
    if (action !== "start" || dryRun) return [];
    return this.candidates.filter(({ checks }) => checks.length > 0);
  }

  /** Polls with exponential backoff, and with jitter so that many functions do not poll in step. */
  #pauseMs(polls: number): number {
    const pause = Math.min(MAX_POLL_MS, FIRST_POLL_MS * POLL_BACKOFF_FACTOR ** polls);
    return pause * (0.8 + this.#options.random() * 0.4);
  }

  #ready(): Candidate[] {
    return this.candidates.filter(({ isReady }) => isReady);
  }

  #unresolved(): Candidate[] {
    return this.candidates.filter(({ result }) => !result);
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function resolveWarned(candidate: Candidate, stopsAt: number): void {
  candidate.isWarned = true;
  candidate.resolve("skipped", `warned: stops at ${new Date(stopsAt).toISOString()}`);
}

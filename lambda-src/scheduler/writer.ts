import { createHash } from "node:crypto";
import { type Action, oppositeOf } from "../../contract/actions";
import { chunksOf, groupBy } from "../../contract/collections";
import { readInstant } from "../../contract/date-time";
import {
  CAPACITY_RETRY_MINUTES,
  FOLLOW_UP_PERMISSIONS,
  type FollowUp,
  type FollowUpKind,
  MAX_RESUMES,
  MIN_FOLLOW_UP_MINUTES,
} from "../../contract/follow-ups";
import { MAX_NAME_LENGTH, MAX_SCHEDULER_INPUT_BYTES } from "../../contract/limits";
import { INSTANCE_ID, regionOfArn, wholeWordsOf } from "../../contract/patterns";
import type { FollowUpReport } from "../../contract/report";
import { narrowTarget, type RequestTarget, type StartStopRequest } from "../../contract/request";
import { DAY_MS, MINUTE_MS } from "../../contract/units";
import type { Candidate } from "../candidate";
import type { RunTarget } from "../deployed-targets";
import { withRetry } from "../ec2-calls";
import { type AwsFault, describeFault, readFault } from "../faults";
import type { FollowUpDeployment, RunRequest } from "../request";
import type { Runtime } from "../runtime";
import type { SchedulerApi } from "./scheduler-client";
import { WantedState } from "./wanted-state";

/** The time of one call with its retries. */
const MAX_CALL_MS = 10_000;
/** A hold that ends later, such as one until 2999, gets its follow-up from a later firing. */
const MAX_HOLD_DAYS = 400;
/** EventBridge Scheduler's bounds of MaximumEventAgeInSeconds. */
const EVENT_AGE_SECONDS = { min: 60, max: 86_400 } as const;
const HASH_LENGTH = 10;

/** Why instances are left for later. */
export type Deferral =
  | {
      readonly kind: "resume";
      /** The earliest useful time, in milliseconds since 1970. */
      readonly at: number;
      /** The reason in the report of each instance. */
      readonly reason: string;
    }
  /** Due after `CAPACITY_RETRY_MINUTES`; each instance keeps the reason of its failure. */
  | { readonly kind: "capacity" };

export interface WriterOptions {
  readonly request: RunRequest;
  readonly deployment: FollowUpDeployment;
  /** ARN by which the function was invoked, which its follow-ups invoke again. */
  readonly functionArn: string;
  /** Lambda's request id. */
  readonly requestId: string;
  readonly deadline: number;
  readonly runtime: Pick<Runtime, "clock" | "random" | "connectScheduler">;
}

/** A follow-up to write. `identity` is hashed into its name. */
interface Draft {
  readonly kind: FollowUpKind;
  readonly due: number;
  readonly attempt: number;
  readonly notAfter: number | undefined;
  readonly candidates: readonly Candidate[];
  readonly identity: readonly unknown[];
}

/** Writes the follow-ups of one run as one-time schedules, and compares instances with the deployed schedules. */
export class FollowUpWriter {
  readonly #options: WriterOptions;
  readonly #written: FollowUpReport[];
  readonly #startedAt: number;
  readonly #wanted: WantedState;
  #api: Promise<SchedulerApi> | undefined;
  /** The number of deferrals by kind and region, which is in the identity of each. */
  readonly #deferrals = new Map<string, number>();

  constructor(options: WriterOptions, written: FollowUpReport[]) {
    this.#options = options;
    this.#written = written;
    this.#startedAt = options.runtime.clock.now();
    this.#wanted = new WantedState(options.deployment.schedules, this.#startedAt);
  }

  /** Resolves the instances that the schedules want otherwise by now as skipped; returns the next opposite firing of the others. */
  recheck(candidates: readonly Candidate[], { kind }: FollowUp): number {
    const { action } = this.#options.request;
    for (const candidate of candidates) {
      const reason =
        kind === "hold"
          ? this.#wanted.refusalOf(candidate, action)
          : this.#wanted.overruling(candidate, action, this.#firedAt());
      if (reason !== undefined) candidate.resolve("skipped", reason);
    }
    const next = candidates.flatMap((each) =>
      each.result ? [] : (this.#wanted.nextOpposite(each, action) ?? []),
    );
    return Math.min(...new Set(next), Number.POSITIVE_INFINITY);
  }

  async defer(candidates: readonly Candidate[], why: Deferral): Promise<void> {
    const { request } = this.#options;
    const { kind } = why;
    const { attempt: earlier, kind: own } = request.followUp ?? { attempt: 0, kind };
    const attempt = own === kind ? earlier + 1 : 1;
    const reasonOf = ({ result }: Candidate) => (why.kind === "resume" ? why.reason : (result?.reason ?? ""));
    const retryMinutes = CAPACITY_RETRY_MINUTES[attempt - 1];
    const isLast = kind === "capacity" ? retryMinutes === undefined : attempt > MAX_RESUMES;
    if (isLast) {
      for (const each of candidates)
        each.resolve("failed", `given up after ${earlier} follow-ups: ${reasonOf(each)}`);
      return;
    }
    const at = why.kind === "resume" ? why.at : this.#now() + (retryMinutes ?? 0) * MINUTE_MS;
    const due = this.#minuteOf(at);
    const ends = new Map(candidates.map((each) => [each, this.#wanted.nextOpposite(each, request.action)]));
    const [kept, passed] = [[] as Candidate[], [] as Candidate[]];
    for (const each of candidates)
      ((ends.get(each) ?? Number.POSITIVE_INFINITY) > due ? kept : passed).push(each);
    for (const each of passed) {
      const opposite = `the ${oppositeOf(request.action)} of ${shown(ends.get(each) ?? 0)}`;
      each.resolve(
        "failed",
        `${reasonOf(each)}; it could go on at ${shown(due)}, but ${opposite} comes first`,
      );
    }
    for (const [region, members] of groupBy(kept, (each) => each.region)) {
      const place = `${kind} ${region}`;
      const nth = (this.#deferrals.get(place) ?? 0) + 1;
      this.#deferrals.set(place, nth);
      // The latest of all: when it runs, the follow-up judges each instance by its own schedules.
      const known = members.map((each) => ends.get(each));
      const latest = known.includes(undefined) ? undefined : Math.max(...known.map((end) => end ?? 0));
      // Equal for a run that is delivered twice, whatever EC2 answers to the second, and different for any other run.
      const { targets, followUp, scheduledTime = "" } = request;
      const identity = [
        kind,
        request.schedule,
        request.action,
        region,
        scheduledTime,
        attempt,
        nth,
        followUp,
        targets,
      ];
      const failure = await this.#write({
        kind,
        due,
        attempt,
        notAfter: latest,
        candidates: members,
        identity,
      });
      for (const each of members) {
        if (failure === undefined) each.resolve("deferred", `${reasonOf(each)}; goes on at ${shown(due)}`);
        else each.resolve("failed", `${failure}; ${reasonOf(each)}`);
      }
    }
  }

  /** Writes one follow-up for all held instances of a region that are due in the same minute. */
  async awaitHolds(candidates: readonly Candidate[]): Promise<void> {
    const { request } = this.#options;
    const { followUp } = request;
    const horizon = this.#now() + MAX_HOLD_DAYS * DAY_MS;
    const ending = candidates.filter(({ heldUntil = horizon }) => heldUntil < horizon);
    const byDue = groupBy(ending, ({ heldUntil = 0 }) => this.#minuteOf(heldUntil + MINUTE_MS));
    // Cleared before the first call, so that none is taken twice while others are written.
    for (const each of ending) each.heldUntil = undefined;
    const groups = [...byDue].flatMap(([due, each]) =>
      [...groupBy(each, ({ region }) => region)].map(([region, members]) => ({ due, region, members })),
    );
    for (const { due, region, members } of groups) {
      const ids = members.map(({ instanceId }) => instanceId).sort();
      const failure = await this.#write({
        kind: "hold",
        due,
        attempt: followUp?.kind === "hold" ? followUp.attempt + 1 : 1,
        notAfter: undefined,
        candidates: members,
        identity: ["hold", request.action, request.schedule, region, due, ids],
      });
      for (const each of members) {
        const held = each.result?.reason ?? "held";
        if (failure === undefined) each.resolve("skipped", `${held}; looked at again at ${shown(due)}`);
        else each.resolve("failed", `${held}; ${failure}`);
      }
    }
  }

  /** Writes the schedules of a follow-up; returns why it could not be written, or undefined. */
  async #write(draft: Draft): Promise<string | undefined> {
    const { deployment, functionArn, request } = this.#options;
    const { group, roleArn, deadLetterArn } = deployment.settings;
    for (const [index, { part, input }] of this.#inputsFor(draft, draft.candidates).entries()) {
      const name = nameOf(draft, request, [...draft.identity, index]);
      try {
        await this.#call((api, abort) =>
          api.createSchedule(
            {
              Name: name,
              GroupName: group,
              ScheduleExpression: `at(${new Date(draft.due).toISOString().slice(0, 19)})`,
              ScheduleExpressionTimezone: "UTC",
              ActionAfterCompletion: "DELETE",
              FlexibleTimeWindow: { Mode: "OFF" },
              Target: {
                Arn: functionArn,
                RoleArn: roleArn,
                Input: input,
                RetryPolicy: { MaximumEventAgeInSeconds: eventAge(draft) },
                ...(deadLetterArn ? { DeadLetterConfig: { Arn: deadLetterArn } } : {}),
              },
            },
            abort,
          ),
        );
      } catch (error) {
        const fault = readFault(error);
        if (fault.code !== "ConflictException")
          return `no follow-up could be written: ${describeFault(permissionOf(fault), fault)}`;
        const failure = await this.#writeMissing(draft, part, name);
        if (failure !== undefined) return failure;
      }
      const [first] = part;
      this.#written.push({
        kind: draft.kind,
        region: first?.region ?? "",
        at: new Date(draft.due).toISOString(),
        instances: part.length,
        name,
      });
    }
    return undefined;
  }

  /**
   * Writes a follow-up for the instances that an existing one of the same name lacks. An earlier delivery or attempt of this
   * run wrote that one, and may have deferred fewer instances.
   */
  async #writeMissing(draft: Draft, part: readonly Candidate[], name: string): Promise<string | undefined> {
    const { group } = this.#options.deployment.settings;
    let known = new Set<string>();
    try {
      const { Target } = await this.#call((api, abort) =>
        api.getSchedule({ Name: name, GroupName: group }, abort),
      );
      known = new Set(Target?.Input?.match(wholeWordsOf(INSTANCE_ID)) ?? []);
    } catch (error) {
      const fault = readFault(error);
      // A follow-up that was due in between has run and is deleted.
      if (fault.code !== "ResourceNotFoundException")
        return `an earlier follow-up could not be read: ${describeFault(FOLLOW_UP_PERMISSIONS.read, fault)}`;
    }
    const missing = part.filter(({ instanceId }) => !known.has(instanceId));
    if (missing.length === 0) return undefined;
    const ids = missing.map(({ instanceId }) => instanceId).sort();
    return this.#write({ ...draft, candidates: missing, identity: [...draft.identity, ids] });
  }

  async #call<T>(call: (api: SchedulerApi, abort: AbortSignal) => Promise<T>): Promise<T> {
    const { functionArn, runtime, deadline } = this.#options;
    const { clock, random } = runtime;
    this.#api ??= runtime.connectScheduler(regionOfArn(functionArn) ?? "");
    const api = await this.#api;
    const until = Math.min(deadline, clock.now() + MAX_CALL_MS);
    return withRetry((abort) => call(api, abort), { clock, random, until });
  }

  /** Returns the input of a follow-up, or of several where it is too long for one. */
  #inputsFor(
    draft: Draft,
    part: readonly Candidate[],
  ): { readonly part: readonly Candidate[]; readonly input: string }[] {
    const input = JSON.stringify(this.#requestFor(draft, part));
    if (Buffer.byteLength(input) <= MAX_SCHEDULER_INPUT_BYTES || part.length === 1) return [{ part, input }];
    const halves = chunksOf(part, Math.ceil(part.length / 2));
    return halves.flatMap((half) => this.#inputsFor(draft, half));
  }

  #requestFor({ kind, attempt, notAfter }: Draft, candidates: readonly Candidate[]): StartStopRequest {
    const { request, requestId } = this.#options;
    const { schedule, action, timezone, latestMinutes, hibernate, scheduledTime } = request;
    // A follow-up of a hold counts as a firing of its own time, whatever this says: see #firedAt.
    const firedAt = kind === "hold" ? scheduledTime : new Date(this.#firedAt()).toISOString();
    return {
      schedule,
      action,
      ...(firedAt === undefined ? {} : { scheduledTime: firedAt }),
      targets: request.targets.flatMap((target) => narrowed(target, candidates) ?? []),
      ...(timezone === undefined ? {} : { timezone }),
      ...(latestMinutes === undefined ? {} : { latestMinutes }),
      ...(hibernate === undefined ? {} : { hibernate }),
      followUp: {
        kind,
        cause: requestId,
        attempt,
        ...(notAfter === undefined ? {} : { notAfter: new Date(notAfter).toISOString() }),
      },
    };
  }

  /** Returns the time of the firing that this run continues. A follow-up of a hold is a firing of its own. */
  #firedAt(): number {
    const { scheduledTime, followUp } = this.#options.request;
    if (scheduledTime === undefined || followUp?.kind === "hold") return this.#startedAt;
    return readInstant(scheduledTime) ?? this.#startedAt;
  }

  /** Returns the first full minute from a time on for which a schedule can still be written. */
  #minuteOf(at: number): number {
    const earliest = this.#now() + MIN_FOLLOW_UP_MINUTES * MINUTE_MS;
    return Math.ceil(Math.max(at, earliest) / MINUTE_MS) * MINUTE_MS;
  }

  #now(): number {
    return this.#options.runtime.clock.now();
  }
}

/** Returns a target of the run for a request, narrowed to the instances that it found. */
function narrowed(
  { checks, ...target }: RunTarget,
  candidates: readonly Candidate[],
): RequestTarget | undefined {
  const instances = candidates.map(({ instanceId, region, before: { tags } }) => ({
    instanceId,
    region,
    tags,
  }));
  return narrowTarget({ ...target, ...(checks.length > 0 ? { checks: true } : {}) }, instances);
}

/** Returns the name of a follow-up: readable parts, cut to leave room for the hash of its identity. */
function nameOf(
  { kind, due }: Draft,
  { schedule, action }: { readonly schedule: string; readonly action: Action },
  identity: readonly unknown[],
): string {
  const hash = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, HASH_LENGTH);
  // Only a hold ends at the same minute in a repeated run.
  const when = kind === "hold" ? `-${new Date(due).toISOString().slice(0, 16).replace(/[-:]/g, "")}` : "";
  const readable = `${kind}-${action}${when}-${schedule}`.replace(/[^0-9a-zA-Z_.-]/g, "_");
  return `${readable.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1)}-${hash}`;
}

function eventAge({ due, notAfter }: Draft): number {
  const seconds = notAfter === undefined ? EVENT_AGE_SECONDS.max : Math.floor((notAfter - due) / 1000);
  return Math.min(EVENT_AGE_SECONDS.max, Math.max(EVENT_AGE_SECONDS.min, seconds));
}

/** Returns the permission that a denied call lacks: CreateSchedule also needs iam:PassRole. */
function permissionOf({ text }: AwsFault): string {
  const { create, passRole } = FOLLOW_UP_PERMISSIONS;
  return text.includes(passRole) ? passRole : create;
}

/** `2026-11-29T08:03Z`. */
function shown(at: number): string {
  return new Date(at).toISOString().replace(/:00\.000Z$/, "Z");
}

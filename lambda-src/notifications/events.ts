import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { defined, truncate } from "../../contract/collections";
import {
  DETAIL_TYPES,
  EVENT_PERMISSION,
  EVENT_SOURCE,
  type InstanceEventDetail,
  type RunEventDetail,
} from "../../contract/events";
import type { RunReport } from "../../contract/report";
import { withRetry } from "../ec2-calls";
import { type AwsFault, describeFault, readFault } from "../faults";
import type { Clock } from "../runtime";
import type { EventsApi } from "./event-client";

export { connectEvents } from "./event-client";

/** PutEvents' limits of one call: its entries, and their bytes with room for the envelope. */
const ENTRIES_PER_CALL = 10;
const BYTES_PER_CALL = 250_000;
const CALLS_AT_ONCE = 5;
/** The time of one call with its retries, so that one batch does not hold up the others. */
const MAX_CALL_MS = 10_000;
const MAX_REASON_LENGTH = 2_000;

type EventRun = Pick<RunReport, "schedule" | "action" | "scheduledTime" | "requestId" | "status" | "reason">;
type EventResult = Pick<RunReport, "instances" | "errors" | "followUps">;

/** Returns the events of a run: one for each instance, each error of a region, and a run without instances. */
export function eventsOf(run: EventRun, { instances, errors, followUps = [] }: EventResult) {
  const { schedule, action, scheduledTime, requestId, status } = run;
  const common = { schedule, action, scheduledTime, requestId };
  const dueIn = (region: string) =>
    followUps
      .filter((followUp) => followUp.region === region && followUp.kind !== "hold")
      .map(({ at }) => at)
      .sort()
      .at(0);
  return [
    ...(run.reason === undefined ? [] : [runEvent({ ...common, status, reason: run.reason })]),
    ...errors.map(({ region, reason }) => runEvent({ ...common, status, region, reason })),
    ...instances.map(({ instanceId, region, outcome, reason, ...rest }) =>
      entryOf(DETAIL_TYPES.instance, {
        ...common,
        region,
        instance: instanceId,
        outcome,
        reason: shorten(reason),
        ...rest,
        due: outcome === "deferred" ? dueIn(region) : undefined,
      } satisfies Undefinable<InstanceEventDetail>),
    ),
  ];
}

type Undefinable<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function runEvent(detail: Undefinable<RunEventDetail>): PutEventsRequestEntry {
  return entryOf(DETAIL_TYPES.run, { ...detail, reason: shorten(detail.reason) });
}

function shorten(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : truncate(reason, MAX_REASON_LENGTH);
}

function entryOf(detailType: string, detail: object): PutEventsRequestEntry {
  return { Source: EVENT_SOURCE, DetailType: detailType, Detail: JSON.stringify(defined(detail)) };
}

export interface PutEventsOptions {
  readonly api: EventsApi;
  readonly clock: Clock;
  /** A number from 0 to 1, as Math.random gives. */
  readonly random: () => number;
  /** When, by the clock, all attempts end. */
  readonly deadline: number;
}

/** Puts events on the default bus; returns a warning if some were not put there. Never throws. */
export async function putEvents(
  entries: readonly PutEventsRequestEntry[],
  options: PutEventsOptions,
): Promise<string | undefined> {
  const batches = batchesOf(entries);
  let lost = 0;
  let fault: AwsFault | undefined;
  const work = async () => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      // After a denial, EventBridge would deny the other calls too.
      const isFutile = fault?.kind === "denied" || options.clock.now() >= options.deadline;
      const failure = isFutile ? { left: batch.length } : await putBatch(batch, options);
      lost += failure.left;
      fault = failure.fault ?? fault;
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
  if (lost === 0) return undefined;
  const reason = fault ? describeFault(EVENT_PERMISSION, fault) : "time ran out";
  return `${lost} of ${entries.length} events were not put on the event bus: ${reason}`;
}

/** Puts one batch, and again the entries that EventBridge has refused; returns how many are left, and why. */
async function putBatch(
  batch: readonly PutEventsRequestEntry[],
  { api, clock, random, deadline }: PutEventsOptions,
): Promise<{ readonly left: number; readonly fault?: AwsFault }> {
  let left = batch;
  const attempt = async (abort: AbortSignal) => {
    const { Entries = [] } = await api.putEvents({ Entries: [...left] }, abort);
    const refused = Entries.map(({ ErrorCode }) => ErrorCode !== undefined);
    const first = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
    left = left.filter((_, index) => refused[index] !== false);
    if (left.length > 0) {
      const { ErrorCode: name = "UnreadableAnswer", ErrorMessage = "the answer lacks entries" } = first ?? {};
      throw Object.assign(new Error(ErrorMessage), { name });
    }
  };
  try {
    await withRetry(attempt, { clock, random, until: Math.min(deadline, clock.now() + MAX_CALL_MS) });
    return { left: 0 };
  } catch (error) {
    return { left: left.length, fault: readFault(error) };
  }
}

function batchesOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry));
    const last = batches.at(-1);
    if (last && last.length < ENTRIES_PER_CALL && bytes + size <= BYTES_PER_CALL) {
      last.push(entry);
      bytes += size;
    } else {
      batches.push([entry]);
      bytes = size;
    }
  }
  return batches;
}

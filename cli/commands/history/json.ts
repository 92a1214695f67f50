import { isoText } from "../../terminal/time";
import type { Caller } from "./caller";
import type { ChangingCall } from "./match-runs";
import type { History, HistoryEntry, KnownChange } from "./run";

/** The history as `--json` prints it. Times are ISO 8601 in UTC; keys without a value are left out. */
export interface HistoryJson {
  readonly name: string;
  readonly timezone: string;
  readonly since: string;
  readonly until: string;
  readonly regions: readonly string[];
  /** The one that was asked for. */
  readonly instance?: {
    readonly instanceId: string;
    readonly name?: string;
    readonly targets: readonly string[];
  };
  /** Oldest first. */
  readonly events: readonly HistoryEventJson[];
  readonly notes: readonly string[];
}

export interface HistoryEventJson {
  /** CloudTrail's. */
  readonly eventId: string;
  readonly at: string;
  readonly region: string;
  readonly call: ChangingCall;
  readonly outcome: "accepted" | "failed" | "dry-run";
  readonly error?: { readonly code: string; readonly message: string };
  readonly hibernate?: true;
  readonly force?: true;
  readonly caller: Caller;
  /** Of a function of this deployment. `certain`: its own report says so. */
  readonly schedule?: { readonly names: readonly string[]; readonly certain: boolean };
  readonly sourceIp?: string;
  readonly userAgent?: string;
  readonly console?: true;
  /** EC2's. */
  readonly requestId?: string;
  readonly instances: readonly KnownChange[];
  /** How many instances that are not of the targets the same call named. */
  readonly otherInstances: number;
}

export function historyJson(history: History): HistoryJson {
  const { name, timezone, period, regions, instance, entries, notes } = history;
  return {
    name,
    timezone,
    since: isoText(period.from),
    until: isoText(period.to),
    regions,
    ...(instance === undefined ? {} : { instance }),
    events: entries.map(eventJson),
    notes,
  };
}

function eventJson(entry: HistoryEntry): HistoryEventJson {
  const { eventId, at, region, call, outcome, error, caller, schedule, sourceIp, userAgent, requestId } =
    entry;
  return {
    eventId,
    at: isoText(at),
    region,
    call,
    outcome,
    ...(error === undefined ? {} : { error }),
    ...(entry.hibernate ? { hibernate: true } : {}),
    ...(entry.force ? { force: true } : {}),
    caller,
    ...(schedule === undefined
      ? {}
      : { schedule: { names: schedule.names, certain: schedule.by === "report" } }),
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(entry.console ? { console: true } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    instances: entry.instances,
    otherInstances: entry.otherInstances,
  };
}

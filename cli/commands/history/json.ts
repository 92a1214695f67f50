import { formatInstant } from "../../json";
import type { Caller, CallerKind } from "./caller";
import type { ChangingCall } from "./change";
import type { History, HistoryEntry, KnownChange, KnownInstance } from "./history";

/** What `history --json` prints. */
export interface HistoryJson {
  readonly name: string;
  readonly timezone: string;
  readonly since: string;
  readonly until: string;
  readonly regions: readonly string[];
  /** The one that was asked for. */
  readonly instance: KnownInstanceJson | null;
  /** Oldest first. */
  readonly events: readonly HistoryEventJson[];
  readonly notes: readonly string[];
}

interface KnownInstanceJson {
  readonly instanceId: string;
  readonly name: string | null;
  readonly targets: readonly string[];
}

interface HistoryEventJson {
  /** CloudTrail's. */
  readonly eventId: string;
  readonly at: string;
  readonly region: string;
  readonly call: ChangingCall;
  readonly outcome: "accepted" | "failed" | "dry-run";
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly hibernate: boolean;
  readonly force: boolean;
  readonly caller: CallerJson;
  /** Schedule of a function of this deployment. `certain`: its own report names it. */
  readonly schedule: { readonly names: readonly string[]; readonly certain: boolean } | null;
  readonly sourceIp: string | null;
  readonly userAgent: string | null;
  readonly fromConsole: boolean;
  /** EC2's. */
  readonly requestId: string | null;
  readonly instances: readonly ChangedInstanceJson[];
  /** How many instances that are not of the targets the same call named. */
  readonly otherInstanceCount: number;
}

interface CallerJson {
  readonly kind: CallerKind;
  readonly name: string;
  readonly role: string | null;
  readonly accountId: string | null;
  readonly invokedBy: string | null;
  readonly sourceIdentity: string | null;
}

interface ChangedInstanceJson extends KnownInstanceJson {
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
}

export function historyJson(history: History): HistoryJson {
  const { name, timezone, period, regions, instance, entries, notes } = history;
  return {
    name,
    timezone,
    since: formatInstant(period.from),
    until: formatInstant(period.to),
    regions,
    instance: instance === undefined ? null : knownInstanceJson(instance),
    events: entries.map(eventJson),
    notes,
  };
}

function eventJson(entry: HistoryEntry): HistoryEventJson {
  const { schedule } = entry;
  return {
    eventId: entry.eventId,
    at: formatInstant(entry.at),
    region: entry.region,
    call: entry.call,
    outcome: entry.outcome,
    error: entry.error ?? null,
    hibernate: entry.hibernate,
    force: entry.force,
    caller: callerJson(entry.caller),
    schedule: schedule === undefined ? null : { names: schedule.names, certain: schedule.by === "report" },
    sourceIp: entry.sourceIp ?? null,
    userAgent: entry.userAgent ?? null,
    fromConsole: entry.fromConsole,
    requestId: entry.requestId ?? null,
    instances: entry.instances.map(changedInstanceJson),
    otherInstanceCount: entry.otherInstanceCount,
  };
}

function callerJson({ kind, name, role, account, invokedBy, sourceIdentity }: Caller): CallerJson {
  return {
    kind,
    name,
    role: role ?? null,
    accountId: account ?? null,
    invokedBy: invokedBy ?? null,
    sourceIdentity: sourceIdentity ?? null,
  };
}

function knownInstanceJson({ instanceId, name, targets }: KnownInstance): KnownInstanceJson {
  return { instanceId, name: name ?? null, targets };
}

function changedInstanceJson(change: KnownChange): ChangedInstanceJson {
  const { stateBefore, stateAfter } = change;
  return {
    ...knownInstanceJson(change),
    stateBefore: stateBefore ?? null,
    stateAfter: stateAfter ?? null,
  };
}

import { defined } from "../../../contract/collections";
import type { TrailPeriod } from "../../aws/cloudtrail";
import type { Deployment } from "../../deployment/deployment";
import type { ResolvedTarget } from "../../instances/instance";
import type { FunctionRun } from "../../runs/run";
import type { ChangedInstance, InstanceChange } from "./change";
import { findScheduleOfCall, type ScheduleOfCall } from "./schedule-of";

/** State changes of a deployment's instances in a period, with their callers. */
export interface History {
  readonly name: string;
  readonly timezone: string;
  readonly period: TrailPeriod;
  /** Regions whose events were read. */
  readonly regions: readonly string[];
  /** The one instance that was asked for. */
  readonly instance?: KnownInstance;
  /** How many instances the targets have. */
  readonly instanceCount: number;
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Sentences for the reader. */
  readonly notes: readonly string[];
}

export interface HistoryEntry extends Omit<InstanceChange, "instances"> {
  /** The affected instances that the history covers. */
  readonly instances: readonly KnownChange[];
  /** How many others the same call named. */
  readonly otherInstanceCount: number;
  /** Where a function of the deployment called. */
  readonly schedule?: ScheduleOfCall;
}

export type KnownChange = ChangedInstance & KnownInstance;

export interface KnownInstance {
  readonly instanceId: string;
  /** Its tag `Name`. */
  readonly name?: string;
  /** Names of the targets it is in now; none for one that was in a target, or that was asked for without being in one. */
  readonly targets: readonly string[];
}

/** Lists the instances of the targets by id, including those that EC2 does not know. */
export function listKnownInstances(targets: readonly ResolvedTarget[]): Map<string, KnownInstance> {
  const known = new Map<string, KnownInstance>();
  for (const { name: target, instances, missing } of targets) {
    for (const { instanceId, name } of [...instances, ...missing.map(withoutName)]) {
      const earlier = known.get(instanceId);
      const targetNames = [...new Set([...(earlier?.targets ?? []), target])];
      const shown = name ?? earlier?.name;
      known.set(instanceId, {
        instanceId,
        ...defined({ name: shown }),
        targets: targetNames,
      });
    }
  }
  return known;
}

function withoutName({ instanceId }: { readonly instanceId: string }): { instanceId: string; name?: string } {
  return { instanceId };
}

/**
 * Selects the changes of these instances, oldest first. Instances that the deployment's own functions changed count
 * too: they were in a target then, though they may be gone or tagged otherwise now.
 */
export function selectChanges(
  changes: readonly InstanceChange[],
  known: ReadonlyMap<string, KnownInstance>,
  only?: KnownInstance,
): Omit<HistoryEntry, "schedule">[] {
  const about = new Map(only === undefined ? known : [[only.instanceId, only]]);
  const own = changes.filter(({ caller }) => caller.kind === "function");
  if (only === undefined) {
    for (const { instanceId } of own.flatMap(({ instances }) => instances)) {
      if (!about.has(instanceId)) about.set(instanceId, { instanceId, targets: [] });
    }
  }
  return changes
    .map((change) => {
      const instances = change.instances.flatMap((each) => {
        const instance = about.get(each.instanceId);
        return instance === undefined ? [] : [{ ...instance, ...each }];
      });
      return { ...change, instances, otherInstanceCount: change.instances.length - instances.length };
    })
    .filter(
      ({ instances, caller }) => instances.length > 0 || (only === undefined && caller.kind === "function"),
    )
    .sort((a, b) => +a.at - +b.at || (a.eventId < b.eventId ? -1 : 1));
}

/** Adds the schedule to each call of the deployment's own functions. */
export function addSchedules(
  changes: readonly Omit<HistoryEntry, "schedule">[],
  { plan }: Pick<Deployment, "plan">,
  runs: readonly FunctionRun[],
  known: ReadonlyMap<string, KnownInstance>,
): HistoryEntry[] {
  const targetsOf = (instanceId: string) => known.get(instanceId)?.targets ?? [];
  return changes.map((change) => {
    if (change.caller.kind !== "function") return change;
    const schedule = findScheduleOfCall(change, { plan, runs, targetsOf });
    return { ...change, ...defined({ schedule }) };
  });
}

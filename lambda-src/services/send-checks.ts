import { type AwsFault, isTransient, namedIds } from "../faults";
import type { Clock } from "../runtime";
import type { InstanceCheck } from "./instance-check";
import { applyFault, attempt, batchesOf, describeFault, type SsmCalls } from "./ssm-calls";

export interface SendChecksOptions {
  readonly calls: SsmCalls;
  readonly clock: Clock;
  readonly deadline: number;
}

/** Past this, asking again without those that SSM refused would only run into throttling. */
const MAX_REJECTIONS = 50;

/** Sends the checks of all that are ready: one command for up to 50 instances with the same checks. */
export async function sendChecks(ready: readonly InstanceCheck[], options: SendChecksOptions): Promise<void> {
  const { calls, clock, deadline } = options;
  const queue = batchesWithSameChecks(ready);
  let rejections = 0;
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const instances = batch;
    const checks = instances[0]?.checks ?? [];
    if (clock.now() >= deadline) return;
    const sent = await attempt(() => calls.send(idsOf(instances), checks));
    if ("value" in sent) {
      for (const instance of instances) instance.markSent(sent.value, clock.now());
    } else if (isTransient(sent.fault)) {
      applyFault(instances, "SendCommand", sent.fault);
    } else {
      queue.unshift(...splitRejected(instances, sent.fault));
      const isFinal = ++rejections >= MAX_REJECTIONS || affectsAll(instances, sent.fault);
      if (isFinal) rejectAll(queue.splice(0).flat(), sent.fault);
    }
  }
}

/** Those with the same checks together, in parts that one call takes. */
function batchesWithSameChecks(ready: readonly InstanceCheck[]): InstanceCheck[][] {
  const alike = new Map<string, InstanceCheck[]>();
  for (const instance of ready) {
    const key = JSON.stringify(instance.checks);
    const group = alike.get(key) ?? [];
    group.push(instance);
    alike.set(key, group);
  }
  return [...alike.values()].flatMap((group) => batchesOf(group));
}

/** A denial that names no instance is one of the action or the document: no other call will fare better. */
function affectsAll(batch: readonly InstanceCheck[], { kind, message }: AwsFault): boolean {
  return kind === "denied" && namedIds(message, idsOf(batch)).length === 0;
}

/** The batches that are still to be sent. One bad instance makes SSM refuse the whole call; it mostly names it. */
function splitRejected(batch: readonly InstanceCheck[], fault: AwsFault): InstanceCheck[][] {
  const named = new Set(namedIds(fault.message, idsOf(batch)));
  if (named.size === 0 && fault.code === "InvalidInstanceId" && batch.length > 1) {
    const half = Math.ceil(batch.length / 2);
    return [batch.slice(0, half), batch.slice(half)];
  }
  const isRejected = ({ instanceId }: InstanceCheck) => named.size === 0 || named.has(instanceId);
  rejectAll(batch.filter(isRejected), fault);
  const rest = batch.filter((instance) => !isRejected(instance));
  return rest.length > 0 ? [rest] : [];
}

function rejectAll(instances: readonly InstanceCheck[], fault: AwsFault): void {
  if (fault.code !== "InvalidInstanceId") {
    applyFault(instances, "SendCommand", fault);
    return;
  }
  // Their agents went offline since they were looked for, so they are looked for again.
  for (const instance of instances) {
    instance.stage = "awaiting-agent";
    instance.obstacle = { reason: describeFault("SendCommand", fault), transient: false };
  }
}

function idsOf(batch: readonly InstanceCheck[]): string[] {
  return batch.map(({ instanceId }) => instanceId);
}

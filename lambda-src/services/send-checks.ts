import { INSTANCE_PERMISSIONS } from "../../contract/actions";
import { groupBy } from "../../contract/collections";
import { type AwsFault, describeFault, isTransient, namedIds } from "../faults";
import type { Clock, Log } from "../runtime";
import type { InstanceCheck } from "./instance-check";
import { loggedName } from "./script";
import { applyFault, attempt, batchesOf, type SsmCalls } from "./ssm-calls";

export interface SendChecksOptions {
  readonly calls: SsmCalls;
  readonly clock: Clock;
  readonly deadline: number;
  readonly log: Log;
}

/** After this many rejections, sending again without the rejected instances would only run into throttling. */
const MAX_REJECTIONS = 50;

/** Sends the checks of all ready instances: one command for up to 50 instances with the same checks. */
export async function sendChecks(ready: readonly InstanceCheck[], options: SendChecksOptions): Promise<void> {
  const { calls, clock, deadline, log } = options;
  const queue = batchesWithSameChecks(ready);
  let rejections = 0;
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const instances = batch;
    const checks = instances[0]?.checks ?? [];
    if (clock.now() >= deadline) return;
    // Logged before they run, so that no run inside an instance goes without a line.
    log({ message: "Service checks", checks: checks.map(loggedName), instanceIds: idsOf(instances) });
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

/** Groups instances with the same checks, in batches that one call takes. */
function batchesWithSameChecks(ready: readonly InstanceCheck[]): InstanceCheck[][] {
  const alike = groupBy(ready, ({ checks }) => JSON.stringify(checks));
  return [...alike.values()].flatMap((group) => batchesOf(group));
}

/** Whether a denial applies to every call: one that names no instance denies the action or the document. */
function affectsAll(batch: readonly InstanceCheck[], { kind, text }: AwsFault): boolean {
  return kind === "denied" && namedIds(text, idsOf(batch)).length === 0;
}

/** Returns the batches that are left to send: SSM rejects a whole call for one instance, and mostly names it. */
function splitRejected(batch: readonly InstanceCheck[], fault: AwsFault): InstanceCheck[][] {
  const named = new Set(namedIds(fault.text, idsOf(batch)));
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
  // Their agents have gone offline since they were found, so the run waits for them again.
  for (const instance of instances) {
    instance.stage = "awaiting-agent";
    instance.obstacle = { reason: describeFault(INSTANCE_PERMISSIONS.check, fault), transient: false };
  }
}

function idsOf(batch: readonly InstanceCheck[]): string[] {
  return batch.map(({ instanceId }) => instanceId);
}

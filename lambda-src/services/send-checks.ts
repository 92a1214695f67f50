import { type Fault, namedIds } from "../faults";
import type { Clock } from "../runtime";
import type { Subject } from "./instance-check";
import { applyFault, attempt, describeFault, inCalls, type SsmCalls } from "./ssm-calls";

export interface SendChecksOptions {
  readonly calls: SsmCalls;
  readonly clock: Clock;
  readonly deadline: number;
}

/** Past this, asking again without those that SSM refused would only run into throttling. */
const MOST_REFUSALS = 50;

/** Sends the checks of all that are ready: one command for up to 50 instances with the same checks. */
export async function sendChecks(ready: readonly Subject[], options: SendChecksOptions): Promise<void> {
  const { calls, clock, deadline } = options;
  const queue = batches(ready);
  let refusals = 0;
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const subjects = batch;
    const checks = subjects[0]?.checks ?? [];
    if (clock.now() >= deadline) return;
    const sent = await attempt(() => calls.send(idsOf(subjects), checks));
    if ("value" in sent) {
      for (const subject of subjects) subject.markSent(sent.value, clock.now());
    } else if (sent.fault.transient) {
      applyFault(subjects, "SendCommand", sent.fault);
    } else {
      queue.unshift(...afterRefusal(subjects, sent.fault));
      const hopeless = ++refusals >= MOST_REFUSALS || isAboutAll(subjects, sent.fault);
      if (hopeless) refuse(queue.splice(0).flat(), sent.fault);
    }
  }
}

/** Those with the same checks together, in parts that one call takes. */
function batches(ready: readonly Subject[]): Subject[][] {
  const alike = new Map<string, Subject[]>();
  for (const subject of ready) {
    const key = JSON.stringify(subject.checks);
    const group = alike.get(key) ?? [];
    group.push(subject);
    alike.set(key, group);
  }
  return [...alike.values()].flatMap((group) => inCalls(group));
}

/** A denial that names no instance is one of the action or the document: no other call will fare better. */
function isAboutAll(batch: readonly Subject[], { denied, message }: Fault): boolean {
  return denied && namedIds(message, idsOf(batch)).length === 0;
}

/** The batches that are still to be sent. One bad instance makes SSM refuse the whole call; it mostly names it. */
function afterRefusal(batch: readonly Subject[], fault: Fault): Subject[][] {
  const named = new Set(namedIds(fault.message, idsOf(batch)));
  if (named.size === 0 && fault.code === "InvalidInstanceId" && batch.length > 1) {
    const half = Math.ceil(batch.length / 2);
    return [batch.slice(0, half), batch.slice(half)];
  }
  const isMeant = ({ instanceId }: Subject) => named.size === 0 || named.has(instanceId);
  refuse(batch.filter(isMeant), fault);
  const rest = batch.filter((subject) => !isMeant(subject));
  return rest.length > 0 ? [rest] : [];
}

function refuse(subjects: readonly Subject[], fault: Fault): void {
  if (fault.code !== "InvalidInstanceId") {
    applyFault(subjects, "SendCommand", fault);
    return;
  }
  // Their agents went offline since they were looked for, so they are looked for again.
  for (const subject of subjects) {
    subject.stage = "looking";
    subject.obstacle = { reason: describeFault("SendCommand", fault), fault: false };
  }
}

function idsOf(batch: readonly Subject[]): string[] {
  return batch.map(({ instanceId }) => instanceId);
}

import { type Fault, readFault } from "../fault";
import type { Subject } from "./subject";

type Attempt<T> = { readonly value: T } | { readonly fault: Fault };

export async function attempt<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { fault: readFault(error) };
  }
}

/** A call for these did not succeed: a fault that may pass stands in their way, any other is the end. */
export function applyFault(subjects: readonly Subject[], action: string, fault: Fault): void {
  const reason = describeFault(action, fault);
  for (const subject of subjects) {
    if (fault.transient) subject.obstacle = { reason, fault: true };
    else subject.settleUnchecked(reason);
  }
}

export function describeFault(action: string, { code, message, denied }: Fault): string {
  return denied
    ? `ssm:${action} is denied (${code}): ${message}`
    : `SSM's ${action} failed with ${code}: ${message}`;
}

import type { Action } from "../schedule/request";
import type { Candidate } from "./candidate";
import { type Fault, isCapacity } from "./fault";

/** What EC2's refusal of a change means for the instance that it is about. */
export type RefusalKind =
  | "missing"
  | "no-hibernation"
  | "spot"
  | "instance-store"
  | "state"
  | "capacity"
  | "other";

export function refusalKind({ code, message }: Fault): RefusalKind {
  if (code.startsWith("InvalidInstanceID")) return "missing";
  if (code === "UnsupportedHibernationConfiguration" || /hibernat/i.test(message)) return "no-hibernation";
  if (code === "IncorrectSpotRequestState" || /\bspot\b/i.test(message)) return "spot";
  if (/root device|instance[- ]store/i.test(message)) return "instance-store";
  if (code === "IncorrectInstanceState") return "state";
  return isCapacity(code) ? "capacity" : "other";
}

/** EC2 may refuse an instance for its state this often before it counts as failed. */
const STATE_REFUSALS = 4;

/** Settles one refused candidate, or puts it on the way on which it may still succeed. */
export function applyRefusal(candidate: Candidate, fault: Fault, action: Action): void {
  const kind = refusalKind(fault);
  const reason = `${fault.code}: ${fault.message}`;
  if (kind === "no-hibernation" && candidate.hibernate) {
    candidate.hibernate = false;
    candidate.note = `stopped without hibernating: ${fault.message}`;
    candidate.stage = "ready";
  } else if (kind === "state" && ++candidate.setbacks <= STATE_REFUSALS) {
    candidate.stateRefusal = reason;
    candidate.stage = "waiting";
  } else if (action === "stop" && kind === "spot" && isOneTime(candidate, fault)) {
    candidate.settle(
      "skipped",
      `spot instance of a one-time request, which can't be stopped (${fault.code})`,
    );
  } else if (action === "stop" && kind === "instance-store") {
    candidate.settle(
      "skipped",
      `its root device is an instance store, which can't be stopped (${fault.code})`,
    );
  } else {
    candidate.settle("failed", reason + hint(fault));
  }
}

/** DescribeInstances does not tell one-time spot requests from persistent ones; only the refusal does. */
function isOneTime(candidate: Candidate, { code, message }: Fault): boolean {
  return /one-time/i.test(message) || (candidate.before.spot && code === "UnsupportedOperation");
}

function hint({ code, message }: Fault): string {
  if (code === "OperationNotPermitted" && /disableApiStop/.test(message)) return " (stop protection is on)";
  return "";
}

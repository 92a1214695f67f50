import type { Action } from "../contract/actions";
import { awsErrorKind, isDenial } from "../contract/aws-errors";
import type { Candidate } from "./candidate";

/** An error of an EC2 call, as far as the function tells errors apart. */
export interface AwsFault {
  /** EC2's error code, such as `InvalidInstanceID.NotFound`, or the name of the network's error. */
  readonly code: string;
  readonly message: string;
  /** EC2 refused the call for its rate: it changed nothing. */
  readonly throttled: boolean;
  /** Trying again may help; whether the call took effect is unknown unless it was throttled. */
  readonly transient: boolean;
  /** The role or its credentials do not suffice: no other call will fare better. */
  readonly denied: boolean;
}

export function readFault(error: unknown): AwsFault {
  const { name, code, message, status } = parts(error);
  const kind = awsErrorKind(name, code);
  const denied = isDenial(kind);
  const throttled = kind === "throttled" || status === 429;
  // A success that could not be read to its end, or an error of EC2's own.
  const unreadable = status !== undefined && status < 300;
  const broken = status !== undefined && status >= 500;
  const isAmbiguous = !denied && !isCapacity(name) && (broken || unreadable || kind === "connection");
  return {
    code: unreadable ? "UnreadableAnswer" : name === "Error" && code ? code : name,
    message,
    throttled,
    transient: throttled || isAmbiguous,
    denied,
  };
}

/** EC2 has no room for the instances: an HTTP 500 (or 503), and yet an answer. */
export function isCapacity(code: string): boolean {
  return /^Insufficient\w*Capacity(OnHost)?$/.test(code);
}

function parts(error: unknown) {
  const fields = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const metadata = fields["$metadata"] as { httpStatusCode?: number } | undefined;
  const response = fields["$response"] as { statusCode?: number } | undefined;
  return {
    name: typeof fields["name"] === "string" ? fields["name"] : "Error",
    code: typeof fields["code"] === "string" ? fields["code"] : "",
    message: clean(typeof fields["message"] === "string" ? fields["message"] : String(error)),
    status: metadata?.httpStatusCode ?? response?.statusCode,
  };
}

/** Without the SDK's advice on further lines, and without the blob that only sts:DecodeAuthorizationMessage reads. */
function clean(message: string): string {
  const [line = ""] = message.split("\n");
  return line.replace(/\s*Encoded authorization failure message: \S+/, "");
}

/** What EC2's refusal of a change means for the instance that it is about. */
export type RefusalKind =
  | "missing"
  | "no-hibernation"
  | "spot"
  | "instance-store"
  | "state"
  | "capacity"
  | "other";

export function refusalKind({ code, message }: AwsFault): RefusalKind {
  if (awsErrorKind(code) === "absent") return "missing";
  if (code === "UnsupportedHibernationConfiguration" || /hibernat/i.test(message)) return "no-hibernation";
  if (code === "IncorrectSpotRequestState" || /\bspot\b/i.test(message)) return "spot";
  if (/root device|instance[- ]store/i.test(message)) return "instance-store";
  if (code === "IncorrectInstanceState") return "state";
  return isCapacity(code) ? "capacity" : "other";
}

/** EC2 may refuse an instance for its state this often before it counts as failed. */
const STATE_REFUSALS = 4;

/** Resolves one refused candidate, or prepares it for a further attempt. */
export function applyRefusal(candidate: Candidate, fault: AwsFault, action: Action): void {
  const kind = refusalKind(fault);
  const reason = `${fault.code}: ${fault.message}`;
  if (kind === "no-hibernation" && candidate.hibernate) {
    candidate.hibernate = false;
    candidate.note = `stopped without hibernating: ${fault.message}`;
    candidate.stage = "ready";
  } else if (kind === "state" && ++candidate.rejections <= STATE_REFUSALS) {
    candidate.stateRefusal = reason;
    candidate.stage = "waiting";
  } else if (action === "stop" && kind === "spot" && isOneTime(candidate, fault)) {
    candidate.resolve(
      "skipped",
      `spot instance of a one-time request, which can't be stopped (${fault.code})`,
    );
  } else if (action === "stop" && kind === "instance-store") {
    candidate.resolve(
      "skipped",
      `its root device is an instance store, which can't be stopped (${fault.code})`,
    );
  } else {
    candidate.resolve("failed", reason + hint(fault));
  }
}

/** DescribeInstances does not tell one-time spot requests from persistent ones; only the refusal does. */
function isOneTime(candidate: Candidate, { code, message }: AwsFault): boolean {
  return /one-time/i.test(message) || (candidate.before.spot && code === "UnsupportedOperation");
}

function hint({ code, message }: AwsFault): string {
  if (code === "OperationNotPermitted" && /disableApiStop/.test(message)) return " (stop protection is on)";
  return "";
}

/** Those of the ids that a message of EC2's names. */
export function namedIds(message: string, ids: readonly string[]): string[] {
  const words = new Set(message.split(/[^A-Za-z0-9_-]+/));
  return ids.filter((id) => words.has(id) || (/[^A-Za-z0-9_-]/.test(id) && message.includes(id)));
}

import { awsErrorKind, isDenial } from "../contract/aws-errors";

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
function isCapacity(code: string): boolean {
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

/** Those of the ids that a message of EC2's names. */
export function namedIds(message: string, ids: readonly string[]): string[] {
  const words = new Set(message.split(/[^A-Za-z0-9_-]+/));
  return ids.filter((id) => words.has(id) || (/[^A-Za-z0-9_-]/.test(id) && message.includes(id)));
}

import { awsErrorKind, causeOf, isDenial, isTransientKind, REGION_HINT } from "../contract/aws-errors";

/** The error of an AWS call. */
export interface AwsFault {
  readonly kind: AwsFaultKind;
  /** AWS's error code, such as `InvalidInstanceID.NotFound`, or the name of the network's error. */
  readonly code: string;
  /** The cause, for a person to read. */
  readonly message: string;
  /** The message as AWS wrote it, which may name instances and what they need. */
  readonly text: string;
}

/**
 * `throttled`: AWS rejected the call for its rate, it changed nothing. `ambiguous`: the call failed on the way or inside
 * AWS and may or may not have taken effect. `denied`: the role or its credentials do not allow the call. `rejected`: AWS
 * answered that the call is wrong, or impossible for one of its instances; it changed nothing.
 */
type AwsFaultKind = "throttled" | "ambiguous" | "denied" | "rejected";

/** Why EC2 rejects a change of an instance. */
export type RejectionKind =
  | "missing"
  | "no-hibernation"
  | "spot"
  | "instance-store"
  | "state"
  | "capacity"
  | "other";

export function readFault(error: unknown): AwsFault {
  const { name, code, text, status } = errorFields(error);
  const kind = faultKind(name, code, text, status);
  const hint = kind === "denied" && awsErrorKind(name) === "bad-credentials" ? ` (${REGION_HINT})` : "";
  return {
    kind,
    code: isUnreadable(status) ? "UnreadableAnswer" : name === "Error" && code ? code : name,
    message: `${causeOf(text)}${hint}`,
    text,
  };
}

/** Describes a failed call by the permission that it needs, such as `ec2:DescribeInstances`. */
export function describeFault(permission: string, { kind, code, message }: AwsFault): string {
  if (kind === "denied" && awsErrorKind(code) !== "bad-credentials")
    return `${permission} is denied (${code}): ${message}`;
  const [, action] = permission.split(":");
  return `${action} failed with ${code}: ${message}`;
}

/** Whether the same call may succeed when it is made again. */
export function isTransient({ kind }: AwsFault): boolean {
  return kind === "throttled" || kind === "ambiguous";
}

export function rejectionKind({ code, message }: AwsFault): RejectionKind {
  if (awsErrorKind(code) === "absent") return "missing";
  if (isCapacityError(code)) return "capacity";
  if (code === "UnsupportedHibernationConfiguration" || /hibernat/i.test(message)) return "no-hibernation";
  if (code === "IncorrectSpotRequestState" || /\bspot\b/i.test(message)) return "spot";
  if (/root device|instance[- ]store/i.test(message)) return "instance-store";
  return code === "IncorrectInstanceState" ? "state" : "other";
}

/**
 * Whether a denial concerns every call of the caller. A missing permission need not: it may be about one instance, or about
 * something that it needs, such as a license configuration, whatever the words.
 */
export function concernsCaller({ kind, code }: AwsFault): boolean {
  return kind === "denied" && awsErrorKind(code) !== "denied";
}

/** Returns the ids that an error message of AWS names. */
export function namedIds(message: string, ids: readonly string[]): string[] {
  const words = new Set(message.split(/[^A-Za-z0-9_-]+/));
  return ids.filter((id) => words.has(id) || (/[^A-Za-z0-9_-]/.test(id) && message.includes(id)));
}

/**
 * Codes of denials that concern the caller only in these words. Other words are about what one instance needs: its image
 * ("Not authorized for images"), or the terms of its product in AWS Marketplace.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const NARROW_CODES: readonly (readonly [code: string, caller: RegExp])[] = [
  ["AuthFailure", /credentials|access key|signature/i],
  ["OptInRequired", /\b(?:this|the) service\b|access key/i],
];

function faultKind(name: string, code: string, text: string, status: number | undefined): AwsFaultKind {
  const kind = awsErrorKind(name, code);
  if (NARROW_CODES.some(([narrow, caller]) => narrow === name && !caller.test(text))) return "rejected";
  if (kind === "throttled" || status === 429) return "throttled";
  if (isDenial(kind)) return "denied";
  if (isCapacityError(name)) return "rejected";
  const isServerError = status !== undefined && status >= 500;
  return isServerError || isUnreadable(status) || isTransientKind(kind) ? "ambiguous" : "rejected";
}

/** Whether the answer was a success whose body could not be read to its end. */
function isUnreadable(status: number | undefined): boolean {
  return status !== undefined && status < 300;
}

/**
 * Whether EC2 lacks capacity, or the account's limit leaves none. It answers with HTTP 500 or 503, yet it has rejected the
 * call, so nothing is ambiguous.
 */
function isCapacityError(code: string): boolean {
  return /^(?:Insufficient\w*Capacity(?:OnHost)?|ReservationCapacityExceeded|(?:Vcpu|Instance)LimitExceeded|MaxSpotInstanceCountExceeded)$/.test(
    code,
  );
}

function errorFields(error: unknown) {
  const fields = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const metadata = fields["$metadata"] as { httpStatusCode?: number } | undefined;
  const response = fields["$response"] as { statusCode?: number } | undefined;
  return {
    name: typeof fields["name"] === "string" ? fields["name"] : "Error",
    code: typeof fields["code"] === "string" ? fields["code"] : "",
    text: typeof fields["message"] === "string" ? fields["message"] : String(error),
    status: metadata?.httpStatusCode ?? response?.statusCode,
  };
}

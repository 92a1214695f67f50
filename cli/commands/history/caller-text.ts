import type { Caller, CallerKind } from "./caller";
import type { HistoryEntry } from "./history";
import { isDefaultRequest, type ScheduleOfCall } from "./schedule-of";

/** Caller kinds that may be a human. */
const PEOPLE: readonly CallerKind[] = ["user", "sso", "root", "role", "federated", "account", "unknown"];

export function isPerson({ kind }: Caller): boolean {
  return PEOPLE.includes(kind);
}

/** Describes the caller; for a function of the deployment, its schedule. */
export function describeCaller({ caller, schedule }: Pick<HistoryEntry, "caller" | "schedule">): string {
  if (caller.kind === "function") return describeSchedule(schedule);
  const { account, invokedBy, sourceIdentity } = caller;
  return [
    describeName(caller),
    account === undefined ? "" : `of account ${account}`,
    invokedBy === undefined ? "" : `through ${invokedBy}`,
    sourceIdentity === undefined ? "" : `for ${sourceIdentity}`,
  ]
    .filter(Boolean)
    .join(" ");
}

function describeSchedule(schedule: ScheduleOfCall | undefined): string {
  if (schedule === undefined) return "schedule unknown";
  if (isDefaultRequest(schedule)) return "run of all targets, no schedule";
  const names = `schedule ${schedule.names.join(" or ")}`;
  return schedule.by === "report" ? names : `probably ${names}`;
}

function describeName({ kind, name, role }: Caller): string {
  const ofRole = role === undefined ? "" : `, role ${role}`;
  switch (kind) {
    case "user":
      return `${name} (IAM user)`;
    case "sso":
      return role === undefined ? `${name} (SSO)` : `${name} (SSO, ${role})`;
    case "root":
      return name === "root" ? "root (the account's owner)" : `root (the account's owner, ${name})`;
    case "role":
      return `${name} (role ${role ?? "unknown"})`;
    case "lambda":
      return `${name} (another Lambda function${ofRole})`;
    case "instance":
      return `${name} (an EC2 instance${ofRole})`;
    case "service":
      return `${name} (AWS service)`;
    case "federated":
      return `${name} (federated user)`;
    case "account":
      return `a principal of account ${name}`;
    default:
      return name === "" ? "unknown: CloudTrail does not say" : `${name} (CloudTrail does not say more)`;
  }
}

const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/aws-cli\//, "AWS CLI"],
  [/Terraform/, "Terraform"],
  [/Boto3\//, "Boto3"],
  [/aws-sdk-/, "AWS SDK"],
];

/** Describes the source address and tool: `from 203.0.113.7, AWS CLI`; empty if the caller says as much. */
export function describeOrigin({ caller, sourceIp, userAgent = "", fromConsole }: HistoryEntry): string {
  if (caller.kind === "function") return `by ${caller.name}`;
  if (!isPerson(caller)) return "";
  const address = sourceIp !== undefined && /^[0-9a-fA-F:.]+$/.test(sourceIp) ? `from ${sourceIp}` : "";
  const tool = fromConsole ? "console" : (TOOLS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? "");
  return [address, tool].filter(Boolean).join(", ");
}

import { defined } from "../../../contract/collections";
import { INSTANCE_ID } from "../../../contract/patterns";
import type { TrailRecord, UserIdentity } from "../../aws/cloudtrail";

/** Who made a call. */
export interface Caller {
  readonly kind: CallerKind;
  /** Name of the function, user or session; host of a service; number of an account. */
  readonly name: string;
  /** Role of a session, or permission set of an SSO user. */
  readonly role?: string;
  /** Number of the account, where it is another than the one that was called. */
  readonly account?: string;
  /** Host of the AWS service that made the call for the caller, such as `cloudformation.amazonaws.com`. */
  readonly invokedBy?: string;
  /** The session's source identity. */
  readonly sourceIdentity?: string;
}

/**
 * `function`: one of this deployment. `lambda`: any other Lambda function. `instance`: something on an EC2 instance.
 * `service`: AWS itself, such as Auto Scaling. `account`: an unnamed principal of another account.
 */
export type CallerKind =
  | "function"
  | "lambda"
  | "user"
  | "sso"
  | "root"
  | "role"
  | "instance"
  | "service"
  | "federated"
  | "account"
  | "unknown";

/** Region, names and role of the deployment's functions. */
export interface OwnFunctions {
  readonly region: string;
  readonly names: readonly string[];
  readonly role: string;
}

/**
 * Reads who called from a CloudTrail record.
 * @param username what CloudTrail says where there is no record to read
 */
export function identifyCaller(
  record: TrailRecord | undefined,
  username: string | undefined,
  own: OwnFunctions,
): Caller {
  const identity = record?.userIdentity;
  if (record === undefined || identity === undefined) {
    return { kind: "unknown", name: username ?? "" };
  }
  const { kind, name, role } = identifyByType(identity, record.userAgent ?? "", username, own);
  const { accountId, invokedBy, sessionContext } = identity;
  const foreign = accountId !== record.recipientAccountId && kind !== "account" && kind !== "service";
  return {
    kind,
    name,
    ...defined({ role }),
    ...(foreign && accountId && record.recipientAccountId ? { account: accountId } : {}),
    ...(kind !== "service" && invokedBy?.includes(".") ? { invokedBy } : {}),
    ...(sessionContext?.sourceIdentity ? { sourceIdentity: sessionContext.sourceIdentity } : {}),
  };
}

type IdentifiedCaller = Pick<Caller, "kind" | "name" | "role">;

function identifyByType(
  identity: UserIdentity,
  userAgent: string,
  username: string | undefined,
  own: OwnFunctions,
): IdentifiedCaller {
  const { type, userName, invokedBy, arn = "", accountId } = identity;
  const name = userName ?? username ?? "";
  switch (type) {
    case "IAMUser":
      return { kind: "user", name: name || lastPart(arn) };
    case "Root":
      return { kind: "root", name: userName ?? "root" };
    case "AssumedRole":
      return identifySession(identity, userAgent, own);
    case "AWSService":
      return { kind: "service", name: invokedBy ?? name };
    case "AWSAccount":
      return { kind: "account", name: accountId ?? name };
    case "IdentityCenterUser":
      return { kind: "sso", name: username ?? identity.onBehalfOf?.userId ?? "" };
    case "FederatedUser":
      return { kind: "federated", name: lastPart(arn) || name };
    case "SAMLUser":
    case "WebIdentityUser":
      return { kind: "federated", name };
    default:
      return { kind: "unknown", name: name || (type ?? "") };
  }
}

const SSO_ROLE = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;
const SERVICE_ROLE = /:role\/aws-service-role\/([^/]+)\//;

function identifySession(identity: UserIdentity, userAgent: string, own: OwnFunctions): IdentifiedCaller {
  const issuer = identity.sessionContext?.sessionIssuer;
  const service = SERVICE_ROLE.exec(issuer?.arn ?? "")?.[1];
  if (service !== undefined) return { kind: "service", name: identity.invokedBy ?? service };
  // arn:aws:sts::123456789012:assumed-role/ROLE/SESSION
  const [, roleOfArn = "", sessionOfArn] = (identity.arn ?? "").split("/");
  const role = issuer?.userName ?? roleOfArn;
  const session = sessionOfArn ?? identity.principalId?.split(":").at(-1) ?? "";
  const lambda = identifyLambda(identity, userAgent, session, role, own);
  if (lambda !== undefined) return lambda;
  const permissionSet = SSO_ROLE.exec(role)?.[1];
  if (permissionSet !== undefined) return { kind: "sso", name: session, role: permissionSet };
  const onInstance = identity.inScopeOf?.issuerType === "AWS::EC2::Instance" || INSTANCE_ID.test(session);
  return { kind: onInstance ? "instance" : "role", name: session, role };
}

/**
 * Lambda calls the session of a function's role as the function. That alone is no proof, since anyone who may assume a role
 * names the session: newer records say to what the credentials were given, and the SDKs say that they run in Lambda.
 */
function identifyLambda(
  { inScopeOf }: UserIdentity,
  userAgent: string,
  session: string,
  role: string,
  own: OwnFunctions,
): IdentifiedCaller | undefined {
  if (inScopeOf?.issuerType === "AWS::Lambda::Function") {
    // arn:aws:lambda:REGION:123456789012:function:NAME
    const [, , , region, , , name = session] = (inScopeOf.credentialsIssuedTo ?? "").split(":");
    const isOwn = own.names.includes(name) && (region === undefined || region === own.region);
    return { kind: isOwn ? "function" : "lambda", name, role };
  }
  const inLambda = userAgent.includes("exec-env/AWS_Lambda");
  if (own.names.includes(session) && (inLambda || role === own.role)) {
    return { kind: "function", name: session, role };
  }
  return inLambda ? { kind: "lambda", name: session, role } : undefined;
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

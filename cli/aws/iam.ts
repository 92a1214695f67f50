import {
  type EvaluationResult,
  type GetAccountAuthorizationDetailsResponse,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  type ManagedPolicyDetail,
  paginateGetAccountAuthorizationDetails,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateSimulatePrincipalPolicy,
  type Role,
  type RoleDetail,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsAccount } from "../../model/arns";
import { type AwsSettings, callAws, callAwsOrUndefined, createAwsClient, readAllPages } from "./call";
import { type IamPolicy, parseIamPolicy } from "./policy";

/** Returns the account of a caller, as ARNs name it. */
export function accountOf({
  accountId,
  arn,
}: {
  readonly accountId: string;
  readonly arn: string;
}): AwsAccount {
  return { id: accountId, partition: arn.split(":")[1] ?? "aws" };
}

/** Reads IAM, and the identity of the caller. */
export interface IamReader {
  identity(): Promise<{ readonly accountId: string; readonly arn: string }>;
  role(name: string): Promise<DeployedRole | undefined>;
  inlinePolicy(roleName: string, policyName: string): Promise<IamPolicy | undefined>;
  inlinePolicyNames(roleName: string): Promise<readonly string[]>;
  /** ARNs of the managed policies that a role holds. */
  attachedPolicyArns(roleName: string): Promise<readonly string[]>;
  /** The calls that IAM would refuse the role. */
  refusals(roleArn: string, calls: SimulatedCalls): Promise<readonly Refusal[]>;
  /** All roles of the account, with their policies. */
  roles(): Promise<readonly RoleDetails[]>;
  /** The account's own managed policies that no role, user or group holds, as a boundary neither. */
  detachedPolicies(): Promise<readonly ManagedPolicy[]>;
}

export interface DeployedRole {
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  readonly trust: IamPolicy;
  readonly boundaryArn?: string;
  /** Absent in the list of all roles. */
  readonly description?: string;
}

export interface RoleDetails extends DeployedRole {
  readonly inlinePolicies: readonly { readonly name: string; readonly document: IamPolicy }[];
  readonly managedPolicies: readonly ManagedPolicy[];
  readonly tagKeys: readonly string[];
}

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly document: IamPolicy;
  /** Number of roles, users and groups that hold it. */
  readonly attachmentCount: number;
  /** Versions that are kept but not in force. */
  readonly otherVersions: readonly string[];
}

/** Each of the actions on each of the resources. */
export interface SimulatedCalls {
  readonly actions: readonly string[];
  readonly resourceArns: readonly string[];
  readonly context: readonly SimulatedContext[];
}

export interface SimulatedContext {
  readonly key: string;
  readonly type: "string" | "boolean";
  readonly value: string;
}

export interface Refusal {
  readonly action: string;
  readonly resourceArn: string;
  /** `explicitDeny` or `implicitDeny`. */
  readonly decision: string;
  readonly byBoundary: boolean;
  /** Whether a policy of the organization refuses it. */
  readonly byOrganization: boolean;
}

export function createIamReader(settings: AwsSettings): IamReader {
  const client = createAwsClient(IAMClient, settings);
  const sts = createAwsClient(STSClient, settings);

  async function authorizationDetails(
    Filter: ("Role" | "LocalManagedPolicy" | "AWSManagedPolicy")[],
  ): Promise<GetAccountAuthorizationDetailsResponse[]> {
    return await callAws("iam:GetAccountAuthorizationDetails", () =>
      readAllPages(paginateGetAccountAuthorizationDetails({ client }, { Filter })),
    );
  }

  return {
    async identity() {
      const { Account = "", Arn = "" } = await callAws("sts:GetCallerIdentity", () =>
        sts.send(new GetCallerIdentityCommand({})),
      );
      return { accountId: Account, arn: Arn };
    },

    async role(RoleName) {
      const found = await callAwsOrUndefined("iam:GetRole", () =>
        client.send(new GetRoleCommand({ RoleName })),
      );
      return found?.Role && readRole(found.Role);
    },

    async roles() {
      const pages = await authorizationDetails(["Role", "LocalManagedPolicy", "AWSManagedPolicy"]);
      const policies = new Map(
        pages
          .flatMap(({ Policies = [] }) => Policies)
          .map((policy) => [policy.Arn ?? "", readManagedPolicy(policy)]),
      );
      return pages
        .flatMap(({ RoleDetailList = [] }) => RoleDetailList)
        .map((role) => ({
          ...readRole(role),
          inlinePolicies: (role.RolePolicyList ?? []).map(({ PolicyName = "", PolicyDocument }) => ({
            name: PolicyName,
            document: parseIamPolicy(PolicyDocument),
          })),
          managedPolicies: (role.AttachedManagedPolicies ?? []).map(
            ({ PolicyArn = "", PolicyName = "" }) =>
              policies.get(PolicyArn) ?? {
                arn: PolicyArn,
                name: PolicyName,
                document: {},
                attachmentCount: 1,
                otherVersions: [],
              },
          ),
          tagKeys: (role.Tags ?? []).flatMap(({ Key }) => Key ?? []),
        }));
    },

    async detachedPolicies() {
      const pages = await authorizationDetails(["LocalManagedPolicy"]);
      return pages
        .flatMap(({ Policies = [] }) => Policies)
        .filter(
          ({ AttachmentCount, PermissionsBoundaryUsageCount = 0 }) =>
            AttachmentCount === 0 && PermissionsBoundaryUsageCount === 0,
        )
        .map(readManagedPolicy);
    },

    async inlinePolicy(RoleName, PolicyName) {
      const found = await callAwsOrUndefined("iam:GetRolePolicy", () =>
        client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      );
      return found && parseIamPolicy(found.PolicyDocument);
    },

    async inlinePolicyNames(RoleName) {
      const pages = await callAws("iam:ListRolePolicies", () =>
        readAllPages(paginateListRolePolicies({ client }, { RoleName })),
      );
      return pages.flatMap(({ PolicyNames = [] }) => PolicyNames);
    },

    async attachedPolicyArns(RoleName) {
      const pages = await callAws("iam:ListAttachedRolePolicies", () =>
        readAllPages(paginateListAttachedRolePolicies({ client }, { RoleName })),
      );
      return pages.flatMap(({ AttachedPolicies = [] }) =>
        AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
      );
    },

    async refusals(PolicySourceArn, { actions, resourceArns, context }) {
      const pages = await callAws("iam:SimulatePrincipalPolicy", () =>
        readAllPages(
          paginateSimulatePrincipalPolicy(
            { client },
            {
              PolicySourceArn,
              ActionNames: [...actions],
              ResourceArns: [...resourceArns],
              ContextEntries: context.map(({ key, type, value }) => ({
                ContextKeyName: key,
                ContextKeyType: type,
                ContextKeyValues: [value],
              })),
            },
          ),
        ),
      );
      return pages.flatMap(({ EvaluationResults = [] }) => EvaluationResults).flatMap(refusalsOf);
    },
  };
}

function readRole(role: Role | RoleDetail): DeployedRole {
  const boundaryArn = role.PermissionsBoundary?.PermissionsBoundaryArn;
  const description = "Description" in role ? role.Description : undefined;
  return {
    name: role.RoleName ?? "",
    arn: role.Arn ?? "",
    path: role.Path ?? "/",
    trust: parseIamPolicy(role.AssumeRolePolicyDocument),
    ...(boundaryArn ? { boundaryArn } : {}),
    ...(description ? { description } : {}),
  };
}

function readManagedPolicy(policy: ManagedPolicyDetail): ManagedPolicy {
  const inForce = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion);
  const others = policy.PolicyVersionList?.filter(({ IsDefaultVersion }) => !IsDefaultVersion) ?? [];
  const arn = policy.Arn ?? "";
  return {
    arn,
    name: policy.PolicyName || arn.slice(arn.lastIndexOf("/") + 1),
    document: parseIamPolicy(inForce?.Document),
    attachmentCount: policy.AttachmentCount ?? 0,
    otherVersions: others.flatMap(({ VersionId }) => VersionId ?? []),
  };
}

/** IAM gives one result for each resource, or one for all of them. */
function refusalsOf(result: EvaluationResult): Refusal[] {
  const { EvalActionName: action = "", EvalResourceName = "*", ResourceSpecificResults = [] } = result;
  const each = ResourceSpecificResults.map(
    ({ EvalResourceName: resourceArn = "", EvalResourceDecision, ...rest }) => ({
      resourceArn,
      decision: EvalResourceDecision ?? "",
      boundary: rest.PermissionsBoundaryDecisionDetail ?? result.PermissionsBoundaryDecisionDetail,
    }),
  );
  const whole = {
    resourceArn: EvalResourceName,
    decision: result.EvalDecision ?? "",
    boundary: result.PermissionsBoundaryDecisionDetail,
  };
  return (each.length > 0 ? each : [whole])
    .filter(({ decision }) => decision !== "allowed")
    .map(({ resourceArn, decision, boundary }) => ({
      action,
      resourceArn,
      decision,
      byBoundary: boundary?.AllowedByPermissionsBoundary === false,
      byOrganization: result.OrganizationsDecisionDetail?.AllowedByOrganizations === false,
    }));
}

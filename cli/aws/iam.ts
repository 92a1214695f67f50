import {
  type EvaluationResult,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateSimulatePrincipalPolicy,
} from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { IdentityReading, Policy, Refusal, RoleReading } from "../commands/doctor/reading";
import { type AwsSettings, allPages, awsCall, awsCallOrUndefined, awsClient } from "./call";

/**
 * IAM gives its documents as URL-encoded JSON.
 * @param text none: an empty document
 */
export function documentOf<Document extends object>(text: string | undefined): Partial<Document> {
  return text === undefined ? {} : JSON.parse(decodeURIComponent(text));
}

export function iamReading(settings: AwsSettings): IdentityReading & RoleReading {
  const client = awsClient(IAMClient, settings);
  const sts = awsClient(STSClient, settings);
  return {
    async identity() {
      const { Account = "", Arn = "" } = await awsCall("sts:GetCallerIdentity", () =>
        sts.send(new GetCallerIdentityCommand({})),
      );
      return { accountId: Account, arn: Arn };
    },

    async role(RoleName) {
      const found = await awsCallOrUndefined("iam:GetRole", () =>
        client.send(new GetRoleCommand({ RoleName })),
      );
      if (found?.Role === undefined) return undefined;
      const { Arn = "", AssumeRolePolicyDocument, PermissionsBoundary } = found.Role;
      const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn;
      return {
        arn: Arn,
        trust: documentOf<Policy>(AssumeRolePolicyDocument),
        ...(boundaryArn ? { boundaryArn } : {}),
      };
    },

    async inlinePolicy(RoleName, PolicyName) {
      const found = await awsCallOrUndefined("iam:GetRolePolicy", () =>
        client.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
      );
      return found && documentOf<Policy>(found.PolicyDocument);
    },

    async inlinePolicyNames(RoleName) {
      const pages = await awsCall("iam:ListRolePolicies", () =>
        allPages(paginateListRolePolicies({ client }, { RoleName })),
      );
      return pages.flatMap(({ PolicyNames = [] }) => PolicyNames);
    },

    async attachedPolicyArns(RoleName) {
      const pages = await awsCall("iam:ListAttachedRolePolicies", () =>
        allPages(paginateListAttachedRolePolicies({ client }, { RoleName })),
      );
      return pages.flatMap(({ AttachedPolicies = [] }) =>
        AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []),
      );
    },

    async refusals(PolicySourceArn, { actions, resourceArns, context }) {
      const pages = await awsCall("iam:SimulatePrincipalPolicy", () =>
        allPages(
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
      return pages.flatMap(({ EvaluationResults = [] }) => EvaluationResults).flatMap(refusalsIn);
    },
  };
}

/** The result as a whole names no resource where each has its own. */
function refusalsIn(result: EvaluationResult): Refusal[] {
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

import { GetPolicyCommand, GetPolicyVersionCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { type Aws, OPERATOR, REGION } from "../moto/aws";
import { asList, conditionHolds, type Statement, statementsOf } from "../moto/policy-document";
import { inlinePolicies, roleNameOf } from "../moto/role-policy";
import type { Route } from "./aws-server";

type Context = ReadonlyMap<string, string>;

/**
 * IAM's SimulatePrincipalPolicy, which moto does not have: by the inline policies and the boundary that moto holds of a
 * role. It knows the condition operators of this project's policies, and no others.
 */
export function simulateRoute(upstream: string): Route {
  const iam = new IAMClient({ endpoint: upstream, credentials: OPERATOR, region: REGION });
  return async ({ service, body }) => {
    const asked = new URLSearchParams(body.toString("utf8"));
    if (service !== "iam" || asked.get("Action") !== "SimulatePrincipalPolicy") return undefined;
    const roleArn = asked.get("PolicySourceArn") ?? "";
    const granted = [...(await inlinePolicies({ iam } as Aws, roleArn)).values()].flatMap(statementsOf);
    const boundary = await boundaryOf(iam, roleArn);
    const context = contextIn(asked);
    const results = members(asked, "ActionNames").flatMap((action) =>
      members(asked, "ResourceArns").map((resource) => {
        const within = boundary === undefined || isAllowed(boundary, action, resource, context);
        const allowed = within && isAllowed(granted, action, resource, context);
        const detail = boundary
          ? `<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>${within}</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>`
          : "";
        return `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${allowed ? "allowed" : "implicitDeny"}</EvalDecision>${detail}</member>`;
      }),
    );
    return {
      status: 200,
      headers: { "content-type": "text/xml" },
      body: `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${results.join("")}</EvaluationResults></SimulatePrincipalPolicyResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></SimulatePrincipalPolicyResponse>`,
    };
  };
}

async function boundaryOf(iam: IAMClient, roleArn: string): Promise<readonly Statement[] | undefined> {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleNameOf(roleArn) }));
  const PolicyArn = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  if (PolicyArn === undefined) return undefined;
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return statementsOf(decodeURIComponent(PolicyVersion?.Document ?? ""));
}

function isAllowed(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Context,
): boolean {
  const concerned = statements.filter(
    (statement) =>
      asList(statement.Action).some((pattern) => matches(pattern, action)) &&
      asList(statement.Resource).some((pattern) => matches(pattern, resource)) &&
      Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
        Object.entries(keys).every(([key, values]) =>
          conditionHolds(operator, context.get(key), asList(values)),
        ),
      ),
  );
  const has = (effect: string) => concerned.some(({ Effect }) => Effect === effect);
  return has("Allow") && !has("Deny");
}

function matches(pattern: string, value: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(value);
}

function members(asked: URLSearchParams, name: string): string[] {
  const pattern = new RegExp(`^${name}\\.member\\.\\d+$`);
  return [...asked].filter(([key]) => pattern.test(key)).map(([, value]) => value);
}

function contextIn(asked: URLSearchParams): Context {
  const keys = [...asked].filter(([key]) => key.endsWith(".ContextKeyName"));
  return new Map(
    keys.map(([key, name]) => [
      name,
      asked.get(key.replace(/ContextKeyName$/, "ContextKeyValues.member.1")) ?? "",
    ]),
  );
}

import { GetRoleCommand } from "@aws-sdk/client-iam";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import type { Aws } from "./aws";
import type { DeployedTrigger } from "./deployed-trigger";
import { asList, matchesArn, type Statement, statementsOf } from "./policy-document";
import { inlinePolicies, roleNameOf } from "./role-policy";

const INVOKE = "lambda:InvokeFunction";

const allows = ({ Effect, Action }: Statement, action: string): boolean =>
  Effect === "Allow" && asList(Action).includes(action);

const isFor = ({ Principal }: Statement, service: string): boolean =>
  asList(Principal?.Service).includes(service);

/** By the function's own resource policy. */
async function ruleMayInvoke(aws: Aws, ruleArn: string, functionArn: string): Promise<boolean> {
  const { Policy = "" } = await aws.lambda.send(new GetPolicyCommand({ FunctionName: functionArn }));
  return statementsOf(Policy).some(
    (statement) =>
      allows(statement, INVOKE) &&
      isFor(statement, "events.amazonaws.com") &&
      matchesArn(statement.Condition?.["ArnLike"]?.["AWS:SourceArn"], ruleArn),
  );
}

/** By a role that the Scheduler may take on for schedules of the group, and what that role may do. */
async function roleMayInvoke(
  aws: Aws,
  roleArn: string,
  groupArn: string,
  functionArn: string,
): Promise<boolean> {
  const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: roleNameOf(roleArn) }));
  const trust = statementsOf(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
  const isTrusted = trust.some(
    (statement) =>
      allows(statement, "sts:AssumeRole") &&
      isFor(statement, "scheduler.amazonaws.com") &&
      asList(statement.Condition?.["StringEquals"]?.["aws:SourceArn"]).includes(groupArn),
  );
  const granted = [...(await inlinePolicies(aws, roleArn)).values()].flatMap(statementsOf);
  return (
    isTrusted &&
    granted.some((statement) => allows(statement, INVOKE) && matchesArn(statement.Resource, functionArn))
  );
}

/** Whether AWS would let the trigger call its function: without that, a firing is lost in silence. */
export function mayInvoke(aws: Aws, { invoker, functionArn }: DeployedTrigger): Promise<boolean> {
  return "ruleArn" in invoker
    ? ruleMayInvoke(aws, invoker.ruleArn, functionArn)
    : roleMayInvoke(aws, invoker.roleArn, invoker.groupArn, functionArn);
}

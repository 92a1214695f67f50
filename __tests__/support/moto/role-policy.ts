import { GetRolePolicyCommand, ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { Aws } from "./aws";
import { asList, statementsOf } from "./policy-document";

export const roleNameOf = (roleArn: string): string => roleArn.slice(roleArn.lastIndexOf("/") + 1);

/** The policy document without an action; statements that allowed nothing else go. */
function withoutAction(document: string, action: string): string {
  const statements = statementsOf(document)
    .map((statement) => ({
      ...statement,
      Action: asList(statement.Action).filter((name) => name !== action),
    }))
    .filter(({ Action }) => Action.length > 0);
  return JSON.stringify({ ...JSON.parse(document), Statement: statements });
}

/** A role's inline policies: their documents by name. */
export async function inlinePolicies(aws: Aws, roleArn: string): Promise<ReadonlyMap<string, string>> {
  const RoleName = roleNameOf(roleArn);
  const { PolicyNames = [] } = await aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
  const documents = new Map<string, string>();
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = "" } = await aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    documents.set(PolicyName, decodeURIComponent(PolicyDocument));
  }
  return documents;
}

/** Takes one action out of a role's inline policies; the returned function puts them back as they were. */
export async function removeAction(aws: Aws, roleArn: string, action: string): Promise<() => Promise<void>> {
  const RoleName = roleNameOf(roleArn);
  const put = (PolicyName: string, PolicyDocument: string) =>
    aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));

  const documents = await inlinePolicies(aws, roleArn);
  for (const [name, document] of documents) await put(name, withoutAction(document, action));
  return async () => {
    for (const [name, document] of documents) await put(name, document);
  };
}

import { GetRolePolicyCommand, ListRolePoliciesCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { Aws } from "./aws";

interface Statement {
  readonly Action: string | readonly string[];
}

const asList = <Value>(value: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(value) ? value : [value as Value];

/** The policy document without an action; statements that allowed nothing else go. */
function withoutAction(document: string, action: string): string {
  const policy = JSON.parse(document) as { readonly Statement: Statement | readonly Statement[] };
  const statements = asList(policy.Statement)
    .map((statement) => ({
      ...statement,
      Action: asList(statement.Action).filter((name) => name !== action),
    }))
    .filter(({ Action }) => Action.length > 0);
  return JSON.stringify({ ...policy, Statement: statements });
}

/** Takes one action out of a role's inline policies; the returned function puts them back as they were. */
export async function removeAction(aws: Aws, roleArn: string, action: string): Promise<() => Promise<void>> {
  const RoleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const { PolicyNames = [] } = await aws.iam.send(new ListRolePoliciesCommand({ RoleName }));
  const put = (PolicyName: string, PolicyDocument: string) =>
    aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));

  const documents = new Map<string, string>();
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = "" } = await aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    documents.set(PolicyName, decodeURIComponent(PolicyDocument));
  }
  for (const [name, document] of documents) await put(name, withoutAction(document, action));
  return async () => {
    for (const [name, document] of documents) await put(name, document);
  };
}

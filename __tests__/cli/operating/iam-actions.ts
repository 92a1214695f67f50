import type { AwsCall } from "../aws-server/aws-server";

/** The IAM action that a call needs. */
export function iamAction({ method, path, service = "", operation, body }: AwsCall): string {
  if (service === "lambda") return `lambda:${lambdaOperation(method, path)}`;
  const action = operation ?? new URLSearchParams(body.toString("utf8")).get("Action");
  if (action === null) throw new Error(`No operation in ${method} ${path} of ${service}`);
  return `${service}:${action}`;
}

/** The actions of the calls made with an access key: those of a command, apart from those of the functions it runs. */
export function actionsOf(calls: readonly AwsCall[], accessKeyId: string): string[] {
  const own = calls.filter(({ headers }) => headers["authorization"]?.includes(`Credential=${accessKeyId}/`));
  return [...new Set(own.map(iamAction))].sort();
}

/** What a command says that it needs, from its help. */
export function neededActions(help: string): string[] {
  const [, line = ""] = /^Needs in IAM: (.*)$/m.exec(help) ?? [];
  return line.split(", ").sort();
}

/** Lambda's interface is REST; these are the parts of it that commands use. */
function lambdaOperation(method: string, path: string): string {
  const found = LAMBDA.find((each) => each.method === method && each.path.test(path));
  if (found === undefined) throw new Error(`Expected a known call to Lambda, got ${method} ${path}`);
  return found.operation;
}

const LAMBDA: readonly { readonly method: string; readonly path: RegExp; readonly operation: string }[] = [
  { method: "POST", path: /^\/2015-03-31\/functions\/[^/]+\/invocations/, operation: "InvokeFunction" },
  {
    method: "GET",
    path: /^\/2015-03-31\/functions\/[^/]+\/configuration/,
    operation: "GetFunctionConfiguration",
  },
  { method: "GET", path: /^\/2015-03-31\/functions\/[^/]+\/policy/, operation: "GetPolicy" },
  { method: "GET", path: /^\/2015-03-31\/functions\/[^/]+$/, operation: "GetFunction" },
];

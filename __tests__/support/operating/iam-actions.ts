import type { AwsCall } from "../aws-server/aws-server";

/** The IAM action that a call needs. */
export function iamAction({ method, path, service = "", operation, body }: AwsCall): string {
  if (service === "lambda" || service === "scheduler") return `${service}:${restOperation(method, path)}`;
  const action = operation ?? new URLSearchParams(body.toString("utf8")).get("Action");
  if (action === null) throw new Error(`No operation in ${method} ${path} of ${service}`);
  return `${service === "monitoring" ? "cloudwatch" : service}:${action}`;
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

/** The interfaces of Lambda and EventBridge Scheduler are REST; these are the parts of them that commands use. */
function restOperation(method: string, path: string): string {
  const found = REST.find((each) => each.method === method && each.path.test(path));
  if (found === undefined) throw new Error(`Expected a known call, got ${method} ${path}`);
  return found.operation;
}

const REST: readonly { readonly method: string; readonly path: RegExp; readonly operation: string }[] = [
  { method: "POST", path: /^\/2015-03-31\/functions\/[^/]+\/invocations/, operation: "InvokeFunction" },
  {
    method: "GET",
    path: /^\/2015-03-31\/functions\/[^/]+\/configuration/,
    operation: "GetFunctionConfiguration",
  },
  { method: "GET", path: /^\/2015-03-31\/functions\/[^/]+\/policy/, operation: "GetPolicy" },
  { method: "GET", path: /^\/2015-03-31\/functions\/[^/]+$/, operation: "GetFunction" },
  {
    method: "GET",
    path: /^\/2019-09-25\/functions\/[^/]+\/event-invoke-config$/,
    operation: "GetFunctionEventInvokeConfig",
  },
  { method: "GET", path: /^\/schedule-groups\/[^/?]+$/, operation: "GetScheduleGroup" },
  { method: "GET", path: /^\/schedules(\?|$)/, operation: "ListSchedules" },
  { method: "GET", path: /^\/schedules\/[^/]+$/, operation: "GetSchedule" },
];

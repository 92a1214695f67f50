import { REGION } from "../moto/aws";
import type { AwsCall, Route } from "./aws-server";
import { AGENTS, DRY_RUN, lambdaFunction, recordOf, type TrailRecordJson } from "./trail-records";

const CALLS = { stop: "StopInstances", start: "StartInstances" } as const;

/**
 * CloudTrail's ear: what the functions ask of EC2 is recorded on its way there.
 * @param deployment the prefix of their names
 * @param isOfFunction tells their calls from those of the operator
 */
export function recordingRoute(
  records: TrailRecordJson[],
  deployment: string,
  isOfFunction: (call: AwsCall) => boolean,
): Route {
  return (call) => {
    if (call.service !== "ec2" || !isOfFunction(call)) return undefined;
    const form = new URLSearchParams(call.body.toString());
    const [action, name] = Object.entries(CALLS).find((each) => each[1] === form.get("Action")) ?? [];
    if (name === undefined) return undefined;
    records.push(
      recordOf({
        at: `${new Date().toISOString().slice(0, 19)}Z`,
        call: name,
        by: lambdaFunction(
          `${deployment}-${action === "stop" ? "Stop" : "Start"}EC2Instances`,
          `${deployment}-functions-${REGION}`,
        ),
        instanceIds: [...form].flatMap(([key, value]) => (key.startsWith("InstanceId.") ? [value] : [])),
        region: call.region ?? REGION,
        userAgent: AGENTS.lambda,
        ...(form.get("DryRun") === "true" ? { error: DRY_RUN } : {}),
      }),
    );
    return undefined;
  };
}

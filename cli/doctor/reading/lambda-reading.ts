import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import { findLogGroup } from "../../aws/log-group";
import type { AwsSettings } from "../../aws/settings";
import { readArchive } from "../../functions/archive";
import { statementsOf } from "../policy";
import { asking, askingFor } from "./asking";
import type { FunctionReading } from "./reading";

export function lambdaReading(settings: AwsSettings): FunctionReading {
  const lambda = new LambdaClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  return {
    async code(FunctionName) {
      const { Code } = await asking("lambda:GetFunction", () =>
        lambda.send(new GetFunctionCommand({ FunctionName })),
      );
      if (!Code?.Location) return { unreadable: "Lambda gives no address of it" };
      return await readArchive(Code.Location, (zip) => ({ files: unzipSync(zip) }));
    },

    async delivery(FunctionName) {
      const found = await askingFor("lambda:GetFunctionEventInvokeConfig", () =>
        lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName })),
      );
      if (found === undefined) return undefined;
      const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = found;
      const onFailureArn = DestinationConfig?.OnFailure?.Destination;
      return {
        ...(MaximumRetryAttempts === undefined ? {} : { maxRetries: MaximumRetryAttempts }),
        ...(MaximumEventAgeInSeconds === undefined ? {} : { maxEventAgeSeconds: MaximumEventAgeInSeconds }),
        ...(onFailureArn ? { onFailureArn } : {}),
      };
    },

    async invokers(FunctionName) {
      const found = await askingFor("lambda:GetPolicy", () =>
        lambda.send(new GetPolicyCommand({ FunctionName })),
      );
      return statementsOf(JSON.parse(found?.Policy ?? "{}"));
    },

    async logGroup(name) {
      const found = await findLogGroup(logs, name);
      if (found === undefined) return undefined;
      return found.retentionInDays === undefined ? {} : { retentionDays: found.retentionInDays };
    },
  };
}

import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { listRules, listTargets } from "../../aws/event-rules";
import type { AwsSettings } from "../../aws/settings";
import type { RuleReading } from "./reading";

export function eventsReading(settings: AwsSettings): RuleReading {
  const client = new EventBridgeClient(settings);
  return {
    async rules(namePrefix) {
      const rules = await listRules(client, namePrefix);
      return rules.map(({ Name = "", ScheduleExpression, State }) => ({
        name: Name,
        enabled: State !== "DISABLED",
        ...(ScheduleExpression ? { expression: ScheduleExpression } : {}),
      }));
    },

    async ruleTargets(rule) {
      const targets = await listTargets(client, rule);
      return targets.map(({ Id = "", Arn = "", Input, InputTransformer, RetryPolicy, ...rest }) => ({
        id: Id,
        arn: Arn,
        ...(Input ? { input: Input } : {}),
        inputPaths: InputTransformer?.InputPathsMap ?? {},
        ...(InputTransformer?.InputTemplate ? { inputTemplate: InputTransformer.InputTemplate } : {}),
        ...retriesOf(RetryPolicy),
        ...deadLettersOf(rest.DeadLetterConfig),
      }));
    },
  };
}

/** As EventBridge's rules and its Scheduler have it. */
export function retriesOf(
  policy: {
    readonly MaximumRetryAttempts?: number | undefined;
    readonly MaximumEventAgeInSeconds?: number | undefined;
  } = {},
) {
  const { MaximumRetryAttempts: maxRetries, MaximumEventAgeInSeconds: maxEventAgeSeconds } = policy;
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(maxEventAgeSeconds === undefined ? {} : { maxEventAgeSeconds }),
  };
}

export function deadLettersOf({ Arn }: { readonly Arn?: string | undefined } = {}) {
  return Arn ? { deadLetterArn: Arn } : {};
}

import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
} from "@aws-sdk/client-eventbridge";
import type { AwsSettings } from "../../aws/settings";
import { asking, askingFor } from "./asking";
import type { RuleReading } from "./reading";

export function eventsReading(settings: AwsSettings): RuleReading {
  const client = new EventBridgeClient(settings);
  return {
    async rules(NamePrefix) {
      const rules: Rule[] = [];
      await asking("events:ListRules", async () => {
        for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
          const page = await client.send(
            new ListRulesCommand({ NamePrefix, ...(NextToken ? { NextToken } : {}) }),
          );
          rules.push(...(page.Rules ?? []));
          NextToken = page.NextToken;
        }
      });
      return rules.map(({ Name = "", ScheduleExpression, State }) => ({
        name: Name,
        enabled: State !== "DISABLED",
        ...(ScheduleExpression ? { expression: ScheduleExpression } : {}),
      }));
    },

    async ruleTargets(rule) {
      const found = await askingFor("events:ListTargetsByRule", () =>
        // Five targets a rule at most, so there is no second page.
        client.send(new ListTargetsByRuleCommand({ Rule: rule })),
      );
      return (found?.Targets ?? []).map(
        ({ Id = "", Arn = "", Input, InputTransformer, RetryPolicy, ...rest }) => ({
          id: Id,
          arn: Arn,
          ...(Input ? { input: Input } : {}),
          inputPaths: InputTransformer?.InputPathsMap ?? {},
          ...(InputTransformer?.InputTemplate ? { inputTemplate: InputTransformer.InputTemplate } : {}),
          ...retriesOf(RetryPolicy),
          ...deadLettersOf(rest.DeadLetterConfig),
        }),
      );
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

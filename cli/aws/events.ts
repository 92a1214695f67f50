import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import type { RuleReading } from "../commands/doctor/reading";
import { type AwsSettings, awsCall, awsCallOrUndefined, awsClient } from "./call";

/** Rules of the default bus, all of them or those whose names begin so: the SDK has no paginator for them. */
export async function listRules(client: EventBridgeClient, namePrefix?: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  const asked = namePrefix === undefined ? {} : { NamePrefix: namePrefix };
  await awsCall("events:ListRules", async () => {
    for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
      const page = await client.send(new ListRulesCommand({ ...asked, ...(NextToken ? { NextToken } : {}) }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    }
  });
  return rules;
}

/** Targets of a rule; none of a rule that is not there. */
export async function listTargets(client: EventBridgeClient, rule: string): Promise<Target[]> {
  const found = await awsCallOrUndefined("events:ListTargetsByRule", () =>
    // Five targets a rule at most, so there is no second page.
    client.send(new ListTargetsByRuleCommand({ Rule: rule })),
  );
  return found?.Targets ?? [];
}

export function eventsReading(settings: AwsSettings): RuleReading {
  const client = awsClient(EventBridgeClient, settings);
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

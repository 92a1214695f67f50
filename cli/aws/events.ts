import {
  EventBridgeClient,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { defined } from "../../contract/collections";
import { type AwsSettings, callAws, callAwsOrUndefined, createAwsClient } from "./call";

/** Reads rules of the default event bus. */
export interface EventsReader {
  /** @param namePrefix all rules unless given */
  rules(namePrefix?: string): Promise<readonly DeployedRule[]>;
  /** Empty for a rule that does not exist. */
  ruleTargets(ruleName: string): Promise<readonly RuleTarget[]>;
  ruleTagKeys(ruleArn: string): Promise<readonly string[]>;
}

export interface DeployedRule {
  readonly name: string;
  readonly arn: string;
  /** `cron(...)` in UTC, or `rate(...)`. None where it matches events. */
  readonly expression?: string;
  readonly enabled: boolean;
  /** The AWS service that made the rule and changes it as it likes. */
  readonly managedBy?: string;
}

export interface RuleTarget extends Retries {
  readonly id: string;
  readonly arn: string;
  /** A constant. */
  readonly input?: string;
  /** Paths of an input transformer. */
  readonly inputPaths?: Readonly<Record<string, string>>;
  readonly inputTemplate?: string;
}

/** How often and how long EventBridge tries to deliver, and its dead-letter queue. */
export interface Retries {
  readonly maxRetries?: number;
  readonly maxEventAgeSeconds?: number;
  readonly deadLetterArn?: string;
}

export function createEventsReader(settings: AwsSettings): EventsReader {
  const client = createAwsClient(EventBridgeClient, settings);
  return {
    async rules(namePrefix) {
      const rules = await listRules(client, namePrefix);
      return rules.map(({ Name = "", Arn = "", ScheduleExpression, State, ManagedBy }) => ({
        name: Name,
        arn: Arn,
        enabled: State !== "DISABLED",
        ...(ScheduleExpression ? { expression: ScheduleExpression } : {}),
        ...(ManagedBy ? { managedBy: ManagedBy } : {}),
      }));
    },

    async ruleTargets(Rule) {
      const found = await callAwsOrUndefined("events:ListTargetsByRule", () =>
        // Five targets a rule at most, so there is no second page.
        client.send(new ListTargetsByRuleCommand({ Rule })),
      );
      return (found?.Targets ?? []).map(({ Id = "", Arn = "", Input, InputTransformer, ...rest }) => ({
        id: Id,
        arn: Arn,
        ...(Input ? { input: Input } : {}),
        ...(InputTransformer?.InputPathsMap ? { inputPaths: InputTransformer.InputPathsMap } : {}),
        ...(InputTransformer?.InputTemplate ? { inputTemplate: InputTransformer.InputTemplate } : {}),
        ...retriesOf(rest),
      }));
    },

    async ruleTagKeys(ResourceARN) {
      const { Tags = [] } = await callAws("events:ListTagsForResource", () =>
        client.send(new ListTagsForResourceCommand({ ResourceARN })),
      );
      return Tags.flatMap(({ Key }) => Key ?? []);
    },
  };
}

/** The SDK has no paginator for rules. */
async function listRules(client: EventBridgeClient, namePrefix: string | undefined): Promise<Rule[]> {
  const rules: Rule[] = [];
  const asked = namePrefix === undefined ? {} : { NamePrefix: namePrefix };
  await callAws("events:ListRules", async () => {
    for (let NextToken: string | undefined, first = true; first || NextToken; first = false) {
      const page = await client.send(new ListRulesCommand({ ...asked, ...(NextToken ? { NextToken } : {}) }));
      rules.push(...(page.Rules ?? []));
      NextToken = page.NextToken;
    }
  });
  return rules;
}

/** The retry settings of a rule's or a schedule's target. */
export function retriesOf(target: Pick<Target, "RetryPolicy" | "DeadLetterConfig"> | undefined): Retries {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target?.RetryPolicy ?? {};
  const { Arn } = target?.DeadLetterConfig ?? {};
  return {
    ...defined({ maxRetries: MaximumRetryAttempts, maxEventAgeSeconds: MaximumEventAgeInSeconds }),
    ...(Arn ? { deadLetterArn: Arn } : {}),
  };
}

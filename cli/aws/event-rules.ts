import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { calling, callingFor } from "./calling";

/** Rules of the default bus, all of them or those whose names begin so: the SDK has no paginator for them. */
export async function listRules(client: EventBridgeClient, namePrefix?: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  const asked = namePrefix === undefined ? {} : { NamePrefix: namePrefix };
  await calling("events:ListRules", async () => {
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
  const found = await callingFor("events:ListTargetsByRule", () =>
    // Five targets a rule at most, so there is no second page.
    client.send(new ListTargetsByRuleCommand({ Rule: rule })),
  );
  return found?.Targets ?? [];
}
